"""Rondo asks what should be adjusted, in whole sentences. What it never says: tests/house/banned.py."""

import pytest

from tests.gallery.build import LOCALES, gallery
from tests.gallery.markdown import said_in


@pytest.mark.parametrize(("locale", "question"), [("en", "What should be adjusted?"), ("ko", "무엇을 조정하면 좋을까요?")])
def test_what_asks_for_attention_asks_what_should_be_adjusted(locale: str, question: str) -> None:
    for entry in gallery(locale).entries:
        if entry.card and entry.name.startswith(("quiet goal", "request, open", "request, reminder")) and "all" not in entry.name:
            assert question.casefold() in said_in(entry).casefold(), entry


@pytest.mark.parametrize("locale", LOCALES)
def test_summaries_are_whole_sentences(locale: str) -> None:
    for entry in gallery(locale).entries:
        if entry.card and not entry.home:
            assert "  " not in entry.card.summary, entry
            assert "{" not in entry.card.summary, entry
