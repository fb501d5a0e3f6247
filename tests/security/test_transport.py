"""How bytes travel: TLS out, message boundaries in (ASVS V4.2.1, V12.1.1, V12.3.2)."""

import asyncio
import datetime
import json
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.types import Receive, Scope, Send

from adapters.heads import HEAD_BYTES, PatientProtocol
from adapters.outgoing import Rules
from adapters.outgoing_httpx import GuardedTransport


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for a name, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{name}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@asynccontextmanager
async def tls(file: Path, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> AsyncIterator[int]:
    """A TLS server on this machine; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.minimum_version, context.maximum_version = ssl.TLSVersion.MINIMUM_SUPPORTED, newest

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def ask(port: int, name: str, trusted: Path | None) -> str:
    async def here(host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    rules = Rules(hosts=frozenset({f"{name}:{port}"}), private=frozenset({name}))
    transport = GuardedTransport(rules, resolve=here, trusted=trusted)
    async with httpx.AsyncClient(transport=transport, timeout=5) as http:
        return (await http.get(f"https://{name}:{port}/")).text


async def test_tls_is_1_2_or_newer_and_certificates_are_checked(tmp_path: Path) -> None:
    good, other = certificate(tmp_path, "connector.example"), certificate(tmp_path, "other.example")
    async with tls(good) as port:
        assert await ask(port, "connector.example", good) == "ok"
        with pytest.raises(httpx.ConnectError, match=r"(?i)certificate"):
            await ask(port, "connector.example", None)  # nobody we trust signed it
    async with tls(other) as port:
        with pytest.raises(httpx.ConnectError, match=r"(?i)hostname mismatch|not valid for"):
            await ask(port, "connector.example", other)  # trusted, for another name
    assert httpx.create_ssl_context().minimum_version >= ssl.TLSVersion.TLSv1_2
    assert httpx.create_ssl_context().verify_mode is ssl.CERT_REQUIRED


class App:
    """Answers 200 at once, whatever else comes; knows which paths were asked for."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.taken.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def serving(app: App, *, idle: int = 5) -> AsyncIterator[int]:
    """A server with our protocol on this machine; its port. `idle`: seconds of silence between requests."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, http=PatientProtocol, ws="none", lifespan="off", log_config=None, timeout_keep_alive=idle
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.wait({running}, timeout=0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def test_a_message_with_two_lengths_is_refused() -> None:
    """Where proxy and server could disagree about where a request ends, it is not taken, and nothing after it either."""
    hidden = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    odd = [
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 37\r\n\r\n" + hidden,
        b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n" + hidden,
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello" + hidden,
        b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
    ]
    app = App()
    async with serving(app) as port:
        for request in odd:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            writer.write_eof()
            answer = await asyncio.wait_for(reader.read(), 5)
            assert b" 400 " in answer.split(b"\r\n")[0] or answer == b"", (request, answer)
            await closed(writer)
    assert "/hidden" not in app.taken


@pytest.mark.parametrize(
    ("request_", "drop"),
    [
        (b"POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n\r\n", b"x"),
        (b"POST /refused HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n"),
    ],
    ids=["the rest of a body", "chunks", "empty lines"],
)
async def test_whoever_drips_on_after_the_answer_is_hung_up_on(request_: bytes, drop: bytes) -> None:
    """Otherwise a connection that was refused could be held open for ever, a byte every few seconds."""
    async with serving(App(), idle=1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_)
        assert b" 200 " in await reader.readline()
        await reader.readuntil(b"\r\n\r\n")
        ends = asyncio.get_running_loop().time() + 10
        hung_up = asyncio.create_task(reader.read())
        while not hung_up.done():
            assert asyncio.get_running_loop().time() < ends, "still open"
            writer.write(drop)
            await asyncio.wait({hung_up}, timeout=0.1)
        with suppress(ConnectionError):
            await hung_up
        await closed(writer)


async def test_requests_may_follow_each_other_for_longer_than_silence_may_last() -> None:
    app = App()
    async with serving(app, idle=1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(8):
            writer.write(f"POST /{number} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx".encode())
            assert b" 200 " in await reader.readline()
            await reader.readuntil(b"\r\n\r\n")
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await reader.read(1)
        await closed(writer)
    assert app.taken == [f"/{number}" for number in range(8)]


async def test_what_is_no_http_is_answered_by_a_problem_document() -> None:
    async with serving(App()) as port:
        for wire in (b"garbage\r\n\r\n", b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(wire)
            head, _, body = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
            await closed(writer)
            assert head.startswith(b"HTTP/1.1 400 ")
            assert b"content-type: application/problem+json" in head.lower()
            told = json.loads(body)
            assert (told["status"], told["title"]) == (400, "Bad Request")
            assert told["detail"]


async def test_a_head_over_the_limit_is_refused_however_it_comes() -> None:
    head = b"GET /large HTTP/1.1\r\nHost: x\r\n" + b"X-Large: " + b"a" * (HEAD_BYTES + 1) + b"\r\n\r\n"
    many = b"GET /large HTTP/1.1\r\nHost: x\r\n" + b"X-Many: some words\r\n" * 4_000 + b"\r\n"
    app = App()
    async with serving(app) as port:
        for wire in (head, many):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(wire)
            assert b" 400 " in await asyncio.wait_for(reader.readline(), 5)
            await closed(writer)
    assert app.taken == []
