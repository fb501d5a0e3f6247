"""Traces: spans of turns, sends and looks at the agenda, without anybody's data; nothing of it is loaded when off."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters import tracing
from adapters.app import build
from adapters.settings import Settings
from storage.engine import open_engine
from storage.migrate import migrate

WORDS = "canary-heron-7731"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in [name for name in os.environ if name.upper().startswith(("RONDO_", "OTEL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def demo(folder: Path) -> FastAPI:
    url = f"sqlite:///{folder / 'demo.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return build(Settings.load(env="development", database_url=url, dev_clock=True), demo=True)


async def used(app: FastAPI) -> None:
    """A person of the playground says something with a canary in it, and a day passes."""
    transport = httpx.ASGITransport(app)
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost:8080")
    async with app.router.lifespan_context(app), client as http:
        email = (await http.get("/local/people")).json()["people"][0]["email"]
        said = await http.post(
            "/local/say", json={"id": "gesture-0001-of-the-test", "email": email, "text": f"/away tomorrow {WORDS}"}
        )
        assert said.status_code == 200, said.text
        assert (await http.post("/dev/clock", json={"advance": "P1D"})).status_code == 200


async def test_turns_sends_and_looks_are_traced_without_anybodys_data(tmp_path: Path) -> None:
    app, spans = demo(tmp_path), InMemorySpanExporter()
    app.state.rondo.turn.tracing = app.state.rondo.metrics.tracing = tracing.OpenTelemetry(spans, version="1", at_once=True)
    await used(app)
    found = spans.get_finished_spans()
    assert {span.name for span in found} >= {"turn", "send"}
    assert {span.name for span in found} <= tracing.NAMES
    for span in found:
        assert span.attributes is not None
        assert span.attributes.keys() <= tracing.ATTRIBUTES
        assert span.start_time is not None
        assert span.end_time is not None
        assert span.start_time <= span.end_time
        assert not span.events
        assert WORDS not in span.to_json()
        assert "@" not in span.to_json()
    sends = [span.attributes for span in found if span.name == "send" and span.attributes]
    assert {(one["rondo.platform"], one["rondo.outcome"]) for one in sends} == {("local", "arrived")}


def test_a_name_or_attribute_that_is_not_on_the_list_is_refused() -> None:
    traces = tracing.OpenTelemetry(InMemorySpanExporter(), version="1", at_once=True)
    with pytest.raises(AssertionError):
        traces.record("turn", 0.1, {"rondo.person": "ada@example.com"})
    with pytest.raises(AssertionError):
        traces.record("ada@example.com", 0.1, {})


async def test_a_collector_gets_the_spans_and_a_redirect_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            heard.append((f"GET {self.path}", b""))
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        monkeypatch.setenv(tracing.ENDPOINT, f"http://127.0.0.1:{server.server_port}")
        assert tracing.problem() == ""
        await used(demo(tmp_path))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert heard
    assert {path for path, _ in heard} == {"/v1/traces"}
    body = b"".join(body for _, body in heard)
    assert b"rondo.outcome" in body
    assert WORDS.encode() not in body


@pytest.mark.parametrize(
    "url",
    [
        "collector", "http://collector:4318", "ftp://collector/", "https://user:pw@collector/", "https://10.0.0.1:4318",
        "https://[::", "https://x:y",
    ],
)  # fmt: skip
def test_an_endpoint_that_is_none_or_not_safe_stops_the_start_with_one_line(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tracing.ENDPOINT, url)
    line = tracing.problem()
    assert line.startswith(tracing.ENDPOINT)
    assert "\n" not in line
    assert "pw" not in line


def test_nothing_of_opentelemetry_is_loaded_when_it_is_off(tmp_path: Path) -> None:
    code = (
        "import sys, adapters.app, adapters.mount, adapters.tracing as t; assert t.open_tracing('1') is None; "
        "names = ('opentelemetry.sdk', 'opentelemetry.exporter', 'google.protobuf'); "
        "print(sorted(m for m in sys.modules if m.startswith(names)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
