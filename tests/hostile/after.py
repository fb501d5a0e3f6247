"""What must hold when it is over: nothing is spoilt, and an ordinary week goes on for an ordinary person."""

import asyncio
import time

from scheduler.pace import SLACK_EDITS
from tests.hostile.stage import NEXT_THURSDAY, NORMAL, Stage

SLACK_EDITS_A_SECOND = (SLACK_EDITS.per_minute or 60) / 60


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


async def _drained(place: Stage) -> None:
    """Wait until everybody has got the answers that hostile gestures have called for: as long as the allowance of edits takes."""
    waiting = len(await place.server.items("outbox", state="pending"))
    ends = time.monotonic() + 120 + 1.5 * waiting / SLACK_EDITS_A_SECOND
    for state in ("pending", "sending"):
        while (await place.server.api("GET", "outbox", params={"state": state, "limit": "1"})).json()["items"]:
            assert time.monotonic() < ends, f"messages are still {state}"
            await asyncio.sleep(0.5)
