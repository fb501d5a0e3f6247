"""A platform's way out as one process sees it: `bot.ports.Gateway` over a `Chat`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from adapters.simulate.chat import Chat
from bot.events import Address, Platform, Profile, Receipt
from bot.talk.cards import Card


class SimulatedGateway:
    """`sender` names the process: a 429 binds the one that was told. `left` is called when a request is on its way."""

    def __init__(self, chat: Chat, sender: str, left: Callable[[], None]) -> None:
        self._chat, self._sender, self._left = chat, sender, left
        self.platform = chat.platform
        self.can_read_back = chat.platform is Platform.SLACK

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        """Post a message."""
        answer = self._chat.post(self._sender, address.user, key, card)
        self._left()
        receipt: Receipt = await answer
        return receipt

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        """Replace a message's contents."""
        answer = self._chat.edit(self._sender, receipt, card, key)
        self._left()
        edited: Receipt = await answer
        return edited

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        """Read back."""
        found: Receipt | None = await self._chat.read(self._sender, address.user, key, since)
        return found

    async def profile(self, address: Address) -> Profile | None:
        """Whose account it is."""
        await self._chat.look_up(self._sender)
        account = self._chat.accounts.get(address.user)
        return None if account is None else self._chat.profile(account)

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        """Slack looks people up by e-mail, Teams does not."""
        if self.platform is not Platform.SLACK:
            return None
        await self._chat.look_up(self._sender)
        account = self._chat.of_email.get(email)
        if account is None or self._chat.is_gone(account.user):
            return None
        return self._chat.address(account), self._chat.profile(account)

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        """Slack lists its accounts, Teams does not."""
        if self.platform is not Platform.SLACK:
            return ()
        await self._chat.look_up(self._sender)
        return [(self._chat.address(one), self._chat.profile(one)) for one in self._chat.listing()]
