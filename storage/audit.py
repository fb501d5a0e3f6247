"""Reads what an audit needs, a page of people at a time, and lets `bot.audit` judge it. Writes nothing.

Costs what happened lately, not what happened ever: every statement has a window or names what it wants.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    type_coerce,
)

from bot.audit.facts import Desk, Finding, Kind, Line, Request, Row, Span, Stuck, Traces, Week
from bot.audit.judge import audit
from bot.audit.prompts import periods
from bot.audit.world import World
from bot.model import Company, GoalState
from bot.ports import Holidays
from storage import rows
from storage.columns import among
from storage.engine import reading, real_time
from storage.schema import OutboxState, agenda, channel, checkin, escalation, goal, ledger, nudged, outbox, person, policy_change

DAYS: Final = 8
PAGE: Final = 500
MOST: Final = 1_000
"""So many findings of a kind, overdue or stuck rows are named; where there are more, these are reason enough to look."""
BEHIND: Final = timedelta(minutes=5)
"""Clocks of replicas may differ by so much; a clock that is further behind the ledger does not know the time."""
NAMED: Final = 50
"""So many refused or doubtful messages are named."""

_PEOPLE = (
    select(person)
    .where(person.c.id > bindparam("after"), or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("here")))
    .order_by(person.c.id)
    .limit(bindparam("most"))
)
_BY_ID = select(person).where(among(person.c.id, "names"))
_WEEKS = select(
    checkin.c.person_id,
    checkin.c.period,
    checkin.c.state,
    checkin.c.asked_at,
    checkin.c.answered_at,
    checkin.c.skip_reason,
    checkin.c.reminders,
).where(among(checkin.c.person_id, "names"), among(checkin.c.period, "periods"))
_MESSAGE = (
    outbox.c.key,
    outbox.c.recipient_id,
    outbox.c.rule,
    type_coerce(outbox.c.facts, Text).label("facts"),
    type_coerce(outbox.c.subjects, Text).label("subjects"),
    outbox.c.state,
    outbox.c.reason,
    outbox.c.decided_at,
    outbox.c.delivered_at,
    outbox.c.expires_at,
    outbox.c.doubtful_since,
)
_SAID = select(*_MESSAGE).where(
    among(outbox.c.recipient_id, "names"), outbox.c.decided_at >= bindparam("since"), outbox.c.rule != ""
)
_BY_KEY = select(*_MESSAGE).where(among(outbox.c.key, "names"))
_LINES = select(
    ledger.c.at, ledger.c.name, ledger.c.subject, ledger.c.person_id, ledger.c.outcome,
    type_coerce(ledger.c.facts, Text).label("facts"),
).where(among(ledger.c.subject, "names"), ledger.c.at >= bindparam("since"))  # fmt: skip
_DUE = select(agenda.c.subject, agenda.c.due_at).where(among(agenda.c.subject, "names"))


def _is_message(key: ColumnElement[str]) -> ColumnElement[bool]:
    """The outbox knows a message of that key. With an offset, so that PostgreSQL looks each up and joins no whole history."""
    return select(literal(1)).where(outbox.c.key == key).offset(0).exists()


_LOST = select(nudged.c.recipient_id, nudged.c.key).where(
    among(nudged.c.recipient_id, "names"),
    nudged.c.decided_at >= bindparam("since"),
    nudged.c.key != "",
    ~_is_message(nudged.c.key),
)
_ANSWERED = select(goal.c.owner_id, func.max(goal.c.answered_at)).where(among(goal.c.owner_id, "names")).group_by(goal.c.owner_id)
_REQUESTS = select(escalation).where(or_(text("state IN ('open', 'acknowledged')"), escalation.c.opened_at >= bindparam("since")))
# Somebody who is quick answers before the platform's receipt is recorded, or where it was lost: what arrived, or may have,
# may have been seen as soon as it was decided.
_HEARD = (
    select(outbox.c.recipient_id, func.min(outbox.c.decided_at))
    .where(among(outbox.c.recipient_id, "names"), or_(outbox.c.delivered_at.is_not(None), outbox.c.doubtful_since.is_not(None)))
    .group_by(outbox.c.recipient_id)
)
_STATES = select(goal.c.id, goal.c.state).where(among(goal.c.id, "names"))
_UNSENT = (
    select(ledger)
    .where(
        ledger.c.at >= bindparam("since"),
        or_(ledger.c.name.like("nudge:%:delivered"), ledger.c.name == "team:delivered"),
        ~_is_message(ledger.c.subject),
    )
    .limit(MOST)
)
_OVERDUE = (
    select(agenda.c.subject, agenda.c.due_at).where(agenda.c.due_at <= bindparam("due")).order_by(agenda.c.due_at).limit(MOST)
)
_STUCK = (
    select(outbox.c.key, outbox.c.recipient_id, outbox.c.state, outbox.c.expires_at, outbox.c.ready_at)
    .where(
        outbox.c.ready_at.is_not(None),
        or_(
            and_(
                outbox.c.state == OutboxState.PENDING,
                outbox.c.delivered_at.is_(None),
                outbox.c.expires_at <= bindparam("over"),
            ),
            and_(outbox.c.state.in_((OutboxState.SENDING, OutboxState.UNKNOWN)), outbox.c.ready_at <= bindparam("real")),
        ),
    )
    .limit(MOST)
)
_SETTLED = (
    select(*_MESSAGE)
    .where(
        outbox.c.state.in_((OutboxState.REFUSED, OutboxState.UNKNOWN)),
        outbox.c.ready_at.is_(None),
        outbox.c.decided_at >= bindparam("since"),
    )
    .order_by(outbox.c.decided_at.desc())
    .limit(NAMED)
)
_TEAMS = select(channel.c.team).where(channel.c.on, ~exists().where(agenda.c.subject == "team:" + channel.c.team))
_CHANNELS = select(channel.c.team, channel.c.posted).where(channel.c.on)
_POLICIES = select(policy_change).order_by(policy_change.c.version)
_NEWEST = select(func.max(ledger.c.at))
_HEADCOUNT = select(func.count()).select_from(person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an audit found, and how much it looked at. `seen_until`: nothing after that is judged by the clock."""

    findings: tuple[Finding, ...]
    """The first `MOST` of each kind."""
    counts: Mapping[str, int]
    """How many there are of each kind, those without any as well."""
    people: int
    messages: int
    seen_until: datetime | None

    @property
    def bad(self) -> tuple[Finding, ...]:
        """What somebody has to look at."""
        return tuple(one for one in self.findings if one.kind is not Kind.INFO)


class SqlAudit:
    """Audits one database. `window`: over how long so many people are spread who are asked at one instant."""

    def __init__(
        self,
        engine: Engine,
        company: Company,
        holidays: Holidays,
        *,
        clock: Callable[[], datetime],
        window: Callable[[int], timedelta] | None = None,
    ) -> None:
        self._engine = engine
        self._company = company
        self._holidays = holidays
        self._clock = clock
        self._window = window
        self._people = self._messages = 0

    def run(self, now: datetime, *, awake: Sequence[Span], days: int = DAYS) -> Report:
        """Audit the last `days` before `now`; `awake` is when somebody looked at what is due. Blocking; may raise Conflict."""
        self._people = self._messages = 0
        with reading(self._engine) as connection:
            policies = tuple(map(rows.policy, connection.execute(_POLICIES).mappings()))
            everybody = connection.scalar(_HEADCOUNT) or 0
            newest: datetime | None = connection.scalar(_NEWEST)
        if newest is not None and newest > now + BEHIND:
            now = newest  # a development clock that was not told yet what time it is
        world = World(
            now=now,
            since=now - timedelta(days=days),
            company=self._company,
            holidays=self._holidays,
            policies=policies,
            awake=awake,
            spread=self._window(everybody) if self._window is not None else timedelta(),
        )
        with reading(self._engine) as connection:
            asked = _requests(connection, world)
            found = _traces(connection, world, real_time(connection, self._clock))
        findings, counts = _gathered(audit(world, self._desks(world), asked, found))
        return Report(
            findings=findings,
            counts=counts,
            people=self._people,
            messages=self._messages,
            seen_until=max((span.seen for span in awake), default=None),
        )

    def _desks(self, world: World) -> Iterator[Desk]:
        """Everybody who works here or left lately. Each page is one state of the database."""
        after = ""
        while True:
            with reading(self._engine) as connection:
                wanted = {"after": after, "here": world.since.date(), "most": PAGE}
                people = connection.execute(_PEOPLE, wanted).mappings().all()
                page = _page(connection, world, people)
            self._people += len(page)
            self._messages += sum(len(desk.rows) for desk in page)
            yield from page
            if len(people) < PAGE:
                return
            after = people[-1]["id"]


def _gathered(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], Mapping[str, int]]:
    """A whole company may be wrong in the same way: then it is counted, and only a part of it kept."""
    counts, kept = Counter({kind.value: 0 for kind in Kind}), []
    for one in findings:
        counts[one.kind.value] += 1
        if counts[one.kind.value] <= MOST:
            kept.append(one)
    return tuple(kept), dict(counts)


def _page(connection: Connection, world: World, people: Sequence[RowMapping]) -> list[Desk]:
    ids = [row["id"] for row in people]
    window = {"names": ids, "since": world.known_from}
    weeks: dict[str, dict[str, Week]] = defaultdict(dict)
    for row in connection.execute(_WEEKS, {"names": ids, "periods": periods(world)}).mappings():
        weeks[row["person_id"]][row["period"]] = _week(row)
    said: dict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(_SAID, window).mappings():
        said[row["recipient_id"]].append(_row(row))
    named = {one: {*(f"checkin:{one}/{period}" for period in periods(world)), *_names(said[one])} for one in ids}
    lines = _lines(connection, set().union(*named.values()), world.known_from)
    lost: dict[str, list[str]] = defaultdict(list)
    for recipient, key in connection.execute(_LOST, window):
        lost[recipient].append(key)
    due = dict(connection.execute(_DUE, {"names": [f"desk:{one}" for one in ids]}).all())
    answered = dict(connection.execute(_ANSWERED, {"names": ids}).all())
    return [
        Desk(
            person=rows.person(row),
            changed_at=row["changed_at"],
            weeks=weeks[row["id"]],
            rows=said[row["id"]],
            lines=[line for name in named[row["id"]] for line in lines.get(name, ())],
            due_at=due.get(f"desk:{row['id']}"),
            lost_keys=lost[row["id"]],
            answered_at=answered.get(row["id"]),
        )
        for row in people
    ]


def _names(said: Iterable[Row]) -> Iterator[str]:
    """Under which the ledger speaks of messages."""
    for row in said:
        yield row.key
        if row.subjects:
            yield row.subject


def _lines(connection: Connection, names: Iterable[str], since: datetime) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for row in connection.execute(_LINES, {"names": list(names), "since": since}).mappings():
        found[row["subject"]].append(_line(row, json.loads(row["facts"]) if '"message"' in row["facts"] else {}))
    return found


def _line(row: RowMapping, facts: Mapping[str, str]) -> Line:
    return Line(
        at=row["at"],
        name=row["name"],
        subject=row["subject"],
        person=row["person_id"],
        outcome=row["outcome"],
        message=facts.get("message", ""),
    )


def _week(row: RowMapping) -> Week:
    return Week(
        period=row["period"],
        state=row["state"].value,
        asked_at=row["asked_at"],
        answered_at=row["answered_at"],
        skip_reason=row["skip_reason"],
        reminders=row["reminders"],
    )


def _row(row: RowMapping) -> Row:
    facts: dict[str, Any] = json.loads(row["facts"])
    return Row(
        key=row["key"],
        to=row["recipient_id"],
        rule=row["rule"],
        stage=facts.get("stage", ""),
        subjects=tuple(json.loads(row["subjects"])),
        snoozed="snoozed" in facts,
        state=row["state"].value,
        reason=row["reason"],
        decided_at=row["decided_at"],
        delivered_at=row["delivered_at"],
        expires_at=row["expires_at"],
        doubted=row["doubtful_since"] is not None,
    )


def _requests(connection: Connection, world: World) -> list[Request]:
    found = connection.execute(_REQUESTS, {"since": world.since}).mappings().all()
    items = [rows.escalation(row) for row in found]
    who = {one.holder_id for one in items} | {one.owner_id for one in items}
    people = {row["id"]: row for row in connection.execute(_BY_ID, {"names": list(who)}).mappings()}
    subjects = {one.id: f"escalation:{one.id}" for one in items}
    lately = [one.owner_id for one in items if one.opened_at >= world.since]
    heard = dict(connection.execute(_HEARD, {"names": lately}).all())
    cards = [card.key for one in items for card in one.cards]
    messages = {row["key"]: _row(row) for row in connection.execute(_BY_KEY, {"names": cards}).mappings()}
    lines = _lines(connection, subjects.values(), world.known_from)
    due = dict(connection.execute(_DUE, {"names": list(subjects.values())}).all())
    states = dict(connection.execute(_STATES, {"names": [one.goal_id for one in items]}).all())
    return [
        Request(
            escalation=one,
            owner=rows.person(people[one.owner_id]) if one.owner_id in people else None,
            holder=rows.person(people[one.holder_id]) if one.holder_id in people else None,
            holder_changed_at=people[one.holder_id]["changed_at"] if one.holder_id in people else None,
            goal_active=states.get(one.goal_id) is GoalState.ACTIVE,
            heard_at=heard.get(one.owner_id),
            rows={card.key: messages[card.key] for card in one.cards if card.key in messages},
            lines=lines.get(subjects[one.id], ()),
            due_at=due.get(subjects[one.id]),
        )
        for one in items
    ]


def _traces(connection: Connection, world: World, real: datetime) -> Traces:
    patience = world.grace
    channels = connection.execute(_CHANNELS).all()
    teams = [f"team:{team}" for team, _ in channels]
    window = {"names": teams, "since": world.known_from}
    posts = [_row(row) for row in connection.execute(_SAID, window).mappings()]
    weeks = periods(world)[1:]  # the first of them began before what is known
    newest = [f"team.post:{team}:{posted}" for team, posted in channels if posted in weeks]
    known = {row.key for row in posts}
    lines = _lines(connection, [*teams, *known], world.known_from)
    unsent = [_line(row, {}) for row in connection.execute(_UNSENT, {"since": world.known_from}).mappings()]
    overdue = dict(connection.execute(_OVERDUE, {"due": world.now - patience}).all())
    late = connection.execute(_STUCK, {"over": world.now - patience, "real": real - patience}).mappings()
    stuck = []
    for row in late:
        what = {OutboxState.SENDING: "lease", OutboxState.UNKNOWN: "settle"}.get(row["state"], "expired")
        since = row["expires_at"] if what == "expired" else world.now - (real - row["ready_at"])
        stuck.append(Stuck(key=row["key"], to=row["recipient_id"], what=what, since=since))
    return Traces(
        unsent=unsent,
        overdue=overdue,
        stuck=stuck,
        teams=connection.scalars(_TEAMS).all(),
        posts=posts,
        lines=[line for found in lines.values() for line in found],
        lost_keys=[key for key in newest if key not in known],
        settled=[_row(row) for row in connection.execute(_SETTLED, {"since": world.since}).mappings()],
    )
