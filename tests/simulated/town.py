"""A company in which people act by themselves: what happens next is either due on the agenda or something somebody does.

Real turns, storage and phrases; messages are delivered at once. What people do is scheduled by `tests.simulated.habits`.
"""

import heapq
import itertools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from sqlalchemy import Engine

from bot.decision import Decision, LookAtAll, Message, Reply
from bot.events import Event, Introduced, Pressed, Profile, Said, Submitted, Ticked
from bot.model import CheckIn, Goal, Nudged, Person, PolicyChange, Scope
from bot.ports import Outcome, Parcel
from bot.rules import policy
from bot.rules.threshold import Threshold
from bot.talk.actions import Action
from bot.talk.cards import Card, Form
from bot.turn import Turn
from storage import effects
from storage.engine import open_engine, writing
from storage.migrate import migrate
from tests.play.company import Play, Seen

Act = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message Rondo started by itself, when it was put before somebody. `parts`: what it says besides a check-in."""

    at: datetime
    to: str  # person id
    message: Message
    parts: tuple[Nudged, ...]

    @property
    def rule(self) -> str:
        return self.message.rule

    @property
    def by_wish(self) -> bool:
        """The person put it off themselves: it comes back when they said."""
        return "snoozed" in self.message.facts


class Town(Play):
    """`on_post` is told of every message Rondo starts, `on_seen` of every new one; `lets` puts something people do ahead."""

    def __init__(self, engine: Engine, *, now: datetime, holidays: Callable[[str, int], frozenset[date]]) -> None:
        super().__init__(engine, now=now, holidays=holidays)
        self.people: dict[str, Person] = {}
        self.goals: dict[str, Goal] = {}
        self.checkins: dict[str, CheckIn] = {}
        self.policies: tuple[PolicyChange, ...] = ()
        self.posts: list[Post] = []
        self.held: dict[tuple[str, str], str] = {}  # why somebody was not asked, by person and week
        self.moved: set[str] = set()  # whose row was imported again
        self.on_post: list[Callable[[Post], None]] = []
        self.on_seen: list[Callable[[Person, Seen, Message], None]] = []
        self.turns = 0
        self.turn = _Noted(self.turn, self._noted)
        self._said: dict[str, tuple[Message, tuple[Nudged, ...]]] = {}
        self._ahead: list[tuple[datetime, int, Act]] = []
        self._count = itertools.count()

    # ------------------------------------------------------------------------------------------------- what is known

    def _noted(self, decision: Decision) -> None:
        self.turns += 1
        rows = [change for change in decision.changes if isinstance(change, Nudged)]
        for message in decision.messages:
            self._said[message.key] = message, tuple(row for row in rows if row.key == message.key)
        for entry in decision.entries:
            if entry.name == "nudge:checkin.prompt:held":
                self.held[entry.person, entry.facts["period"]] = entry.outcome
        for change in decision.changes:
            match change:
                case Person():
                    self.people[change.id] = change
                case Goal():
                    self.goals[change.id] = change
                case CheckIn():
                    self.checkins[change.id] = change
                case PolicyChange():
                    self.policies = (*self.policies, change)
                case _:
                    pass

    def known(self) -> None:
        """Read who and what there is, after an import."""
        self.people = {one.id: one for one in self.imports.read_people()}
        self.goals = {one.id: one for one in self.imports.read_goals()}

    def joined(self, *people: Person) -> None:
        """Everybody has an account."""
        self.known()
        for who in people:
            profile = Profile(email=who.email)
            self.turn.take(Introduced(id=self._id(), at=self.now, by=self.address(who.email), profile=profile))

    def setting(self, person: Person, threshold: Threshold) -> policy.Setting:
        return policy.for_person(self.policies, person, threshold)

    # ----------------------------------------------------------------------------------------------- what happens

    def sets(self, name: str, value: str | None, scope: Scope | None = None) -> None:
        """A policy version, as HR's *Confirm* writes it."""
        change = PolicyChange(
            version=len(self.policies) + 1,
            at=self.now,
            author=min(self.people),
            threshold=name,
            scope=scope or Scope(),
            value=value,
        )
        self._write(Decision(changes=(change,), looks=(LookAtAll(scope=change.scope, at=self.now),)))

    def changes(self, person: Person) -> None:
        """A person as they are from now on, as an import has them."""
        with self.imports.begin() as imported:
            imported.apply_people([person], at=self.now, cause=self._id())
        self.people[person.id] = person
        self.moved.add(person.id)

    def leaves(self, person_id: str, last: date) -> None:
        """It becomes known that somebody leaves."""
        with self.imports.begin() as imported:
            person = next(one for one in imported.read_people() if one.id == person_id)
        self.changes(replace(person, end_date=last))

    def _write(self, decision: Decision) -> None:
        event = Said(id=self._id(), at=self.now, by=self.address(""), text="")
        with writing(self.engine) as connection:
            effects.write(connection, event, decision)
        self._noted(decision)

    def says(self, person: Person, text: str) -> None:
        self._act(Said(id=self._id(), at=self.now, by=self.address(person.email), text=text))

    def presses(self, person: Person, action: Action) -> Reply | None:
        return self._act(Pressed(id=self._id(), at=self.now, by=self.address(person.email), action=action))

    def submits(self, person: Person, form: Form, values: dict[str, str]) -> Reply | None:
        by = self.address(person.email)
        return self._act(Submitted(id=self._id(), at=self.now, by=by, action=form.action, values=values))

    def _act(self, event: Event) -> Reply | None:
        outcome = self.turn.take(event)
        self.deliver()
        return outcome.decision.reply if outcome.decision is not None else None

    def sees(self, person: Person, key: str) -> Card | None:
        """A message as it stands now."""
        return next((seen.card for seen in self.chats.get(person.email, ()) if seen.key == key), None)

    def take_due(self, ticks: Sequence[Ticked]) -> None:
        self.turn.take_all(ticks)

    def _deliver(self, parcel: Parcel) -> None:
        chat = self.chats.setdefault(parcel.email, [])
        before = len(chat)
        super()._deliver(parcel)
        if len(chat) == before:
            return
        message, parts = self._said[parcel.key]
        if message.rule:
            post = Post(at=self.now, to=parcel.to, message=message, parts=parts)
            for watch in self.on_post:
                watch(post)
            self.posts.append(post)
        for see in self.on_seen:
            see(self.people[parcel.to], chat[-1], message)

    # ------------------------------------------------------------------------------------------------------ time

    def lets(self, at: datetime, act: Act) -> None:
        """Somebody does something at `at`."""
        heapq.heappush(self._ahead, (at, next(self._count), act))

    def live(self, until: datetime) -> None:
        """Time passes, instant by instant at which something is due or done."""
        while True:
            due = self.agenda.next_due()
            at = min([one for one in (due, self._ahead[0][0] if self._ahead else None) if one is not None], default=until)
            if at >= until:
                break
            self.now = max(self.now, at)
            while self._ahead and self._ahead[0][0] <= self.now:
                heapq.heappop(self._ahead)[2]()
            self.tick()
        self.now = until
        self.tick()


class _Noted(Turn):
    """A turn that shows what was decided once it is true."""

    def __init__(self, turn: Turn, noted: Callable[[Decision], None]) -> None:
        self._turn, self._noted = turn, noted

    def take(self, event: Event) -> Outcome:
        outcome = self._turn.take(event)
        if outcome.decision is not None:
            self._noted(outcome.decision)
        return outcome

    def take_all(self, events: Sequence[Event]) -> list[Outcome | Exception]:
        outcomes = self._turn.take_all(events)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
            if outcome.decision is not None:
                self._noted(outcome.decision)
        return outcomes


@cache
def _template() -> sqlite3.Connection:
    """A database in memory with the newest schema and nothing in it."""
    engine = open_engine("sqlite://")
    migrate(engine)
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    with engine.connect() as source:
        driver = source.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.commit()
        driver.backup(connection)
    engine.dispose()
    return connection


@contextmanager
def in_memory() -> Iterator[Engine]:
    """A fresh database in memory."""
    engine = open_engine("sqlite://")
    raw = engine.raw_connection()
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    _template().backup(raw.driver_connection)
    raw.close()
    try:
        yield engine
    finally:
        engine.dispose()
