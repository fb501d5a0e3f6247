"""What must hold when it is over: nothing is spoilt, and an ordinary week goes on for an ordinary person."""

import asyncio
import time

from tests.hostile.stage import NEXT_THURSDAY, NORMAL, Stage


async def still_works(place: Stage) -> None:
    """The reads page through all there is; the normal person is asked next Thursday, answers, and it is written down."""
    server = place.server
    assert (await server.http.get("/readyz")).status_code == 200
    for route in ("ledger", "checkins", "policies", "outbox"):
        await server.items(route)
    await _drained(place)
    await server.now(NEXT_THURSDAY)
    prompt = place.slack.last(NORMAL)
    assert "On track" in prompt.labels, prompt
    await place.slack.press(NORMAL, prompt, "On track")
    answered = [row for row in await server.items("checkins") if NORMAL in str(row) and "open" not in str(row.get("state"))]
    assert answered, "the check-in of a normal person was not taken"


async def _drained(place: Stage, limit_seconds: float = 900.0) -> None:
    """Wait until everybody has got the answers that hostile gestures have called for."""
    ends = time.monotonic() + limit_seconds
    for state in ("pending", "sending"):
        while (await place.server.api("GET", "outbox", params={"state": state, "limit": "1"})).json()["items"]:
            assert time.monotonic() < ends, f"messages are still {state}"
            await asyncio.sleep(0.5)
