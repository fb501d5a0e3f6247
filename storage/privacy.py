"""Loads what somebody asked to see of what is stored about them, and whom a concern would go to; only where it is asked for."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, RowMapping, and_, bindparam, desc, func, or_, select

from bot.events import ByPerson, Event, Pressed, Said, Submitted, Ticked, Undelivered
from bot.model import CheckIn, Company, Duty, DutyKind, Person
from bot.privacy import EXAMPLE, READ_DAYS, Kind, Mine, Reading, Stored
from bot.talk.actions import Verb
from bot.talk.intents import Concern, ExportMine, Forget, Privacy, understand
from bot.talk.text import clean, fold_email
from storage import dossier, lean, rows
from storage.columns import Instant, among
from storage.desk import ABOUT_CONCERN
from storage.schema import address, checkin, duty, escalation, goal, kpi, ledger, outbox, person

READ = "privacy:read"
PREFIX = f"{DutyKind.CONCERN}:"
MOST_READINGS = 50
"""So many readings are loaded; more are counted."""
CONCERNS = frozenset({Verb.OPEN_CONCERN, Verb.RAISE_CONCERN})

_ME: BindParameter[str] = bindparam("me")
_SINCE = bindparam("since", type_=Instant())
_BY_EMAIL = select(person).where(person.c.folded_email == bindparam("email"))
_OWED = or_(duty.c.person_id == _ME, duty.c.holder_id == _ME)
_WRITTEN = checkin.c.answered_at.is_not(None)
_NOTED = and_(_WRITTEN, checkin.c.private_note != "")
_MINE = or_(ledger.c.person_id == _ME, ledger.c.person_id == "")
_READINGS = (
    select(ledger.c.at, ledger.c.facts, ledger.c.outcome)
    .where(ledger.c.name == READ, ledger.c.at >= _SINCE, _MINE)
    .order_by(desc(ledger.c.at), desc(ledger.c.id))
    .limit(MOST_READINGS)
)
_ALL_READINGS = select(func.count()).select_from(ledger).where(ledger.c.name == READ, ledger.c.at >= _SINCE, _MINE)
_BY_ID = select(person).where(among(person.c.id, "ids"))
_READERS = select(person).where(person.c.folded_email.in_(bindparam("emails", expanding=True)))


def _count(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Any:
    return select(func.count(column)).where(*conditions)


def _newest(column: ColumnElement[Any], at: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Any:
    return select(column).where(*conditions).order_by(desc(at)).limit(1)


_COUNTS = {
    Kind.ACCOUNTS: _count(address.c.user, address.c.person_id == _ME),
    Kind.GOALS: _count(goal.c.id, goal.c.owner_id == _ME),
    Kind.FIGURES: _count(kpi.c.id, kpi.c.owner_id == _ME),
    Kind.CHECKINS: _count(checkin.c.period, checkin.c.person_id == _ME),
    Kind.NOTES: _count(checkin.c.period, checkin.c.person_id == _ME, _NOTED),
    Kind.DECISIONS: _count(escalation.c.id, escalation.c.owner_id == _ME),
    Kind.DUTIES: _count(duty.c.id, _OWED),
    Kind.MESSAGES: _count(outbox.c.key, outbox.c.recipient_id == _ME),
    Kind.LEDGER: _count(ledger.c.id, ledger.c.person_id == _ME),
}
_EXAMPLES = {
    Kind.GOALS: _newest(goal.c.title, goal.c.updated_at, goal.c.owner_id == _ME),
    Kind.FIGURES: _newest(kpi.c.name, kpi.c.updated_at, kpi.c.owner_id == _ME),
    Kind.NOTES: _newest(checkin.c.private_note, checkin.c.period, checkin.c.person_id == _ME, _NOTED),
    Kind.DECISIONS: _newest(escalation.c.cause, escalation.c.opened_at, escalation.c.owner_id == _ME),
    Kind.DUTIES: _newest(duty.c.text, duty.c.opened_at, duty.c.person_id == _ME, duty.c.text != ""),
    Kind.LEDGER: _newest(ledger.c.name, ledger.c.id, ledger.c.person_id == _ME),
}
_NEWEST_CHECKIN = select(checkin).where(checkin.c.person_id == _ME, _WRITTEN).order_by(desc(checkin.c.period)).limit(1)
_ACCOUNTS = select(address.c.platform, address.c.user).where(address.c.person_id == _ME).order_by(address.c.platform)


def _asked(event: Event) -> object:
    text = event.text if isinstance(event, Said) else ""
    if isinstance(event, Pressed) and event.action.verb is Verb.SHOW and event.action.args:
        text = event.action.args[0]
    return understand(text, goals=(), today=event.at.date()) if text else None


def load(connection: Connection, event: Event, me: Person) -> tuple[Mine | None, dict[str, Person]]:
    """What the event asks to see of what is stored about `me`, and who read it. None: it asks for nothing of the kind."""
    asked = _asked(event)
    if isinstance(asked, ExportMine):
        return Mine(dossier=dossier.load(connection, me.id)), {}
    if not isinstance(asked, Privacy):
        return None, {}
    about = {"me": me.id, "since": max(event.at - timedelta(days=READ_DAYS), me.known_since)}
    found = connection.execute(_READINGS, about).mappings().all()
    emails = sorted({fold_email(by) for row in found if "@" in (by := str(row["facts"].get("by", "")))})
    people = map(rows.person, connection.execute(_READERS, {"emails": emails}).mappings()) if emails else ()
    readers = {fold_email(one.email): one for one in people}
    readings = tuple(_reading(row, readers) for row in found)
    total = connection.scalar(_ALL_READINGS, about) or 0
    stored = tuple(_stored(connection, kind, me.id) for kind in Kind)
    mine = Mine(stored=stored, readings=readings, more_readings=max(total - len(readings), 0))
    return mine, {one.id: one for one in readers.values()}


def _reading(row: RowMapping, readers: Mapping[str, Person]) -> Reading:
    by = str(row["facts"].get("by", ""))
    reader = readers.get(fold_email(by))
    return Reading(at=row["at"], by=by, where=row["outcome"], person_id=reader.id if reader is not None else "")


def _stored(connection: Connection, kind: Kind, me: str) -> Stored:
    count = connection.scalar(_COUNTS[kind], {"me": me}) or 0
    match kind:
        case Kind.ACCOUNTS:
            accounts = connection.execute(_ACCOUNTS, {"me": me})
            example = ", ".join(dict.fromkeys(platform.value.capitalize() for platform, _ in accounts))
        case Kind.CHECKINS:
            row = connection.execute(_NEWEST_CHECKIN, {"me": me}).mappings().first()
            example = _words_of(rows.checkin(row)) if row is not None else ""
        case _:
            example = connection.scalar(_EXAMPLES[kind], {"me": me}) or "" if kind in _EXAMPLES else ""
    return Stored(kind=kind, count=count, example=clean(" ".join(example.split()), limit=EXAMPLE))


def _words_of(checkin: CheckIn) -> str:
    """The first thing that was written in it."""
    written = [checkin.wins, *(one.note for one in checkin.answers), checkin.adjust, checkin.skip_reason]
    return next((words for words in written if words), checkin.period)


def about_concern(event: Event) -> str:
    """The id of the concern an event is about; empty: it is about none that is known already."""
    if isinstance(event, Pressed | Submitted) and event.action.verb in ABOUT_CONCERN and event.action.args:
        return event.action.args[0]
    if isinstance(event, Ticked) and event.subject.startswith(PREFIX):
        return event.subject
    return event.key.rpartition(":")[0] if isinstance(event, Undelivered) and event.key.startswith(PREFIX) else ""


def around(connection: Connection, event: Event, me: Person, duties: Sequence[Duty], company: Company) -> dict[str, Person]:
    """The named contact, and the people a concern is between; only where the event is about such things."""
    id = about_concern(event)
    asks = isinstance(event, Pressed | Submitted) and event.action.verb in CONCERNS
    asks = asks or isinstance(_asked(event), Privacy | Forget | Concern) or (isinstance(event, ByPerson) and not me.welcomed)
    if not (id or asks):
        return {}
    ids = sorted({name for one in duties if one.kind is DutyKind.CONCERN for name in (one.person_id, one.holder_id)})
    found = lean.fetch(connection, _BY_ID, {"ids": ids}) if ids else []
    if company.concern_contact:
        found = [*found, *lean.fetch(connection, _BY_EMAIL, {"email": fold_email(company.concern_contact)})]
    return {row["id"]: rows.person(row) for row in found}
