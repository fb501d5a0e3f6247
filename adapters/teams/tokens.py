"""Tokens of the app's own from Microsoft Entra: one per authority and scope, renewed before it ends, fetched once at a time."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from bot.ports import Later

AUTHORITY = "https://login.microsoftonline.com"
CONNECTOR = "https://api.botframework.com"
"""The Connector as tokens name it: who gives those that come in, and whom ours are for. Other clouds have another one."""
RENEW_BEFORE = 300.0  # seconds before its end at which a token is renewed
DEADLINE = 15.0  # seconds for one request, all of it
LONGEST_WAIT = 3600.0  # seconds of Retry-After that are believed


def token_url(tenant: str, given: str = "") -> str:
    """The token endpoint of a tenant. `given`: a complete address of another one at the same authority (sovereign clouds)."""
    if not given:
        return f"{AUTHORITY}/{quote(tenant, safe='')}/oauth2/v2.0/token"
    parts = urlsplit(given)
    _, _, rest = parts.path.lstrip("/").partition("/")
    return urlunsplit(parts._replace(path=f"/{quote(tenant, safe='')}/{rest}"))


@dataclass(slots=True)
class _Token:
    text: str = ""
    until: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Tokens:
    """Client credentials of one app. A token is kept for its life; never written anywhere."""

    def __init__(
        self, *, app_id: str, password: str, http: httpx.AsyncClient, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app_id = app_id
        self._password = password
        self._http = http
        self._clock = clock
        self._known: dict[tuple[str, str], _Token] = {}

    async def get(self, url: str, scope: str, *, instead_of: str = "") -> str:
        """A token that holds for some minutes; `instead_of` names one that was just refused. Raises Later."""
        known = self._known.setdefault((url, scope), _Token())
        async with known.lock:
            if known.text and known.text != instead_of and self._clock() < known.until:
                return known.text
            form = {
                "grant_type": "client_credentials",
                "client_id": self._app_id,
                "client_secret": self._password,
                "scope": scope,
            }
            try:
                async with asyncio.timeout(DEADLINE):
                    answer = await self._http.post(url, data=form, follow_redirects=False)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
                raise Later(f"no Teams token: {type(error).__name__}", whole_tenant=True) from error
            got = decoded(answer)
            token, life = (got.get("access_token"), got.get("expires_in")) if isinstance(got, dict) else (None, None)
            if not answer.is_success or not isinstance(token, str) or not token:
                said = got.get("error") if isinstance(got, dict) else None
                reason = f"no Teams token: {answer.status_code} {said if isinstance(said, str) else ''}".rstrip()
                refused = 400 <= answer.status_code < 500 and answer.status_code not in (408, 429)
                raise Later(reason, seconds=retry_after(answer), whole_tenant=True, broken=refused)
            seconds = _seconds(str(life)) or 0.0
            # A token that lives shorter than the margin is still good for half its life.
            known.text, known.until = token, self._clock() + max(seconds - RENEW_BEFORE, seconds / 2)
            return token


def decoded(answer: httpx.Response) -> Any:
    """The JSON of an answer; None where it is none."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def error_code(answer: httpx.Response) -> str:
    """What the Connector and Graph alike call an error, `{"error": {"code": …}}`, or Teams itself: `{"errorCode": 209}`; or
    empty.
    """
    body = decoded(answer)
    if not isinstance(body, dict):
        return ""
    error = body.get("error")
    code = error.get("code") if isinstance(error, dict) else body.get("code")
    number = body.get("errorCode")
    return code[:100] if isinstance(code, str) else str(number) if type(number) is int and 0 < number < 1_000_000 else ""


def retry_after(answer: httpx.Response) -> float | None:
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
