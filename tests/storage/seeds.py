"""A small company and the few verbs that tests of storage need: `put` writes values, `see` loads a situation."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, select

from bot.decision import Change, Decision, Edit, Lane, Link, Look, LookAtAll, Message, Withdraw
from bot.events import Address, Event, Measured, Platform, Said
from bot.model import Company, Goal, GoalType, KeyResult, Person, person_id
from bot.situation import Situation
from bot.talk.cards import Card, Paragraph
from bot.talk.text import plain
from storage.outbox import SqlOutbox
from storage.schema import outbox
from storage.store import SqlStore

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COMPANY = Company(name="Acme", zone="Europe/Berlin")


def no_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset()


class HandClock:
    """Real time, set by hand."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def store_on(engine: Engine) -> SqlStore:
    return SqlStore(engine, COMPANY, no_holidays)


def person(name: str, **fields: Any) -> Person:
    email = f"{name}@acme.example"
    return Person(id=person_id(email), email=email, name=name.title(), **{"known_since": MONDAY, **fields})


def goal(id: str, owner: Person, **fields: Any) -> Goal:
    standard = {
        "title": f"Goal {id}",
        "type": GoalType.COMMITTED,
        "cycle": "2026-Q4",
        "updated_at": MONDAY,
        "key_results": (
            KeyResult(id=f"{id}.1", goal_id=id, text="Share", unit="%", start=Decimal(0), target=Decimal("85.50")),
            KeyResult(id=f"{id}.2", goal_id=id, text="Days", due=date(2026, 12, 31), position=1),
        ),
    }
    return Goal(id=id, owner_id=owner.id, **{**standard, **fields})


def slack(user: str) -> Address:
    return Address(platform=Platform.SLACK, tenant="T1", user=user, route={"channel": f"D{user}"})


def teams(user: str) -> Address:
    return Address(platform=Platform.TEAMS, tenant="A1", user=user, route={"service": "https://teams.example"})


def card(words: str = "Hello") -> Card:
    return Card(summary=words, elements=(Paragraph(text=plain(words)),))


def message(key: str, to: Person, words: str = "Hello", **fields: Any) -> Message:
    return Message(key=key, to=to.id, card=card(words), **{"lane": Lane.NUDGE, **fields})


def event_of(id: str, at: datetime = MONDAY) -> Event:
    """An event of nobody's, to write under."""
    return Measured(id=id, at=at, key_result="", value=Decimal(0), note="", source="test")


def put(
    engine: Engine,
    *changes: Change,
    links: Iterable[tuple[Address, Person]] = (),
    messages: Sequence[Message] = (),
    edits: Sequence[Edit] = (),
    withdrawals: Sequence[Withdraw] = (),
    looks: Sequence[Look | LookAtAll] = (),
    at: datetime = MONDAY,
) -> None:
    """Commit a decision."""
    decision = Decision(
        changes=changes,
        links=tuple(Link(address=address, person_id=person.id) for address, person in links),
        messages=tuple(messages),
        edits=tuple(edits),
        withdrawals=tuple(withdrawals),
        looks=tuple(looks),
    )
    with store_on(engine).work() as work:
        work.apply(event_of("seed", at), decision)


def see(engine: Engine, event: Event) -> Situation | None:
    """The situation of an event, nothing written."""
    with store_on(engine).work() as work:
        return work.situation(event)


def seen(engine: Engine, event: Event) -> Situation:
    """The situation of an event that concerns somebody."""
    situation = see(engine, event)
    assert situation is not None
    return situation


def accept(engine: Engine, event: Event) -> bool:
    """Whether an event was new."""
    with store_on(engine).work() as work:
        return work.accept(event)


def said(by: Address, text: str = "hello", id: str = "e1", at: datetime = MONDAY) -> Said:
    return Said(id=id, at=at, by=by, text=text)


def outbox_on(engine: Engine, clock: HandClock | None = None) -> SqlOutbox:
    return SqlOutbox(engine, clock or HandClock())


def row_of(engine: Engine, key: str) -> dict[str, Any]:
    """An outbox row."""
    with engine.connect() as connection:
        return dict(connection.execute(select(outbox).where(outbox.c.key == key)).mappings().one())
