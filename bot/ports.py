"""What the core's shell needs from the outside, as protocols. Storage, adapters and the scheduler provide or use them."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.decision import Decision, Lane, OnDoubt
from bot.events import Address, ByPerson, Delivered, Event, Platform, Profile, Receipt, Removed, Said, Ticked, Undelivered
from bot.situation import Situation
from bot.talk.cards import Card, Chart

Holidays = Callable[[str, int], frozenset[date]]
"""Public holidays of a country (ISO 3166) in a year; empty for a country nobody has a calendar for."""


Draw = Callable[[Chart], bytes]
"""A chart as a PNG picture. Blocking, and it may fail: a message never depends on it."""


class Clock(Protocol):
    """What time it is for due-ness (virtual in development and tests)."""

    def now(self) -> datetime:
        """An aware UTC instant."""
        ...


class Work(Protocol):
    """One unit of work: one transaction. Leaving the `with` block without an error commits, anything else rolls back."""

    def accept(self, event: Event) -> bool:
        """Record the event as seen. False: it was seen before, or (ticks and delivery reports) its fence is stale."""
        ...

    def situation(self, event: Event) -> Situation | None:
        """All that `decide` needs to know. None: the address belongs to nobody we know."""
        ...

    def apply(self, event: Event, decision: Decision) -> None:
        """Write state, ledger, outbox and agenda."""
        ...

    def looks(self, ticks: Sequence[Ticked]) -> Mapping[str, Situation | None]:
        """Several desks that are due at once: by subject, what is known. None: nothing to decide (a stale fence, nobody).

        Left out: to be taken later. Nothing is recorded yet.
        """
        ...

    def reports(self, events: Sequence[Delivered | Undelivered]) -> Mapping[int, Situation | None]:
        """Several reports that came together, settled: by place, what is known. None: nothing to decide (a stale fence).

        Left out, and nothing recorded: to be taken alone, after these.
        """
        ...

    def apply_all(self, decided: Sequence[tuple[Event, Decision]]) -> None:
        """Record ticks as seen and write what follows, as if the events had been taken one after the other."""
        ...


class Conflict(Exception):
    """Somebody else changed the same desk at the same time: nothing was written; decide again."""


class TooSlow(Exception):
    """Whoever sent an event was not kept waiting any longer. It may be written nevertheless; sent again, it counts once."""


class Store(Protocol):
    """The truth."""

    def work(self, *, several: bool = False) -> AbstractContextManager[Work]:
        """Begin a unit of work; raises Conflict from its exit when it must be repeated. `several`: it is for many events."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A claimed agenda row."""

    subject: str
    due: datetime
    fence: int


class Agenda(Protocol):
    """When to look next."""

    def claim_due(self, now: datetime, *, limit: int) -> Sequence[Due]:
        """Rows due at `now`, earliest first, leased for a minute of real time so that replicas do not collide."""
        ...

    def next_due(self) -> datetime | None:
        """The earliest instant at which anything is due."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A claimed outbox row: what must be sent (`receipt` None) or edited in place."""

    key: str
    revision: int
    fence: int
    attempt: int
    to: str
    card: Card
    lane: Lane
    on_doubt: OnDoubt
    expires_at: datetime | None
    addresses: tuple[Address, ...]  # best first; empty: nobody knows where this person is
    email: str
    receipt: Receipt | None
    doubtful_since: datetime | None  # set: an earlier attempt may have arrived (real time)
    lost_until: datetime | None = None  # set: perhaps sent until then (real time) by a database that a backup replaced
    resent: int = 0  # times it was sent again after a doubt
    rule: str = ""
    reason: str = ""  # what the attempt before said
    given_up: tuple[Address, ...] = ()  # where nothing arrives any more; an attempt that is in doubt may have gone there


_STAMP = re.compile(r":(\d{8}T\d{6}|\d{6})$", re.ASCII)


def stem_of(key: str) -> str:
    """A message's key without the instant it was decided at: decided again after a restore, only that instant differs."""
    return _STAMP.sub("", key)


NOWHERE = "nowhere"
"""The queue of messages to people without any account."""


def queue_of(address: Address | None, *, edit: bool = False) -> str:
    """The name of the queue in which a message to this address waits: posts and edits of one workspace wait apart."""
    if address is None:
        return NOWHERE
    return f"{address.platform.value}/{address.tenant}{'/edit' if edit else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many messages of one queue may be claimed now: of any lane, and of those that go before nudges."""

    rows: int
    urgent: int


Rooms = Callable[[str], Room]
"""The room of a queue, by its name; any thread."""


def plenty(queue: str) -> Room:
    """As much as is asked for."""
    return Room(rows=1_000_000, urgent=1_000_000)


class Outbox(Protocol):
    """What should be seen by people and is not yet. Leases are real time, expiry is due-time."""

    def claim(self, *, now: datetime, limit: int, rooms: Rooms = plenty) -> Sequence[Parcel]:
        """Ready rows, marked `sending` under a new fence and committed; at most one per recipient, no queue beyond its room.

        What people wait for comes first, then the queues take turns.
        """
        ...

    def resend(self, parcel: Parcel) -> bool:
        """Count, before a message in doubt leaves again, that it does. False: somebody else has claimed it meanwhile."""
        ...

    def later(self, parcel: Parcel, *, seconds: float, reason: str) -> None:
        """Certainly not posted: ready again after `seconds`."""
        ...

    def doubtful(self, parcel: Parcel, *, settle_seconds: float, reason: str) -> None:
        """Perhaps posted: state `unknown`, looked at again after `settle_seconds`."""
        ...

    def waiting(self, *, within_seconds: float | None = None, but: Collection[str] = ()) -> int:
        """How many rows are not settled yet (pending, sending or unknown) and can still become so without a person.

        `within_seconds`: only those that are tried (again) within so many seconds of real time. `but`: not in these queues.
        """
        ...


class DeliveryError(Exception):
    """A message did not get through; the subclass says what that means."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(DeliveryError):
    """Certainly not posted; try again after `seconds` (None: back off). `whole_tenant`: the limit binds the workspace.

    `broken`: the workspace takes nothing from us (token, installation, permission) until somebody mends that.
    """

    def __init__(self, reason: str, *, seconds: float | None = None, whole_tenant: bool = False, broken: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.whole_tenant = whole_tenant or broken
        self.broken = broken


class Gone(DeliveryError):
    """This person cannot be reached at this address."""


class Refused(DeliveryError):
    """The platform says the message itself is wrong."""


class Unreadable(DeliveryError):
    """Nobody can read back there: a channel whose history the app may not see."""


class StartAgain(DeliveryError):
    """A directory cannot go on from where it was read: read it from the start."""


class InDoubt(DeliveryError):
    """Bytes left, no clear answer came back: perhaps posted."""


class Gateway(Protocol):
    """A platform's way out."""

    platform: Platform
    can_read_back: bool

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        """Post a message; raises a DeliveryError."""
        ...

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        """Replace a message's contents in place; raises a DeliveryError."""
        ...

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        """Read back whether a message with this key was posted since an instant (real time).

        `lost_until`: posted up to then, one with the same stem is the same message (see `stem_of`).
        """
        ...

    async def profile(self, address: Address) -> Profile | None:
        """What the platform vouches for about an account; None: nothing. Raises a DeliveryError."""
        ...

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        """The account with this verified e-mail, where the platform can look one up. Raises a DeliveryError."""
        ...

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        """All accounts with a verified e-mail, where the platform can list them (else none). Raises a DeliveryError."""
        ...


class History(Protocol):
    """A platform on which can be read back what people wrote while nobody listened."""

    async def overheard(self, address: Address, *, since: datetime, now: datetime) -> Sequence[Said]:
        """What this person wrote to Rondo since an instant (real time), oldest first, as said `now`. Raises a DeliveryError."""
        ...


class Inbound(Protocol):
    """The one door as adapters see it."""

    async def receive(self, event: ByPerson) -> "Outcome":
        """Take an event of a person, introducing them first where they are not known yet."""
        ...


class Entrance(Inbound, Protocol):
    """The door of a platform that tells when somebody takes the app away."""

    async def removed(self, event: Removed) -> "Outcome":
        """Take it; nobody is introduced, and the platform is not asked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an event: `decision` None means it was seen before (`known` True) or nobody knows the person.

    `tell`: a colleague whom nobody has imported yet may be told so now; seldom, since they could make Rondo write without end.
    """

    known: bool
    decision: Decision | None
    tell: bool = False
