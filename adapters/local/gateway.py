"""The playground's chat: one conversation per e-mail address, in memory, watched by the page.

Lives in one event loop; nothing here blocks and nothing here is kept when the process ends.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.events import Address, Platform, Profile, Receipt
from bot.model import Person
from bot.ports import Clock, Refused, stem_of
from bot.talk.cards import Card
from bot.talk.text import fold_email

TENANT = "playground"

KEPT = 400
"""Lines a conversation keeps; the oldest go first. Nobody scrolls further, and a demo may run for days."""


def address_of(email: str) -> Address:
    """The account a person has here: their e-mail. A team's channel is `#` and the team's name."""
    return Address(platform=Platform.LOCAL, tenant=TENANT, user=fold_email(email))


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A card from Rondo. `at` is on the clock one can move, `sent_at` real time; `revision` counts its edits."""

    id: str
    key: str
    card: Card
    revision: int = 0
    at: datetime
    sent_at: datetime
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A line that the person wrote."""

    id: str
    text: str
    at: datetime


Line = Posted | Heard


@dataclass(slots=True)
class Conversation:
    """What was said between Rondo and one person, oldest first."""

    lines: list[Line] = field(default_factory=list)
    unread: int = 0


class Watch:
    """One page that looks on: remembers what changed since it last asked, however slow it is."""

    def __init__(self) -> None:
        self._changed: dict[str, None] = {}
        self._awake = asyncio.Event()

    def tell(self, email: str) -> None:
        """This conversation changed."""
        self._changed[email] = None
        self._awake.set()

    def wake(self) -> None:
        """Something else changed: look now."""
        self._awake.set()

    async def changes(self, limit_seconds: float) -> Sequence[str]:
        """Whose conversations changed, waiting for the first of them at most `limit_seconds`."""
        if not self._awake.is_set():
            try:
                await asyncio.wait_for(self._awake.wait(), limit_seconds)
            except TimeoutError:
                return ()
        self._awake.clear()
        changed = tuple(self._changed)
        self._changed.clear()
        return changed


class LocalGateway:
    """Implements `bot.ports.Gateway`; `clock` dates what is posted."""

    platform = Platform.LOCAL
    can_read_back = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._conversations: dict[str, Conversation] = {}
        self._posted: dict[str, tuple[str, str]] = {}  # message id → e-mail and key
        self._watches: set[Watch] = set()
        self._count = 0
        self.happened = 0
        """How often anything became visible: two equal values mean that nothing did in between."""
        self.closed = False

    # ------------------------------------------------------------------------------------------ Gateway

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        """Post a card. The same key again is posted again: that is what a real platform does."""
        self._count += 1
        email, id = address.user, f"m{self._count}"
        posted = Posted(id=id, key=key, card=card, at=self._clock.now(), sent_at=datetime.now(UTC))
        conversation = self._conversation(email)
        conversation.unread += 1
        self._posted[id] = (email, key)
        self._add(email, posted)
        return Receipt(address=address, place=email, id=id)

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        """Replace a card in place; Refused where there is none."""
        conversation = self._conversation(receipt.place)
        for at, line in enumerate(conversation.lines):
            if isinstance(line, Posted) and line.id == receipt.id:
                if line.card != card:
                    now = self._clock.now()
                    conversation.lines[at] = replace(line, card=card, revision=line.revision + 1, edited_at=now)
                    self._tell(receipt.place)
                return receipt
        raise Refused("message_not_found")

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        """The newest message with this key that was posted at or after `since` (real time)."""
        for line in reversed(self._conversation(address.user).lines):
            if not isinstance(line, Posted) or line.sent_at < since:
                continue
            same = lost_until is not None and line.sent_at <= lost_until and stem_of(line.key) == stem_of(key)
            if line.key == key or same:
                return Receipt(address=address, place=address.user, id=line.id)
        return None

    async def profile(self, address: Address) -> Profile | None:
        """Whoever chats here is whom they say they are: that is what a playground is for."""
        return Profile(email=address.user)

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        """Everybody has an account here."""
        return address_of(email), Profile(email=email)

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        """Nobody in particular: see `locate`."""
        return ()

    # ------------------------------------------------------------------------------------------ the page

    def hear(self, email: str, line: Heard) -> None:
        """Put down what the person wrote; the same line again changes nothing."""
        email = fold_email(email)
        if all(other.id != line.id for other in self._conversation(email).lines):
            self._add(email, line)

    def lines(self, email: str) -> Sequence[Line]:
        """The conversation, oldest first."""
        return tuple(self._conversation(fold_email(email)).lines)

    def unread(self, email: str) -> int:
        """Messages that came since the conversation was last looked at."""
        return self._conversation(fold_email(email)).unread

    def channels(self, people: Iterable[Person]) -> Mapping[str, object]:
        """The channels of these people's teams, as the page lists them beside the people."""
        places = {address_of(f"#{one.team}").user: one.team for one in people if one.team}
        return {"channels": [{"email": id, "name": places[id], "unread": self.unread(id)} for id in sorted(places)]}

    def read(self, email: str) -> None:
        """Somebody looked at the conversation."""
        conversation = self._conversation(fold_email(email))
        if conversation.unread:
            conversation.unread = 0
            self._tell(fold_email(email), seen=True)

    def posted(self, key: str) -> Posted | None:
        """The newest message with this key, in whichever conversation."""
        for id in reversed([id for id, (_, other) in self._posted.items() if other == key]):
            for line in self._conversation(self._posted[id][0]).lines:
                if isinstance(line, Posted) and line.id == id:
                    return line
        return None

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Watch]:
        """Look on from now until the block ends."""
        watch = Watch()
        self._watches.add(watch)
        try:
            yield watch
        finally:
            self._watches.discard(watch)

    def wake(self) -> None:
        """The clock moved: whoever looks on should look now."""
        for watch in self._watches:
            watch.wake()

    def close(self) -> None:
        """The server is about to end: open streams end with it."""
        self.closed = True
        self.wake()

    # ------------------------------------------------------------------------------------------ inside

    def _conversation(self, email: str) -> Conversation:
        return self._conversations.setdefault(email, Conversation())

    def _add(self, email: str, line: Line) -> None:
        lines = self._conversation(email).lines
        lines.append(line)
        for old in lines[:-KEPT]:
            self._posted.pop(old.id, None)
        del lines[:-KEPT]
        self._tell(email)

    def _tell(self, email: str, *, seen: bool = False) -> None:
        if not seen:
            self.happened += 1
        for watch in self._watches:
            watch.tell(email)
