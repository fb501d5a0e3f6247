"""OpenTelemetry traces of turns, sends and looks at the agenda: how long, what kind, what became of it; nobody's data.

An optional extra (`pip install rondo[otel]`), imported only where `OTEL_EXPORTER_OTLP_ENDPOINT` is set.
"""

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from adapters.outgoing import LOOPBACK, is_name

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
NAMES: Final = frozenset({"turn", "turns", "send", "sweep"})
ATTRIBUTES: Final = frozenset({"rondo.event", "rondo.outcome", "rondo.platform", "rondo.events"})
"""All there are. Their values are words of ours from closed lists, or numbers: no ids, addresses, names or texts."""
PATIENCE: Final = 5.0
"""Seconds a collector may take; what it does not take is thrown away."""


class Tracing(Protocol):
    """Where spans go."""

    def record(self, name: str, seconds: float, attributes: Mapping[str, str | int]) -> None:
        """Something ended just now and took so many seconds. Any thread; never raises, never waits."""
        ...

    def close(self) -> None:
        """Send what is left; blocking, at most some seconds."""
        ...


class OpenTelemetry:
    """Implements Tracing. `at_once`: for tests, export each span as it ends."""

    def __init__(self, exporter: "SpanExporter", *, version: str, at_once: bool = False) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

        resource = Resource.create({"service.name": "rondo", "service.version": version})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(SimpleSpanProcessor(exporter) if at_once else BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("rondo", version)

    def record(self, name: str, seconds: float, attributes: Mapping[str, str | int]) -> None:
        """See Tracing."""
        assert name in NAMES
        assert attributes.keys() <= ATTRIBUTES
        ended = time.time_ns()
        span = self._tracer.start_span(name, start_time=ended - int(seconds * 1e9), attributes=attributes)
        if attributes.get("rondo.outcome") == "failed":
            from opentelemetry.trace import StatusCode

            span.set_status(StatusCode.ERROR)
        span.end(ended)

    def close(self) -> None:
        """See Tracing."""
        self._provider.shutdown()


def problem() -> str:
    """What is wrong with the endpoint or the installation, in one line; empty: nothing, or no traces are wanted."""
    url = os.environ.get(ENDPOINT, "")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        _ = parts.port
    except ValueError:
        return f"{ENDPOINT} is no address: write a complete one that starts with https://."
    if "@" in parts.netloc or not (is_name(host) or host in LOOPBACK):
        return f"{ENDPOINT}: a host name is needed, without user name; credentials belong into OTEL_EXPORTER_OTLP_HEADERS."
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return f"{ENDPOINT} is not https: use https, or a collector on this machine (http://localhost:4318)."
    from importlib.util import find_spec

    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        return f'{ENDPOINT} is set, but the extra is not installed: pip install "rondo[otel]", or remove the setting.'
    return ""


def open_tracing(version: str) -> Tracing | None:
    """What the environment asks for; None: no traces, and nothing of OpenTelemetry is imported. Check `problem` first."""
    if not os.environ.get(ENDPOINT):
        return None
    import requests
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    session = requests.Session()
    session.max_redirects = 0  # a collector that sends us elsewhere is none
    session.trust_env = False  # no proxy, and no password from a .netrc
    return OpenTelemetry(OTLPSpanExporter(session=session, timeout=PATIENCE), version=version)
