"""Loads what `bot.history` documents for a backtest, in a fixed number of queries over a bounded number of people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from bot.events import Event, Pressed, Said
from bot.history import Deed, Done, History, Past, Place, Sent, read_values
from bot.model import Person, PolicyChange, Scope, ScopeKind
from bot.talk.actions import Verb
from bot.talk.intents import (
    Intent,
    NudgesHealth,
    NudgesLock,
    NudgesPause,
    NudgesProfile,
    NudgesRevert,
    NudgesSet,
    understand,
)
from storage import codec, rows
from storage.schema import checkin, duty, escalation, goal, key_result, ledger, person

MOST_PEOPLE = 400
"""Of a larger company (or scope) so many people are looked at; ids are digests, so the first ones are a fair sample."""
BACK_DAYS = 150
"""How far back deeds are loaded: the weeks that are replayed, and the quarter before them, in which silences began."""
CHECKINS_BACK_DAYS = 112

_DEEDS = {
    "checkin:answered": Deed.ANSWERED,
    "checkin:edited": Deed.ANSWERED,
    "checkin:skipped": Deed.SKIPPED,
    "checkin:excused": Deed.EXCUSED,
    "checkin:missed": Deed.MISSED,
    "checkin:snoozed": Deed.SNOOZED,
    "goal:measured": Deed.MEASURED,
    "goal:imported": Deed.IMPORTED,
}
_QUEUED, _HELD = ":queued", ":held"

_FIRST = select(func.min(ledger.c.at))
_PLACES = (
    select(person.c.id, person.c.department, person.c.team)
    .where(or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("today")))
    .order_by(person.c.id)
)
_WHO: Any = bindparam("ids", expanding=True)
_boss = person.alias("boss")
_BOSSES = select(person.c.manager_id).where(person.c.id.in_(_WHO))
_COVERS = select(_boss.c.deputy_id).where(_boss.c.id.in_(_BOSSES))
_PEOPLE = select(person).where(or_(person.c.id.in_(_WHO), person.c.id.in_(_BOSSES), person.c.id.in_(_COVERS)))
_GOALS = select(goal).where(goal.c.owner_id.in_(_WHO)).order_by(goal.c.id)
_KEY_RESULTS = select(key_result).where(key_result.c.goal_id.in_(select(goal.c.id).where(goal.c.owner_id.in_(_WHO))))
_CHECKINS = (
    select(checkin)
    .where(
        checkin.c.person_id.in_(_WHO), or_(checkin.c.asked_at >= bindparam("since"), checkin.c.answered_at >= bindparam("since"))
    )
    .order_by(checkin.c.person_id, checkin.c.period)
)
_LEDGER = (
    select(ledger.c.at, ledger.c.name, ledger.c.subject, ledger.c.person_id, ledger.c.rule, ledger.c.outcome, ledger.c.facts)
    .where(
        ledger.c.person_id.in_(_WHO),
        ledger.c.at >= bindparam("since"),
        or_(ledger.c.name.in_(sorted(_DEEDS)), ledger.c.name.like("nudge:%" + _QUEUED), ledger.c.name.like("nudge:%" + _HELD)),
    )
    .order_by(ledger.c.id)
)
_DUTIES = select(duty).where(duty.c.person_id.in_(_WHO)).order_by(duty.c.id)
_HOLDERS = select(person).where(person.c.id.in_(_WHO))
_ESCALATIONS = select(escalation).where(escalation.c.owner_id.in_(_WHO), escalation.c.opened_at >= bindparam("since"))


_ASKING = (NudgesSet, NudgesLock, NudgesProfile, NudgesPause, NudgesRevert, NudgesHealth)


def _meant(event: Event) -> Intent | None:
    """What was said, or what a button says in a person's place."""
    text = event.text if isinstance(event, Said) else ""
    if isinstance(event, Pressed) and event.action.verb is Verb.SHOW and event.action.args:
        text = event.action.args[0]
    return understand(text, goals=(), today=event.at.date()) if text else None


def is_wanted(event: Event) -> bool:
    """The event asks what another threshold would have done: `/nudges set`, `preview`, `health` and the like, or *Confirm*."""
    confirms = isinstance(event, Pressed) and event.action.verb is Verb.SET_POLICY
    return confirms or isinstance(_meant(event), _ASKING)


def load(connection: Connection, event: Event, named: Iterable[Person], known_policies: Sequence[PolicyChange]) -> History:
    """The last months of the people the event is about: those in the scope it names, else everybody (or a sample)."""
    now = event.at
    found = connection.execute(_PLACES, {"today": now.date() - timedelta(days=1)})
    places = tuple(Place(person_id=one, department=department, team=team) for one, department, team in found)
    scopes = _scopes(event, named, known_policies)
    meant = [one.person_id for one in places if any(one.lies_in(scope) for scope in scopes)]
    ids = (meant or [one.person_id for one in places])[:MOST_PEOPLE]
    first: datetime | None = connection.scalar(_FIRST)
    who: dict[str, Any] = {"ids": ids}
    people = {row["id"]: rows.person(row) for row in connection.execute(_PEOPLE, who).mappings()}
    since = now - timedelta(days=BACK_DAYS)
    goals = rows.goals(connection.execute(_GOALS, who).mappings().all(), connection.execute(_KEY_RESULTS, who).mappings())
    checkins = connection.execute(_CHECKINS, who | {"since": now - timedelta(days=CHECKINS_BACK_DAYS)}).mappings()
    by_owner = _grouped(goals, "owner_id")
    by_asked = _grouped(map(rows.checkin, checkins), "person_id")
    duties = tuple(map(rows.duty, connection.execute(_DUTIES, who).mappings()))
    owed = _grouped(duties, "person_id")
    holders = {holder for one in duties for holder in (one.holder_id, one.next_holder_id)} - people.keys() - {""}
    people |= {row["id"]: rows.person(row) for row in connection.execute(_HOLDERS, {"ids": sorted(holders)}).mappings()}
    raised = _grouped(map(rows.escalation, connection.execute(_ESCALATIONS, who | {"since": since}).mappings()), "owner_id")
    done, sent = _deeds(connection, who | {"since": since})
    return History(
        since=first or now,
        places=places,
        people=tuple(
            Past(
                person=people[one],
                goals=tuple(by_owner[one]),
                checkins=tuple(by_asked[one]),
                done=tuple(done[one]),
                sent=tuple(sent[one]),
                duties=tuple(owed[one]),
                escalations=tuple(raised[one]),
            )
            for one in ids
            if one in people
        ),
        around=people,
    )


def _scopes(event: Event, named: Iterable[Person], known_policies: Sequence[PolicyChange]) -> list[Scope]:
    """The scopes that a command or a pressed button names; a name that is none finds nobody."""
    scopes: list[Scope] = []
    if isinstance(event, Pressed):
        kinds = {kind.value: kind for kind in ScopeKind}
        pairs = pairwise(event.action.args)
        scopes += [Scope(kinds[kind], name) for kind, name in pairs if kind in kinds and kind != ScopeKind.COMPANY]
    match _meant(event):
        case NudgesSet(scope=words) | NudgesLock(scope=words) | NudgesProfile(scope=words) | NudgesPause(scope=words):
            if words is not None and words.kind is ScopeKind.PERSON:
                scopes += [Scope(ScopeKind.PERSON, one.id) for one in named]
            elif words is not None and words.kind is not ScopeKind.COMPANY:
                scopes.append(Scope(words.kind, words.name))
        case NudgesRevert(version=version):
            scopes += [change.scope for change in known_policies if str(change.version) == version.strip("# v")]
        case _:
            pass
    return scopes


def _grouped(values: Iterable[Any], name: str) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    whose = attrgetter(name)
    for value in values:
        groups[whose(value)].append(value)
    return groups


def _deeds(connection: Connection, wanted: Mapping[str, Any]) -> tuple[dict[str, list[Done]], dict[str, list[Sent]]]:
    """What the ledger says people did and were told, oldest first."""
    done: dict[str, list[Done]] = defaultdict(list)
    sent: dict[str, list[Sent]] = defaultdict(list)
    for row in connection.execute(_LEDGER, wanted).mappings():
        what = _DEEDS.get(row["name"])
        if what is not None:
            done[row["person_id"]].append(_done(row, what))
        else:
            sent[row["person_id"]].append(_sent(row))
    for lines in (done, sent):
        for of_one in lines.values():
            of_one.sort(key=attrgetter("at"))
    return done, sent


def _done(row: rows.Row, what: Deed) -> Done:
    kind, _, name = row["subject"].partition(":")
    facts = row["facts"]
    values = read_values(facts.get("values", ""))
    if kind == "goal":
        if what is Deed.MEASURED:
            values = read_values(f"{facts.get('key_result', '')}={row['outcome']}")
        at = codec.instant_of(facts["updated"]) if "updated" in facts else row["at"]
        return Done(at=at, what=what, goals=(name,), values=values)
    return Done(
        at=row["at"],
        what=what,
        period=name.rpartition("/")[2],
        goals=tuple(one for one in facts.get("goals", "").split(",") if one),
        state=row["outcome"],
        values=values,
        until=datetime.fromisoformat(facts["until"]) if "until" in facts else None,
    )


def _sent(row: rows.Row) -> Sent:
    held = row["name"].endswith(_HELD)
    facts = row["facts"]
    return Sent(
        at=row["at"],
        rule=row["rule"],
        stage=facts.get("stage", ""),
        subject=row["subject"],
        message=facts.get("message", ""),
        held=row["outcome"] if held else "",
    )
