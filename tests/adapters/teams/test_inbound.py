"""What an activity means, and that a repeat means nothing more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams import inbound, render
from bot.events import Opened, Platform, Pressed, Removed, Said, Submitted
from bot.talk.actions import Action, Verb
from tests.adapters.teams.conftest import NOW, FixedClock

Json = dict[str, Any]

SNOOZE = Action(Verb.SNOOZE, ("p1/2026-W47",))
ANSWER = Action(Verb.ANSWER, ("p1/2026-W47", "g1"))
OPEN = Action(Verb.OPEN_FORM, ("p1/2026-W47",))


def activity(kind: str = "message", /, **more: Any) -> Json:
    return {
        "type": kind, "id": "a1", "serviceUrl": "https://smba.trafficmanager.net/emea/", "channelId": "msteams",
        "from": {"id": "29:mina", "aadObjectId": "aad-mina"}, "recipient": {"id": "28:rondo"},
        "conversation": {"id": "a:chat", "conversationType": "personal", "tenantId": "t1"},
        "channelData": {"tenant": {"id": "t1"}}, "locale": "ko-KR", "localTimezone": "Asia/Seoul",
    } | more  # fmt: skip


def pressed(action: Action = SNOOZE, /, *, once: str = "n1", **more: Any) -> Json:
    data = {"rondo": action.encode(), "rondo_once": once}
    invoke = {"name": "adaptiveCard/action", "replyToId": "m1", "value": {"action": {"data": data}}}
    return activity("invoke", **(invoke | more))


def submitted(values: Json, *, once: str = "n1", **more: Any) -> Json:
    data = {"rondo": ANSWER.encode(), "rondo_once": once, **values}
    return activity("invoke", **({"name": "task/submit", "value": {"data": data}} | more))


def id_of(payload: Json, *, minutes: int = 0) -> str:
    event = inbound.read(payload, NOW.replace(minute=minutes))
    assert event is not None
    return event.id


def test_a_message_says_who_spoke_where_and_how_to_answer() -> None:
    event = inbound.read(activity(text="launch at 40%"), NOW)
    assert isinstance(event, Said)
    assert (event.id, event.text, event.at) == ("teams:t1:a:chat:a1", "launch at 40%", NOW)
    assert (event.by.platform, event.by.tenant, event.by.user) == (Platform.TEAMS, "t1", "29:mina")
    assert event.by.route == {
        "service_url": "https://smba.trafficmanager.net/emea/", "conversation": "a:chat", "bot_id": "28:rondo",
        "aad_object_id": "aad-mina", "locale": "ko-KR", "zone": "Asia/Seoul",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("conversation", "own"),
    [
        ({"id": "a:1"}, True),
        ({"id": "a:1", "conversationType": None, "isGroup": False}, True),
        ({"id": "19:x@thread.tacv2"}, False),
        ({"id": "x", "isGroup": True}, False),
        ({"id": "a:1", "conversationType": "groupChat"}, False),
    ],
)
def test_a_simulator_that_does_not_name_the_kind_of_chat_is_understood(conversation: Json, own: bool) -> None:
    event = inbound.read(activity(text="hello", conversation=conversation), NOW)
    assert event is not None
    assert ("conversation" in event.by.route) is own


BOT = {"type": "mention", "mentioned": {"id": "28:rondo"}, "text": "<at>Rondo</at>"}
ANN = {"type": "mention", "mentioned": {"id": "29:ann"}, "text": "<at>Ann Lee</at>"}


@pytest.mark.parametrize(
    ("text", "entities", "said"),
    [
        ("/nudges show", [], "/nudges show"),
        ("<at>Rondo</at>\u00a0 all on track \u00a0", [BOT], "all on track"),
        ("<at>Rondo</at> snooze 2h", [], "snooze 2h"),
        ("\u200b/goals\u200b\ufeff", [], "/goals"),
        ("<at>Rondo</at> /checkin", [{"type": "clientInfo", "timezone": "Europe/Berlin"}], "/checkin"),
        ("<at>Rondo</at> show for person <at>Ann Lee</at>", [BOT, ANN], "show for person Ann Lee"),
        ("/nudges set goal.stalled 21d for <at>Ann Lee</at>", [ANN], "/nudges set goal.stalled 21d for <@29:ann>"),
        ("<at>Rondo</at> nudges show for person <at>Ann Lee</at>", [BOT, ANN], "nudges show for person <@29:ann>"),
        ("/nudges pause because <at>Ann Lee</at> asked", [ANN], "/nudges pause because Ann Lee asked"),
        ("R&amp;D &lt;at&gt;risk&lt;/at&gt;&nbsp;x", [], "R&D <at>risk</at> x"),
        ("a\x00b\ud800c", [], "abc"),
    ],
)
def test_words_come_without_the_mention_of_the_bot(text: str, entities: list[Json], said: str) -> None:
    event = inbound.read(activity(text=text, entities=entities), NOW)
    assert isinstance(event, Said)
    assert event.text == said


@pytest.mark.parametrize("where", ["groupChat", "channel", ""])
def test_outside_a_personal_chat_the_answer_goes_to_the_persons_own_chat(where: str) -> None:
    payload = activity(text="checkin", conversation={"id": "19:team@thread.tacv2", "conversationType": where})
    event = inbound.read(payload, NOW)
    assert isinstance(event, Said)
    assert "conversation" not in event.by.route


def test_a_zone_may_come_in_the_client_info() -> None:
    payload = activity(text="hi", localTimezone=None, entities=[{"type": "clientInfo", "timezone": "Asia/Tokyo"}])
    event = inbound.read(payload, NOW)
    assert event is not None
    assert event.by.route["zone"] == "Asia/Tokyo"


def test_a_press_is_a_press_by_invoke_and_by_message() -> None:
    by_message = activity(value={"rondo": SNOOZE.encode()}, text="")
    for payload in (pressed(), by_message):
        event = inbound.read(payload, NOW)
        assert isinstance(event, Pressed)
        assert event.action == SNOOZE


def test_a_submission_brings_its_values_as_text_and_nothing_of_ours() -> None:
    payload = submitted({"status": "on_track", "kr1": 45, "ok": True, "empty": "", "nothing": None, "list": [1]})
    event = inbound.read(payload, NOW)
    assert isinstance(event, Submitted)
    assert event.action == ANSWER
    assert event.values == {"status": "on_track", "kr1": "45", "ok": "true"}


def test_an_install_opens() -> None:
    added = activity("conversationUpdate", membersAdded=[{"id": "28:rondo"}])
    for payload in (activity("installationUpdate", action="add"), added):
        assert isinstance(inbound.read(payload, NOW), Opened)


def test_taking_the_app_away_from_ones_own_chat_is_told_once() -> None:
    gone = activity("conversationUpdate", membersRemoved=[{"id": "28:rondo"}])
    for payload in (activity("installationUpdate", action="remove"), gone):
        event = inbound.read(payload, NOW)
        assert isinstance(event, Removed)
        assert (event.by.tenant, event.by.user) == ("t1", "29:mina")
    assert inbound.read(activity("conversationUpdate", membersRemoved=[{"id": "29:ann"}]), NOW) is None


def test_a_team_says_whether_it_has_the_app() -> None:
    team = {"tenant": {"id": "t1"}, "team": {"id": "19:web"}}
    where = {"id": "19:web", "conversationType": "channel", "tenantId": "t1"}
    bot = [{"id": "28:rondo"}]

    def told(kind: str, event: str = "", **more: Any) -> bool | None:
        data = team | ({"eventType": event} if event else {})
        found = inbound.team_of(activity(kind, conversation=where, channelData=data, **more))
        assert found is None or (found[0].tenant, found[0].user) == ("t1", "19:web")
        assert found is None or found[0].route["service_url"]
        return found[1] if found else None

    assert told("conversationUpdate", "teamMemberAdded", membersAdded=bot) is True
    assert told("installationUpdate", action="add") is True
    assert told("conversationUpdate", "teamMemberRemoved", membersRemoved=bot) is False
    assert told("installationUpdate", action="remove") is False
    assert told("conversationUpdate", "teamDeleted") is False
    assert told("conversationUpdate", "teamMemberAdded", membersAdded=[{"id": "29:ann"}]) is None
    assert told("conversationUpdate", "channelCreated") is None
    assert told("message", text="hello") is None
    assert inbound.team_of(activity("installationUpdate", action="add")) is None


@pytest.mark.parametrize(
    "payload",
    [
        activity(text="echo") | {"from": {"id": "28:rondo"}},
        activity(text="echo") | {"from": {"id": "28:other", "role": "bot"}},
        activity(text=""),
        activity(text=None),
        activity(text="x", id=None),
        activity(text="x", conversation=None),
        activity(text="x") | {"from": None},
        activity(text="x", conversation={"id": "a:chat"}, channelData={}),
        activity("installationUpdate", action="remove-upgrade"),
        activity("installationUpdate", action="remove", conversation={"id": "19:x", "conversationType": "channel"}),
        activity("conversationUpdate", membersAdded=[{"id": "29:ann"}]),
        activity("messageReaction"),
        activity("typing"),
        activity(value={"rondo": '["no_such_verb"]'}, text="x"),
        activity(value={"rondo": '["why","a\\u0000b"]'}),
        activity(value={"rondo": '["why","\\ud800"]'}),
        activity("invoke", name="composeExtension/query", value={"data": {"rondo": SNOOZE.encode()}}),
        pressed(value=[1]),
    ],
)
def test_what_is_not_for_us_is_nothing(payload: Json) -> None:
    assert inbound.read(payload, NOW) is None


def test_a_press_repeated_under_a_new_activity_id_is_the_same_press() -> None:
    assert id_of(pressed()) == id_of(pressed(id="f:other")) == id_of(pressed(), minutes=1)


def test_another_button_another_person_and_a_card_shown_anew_are_other_presses() -> None:
    others = [
        pressed(Action(Verb.SKIP, SNOOZE.args)),
        pressed(once="n2"),
        pressed(replyToId="m2"),
        pressed() | {"from": {"id": "29:ann"}},
    ]
    assert len({id_of(payload) for payload in [pressed(), *others]}) == 5


def test_the_same_press_on_an_unchanged_card_counts_again_later() -> None:
    assert id_of(pressed()) != id_of(pressed(), minutes=20)


def test_a_submission_repeated_is_one_but_a_corrected_one_and_a_reopened_form_are_others() -> None:
    first = submitted({"kr1": "40"})
    assert id_of(first) == id_of(submitted({"kr1": "40"}, id="f:again")) == id_of(first, minutes=30)
    assert id_of(first) != id_of(submitted({"kr1": "45"}))
    assert id_of(first) != id_of(submitted({"kr1": "40"}, once="n2"))


def test_a_form_can_be_opened_as_often_as_one_likes() -> None:
    fetch = {"name": "task/fetch", "value": {"data": {"rondo": OPEN.encode(), "rondo_once": "n1"}}}
    assert id_of(activity("invoke", **fetch)) != id_of(activity("invoke", id="f:2", **fetch))


def test_the_data_of_a_rendered_button_is_read_back() -> None:
    from tests.adapters.teams.test_render import FORM

    [submit] = render.dialog(FORM, {"rondo_once": "n", "rondo_card": "k"})["actions"]
    event = inbound.read(activity("invoke", name="task/submit", value={"data": {**submit["data"], "note": "ok"}}), NOW)
    assert isinstance(event, Submitted)
    assert (event.action, event.values) == (FORM.action, {"note": "ok"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just(SNOOZE.encode()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "data", "action", "rondo", "tenant", "mentioned"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*activity("invoke", value=1, name=1, text=1, entities=1, membersAdded=1)]),
                       json_values), st.sampled_from(["message", "invoke", "conversationUpdate"]))  # fmt: skip
def test_no_shape_of_payload_breaks_the_reading(broken: Json, kind: str) -> None:
    for payload in (broken, activity(kind, name="task/submit", text="x") | broken):
        event = inbound.read(payload, FixedClock().now())
        assert event is None or event.by.user
