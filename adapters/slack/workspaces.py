"""Many workspaces as one Gateway: each has a `SlackGateway` of its own, so that nothing of one can reach another.

Which ones there are, and their tokens: `adapters.slack.tokens`. A workspace that an organisation's install reaches is one
like any other; only its token is shared.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from slack_sdk.oauth.installation_store import Installation

from adapters.slack import inbound
from adapters.slack.gateway import SlackGateway
from adapters.slack.kept import Workspace, home
from adapters.slack.tokens import Token, Tokens
from bot.events import Address, Platform, Profile, Receipt, Said
from bot.ports import DeliveryError, Gone, Later
from bot.talk.cards import Card, Form

ENDINGS: Final = frozenset({"app_uninstalled", "tokens_revoked"})
REACH: Final = frozenset({"team_access_granted", "team_access_revoked"})
KEPT: Final = 60.0  # seconds the list of workspaces is believed
AROUND: Final = 3600.0  # seconds between two questions which workspaces an organisation-wide install reaches
REMEMBERED: Final = 20_000  # people of organisations whose workspace is remembered

log = logging.getLogger("rondo.slack")


class SlackWorkspaces:
    """Implements `bot.ports.Gateway`, and what the routes need, for every workspace Rondo is installed in."""

    platform = Platform.SLACK
    can_read_back = True

    def __init__(
        self,
        tokens: Tokens,
        make: Callable[[str, Token], SlackGateway],
        *,
        back: Callable[[str], None] = lambda team: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`make`: the gateway of one workspace, by its id. `back`: told of each that Rondo came into, or came back to."""
        self._tokens, self._make, self._back, self._monotonic = tokens, make, back, monotonic
        self._gone: frozenset[str] | None = None  # workspaces without a token when they were looked at last
        self._around_at = float("-inf")
        self._gateways: dict[str, SlackGateway] = {}
        self._listed: tuple[Sequence[Workspace], float] = ((), 0.0)
        self._homes: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def close(self) -> None:
        """Give the connections back."""
        for gateway in self._gateways.values():
            await gateway.close()

    def forget(self) -> None:
        """Look again which workspaces there are."""
        self._listed = ((), 0.0)
        self._tokens.forget()

    # ------------------------------------------------------------------------------------------ messages

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        """See `SlackGateway.send`."""
        return await (await self._of(address.tenant)).send(address, card, key=key)

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        """See `SlackGateway.edit`."""
        return await (await self._of(receipt.address.tenant)).edit(receipt, card, key=key)

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        """See `SlackGateway.find`."""
        return await (await self._of(address.tenant)).find(address, key=key, since=since, lost_until=lost_until)

    async def overheard(self, address: Address, *, since: datetime, now: datetime) -> Sequence[Said]:
        """See `SlackGateway.overheard`."""
        return await (await self._of(address.tenant)).overheard(address, since=since, now=now)

    async def open_form(self, trigger: str, form: Form, *, by: Address | None = None) -> None:
        """See `SlackGateway.open_form`; `by` says in which workspace."""
        if by is None:
            raise Later("a form for nobody")
        await (await self._of(by.tenant)).open_form(trigger, form)

    async def show_home(self, address: Address, card: Card) -> None:
        """See `SlackGateway.show_home`."""
        await (await self._of(address.tenant)).show_home(address, card)

    # ------------------------------------------------------------------------------------------ people

    async def profile(self, address: Address) -> Profile | None:
        """See `SlackGateway.profile`."""
        if await self._tokens.find(address.tenant) is None:
            return None
        return await (await self._of(address.tenant)).profile(address)

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        """The account with this verified e-mail in any of the workspaces. One that cannot be asked hides no other."""
        failed: DeliveryError | None = None
        for team in await self._teams():
            try:
                found = await (await self._of(team)).locate(email)
            except DeliveryError as error:
                failed = error
                continue
            if found is not None:
                return found
        if failed is not None:
            raise failed
        return None

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        """Everybody in every workspace that can be listed now: of another nobody is in it. Raises where none can be."""
        found: list[tuple[Address, Profile]] = []
        failed: DeliveryError | None = None
        listed = 0
        for team in await self._teams():
            try:
                found += await (await self._of(team)).directory()
                listed += 1
            except DeliveryError as error:
                failed = error
                log.warning("no directory", extra={"tenant": team, "reason": error.reason})
        if failed is not None and not listed:
            raise failed
        return found

    # ------------------------------------------------------------------------------------------ whose request

    async def ours(self, by: Address, enterprise: str = "") -> Address | None:
        """Whose a request is, as we keep the address; None: no workspace of ours. Raises a DeliveryError.

        An organisation-wide install gets requests in the organisation's name (`E…`): then the person's workspace counts.
        """
        if by.tenant.startswith("E"):
            team = await self._home_of(by)
            return Address(platform=by.platform, tenant=team, user=by.user, route=by.route) if team else None
        return by if await self._tokens.find(by.tenant, enterprise) is not None else None

    async def _home_of(self, by: Address) -> str:
        who = (by.tenant, by.user)
        if who not in self._homes:
            if await self._tokens.find(by.tenant) is None:
                return ""
            teams = set(await self._teams())
            homes = await (await self._of(by.tenant)).homes(by.user)
            team = next((one for one in homes if one in teams), "")
            if not team:
                return ""
            self._homes[who] = team
            if len(self._homes) > REMEMBERED:
                self._homes.popitem(last=False)
        return self._homes[who]

    # ------------------------------------------------------------------------------------------ installs

    async def changed(self, payload: Mapping[str, Any]) -> None:
        """Somebody removed Rondo, or an organisation let it into more or fewer workspaces. Raises a DeliveryError."""
        event = payload.get("event")
        kind = event.get("type") if isinstance(event, dict) else None
        team, enterprise = inbound.team(payload), inbound.enterprise(payload)
        if kind in ENDINGS:
            await self._tokens.check(team, enterprise)
        elif kind in REACH:
            for one in dict.fromkeys((enterprise, team)):
                installed = await self._tokens.find(one, fresh=True) if one else None
                if installed is not None and installed.is_enterprise_install:
                    await self._tokens.reached(installed)
                    break
        else:
            return
        self._homes.clear()
        self.forget()

    async def look(self) -> None:
        """Once a minute: renew what runs out, and see who came and went, here or at another replica."""
        await self._tokens.renew_due()
        if self._monotonic() - self._around_at > AROUND:
            self._around_at = self._monotonic()
            await self.look_around()
        self.forget()
        known = await self._workspaces()
        before, self._gone = self._gone, frozenset(one.id for one in known if one.removed)
        if before is not None:
            for one in known:
                if one.id in before and not one.removed:
                    self._back(one.id)

    async def installed(self, installation: Installation) -> None:
        """Rondo came into a workspace, or into an organisation, whose workspaces are asked for."""
        teams = [home(installation)]
        if installation.is_enterprise_install:
            try:
                teams = list(await self._tokens.reached(installation))
            except DeliveryError as error:  # the next look asks again
                log.warning("workspaces of an organisation not listed", extra={"tenant": teams[0], "reason": error.reason})
        self.forget()
        for team in teams:
            self._back(team)

    async def look_around(self) -> None:
        """Which workspaces the organisation-wide installs reach; a failure waits for the next time."""
        for one in [one for one in await self._workspaces() if one.id == one.enterprise and not one.removed]:
            installed = await self._tokens.find(one.id, fresh=True)
            try:
                if installed is not None and home(installed) == one.id:
                    await self._tokens.reached(installed)
            except DeliveryError as error:
                log.warning("workspaces of an organisation not listed", extra={"tenant": one.id, "reason": error.reason})
        self.forget()

    async def _teams(self) -> list[str]:
        """Ids of the workspaces that can be written to."""
        found = [one.id for one in await self._workspaces() if not one.removed and one.id != one.enterprise]
        return [team for team in found if await self._tokens.find(team) is not None]

    async def _workspaces(self) -> Sequence[Workspace]:
        found, until = self._listed
        if until <= self._monotonic():
            found = await self._tokens.known()
            self._listed = found, self._monotonic() + KEPT
        return found

    async def _of(self, team: str) -> SlackGateway:
        """The gateway of a workspace. Raises Gone for what is no workspace of ours and never was."""
        if team not in self._gateways:
            if await self._tokens.find(team) is None and team not in {one.id for one in await self._workspaces()}:
                raise Gone("another workspace")
            self._gateways.setdefault(team, self._make(team, self._tokens.of(team)))
        return self._gateways[team]
