"""What goes in comes out, equal and of the same types; anything else is refused and never guessed."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import Address, Platform, Receipt
from bot.model import Absence, Answer, CheckIn, Escalation, Goal, Person, PolicyChange, Told
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Divider, Facts, Form, Heading, Note, Paragraph, TextField, Tone
from bot.talk.text import Span, Style
from storage.codec import CodecError, dumps, instant_of, instant_text, loads

WORDS = st.text(st.characters(exclude_categories=()), max_size=12)  # NUL and lone surrogates included
TEXTS = st.lists(st.builds(Span, WORDS, st.sampled_from(Style)), max_size=3).map(tuple)
ACTIONS = st.builds(Action, st.sampled_from(Verb), st.lists(WORDS, max_size=3).map(tuple))
BUTTONS = st.builds(Button, label=WORDS, action=ACTIONS, tone=st.sampled_from(Tone), about=WORDS)
ELEMENTS = st.one_of(
    st.builds(Heading, text=WORDS),
    st.builds(Paragraph, text=TEXTS),
    st.builds(Note, text=TEXTS),
    st.builds(Facts, pairs=st.lists(st.tuples(WORDS, TEXTS), max_size=3).map(tuple)),
    st.builds(Divider),
    st.builds(Buttons, buttons=st.lists(BUTTONS, max_size=3).map(tuple)),
)
CARDS = st.builds(Card, summary=WORDS, elements=st.lists(ELEMENTS, max_size=5).map(tuple))
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)
ANSWERS = st.builds(Answer, goal_id=WORDS, values=st.dictionaries(WORDS, NUMBERS, max_size=3))
INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 3, tzinfo=UTC).replace(tzinfo=None),
    max_value=datetime(9999, 12, 29, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.timezones() | st.just(UTC),
).map(lambda at: (at, at.astimezone(UTC)))  # one of an hour that occurs twice equals no instant of another zone


def same(kind: Any, value: object) -> None:
    text = dumps(kind, value)
    assert text.isascii()
    back = loads(kind, text)
    assert back == value
    assert repr(back) == repr(value)
    assert dumps(kind, back) == text


@given(CARDS)
def test_cards_come_back(card: Card) -> None:
    same(Card, card)


@given(st.lists(ANSWERS, max_size=3).map(tuple))
def test_answers_come_back(answers: tuple[Answer, ...]) -> None:
    same(tuple[Answer, ...], answers)


@given(st.builds(Absence, first=st.dates(), last=st.dates(), source=WORDS))
def test_absences_come_back(absence: Absence) -> None:
    same(Absence, absence)


@given(INSTANTS)
def test_instants_come_back_and_sort(instant: tuple[datetime, datetime]) -> None:
    local, at = instant
    assert instant_of(instant_text(local)) == at
    assert instant_of(instant_text(at)).tzinfo is UTC
    later = at + timedelta(microseconds=1)
    assert instant_text(at) < instant_text(later)
    assert len(instant_text(at)) == 27


def test_everything_of_the_model_has_a_form() -> None:
    form = Form(action=Action(Verb.ANSWER), title="t", submit="s", cancel="c", parts=(TextField(id="a", label="b"),))
    same(Form, form)
    receipt = Receipt(address=Address(platform=Platform.TEAMS, tenant="t", user="u", route={"r": "s"}), place="p", id="i")
    same(Receipt, receipt)
    assert loads(Receipt, dumps(Receipt, receipt)).address.route == {"r": "s"}, "not compared, but kept"
    same(frozenset[int], frozenset({4, 0}))
    same(tuple[time, time], (time(9), time(17, 30)))
    same(CheckIn, CheckIn(person_id="p", period="2026-W48"))
    at = datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=9)))
    assert loads(Person, dumps(Person, Person(id="p", email="e", name="n", known_since=at))).known_since == at
    for kind in (Goal, Escalation, PolicyChange, Told):
        with pytest.raises(CodecError):
            loads(kind, "{}")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, True),
        (int, "1"),
        (str, 1),
        (Decimal, 1.5),
        (datetime, datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)),
        (date, datetime(2026, 1, 1, tzinfo=UTC)),
        (Style, "bold"),
        (Card, Divider()),
        (tuple[int, int], (1,)),
        (Mapping[str, str], {1: "a"}),
        (tuple[Heading | Divider, ...], (Span("x"),)),
        (int | None, "x"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: Any, value: object) -> None:
    with pytest.raises((CodecError, ValueError)):
        dumps(kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "1",
        "{}",
        '{"summary":1,"elements":[]}',
        '{"summary":"s","elements":{}}',
        '{"summary":"s","elements":[{"is":"Bomb"}]}',
        '{"summary":"s","elements":[{"text":"x"}]}',
        '{"summary":"s","elements":[],"more":1}',
        "[" * 100_000,
    ],
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(CodecError):
        loads(Card, text)


def test_a_field_that_came_later_takes_its_default() -> None:
    old = json.loads(dumps(CheckIn, CheckIn(person_id="p", period="w")))
    del old["shown"]
    assert loads(CheckIn, json.dumps(old)) == CheckIn(person_id="p", period="w")


def test_types_without_a_form_are_named() -> None:

    with pytest.raises(CodecError, match="complex"):
        dumps(complex, 1j)
    with pytest.raises(CodecError, match="only dataclasses"):
        dumps(int | str, 1)
    with pytest.raises(CodecError, match="by string"):
        dumps(Mapping[int, str], {})


@pytest.mark.parametrize("text", ["", "2026-11-23", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00.000000+00:0"])
def test_instants_have_one_form(text: str) -> None:
    with pytest.raises(CodecError):
        instant_of(text)


def test_leave_written_before_there_were_half_days_is_of_whole_days() -> None:
    old = '[{"first":"2026-12-24","last":"2026-12-31","source":"chat"}]'
    assert loads(tuple[Absence, ...], old) == (Absence(first=date(2026, 12, 24), last=date(2026, 12, 31)),)
