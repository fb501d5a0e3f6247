"""The playground's HTTP, through the real routes: who may call, what comes of a gesture, how time passes."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from adapters.local import demo
from adapters.local.gateway import Heard, address_of
from adapters.pictures import uri
from bot.events import Closed, Opened, Pressed, Said, Submitted
from bot.ports import Conflict, Later, TooSlow
from tests.adapters.local.stage import CHECKIN, FORM, HOSTILE, LENA, MINA, START, TOBIAS, Stage
from tests.charts import BARS

Client = httpx.AsyncClient


@pytest.fixture
async def stage() -> Stage:
    stage = Stage()
    await stage.play()
    return stage


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[Client]:
    transport = httpx.ASGITransport(stage.app())
    async with Client(transport=transport, base_url="http://localhost:8080") as client:
        yield client


def _gesture(**more: object) -> dict[str, object]:
    return {"id": str(uuid4()), "email": LENA, **more}


# ------------------------------------------------------------------------------------------------ the page


async def test_the_page_runs_nothing_but_its_own_files(client: Client) -> None:
    page = await client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "<script>" not in page.text
    assert "style=" not in page.text
    for name, kind in (("page.js", "text/javascript"), ("page.css", "text/css"), ("mark.svg", "image/svg+xml")):
        file = await client.get(f"/local/page/{name}")
        assert file.status_code == 200
        assert file.headers["content-type"].startswith(kind)
        assert "innerHTML" not in file.text
        assert "https://" not in file.text


@pytest.mark.parametrize("name", ["../routes.py", "%2e%2e%2froutes.py", "nothing.js", "__init__.py"])
async def test_no_other_file_is_served(client: Client, name: str) -> None:
    assert (await client.get(f"/local/page/{name}")).status_code == 404


async def test_people_are_shown_with_who_and_when_they_are(client: Client) -> None:
    found = (await client.get("/local/people")).json()
    assert (found["company"], found["first"], len(found["people"])) == ("Halden", LENA, 13)
    assert [one["email"] for one in found["people"]] == list(demo.CAPTIONS)
    lena = next(one for one in found["people"] if one["email"] == LENA)
    assert lena["manager"] == "Tobias Renner"
    assert (lena["zone"], lena["local_time"], lena["unread"]) == ("Europe/Berlin", "2026-11-25T09:00+01:00", 2)
    assert {one["role"] for one in found["people"]} == {"employee", "manager", "hr_admin"}
    assert next(one for one in found["people"] if one["email"] == MINA)["language"] == "ko"


async def test_what_is_said_in_a_teams_channel_stands_there(client: Client) -> None:
    found = (await client.get("/local/people")).json()
    teams = {one["team"] for one in found["people"]} - {""}
    assert {one["name"]: (one["email"], one["unread"]) for one in found["channels"]} == {
        team: (f"#{team}".casefold(), 0) for team in teams
    }
    channel = found["channels"][0]["email"]
    words = {"id": "0b6f8f4e-1c1b-4d0e-9d5c-0d6f2a7f3c77", "email": LENA, "text": "/team post here", "place": channel}
    assert (await client.post("/local/say", json=words)).status_code == 200
    lines = (await client.get(f"/local/conversations/{quote(channel, safe='')}")).json()["lines"]
    assert [line["text"] for line in lines] == ["/team post here"]


async def test_a_card_is_also_what_slack_and_teams_get(client: Client) -> None:
    lines = (await client.get(f"/local/conversations/{LENA}")).json()["lines"]
    assert [line["from"] for line in lines] == ["rondo", "person", "rondo"]
    assert lines[0]["key"] == "checkin:c1/2026-W48:1"
    views = (await client.get(f"/local/card/{lines[0]['key']}")).json()["views"]
    assert views["slack"]["text"] == CHECKIN.summary
    assert views["teams"]["type"] == "AdaptiveCard"
    assert HOSTILE.replace("&", "&amp;") in json.dumps(views["slack"]).encode().decode("unicode_escape")
    assert (await client.get("/local/card/nothing")).status_code == 404


async def test_a_chart_is_a_picture_that_the_page_may_show(client: Client) -> None:
    answer = await client.get(f"/local/conversations/{TOBIAS}")
    (chart,) = [part for line in answer.json()["lines"] for part in line["card"]["elements"] if part["kind"] == "chart"]
    assert chart["alt"] == BARS.alt
    assert chart["picture"] == uri(BARS)
    assert "img-src 'self' data:;" in answer.headers["content-security-policy"]
    views = (await client.get("/local/card/health:1")).json()["views"]
    assert [block["image_url"] for block in views["slack"]["blocks"] if block["type"] == "image"] == [uri(BARS)]
    assert [block["url"] for block in views["teams"]["body"] if block["type"] == "Image"] == [uri(BARS)]


# ------------------------------------------------------------------------------------------------ who may call


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io", ""])
@pytest.mark.parametrize("path", ["/", "/local/people", "/local/events", "/local/page/page.js"])
async def test_only_this_machine_is_answered(client: Client, host: str, path: str) -> None:
    assert (await client.get(path, headers={"host": host})).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1:8080", "[::1]:8080"])
async def test_this_machine_has_several_names(client: Client, host: str) -> None:
    assert (await client.get("/local/people", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"origin": "http://localhost:8080", "sec-fetch-site": "same-origin"}, 200),
    ],
)
async def test_only_our_own_page_may_post(client: Client, stage: Stage, headers: dict[str, str], status: int) -> None:
    sent = {"content-type": "application/json", **headers}
    answer = await client.post("/local/say", content=json.dumps(_gesture(text="hello")), headers=sent)
    assert answer.status_code == status
    assert len(stage.inbound.events) == (status == 200)


@pytest.mark.parametrize("path", ["say", "press", "submit", "close", "open", "clock", "read"])
@pytest.mark.parametrize(("body", "status"), [("{", 400), ("[]", 422), ("[" * 5000, 400), ("{}", 422), ("x" * 300_000, 413)])
async def test_garbage_is_refused_and_nothing_happens(client: Client, stage: Stage, path: str, body: str, status: int) -> None:
    answer = await client.post(f"/local/{path}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert (stage.inbound.events, stage.moves) == ([], [])


# ------------------------------------------------------------------------------------------------ gestures


async def test_what_is_said_is_shown_and_heard_once(client: Client, stage: Stage) -> None:
    said = _gesture(text=HOSTILE)
    for _ in range(3):
        assert (await client.post("/local/say", json=said)).status_code == 200
    assert [event.text for event in stage.inbound.events if isinstance(event, Said)] == [HOSTILE]
    heard = [line for line in stage.gateway.lines(LENA) if isinstance(line, Heard)]
    assert [line.text for line in heard] == ["launch at 40%, blocked by legal", HOSTILE]


async def test_a_button_opens_a_form_that_comes_back_filled(client: Client, stage: Stage) -> None:
    action = next(button.action for button in CHECKIN.buttons() if button.label == "Open form").encode()
    opened = (await client.post("/local/press", json=_gesture(action=action))).json()
    assert opened["form"]["title"] == "Check-in"
    assert opened["views"]["slack"]["type"] == "modal"
    wrong = {"confidence:G-03": "11"}
    body = _gesture(action=opened["form"]["action"], values=wrong)
    errors: dict[str, Any] = (await client.post("/local/submit", json=body)).json()
    assert errors["errors"] == {"confidence:G-03": "Confidence is a number from 0 to 10."}
    assert "from 0 to 10." in json.dumps(errors["views"]["teams"])
    right = _gesture(action=FORM.action.encode(), values={"confidence:G-03": "7"})
    assert (await client.post("/local/submit", json=right)).json() == {}
    draft = _gesture(action=FORM.action.encode(), values={"note:G-03": "half a thought"})
    assert (await client.post("/local/close", json=draft)).json() == {}
    assert [type(event) for event in stage.inbound.events] == [Pressed, Submitted, Submitted, Closed]


async def test_home_is_a_card_too(client: Client, stage: Stage) -> None:
    home = (await client.post("/local/open", json=_gesture())).json()
    assert home["home"]["elements"][0]["kind"] == "heading"
    assert isinstance(stage.inbound.events[0], Opened)


@pytest.mark.parametrize("error", [Conflict(), Later("busy")])
async def test_a_busy_rondo_says_that_nothing_changed(client: Client, stage: Stage, error: Exception) -> None:
    stage.inbound.error = error
    answer = await client.post("/local/say", json=_gesture(text="hello"))
    assert (answer.status_code, "Try again" in answer.json()["detail"]) == (503, True)


async def test_a_slow_rondo_does_not_say_that_nothing_changed(client: Client, stage: Stage) -> None:
    stage.inbound.error = TooSlow()
    answer = await client.post("/local/say", json=_gesture(text="hello"))
    assert (answer.status_code, "may be saved" in answer.json()["detail"]) == (503, True)


async def test_somebody_nobody_knows_is_told_so(client: Client, stage: Stage) -> None:
    stage.inbound.known = False
    assert (await client.post("/local/say", json=_gesture(text="hello"))).status_code == 404


async def test_looking_at_a_conversation_clears_its_badge(client: Client, stage: Stage) -> None:
    assert (await client.post("/local/read", json={"email": LENA})).status_code == 200
    assert stage.gateway.unread(LENA) == 0


# ------------------------------------------------------------------------------------------------ time


async def test_next_goes_on_until_something_can_be_seen(client: Client, stage: Stage) -> None:
    told = (await client.post("/local/clock", json={"advance": "next"})).json()
    assert stage.moves == [START + timedelta(hours=2), START + timedelta(hours=17)]
    assert (told["now"], told["changed"]) == ("2026-11-26T01:00:00Z", [MINA])
    assert told["next"] == "2026-11-26T09:00:00Z"


async def test_a_day_passes_step_by_step_and_not_as_one_outage(client: Client, stage: Stage) -> None:
    told = (await client.post("/local/clock", json={"advance": "P1D"})).json()
    assert stage.moves == [START + timedelta(hours=hours) for hours in (2, 17, 24)]
    assert told["changed"] == [MINA]


async def test_nothing_planned_is_said_and_the_clock_stands(client: Client, stage: Stage) -> None:
    stage.due = []
    told = (await client.post("/local/clock", json={"advance": "next"})).json()
    assert (told["changed"], told["next"], stage.moves) == ([], None, [])


async def test_a_row_that_stays_due_cannot_stop_time(client: Client, stage: Stage) -> None:
    stage.next_due = lambda: START  # type: ignore[method-assign]
    transport = httpx.ASGITransport(stage.app())
    async with Client(transport=transport, base_url="http://localhost:8080") as stuck:
        told = (await stuck.post("/local/clock", json={"advance": "PT1H"})).json()
    assert told["now"] == "2026-11-25T09:00:00Z"
    assert len(stage.moves) == 60


async def test_time_moves_once_at_a_time(stage: Stage) -> None:
    go, move = asyncio.Event(), stage.move

    async def slowly(to: Any) -> None:
        await go.wait()
        await move(to)

    stage.move = slowly  # type: ignore[method-assign]
    transport = httpx.ASGITransport(stage.app())
    async with Client(transport=transport, base_url="http://localhost:8080") as client:
        first = asyncio.create_task(client.post("/local/clock", json={"advance": "PT4H"}))
        await asyncio.sleep(0.05)
        assert (await client.post("/local/clock", json={"advance": "PT4H"})).status_code == 409
        go.set()
        assert (await first).status_code == 200
    assert stage.clock.at == START + timedelta(hours=4)


# ------------------------------------------------------------------------------------------------ live


async def test_the_stream_tells_of_conversations_and_of_the_clock_and_ends(client: Client, stage: Stage) -> None:
    stream = asyncio.create_task(client.get("/local/events"))
    await asyncio.sleep(0.1)
    await stage.gateway.send(address_of(MINA), CHECKIN, key="new")
    await asyncio.sleep(0.1)
    stage.clock.at += timedelta(hours=1)
    stage.gateway.wake()
    await asyncio.sleep(0.1)
    stage.ending = True
    answer = await asyncio.wait_for(stream, 30)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in part.split("\n")) for part in answer.text.strip().split("\n\n")]
    assert events[0] == {"retry": "1500"}
    told = [(event["event"], json.loads(event["data"])) for event in events[1:]]
    assert told[0] == ("clock", {"now": "2026-11-25T08:00:00Z", "next": "2026-11-25T10:00:00Z"})
    assert ("conversation", {"email": MINA, "unread": 2}) in told
    assert told[-1][1]["now"] == "2026-11-25T09:00:00Z"


async def test_closing_the_gateway_ends_the_stream_at_once(client: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.local.routes.LOOK_SECONDS", 3600.0)  # so that only the closing ends it
    stream = asyncio.create_task(client.get("/local/events"))
    await asyncio.sleep(0.05)
    stage.gateway.close()
    assert (await asyncio.wait_for(stream, 30)).status_code == 200


async def test_the_ledger_is_shown_where_there_is_one(client: Client) -> None:
    items = (await client.get("/local/ledger")).json()["items"]
    assert items[0]["name"] == "escalation:opened"
