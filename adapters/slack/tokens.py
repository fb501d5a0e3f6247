"""Which token goes with which workspace: looked up, kept for a moment, renewed before it runs out, given up when it died.

Installs live in the database (`adapters.slack.kept`), so that replicas agree. Renewing: `adapters.slack.renewing`.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, Protocol

from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.kept import Installs, Workspace, home, left
from adapters.slack.meaning import meaning
from adapters.slack.renewing import LAST, Renewals, named
from bot.ports import DeliveryError, Later

AHEAD: Final = 2 * 3600.0  # seconds before its end in which a token is renewed in the background (slack_sdk's own default)
KEPT, KEPT_UNKNOWN, REMEMBERED = 30.0, 5.0, 10_000  # seconds a look-up is believed; how many are kept

DEAD: Final = frozenset({"token_revoked", "account_inactive"})
"""This token will never work again. `invalid_auth` is not among them: a forbidden network address gets it too."""
DOUBTED: Final = DEAD | {"token_expired", "invalid_auth", "not_authed"}

log = logging.getLogger("rondo.slack.tokens")


class Token(Protocol):
    """The bot token of one workspace."""

    async def get(self) -> str:
        """As it is now. Raises a DeliveryError where there is none."""
        ...

    async def refused(self, token: str, reason: str) -> str | None:
        """Slack said `reason` to this token; one to try instead, or None."""
        ...


class Fixed:
    """One token for good (RONDO_SLACK_BOT_TOKEN)."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def get(self) -> str:
        """Always the same."""
        return self._token

    async def refused(self, token: str, reason: str) -> str | None:
        """There is no other."""
        return None


class Tokens:
    """All installs of this deployment. `allowed`: ids of workspaces and organisations; empty: all."""

    def __init__(
        self,
        installs: Installs,
        client: AsyncWebClient,
        *,
        client_id: str,
        client_secret: str,
        allowed: Collection[str] = (),
        lost: Callable[[str], None] = lambda home: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.installs = installs
        self.client_id, self.client_secret = client_id, client_secret
        self._client = client
        self._allowed = frozenset(allowed)
        self._lost = lost
        self._monotonic = monotonic
        self._cache: OrderedDict[str, tuple[Installation | None, float]] = OrderedDict()
        self._forgotten = 0
        self.renewals = Renewals(
            installs, self.find, self.forget, client, client_id=client_id, client_secret=client_secret, monotonic=monotonic
        )

    def may(self, team: str, enterprise: str = "") -> bool:
        """Whether Rondo may be installed there."""
        return not self._allowed or bool({team, enterprise} & self._allowed - {""})

    def of(self, team: str) -> Token:
        """The token of a workspace, whoever holds it at the time."""
        return _TokenOf(self, team)

    async def find(self, team: str, enterprise: str = "", *, fresh: bool = False) -> Installation | None:
        """The install that serves a workspace; None: no workspace of ours. `fresh`: not from memory."""
        found, until = self._cache.get(team, (None, 0.0))
        if fresh or until <= self._monotonic():
            forgotten = self._forgotten
            found = await asyncio.to_thread(self.installs.find, team, enterprise)
            if found is not None and not self.may(team, found.enterprise_id or ""):
                found = None
            if forgotten != self._forgotten:  # something was installed or removed while we looked
                return found
            self._cache[team] = found, self._monotonic() + (KEPT if found is not None else KEPT_UNKNOWN)
            self._cache.move_to_end(team)
            if len(self._cache) > REMEMBERED:
                self._cache.popitem(last=False)
        return found

    async def known(self) -> Sequence[Workspace]:
        """Every workspace that Rondo is or was in."""
        return await asyncio.to_thread(self.installs.workspaces)

    async def save(self, installation: Installation) -> None:
        """Rondo was installed: this token takes the place of others."""
        await asyncio.to_thread(self.installs.save, installation)
        self.renewals.anew(home(installation))
        self.forget()

    def forget(self) -> None:
        """Look everything up again: something was installed or removed."""
        self._cache.clear()
        self._forgotten += 1

    # ------------------------------------------------------------------------------------------ renewing

    async def get(self, team: str) -> str:
        """The token of a workspace now. Raises Later (broken) where it has none."""
        found = await self.find(team)
        if found is not None and left(found) < LAST:
            found = await self.renewals.renew(team) or found
        if found is None or not found.bot_token:
            raise Later("not_installed", broken=True)
        return found.bot_token

    async def refused(self, team: str, token: str, reason: str) -> str | None:
        """What to try instead of a token that was refused. A dead one is given up; certainly nothing was posted with it."""
        if reason not in DOUBTED:
            return None
        found = await self.find(team, fresh=True)
        if found is not None and found.bot_token == token and reason == "token_expired":
            found = await self.renewals.renew(team, float("inf"), dead=token)
        if found is None:
            return None
        if found.bot_token != token:  # renewed or installed again meanwhile
            return found.bot_token
        if reason in DEAD:
            await self.give_up(found, reason)
        return None

    async def renew_due(self) -> None:
        """Renew what runs out within `AHEAD`. What fails keeps its token, and is tried again with the next call."""
        await self.renewals.catch_up()
        due = [one for one in await asyncio.to_thread(self.installs.everything) if left(one) < AHEAD]
        self.renewals.still({home(one) for one in due})
        for installation in due:
            await self.renewals.renew(home(installation), AHEAD)

    # ------------------------------------------------------------------------------------------ the end of an install

    async def give_up(self, installation: Installation, reason: str) -> None:
        """Its token is dead: deleted. The workspace rests until somebody installs Rondo again."""
        gone = await asyncio.to_thread(self.installs.remove, installation, reason)
        self.forget()
        if gone:
            log.error(
                "Rondo was removed from a Slack workspace: its messages wait until it is installed again",
                extra=named(installation) | {"reason": reason},
            )
            self._lost(home(installation))

    async def alive(self, installation: Installation) -> str:
        """Empty while its token works, else what Slack says to it. Raises a DeliveryError where it says nothing clear."""
        try:
            await self._client.auth_test(token=installation.bot_token)
        except Exception as error:
            wrong = meaning(error, posting=False)
            if isinstance(wrong, Later) and wrong.broken:
                return wrong.reason
            raise wrong from error
        return ""

    async def check(self, team: str, enterprise: str) -> None:
        """Somebody says that a token died (`app_uninstalled`, `tokens_revoked`): believed only where Slack refuses it.

        These events come in any order, twice, and late, also after a new install. Raises a DeliveryError where Slack
        cannot be asked: the event is to come again.
        """
        asked: set[str] = set()
        for one in (team, enterprise):
            found = await self.find(one, fresh=True) if one else None
            if found is None or home(found) in asked:
                continue
            asked.add(home(found))
            reason = await self.alive(found)
            if reason == "token_expired" and await self._only_old(one, found):
                continue
            if reason in DOUBTED:  # Slack itself said that it was taken away: here `invalid_auth` is proof enough
                await self.give_up(found, reason)

    async def _only_old(self, team: str, installation: Installation) -> bool:
        """Whether a token that ran out can be had anew: then nothing ended. Raises Later where Slack says nothing clear."""
        newer = await self.renewals.renew(team, float("inf"), dead=installation.bot_token or "")
        if newer is not None:
            return newer.bot_token != installation.bot_token
        failed = self.renewals.failed(installation)
        if failed is None or not failed.spent:
            raise Later("token_expired")
        return False

    async def reached(self, installation: Installation) -> Collection[str]:
        """Learn which workspaces an organisation-wide install reaches; those that are new. Raises a DeliveryError."""
        teams: dict[str, str] = {}
        cursor = ""
        while True:
            try:
                answer = await self._client.auth_teams_list(token=installation.bot_token, limit=200, cursor=cursor or None)
            except Exception as error:
                raise meaning(error, posting=False) from error
            page: Any = answer.data
            for one in page.get("teams") or () if isinstance(page, dict) else ():
                if isinstance(one, dict) and isinstance(one.get("id"), str):
                    teams[one["id"]] = str(one.get("name") or one["id"])
            more = page.get("response_metadata") if isinstance(page, dict) else None
            cursor = str(more.get("next_cursor") or "") if isinstance(more, dict) else ""
            if not cursor:
                break
        new = await asyncio.to_thread(self.installs.cover, installation.enterprise_id or "", teams)
        self.forget()
        return new


class _TokenOf:
    """The token of one workspace among many."""

    def __init__(self, tokens: Tokens, team: str) -> None:
        self._tokens, self._team = tokens, team

    async def get(self) -> str:
        """See `Tokens.get`. Without a token nothing leaves: whatever the reason is, it is no doubt about a message."""
        try:
            return await self._tokens.get(self._team)
        except DeliveryError:
            raise
        except Exception as error:  # the database is away, or holds what another replica wrote under a key we lack
            log.warning("no Slack token can be had", exc_info=True, extra={"platform": "slack", "tenant": self._team})
            raise Later(f"no token: {type(error).__name__}") from error

    async def refused(self, token: str, reason: str) -> str | None:
        """See `Tokens.refused`. What cannot be asked now leaves the refusal as it is."""
        try:
            return await self._tokens.refused(self._team, token, reason)
        except DeliveryError:
            return None
