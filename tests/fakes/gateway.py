"""A platform that writes down what reaches it and answers as scripted. In memory; enforces nothing."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.events import Address, Platform, Profile, Receipt
from bot.ports import stem_of
from bot.talk.cards import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One message as it arrived, or one edit of it."""

    address: Address
    key: str
    card: Card
    edit: bool = False


@dataclass
class RecordingGateway:
    """Implements `bot.ports.Gateway`.

    `script` holds, per key (or `*`), what the next sends and edits do: an exception is raised; a `Lost` posts and then
    raises; an `asyncio.Event` is waited for first. Without a script everything arrives.
    """

    platform: Platform = Platform.LOCAL
    can_read_back: bool = True
    arrived: list[Seen] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    looked_for: list[str] = field(default_factory=list)
    accounts: dict[str, tuple[Address, Profile]] = field(default_factory=dict)  # by e-mail
    listings: int = 0
    directory_error: Exception | None = None
    locate_error: Exception | None = None
    find_error: Exception | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    _script: defaultdict[str, deque[object]] = field(default_factory=lambda: defaultdict(deque))

    def will(self, *steps: object, key: str = "*") -> None:
        """Script the next attempts."""
        self._script[key].extend(steps)

    @property
    def keys(self) -> list[str]:
        """Keys of posted messages, in order of arrival."""
        return [seen.key for seen in self.arrived if not seen.edit]

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        self.tried.append(key)
        await self._follow(Seen(address=address, key=key, card=card))
        return self._receipt(address, key)

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        self.tried.append(key)
        await self._follow(Seen(address=receipt.address, key=key, card=card, edit=True))
        return receipt

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        self.looked_for.append(key)
        if self.find_error is not None:
            raise self.find_error
        wanted = {key} if lost_until is None else {key, stem_of(key)}
        found = (one.key for one in self.arrived if one.address == address and {one.key, stem_of(one.key)} & wanted)
        posted = next(found, None)
        return self._receipt(address, posted) if posted is not None else None

    async def profile(self, address: Address) -> Profile | None:
        return next((profile for known, profile in self.accounts.values() if known == address), None)

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        if self.locate_error is not None:
            raise self.locate_error
        return self.accounts.get(email)

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        self.listings += 1
        if self.directory_error is not None:
            raise self.directory_error
        return tuple(self.accounts.values())

    async def _follow(self, seen: Seen) -> None:
        steps = self._script[seen.key] or self._script["*"]
        self.entered.set()
        while steps:
            step = steps.popleft()
            match step:
                case asyncio.Event():
                    await step.wait()
                    continue
                case Lost():
                    self.arrived.append(seen)
                    raise step.error
                case Exception():
                    raise step
                case _:
                    break
        self.arrived.append(seen)

    @staticmethod
    def _receipt(address: Address, key: str) -> Receipt:
        return Receipt(address=address, place=f"dm-{address.user}", id=f"id-{key}")


@dataclass(frozen=True)
class Lost:
    """The message arrives and the sender does not learn of it."""

    error: Exception
