"""The loopback Slack bites where Slack bites. Web API calls go through the real `slack_sdk` client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.loopback import AckTooLate, ClientRefused, Json, NotAcknowledged
from tests.fakes.slack import FakeSlack, Message

from .bots import SECRET, Bot, HandClock


def client(slack: FakeSlack, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token=token or slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text: str, value: str = "v") -> Json:
    return {"type": "button", "text": plain(text), "value": value, "action_id": f"press-{text}"}


def field(label: str, element: Json, block_id: str, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Check-in"), "submit": plain("Send"), "blocks": list(blocks), **more}


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


@asynccontextmanager
async def workspace(**settings: Any) -> AsyncIterator[tuple[FakeSlack, AsyncWebClient, str]]:
    async with FakeSlack(**settings) as slack:
        ann = slack.add_user(email="ann@example.com", name="Ann", tz="Asia/Seoul", locale="ko-KR")
        yield slack, client(slack), ann


async def test_a_message_is_posted_edited_read_back_and_deleted() -> None:
    async with workspace() as (slack, web, ann):
        metadata = {"event_type": "rondo", "event_payload": {"id": "d1"}}
        blocks = [section("Hello"), {"type": "actions", "elements": [button("On track")]}]
        posted = await web.chat_postMessage(channel=ann, text="Hello", blocks=blocks, metadata=metadata)
        assert posted["channel"].startswith("D")
        opened = await web.conversations_open(users=ann)
        assert opened["channel"]["id"] == posted["channel"]
        await web.chat_update(channel=posted["channel"], ts=posted["ts"], text="Thanks")
        [message] = slack.messages_to(ann)
        assert (message.text, message.blocks, len(message.history)) == ("Thanks", [], 1)
        history = await web.conversations_history(channel=posted["channel"], include_all_metadata=True)
        assert history["messages"][0]["metadata"] == metadata
        await web.chat_delete(channel=posted["channel"], ts=posted["ts"])
        assert slack.messages_to(ann) == []
        assert slack.violations == []


async def test_tokens_methods_and_targets_are_checked() -> None:
    async with workspace() as (slack, web, ann):
        assert await refused(client(slack, "xoxb-other").auth_test()) == "invalid_auth"
        assert await refused(web.api_call("chat.shout")) == "unknown_method"
        assert await refused(web.chat_update(channel=ann, ts="1.2", text="x")) == "channel_not_found"
        assert await refused(web.chat_update(channel=slack.users[ann].dm, ts="1.2", text="x")) == "message_not_found"
        slack.refuse(ann, "user_disabled")
        assert await refused(web.chat_postMessage(channel=ann, text="x")) == "user_disabled"
        slack.accept(ann)
        slack.token_error = "token_revoked"
        assert await refused(web.auth_test()) == "token_revoked"


async def test_people_are_listed_by_page_with_zone_and_locale() -> None:
    async with workspace() as (slack, web, ann):
        for n in range(4):
            slack.add_user(email=f"p{n}@example.com", name=f"P{n}")
        ids: list[str] = []
        async for page in await web.users_list(limit=2, include_locale=True):
            ids += [member["id"] for member in page["members"]]
        assert ids == list(slack.users)
        user = (await web.users_info(user=ann, include_locale=True))["user"]
        assert (user["tz"], user["locale"], user["profile"]["email"]) == ("Asia/Seoul", "ko-KR", "ann@example.com")
        assert (await web.users_lookupByEmail(email="ANN@example.com"))["user"]["id"] == ann


@pytest.mark.parametrize(
    ("blocks", "rule"),
    [
        ([section("x")] * 51, "at most 50 blocks"),
        ([section("x" * 3001)], "at most 3000"),
        ([section("")], "more than 0"),
        ([{"type": "header", "text": plain("x" * 151)}], "at most 150"),
        ([{"type": "actions", "elements": [button(str(n)) for n in range(26)]}], "at most 25"),
        ([{"type": "actions", "elements": [button("x" * 76)]}], "at most 75"),
        ([{"type": "actions", "elements": [button("x", "v" * 2001)]}], "at most 2000"),
        ([{"type": "context", "elements": [plain("x")] * 11}], "at most 10"),
        ([section("x") | {"block_id": "same"}, section("y") | {"block_id": "same"}], "appears twice"),
        ([section("x") | {"block_id": "b" * 256}], "at most 255"),
        ([{"type": "sektion"}], "unknown block type"),
        (
            [{"type": "actions", "elements": [{"type": "static_select", "options": [
                {"text": plain(str(n)), "value": str(n)} for n in range(101)]}]}],
            "at most 100",
        ),
    ],
)  # fmt: skip
async def test_a_message_beyond_a_block_limit_is_refused_and_recorded(blocks: list[Json], rule: str) -> None:
    async with workspace() as (slack, web, ann):
        assert await refused(web.api_call("chat.postMessage", json={"channel": ann, "text": "x", "blocks": blocks})) == (
            "invalid_blocks"
        )
        assert any(rule in violation.rule for violation in slack.violations)
        assert slack.messages_to(ann) == []


async def test_text_is_needed_for_notifications_and_has_an_end() -> None:
    async with workspace() as (slack, web, ann):
        await web.api_call("chat.postMessage", json={"channel": ann, "blocks": [section("x")]})
        assert [v.path for v in slack.violations] == ["text"]
        assert await refused(web.chat_postMessage(channel=ann, text="x" * 40_001)) == "msg_too_long"
        assert await refused(web.api_call("chat.postMessage", json={"channel": ann})) == "no_text"


async def test_the_rate_per_channel_and_per_workspace_is_enforced() -> None:
    clock = HandClock()
    async with workspace(clock=clock, channel_burst=2, messages_per_minute=4) as (slack, web, ann):
        bob = slack.add_user(email="bob@example.com", name="Bob")
        for _ in range(2):
            await web.chat_postMessage(channel=ann, text="x")
        with pytest.raises(SlackApiError) as caught:
            await web.chat_postMessage(channel=ann, text="x")
        assert caught.value.response.headers["Retry-After"] == "1"
        clock.at += 1.0
        await web.chat_postMessage(channel=ann, text="x")
        await web.chat_postMessage(channel=bob, text="x")
        with pytest.raises(SlackApiError) as caught:
            await web.chat_postMessage(channel=bob, text="x")
        assert caught.value.response.headers["Retry-After"] == "59"
        assert len(slack.rate_limited) == 2


async def test_faults_lose_break_delay_and_refuse() -> None:
    async with workspace(visible_after=60.0) as (slack, _, ann):
        auth = {"Authorization": f"Bearer {slack.bot_token}"}
        url, body = slack.api_url + "chat.postMessage", {"channel": ann, "text": "x"}
        async with httpx.AsyncClient(trust_env=False) as web:
            slack.faults.reset()
            with pytest.raises(httpx.TransportError):
                await web.post(url, data=body, headers=auth)
            assert slack.messages_to(ann) == []
            slack.faults.lose_response(method="chat.postMessage")
            with pytest.raises(httpx.TransportError):
                await web.post(url, data=body, headers=auth)
            assert len(slack.messages_to(ann)) == 1
            slack.faults.rate_limit(retry_after=7)
            slack.faults.server_error()
            slack.faults.error("is_archived")
            answers = [await web.post(url, data=body, headers=auth) for _ in range(3)]
            assert [a.status_code for a in answers] == [429, 500, 200]
            assert answers[0].headers["retry-after"] == "7"
            assert answers[2].json() == {"ok": False, "error": "is_archived"}
            slack.faults.delay(0.3, after_commit=True)
            with pytest.raises(httpx.ReadTimeout):
                await web.post(url, data=body, headers=auth, timeout=0.1)
            assert len(slack.messages_to(ann)) == 2
            dm = slack.users[ann].dm
            history = await web.get(slack.api_url + "conversations.history", params={"channel": dm}, headers=auth)
            assert history.json()["messages"] == []  # not visible yet


async def test_a_trigger_opens_one_view_within_three_seconds() -> None:
    clock = HandClock()
    async with workspace(clock=clock) as (slack, web, ann):
        trigger = slack.issue_trigger(ann)
        await web.views_open(trigger_id=trigger, view=modal(section("x")))
        assert await refused(web.views_open(trigger_id=trigger, view=modal(section("x")))) == "exchanged_trigger_id"
        late = slack.issue_trigger(ann)
        clock.at += 3.1
        assert await refused(web.views_open(trigger_id=late, view=modal(section("x")))) == "expired_trigger_id"
        assert await refused(web.views_open(trigger_id="nonsense", view=modal(section("x")))) == "invalid_trigger_id"


@pytest.mark.parametrize(
    ("view", "rule"),
    [
        (modal(*[section("x")] * 101), "at most 100 blocks"),
        (modal(section("x"), title=plain("x" * 25)), "at most 24"),
        (modal(section("x"), private_metadata="x" * 3001), "at most 3000"),
        (modal(field("L", {"type": "plain_text_input"}, "b"), submit=None), "input block"),
        (modal(field("L", {"type": "button", "text": plain("x")}, "b")), "not allowed here"),
    ],
)
async def test_a_view_beyond_a_limit_is_refused_and_recorded(view: Json, rule: str) -> None:
    async with workspace() as (slack, web, ann):
        call = web.api_call("views.open", json={"trigger_id": slack.issue_trigger(ann), "view": view})
        assert await refused(call) == "invalid_arguments"
        assert any(rule in violation.rule for violation in slack.violations)


async def test_a_stale_hash_does_not_overwrite_a_view() -> None:
    async with workspace() as (_, web, ann):
        home = {"type": "home", "blocks": [section("one")]}
        first = await web.views_publish(user_id=ann, view=home)
        await web.views_publish(user_id=ann, view=home, hash=first["view"]["hash"])
        assert await refused(web.views_publish(user_id=ann, view=home, hash=first["view"]["hash"])) == "hash_conflict"


# ------------------------------------------------------------------------------------------ the driver


async def posted(slack: FakeSlack, user: str, blocks: list[Json]) -> Message:
    await client(slack).chat_postMessage(channel=user, text="Check-in", blocks=blocks)
    return slack.messages_to(user)[-1]


async def test_events_are_signed_and_repeated_until_acknowledged() -> None:
    async with workspace() as (slack, _, ann), Bot() as bot:
        driver = slack.driver(bot.base_url, SECRET)
        bot.faults.server_error(2)
        await driver.message_im(ann, "a < b")
        assert [s.headers.get("x-slack-retry-num") for s in bot.seen] == [None, "1", "2"]
        assert len({s.body["event_id"] for s in bot.seen}) == 1
        assert bot.seen[0].body["event"]["text"] == "a &lt; b"
        bot.seen.clear()
        await driver.home_opened(ann, times=5)
        assert len(bot.seen) == 5
        bot.answer = lambda body: 500
        with pytest.raises(NotAcknowledged):
            await driver.home_opened(ann)
        assert (await slack.driver(bot.base_url, "wrong").raw(b"{}")).status == 401


async def test_an_ack_after_three_seconds_fails() -> None:
    async with workspace() as (slack, _, ann), Bot() as bot:
        driver = slack.driver(bot.base_url, SECRET)
        driver.ack_limit = 0.05  # the same rule, sooner
        bot.faults.delay(0.2)
        with pytest.raises(AckTooLate):
            await driver.command(ann, "/rondo", "help")


async def test_a_command_answer_and_its_response_url_reach_the_person() -> None:
    async with workspace() as (slack, _, ann), Bot() as bot:
        bot.answer = lambda body: {"text": f"you said {body['text']}"}
        answer = await slack.driver(bot.base_url, SECRET).command(ann, "/nudges", "set goal.stalled 21d")
        assert answer.message is not None
        assert answer.message.text == "you said set goal.stalled 21d"
        async with httpx.AsyncClient(trust_env=False) as web:
            url = bot.seen[0].body["response_url"]
            answers = [await web.post(url, json={"text": "later"}) for _ in range(6)]
        assert [a.status_code for a in answers] == [200] * 5 + [404]
        assert [m.text for m in slack.ephemerals_to(ann)][1:] == ["later"] * 5
        assert len(slack.violations) == 1


async def test_a_button_is_found_by_what_a_person_sees() -> None:
    async with workspace() as (slack, _, ann), Bot() as bot:
        driver = slack.driver(bot.base_url, SECRET)
        rows: list[Json] = []
        for goal in ("Sales", "Churn"):
            buttons = [button("On track", goal), button("At risk", goal)]
            rows += [section(goal), {"type": "actions", "elements": buttons}]
        message = await posted(slack, ann, rows)
        with pytest.raises(AssertionError, match="2 matches"):
            await driver.press(ann, message, "On track")
        await driver.press(ann, message, "On track", near="Churn")
        await driver.press(ann, message, lambda e: e["value"] == "Sales" and "risk" in e["text"]["text"])
        actions = [s.body["actions"][0] for s in bot.seen]
        assert [(a["text"]["text"], a["value"]) for a in actions] == [("On track", "Churn"), ("At risk", "Sales")]
        assert bot.seen[0].body["message"]["ts"] == message.ts
        await driver.replay(2)
        assert len({s.body["trigger_id"] for s in bot.seen[1:]}) == 1
        assert slack.dump(message).splitlines()[:3] == ["(Check-in)", "Sales", "[On track]  [At risk]"]


async def test_a_modal_is_filled_by_label_and_answers_are_understood() -> None:
    choices = [{"text": plain(text), "value": text.lower()} for text in ("On track", "At risk")]
    form = modal(
        section("Sales"),
        field("Status", {"type": "radio_buttons", "action_id": "a", "options": choices}, "s1"),
        field("Deals", {"type": "number_input", "action_id": "a", "is_decimal_allowed": False, "min_value": "0"}, "n1"),
        section("Churn"),
        field("Status", {"type": "static_select", "action_id": "a", "options": choices}, "s2"),
        field("Due", {"type": "datepicker", "action_id": "a", "initial_date": "2026-03-02"}, "d", optional=True),
        field("Who", {"type": "users_select", "action_id": "a"}, "u", optional=True),
        field("Flags", {"type": "checkboxes", "action_id": "a", "options": choices}, "c", optional=True),
        field("Note", {"type": "plain_text_input", "action_id": "a", "multiline": True}, "t", optional=True),
        callback_id="checkin", private_metadata="k", notify_on_close=True,
    )  # fmt: skip
    async with workspace() as (slack, web, ann), Bot() as bot:
        driver = slack.driver(bot.base_url, SECRET)
        message = await posted(slack, ann, [{"type": "actions", "elements": [button("Open form")]}])
        await driver.press(ann, message, "Open form")
        await web.views_open(trigger_id=bot.seen[0].body["trigger_id"], view=form)
        view = await slack.view(ann)
        with pytest.raises(ClientRefused, match="Deals"):
            await driver.submit(ann, view, {("Status", 0): "At risk", ("Churn", "Status"): "on track"})
        with pytest.raises(ClientRefused):
            await driver.submit(ann, view, {"Deals": "many"})

        bot.answer = lambda body: {"response_action": "errors", "errors": {"n1": "too many"}}
        outcome = await driver.submit(ann, view, {"Deals": 12, "Who": ann, "Flags": ["At risk"], "Note": "a\nb"})
        assert (outcome.action, outcome.errors) == ("errors", {"Deals": "too many"})
        state = {block: values["a"] for block, values in bot.seen[-1].body["view"]["state"]["values"].items()}
        assert state["s1"] == {"type": "radio_buttons", "selected_option": choices[1]}
        assert state["n1"] == {"type": "number_input", "value": "12"}
        assert state["s2"] == {"type": "static_select", "selected_option": choices[0]}
        assert state["d"] == {"type": "datepicker", "selected_date": "2026-03-02"}
        assert state["u"] == {"type": "users_select", "selected_user": ann}
        assert state["c"] == {"type": "checkboxes", "selected_options": [choices[1]]}
        assert state["t"] == {"type": "plain_text_input", "value": "a\nb"}

        bot.answer = lambda body: {"response_action": "update", "view": modal(section("Thanks"))}
        outcome = await driver.submit(ann, view)
        assert outcome.view is view
        assert "Thanks" in slack.dump(view)
        bot.answer = lambda body: None
        assert (await driver.submit(ann, view)).view is None
        assert slack.violations == []
        with pytest.raises(ClientRefused):
            await driver.submit(ann, view)


async def test_an_error_on_a_field_that_does_not_exist_is_a_violation() -> None:
    async with workspace() as (slack, web, ann), Bot() as bot:
        driver = slack.driver(bot.base_url, SECRET)
        await web.views_open(trigger_id=slack.issue_trigger(ann), view=modal(section("x"), notify_on_close=True))
        view = await slack.view(ann)
        bot.answer = lambda body: {"response_action": "errors", "errors": {"ghost": "no"}}
        await driver.submit(ann, view)
        assert [v.path for v in slack.violations] == ["errors.ghost"]
        bot.answer = lambda body: None
        await driver.close(ann, view)
        assert bot.seen[-1].body["type"] == "view_closed"
        assert slack.open_view(ann) is None


async def test_a_choice_outside_a_form_tells_the_bot_at_once() -> None:
    async with workspace() as (slack, _, ann), Bot() as bot:
        options = [{"text": plain(text), "value": text} for text in ("English", "한국어")]
        select = {"type": "static_select", "placeholder": plain("Language"), "options": options}
        more = {"type": "overflow", "options": [{"text": plain("Why?"), "value": "why"}]}
        message = await posted(slack, ann, [section("Tongue") | {"accessory": more}, {"type": "actions", "elements": [select]}])
        driver = slack.driver(bot.base_url, SECRET)
        await driver.choose(ann, message, "Language", "한국어")
        await driver.press(ann, message, "Why?", near="Tongue")
        assert [s.body["actions"][0]["selected_option"]["value"] for s in bot.seen] == ["한국어", "why"]
