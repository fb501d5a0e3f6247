"""How long and how large a request's head may be: uvicorn's protocol on httptools has no limit on either.

Who connects and says nothing, drips a head byte by byte, or sends headers without end is hung up on; what a body may be
is `adapters.web.BodyLimit`'s.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 10.0


class PatientProtocol(HttpToolsProtocol):
    """HttpToolsProtocol that waits for a whole head for `HEAD_SECONDS` and takes no more than about `HEAD_BYTES` of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head: asyncio.TimerHandle | None = None
        self._unfinished = 0  # bytes that came since the last head was whole

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is awaited at once; between requests uvicorn's own keep-alive limit counts the idle seconds."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._forget_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; give up on a head that is still unfinished and too long already."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._head is not None and self._unfinished > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The headers are too large.")

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        if self._head is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self._forget_head()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._unfinished = 0
        self._head = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _forget_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None
