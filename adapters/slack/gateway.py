"""Slack's Web API as a Gateway: posts, edits, reads back, and says who somebody is.

The SDK's own retries are off (they post twice when a response is lost) and so are kept connections: on a fresh one we
know whether a byte left. What every outcome means: `adapters.slack.meaning`.
"""

import asyncio
import hashlib
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from sys import intern
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import inbound, render
from adapters.slack.client import Client, OpenSession
from adapters.slack.client import log as _log
from adapters.slack.inbound import CHANNEL
from adapters.slack.meaning import NO_SCOPE, meaning, unclear
from adapters.slack.pictures import Pictures
from adapters.slack.tokens import Fixed, Token
from bot.events import Address, Platform, Profile, Receipt, Said
from bot.ports import DeliveryError, Draw, Gone, InDoubt, Later, Refused, Unreadable, stem_of
from bot.talk.cards import Card, Form
from bot.talk.text import clean, fold_email

API_URL: Final = "https://slack.com/api/"
QUICK: Final = 2.3  # seconds: Slack waits 3 s for an answer, a trigger lives as long
SKEW: Final = timedelta(minutes=5)  # how far clocks may be apart when reading back
REFRESH: Final = 60.0  # seconds between two listings of the directory while looking for single people
SINGLES: Final = 20  # people a minute who are looked up one by one; users.lookupByEmail takes 50
PAGE: Final = 500  # people per page; Slack allows under 1,000
NO_MEMBER: Final = ("is_bot", "deleted", "is_stranger")
"""Who is nobody's account of ours: bots, who left, strangers of a shared channel. A guest whom HR imported works here."""


class SlackGateway:
    """One workspace. Implements `bot.ports.Gateway`; `adapters.slack.workspaces` is made of many."""

    platform = Platform.SLACK
    can_read_back = True

    def __init__(
        self,
        bot_token: str | Token,
        *,
        team: str = "",
        api_url: str = API_URL,
        monotonic: Callable[[], float] = time.monotonic,
        draw: Draw | None = None,
        open_session: OpenSession | None = None,
    ) -> None:
        """`team`: its id, where the token does not say it (an organisation's token is one for many workspaces)."""
        self._token = Fixed(bot_token) if isinstance(bot_token, str) else bot_token
        self._client = Client(api_url, open_session)
        self._monotonic = monotonic
        self._pictures = Pictures(self._client, self._call, draw=draw, monotonic=monotonic)
        self._team = team
        self._named: dict[str, Any] = {"team_id": team} if team else {}
        self._listing = asyncio.Lock()
        self._may_list = True
        self._listed_at: float | None = None  # when the directory was last complete
        self._known: dict[str, tuple[Address, Profile]] = {}  # by folded e-mail; may be half a directory at first
        self._asked: list[float] = []  # when single people were looked up
        self._cursor = ""
        self._found: dict[str, tuple[Address, Profile]] = {}  # pages of the listing under way

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def team_id(self) -> str:
        """The workspace the token belongs to; asked once. Raises a DeliveryError."""
        if not self._team:
            team = (await self._call(self._client.auth_test)).get("team_id")
            if not isinstance(team, str) or not team:
                raise Later("auth.test names no team")
            self._team = team
        return self._team

    # ------------------------------------------------------------------------------------------ messages

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        """Post to a person or a channel; `key` goes along as an opaque digest, to be read back. Raises a DeliveryError."""
        await self._ours(address)

        async def post(shown: render.Json) -> Mapping[str, Any]:
            return await self._call(
                self._client.chat_postMessage,
                posting=True,
                channel=address.user,  # a channel; or a user id, which opens the direct message by itself
                **shown,
                metadata={"event_type": "rondo_message", "event_payload": {"id": digest(key), "stem": digest(stem_of(key))}},
                unfurl_links=False,
                unfurl_media=False,
                client_msg_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"rondo:{key}")),  # never relied upon (RELIABILITY 2.2)
            )

        answer = await self._pictures.shown(card, post)
        place, ts = answer.get("channel"), answer.get("ts")
        if not isinstance(place, str) or not isinstance(ts, str):
            raise InDoubt("answer without channel and ts")
        return Receipt(address=address, place=place, id=ts)

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        """Replace a message in place; safe to repeat. Raises a DeliveryError."""
        await self._ours(receipt.address)

        async def change(shown: render.Json) -> Mapping[str, Any]:
            return await self._call(self._client.chat_update, channel=receipt.place, ts=receipt.id, **shown)

        await self._pictures.shown(card, change)
        return receipt

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        """Look for the message with this key, or up to `lost_until` with its stem, since `since`. Raises a DeliveryError."""
        await self._ours(address)
        place = address.user if CHANNEL in address.route else await self._direct(address)
        wanted, stem, oldest = digest(key), digest(stem_of(key)), _ts(since - SKEW)
        newest = "" if lost_until is None else _ts(lost_until)
        async for message in self._history(place, oldest, include_all_metadata=True):
            payload, ts = _dict(_dict(message, "metadata"), "event_payload"), str(message.get("ts"))
            if payload.get("id") == wanted or (payload.get("stem") == stem and len(ts) == len(newest) and ts <= newest):
                return Receipt(address=address, place=place, id=ts)
        return None

    async def overheard(self, address: Address, *, since: datetime, now: datetime) -> Sequence[Said]:
        """What this person wrote to us since an instant (real time), oldest first. Raises a DeliveryError."""
        await self._ours(address)
        place = await self._direct(address)
        found = [inbound.overheard(message, address, place, now) async for message in self._history(place, _ts(since))]
        return [said for said in reversed(found) if said is not None]

    async def _history(self, place: str, oldest: str, **more: Any) -> AsyncIterator[Mapping[str, Any]]:
        """The messages of a conversation, newest first. Raises Unreadable where the app may not see them."""
        cursor = ""
        while True:
            paging: dict[str, Any] = {"cursor": cursor} if cursor else {}
            try:
                page = await self._call(
                    self._client.conversations_history, channel=place, oldest=oldest, limit=200, **more, **paging
                )
            except Later as error:
                if error.reason in NO_SCOPE:  # a scope the app was not given (for channels Rondo does not ask for it)
                    raise Unreadable(error.reason) from error
                raise
            for message in _dicts(page.get("messages")):
                yield message
            cursor = _cursor(page)
            if not cursor:
                return

    async def _direct(self, address: Address) -> str:
        """The direct message with a person."""
        opened = (await self._call(self._client.conversations_open, users=address.user)).get("channel")
        place = opened.get("id") if isinstance(opened, dict) else None
        if not isinstance(place, str):
            raise Later("conversations.open names no channel")
        return place

    # ------------------------------------------------------------------------------------------ surfaces

    async def open_form(self, trigger: str, form: Form, *, by: Address | None = None) -> None:
        """Show a form to whoever pressed. Raises a DeliveryError, ValueError for a form that cannot be drawn."""
        await self._quickly(self._client.views_open, trigger_id=trigger, view=render.modal(form))

    async def show_home(self, address: Address, card: Card) -> None:
        """Publish somebody's App Home. Raises a DeliveryError."""
        await self._quickly(self._client.views_publish, user_id=address.user, view=render.home(card))

    # ------------------------------------------------------------------------------------------ people

    async def ours(self, by: Address, enterprise: str = "") -> Address | None:
        """Whose a request is, as we keep the address; None: another workspace's. Raises a DeliveryError."""
        return by if by.tenant == await self.team_id() else None

    async def changed(self, payload: Mapping[str, Any]) -> None:
        """An install ended or began. One token for good dies with its workspace, which then rests by itself."""

    async def homes(self, user: str) -> Sequence[str]:
        """The workspaces of an organisation in which this person is. Raises a DeliveryError."""
        try:
            account = _dict(await self._call(self._client.users_info, user=user), "user")
        except Gone:
            return ()
        teams = _dict(account, "enterprise_user").get("teams")
        found = [account.get("team_id"), *(sorted(map(str, teams)) if isinstance(teams, list) else ())]
        return [one for one in found if isinstance(one, str)]

    async def profile(self, address: Address) -> Profile | None:
        """What Slack vouches for; None for bots, strangers, the deleted and the unknown. Raises a DeliveryError."""
        if address.tenant != await self.team_id():
            return None
        try:
            answer = await self._call(self._client.users_info, user=address.user, include_locale=True)
        except Gone:
            return None
        found = self._member(_dict(answer, "user"))
        return found[1] if found is not None else None

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        """The account with this verified e-mail: from the directory, where we may not list it by asking for the one."""
        wanted = fold_email(email)
        if wanted not in self._known and self._may_list:
            try:
                await self._list(max_age=REFRESH)
            except DeliveryError as error:
                self._may_list = error.reason not in NO_SCOPE
                if self._may_list and wanted not in self._known:
                    raise
        if not self._may_list:
            return await self._look_up(wanted)
        return self._known.get(wanted) or await self._just_arrived(wanted)

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        """Everybody with a verified e-mail, as it is now. A listing cut short goes on with the next call."""
        return await self._list(max_age=0.0)

    async def _list(self, max_age: float) -> Sequence[tuple[Address, Profile]]:
        async with self._listing:
            if self._listed_at is not None and self._monotonic() - self._listed_at < max_age:
                return list(self._known.values())
            await self.team_id()
            while True:
                paging: dict[str, Any] = {"cursor": self._cursor} if self._cursor else {}
                try:
                    page = await self._call(self._client.users_list, limit=PAGE, include_locale=True, **self._named, **paging)
                except (Refused, Gone):  # the cursor may have run out: from the start next time
                    self._cursor, self._found = "", {}
                    raise
                members = [self._member(member) for member in _dicts(page.get("members"))]
                here = {fold_email(m[1].email): m for m in members if m is not None and m[1].email is not None}
                self._known |= here
                if self._listed_at is not None:  # the first listing needs no second dictionary: nobody can be missing in it
                    self._found |= here
                self._cursor = _cursor(page)
                if not self._cursor:
                    break
            if self._listed_at is not None:
                self._known, self._found = self._found, {}
            self._listed_at = self._monotonic()
            return list(self._known.values())

    async def _just_arrived(self, email: str) -> tuple[Address, Profile] | None:
        """Who is missing in a listing may be newer than it; asked of Slack for a few people a minute only."""
        now = self._monotonic()
        self._asked = [at for at in self._asked if at > now - 60]
        if len(self._asked) >= SINGLES:
            return None
        self._asked.append(now)
        try:
            found = await self._look_up(email)
        except DeliveryError as error:
            _log.warning("nobody looked up: %s", error.reason)
            return None
        if found is not None:
            self._known[email] = found
        return found

    async def _look_up(self, email: str) -> tuple[Address, Profile] | None:
        try:
            answer = await self._call(self._client.users_lookupByEmail, email=email)
        except Gone:
            return None
        found = self._member(_dict(answer, "user"))
        return found if found is not None and fold_email(found[1].email or "") == email else None

    def _member(self, user: Mapping[str, Any]) -> tuple[Address, Profile] | None:
        """An account of this workspace that belongs to a person who works here."""
        person, teams = user.get("id"), _dict(user, "enterprise_user").get("teams")
        homes = (user.get("team_id"), *(teams if isinstance(teams, list) else ()))
        if person == "USLACKBOT" or any(user.get(one) for one in NO_MEMBER):
            return None
        if not isinstance(person, str) or self._team not in homes:
            return None
        profile = _dict(user, "profile")
        email = _text(profile, "email") if user.get("is_email_confirmed") is not False else ""
        known = Profile(
            email=email or None,
            name=_text(profile, "real_name") or _text(user, "real_name") or _text(user, "name"),
            zone=intern(_text(user, "tz")),  # of a listing of 200,000 these alone would be 30 MiB
            locale=intern(_text(user, "locale")),
        )
        return Address(platform=Platform.SLACK, tenant=self._team, user=person), known

    # ------------------------------------------------------------------------------------------ one call

    async def _ours(self, address: Address) -> None:
        if address.tenant != await self.team_id():
            raise Gone("another workspace")

    async def _quickly(self, method: Callable[..., Awaitable[AsyncSlackResponse]], **args: Any) -> None:
        try:
            async with asyncio.timeout(QUICK):
                await self._call(method, **args)
        except TimeoutError as error:
            raise Later("slow answer") from error

    async def _call(
        self, method: Callable[..., Awaitable[AsyncSlackResponse]], *, posting: bool = False, **args: Any
    ) -> Mapping[str, Any]:
        """One call; once more where the token was renewed meanwhile, since nothing was done with the old one."""
        token = await self._token.get()
        try:
            return await self._once(method, token, posting, args)
        except Later as error:
            newer = await self._token.refused(token, error.reason) if error.broken else None
            if newer is None:
                raise
            return await self._once(method, newer, posting, args)

    async def _once(
        self, method: Callable[..., Awaitable[AsyncSlackResponse]], token: str, posting: bool, args: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        self._client.token = token  # read before the first await of the call
        try:
            answer = await method(**args)
        # The SDK lets aiohttp's errors and timeouts through, and stumbles (AttributeError, UnicodeDecodeError) over
        # bodies that are text or a list.
        except (SlackApiError, aiohttp.ClientError, OSError, ValueError, AttributeError, TypeError) as error:
            raise meaning(error, posting=posting) from error
        data = answer.data
        if not isinstance(data, dict):
            raise unclear("unreadable body", posting=posting)
        return data


def digest(key: str) -> str:
    """The name under which a message is found again; says nothing to the apps and members who can read it."""
    return hashlib.sha256(f"rondo:{key}".encode()).hexdigest()[:32]


def _ts(at: datetime) -> str:
    """An instant as Slack writes it."""
    return f"{at.astimezone(UTC).timestamp():.6f}"


def _dict(owner: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = owner.get(key)
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(owner: Mapping[str, Any], key: str) -> str:
    value = owner.get(key)
    return clean(value, limit=300) if isinstance(value, str) else ""


def _cursor(page: Mapping[str, Any]) -> str:
    cursor = _dict(page, "response_metadata").get("next_cursor")
    return cursor if isinstance(cursor, str) else ""
