"""A company at play with everything watched: every decision as it is taken, every message at the instant it is posted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from bot.decision import Decision, Message
from bot.events import Delivered, Event, Measured, Submitted, Ticked, Undelivered
from bot.model import Nudged, Person
from bot.ports import Outcome, Parcel, Store, Work
from bot.situation import Situation
from bot.talk.actions import Action
from bot.talk.cards import Card, Form
from bot.turn import Turn
from tests.laws.world import World, holidays
from tests.play.company import PHRASES, Play, email_of

MOST_TICKS = 60
"""How often one subject may come due within a local day before we call it spinning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One decision, with what it was taken on."""

    event: Event
    situation: Situation
    before: str
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message at the moment it was put before somebody for the first time."""

    at: datetime
    to: str  # person id
    key: str
    message: Message
    decided_at: datetime
    parts: tuple[Nudged, ...] = ()  # what it says besides a check-in or an escalation, as decided
    people: Mapping[str, Person] = field(default_factory=dict)  # who was who when it was decided


class Watched:
    """A store whose every turn is shown to `taken` before it is written, and whose every event to `seen`."""

    def __init__(self, store: Store, seen: Callable[[Event], None], taken: Callable[[Taken], None]) -> None:
        self._store, self._seen, self._taken = store, seen, taken

    @contextmanager
    def work(self, *, several: bool = False) -> Iterator[Work]:
        with self._store.work(several=several) as work:
            yield WatchedWork(work, self._seen, self._taken)


class WatchedWork:
    def __init__(self, work: Work, seen: Callable[[Event], None], taken: Callable[[Taken], None]) -> None:
        self._work, self._seen, self._taken = work, seen, taken
        self._situation: Situation | None = None
        self._before = ""
        self._together: dict[str, tuple[Situation, str]] = {}  # by event id

    def accept(self, event: Event) -> bool:
        self._seen(event)
        return self._work.accept(event)

    def situation(self, event: Event) -> Situation | None:
        self._situation = self._work.situation(event)
        self._before = repr(self._situation)
        return self._situation

    def apply(self, event: Event, decision: Decision) -> None:
        assert self._situation is not None
        self._taken(Taken(event=event, situation=self._situation, before=self._before, decision=decision))
        self._work.apply(event, decision)

    def looks(self, ticks: Sequence[Ticked]) -> Mapping[str, Situation | None]:
        found = self._work.looks(ticks)
        for tick in ticks:
            self._knows(tick, found.get(tick.subject))
        return found

    def reports(self, events: Sequence[Delivered | Undelivered]) -> Mapping[int, Situation | None]:
        found = self._work.reports(events)
        for place, one in found.items():
            self._knows(events[place], one)
        return found

    def _knows(self, event: Event, situation: Situation | None) -> None:
        if situation is not None:
            self._together[event.id] = (situation, repr(situation))

    def apply_all(self, decided: Sequence[tuple[Event, Decision]]) -> None:
        for event, decision in decided:
            situation, before = self._together[event.id]
            self._seen(event)
            self._taken(Taken(event=event, situation=situation, before=before, decision=decision))
        self._work.apply_all(decided)


class Walk(Play):
    """`on_taken` and `on_post` are told what happens, before it is true; `on_week` when time passes quietly."""

    def __init__(self, engine: Engine, *, now: datetime) -> None:
        super().__init__(engine, now=now, holidays=holidays)
        self.on_taken: list[Callable[[Taken], None]] = []
        self.on_post: list[Callable[[Post], None]] = []
        self.events: list[Event] = []
        self.buttons: dict[str, list[Action]] = {}  # everything a person ever could press, by name
        self.messages: dict[str, tuple[datetime, Message, tuple[Nudged, ...], Mapping[str, Person]]] = {}  # as decided last
        self.closed = False  # the post office: nothing leaves while it is
        self.slow = False  # it was closed at some time
        self.ticks: dict[tuple[str, str], int] = {}
        self.lost: set[str] = set()  # whose account was gone, and who has not been seen since
        self.actor = ""  # whose gesture is being answered
        self.turn = Turn(Watched(self.store, self._seen, self._taken), PHRASES, committed=lambda: None)

    def world(self) -> World:
        return World(self.engine, self.now)

    def _seen(self, event: Event) -> None:
        if event.id not in {one.id for one in self.events[-3:]}:
            self.events.append(event)

    def _taken(self, taken: Taken) -> None:
        for law in self.on_taken:
            law(taken)
        for message in taken.decision.messages:
            rows = [change for change in taken.decision.changes if isinstance(change, Nudged)]
            parts = tuple(row for row in rows if row.key == message.key and row.done_at is None)
            self.messages[message.key] = (taken.event.at, message, parts, taken.situation.people)

    # ------------------------------------------------------------------------------------------------- time

    def tick(self) -> None:
        for subject in [subject for subject, due in self.world().agenda.items() if due <= self.now]:
            spun = (subject, f"{self.now:%Y-%m-%d}")
            self.ticks[spun] = self.ticks.get(spun, 0) + 1
            assert self.ticks[spun] <= MOST_TICKS, f"{subject} is looked at again and again on {spun[1]}"
        super().tick()

    def take_due(self, ticks: Sequence[Ticked]) -> None:
        for outcome in self.turn.take_all(ticks):
            if isinstance(outcome, Exception):
                raise outcome

    def deliver(self) -> int:
        return 0 if self.closed else super().deliver()

    def _deliver(self, parcel: Parcel) -> None:
        chat = self.chats.setdefault(parcel.email, [])
        expired = parcel.expires_at is not None and parcel.expires_at <= self.now and parcel.receipt is None
        reachable = parcel.addresses and parcel.email not in self.unreachable
        if reachable and not expired:
            decided_at, message, parts, people = self.messages[parcel.key]
            if all(seen.key != parcel.key for seen in chat):
                post = Post(
                    at=self.now,
                    to=parcel.to,
                    key=parcel.key,
                    message=message,
                    decided_at=decided_at,
                    parts=parts,
                    people=people,
                )
                for law in self.on_post:
                    law(post)
            self._offer(parcel.email.partition("@")[0], parcel.card)
        super()._deliver(parcel)

    def _offer(self, name: str, card: Card) -> None:
        known = self.buttons.setdefault(name, [])
        known.extend(button.action for button in card.buttons() if button.action not in known)

    # --------------------------------------------------------------------------------------------- gestures

    def gesture(self, name: str, do: Callable[[], Outcome]) -> Outcome:
        """What a person does; answers to it may come at any hour."""
        self.actor = email_of(name)
        self.lost -= {self.actor} - self.unreachable
        try:
            return do()
        finally:
            self.actor = ""

    def fill(self, name: str, form: Form, values: Mapping[str, str]) -> Outcome:
        event = Submitted(id=self._id(), at=self.now, by=self.address(email_of(name)), action=form.action, values=values)
        return self._after(self.turn.take(event))

    def measured(self, event: Measured) -> Outcome:
        return self._after(self.turn.take(event))

    def next_id(self) -> str:
        return self._id()

    def again(self, event: Event) -> Outcome:
        return self._after(self.turn.take(event))

    def imported(self, who: Person) -> None:
        """One person's row in a new import of people."""
        with self.imports.begin() as imported:
            imported.apply_people([who], at=self.now, cause=self._id())
        self.tick()
