"""What Slack's payloads mean, and that nothing in them can hurt."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import inbound, render
from bot.events import Address, ByPerson, Closed, Opened, Platform, Pressed, Said, Submitted
from bot.talk.actions import Action, Verb

Json = dict[str, Any]
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ANA = Address(platform=Platform.SLACK, tenant="T1", user="U1")
REPORT = Action(Verb.REPORT, ("p1/2026-W48", "g1", "at_risk"))


def event(body: Json, **envelope: object) -> Json:
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": body, **envelope}


def message(text: str = "all on track", **more: object) -> Json:
    return event({"type": "message", "channel_type": "im", "user": "U1", "text": text, "team": "T1", **more})


def command(text: str, **more: object) -> Json:
    body = {"command": "/checkin", "text": text, "team_id": "T1", "user_id": "U1", "trigger_id": "1.2.abc"}
    return {**body, **more}


def pressed(value: str = REPORT.encode(), **more: object) -> Json:
    action = {"type": "button", "value": value, "action_id": "a0", "action_ts": "17.5"}
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "container": {"type": "message", "message_ts": "16.1"},
        "actions": [action],
        **more,
    }


def submitted(values: dict[str, Json], kind: str = "view_submission", **view: object) -> Json:
    places = {field: render.place_of(field) for field in values}
    state = {places[field][0]: {places[field][1]: value} for field, value in values.items()}
    return {
        "type": kind,
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "view": {
            "id": "V1",
            "hash": "1.h",
            "callback_id": render.FORM,
            "private_metadata": Action(Verb.ANSWER, ("c",)).encode(),
            "state": {"values": state},
            **view,
        },
    }


def read(payload: Json) -> ByPerson | None:
    return inbound.read(payload, NOW)


def said(text: str) -> str:
    found = read(message(text))
    assert isinstance(found, Said)
    return found.text


def test_a_direct_message_is_something_said() -> None:
    assert read(message()) == Said(id="slack:Ev1", at=NOW, by=ANA, text="all on track")
    assert read(message("with a picture", subtype="file_share")) is not None


@pytest.mark.parametrize(
    "payload",
    [
        message(bot_id="B1"),
        message(subtype="message_changed"),
        message(subtype="bot_message"),
        message(channel_type="channel"),
        message(""),
        message("  \x00 "),
        message(team="T2"),
        message(user_team="E2"),
        message(source_team="T2"),
        message(team={"id": "T1"}),
        message(user=None),
        message(user="U1\n"),
        event({"type": "app_home_opened", "user": "U1", "tab": "messages"}),
        event({"type": "reaction_added", "user": "U1"}),
        event({"type": "message"}),
        {**message(), "event": "text"},
        {**message(), "event_id": None},
        {**message(), "team_id": ["T1"]},
        command("", command="checkin"),
        command("", user_id=""),
        command("", trigger_id="x" * 300),
        pressed("not an action"),
        pressed('["no such verb"]'),
        pressed('["why","\\u0000"]'),
        pressed('["why","\\ud800"]'),
        pressed(user={"id": "U1", "team_id": "T2"}),
        pressed(container={}),
        pressed(actions=[]),
        pressed(actions="a"),
        pressed(actions=[{"type": "static_select", "value": REPORT.encode(), "action_ts": "1"}]),
        submitted({}, callback_id="another_app"),
        submitted({}, private_metadata="{}"),
        submitted({}, hash=7),
        submitted({}, id=None),
        {"type": "shortcut", "user": {"id": "U1"}},
        {"type": ["view_submission"]},
        {},
    ],
)
def test_what_is_not_for_us_is_nothing(payload: Json) -> None:
    assert read(payload) is None


def test_an_organisation_may_stand_where_the_workspace_does() -> None:
    assert read({**message(user_team="E1"), "enterprise_id": "E1"}) is not None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;!here&amp;gt;", "&lt;!here&gt;"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("for person <mailto:ana@example.com|ana@example.com>", "for person ana@example.com"),
        ("<mailto:o&amp;a@example.com>", "o&a@example.com"),
        (
            "see <http://example.com|example.com> and <https://x.example/?a=1&amp;b>",
            "see example.com and https://x.example/?a=1&b",
        ),
        ("ask <@U123|ana> and <@W9>", "ask <@U123> and <@W9>"),
        ("in <#C1|general> <!here> <!subteam^S1|@legal> <!channel|channel>", "in #general @here @legal channel"),
        ("<unclosed", "<unclosed"),
        ("nul\x00 and \ud800 gone", "nul and  gone"),
    ],
)
def test_what_people_typed_is_read_as_they_typed_it(typed: str, meant: str) -> None:
    assert said(typed) == meant


def test_a_command_is_said_with_its_slash() -> None:
    found = read(command("skip &lt;travelling&gt; <@U2|bo>"))
    assert found == Said(id="slack:command:1.2.abc", at=NOW, by=ANA, text="/checkin skip <travelling> <@U2>")
    bare = read(command(""))
    assert isinstance(bare, Said)
    assert bare.text == "/checkin"


def test_the_opened_home() -> None:
    assert read(event({"type": "app_home_opened", "user": "U1", "tab": "home"})) == Opened(id="slack:Ev1", at=NOW, by=ANA)


def test_a_pressed_button_is_named_by_place_moment_and_person() -> None:
    assert read(pressed()) == Pressed(id="slack:action:16.1:17.5:U1", at=NOW, by=ANA, action=REPORT)
    home = read(pressed(container={"type": "view", "view_id": "V9"}))
    assert home is not None
    assert home.id == "slack:action:V9:17.5:U1"


VALUES: dict[str, Json] = {
    "g1:status": {"type": "static_select", "selected_option": {"value": "at_risk"}},
    "g1:note": {"type": "plain_text_input", "value": " 45 %\x00 "},
    "due": {"type": "datepicker", "selected_date": "2026-11-30"},
    "empty": {"type": "plain_text_input", "value": None},
    "unset": {"type": "static_select", "selected_option": None},
}


def test_a_form_comes_back_with_a_value_per_field() -> None:
    found = read(submitted(VALUES))
    assert isinstance(found, Submitted)
    assert found.action == Action(Verb.ANSWER, ("c",))
    assert found.values == {"g1:status": "at_risk", "g1:note": "45 %", "due": "2026-11-30"}
    closed = read(submitted(VALUES, "view_closed"))
    assert isinstance(closed, Closed)
    assert closed.values == found.values
    assert closed.id != found.id


def test_a_second_click_is_the_same_submission_and_a_corrected_form_another() -> None:
    first, again = read(submitted(VALUES)), read(submitted(dict(reversed(VALUES.items()))))
    corrected = read(submitted({**VALUES, "g1:note": {"type": "plain_text_input", "value": "46"}}))
    assert first is not None
    assert again is not None
    assert corrected is not None
    assert first.id == again.id
    assert corrected.id != first.id


def test_errors_find_the_block_of_their_field() -> None:
    payload = submitted(VALUES)
    assert inbound.fields_of(payload) == {field: render.place_of(field)[0] for field in VALUES}
    assert inbound.fields_of({"view": {"state": {"values": {"b1": {"a1": {"value": "x"}}}}}}) == {}
    assert inbound.fields_of({}) == {}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("type", "event", "team_id", "event_id", "user", "team", "container", "actions", "view", "command", "trigger_id")


@settings(max_examples=300, deadline=None)
@given(
    base=st.sampled_from([message(), command("x"), pressed(), submitted(VALUES), submitted(VALUES, "view_closed")]),
    changes=st.dictionaries(st.sampled_from(KEYS), json_values, max_size=4),
    inside=st.dictionaries(st.sampled_from([*KEYS, "text", "state", "hash", "id", "values", "subtype"]), json_values),
)
def test_no_payload_whatever_raises(base: Json, changes: Json, inside: Json) -> None:
    payload = {**base, **changes}
    for key in ("event", "view", "user", "container"):
        if isinstance(base.get(key), dict):
            inbound.read({**base, key: {**base[key], **inside}}, NOW)
    found = inbound.read(payload, NOW)
    if found is not None:
        found.id.encode()
    inbound.fields_of(payload)
