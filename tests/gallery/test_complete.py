"""The gallery is complete: every phrase, every verb and every function that makes a card stands in it."""

import ast
from pathlib import Path

import pytest

from bot.talk.actions import Verb
from prompts.loader import ROOT, read
from tests.gallery.__main__ import PAGE
from tests.gallery.build import LOCALES, gallery
from tests.gallery.markdown import page

FLOWS = Path(__file__).parents[2] / "bot" / "flows"

NOT_SHOWN = {
    "duty-approval": "a request for approval is called by its goal; this is for one that is no longer on record",
    "duty-stop": "what goes is called by its owner's words, likewise",
    "digest-unseen": "more than 250 people who report to one person; `tests/play/test_digest.py` shows it",
    "duty-blocker": "an obstacle is called by its owner's words; this is for one that is no longer on record",
    "duty-one_on_one": "an item for a 1:1 is called by its goal, likewise",
    "forecast-estimate": "companies of more than some hundred people; `tests/bot/rules/test_backtest.py` shows it",
    "language-en": "said to readers of English only, and the settings name the language they are read in",
    "language-ko": "said to readers of Korean only, likewise",
    "language-unknown": "the reader of commands knows the languages there are",
    "note-elsewhere": "Slack's answer to a command outside the direct messages, no card",
    "note-stranger": "Slack's answer to a command of somebody nobody knows, no card",
    "team-left-out": "a company of several teams; `tests/play/test_team_seen.py` shows it",
    "forecast-team": "teams of at least five beside five others; `tests/bot/rules/test_backtest.py` shows it",
    "forecast-teams-label": "likewise",
    "erased-word": "stands where an erasure took words away, in no card of its own; `tests/play/test_erased.py` shows it",
    "privacy-read-more": "more than ten readings; `tests/play/test_privacy.py` shows it",
    "team-capped": "more than a thousand goals; `tests/play/test_goals_seen.py` shows it",
    "nudge-checkin-missed-digest-summary": "it comes in the digest, which has its own summary; every stage of a rule has one",
    "nudge-goal-off_pace-digest-summary": "likewise",
    "why-checkin-missed": "the digest explains itself, and this rule in a line of its own; every rule has one",
    "number-empty": "an empty field is no error, and a text without digits has no number (`number-words`)",
    **dict.fromkeys(
        (name for name in read(ROOT / "en").needs if name.startswith("install-")),
        "a page of `/slack/install` in a browser, no card; `tests/adapters/slack/test_install.py` shows it",
    ),
}
"""Phrases no scene can bring about, and why they are there."""

MAKES_CARDS = {"Card", "Form", "reply", "tell"}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_stands_in_the_gallery(locale: str) -> None:
    missing = set(read(ROOT / locale).needs) - gallery(locale).phrases - NOT_SHOWN.keys()
    assert not missing, f"play a scene for, or list with a reason: {sorted(missing)}"


def test_no_phrase_is_excused_that_stands_there() -> None:
    excused = NOT_SHOWN.keys() & gallery("en").phrases & gallery("ko").phrases
    assert not excused
    assert NOT_SHOWN.keys() <= read(ROOT / "en").needs.keys()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_verb_stands_on_a_button_or_a_form(locale: str) -> None:
    verbs = {button.action.verb for entry in gallery(locale).entries if entry.card for button in entry.card.buttons()}
    verbs |= {entry.form.action.verb for entry in gallery(locale).entries if entry.form}
    assert verbs == set(Verb)


def test_every_function_that_makes_a_card_was_called() -> None:
    called = {(Path(file).name, name) for file, name in gallery("en").functions if Path(file).parent == FLOWS}
    makers = {(path.name, name) for path in FLOWS.glob("*.py") for name in makers_in(path.read_text(encoding="utf-8"))}
    assert len(makers) > 30
    assert not makers - called, f"no scene comes here: {sorted(makers - called)}"


def makers_in(source: str) -> set[str]:
    """Functions that call something which makes a card, a form or a reply."""
    found = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
            names = {c.attr if isinstance(c, ast.Attribute) else c.id if isinstance(c, ast.Name) else "" for c in calls}
            if names & MAKES_CARDS:
                found.add(function.name)
    return found


def test_a_function_nobody_plays_would_be_found() -> None:
    assert makers_in("def new(scene):\n    return scene.tell('x')\n\ndef other():\n    return 1\n") == {"new"}


def test_both_languages_have_the_same_entries() -> None:
    english, korean = (gallery(locale).entries for locale in LOCALES)
    assert [(e.section, e.name, e.card is None) for e in english] == [(e.section, e.name, e.card is None) for e in korean]


def test_the_page_is_up_to_date() -> None:
    wanted = page(gallery("en").entries, gallery("ko").entries)
    assert PAGE.read_text(encoding="utf-8") == wanted, "run: python -m tests.gallery"
