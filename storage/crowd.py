"""How many people are asked at the same instant. Counted with one query, and again when people or policies have changed.

What people say in chat about their zone has no mark of its own: that is seen ten minutes later, by the clock events carry.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, case, func, literal, or_, select

from bot.model import Company, Person, PolicyChange, ScopeKind
from bot.rules import policy
from bot.rules.checkin import WHEN
from bot.rules.spread import PromptTime, crowds, prompt_time
from storage import lean
from storage.schema import ledger, person

REFRESH = timedelta(minutes=10)

_OWN = case((person.c.id.in_(bindparam("own", expanding=True)), person.c.id), else_=literal(""))
_WHERE = (person.c.zone, person.c.chat_zone, person.c.department, person.c.team, _OWN.label("own"))
_COUNT = (
    select(*_WHERE, func.count().label("people"))
    .where(
        or_(person.c.start_date.is_(None), person.c.start_date <= bindparam("today")),
        or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("today")),
    )
    .group_by(*_WHERE)
)
_LAST_IMPORT = select(func.max(ledger.c.id)).where(ledger.c.subject == "import:people")


def count(connection: Connection, company: Company, policies: Sequence[PolicyChange], now: datetime) -> Mapping[PromptTime, int]:
    """People who work here, by the time of the week at which they are asked."""
    names = {WHEN.full_name, policy.PROFILE, *policy.lock_names(WHEN)}
    relevant = [change for change in policies if change.threshold in names]
    own = sorted({change.scope.name for change in relevant if change.scope.kind is ScopeKind.PERSON})
    found: Counter[PromptTime] = Counter()
    for row in connection.execute(_COUNT, {"own": own, "today": now.date()}):
        stands_for = Person(
            id=row.own, email="", name="", known_since=now, zone=row.zone, chat_zone=row.chat_zone,
            department=row.department, team=row.team,
        )  # fmt: skip
        when = prompt_time(stands_for, company, relevant, WHEN)
        if when is not None:
            found[when] += row.people
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was counted, and at which state of things."""

    state: tuple[int, int | None, int]
    crowds: Mapping[PromptTime, int]


class Crowds:
    """The counts of one database. Safe to share between threads."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._known: _Known | None = None
        self._guard = threading.Lock()

    def at(self, connection: Connection, policies: Sequence[PolicyChange], now: datetime) -> Callable[[Person], int]:
        """Of a person: how many people are asked at the same instant as they; 0: this person is not asked."""
        known = self._all(connection, policies, now)

        def around(who: Person) -> int:
            when = prompt_time(who, self._company, policies, WHEN)
            return 0 if when is None else known.get(when, 1)

        return around

    def _all(self, connection: Connection, policies: Sequence[PolicyChange], now: datetime) -> Mapping[PromptTime, int]:
        imported: int | None = lean.one(connection, _LAST_IMPORT)
        state = (policies[-1].version if policies else 0, imported, int(now.timestamp() // REFRESH.total_seconds()))
        with self._guard:
            known = self._known
        if known is None or known.state != state:
            found = count(connection, self._company, policies, now)
            known = _Known(state=state, crowds=crowds(found, now.astimezone(UTC)))
            with self._guard:
                self._known = known
        return known.crowds
