"""Requests that are a burden by their size, number or slowness, not by their contents."""

import asyncio
import json
import time

from tests.hostile.from_slack import JSON, sign
from tests.hostile.wire import Line, http


def good(secret: str, event_id: str, *, kind: str = "none_we_take") -> bytes:
    """A well signed event that changes nothing."""
    event = {"type": kind, "user": "U0NOBODY"}
    body = json.dumps({"type": "event_callback", "team_id": "T0RONDO00", "event_id": event_id, "event": event}).encode()
    stamp = str(int(time.time()))
    headers = (("Content-Type", JSON), ("X-Slack-Request-Timestamp", stamp), ("X-Slack-Signature", sign(secret, body, stamp)))
    return http("POST", "/slack/events", headers, body)


async def cut_off(port: int, secret: str, *, runs: int) -> tuple[float, float]:
    """Median milliseconds until a body that is declared too large is refused, and its ratio to a good request's."""
    refused, taken = [], []
    line = Line(port)
    large = http("POST", "/slack/events", (("Content-Length", str(50 << 20)),), b"", length=False)
    for number in range(runs):
        answer = await line.ask(large)
        assert answer.status == 413, answer
        refused.append(answer.seconds)
        answer = await line.ask(good(secret, f"EvGood{number}"))
        assert answer.status == 200, answer
        taken.append(answer.seconds)
    line.close()
    ours, theirs = sorted(refused)[runs // 2], sorted(taken)[runs // 2]
    return ours * 1000, ours / theirs


async def slowest_good(port: int, secret: str, seconds: float, *, name: str) -> float:
    """Ask good requests for so long; the slowest answer's seconds."""
    line, ends, worst, number = Line(port), time.monotonic() + seconds, 0.0, 0
    while time.monotonic() < ends:
        number += 1
        answer = await line.ask(good(secret, f"Ev{name}{number}"))
        assert answer.status == 200, answer
        worst = max(worst, answer.seconds)
        await asyncio.sleep(0.01)
    line.close()
    return worst
