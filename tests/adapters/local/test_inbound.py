"""What the page sends becomes events; what it cannot have sent becomes nothing."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from adapters.local import inbound, render
from adapters.local.gateway import address_of
from bot.events import Closed, Submitted
from bot.talk.actions import Action, Verb
from bot.talk.cards import Card
from tests.adapters.local.stage import CHECKIN, CHECKIN_KO, ESCALATION, FORM, HOSTILE, LENA, NUDGES, START, WHY

GESTURE = {"id": "0b6f8f4e-1c1b-4d0e-9d5c-0d6f2a7f3c11", "email": LENA}
READERS: tuple[Callable[[Mapping[str, Any], Any], object], ...] = (
    inbound.said,
    inbound.opened,
    inbound.pressed,
    inbound.submitted,
    inbound.closed,
)


@pytest.mark.parametrize("card", [CHECKIN, CHECKIN_KO, WHY, NUDGES, ESCALATION])
def test_every_button_comes_back_as_the_same_action(card: Card) -> None:
    sent = [
        inbound.pressed({**GESTURE, "action": button["action"]}, START)
        for element in render.card(card)["elements"]
        if element["kind"] == "buttons"
        for button in element["buttons"]
    ]
    assert [event and event.action for event in sent] == [button.action for button in card.buttons()]


def test_a_form_comes_back_under_its_fields() -> None:
    shown = render.form(FORM)
    values = {part["id"]: part["value"] for part in shown["parts"] if "id" in part}
    for read, kind in ((inbound.submitted, Submitted), (inbound.closed, Closed)):
        event = read({**GESTURE, "action": shown["action"], "values": {**values, "note:G-03": " a\0b "}}, START)
        assert isinstance(event, kind)
        assert event.action == FORM.action
        assert event.values == {"status:G-03": "on_track", "value:G-03-1": "46", "note:G-03": "ab"}


def test_hostile_words_stay_words() -> None:
    event = inbound.said({**GESTURE, "text": HOSTILE}, START)
    assert event is not None
    assert event.text == HOSTILE
    titles = [e["spans"][0]["text"] for e in render.card(CHECKIN)["elements"] if e["kind"] == "paragraph"]
    assert HOSTILE in titles


def test_one_gesture_has_one_id_and_kinds_do_not_collide() -> None:
    said = inbound.said({**GESTURE, "text": "hello"}, START)
    again = inbound.said({**GESTURE, "text": "hello"}, START)
    opened = inbound.opened(GESTURE, START)
    assert said is not None
    assert opened is not None
    assert said == again
    assert said.id != opened.id


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"id": 1, "email": LENA},
        {"id": "short", "email": LENA},
        {"id": GESTURE["id"], "email": ["x"]},
        {"id": GESTURE["id"], "email": "a\0b@halden.example"},
        {"id": GESTURE["id"], "email": "x" * 300},
    ],
)
def test_a_gesture_without_a_proper_name_is_nothing(payload: dict[str, Any]) -> None:
    rest = {"text": "hi", "action": FORM.action.encode(), "values": {}}
    assert [read({**rest, **payload}, START) for read in READERS] == [None] * 5


@pytest.mark.parametrize("action", [None, 7, "", "{}", '["no such verb"]', '["why","\\ud800"]', '["why","\\u0000"]'])
def test_an_action_that_is_none_of_ours_is_nothing(action: object) -> None:
    assert inbound.pressed({**GESTURE, "action": action}, START) is None
    assert inbound.submitted({**GESTURE, "action": action, "values": {}}, START) is None


@pytest.mark.parametrize("values", [None, [], {"a": 1}, {"x" * 501: "y"}, {f"f{n}": "" for n in range(201)}])
def test_values_that_are_no_values_are_nothing(values: object) -> None:
    assert inbound.submitted({**GESTURE, "action": FORM.action.encode(), "values": values}, START) is None


def test_a_button_is_not_a_form_and_an_empty_line_says_nothing() -> None:
    why = Action(Verb.WHY, ("k",)).encode()
    assert inbound.submitted({**GESTURE, "action": why, "values": {}}, START) is None
    assert inbound.said({**GESTURE, "text": " \n\0 "}, START) is None


def test_a_line_written_in_a_teams_channel_says_where() -> None:
    said = inbound.said({**GESTURE, "text": "/team post here", "place": "#Web"}, START)
    assert said is not None and said.place == address_of("#Web")
    assert (said.place.user, said.by) == ("#web", address_of(LENA))


@pytest.mark.parametrize("place", [None, 7, "", "#", "web", "#we\0b", "#" + "x" * 200])
def test_anything_else_is_no_channel(place: object) -> None:
    said = inbound.said({**GESTURE, "text": "hello", "place": place}, START)
    assert said is not None and said.place is None
