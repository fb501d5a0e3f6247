"""Hears what processes write into their logs: an error that nobody injected is one of ours."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Errors(logging.Handler):
    """Hands errors on."""

    def __init__(self, raised: Callable[[BaseException], None], said: Callable[[str, str], None]) -> None:
        super().__init__(logging.ERROR)
        self._raised, self._said = raised, said

    def emit(self, record: logging.LogRecord) -> None:
        """A line of the log."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._raised(error)
        else:
            self._said(record.getMessage(), str(record.__dict__.get("subject", "")))


@contextmanager
def listening(raised: Callable[[BaseException], None], said: Callable[[str, str], None]) -> Iterator[None]:
    """While it lasts, errors are heard, and nothing is written anywhere."""
    logs = logging.getLogger("rondo")
    before = logs.level, logs.propagate, logs.handlers, logging.root.manager.disable
    logs.setLevel(logging.ERROR)
    logs.propagate, logs.handlers = False, [_Errors(raised, said)]
    logging.disable(logging.NOTSET)
    try:
        yield
    finally:
        level, logs.propagate, logs.handlers, disabled = before
        logs.setLevel(level)
        logging.disable(disabled)
