"""The whole way through real HTTP: a gesture in Teams, an event at the door, and what the person sees."""

import json
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI

from adapters.teams.auth import Auth, Keys
from adapters.teams.routes import teams_router
from bot.decision import Decision, Edit, FieldErrors, Lane, Message, ShowForm
from bot.events import Address, ByPerson, Opened, Platform, Pressed, Said, Submitted
from bot.ports import Conflict, Gone, Later, TooSlow
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, ChoiceField, Form, Heading, Option, TextField
from tests.adapters.teams.conftest import APP_ID, TENANT, FixedClock, RecordingDoor, World, served
from tests.fakes.teams import Forge, dump
from tests.fakes.teams import Message as Shown

Json = dict[str, Any]
OPEN, SNOOZE = Action(Verb.OPEN_FORM, ("c1",)), Action(Verb.SNOOZE, ("c1",))
PROMPT = Card(
    summary="How is it going?",
    elements=(
        Heading(text="How is it going?"),
        Buttons(buttons=(Button(label="Open form", action=OPEN), Button(label="Snooze", action=SNOOZE))),
    ),
)
SNOOZED = Card(summary="Later then", elements=(Heading(text="Later then"), PROMPT.elements[1]))
STATUS = ChoiceField(id="status", label="Status", options=(Option(value="on_track", label="On track"),))
FORM = Form(
    action=Action(Verb.ANSWER, ("c1", "g1")), title="Check-in", submit="Send", cancel="Cancel",
    parts=(STATUS, TextField(id="kr1", label="Signups", value="40")),
)  # fmt: skip


async def prompted(world: World, user: str) -> Shown:
    await world.gateway.send(await world.write_address(user), PROMPT, key="prompt")
    return world.teams.messages_to(user)[-1]


async def test_a_message_five_times_is_one_event(world: World) -> None:
    await world.driver.message(world.person(), "/checkin", times=5)
    [event] = world.door.events
    assert isinstance(event, Said)
    assert (event.text, event.at) == ("/checkin", world.clock.instant)


async def test_an_install_is_heard(world: World) -> None:
    answers = await world.driver.install(world.person())
    assert [type(event) for event in world.door.events] == [Opened, Opened]
    assert {answer.text for answer in answers} == {""}


async def test_a_press_changes_the_pressed_card_at_once(world: World) -> None:
    user = world.person()
    prompt = await prompted(world, user)
    other = Message(key="other", to="p2", card=PROMPT, lane=Lane.ESCALATION)
    world.door.decide = lambda _: Decision(messages=(other,), edits=(Edit(key="prompt", card=SNOOZED),))

    seen = await world.driver.press(user, prompt, "Snooze")

    assert seen.kind == "card"
    assert "Later then" in dump(prompt, user)
    [event] = world.door.events
    assert isinstance(event, Pressed)
    assert event.action == SNOOZE


async def test_a_press_on_the_card_shown_anew_is_another_press_but_a_repeat_is_not(world: World) -> None:
    user = world.person()
    prompt = await prompted(world, user)
    world.door.decide = lambda _: Decision(edits=(Edit(key="prompt", card=SNOOZED),))
    first = await world.driver.press(user, prompt, "Snooze")
    repeats = await world.driver.replay(3, new_id=True)
    assert len(world.door.events) == 1
    assert [answer.json for answer in repeats] == [first.answer.json] * 3

    await world.driver.press(user, prompt, "Snooze")
    assert len(world.door.events) == 2


async def test_a_press_that_changes_no_card_is_acknowledged_in_words(world: World) -> None:
    user = world.person(locale="ko-KR")
    prompt = await prompted(world, user)
    for key in ("other", "prompt "):
        edit = Edit(key=key, card=SNOOZED)
        world.door.decide = lambda _, edit=edit: Decision(edits=(edit,))  # type: ignore[misc]
        seen = await world.driver.press(user, prompt, "Snooze")
        assert seen.kind == "text"
        assert "접수" in seen.text


async def test_a_forged_stamp_shows_nobody_elses_card(world: World) -> None:
    user = world.person()
    world.door.decide = lambda _: Decision(edits=(Edit(key="secret", card=SNOOZED),))
    stamp = world.gateway.stamp(Address(platform=Platform.TEAMS, tenant=TENANT, user="29:boss"), "secret")
    value = {"action": {"type": "Action.Execute", "verb": "rondo", "data": {"rondo": SNOOZE.encode(), **stamp}}}
    await world.driver.message(user, "hi")
    answer = await world.driver.send(world.driver.activity(user, "invoke", name="adaptiveCard/action", value=value))
    assert answer.json["type"] == "application/vnd.microsoft.activity.message"


async def test_a_form_opens_complains_and_closes(world: World) -> None:
    user = world.person()
    prompt = await prompted(world, user)

    def decide(event: ByPerson) -> Decision:
        match event:
            case Pressed():
                return Decision(reply=ShowForm(form=FORM))
            case Submitted(values=values) if not values["kr1"].isdigit():
                return Decision(reply=FieldErrors(errors={"kr1": "A number, please"}, form=FORM))
            case _:
                return Decision()

    world.door.decide = decide
    opened = await world.driver.press(user, prompt, "Open form")
    assert opened.dialog is not None
    assert opened.dialog.title == "Check-in"
    refused = await world.driver.submit(user, opened.dialog, {"Status": "On track", "Signups": "many"})
    assert refused.dialog is not None
    assert "A number, please" in dump(refused.dialog)
    again = await world.driver.submit(user, refused.dialog, {"Signups": "many"})
    assert again.dialog is not None, "the same wrong value again gets the same complaint, not silence"
    accepted = await world.driver.submit(user, again.dialog, {"Status": "On track", "Signups": "45"})
    assert (accepted.kind, accepted.answer.text) == ("closed", "")
    await world.driver.replay(2, new_id=True)

    submitted = [event.values for event in world.door.events if isinstance(event, Submitted)]
    assert submitted == [
        {"status": "on_track", "kr1": "many"}, {"kr1": "many"}, {"status": "on_track", "kr1": "45"},
    ]  # fmt: skip


async def test_a_form_can_be_opened_again(world: World) -> None:
    user = world.person()
    prompt = await prompted(world, user)
    world.door.decide = lambda _: Decision(reply=ShowForm(form=FORM))
    for _ in range(2):
        assert (await world.driver.press(user, prompt, "Open form")).kind == "dialog"


async def test_a_form_that_is_no_longer_open_says_so(world: World) -> None:
    user = world.person()
    assert (await world.driver.press(user, await prompted(world, user), "Open form")).kind == "text"


async def test_a_form_teams_cannot_show_is_said_in_words(world: World) -> None:
    user = world.person()
    prompt = await prompted(world, user)
    huge = Form(action=FORM.action, title="t", submit="s", cancel="c", parts=(TextField(id="a", label="x" * 60_000),))
    world.door.decide = lambda _: Decision(reply=ShowForm(form=huge))
    assert (await world.driver.press(user, prompt, "Open form")).kind == "text"


async def test_a_stranger_gets_a_polite_line_and_leaves_no_trace(world: World) -> None:
    user = world.person()
    prompt = await prompted(world, user)
    world.door.known = False
    assert "does not know you" in (await world.driver.press(user, prompt, "Snooze")).text
    assert "does not know you" in (await world.driver.press(user, prompt, "Open form")).text
    assert (await world.driver.message(user, "hello")).text == ""
    assert world.door.events == []


@pytest.mark.parametrize("error", [Later("down"), Gone("x"), Conflict(), TooSlow()])
async def test_what_cannot_be_taken_now_is_asked_for_again(world: World, error: Exception) -> None:
    user = world.person()
    world.door.fails = error
    answer = await world.driver.raw(json.dumps(world.driver.activity(user, "message", text="hi")).encode())
    assert answer.status == 503
    assert answer.json["status"] == 503
    assert ("may be stored" in answer.json["detail"]) == isinstance(error, TooSlow)


@pytest.mark.parametrize("forge", get_args(Forge))
async def test_no_forgery_gets_in(world: World, forge: Forge) -> None:
    user = world.person()
    answer = await world.driver.message(user, "hello", forge=forge)
    assert (answer.status, answer.json["status"]) == (401, 401)
    assert world.door.received == 0


BAD_BODIES = [
    b"", b"{", b"[]", b"null", b"5", b'"x"', b"\xff\xfe", b'{"a": NaN}',
    b'{"type": "message", "n": ' + b"9" * 5000 + b"}",
    b"[" * 20_000, b"{}", b'{"type": 5}', b'{"type": "message", "from": "x"}', b'{"type": "message", "timestamp": "x"}',
    b'{"type": "message", "membersAdded": {"a": 1}}',
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
async def test_a_body_that_is_no_activity_is_a_bad_request(world: World, body: bytes) -> None:
    answer = await world.driver.raw(body)
    assert (answer.status, answer.json["status"]) == (400, 400)
    assert (await world.driver.raw(body, forge="garbage")).status == 401, "nothing is parsed for strangers"
    assert world.door.received == 0


@pytest.mark.parametrize("forge", [None, "garbage"])
async def test_a_body_of_two_mebibytes_is_too_large(world: World, forge: Forge | None) -> None:
    assert (await world.driver.raw(b"x" * (2 * 1024 * 1024), forge=forge)).status == 413


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"conversation": {"id": "a:1"}, "channelData": {"tenant": {"id": "other"}}}, 403),
        ({"conversation": {"id": "a:1"}, "channelData": None}, 403),
        ({"conversation": {"id": "a:1", "tenantId": "other"}}, 403),
        ({"channelId": "emulator"}, 401),
        ({"serviceUrl": "https://evil.example/"}, 401),
        ({"serviceUrl": None}, 401),
        ({"type": "whatever"}, 200),
        ({"from": None}, 200),
        ({"type": "invoke", "name": "task/fetch"}, 200),
        ({"type": "invoke", "name": "signin/verifyState", "value": {"state": "1"}}, 200),
        ({"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {"rondo": "[]"}}}}, 200),
        ({"type": "event", "name": "tokens/response"}, 200),
        ({"deliveryMode": "expectReplies", "text": ""}, 200),
        ({"text": "", "locale": 5}, 200),
        ({"text": "", "entities": [5]}, 400),
    ],
)
async def test_what_is_not_ours_is_answered_below_500_and_writes_nothing(world: World, changed: Json, status: int) -> None:
    activity = world.driver.activity(world.person(), "message", text="hello") | changed
    answer = await world.driver.raw(json.dumps(activity).encode())
    assert answer.status == status, answer.text
    assert world.door.events == []


async def test_the_key_host_down_is_503(world: World) -> None:
    world.teams.faults.server_error(9, method="openid")
    activity = world.driver.activity(world.person(), "message", text="hello")
    assert (await world.driver.raw(json.dumps(activity).encode())).status == 503


async def test_an_unsigned_activity_is_taken_in_development_alone(world: World, http: httpx.AsyncClient) -> None:
    body = world.driver.activity(world.person(), "message", text="hello")
    assert (await world.driver.raw(json.dumps(body).encode(), forge="missing")).status == 401

    door = RecordingDoor()
    keys = Keys(world.teams.openid_url, http)
    auth = Auth(app_id=APP_ID, tenants={TENANT}, keys=keys, development=True)
    app = FastAPI()
    app.include_router(teams_router(inbound=door, gateway=world.gateway, auth=auth, clock=FixedClock(), allow_anonymous=True))
    async with served(app) as url:
        driver = world.teams.driver(url)
        assert (await driver.raw(json.dumps(body).encode(), forge="missing")).status == 200
        assert (await driver.raw(json.dumps(body).encode(), forge="garbage")).status == 401
        page = {"Origin": "https://evil.example", "Content-Type": "text/plain"}  # in a browser of this machine
        assert (await http.post(f"{url}/api/messages", content=json.dumps(body), headers=page)).status_code == 401
    assert len(door.events) == 1
