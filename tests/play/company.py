"""A company to play with: real storage, real phrases, real `decide`; time by hand, messages delivered at once.

`play.say(...)`, `play.press(...)`, `play.submit(...)` act as a person; `play.move_to(...)` lets time pass; `play.chat(...)`
is what that person sees. Nothing here knows a platform.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.decision import FieldErrors, ShowForm
from bot.events import (
    Address,
    Delivered,
    Failure,
    Introduced,
    Opened,
    Platform,
    Pressed,
    Profile,
    Receipt,
    Said,
    Submitted,
    Ticked,
    Undelivered,
)
from bot.model import Company, Goal, GoalType, KeyResult, Person, person_id
from bot.ports import Outcome, Parcel
from bot.talk.actions import Action
from bot.talk.cards import Button, Buttons, Card, Chart, Facts, Form, Heading, Note, Paragraph
from bot.talk.text import words_of
from bot.turn import Turn
from prompts.loader import load
from storage.agenda import SqlAgenda
from storage.imports import SqlImports
from storage.outbox import SqlOutbox
from storage.store import SqlStore

PHRASES = load()
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def no_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset()


def email_of(name: str) -> str:
    return f"{name}@acme.example"


def person(name: str, *, manager: str = "", deputy: str = "", **fields: Any) -> Person:
    return Person(
        id=person_id(email_of(name)),
        email=email_of(name),
        name=name.title(),
        manager_id=person_id(email_of(manager)) if manager else None,
        deputy_id=person_id(email_of(deputy)) if deputy else None,
        **{"known_since": MONDAY, "zone": "Europe/Berlin", "welcomed": True, **fields},
    )


def goal(goal_id: str, owner: str, title: str, *results: KeyResult, kind: str = "committed", **fields: Any) -> Goal:
    return Goal(
        id=goal_id,
        owner_id=person_id(email_of(owner)),
        title=title,
        type=GoalType(kind),
        key_results=tuple(replace(result, goal_id=goal_id, position=n) for n, result in enumerate(results)),
        **{"cycle": "2026-Q4", "updated_at": MONDAY, **fields},
    )


def result(result_id: str, text: str, unit: str = "%", start: int = 0, target: int = 100, **fields: Any) -> KeyResult:
    return KeyResult(id=result_id, goal_id="", text=text, unit=unit, start=Decimal(start), target=Decimal(target), **fields)


@dataclass
class Seen:
    """One message as its reader sees it now."""

    key: str
    card: Card
    at: datetime
    edits: int = 0

    @property
    def words(self) -> str:
        return card_words(self.card)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.card.buttons()]


def card_words(card: Card) -> str:
    lines: list[str] = []
    for element in card.elements:
        match element:
            case Heading(text=text):
                lines.append(text)
            case Paragraph(text=spans) | Note(text=spans):
                lines.append(words_of(spans))
            case Facts(pairs=pairs):
                lines.extend(f"{label}: {words_of(value)}" for label, value in pairs)
            case Buttons(buttons=buttons):
                lines.append(" ".join(f"[{button.label}]" for button in buttons))
            case Chart(title=title, alt=alt):
                lines.append(f"<{title}: {alt}>")
            case _:
                lines.append("---")
    return "\n".join(lines)


class HandClock:
    """Real time for leases; stands still."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Play:
    """One company on one database."""

    def __init__(
        self, engine: Engine, *, now: datetime = MONDAY, holidays: Callable[[str, int], frozenset[date]] = no_holidays
    ) -> None:
        self.now = now
        self.engine = engine
        company = Company(name="Acme", zone="Europe/Berlin")
        self.store = SqlStore(engine, company, lru_cache(maxsize=None)(holidays))
        self.real = HandClock(now)
        self.outbox = SqlOutbox(engine, self.real)
        self.agenda = SqlAgenda(engine, self.real)
        self.imports = SqlImports(engine)
        self.turn = Turn(self.store, PHRASES, committed=lambda: None)
        self.chats: dict[str, list[Seen]] = {}
        self.unreachable: set[str] = set()
        self.fates: dict[str, Failure] = {}  # what becomes of messages to these people
        self.hold_back: set[str] = set()  # nothing gets through to these people for now
        self.sent: list[tuple[datetime, str, str]] = []  # when, to whom, key: new messages only
        self._numbers = itertools.count(1)
        self._emails: dict[str, str] = {}

    def with_people(self, *people: Person) -> "Play":
        with self.imports.begin() as imported:
            imported.apply_people(people, at=self.now, cause=self._id())
        for who in people:
            self._emails[who.id] = who.email
            self.turn.take(
                Introduced(id=f"introduced:{who.id}", at=self.now, by=self.address(who.email), profile=Profile(email=who.email))
            )
        return self

    def with_goals(self, *goals: Goal) -> "Play":
        with self.imports.begin() as imported:
            imported.apply_goals(goals, at=self.now, cause=self._id())
        return self

    def address(self, email: str) -> Address:
        return Address(platform=Platform.LOCAL, tenant="local", user=email)

    def store_zone(self, email: str) -> ZoneInfo:
        """The zone the company knows for somebody."""
        return ZoneInfo(next(who.zone or "UTC" for who in self.imports.read_people() if who.email == email))

    def _id(self) -> str:
        return f"event:{next(self._numbers)}"

    def say(self, name: str, text: str, *, event_id: str = "", place: str = "") -> Outcome:
        """`place`: a channel it is said in, such as `#web`."""
        where = self.address(place) if place else None
        said = Said(id=event_id or self._id(), at=self.now, by=self.address(email_of(name)), text=text, place=where)
        return self._after(self.turn.take(said))

    def opens_home(self, name: str) -> Outcome:
        return self._after(self.turn.take(Opened(id=self._id(), at=self.now, by=self.address(email_of(name)))))

    def act(self, name: str, action: Action, *, event_id: str = "") -> Outcome:
        pressed = Pressed(id=event_id or self._id(), at=self.now, by=self.address(email_of(name)), action=action)
        return self._after(self.turn.take(pressed))

    def press(self, name: str, label: str, *, about: str = "", message: Seen | None = None, event_id: str = "") -> Outcome:
        return self.act(name, self.button(name, label, about=about, message=message).action, event_id=event_id)

    def button(self, name: str, label: str, *, about: str = "", message: Seen | None = None) -> Button:
        for seen in [message] if message else reversed(self.chat(name)):
            for button in seen.card.buttons():
                if button.label == label and about in button.about:
                    return button
        raise AssertionError(f"{name} sees no button {label!r} {about!r} in:\n{self.transcript(name)}")

    def form(self, outcome: Outcome) -> Form:
        assert outcome.decision is not None
        reply = outcome.decision.reply
        assert isinstance(reply, ShowForm | FieldErrors), reply
        return reply.form

    def submit(self, name: str, form: Form, values: Mapping[str, str]) -> Outcome:
        """Submit a form by its labels; fields not named keep what they show."""
        sent = {field.id: field.value for field in form.fields()}
        for label, value in values.items():
            label, _, which = label.partition("#")
            ids = [field.id for field in form.fields() if field.label == label]
            assert ids, f"no field {label!r} in {[field.label for field in form.fields()]}"
            sent[ids[int(which or 0)]] = value
        event = Submitted(id=self._id(), at=self.now, by=self.address(email_of(name)), action=form.action, values=sent)
        return self._after(self.turn.take(event))

    def errors(self, outcome: Outcome) -> Mapping[str, str]:
        assert outcome.decision is not None and isinstance(outcome.decision.reply, FieldErrors), outcome
        return outcome.decision.reply.errors

    def _after(self, outcome: Outcome) -> Outcome:
        self.deliver()
        return outcome

    def chat(self, name: str) -> list[Seen]:
        return self.chats.setdefault(email_of(name), [])

    def channel(self, team: str) -> list[Seen]:
        """What stands in a team's channel."""
        return self.chats.setdefault(f"team:{team}", [])

    def transcript(self, name: str) -> str:
        return "\n\n".join(f"{seen.at:%a %d %H:%M} {seen.key} (edits: {seen.edits})\n{seen.words}" for seen in self.chat(name))

    def keys(self, name: str, prefix: str = "") -> list[str]:
        return [seen.key for seen in self.chat(name) if seen.key.startswith(prefix)]

    def move_to(self, instant: datetime) -> "Play":
        """Time passes in the steps in which things come due, as with a heartbeat."""
        while (due := self.agenda.next_due()) is not None and due <= instant:
            self.now = max(self.now, due)
            self.tick()
        self.now = instant
        self.tick()
        return self

    def jump_to(self, instant: datetime) -> "Play":
        """Time passes in one leap, as after an outage."""
        self.now = instant
        self.tick()
        return self

    def tick(self) -> None:
        for _ in range(100):
            due = self.agenda.claim_due(self.now, limit=500)
            self.take_due(
                [
                    Ticked(id=f"tick:{row.subject}:{row.fence}", at=self.now, subject=row.subject, due=row.due, fence=row.fence)
                    for row in due
                ]
            )
            delivered = self.deliver()
            if not due and not delivered:
                return
        raise AssertionError("the agenda never comes to rest")

    def take_due(self, ticks: Sequence[Ticked]) -> None:
        for ticked in ticks:
            self.turn.take(ticked)

    def deliver(self) -> int:
        count = 0
        while parcels := self.outbox.claim(now=self.now, limit=100):
            for parcel in parcels:
                self._deliver(parcel)
            through = sum((parcel.email or parcel.to) not in self.hold_back for parcel in parcels)
            count += through
            if not through:
                break
        return count

    def _deliver(self, parcel: Parcel) -> None:
        where = parcel.email or parcel.to  # a team has no e-mail
        if parcel.expires_at is not None and parcel.expires_at <= self.now and parcel.receipt is None:
            self._undelivered(parcel, Failure.EXPIRED)
        elif where in self.hold_back:
            self.outbox.later(parcel, seconds=0, reason="held back by the test")
        elif where in self.fates:
            self._undelivered(parcel, self.fates[where])
        elif not parcel.addresses or where in self.unreachable:
            self._undelivered(parcel, Failure.GONE)
        else:
            chat = self.chats.setdefault(where, [])
            known = next((seen for seen in chat if seen.key == parcel.key), None)
            if known is None:
                chat.append(Seen(key=parcel.key, card=parcel.card, at=self.now))
                self.sent.append((self.now, where, parcel.key))
            else:
                known.card = parcel.card
                known.edits += 1
            self.turn.take(
                Delivered(
                    id=f"delivered:{parcel.key}:{parcel.fence}",
                    at=self.now,
                    key=parcel.key,
                    fence=parcel.fence,
                    revision=parcel.revision,
                    receipt=Receipt(address=parcel.addresses[0], place=where, id=parcel.key),
                    edited=parcel.receipt is not None,
                )
            )

    def _undelivered(self, parcel: Parcel, failure: Failure) -> None:
        self.turn.take(
            Undelivered(
                id=f"undelivered:{parcel.key}:{parcel.fence}",
                at=self.now,
                key=parcel.key,
                fence=parcel.fence,
                revision=parcel.revision,
                failure=failure,
                reason=failure.value,
            )
        )


def berlin(day: int, hour: int = 10, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    """A Berlin wall time in winter, as UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


def names_of(people: Sequence[Person]) -> list[str]:
    return [who.name for who in people]
