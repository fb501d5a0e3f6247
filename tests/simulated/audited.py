"""Audits a town while it lives: whatever is found in a company nobody has tampered with is a false alarm."""

from datetime import datetime, timedelta
from random import Random

from bot.audit.facts import Finding, Span
from bot.model import Company
from bot.ports import Holidays
from storage.audit import Report, SqlAudit
from tests.simulated.town import Town


class Audits:
    """Looks at a town at instants drawn by chance, so many a week, and at its end."""

    def __init__(self, town: Town, company: Company, holidays: Holidays, dice: Random, *, weeks: int, often: int = 3) -> None:
        self.town = town
        self.began = town.now
        self.audit = SqlAudit(town.engine, company, holidays, clock=town.real)
        self.alarms: dict[str, str] = {}
        self.runs = 0
        for _ in range(weeks * often):
            town.lets(town.now + timedelta(minutes=dice.randint(1, weeks * 7 * 1440)), self.look)

    def report(self) -> Report:
        """One audit now."""
        return self.audit.run(self.town.now, awake=[Span(began=self.began, seen=self.town.now)])

    def look(self) -> None:
        """One audit now; what it finds is written down."""
        self.runs += 1
        for found in self.report().bad:
            self.alarms.setdefault(found.name, words(found, self.town.now))


def words(found: Finding, now: datetime) -> str:
    """A finding in one line."""
    return f"{now:%Y-%m-%d %H:%M} audit: {found.kind} {found.what} {found.subject} {found.who}: {found.words}"
