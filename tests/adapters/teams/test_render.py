"""What a card looks like in Teams, and what it never becomes."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pictures import png
from adapters.teams import render
from bot.talk.actions import OPENS_FORM, Action, Verb, decode
from bot.talk.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Form,
    Heading,
    Note,
    Option,
    Paragraph,
    TextField,
    Tone,
)
from bot.talk.text import Span, Style, plain
from tests.charts import BARS, CARD
from tests.fakes.teams import schema_errors

Json = dict[str, Any]

words = st.text(max_size=300)
some_words = st.text(min_size=1, max_size=60)
texts = st.lists(st.builds(Span, words, st.sampled_from(Style)), max_size=4).map(tuple)
actions = st.builds(Action, st.sampled_from(Verb), st.lists(st.text(max_size=40), max_size=4).map(tuple))
buttons = st.builds(Button, label=some_words, action=actions, tone=st.sampled_from(Tone), about=st.text(max_size=30))
elements = st.one_of(
    st.builds(Heading, text=words),
    st.builds(Paragraph, text=texts),
    st.builds(Note, text=texts),
    st.builds(Facts, pairs=st.lists(st.tuples(some_words, texts), max_size=5).map(tuple)),
    st.just(Divider()),
    st.builds(Buttons, buttons=st.lists(buttons, min_size=1, max_size=12).map(tuple)),
)
cards = st.builds(Card, summary=some_words, elements=st.lists(elements, max_size=12).map(tuple))


def walk(item: Any) -> Iterator[Json]:
    """Every object in a card."""
    if isinstance(item, dict):
        yield item
        for value in item.values():
            yield from walk(value)
    elif isinstance(item, list):
        for value in item:
            yield from walk(value)


def presses(content: Json) -> list[Json]:
    return [press for block in content["body"] if block["type"] == "ActionSet" for press in block["actions"]]


def utf16(activity: Json) -> int:
    return len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))


@settings(deadline=None)  # a busy machine is no defect of a card
@given(cards)
def test_every_card_is_valid_and_inside_the_limits_with_every_button(card: Card) -> None:
    activity = render.message(card, {"rondo_card": "k", "rondo_once": "n"})
    content = activity["attachments"][0]["content"]

    assert schema_errors(content) == []
    assert utf16(activity) <= 100 * 1024
    assert len(presses(content)) == len(list(card.buttons()))
    assert all(len(b["actions"]) <= 5 for b in content["body"] if b["type"] == "ActionSet")
    assert activity["summary"] == card.summary


@given(cards)
def test_every_button_comes_back_as_the_same_action(card: Card) -> None:
    came_back = [decode(press["data"]["rondo"]) for press in presses(render.adaptive_card(card))]
    assert came_back == [button.action for button in card.buttons()]


@pytest.mark.parametrize(
    "hostile",
    ["[click](https://evil.example)", "**bold** _it_ `x`", "<at>Everyone</at>", "&lt;b&gt; <b>", "- a\r- b", "${name}"],
)
def test_peoples_words_stay_words(hostile: str) -> None:
    card = Card(
        summary=hostile,
        elements=(Heading(text=hostile), Paragraph(text=plain(hostile)), Facts(pairs=((hostile, plain(hostile)),))),
    )
    content = render.adaptive_card(card)
    blocks = list(walk(content))

    assert {b["type"] for b in blocks if "type" in b} == {"AdaptiveCard", "RichTextBlock", "TextRun"}
    assert [b["text"] for b in blocks if "text" in b] == [hostile, hostile, f"{hostile}  ", hostile]
    assert "entities" not in content["msteams"]


def test_a_date_function_somebody_typed_is_not_run() -> None:
    content = render.adaptive_card(Card(summary="s", elements=(Paragraph(text=plain("{{DATE(2026-01-01T00:00:00Z)}}")),)))
    assert "{{DATE" not in json.dumps(content, ensure_ascii=False)


def test_each_line_is_a_block_and_keeps_its_styles() -> None:
    text = (Span("one "), Span("two\nthree", Style.BOLD), Span("\n\nfour", Style.ITALIC))
    body = render.adaptive_card(Card(summary="s", elements=(Paragraph(text=text),)))["body"]
    assert [[run["text"] for run in block["inlines"]] for block in body] == [["one ", "two"], ["three"], ["four"]]
    assert body[1]["inlines"][0]["weight"] == "bolder"
    assert body[2]["inlines"][0]["italic"] is True


def test_a_divider_separates_what_follows_and_never_ends_a_card() -> None:
    card = Card(summary="s", elements=(Divider(), Heading(text="a"), Divider(), Divider(), Heading(text="b"), Divider()))
    assert [block.get("separator", False) for block in render.adaptive_card(card)["body"]] == [False, True]


@pytest.mark.parametrize("verb", sorted(OPENS_FORM))
def test_a_button_that_opens_a_form_fetches_a_dialog(verb: Verb) -> None:
    button = Button(label="Open form", action=Action(verb, ("x",)))
    [press] = presses(render.adaptive_card(Card(summary="s", elements=(Buttons(buttons=(button,)),))))
    assert (press["type"], press["data"]["msteams"]) == ("Action.Submit", {"type": "task/fetch"})


def test_other_buttons_execute_and_fall_back_to_a_message() -> None:
    button = Button(label="Decide", action=Action(Verb.ACKNOWLEDGE, ("e1",)), tone=Tone.CAREFUL, about="Launch")
    [press] = presses(render.adaptive_card(Card(summary="s", elements=(Buttons(buttons=(button,)),)), {"rondo_card": "k"}))
    assert (press["type"], press["style"], press["tooltip"]) == ("Action.Execute", "destructive", "Launch")
    assert press["data"] == {"rondo": '["acknowledge","e1"]', "rondo_card": "k"} == press["fallback"]["data"]


def test_over_the_budget_notes_go_first_from_the_end() -> None:
    notes = [Note(text=plain(f"note {n} " + "x" * 6000)) for n in range(6)]
    paragraph = Paragraph(text=plain("what matters"))
    said = json.dumps(render.adaptive_card(Card(summary="s", elements=(*notes, paragraph))))
    assert "note 0" in said
    assert "note 5" not in said
    assert "what matters" in said


def test_then_texts_are_shortened_and_buttons_stay() -> None:
    rows = tuple(
        part
        for n in range(12)
        for part in (
            Paragraph(text=plain(f"goal {n} " + "글" * 3000)),
            Buttons(buttons=tuple(Button(label=f"{n}{k}", action=Action(Verb.WHY, ("k" * 60,))) for k in range(4))),
        )
    )
    activity = render.message(Card(summary="목표 " * 2000, elements=rows))
    content = activity["attachments"][0]["content"]
    assert len(presses(content)) == 48
    assert all(f"goal {n} " in json.dumps(content) for n in range(12))
    assert len(json.dumps(activity, ensure_ascii=False).encode()) <= render.LIMITS.budget + 1024


def test_a_card_of_more_buttons_than_a_message_holds_is_refused_not_cut() -> None:
    many = Buttons(buttons=tuple(Button(label="x", action=Action(Verb.WHY, ("k" * 1000,))) for _ in range(100)))
    with pytest.raises(render.TooLarge):
        render.message(Card(summary="s", elements=(many,)))


FORM = Form(
    action=Action(Verb.ANSWER, ("p1/2026-W47", "g1")),
    title="Weekly check-in",
    submit="Send",
    cancel="Cancel",
    parts=(
        Heading(text="Launch"),
        Note(text=plain("hint")),
        ChoiceField(
            id="status", label="Status", options=(Option(value="on_track", label="On track"),), value="on_track",
            required=True,
        ),
        Divider(),
        TextField(id="kr1", label="Signups", value="40", hint="of 100"),
        TextField(id="note", label="Note", multiline=True, max_length=500),
        DateField(id="due", label="Due"),
    ),
)  # fmt: skip


def test_a_form_is_a_dialog_with_labelled_inputs() -> None:
    task = render.task(FORM, {"rondo_once": "n"})["task"]
    card = task["value"]["card"]["content"]
    assert schema_errors(card) == []
    assert (task["type"], task["value"]["title"]) == ("continue", "Weekly check-in")
    inputs = {block["id"]: block for block in card["body"] if block["type"].startswith("Input.")}
    assert inputs["status"] == {
        "type": "Input.ChoiceSet", "id": "status", "label": "Status", "value": "on_track", "isRequired": True,
        "errorMessage": "Status", "style": "compact", "choices": [{"title": "On track", "value": "on_track"}],
    }  # fmt: skip
    assert inputs["note"]["isMultiline"] is True
    assert inputs["note"]["maxLength"] == 500
    assert inputs["due"]["type"] == "Input.Date"
    [submit] = card["actions"]
    assert decode(submit["data"]["rondo"]) == FORM.action


def test_an_error_stands_right_after_its_field() -> None:
    body = render.dialog(FORM, errors={"kr1": "Not a number: *forty*"})["body"]
    at = next(n for n, block in enumerate(body) if block.get("id") == "kr1")
    assert body[at + 1]["inlines"] == [{"type": "TextRun", "text": "Not a number: *forty*", "color": "attention"}]


fields = st.builds(TextField, id=some_words, label=some_words, value=words)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.builds(Note, text=texts), fields), max_size=10))
def test_every_form_is_valid(parts: list[Note | TextField]) -> None:
    form = Form(action=FORM.action, title="t", submit="s", cancel="c", parts=tuple(parts))
    assert schema_errors(render.dialog(form)) == []


def test_a_chart_is_a_picture_with_its_words() -> None:
    activity = render.message(CARD, draw=png)
    content = activity["attachments"][0]["content"]
    assert schema_errors(content) == []
    title, image = content["body"][1], content["body"][2]
    assert title["inlines"][0]["text"] == BARS.title
    assert (image["type"], image["altText"]) == ("Image", BARS.alt)
    assert base64.b64decode(image["url"].removeprefix("data:image/png;base64,")) == png(BARS)
    assert utf16(activity) < 60 * 1024


def test_without_a_picture_nothing_else_is_lost() -> None:
    def broken(chart: Chart) -> bytes:
        raise OSError("no font")

    plainly = render.message(CARD)
    assert render.message(CARD, draw=broken) == plainly
    assert "Image" not in {block.get("type") for block in walk(plainly)}
    assert "checkin.prompt: sent 400" in json.dumps(plainly, ensure_ascii=False)


def test_a_picture_costs_no_words_and_goes_before_they_do() -> None:
    notes = tuple(Note(text=plain(f"note {n}")) for n in range(40))
    with_notes = Card(summary="s", elements=(BARS, *notes))
    shown = json.dumps(render.message(with_notes, draw=lambda chart: b"x" * 20_000))
    assert all(f'"note {n}"' in shown for n in range(40))
    rows = tuple(Buttons(buttons=(Button(label=f"B{n}", action=Action(Verb.WHY, ("k" * 1500,))),)) for n in range(13))
    full = Card(summary="s", elements=(Paragraph(text=plain("words")), BARS, *rows))
    activity = render.message(full, draw=lambda chart: b"x" * 20_000)
    assert utf16(activity) <= 100 * 1024
    assert '"Image"' not in json.dumps(activity) and '"words"' in json.dumps(activity)
