"""Reports that concern their recipient alone (`bot.apart.is_own`): one lock and a handful of facts instead of a desk's.

Of several together, those are locked whose recipients are free; what is decided about them rests on their own rows only.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, case, func, or_, select

from bot.apart import OWN_RULES, is_own
from bot.events import Delivered, Undelivered
from bot.model import CheckIn, CheckInState, Company, Person, PolicyChange, Told
from bot.ports import Conflict, Holidays
from bot.rules.checkin import PROMPT
from bot.situation import Situation
from storage import lean, rows, settle
from storage.columns import among
from storage.desk import TOLD_DAYS
from storage.facts import CHECKINS, TOLD, TOLD_OR_GOING
from storage.schema import checkin, outbox, person

_RECIPIENTS = select(outbox.c.key, outbox.c.recipient_id).where(among(outbox.c.key, "keys"))
_OWN = (
    select(outbox.c.key, *person.c)
    .join(person, person.c.id == outbox.c.recipient_id)
    .where(among(outbox.c.key, "keys"), or_(among(outbox.c.rule, "rules"), among(outbox.c.key, "edits")))
    .order_by(person.c.id)
)
_LOCK = _OWN.with_for_update(key_share=True, of=person)
_LOCK_FREE = _OWN.with_for_update(key_share=True, of=person, skip_locked=True)
_TOLD = TOLD_OR_GOING.where(among(outbox.c.rule, "rules"))
_ASKED = TOLD.where(among(outbox.c.key, "keys"))
_place = func.row_number().over(partition_by=checkin.c.person_id, order_by=checkin.c.period.desc()).label("place")
_asked = case((checkin.c.asked_at.is_not(None), checkin.c.period))
_last = func.max(_asked).over(partition_by=checkin.c.person_id).label("asked_last")
_recent = select(*checkin.c, _place, _last).where(among(checkin.c.person_id, "people")).subquery()
# Those whose time can still run out, and the one that may be asked about again.
_CHECKINS = (
    select(_recent)
    .where(_recent.c.place <= CHECKINS, or_(_recent.c.state == CheckInState.OPEN, _recent.c.period == _recent.c.asked_last))
    .order_by(_recent.c.person_id, _recent.c.place)
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A report that counted, its message's rule, and its recipient, who is locked."""

    event: Delivered | Undelivered
    rule: str
    person: Person


def settled(
    connection: Connection, events: Sequence[Delivered | Undelivered], *, wait: bool
) -> tuple[dict[int, Receipt], set[int]]:
    """Settle reports, by their place: those that counted, and the places of those that are void.

    Left out, untouched: what concerns others as well, the second report to somebody, and (not to `wait`) whose recipient
    somebody else decides about right now. Raises Conflict when a message became another one meanwhile.
    """
    own = _locked(connection, events, wait=wait)
    found: dict[int, Receipt] = {}
    settling = settle.report_all(connection, [events[place] for place in own]) if own else ()
    for place, row in zip(own, settling, strict=True):
        if row is None:
            continue
        if not is_own(events[place], row["rule"]):
            raise Conflict("the message is about something else meanwhile")
        found[place] = Receipt(events[place], row["rule"], own[place])
    return found, own.keys() - found.keys()


def _locked(connection: Connection, events: Sequence[Delivered | Undelivered], *, wait: bool) -> dict[int, Person]:
    """The recipients of those that are settled here, locked, by place. Whose report is not, is not locked either."""
    places = {event.key: place for place, event in reversed(list(enumerate(events)))}
    if len(events) > 1:  # a person's reports count in the order in which they came
        recipients = {row["key"]: row["recipient_id"] for row in lean.fetch(connection, _RECIPIENTS, {"keys": list(places)})}
        firsts: dict[str, str] = {}
        for key in sorted(recipients, key=places.__getitem__):
            firsts.setdefault(recipients[key], key)
        places = {key: places[key] for key in firsts.values()}
    places = {key: place for key, place in places.items() if is_own(events[place], "")}
    if not places:
        return {}
    edits = [key for key, place in places.items() if is_own(events[place], None)]
    wanted = {"keys": sorted(places), "rules": OWN_RULES, "edits": edits}
    found = lean.fetch(connection, _LOCK if wait else _LOCK_FREE, wanted)
    return {places[row["key"]]: rows.person(row) for row in found}


def situations(
    connection: Connection,
    receipts: Sequence[Receipt],
    *,
    company: Company,
    holidays: Holidays,
    policies: Callable[[], tuple[PolicyChange, ...]],
) -> list[Situation]:
    """What `decide` needs to know about them: of questions their recipient's check-ins, of other messages next to nothing."""
    ruled = [one for one in receipts if one.rule and not is_own(one.event, None)]
    told = _told(connection, ruled)
    asking = {one.person.id for one in ruled if one.rule == PROMPT.name}
    checkins = _checkins(connection, asking)
    known = policies() if asking else ()
    return [
        Situation(
            now=one.event.at,
            company=company,
            holidays=holidays,
            policies=known,
            person=one.person,
            people={one.person.id: one.person},
            checkins=tuple(checkins.get(one.person.id, ())),
            told=tuple(told.get(one.person.id, ())),
            asked_about=next((message for message in told.get(one.person.id, ()) if message.key == one.event.key), None),
        )
        for one in receipts
    ]


def _told(connection: Connection, receipts: Sequence[Receipt]) -> dict[str, list[Told]]:
    """What was said to them about their check-ins lately, newest first, and what the reports are about."""
    found: dict[str, list[Told]] = defaultdict(list)
    if not receipts:
        return found
    since = min(one.event.at for one in receipts) - timedelta(days=TOLD_DAYS)
    wanted = {"people": sorted({one.person.id for one in receipts}), "rules": OWN_RULES - {""}, "since": since}
    for message in map(rows.told, lean.fetch(connection, _TOLD, wanted)):
        found[message.to].append(message)
    known = {message.key for some in found.values() for message in some}
    missing = sorted({one.event.key for one in receipts} - known)  # expired, or said long ago
    for message in map(rows.told, lean.fetch(connection, _ASKED, {"keys": missing}) if missing else ()):
        found[message.to].append(message)
    return found


def _checkins(connection: Connection, people: set[str]) -> dict[str, list[CheckIn]]:
    found: dict[str, list[CheckIn]] = defaultdict(list)
    for row in lean.fetch(connection, _CHECKINS, {"people": sorted(people)}) if people else ():
        found[row["person_id"]].append(rows.checkin(row))
    return found
