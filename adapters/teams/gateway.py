"""The way out to Teams: send, edit, and whose account is this. A bot there can neither read back nor list people."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from adapters.teams import render
from adapters.teams.auth import SERVICE_HOSTS
from adapters.teams.connector import Connector
from adapters.teams.inbound import CHANNEL
from bot.events import Address, Platform, Profile, Receipt
from bot.ports import Draw, Gone, InDoubt, Refused
from bot.talk.cards import Card

REMEMBERED = 10_000
"""How many personal chats opened by this process are kept in memory until their route is stored."""


class TeamsGateway:
    """Implements `bot.ports.Gateway` for one bot. `token_url` is complete; empty means Microsoft's for `tenant`."""

    platform = Platform.TEAMS
    can_read_back = False

    def __init__(
        self,
        *,
        app_id: str,
        password: str,
        tenant: str,
        token_url: str = "",
        service_hosts: Collection[str] = SERVICE_HOSTS,
        http: httpx.AsyncClient | None = None,
        development: bool = False,
        clock: Callable[[], float] = time.monotonic,
        draw: Draw | None = None,
    ) -> None:
        self._draw = draw
        self._own_http = http is None
        self._http = http or httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(retries=0), timeout=10.0, follow_redirects=False
        )
        self._app_id = app_id
        self._secret = hashlib.sha256(f"rondo card\0{app_id}\0{password}".encode()).digest()
        self._chats: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._connector = Connector(
            app_id=app_id,
            password=password,
            token_url=token_url or f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
            http=self._http,
            service_hosts=service_hosts,
            development=development,
            clock=clock,
        )

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        """Post to a person's own chat, opening it where there is none yet, or to a channel. Raises a DeliveryError."""
        content = await self._message(address, card, key)
        if CHANNEL in address.route:
            return await self._begin(address, content)
        address, chat = await self._chat(address)
        service_url = address.route.get("service_url", "")
        path = f"v3/conversations/{quote(chat, safe='')}/activities"
        answer = await self._connector.call("POST", service_url, path, content, creates=True)
        posted = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(posted, str) or not posted:
            raise InDoubt("posted, but the answer names no message")
        return Receipt(address=address, place=chat, id=posted)

    async def _begin(self, channel: Address, content: render.Json) -> Receipt:
        """A thread of its own in a channel (msteams-docs, "Send proactive messages"); the answer says where it is."""
        body = {
            "isGroup": True,
            "bot": {"id": channel.route.get("bot_id") or f"28:{self._app_id}"},
            "tenantId": channel.tenant,
            "channelData": {"channel": {"id": channel.user}, "tenant": {"id": channel.tenant}},
            "activity": content,
        }
        service_url = channel.route.get("service_url", "")
        answer = await self._connector.call("POST", service_url, "v3/conversations", body, creates=True)
        thread, posted = (answer.get("id"), answer.get("activityId")) if isinstance(answer, dict) else (None, None)
        if not isinstance(thread, str) or not thread:
            raise InDoubt("posted, but the answer names no thread")
        if not isinstance(posted, str) or not posted:  # the thread is named after its first message
            posted = thread.partition(";messageid=")[2]
        if not posted:
            raise InDoubt("posted, but the answer names no message")
        return Receipt(address=channel, place=thread, id=posted)

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        """Replace a message in place; harmless to repeat. Raises a DeliveryError."""
        content = {**await self._message(receipt.address, card, key), "id": receipt.id}
        path = f"v3/conversations/{quote(receipt.place, safe='')}/activities/{quote(receipt.id, safe='')}"
        await self._connector.call("PUT", receipt.address.route.get("service_url", ""), path, content)
        return receipt

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        """None: a bot cannot read a chat (`can_read_back` says so)."""
        return None

    async def profile(self, address: Address) -> Profile | None:
        """The roster's name and e-mail; zone and language as the last activity brought them. Raises a DeliveryError."""
        try:
            address, chat = await self._chat(address)
            member = await self._member(address, f"v3/conversations/{quote(chat, safe='')}")
        except (Gone, Refused):
            return None
        if member is None or member.get("tenantId", address.tenant) != address.tenant:
            return None  # somebody from another company in a shared chat
        mails = (member.get("email"), member.get("userPrincipalName"))
        email = next((mail for mail in mails if isinstance(mail, str) and "@" in mail and "#EXT#" not in mail), None)
        name = member.get("name")
        route = address.route
        return Profile(
            email=email,
            name=name if isinstance(name, str) else "",
            zone=route.get("zone", ""),
            locale=route.get("locale", ""),
        )

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        """None: a bot cannot look people up by e-mail."""
        return None

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        """Empty: a bot cannot list people."""
        return ()

    async def check(self) -> None:
        """Get a token, as `rondo check` does. Raises Later."""
        await self._connector.token()

    async def aclose(self) -> None:
        """Close the HTTP client, where it is ours."""
        if self._own_http:
            await self._http.aclose()

    def stamp(self, user: str, key: str) -> dict[str, str]:
        """What the buttons of message `key` carry when `user` sees them: the message, sealed, and a fresh mark."""
        return {render.STAMP_CARD: f"{self._seal(user, key)}:{key}", render.STAMP_ONCE: secrets.token_urlsafe(9)}

    def message_key(self, user: str, data: Mapping[str, Any]) -> str:
        """The key of the message whose button `user` pressed; empty where the stamp is missing or not ours."""
        seal, _, key = str(data.get(render.STAMP_CARD, "")).partition(":")
        ours = hmac.compare_digest(seal.encode(errors="replace"), self._seal(user, key).encode())
        return key if ours else ""

    def _seal(self, user: str, key: str) -> str:
        what = f"{user}\0{key}".encode(errors="replace")
        return hmac.new(self._secret, what, hashlib.sha256).hexdigest()[:24]

    async def _message(self, address: Address, card: Card, key: str) -> render.Json:
        stamp = self.stamp(address.user, key)
        try:
            if any(card.charts()):  # drawing takes a while
                return await asyncio.to_thread(render.message, card, stamp, self._draw)
            return render.message(card, stamp)
        except ValueError as error:
            raise Refused(str(error)) from error

    async def _chat(self, address: Address) -> tuple[Address, str]:
        """The person's own chat with the bot, opened if need be (the same one comes back each time)."""
        who = (address.tenant, address.user)
        chat = address.route.get("conversation") or self._chats.get(who)
        if not chat:
            body = {
                "isGroup": False,
                "bot": {"id": address.route.get("bot_id") or f"28:{self._app_id}"},
                "members": [{"id": address.user}],
                "tenantId": address.tenant,
                "channelData": {"tenant": {"id": address.tenant}},
            }
            service_url = address.route.get("service_url", "")
            answer = await self._connector.call("POST", service_url, "v3/conversations", body)
            opened = answer.get("id") if isinstance(answer, dict) else None
            if not isinstance(opened, str) or not opened:
                raise Refused("the chat could not be opened: the answer names none")
            chat = self._chats[who] = opened
            if len(self._chats) > REMEMBERED:
                self._chats.popitem(last=False)
        return replace(address, route={**address.route, "conversation": chat}), chat

    async def _member(self, address: Address, chat_path: str) -> Mapping[str, Any] | None:
        """The roster's entry of a person: asked for by id, or looked for in the roster where that is not served."""
        service_url = address.route.get("service_url", "")
        try:
            found = await self._connector.call("GET", service_url, f"{chat_path}/members/{quote(address.user, safe='')}")
            return found if isinstance(found, dict) else None
        except (Gone, Refused):
            pass
        try:
            roster = await self._connector.call("GET", service_url, f"{chat_path}/members")
        except (Gone, Refused):
            page = await self._connector.call("GET", service_url, f"{chat_path}/pagedmembers")
            roster = page.get("members") if isinstance(page, dict) else None
        members = roster if isinstance(roster, list) else []
        return next((one for one in members if isinstance(one, dict) and one.get("id") == address.user), None)
