"""Block Kit: inside every limit, hostile text stays text, every button and field comes back as itself."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import render
from bot.talk.actions import Action, Verb, decode
from bot.talk.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Divider,
    Element,
    Facts,
    Form,
    FormPart,
    Heading,
    Note,
    Option,
    Paragraph,
    TextField,
    Tone,
)
from bot.talk.text import Span, Style, Text, clean, plain
from tests.fakes.slack_limits import MESSAGE_BLOCKS, block_breaches, view_breaches

Json = dict[str, Any]
HOSTILE = "<!channel> <@U1> *bold* _it_ `x` &lt;!here&gt; <http://evil|click> :rage: @everyone"

words = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from([HOSTILE, "한국어 목표", "👩‍👩‍👧‍👦" * 40, "a" * 3500, "&" * 200, "", "  \n "]),
)
texts: st.SearchStrategy[Text] = st.lists(st.builds(Span, words, st.sampled_from(Style)), max_size=4).map(tuple)
actions = st.builds(Action, st.sampled_from(Verb), st.lists(st.text(max_size=30).map(clean), max_size=4).map(tuple))
buttons = st.builds(Button, label=words, action=actions, tone=st.sampled_from(Tone), about=words)
elements: st.SearchStrategy[Element] = st.one_of(
    st.builds(Heading, text=words),
    st.builds(Paragraph, text=texts),
    st.builds(Note, text=texts),
    st.builds(Facts, pairs=st.lists(st.tuples(words, texts), max_size=5).map(tuple)),
    st.just(Divider()),
    st.builds(Buttons, buttons=st.lists(buttons, max_size=12).map(tuple)),
)
cards = st.builds(Card, summary=words, elements=st.lists(elements, max_size=90).map(tuple))

field_ids = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=400)


def pressed(rendered: Json) -> list[Action]:
    return [
        decode(element["value"]) for block in rendered["blocks"] if block["type"] == "actions" for element in block["elements"]
    ]


def shown(node: object) -> str:
    """Every character a person can read, in order."""
    if isinstance(node, dict):
        own = node["text"] if isinstance(node.get("text"), str) else ""
        return own + "".join(shown(value) for key, value in node.items() if key not in ("value", "block_id"))
    return "".join(map(shown, node)) if isinstance(node, list) else ""


@settings(max_examples=200, deadline=None)
@given(cards)
def test_every_card_is_inside_the_limits_and_loses_no_button(card: Card) -> None:
    message = render.message(card)
    assert list(block_breaches(message["blocks"], MESSAGE_BLOCKS)) == []
    assert 0 < len(message["text"]) <= 4000
    assert pressed(message) == [button.action for button in card.buttons()]
    view = render.home(card)
    assert list(view_breaches(view, "home")) == []
    assert pressed(view) == [button.action for button in card.buttons()]


@settings(max_examples=50, deadline=None)
@given(cards)
def test_the_same_card_has_the_same_ids_every_time(card: Card) -> None:
    assert render.message(card) == render.message(card)


def test_nothing_a_person_wrote_is_parsed() -> None:
    card = Card(
        summary=HOSTILE,
        elements=(
            Heading(text=HOSTILE),
            Paragraph(text=plain(HOSTILE)),
            Facts(pairs=((HOSTILE, plain(HOSTILE)),)),
            Note(text=plain(HOSTILE)),
            Buttons(buttons=(Button(label=HOSTILE, action=Action(Verb.WHY), about=HOSTILE),)),
        ),
    )
    message = render.message(card)
    assert "<" not in message["text"]
    assert "&amp;lt;!here&amp;gt;" in message["text"]
    assert "mrkdwn" not in str(message)
    assert shown(message["blocks"]).count(HOSTILE) == 5  # the button's label is cut

    def kinds(node: object) -> set[str]:
        if isinstance(node, dict):
            return {str(node.get("type"))}.union(*map(kinds, node.values()))
        return set().union(*map(kinds, node)) if isinstance(node, list) else set()

    assert not kinds(message["blocks"]) & {"user", "broadcast", "link", "usergroup", "channel", "emoji", "mrkdwn"}
    assert '"emoji": true' not in str(message).lower().replace("'", '"')


def test_notes_go_first_then_dividers_then_text_and_never_a_button() -> None:
    row = Buttons(buttons=(Button(label="On track", action=Action(Verb.REPORT, ("c", "g", "on_track"))),))
    goal = (Paragraph(text=plain("Goal")), row, Note(text=plain("small print")))
    few = render.message(Card(summary="s", elements=goal * 17))["blocks"]
    assert len(few) <= 50
    assert sum(block["type"] == "context" for block in few) == 16  # only one had to go
    both = render.message(Card(summary="s", elements=(Note(text=plain("n")), Divider(), *goal[:2] * 24, Divider())))["blocks"]
    assert [block["type"] for block in both].count("divider") == 2
    assert len(both) == 50
    many = render.message(Card(summary="s", elements=(*goal, Divider()) * 40))["blocks"]
    assert len(many) == 50
    assert {block["type"] for block in many} == {"rich_text", "actions"}
    assert sum(len(block.get("elements", ())) for block in many if block["type"] == "actions") == 40
    assert "…" in shown(many)


def test_more_buttons_than_any_message_holds_are_an_error_not_a_loss() -> None:
    row = Buttons(buttons=tuple(Button(label="x", action=Action(Verb.WHY)) for _ in range(50 * 25 + 1)))
    with pytest.raises(ValueError, match="51 blocks"):
        render.message(Card(summary="s", elements=(row,)))
    full = Buttons(buttons=row.buttons[:-1])
    assert len(pressed(render.message(Card(summary="s", elements=(full,))))) == 1250


def test_long_texts_end_in_an_ellipsis() -> None:
    card = Card(summary="s" * 5000, elements=(Heading(text="h" * 200), Paragraph(text=plain("p" * 4000))))
    message = render.message(card)
    header, paragraph = message["blocks"]
    assert message["text"] == "s" * 3899 + "…"
    assert header["text"]["text"] == "h" * 149 + "…"
    assert shown(paragraph) == "p" * 2999 + "…"


def test_a_cut_summary_never_ends_inside_an_entity() -> None:
    text = render.message(Card(summary="&" * 5000, elements=()))["text"]
    assert text == "&amp;" * 779 + "…"


def test_the_tones_and_the_screen_reader_line() -> None:
    row = Buttons(
        buttons=(
            Button(label="On track", action=Action(Verb.WHY), about="Launch in Japan"),
            Button(label="Decide", action=Action(Verb.WHY), tone=Tone.PRIMARY),
            Button(label="Forget me", action=Action(Verb.WHY), tone=Tone.CAREFUL),
        )
    )
    first, second, third = render.message(Card(summary="s", elements=(row,)))["blocks"][0]["elements"]
    assert first["accessibility_label"] == "On track: Launch in Japan"
    assert "style" not in first
    assert (second["style"], third["style"]) == ("primary", "danger")


@given(field_ids)
def test_a_field_id_survives_the_way_through_slack(field: str) -> None:
    block_id, action_id = render.place_of(field)
    assert len(block_id) <= 255
    assert len(action_id) <= 255
    assert render.field_at(block_id, action_id) == field


@pytest.mark.parametrize("place", [("", ""), ("b0", "a1"), ("0" * 8 + ":x", "v:"), (":" * 300, "v:"), ("\ud800", "v:")])
def test_foreign_block_ids_are_no_fields(place: tuple[str, str]) -> None:
    assert render.field_at(*place) is None


option_lists = st.lists(
    st.builds(Option, value=st.text("abc_", min_size=1, max_size=20), label=words), min_size=1, max_size=9
).map(tuple)
parts: st.SearchStrategy[FormPart] = st.one_of(
    st.builds(Heading, text=words),
    st.builds(Paragraph, text=texts),
    st.builds(Note, text=texts),
    st.just(Divider()),
    st.builds(
        TextField,
        id=field_ids,
        label=words,
        value=words.map(clean),
        hint=words,
        multiline=st.booleans(),
        required=st.booleans(),
        max_length=st.integers(1, 9000),
    ),
    st.builds(ChoiceField, id=field_ids, label=words, options=option_lists, value=st.text("abc_", max_size=3), hint=words),
    st.builds(DateField, id=field_ids, label=words, value=st.sampled_from(["", "2026-11-23", "tomorrow", "20261123"])),
)


def _id(part: FormPart) -> object:
    return part.id if isinstance(part, TextField | ChoiceField | DateField) else object()


forms = st.builds(
    Form,
    action=actions,
    title=words,
    submit=words,
    cancel=words,
    parts=st.lists(parts, min_size=1, max_size=60, unique_by=_id).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(forms)
def test_every_form_is_inside_the_limits_and_loses_no_field(form: Form) -> None:
    view = render.modal(form)
    breaches = [breach for breach in view_breaches(view, "modal") if view["blocks"] or breach[0] != "blocks"]
    assert breaches == []
    assert decode(view["private_metadata"]) == form.action
    places = [(b["block_id"], b["element"]["action_id"]) for b in view["blocks"] if b["type"] == "input"]
    assert [render.field_at(*place) for place in places] == [field.id for field in form.fields()]
    assert view["notify_on_close"] is True


def test_a_form_sheds_its_small_print_and_then_its_headings() -> None:
    field = [TextField(id=f"f{n}", label="Note") for n in range(100)]
    few = tuple(part for f in field[:60] for part in (Heading(text="Goal"), f, Note(text=plain("was 40"))))
    view = render.modal(Form(action=Action(Verb.ANSWER), title="t", submit="s", cancel="c", parts=few))
    assert len(view["blocks"]) == 100
    assert sum(block["type"] == "input" for block in view["blocks"]) == 60
    full = Form(action=Action(Verb.ANSWER), title="t", submit="s", cancel="c", parts=(*field, Note(text=plain("x"))))
    assert len(render.modal(full)["blocks"]) == 100


@pytest.mark.parametrize(
    "parts",
    [
        tuple(TextField(id=f"f{n}", label="Note") for n in range(101)),
        (ChoiceField(id="f", label="l", options=()),),
        (ChoiceField(id="f", label="l", options=(Option(value="v" * 151, label="l"),)),),
        (ChoiceField(id="f", label="l", options=tuple(Option(value=f"v{n}", label="l") for n in range(101))),),
        (TextField(id="i" * 491, label="l"),),
    ],
)
def test_a_form_that_cannot_fit_says_so(parts: tuple[FormPart, ...]) -> None:
    with pytest.raises(ValueError, match=r"at most|are allowed"):
        render.modal(Form(action=Action(Verb.ANSWER), title="t", submit="s", cancel="c", parts=parts))


def test_a_form_is_filled_with_what_was_there_last_time() -> None:
    form = Form(
        action=Action(Verb.ANSWER, ("c",)),
        title="A title far too long for Slack",
        submit="Send",
        cancel="Cancel",
        parts=(
            TextField(id="n", label="Note", value="two\nlines", hint="free text", max_length=5),
            ChoiceField(id="s", label="Status", options=(Option(value="on", label="On track"),), value="on", required=True),
            ChoiceField(id="t", label="Status", options=(Option(value="on", label="On track"),), value="gone"),
            DateField(id="d", label="Due", value="2026-11-23"),
        ),
    )
    view = render.modal(form)
    note, status, other, due = view["blocks"]
    assert view["title"]["text"] == "A title far too long fo…"
    assert note["element"] == {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": 9,
        "initial_value": "two\nlines",
        "action_id": "v:",
    }
    assert (note["optional"], status["optional"]) == (True, False)
    assert note["hint"]["text"] == "free text"
    assert status["element"]["initial_option"] == status["element"]["options"][0]
    assert "initial_option" not in other["element"]
    assert due["element"]["initial_date"] == "2026-11-23"
