"""Beats the database's pulse for a server, and says in the log when the database turns out to be a restored copy."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine

from adapters.calendars import public_holidays
from adapters.clock import DevClock, SystemClock
from bot.model import Company
from bot.ports import Clock
from storage.pulse import SqlPulse
from storage.restored import Restored
from storage.told import SqlTold

log = logging.getLogger("rondo.pulse")

TOLD = timedelta(days=1)
"""A server that is told the time does not know how far the lost one was moved: a day at most, it is taken."""


def pulse_of(engine: Engine, company: Company, clock: Clock | None) -> SqlPulse:
    """The pulse of a database. `clock` None: a command beside the server; it goes by what the server was told last, if it was."""
    told, real = SqlTold(engine), SystemClock()

    def now() -> datetime:
        known = told.read() if clock is None or isinstance(clock, DevClock) else None
        return known or (clock or real).now()

    is_told = isinstance(clock, DevClock) or (clock is None and told.read() is not None)
    margin = TOLD if is_told else timedelta(0)
    return SqlPulse(engine, company, public_holidays, clock=real.now, now=now, margin=margin)


def beat(pulse: SqlPulse) -> None:
    """Renew it, and warn where this is a copy. Blocking."""
    found = pulse.beat()
    if found is not None:
        log.warning(
            "this database was restored from a backup: what it may have sent since is looked for before it is sent again",
            extra=facts(found),
        )


def facts(found: Restored) -> dict[str, str | int]:
    """What a restore means, for the log."""
    return {
        "since": found.since.isoformat(timespec="seconds"),
        "noticed": found.noticed_at.isoformat(timespec="seconds"),
        "recipients": found.recipients,
        "waiting_messages": found.messages,
    }
