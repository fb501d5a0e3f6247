"""Whom a first message can reach: who is in teams that have the app and, where Graph is allowed, whoever gets it installed.

Both give what that message needs: the person's id as this bot sees it, and the e-mail by which HR knows them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from adapters.teams.connector import Connector
from adapters.teams.graph import Already, Graph, Page
from bot.events import Address, Platform, Profile
from bot.ports import Gone, Later, Refused

log = logging.getLogger("rondo.teams")

PAGE = 500
"""Members of a page; Teams gives no more."""
FIRST_URL = "https://smba.trafficmanager.net/teams/"
"""The Connector of the public cloud, where no activity of a tenant has told another one."""
WAITS, LONGEST_WAIT = 3, 15.0
"""So often, and so many seconds at most, a page of a roster is waited for: Teams gives some fourteen a second."""

Account = tuple[Address, Profile]
Json = Mapping[str, Any]


class Rosters(Protocol):
    """Which teams have the app. Blocking. An address here is a team: its `user` is the team's id."""

    def all(self) -> Sequence[Address]:
        """All of them."""
        ...

    def add(self, team: Address) -> None:
        """The app was put into a team, or its address is a newer one."""
        ...

    def remove(self, team: Address) -> None:
        """The app is not in that team any more."""
        ...

    def service_url(self, tenant: str) -> str:
        """Where the newest activity of a tenant came from; empty: none is known."""
        ...

    def has_account(self, email: str) -> bool:
        """Whether the person with this e-mail has or had the app in Teams."""
        ...


class Nowhere:
    """No team has it: tests and `rondo check`."""

    def all(self) -> Sequence[Address]:
        """None."""
        return ()

    def add(self, team: Address) -> None:
        """Forgotten."""

    def remove(self, team: Address) -> None:
        """Nothing to do."""

    def service_url(self, tenant: str) -> str:
        """Unknown."""
        return ""

    def has_account(self, email: str) -> bool:
        """Nobody has."""
        return False


class People:
    """Lists and invites people. `tenants`: in which the app may look. `ask`: a request about an address, and the address as
    it was found (a tenant may have moved); raises a DeliveryError.
    """

    def __init__(
        self,
        connector: Connector,
        rosters: Rosters,
        *,
        ask: Callable[[Address, str, str], Awaitable[tuple[Address, Any]]],
        app_id: str,
        graph: Graph | None = None,
        tenants: Sequence[str] = (),
        catalog_id: str = "",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._connector = connector
        self._rosters = rosters
        self._ask, self._sleep = ask, sleep
        self._app_id = app_id
        self._graph = graph
        self._tenants = tuple(tenants)
        self._served = frozenset(tenant.lower() for tenant in tenants)
        self._catalog: dict[str, str] = dict.fromkeys(tenants, catalog_id) if catalog_id else {}
        self._listed: dict[Address, Profile] = {}
        self._read: set[Address] = set()
        self._again = False

    async def listed(self) -> Sequence[Account]:
        """Everybody in the teams that have the app, each account once.

        Raises Later where teams could not be read; the next call asks for those alone, and then gives what there is.
        """
        failed: dict[str, Later] = {}
        for team in await asyncio.to_thread(self._rosters.all):
            if team.tenant.lower() not in self._served or team in self._read:
                continue
            try:
                if team.tenant in failed and failed[team.tenant].whole_tenant:
                    raise failed[team.tenant]
                for address, profile in await self._roster(team):
                    self._listed.setdefault(address, profile)
                self._read.add(team)
            except Later as error:
                failed[team.tenant] = error
        if failed and not self._again:
            self._again = True
            raise next(iter(failed.values()))
        for tenant, why in failed.items():
            log.warning("teams not read", extra={"tenant": tenant, "reason": why.reason})
        found = list(self._listed.items())
        self._listed, self._read, self._again = {}, set(), False
        return found

    async def _roster(self, team: Address) -> Sequence[Account]:
        """The members of a team; nobody, and forgotten, where it has the app no more. Raises Later."""
        accounts: list[Account] = []
        following = ""
        try:
            while True:
                there, page = await self._page(team, following)
                if there.route != team.route:  # it has moved
                    await asyncio.to_thread(self._rosters.add, there)
                    team = there
                route = {key: team.route[key] for key in ("service_url", "bot_id") if key in team.route}
                members = page.get("members") if isinstance(page, dict) else None
                for member in members if isinstance(members, list) else ():
                    account = account_of(member, team.tenant, route) if isinstance(member, dict) else None
                    accounts += [account] if account is not None else []
                following = _text(page, "continuationToken") if isinstance(page, dict) else ""
                if not following:
                    return accounts
        except (Gone, Refused) as error:
            if isinstance(error, Refused) and not error.reason.startswith("404"):  # says nothing about where the app is
                raise Later(error.reason) from error
            log.warning("team has the app no more", extra={"tenant": team.tenant, "reason": error.reason})
            await asyncio.to_thread(self._rosters.remove, team)
            return ()

    async def _page(self, team: Address, following: str) -> tuple[Address, Any]:
        """One page, asked for again where Teams wants us to wait a little. Raises a DeliveryError."""
        query = {"pageSize": str(PAGE)} | ({"continuationToken": following} if following else {})
        path = f"v3/conversations/{quote(team.user, safe='')}/pagedmembers?{urlencode(query)}"
        for _ in range(WAITS):
            try:
                return await self._ask(team, "GET", path)
            except Later as error:
                if error.seconds is None or error.seconds > LONGEST_WAIT:
                    raise
                await self._sleep(error.seconds)
        return await self._ask(team, "GET", path)

    async def invited(self, email: str) -> Account | None:
        """The account with this e-mail, with the app installed for it; None without Graph or without such an account.

        Whoever had the app and took it away, or blocked it, does not get it back against their will. Raises a DeliveryError.
        """
        if self._graph is None or await asyncio.to_thread(self._rosters.has_account, email):
            return None
        failed: Later | None = None
        for tenant in self._tenants:
            try:
                user = await self._user(tenant, email)
            except Later as error:  # one tenant without consent is no reason not to look in the others
                failed = failed or error
                continue
            if user:
                await self._install(tenant, user)
                return await self._found(tenant, user)
        if failed is not None:
            raise failed
        return None

    async def check(self, tenant: str) -> None:
        """Ask Graph what an invitation asks first, as `rondo check` does. Raises a DeliveryError."""
        assert self._graph is not None
        await self._graph.page(tenant, "users", {"$select": "id", "$top": "1"})
        await self._app(tenant)

    async def _user(self, tenant: str, email: str) -> str:
        """The object id of a member of the tenant; empty: none, or somebody else's, or closed."""
        assert self._graph is not None
        quoted = email.replace("'", "''")
        asked = {
            "$filter": f"mail eq '{quoted}' or userPrincipalName eq '{quoted}'",
            "$select": "id,accountEnabled,userType",
            "$top": "2",
        }
        page: Page = await self._graph.page(tenant, "users", asked)
        members = [one for one in page.items if one.get("accountEnabled") is not False and one.get("userType") != "Guest"]
        return _text(members[0], "id") if len(members) == 1 else ""

    async def _app(self, tenant: str) -> str:
        """The app's id in the tenant's catalogue. Raises Later where it was not uploaded."""
        assert self._graph is not None
        if tenant not in self._catalog:
            asked = {"$filter": f"externalId eq '{self._app_id.lower()}'", "$select": "id"}  # as the manifest has it
            page = await self._graph.page(tenant, "appCatalogs/teamsApps", asked)
            if not page.items or not _text(page.items[0], "id"):
                raise Later("the app is not in the organisation's catalogue: upload it in the Teams admin center")
            self._catalog[tenant] = _text(page.items[0], "id")
        return self._catalog[tenant]

    async def _install(self, tenant: str, user: str) -> None:
        assert self._graph is not None
        app = await self._app(tenant)
        body = {"teamsApp@odata.bind": f"{self._graph.url}appCatalogs/teamsApps/{quote(app, safe='')}"}
        try:
            await self._graph.post(tenant, f"users/{quote(user, safe='')}/teamwork/installedApps", body)
            log.info("app installed", extra={"tenant": tenant})
        except Already:
            pass

    async def _found(self, tenant: str, user: str) -> Account | None:
        """Their chat with the bot, and who they are in it. Raises Later while the chat is not there yet."""
        assert self._graph is not None
        installed = f"users/{quote(user, safe='')}/teamwork/installedApps"
        app = await self._app(tenant)
        page = await self._graph.page(tenant, installed, {"$filter": f"teamsApp/id eq '{app}'", "$expand": "teamsApp"})
        chat = ""
        if page.items:
            there = quote(_text(page.items[0], "id"), safe="")
            try:
                chat = _text(await self._graph.get(tenant, f"{installed}/{there}/chat"), "id")
            except Gone:
                chat = ""
        if not chat:
            raise Later("the app is installed, the chat is not there yet")  # says nothing about anybody else: no seconds
        route = {
            "service_url": await asyncio.to_thread(self._rosters.service_url, tenant) or FIRST_URL,
            "bot_id": f"28:{self._app_id}",
            "conversation": chat,
        }
        roster = await self._connector.call("GET", route["service_url"], f"v3/conversations/{quote(chat, safe='')}/members")
        for member in roster if isinstance(roster, list) else ():
            if isinstance(member, dict) and user in (member.get("aadObjectId"), member.get("objectId")):
                return account_of(member, tenant, route)
        return None


def account_of(member: Json, tenant: str, route: Mapping[str, str]) -> Account | None:
    """An entry of a roster; None for guests, strangers and bots."""
    user, object_id = _text(member, "id"), _text(member, "aadObjectId") or _text(member, "objectId")
    profile = profile_of(member, tenant)
    if profile is None or profile.email is None or not user or user.startswith("28:") or member.get("userRole") == "guest":
        return None
    known = {**route, "aad_object_id": object_id} if object_id else dict(route)
    return Address(platform=Platform.TEAMS, tenant=tenant, user=user, route=known), profile


def profile_of(member: Json, tenant: str, route: Mapping[str, str] | None = None) -> Profile | None:
    """What an entry of a roster vouches for; None for somebody from another company. Guests have no e-mail of ours."""
    if member.get("tenantId", tenant) != tenant:
        return None
    mails = (member.get("email"), member.get("userPrincipalName"))
    named = [mail for mail in mails if isinstance(mail, str)]
    guest = member.get("userRole") == "guest" or any("#EXT#" in mail.upper() for mail in named)
    email = None if guest else next((mail for mail in named if "@" in mail), None)
    known = route or {}
    return Profile(email=email, name=_text(member, "name"), zone=known.get("zone", ""), locale=known.get("locale", ""))


def _text(values: Json, key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
