"""The way out to Teams: send, edit, and whose account is this. A bot there cannot read back."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from adapters.teams import render
from adapters.teams.auth import SERVICE_HOSTS
from adapters.teams.connector import Connector, Moved
from adapters.teams.graph import Graph
from adapters.teams.inbound import CHANNEL
from adapters.teams.rosters import Nowhere, People, Rosters, profile_of
from adapters.teams.tokens import CONNECTOR, Tokens
from adapters.teams.tokens import token_url as token_url_of
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
        tenants: Sequence[str] = (),
        rosters: Rosters | None = None,
        graph_url: str = "",
        catalog_id: str = "",
        issuer: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`tenant`: where the bot was registered; `tenants`: all that it serves. `graph_url` empty: Graph is not asked."""
        self._draw = draw
        self._own_http = http is None
        self._http = http or httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(retries=0), timeout=10.0, follow_redirects=False
        )
        self._app_id = app_id
        self._secret = hashlib.sha256(f"rondo card\0{app_id}\0{password}".encode()).digest()
        self._chats: OrderedDict[tuple[str, str], str] = OrderedDict()
        self.tokens = Tokens(app_id=app_id, password=password, http=self._http, clock=clock)
        self._connector = Connector(
            tokens=self.tokens,
            # the tenant in which the bot was registered, or a complete address of another authority
            token_url=token_url or token_url_of(tenant),
            http=self._http,
            resource=issuer or CONNECTOR,
            service_hosts=service_hosts,
            development=development,
        )
        self._newest: dict[str, str] = {}
        self._rosters = rosters or Nowhere()
        self.graph = Graph(self.tokens, self._http, url=graph_url, token_url=token_url) if graph_url else None
        self._people = People(
            self._connector,
            self._rosters,
            ask=self._ask,
            app_id=app_id,
            graph=self.graph,
            tenants=tenants or (tenant,),
            catalog_id=catalog_id,
            sleep=sleep,
        )

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        """Post to a person's own chat, opening it where there is none yet, or to a channel. Raises a DeliveryError."""
        content = await self._message(address, card, key)
        if CHANNEL in address.route:
            return await self._begin(address, content)
        address, chat = await self._chat(address)
        path = f"v3/conversations/{quote(chat, safe='')}/activities"
        try:
            address, answer = await self._ask(address, "POST", path, content, creates=True)
        except Gone:
            self._chats.pop((address.tenant, address.user), None)  # the next one is opened anew
            raise
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
        channel, answer = await self._ask(channel, "POST", "v3/conversations", body, creates=True)
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
        address, _ = await self._ask(receipt.address, "PUT", path, content)
        return replace(receipt, address=address)

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        """None: a bot cannot read a chat (`can_read_back` says so)."""
        return None

    async def profile(self, address: Address) -> Profile | None:
        """The roster's name and e-mail; zone and language as the last activity brought them. Raises a DeliveryError."""
        try:
            chat = address.route.get("conversation") or address.route.get("seen_in", "")
            if not chat:
                address, chat = await self._chat(address)
            member = await self._member(address, f"v3/conversations/{quote(chat, safe='')}")
        except (Gone, Refused):
            return None
        return profile_of(member, address.tenant, address.route) if member is not None else None

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        """The account with this e-mail, with the app installed for it, where Graph is allowed; else None: a bot cannot look
        people up. Raises a DeliveryError.
        """
        return await self._people.invited(email)

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        """Everybody in the teams that have the app; a bot sees nobody else. Raises Later."""
        return await self._people.listed()

    def heard(self, address: Address) -> None:
        """An authenticated activity came: from now on its tenant is answered there. The newest wins."""
        if url := address.route.get("service_url", ""):
            self._newest[address.tenant] = url

    async def note(self, to: Address, place: str, text: str, *, reply_to: str = "", targeted: bool = False) -> None:
        """A line where somebody wrote, outside the outbox: lost, it is said the next time. Raises a DeliveryError.

        `targeted`: only the person sees it, as only Rondo saw theirs.
        """
        body: dict[str, Any] = {"type": "message", "text": text, "textFormat": "plain"}
        body |= {"replyToId": reply_to} if reply_to else {}
        if targeted:
            body |= {"recipient": {"id": to.user, "isTargeted": True}}
        path = f"v3/conversations/{quote(place, safe='')}/activities{'?isTargetedActivity=true' if targeted else ''}"
        await self._ask(to, "POST", path, body, creates=True)

    async def check(self) -> None:
        """Get a token, as `rondo check` does. Raises Later."""
        await self._connector.token()

    async def check_graph(self, tenant: str) -> None:
        """Look whether people of a tenant could be invited, as `rondo check` does. Raises a DeliveryError."""
        await self._people.check(tenant)

    async def aclose(self) -> None:
        """Close the HTTP client, where it is ours."""
        if self._own_http:
            await self._http.aclose()

    def stamp(self, who: Address, key: str) -> dict[str, str]:
        """What the buttons of message `key` carry when `who` sees them: the message, sealed, and a fresh mark."""
        return {render.STAMP_CARD: f"{self._seal(who, key)}:{key}", render.STAMP_ONCE: secrets.token_urlsafe(9)}

    def message_key(self, who: Address, data: Mapping[str, Any]) -> str:
        """The key of the message whose button `who` pressed; empty where the stamp is missing or not ours."""
        seal, _, key = str(data.get(render.STAMP_CARD, "")).partition(":")
        ours = hmac.compare_digest(seal.encode(errors="replace"), self._seal(who, key).encode())
        return key if ours else ""

    def _seal(self, who: Address, key: str) -> str:
        what = f"{who.tenant}\0{who.user}\0{key}".encode(errors="replace")
        return hmac.new(self._secret, what, hashlib.sha256).hexdigest()[:24]

    async def _message(self, address: Address, card: Card, key: str) -> render.Json:
        stamp = self.stamp(address, key)
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
            address, answer = await self._ask(address, "POST", "v3/conversations", body)
            opened = answer.get("id") if isinstance(answer, dict) else None
            if not isinstance(opened, str) or not opened:
                raise Refused("the chat could not be opened: the answer names none")
            chat = self._chats[who] = opened
            if len(self._chats) > REMEMBERED:
                self._chats.popitem(last=False)
        return replace(address, route={**address.route, "conversation": chat}), chat

    async def _ask(
        self, address: Address, method: str, path: str, body: Mapping[str, Any] | None = None, *, creates: bool = False
    ) -> tuple[Address, Any]:
        """A request about an address, and the address as it was found: a tenant may have moved to another region since.

        What is not found there, or is redirected, was certainly not done: it is asked once more where the tenant's newest
        activity came from. Raises a DeliveryError.
        """
        known = address.route.get("service_url", "")
        try:
            return address, await self._connector.call(method, known, path, body, creates=creates)
        except (Gone, Moved, Refused) as error:
            if not isinstance(error, Moved) and not error.reason.startswith("404") and known:
                raise
            newest = self._newest.get(address.tenant) or await asyncio.to_thread(self._rosters.service_url, address.tenant)
            if not newest or newest == known:
                raise
        answer = await self._connector.call(method, newest, path, body, creates=creates)
        return replace(address, route={**address.route, "service_url": newest}), answer

    async def _member(self, address: Address, chat_path: str) -> Mapping[str, Any] | None:
        """The roster's entry of a person: asked for by id, or looked for in the roster where that is not served."""
        service_url = address.route.get("service_url", "")
        try:
            found = await self._connector.call("GET", service_url, f"{chat_path}/members/{quote(address.user, safe='')}")
            return found if isinstance(found, dict) else None
        except (Gone, Refused) as error:
            if error.reason.startswith("404 "):  # with a name of its own: there is no such member, whoever else is
                return None
        try:
            roster = await self._connector.call("GET", service_url, f"{chat_path}/members")
        except (Gone, Refused):
            page = await self._connector.call("GET", service_url, f"{chat_path}/pagedmembers")
            roster = page.get("members") if isinstance(page, dict) else None
        members = roster if isinstance(roster, list) else []
        return next((one for one in members if isinstance(one, dict) and one.get("id") == address.user), None)
