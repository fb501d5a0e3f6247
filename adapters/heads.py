"""How long and how large a request's head may be: uvicorn's protocol on httptools has no limit on either.

Who connects and says nothing, drips a head byte by byte, sends headers without end, or goes on with a body that was answered
already is hung up on; what a body may be is `adapters.web.BodyLimit`'s.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from adapters.answers import problem

HEAD_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 10.0


class TooLarge(ValueError):
    """A head over the limit; the parser makes a 400 of it."""


class PatientProtocol(HttpToolsProtocol):
    """HttpToolsProtocol that waits for a whole head for `HEAD_SECONDS` and takes no more than `HEAD_BYTES` of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head: asyncio.TimerHandle | None = None
        self._next: asyncio.TimerHandle | None = None
        self._unfinished = 0  # bytes that came since the last head was whole
        self._named = 0  # bytes of this head's headers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is awaited at once; between requests uvicorn's own keep-alive limit counts the idle seconds."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._forget_head()
        self._forget_next()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; give up on a head that is still unfinished and too long already."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._head is not None and self._unfinished > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers are too large.")

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered by a problem document as well; uvicorn's own answer is a line of text."""
        answer = problem(400, msg, {"Connection": "close"})
        lines = [b"HTTP/1.1 400 Bad Request", *(name + b": " + value for name, value in answer.raw_headers), b"", b""]
        self.transport.write(b"\r\n".join(lines) + bytes(answer.body))
        self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._named = 0
        self._forget_next()
        if self._head is None:
            self._await_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Raises TooLarge: what comes in one piece is whole before anybody could count its pieces."""
        self._named += len(name) + len(value) + 4  # colon, space, line end
        if self._named > HEAD_BYTES:
            raise TooLarge
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self._forget_head()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The next request has to begin in time. What comes meanwhile (the rest of a body that was refused, empty lines)
        begins none, and counts for uvicorn's own limit as if it did.
        """
        super().on_response_complete()
        if self.timeout_keep_alive_task is not None and self._head is None:
            self._next = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _forget_next(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _await_head(self) -> None:
        self._unfinished = 0
        self._head = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _forget_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None
