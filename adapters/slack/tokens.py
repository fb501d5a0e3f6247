"""Which token goes with which workspace: looked up, kept for a moment, renewed before it runs out, given up when it died.

Installs live in the database (the port `Installs`), so that replicas agree. Who renews holds a lease there, and writes the
new token only where nobody else has: refresh tokens work once. docs.slack.dev/authentication/using-token-rotation
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.meaning import meaning
from bot.ports import DeliveryError, Later

AHEAD: Final = 2 * 3600.0  # seconds before its end in which a token is renewed in the background (slack_sdk's own default)
LAST: Final = 60.0  # seconds before its end from which nobody uses it any more
KEPT, KEPT_UNKNOWN, REMEMBERED = 30.0, 5.0, 10_000  # seconds a look-up is believed; how many are kept
PATIENCE: Final = 12.0  # seconds to wait for another replica that renews
PAUSES: Final = (0.2, 1.0, 3.0)  # seconds between tries to write a new token down
ALWAYS: Final = 10 * 366 * 24 * 60  # minutes: slack_sdk is to renew whatever is left of the token

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace, or an organisation's install (`E…`), that Rondo is or was in."""

    id: str
    enterprise: str  # empty: none
    name: str
    removed: str  # why there is no token; empty: there is one


class Installs(Protocol):
    """Where installs are kept. Blocking; raises what the database raises."""

    def new_state(self) -> str | None:
        """A state for an install that begins; None: too many have begun."""
        ...

    def use_state(self, state: str) -> bool:
        """Whether this state was given out, has not been used and is not too old; it is used up."""
        ...

    def save(self, installation: Installation) -> None:
        """The newest install of its workspace: older ones and their tokens go."""
        ...

    def find(self, team: str, enterprise: str = "") -> Installation | None:
        """The workspace's own install, else its organisation's. `enterprise` as a payload names it: the two are linked."""
        ...

    def everything(self) -> Sequence[Installation]:
        """All that have a token."""
        ...

    def workspaces(self) -> Sequence[Workspace]:
        """All that Rondo is or was in, organisations included."""
        ...

    def cover(self, enterprise: str, teams: Mapping[str, str]) -> Collection[str]:
        """An organisation-wide install reaches exactly these workspaces (id: name); those that are new or back."""
        ...

    def claim(self, installation: Installation) -> bool:
        """Whether this process may renew its token now: the others may not for half a minute."""
        ...

    def renewed(self, old: Installation, new: Installation | None) -> bool:
        """End the lease; write `new` unless the refresh token is another one by now."""
        ...

    def rekey(self) -> int:
        """Encrypt again whatever an older key encrypted; how many values. Raises where no key opens one."""
        ...

    def remove(self, installation: Installation, reason: str) -> bool:
        """Delete its tokens, unless there is a newer install. False: they were gone."""
        ...


def home(installation: Installation) -> str:
    """Under which id an install is kept: the workspace's, or the organisation's."""
    return str((installation.enterprise_id if installation.is_enterprise_install else installation.team_id) or "")


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
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=client)
        self._client = client
        self._allowed = frozenset(allowed)
        self._lost = lost
        self._monotonic = monotonic
        self._cache: OrderedDict[str, tuple[Installation | None, float]] = OrderedDict()
        self._forgotten = 0
        self._locks: dict[str, asyncio.Lock] = {}

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

    def forget(self) -> None:
        """Look everything up again: something was installed or removed."""
        self._cache.clear()
        self._forgotten += 1

    # ------------------------------------------------------------------------------------------ renewing

    async def get(self, team: str) -> str:
        """The token of a workspace now. Raises Later (broken) where it has none."""
        found = await self.find(team)
        if found is not None and _left(found) < LAST:
            found = await self._renew(team) or found
        if found is None or not found.bot_token:
            raise Later("not_installed", broken=True)
        return found.bot_token

    async def refused(self, team: str, token: str, reason: str) -> str | None:
        """What to try instead of a token that was refused. A dead one is given up; certainly nothing was posted with it."""
        if reason not in DOUBTED:
            return None
        found = await self.find(team, fresh=True)
        if found is not None and found.bot_token == token and reason == "token_expired":
            found = await self._renew(team, float("inf"), dead=token)
        if found is None:
            return None
        if found.bot_token != token:  # renewed or installed again meanwhile
            return found.bot_token
        if reason in DEAD:
            await self.give_up(found, reason)
        return None

    async def renew_due(self) -> None:
        """Renew what runs out within `AHEAD`. What fails keeps its token, and is tried again with the next call."""
        for installation in await asyncio.to_thread(self.installs.everything):
            if _left(installation) < AHEAD:
                await self._renew(home(installation), AHEAD)

    async def _renew(self, team: str, least: float = LAST, *, dead: str = "") -> Installation | None:
        """The install with a token that lasts for `least` seconds more; None: none is to be had now, as the log says.

        `dead`: a token that does not work, however long it should.
        """
        async with self._locks.setdefault(team, asyncio.Lock()):
            old = await self.find(team, fresh=True)
            if old is None or old.bot_refresh_token is None or _left(old) >= least or (dead and old.bot_token != dead):
                return old
            if not await asyncio.to_thread(self.installs.claim, old):
                return await self._by_another(team, old)
            now = await self.find(team, fresh=True)
            if now is None or now.bot_token != old.bot_token:  # another replica was through with it before we could claim
                await self._write(old, None)
                return now
            new: Installation | None = None
            reason = "no token in the answer"
            try:
                bot = await self._rotator.perform_bot_token_rotation(bot=old.to_bot(), minutes_before_expiration=ALWAYS)
                if bot is not None and bot.bot_token and bot.bot_refresh_token:
                    new = Installation(**old.to_dict_for_copying())
                    new.bot_token, new.bot_refresh_token = bot.bot_token, bot.bot_refresh_token
                    new.bot_token_expires_at = bot.bot_token_expires_at
            except SlackTokenRotationError as error:
                reason = meaning(error.api_error, posting=False).reason
            except Exception as error:  # connections, timeouts, bodies that are none: the SDK lets everything through
                reason = meaning(error, posting=False).reason
            finally:
                written = await asyncio.shield(self._write(old, new))
            if new is None:
                log.error("a Slack token could not be renewed; the old one is kept", extra=_named(old) | {"reason": reason})
            elif written:
                log.info("a Slack token was renewed", extra=_named(new))
            self.forget()
            return await self.find(team, fresh=True) if new is not None else None

    async def _write(self, old: Installation, new: Installation | None) -> bool:
        """A new token that is not written down is lost: the old refresh token is used up by now."""
        for pause in PAUSES:
            try:
                return await asyncio.to_thread(self.installs.renewed, old, new)
            except Exception:
                log.warning("cannot write down a renewed Slack token yet", exc_info=True, extra=_named(old))
                await asyncio.sleep(pause)
        return await asyncio.to_thread(self.installs.renewed, old, new)

    async def _by_another(self, team: str, old: Installation) -> Installation | None:
        """Another replica renews: its token, once it is there."""
        ends = self._monotonic() + PATIENCE
        while self._monotonic() < ends:
            await asyncio.sleep(0.25)
            found = await self.find(team, fresh=True)
            if found is None or found.bot_token != old.bot_token:
                return found
        return old if _left(old) > 0 else None

    # ------------------------------------------------------------------------------------------ the end of an install

    async def give_up(self, installation: Installation, reason: str) -> None:
        """Its token is dead: deleted. The workspace rests until somebody installs Rondo again."""
        gone = await asyncio.to_thread(self.installs.remove, installation, reason)
        self.forget()
        if gone:
            log.error(
                "Rondo was removed from a Slack workspace: its messages wait until it is installed again",
                extra=_named(installation) | {"reason": reason},
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
            if reason in DOUBTED:  # Slack itself said that it was taken away: here `invalid_auth` is proof enough
                await self.give_up(found, reason)

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
        """See `Tokens.get`."""
        return await self._tokens.get(self._team)

    async def refused(self, token: str, reason: str) -> str | None:
        """See `Tokens.refused`. What cannot be asked now leaves the refusal as it is."""
        try:
            return await self._tokens.refused(self._team, token, reason)
        except DeliveryError:
            return None


def _left(installation: Installation) -> float:
    """Seconds until its token runs out."""
    ends = installation.bot_token_expires_at
    return float("inf") if ends is None or installation.bot_refresh_token is None else ends - time.time()


def _named(installation: Installation) -> dict[str, str]:
    """For the log."""
    return {"platform": "slack", "tenant": home(installation)}
