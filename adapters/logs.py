"""Logs: one line per turn and per send on standard error, JSON or for the eye; never people's words, never a secret.

An erasure cannot reach lines that were collected already, so they name nobody: ids that lead to a person are replaced by
marks that this process alone makes. Within its life the same mark is the same person.
"""

import hashlib
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable
from typing import Final, Literal, TextIO

import structlog
from sqlalchemy.exc import OperationalError
from structlog.typing import EventDict, Processor

SECRET = re.compile(r"token|secret|password|authorization|cookie|signature|api_key", re.IGNORECASE)
PRIVATE = frozenset({"text", "note", "values", "card", "blocks", "body", "payload", "parameters"})
_TOKEN = re.compile(r"xox[a-z]-[\w-]+|Bearer\s+[\w.~+/=-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_PARAMETERS = re.compile(r"\[parameters: .*?(?=\(Background on this error|\Z)", re.DOTALL)  # as SQLAlchemy says it
_PEOPLE = re.compile(
    r"""(?<![A-Za-z0-9])(?:
        p[0-9a-f]{14}                                        # ours: a digest of the e-mail
        |(?=[A-Z0-9]*\d)[UWD][A-Z0-9]{7,20}                  # Slack: accounts, and direct messages with them
        |(?:29|a):[\w-]{8,}                                  # Teams: the same
    )(?![A-Za-z0-9])""",
    re.VERBOSE,
)
_OURS = re.compile(r"no such (?:table|column)|near ")  # SQLite has one kind of error for this and for a full disk
TOLD_EVERY: Final = 10.0
_MARKS = secrets.token_bytes(16)
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


class Seldom(logging.Filter):
    """uvicorn has a warning for every request that is none: one a second tells as much, and fills no disk."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._last = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written. Warnings count together, others always are."""
        if record.levelno != logging.WARNING:
            return True
        if "WebSocket" in record.msg:
            return False  # which package to install for what nobody shall have
        now = self._monotonic()
        if now - self._last < 1.0:
            return False
        self._last = now
        return True


class Outages(logging.Filter):
    """A database that is away, full or locked is told in a line of its own words by each that misses it, every ten seconds:
    all of them go on asking, and where in our code they ask is no news. What is wrong with our own SQL keeps its traceback.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._told: dict[tuple[str, str], tuple[float, int]] = {}  # by whom, and what: when, and how often since

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written; one about the database loses its traceback and says how many were left out."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, OperationalError) or _OURS.match(str(error.orig)):
            return True
        now, key = self._monotonic(), (record.name, str(record.msg))
        at, others = self._told.get(key, (float("-inf"), 0))
        if now - at < TOLD_EVERY:
            self._told[key] = (at, others + 1)
            return False
        self._told[key] = (now, 0)
        record.exc_info = record.exc_text = None
        vars(record).update(error=" ".join(str(error.orig).split())[:300], others=others)
        return True


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
    handler.addFilter(Outages())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").filters[:] = [Seldom()]
    logging.captureWarnings(True)


def discreet(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Mask what must not be read in a log: secrets by name and shape, people's words and ids, SQL parameters."""
    line.pop("color_message", None)  # uvicorn says everything twice
    for name, value in line.items():
        if name.startswith("_"):
            continue
        if SECRET.search(name) or name in PRIVATE:
            line[name] = "[hidden]"
        elif name == "user":
            line[name] = _marked(str(value))
        elif isinstance(value, str):
            line[name] = _PEOPLE.sub(
                lambda found: _marked(found.group()), _TOKEN.sub("[hidden]", _PARAMETERS.sub("[parameters hidden]\n", value))
            )
    return line


def _marked(id: str) -> str:
    """What stands for a person's id in this process's lines; nobody can reckon back, or from an e-mail to it."""
    return "~" + hashlib.blake2b(id.encode(), key=_MARKS, digest_size=5).hexdigest()
