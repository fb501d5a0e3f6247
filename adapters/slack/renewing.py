"""A new token for one that runs out: once however many ask, written down whatever happens, and told where it cannot be had.

A refresh token works once, and Slack takes it back when it is used: what it gives for it must not be let go of on the way.
docs.slack.dev/authentication/using-token-rotation
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.kept import Installs, home, left
from adapters.slack.meaning import meaning

LAST: Final = 60.0  # seconds before its end from which nobody uses a token any more
PATIENCE: Final = 12.0  # seconds to wait for another replica that renews
PAUSES: Final = (0.2, 1.0, 3.0)  # seconds between tries to write a new token down
ENDING: Final = 1.0  # seconds a process that ends waits for what is under way
ALWAYS: Final = 10 * 366 * 24 * 60  # minutes: slack_sdk is to renew whatever is left of the token

SPENT: Final = frozenset({"invalid_refresh_token", "invalid_grant"})
"""This refresh token will never work again: it was used by somebody whose answer got lost."""

log = logging.getLogger("rondo.slack.tokens")


class Find(Protocol):
    """See `Tokens.find`."""

    async def __call__(self, team: str, enterprise: str = "", *, fresh: bool = False) -> Installation | None: ...


@dataclass(frozen=True, slots=True)
class Failed:
    """A renewal that did not succeed."""

    refresh: str = field(repr=False)
    reason: str
    ends: float  # Unix seconds: until then the old token works

    @property
    def spent(self) -> bool:
        """Asking again is of no use."""
        return self.reason in SPENT

    def __str__(self) -> str:
        """For whoever runs Rondo."""
        until = datetime.fromtimestamp(self.ends, UTC).strftime("%Y-%m-%d %H:%M UTC")
        works = f"works until {until}" if self.ends > time.time() else f"ran out at {until}"
        todo = "install Rondo there again at /slack/install" if self.spent else "tried again every minute"
        return f"its token cannot be renewed ({self.reason}) and {works}: {todo}"


class Renewals:
    """Renews the tokens of all installs. `forget`: called where one changed."""

    def __init__(
        self,
        installs: Installs,
        find: Find,
        forget: Callable[[], None],
        client: AsyncWebClient,
        *,
        client_id: str,
        client_secret: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._installs, self._find, self._forget, self._monotonic = installs, find, forget, monotonic
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=client)
        self._locks: dict[str, asyncio.Lock] = {}
        self._under_way: set[asyncio.Task[Installation | None]] = set()
        self._unwritten: dict[str, tuple[Installation, Installation]] = {}  # old and new, by home
        self._failed: dict[str, Failed] = {}

    async def renew(self, team: str, least: float = LAST, *, dead: str = "") -> Installation | None:
        """The install with a token that lasts for `least` seconds more; None: none is to be had now, as the log says.

        `dead`: a token that does not work, however long it should. Who asks may go away; the renewal goes on to its end.
        """
        task = asyncio.ensure_future(self._renew(team, least, dead))
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def failed(self, installation: Installation) -> Failed | None:
        """Why the token of this very install could not be renewed; None: it could, or nobody has tried."""
        found = self._failed.get(home(installation))
        return found if found is not None and found.refresh == installation.bot_refresh_token else None

    def ending(self) -> Mapping[str, str]:
        """By workspace or organisation: what is wrong with tokens that could not be renewed, and what to do."""
        return {at: str(one) for at, one in list(self._failed.items())}

    def anew(self, at: str) -> None:
        """Rondo was installed there again."""
        self._failed.pop(at, None)

    def still(self, due: Collection[str]) -> None:
        """These tokens run out soon; what is known of others is no longer true."""
        self._failed = {at: one for at, one in self._failed.items() if at in due}

    async def catch_up(self) -> None:
        """Write down what could not be written before."""
        for at, (old, new) in list(self._unwritten.items()):
            await asyncio.to_thread(self._installs.renewed, old, new)
            del self._unwritten[at]
            self._forget()
            log.info("a Slack token was renewed", extra=named(new))

    async def settle(self) -> None:
        """The process ends: what Slack gave is written down, if that can be done in a moment."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=ENDING)
        if self._under_way or self._unwritten:
            try:
                await self.catch_up()
            except Exception:
                log.exception("a renewed Slack token is lost: when the old one runs out, install Rondo there again")

    def _done(self, task: asyncio.Task[Installation | None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:  # perhaps nobody waits for it any more
            log.warning("no renewal of a Slack token", extra={"reason": type(error).__name__})

    async def _renew(self, team: str, least: float, dead: str) -> Installation | None:
        async with self._locks.setdefault(team, asyncio.Lock()):
            if self._unwritten:
                await self.catch_up()
            old = await self._find(team, fresh=True)
            if old is None or old.bot_refresh_token is None or left(old) >= least or (dead and old.bot_token != dead):
                return old
            if (failed := self.failed(old)) is not None and failed.spent:
                return None
            if not await asyncio.to_thread(self._installs.claim, old):
                return await self._by_another(team, old)
            now = await self._find(team, fresh=True)
            if now is None or now.bot_token != old.bot_token:  # another replica was through with it before we could claim
                await self._write(old, None)
                return now
            new, reason = await self._ask(old)
            if new is None:
                self._failed[home(old)] = failed = Failed(old.bot_refresh_token, reason, float(old.bot_token_expires_at or 0))
                await self._write(old, None)
                extra = named(old) | {"reason": reason, "remedy": str(failed)}
                log.error("a Slack token could not be renewed; the old one is kept", extra=extra)
                return None
            self._failed.pop(home(old), None)
            if await self._write(old, new):
                log.info("a Slack token was renewed", extra=named(new))
            self._forget()
            return self._unwritten.get(home(old), (old, None))[1] or await self._find(team, fresh=True)

    async def _ask(self, old: Installation) -> tuple[Installation | None, str]:
        """Slack's new token, or why there is none."""
        try:
            bot = await self._rotator.perform_bot_token_rotation(bot=old.to_bot(), minutes_before_expiration=ALWAYS)
        except SlackTokenRotationError as error:
            return None, meaning(error.api_error, posting=False).reason
        except Exception as error:  # connections, timeouts, bodies that are none: the SDK lets everything through
            return None, meaning(error, posting=False).reason
        if bot is None or not bot.bot_token or not bot.bot_refresh_token:
            return None, "no token in the answer"
        new = Installation(**old.to_dict_for_copying())
        new.bot_token, new.bot_refresh_token = bot.bot_token, bot.bot_refresh_token
        new.bot_token_expires_at = bot.bot_token_expires_at
        return new, ""

    async def _write(self, old: Installation, new: Installation | None) -> bool:
        """Give the lease back. A new token that cannot be written down now is kept until it can: the old one is used up."""
        for pause in (*PAUSES, None):
            try:
                return await asyncio.to_thread(self._installs.renewed, old, new)
            except Exception:
                log.warning("cannot write down a renewed Slack token yet", exc_info=True, extra=named(old))
                if pause is not None:
                    await asyncio.sleep(pause)
        if new is not None:
            self._unwritten[home(old)] = old, new
        return False

    async def _by_another(self, team: str, old: Installation) -> Installation | None:
        """Another replica renews: its token, once it is there."""
        ends = self._monotonic() + PATIENCE
        while self._monotonic() < ends:
            await asyncio.sleep(0.25)
            found = await self._find(team, fresh=True)
            if found is None or found.bot_token != old.bot_token:
                return found
        return old if left(old) > 0 else None


def named(installation: Installation) -> dict[str, str]:
    """For the log."""
    return {"platform": "slack", "tenant": home(installation)}
