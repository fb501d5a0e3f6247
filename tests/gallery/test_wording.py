"""Rondo asks what should be adjusted. It never blames, ranks, or shames: the phrases and everything in the gallery."""

import re
from pathlib import Path

import pytest

from prompts.loader import ROOT
from tests.gallery.build import LOCALES, gallery
from tests.gallery.markdown import said_in

BANNED = {
    "en": (
        r"why (?:did|didn['’]?t|have|haven['’]?t|are) you", r"you (?:missed|failed|forgot|neglected|ignored)",
        r"fail(?:ed|ure|ing)? to",
        r"you (?:must|have to|should have|are required|need to)\b", r"late again", r"overdue by you", r"\bstill (?:no|not) ",
        r"\byou(?:['’]re| are) (?:late|behind|overdue)", r"\bunderperform", r"\bpoor(?:ly)?\b", r"\bworst\b",
        r"\blazy\b", r"\bblame", r"\bexcuse\b", r"\bwarning\b", r"\burgent\b", r"\basap\b", r"\bimmediately\b",
        r"\bunacceptable", r"\bdisappoint", r"\bshame", r"\bviolat", r"\breprimand", r"\bdelinquent", r"!!",
    ),
    "ko": (
        r"왜 안", r"왜 못", r"왜 (?:놓치|늦)", r"미달", r"실패하(?:셨|였|였습|신)", r"늦었습니다", r"늦으셨", r"지각", r"또 늦",
        r"해야만", r"(?:하셔야|하여야|해야) 합니다", r"반드시", r"의무", r"불이행", r"누락하셨", r"잊으셨", r"부진", r"저조",
        r"경고", r"독촉", r"즉시", r"위반", r"책임을", r"질책", r"실망", r"꼴찌", r"변명", r"게으", r"!!",
    ),
}  # fmt: skip
SHAMING = re.compile("[🔴🟥❌⛔🚨😡😠🤬👎⚠‼❗🛑☠💢🙄]")


def blaming(locale: str, words: str) -> list[str]:
    """What of it blames somebody."""
    found = [match[0] for pattern in BANNED[locale] for match in re.finditer(pattern, words, re.IGNORECASE)]
    return found + SHAMING.findall(words)


def phrases(locale: str) -> list[tuple[str, str]]:
    return [
        (f"{path.name}:{number}", line)
        for path in sorted(Path(ROOT, locale).glob("*.ftl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not line.startswith("#")
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_blames(locale: str) -> None:
    found = [(place, words) for place, line in phrases(locale) if (words := blaming(locale, line))]
    assert not found


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_in_the_gallery_blames(locale: str) -> None:
    found = [(str(entry), words) for entry in gallery(locale).entries if (words := blaming(locale, said_in(entry)))]
    assert not found


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Why did you miss your check-in?"),
        ("en", "You failed to update this goal"),
        ("en", "You must answer today"),
        ("en", "Late again?"),
        ("en", "This is overdue by you"),
        ("en", "🔴 off track"),
        ("ko", "왜 안 하셨나요?"),
        ("ko", "목표 미달입니다"),
        ("ko", "체크인에 실패하셨습니다"),
        ("ko", "답변이 늦었습니다"),
        ("ko", "오늘 답하셔야 합니다"),
    ],
)
def test_a_blaming_sentence_is_found(locale: str, words: str) -> None:
    assert blaming(locale, words)


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
