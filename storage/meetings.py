"""Who a 1:1 may be with: the speaker's direct reports, and whom or what a button about an item names."""

from sqlalchemy import Connection, bindparam, or_, select

from bot.events import Event, Pressed, Said, Submitted
from bot.model import Person
from bot.talk.actions import Verb
from bot.talk.intents import OneOnOne, OneOnOneSlot, understand
from bot.talk.names import named_at_start
from storage import lean, named, rows
from storage.schema import person

ABOUT_ITEMS = frozenset({Verb.OPEN_ITEM, Verb.ADD_ITEM})

_DIRECT_REPORTS = select(person).where(
    person.c.manager_id == bindparam("person_id"), or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("today"))
)


def meant(event: Event) -> OneOnOne | OneOnOneSlot | None:
    """What the event says about 1:1s, typed or as a button that stands for words."""
    text = event.text if isinstance(event, Said) else ""
    if isinstance(event, Pressed) and event.action.verb is Verb.SHOW and event.action.args:
        text = event.action.args[0]
    intent = understand(text, goals=(), today=event.at.date()) if text else None
    return intent if isinstance(intent, OneOnOne | OneOnOneSlot) else None


def reports(connection: Connection, event: Event, person_id: str) -> dict[str, Person]:
    """The direct reports of somebody who speaks about a 1:1 or fills in an item; otherwise nobody."""
    about_items = isinstance(event, Pressed | Submitted) and event.action.verb in ABOUT_ITEMS
    if not about_items and meant(event) is None:
        return {}
    found = lean.fetch(connection, _DIRECT_REPORTS, {"person_id": person_id, "today": event.at.date()})
    return named.people_by_id(found)


def goal_named(event: Event) -> set[str]:
    """The goal that a button or form about an item names."""
    if not isinstance(event, Pressed | Submitted) or event.action.verb not in ABOUT_ITEMS:
        return set()
    return set(event.action.args[:1]) - {""}


def whose_slot(connection: Connection, event: Event, person_id: str) -> str:
    """The one report whose 1:1 gets another time, so that nobody else changes them meanwhile; empty: nobody, or several."""
    slot = meant(event)
    if not isinstance(slot, OneOnOneSlot) or not slot.who:
        return ""
    mentioned = named.mentioned(connection, event)
    if slot.who in mentioned:
        return mentioned[slot.who].id
    found = lean.fetch(connection, _DIRECT_REPORTS, {"person_id": person_id, "today": event.at.date()})
    called = [one for one in map(rows.person, found) if named_at_start(slot.who, one.name, one.email)]
    return called[0].id if len(called) == 1 else ""
