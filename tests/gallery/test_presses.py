"""Every button of the gallery, pressed where it stands: understood, written, and never answered with "older card"."""

import pytest

from bot.decision import NOTHING, Decision
from bot.talk.actions import OPENS_FORM, Verb
from prompts.loader import load
from tests.gallery.build import LOCALES, gallery
from tests.gallery.words import Variant

PRESSED = [(locale, variant) for locale in LOCALES for variant in (Variant.PLAIN, Variant.HOSTILE)]
VOICES = load()


def said(decision: Decision) -> set[str]:
    return {message.card.summary for message in decision.messages}


@pytest.mark.parametrize(("locale", "variant"), PRESSED)
def test_every_button_is_understood(locale: str, variant: Variant) -> None:
    unknown, nothing_sent = (VOICES[locale].line(phrase) for phrase in ("button-unknown", "why-nothing"))
    over = VOICES[locale].line("checkin-over")
    count = 0
    for entry in gallery(locale, variant).entries:
        wanted = list(entry.card.buttons()) if entry.card else [None]
        assert len(entry.presses) == len(wanted), entry
        for press in entry.presses:
            assert not press.error, f"{entry} {press.action}\n{press.error}"
            assert press.decision is not None
            assert not said(press.decision) & {unknown, nothing_sent}, f"{entry} {press.action}"
            assert over not in said(press.decision) or not entry.live, f"{entry} {press.action}"
            assert press.decision != NOTHING, f"{entry} {press.action} does nothing at all"
            count += 1
    assert count > 300


@pytest.mark.parametrize("locale", LOCALES)
def test_a_button_that_opens_a_form_shows_one(locale: str) -> None:
    for entry in gallery(locale).entries:
        for press in entry.presses:
            if press.action.verb in OPENS_FORM and entry.live:
                assert press.decision is not None and press.decision.reply is not None, f"{entry} {press.action}"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_self_started_message_explains_itself(locale: str) -> None:
    """All that Rondo starts has *Why?*; what has no open question left needs none."""
    quiet = {VOICES[locale].line(phrase) for phrase in ("reminder-done", "nudge-all-done", "checkin-moved")}
    for entry in gallery(locale).entries:
        if entry.card is None or entry.card.summary in quiet or entry.home:
            continue
        verbs = [button.action.verb for button in entry.card.buttons()]
        started = any(word in entry.name for word in ("asked,", "reminder", "quiet goal", "request", "news"))
        if started and not entry.name.startswith("why:"):
            assert verbs.count(Verb.WHY) == 1, entry
