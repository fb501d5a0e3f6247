"""The door for people: takes an event through the turn, and asks the platform whose account it is where nobody knows."""

import asyncio
from collections.abc import Mapping

from bot.events import ByPerson, Introduced, Platform
from bot.ports import Gateway, Outcome
from bot.turn import Turn


class Door:
    """Implements `bot.ports.Inbound`."""

    def __init__(self, turn: Turn, gateways: Mapping[Platform, Gateway]) -> None:
        self._turn = turn
        self._gateways = gateways

    async def receive(self, event: ByPerson) -> Outcome:
        """Take a person's event; an unknown account is introduced first, where its platform vouches for an e-mail.

        Raises a DeliveryError when the platform cannot be asked and Conflict after too many lost races: nothing was
        written then, and the platform should repeat the event.
        """
        outcome = await asyncio.to_thread(self._turn.take, event)
        if outcome.known:
            return outcome
        profile = await self._gateways[event.by.platform].profile(event.by)
        if profile is None or profile.email is None:
            return outcome
        introduced = Introduced(id=f"introduced:{event.id}", at=event.at, by=event.by, profile=profile)
        if not (await asyncio.to_thread(self._turn.take, introduced)).known:
            return outcome
        return await asyncio.to_thread(self._turn.take, event)
