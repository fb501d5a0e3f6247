"""The Bot Connector over HTTP: one token, one request, one verdict. Knows URLs and status codes, no cards.

Nothing is ever tried twice here except once after a 401, which certainly did nothing. The verdicts are the table in
RELIABILITY.md 2.2: what may have been posted is `InDoubt`, never `Later`.
"""

import asyncio
import json
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

import httpx

from adapters.teams.auth import SERVICE_HOSTS, host_allowed
from adapters.teams.tokens import CONNECTOR, DEADLINE, Tokens, decoded, error_code, retry_after
from bot.ports import Gone, InDoubt, Later, Refused

LIMITED = 5.0  # seconds to wait after a 429 that does not say how long

GONE = frozenset(
    {
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "ForbiddenOperationException",
        "MessageWritesBlocked",
        "UserBlockedBot",
        "UserNotFound",
    }
)
"""Error codes that say: this person, for good (msteams-docs, "Status codes from agent conversational APIs")."""

WHOLE_TENANT = frozenset({"BotDisabledByAdmin", "BotNotRegistered", "TenantNotFound", "AppDisabledByAdmin"})
"""Error codes that say: nobody in this tenant, until an admin does something."""

ELSEWHERE = frozenset({"InvalidBotApiHost"})
"""Error codes that say: this tenant is served by another host."""

KNOWN = GONE | WHOLE_TENANT | ELSEWHERE
LONGEST_ERROR = 4096  # bytes of an answer in which a name is looked for

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Moved(Later):
    """The tenant is served elsewhere (a redirect, a host that says so): nothing was done, and nothing is followed."""


class Connector:
    """Requests to the Connector REST API under the bot's own token."""

    def __init__(
        self,
        *,
        tokens: Tokens,
        token_url: str,
        http: httpx.AsyncClient,
        resource: str = CONNECTOR,
        service_hosts: Collection[str] = SERVICE_HOSTS,
        development: bool = False,
    ) -> None:
        self._tokens = tokens
        self._token_url = token_url
        self._scope = f"{resource}/.default"
        self._http = http
        self._service_hosts = frozenset(service_hosts)
        self._development = development

    async def call(
        self, method: str, service_url: str, path: str, body: Mapping[str, Any] | None = None, *, creates: bool = False
    ) -> Any:
        """The decoded answer (None: empty or unreadable, yet 2xx). `creates`: a lost answer may have left a message.

        Raises a DeliveryError.
        """
        if not service_url:
            raise Gone("no service URL is known for this person")
        if not host_allowed(service_url, self._service_hosts, development=self._development):
            raise Refused("the service host is not in RONDO_TEAMS_SERVICE_HOSTS")
        url = f"{service_url.rstrip('/')}/{path}"
        token = await self.token()
        answer = await self._request(method, url, body, token, creates=creates)
        if answer.status_code == 401:
            token = await self.token(instead_of=token)
            answer = await self._request(method, url, body, token, creates=creates)
        if not answer.is_success:
            _judge(answer, creates=creates)
        return decoded(answer)

    async def token(self, *, instead_of: str = "") -> str:
        """A token that holds for some minutes; `instead_of` names one that was just refused. Raises Later."""
        return await self._tokens.get(self._token_url, self._scope, instead_of=instead_of)

    async def _request(
        self, method: str, url: str, body: Mapping[str, Any] | None, token: str, *, creates: bool
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        content = None
        if body is not None:
            # Escaped, so that a lone surrogate is a bad character on a screen and not an error here.
            content = json.dumps(body, separators=(",", ":")).encode()
            headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            async with asyncio.timeout(DEADLINE):
                return await self._http.request(method, url, content=content, headers=headers, follow_redirects=False)
        except NOT_SENT as error:
            raise Later(f"no connection: {type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise Refused(f"not an address: {error}") from error
        except (httpx.HTTPError, TimeoutError) as error:
            _unclear(f"no answer: {type(error).__name__}", creates=creates)


def _judge(answer: httpx.Response, *, creates: bool) -> NoReturn:
    """Say what an answer that is no success means."""
    status, code = answer.status_code, _code(answer)
    reason = f"{status} {code}".rstrip()
    if status == 429:
        raise Later(reason, seconds=retry_after(answer) or LIMITED)
    if code in GONE and status < 500:
        raise Gone(reason)
    if code in WHOLE_TENANT and status < 500:
        raise Later(reason, broken=True)
    if code in ELSEWHERE and status < 500:
        raise Moved(reason, broken=True)
    match status:
        case 301 | 307 | 308:  # others may follow on something that was done
            raise Moved(reason)
        case 401:
            raise Later(reason, broken=True)
        case 403 if code:
            raise Gone(reason)  # says nothing about anybody else: 401, the codes above and no code at all do
        case 403:
            raise Later(reason, broken=True)
        case 404 if creates:
            raise Gone(reason)
        case 408 | 412:
            _unclear(reason, creates=creates, after=retry_after(answer))
        case _ if 400 <= status < 500:
            raise Refused(reason)
        case _:
            _unclear(reason, creates=creates, after=retry_after(answer))


def _code(answer: httpx.Response) -> str:
    """What went wrong. A name we know counts wherever it stands: what Teams says to the Connector is passed on in shapes of
    its own, such as a `subCode` in a text of JSON in a `message`.
    """
    said = error_code(answer)
    if said in KNOWN:
        return said
    text = answer.content[:LONGEST_ERROR].decode(errors="replace")
    return next((name for name in sorted(KNOWN) if name in text), said)


def _unclear(reason: str, *, creates: bool, after: float | None = None) -> NoReturn:
    """Perhaps done, perhaps not: harmless to repeat unless it creates a message."""
    raise InDoubt(reason) if creates else Later(reason, seconds=after)
