"""The Bot Connector over HTTP: one token, one request, one verdict. Knows URLs and status codes, no cards.

Nothing is ever tried twice here except once after a 401, which certainly did nothing. The verdicts are the table in
RELIABILITY.md 2.2: what may have been posted is `InDoubt`, never `Later`.
"""

import asyncio
import json
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import httpx

from adapters.teams.auth import SERVICE_HOSTS, host_allowed
from bot.ports import Gone, InDoubt, Later, Refused

SCOPE = "https://api.botframework.com/.default"
RENEW_BEFORE = 300.0  # seconds before its end at which a token is renewed
DEADLINE = 15.0  # seconds for one request, all of it
LONGEST_WAIT = 3600.0  # seconds of Retry-After that are believed
LIMITED = 5.0  # seconds to wait after a 429 that does not say how long

GONE = frozenset(
    {
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "MessageWritesBlocked",
        "UserBlockedBot",
        "UserNotFound",
    }
)
"""Error codes that say: this person, for good (msteams-docs, "Status codes from agent conversational APIs")."""

WHOLE_TENANT = frozenset({"BotDisabledByAdmin", "BotNotRegistered", "TenantNotFound", "AppDisabledByAdmin"})
"""Error codes that say: nobody in this tenant, until an admin does something."""

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Connector:
    """Requests to the Connector REST API under the bot's own token."""

    def __init__(
        self,
        *,
        app_id: str,
        password: str,
        token_url: str,
        http: httpx.AsyncClient,
        service_hosts: Collection[str] = SERVICE_HOSTS,
        development: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app_id = app_id
        self._password = password
        self._token_url = token_url
        self._http = http
        self._service_hosts = frozenset(service_hosts)
        self._development = development
        self._clock = clock
        self._token = ""
        self._token_until = float("-inf")
        self._token_lock = asyncio.Lock()

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
        return _decoded(answer)

    async def token(self, *, instead_of: str = "") -> str:
        """A token that holds for some minutes; `instead_of` names one that was just refused. Raises Later."""
        async with self._token_lock:
            if self._token and self._token != instead_of and self._clock() < self._token_until:
                return self._token
            form = {
                "grant_type": "client_credentials",
                "client_id": self._app_id,
                "client_secret": self._password,
                "scope": SCOPE,
            }
            try:
                async with asyncio.timeout(DEADLINE):
                    answer = await self._http.post(self._token_url, data=form, follow_redirects=False)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
                raise Later(f"no Teams token: {type(error).__name__}", whole_tenant=True) from error
            got = _decoded(answer)
            token, life = (got.get("access_token"), got.get("expires_in")) if isinstance(got, dict) else (None, None)
            if not answer.is_success or not isinstance(token, str) or not token:
                said = got.get("error") if isinstance(got, dict) else None
                reason = f"no Teams token: {answer.status_code} {said if isinstance(said, str) else ''}".rstrip()
                refused = 400 <= answer.status_code < 500 and answer.status_code not in (408, 429)
                raise Later(reason, seconds=_retry_after(answer), whole_tenant=True, broken=refused)
            seconds = _seconds(str(life)) or 0.0
            # A token that lives shorter than the margin is still good for half its life.
            self._token, self._token_until = token, self._clock() + max(seconds - RENEW_BEFORE, seconds / 2)
            return self._token

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
        raise Later(reason, seconds=_retry_after(answer) or LIMITED)
    if code in GONE and status < 500:
        raise Gone(reason)
    if code in WHOLE_TENANT and status < 500:
        raise Later(reason, broken=True)
    match status:
        case 401:
            raise Later(reason, broken=True)
        case 403 if code:
            raise Gone(reason)  # says nothing about anybody else: 401, the codes above and no code at all do
        case 403:
            raise Later(reason, broken=True)
        case 404 if creates:
            raise Gone(reason)
        case 408 | 412:
            _unclear(reason, creates=creates, after=_retry_after(answer))
        case _ if 400 <= status < 500:
            raise Refused(reason)
        case _:
            _unclear(reason, creates=creates, after=_retry_after(answer))


def _unclear(reason: str, *, creates: bool, after: float | None = None) -> NoReturn:
    """Perhaps done, perhaps not: harmless to repeat unless it creates a message."""
    raise InDoubt(reason) if creates else Later(reason, seconds=after)


def _decoded(answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _code(answer: httpx.Response) -> str:
    """The Connector's error code: `{"error": {"code": …}}`, or empty."""
    body = _decoded(answer)
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code[:100] if isinstance(code, str) else ""


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds that `Retry-After` asks for (RFC 9110: seconds or a date), bounded; None: it says nothing sensible."""
    text = answer.headers.get("Retry-After", "")
    seconds = _seconds(text)
    if seconds is None and text:
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        seconds = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return None if seconds is None else min(max(seconds, 1.0), LONGEST_WAIT)


def _seconds(text: str) -> float | None:
    """A plain number of seconds, not negative; None for anything else."""
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
