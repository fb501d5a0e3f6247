"""What every HTTP answer carries, and what no request may do: headers for browsers, plain bodies, few wrong guesses."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.answers import bears, problem

log = logging.getLogger("rondo.security")

HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
"""A route that says more (the playground, the pages of an install) says so itself, and that counts."""
HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
"""Browsers believe it over https only, so that it may always be said in production."""

GUESSES: Final = 20
"""So many wrong tokens a minute from one address; then no more from there are looked at for the rest of it."""
LONG: Final = 32
"""Characters from which on nobody guesses a token (128 bits and more, as `openssl rand -hex 16` or more writes them): such a
one opens its routes whatever else comes from its address. A shorter one waits with the guessers, or they would not be slowed."""
MINUTE: Final = 60.0
ADDRESSES: Final = 4096
"""Addresses of which wrong tokens are counted at a time; the one that was quiet for longest is forgotten first."""
LOGGED_EVERY: Final = 1.0
"""Seconds between two lines about refused requests; those between are counted into the next one."""


class Guesses:
    """Wrong tokens by address, in a minute's window each. `monotonic` in seconds."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()  # beginning of its minute, and how many

    def wait(self, address: str) -> float:
        """Seconds for which nothing from there is looked at; 0: come in."""
        began, count = self._wrong.get(address, (0.0, 0))
        left = began + MINUTE - self._monotonic()
        return max(0.0, left) if count >= GUESSES else 0.0

    def wrong(self, address: str) -> None:
        """A wrong token came from there."""
        began, count = self._wrong.pop(address, (self._monotonic(), 0))
        if began + MINUTE <= self._monotonic():
            began, count = self._monotonic(), 0
        self._wrong[address] = (began, count + 1)
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)

    def __len__(self) -> int:
        return len(self._wrong)


class Hardened:
    """Raw ASGI, outermost but for the date. `production`: otherwise all that comes is from this machine, and nobody guesses."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        production: bool,
        tokens: Mapping[str, str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`tokens`: which token of ours opens the routes below a path. Slack and Teams sign their requests: nobody guesses
        those, and all of theirs come from the same few addresses.
        """
        self._app = app
        self._tokens = tokens
        self._headers = (*HEADERS, HSTS) if production else HEADERS
        self._monotonic = monotonic
        self._guesses = Guesses(monotonic) if production else None
        self._logged_at, self._unlogged = float("-inf"), 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in, and complete what goes out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asks_for_token = scope["path"].startswith(tuple(self._tokens))
        address = scope["client"][0] if scope.get("client") else ""

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                status, given = message["status"], message.get("headers", ())
                if status in (401, 403, 429):
                    if status == 401 and asks_for_token and self._guesses is not None:
                        self._guesses.wrong(address)
                    self._tell(scope["path"], status, address)
                names = {name.lower() for name, _ in given}
                message = {**message, "headers": [*given, *(one for one in self._headers if one[0] not in names)]}
            await send(message)

        refusal = self._refusal(scope, address) if asks_for_token or _encoded(scope) else None
        await (self._app if refusal is None else refusal)(scope, receive, completed)

    def _refusal(self, scope: Scope, address: str) -> ASGIApp | None:
        if _encoded(scope):
            return problem(415, "Send the body as it is: compressed ones are not taken.", {"Connection": "close"})
        seconds = 0.0 if self._guesses is None else self._guesses.wait(address)
        if seconds > 0 and not self._known(scope):
            return problem(429, "Too many wrong tokens from this address.", {"Retry-After": str(int(seconds) + 1)})
        return None

    def _known(self, scope: Scope) -> bool:
        """Whether a request brings the token of its routes, and that is one that nobody guesses."""
        token = next((token for path, token in self._tokens.items() if scope["path"].startswith(path)), "")
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return len(token) >= LONG and bears(given.decode("latin-1"), token)

    def _tell(self, path: str, status: int, address: str) -> None:
        now = self._monotonic()
        if now - self._logged_at < LOGGED_EVERY:
            self._unlogged += 1
            return
        facts = {"path": path[:100], "status": status, "address": address, "others": self._unlogged}
        log.warning("refused", extra=facts)
        self._logged_at, self._unlogged = now, 0


def _encoded(scope: Scope) -> bool:
    """Whether the body is compressed: nobody may send us a small one that becomes a large one."""
    return any(
        name == b"content-encoding" and value.strip().lower() not in (b"", b"identity") for name, value in scope["headers"]
    )
