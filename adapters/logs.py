"""Logs: one line per turn and per send on standard error, JSON or for the eye; never people's words, never a secret."""

import logging
import re
import sys
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor

SECRET = re.compile(r"token|secret|password|authorization|cookie|signature|api_key", re.IGNORECASE)
PRIVATE = frozenset({"text", "note", "values", "card", "blocks", "body", "payload", "parameters"})
_TOKEN = re.compile(r"xox[a-z]-[\w-]+|Bearer\s+[\w.~+/=-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_PARAMETERS = re.compile(r"\[parameters: .*?(?=\(Background on this error|\Z)", re.DOTALL)  # as SQLAlchemy says it
QUIET = (
    "aiosqlite",
    "alembic",
    "asyncio",
    "botbuilder",
    "botframework",
    "fontTools",
    "PIL",
    "psycopg",
    "python_multipart",
    "requests",
    "sqlalchemy",
    "websockets",
    "uvicorn.access",
    "httpx",
    "httpcore",
    "msal",
    "opentelemetry",
    "aiohttp.access",
    "slack_sdk",
    "slack_bolt",
    "urllib3",
)


def configure(style: Literal["json", "console"], *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to `stream` (standard error). May be called again."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
        discreet,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(default=str)  # ASCII: no line end of a forger's ends a line here
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=bool(getattr(stream or sys.stderr, "isatty", lambda: False)()))
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def discreet(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Mask what must not be read in a log: secrets by name and shape, people's words, SQL parameters."""
    line.pop("color_message", None)  # uvicorn says everything twice
    for name, value in line.items():
        if name.startswith("_"):
            continue
        if SECRET.search(name) or name in PRIVATE:
            line[name] = "[hidden]"
        elif isinstance(value, str):
            line[name] = _TOKEN.sub("[hidden]", _PARAMETERS.sub("[parameters hidden]\n", value))
    return line
