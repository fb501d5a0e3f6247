"""No phrase, no entry of the gallery and no golden transcript blames, shames, presses, ranks, or lists who is late."""

import re
from pathlib import Path

import pytest

from prompts.loader import LOCALES, ROOT, load
from tests.gallery.build import gallery
from tests.gallery.markdown import said_in
from tests.house.banned import Form, banned
from tests.house.files import ROOT as HOUSE

PROMISES = ("welcome-never",)
"""Phrases that name a banned form to say that it never happens."""
PROMISED = [voice.line(name) for voice in load().values() for name in PROMISES]
GOLDEN = HOUSE / "tests" / "e2e" / "golden"


def lines_of(folder: Path, pattern: str) -> list[tuple[str, str]]:
    """Place and words of every line of the files in a folder; comments and names of Fluent are not read by people."""
    return [
        (
            f"{path.name}:{number}",
            re.sub(r"^\s*[\w.-]+ =|\{[^{}\n]*\}?|^\s*\*?\[\w+\]", " ", line) if path.suffix == ".ftl" else line,
        )
        for path in sorted(folder.rglob(pattern))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not (path.suffix == ".ftl" and line.startswith("#"))
    ]


def violations(lines: list[tuple[str, str]]) -> list[str]:
    return [f"{place}: {', '.join(found)}" for place, line in lines if (found := banned(without_promises(line)))]


def without_promises(words: str) -> str:
    for promise in PROMISED:
        words = words.replace(promise, "")
    return words


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_has_a_banned_form(locale: str) -> None:
    lines = lines_of(ROOT / locale, "*.ftl")
    assert len(lines) > 300
    assert not violations(lines)


def test_no_golden_transcript_has_a_banned_form() -> None:
    assert not violations(lines_of(GOLDEN, "*.txt"))


def test_every_golden_transcript_is_read(tmp_path: Path) -> None:
    (tmp_path / "teams").mkdir()
    (tmp_path / "slack-en.txt").write_text("Rondo: What should be adjusted?\nRondo: Late again.\n", encoding="utf-8")
    (tmp_path / "teams" / "ko.txt").write_text("Rondo: 왜 안 하셨나요?\n", encoding="utf-8")
    assert [one.partition(": ")[0] for one in violations(lines_of(tmp_path, "*.txt"))] == ["slack-en.txt:2", "ko.txt:1"]


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_in_the_gallery_has_a_banned_form(locale: str) -> None:
    assert not violations([(str(entry), said_in(entry)) for entry in gallery(locale).entries])


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (Form.BLAME, "Why did you miss your check-in?"),
        (Form.BLAME, "Why haven’t you answered?"),
        (Form.BLAME, "You failed to update this goal"),
        (Form.BLAME, "You did not deliver the portal."),
        (Form.BLAME, "There is still no answer from Max."),
        (Form.BLAME, "This is overdue by you"),
        (Form.BLAME, "Max missed his target."),
        (Form.BLAME, "왜 안 하셨나요?"),
        (Form.BLAME, "왜 아직 답하지 않았나요?"),
        (Form.BLAME, "체크인에 실패하셨습니다"),
        (Form.BLAME, "목표 달성에 실패했습니다"),
        (Form.BLAME, "약속을 지키지 못했습니다"),
        (Form.BLAME, "아직도 소식이 없습니다"),
        (Form.SHAME, "Late again?"),
        (Form.SHAME, "Three people underperform"),
        (Form.SHAME, "You are behind."),
        (Form.SHAME, "🔴 off track"),
        (Form.SHAME, "목표 미달입니다"),
        (Form.SHAME, "또 지각입니다"),
        (Form.SHAME, "답변이 늦었습니다"),
        (Form.SHAME, "게으른 팀원"),
        (Form.PRESSURE, "You must answer today"),
        (Form.PRESSURE, "Final reminder"),
        (Form.PRESSURE, "오늘 답하셔야 합니다"),
        (Form.PRESSURE, "마지막 기회입니다"),
        (Form.RANKING, "The worst teams this week"),
        (Form.RANKING, "You are in the bottom 10 %"),
        (Form.RANKING, "Ranking of goals by owner"),
        (Form.RANKING, "이번 주 순위"),
        (Form.RANKING, "다른 팀보다 낮습니다"),
        (Form.RANKING, "최하위 팀"),
        (Form.LATE_LIST, "People who have not yet answered"),
        (Form.LATE_LIST, "Late: Max, Mina"),
        (Form.LATE_LIST, "Two laggards"),
        (Form.LATE_LIST, "미제출자 명단"),
        (Form.LATE_LIST, "미응답: 이민재, 조미나"),
    ],
)
def test_a_planted_sentence_is_caught(form: Form, words: str) -> None:
    assert any(found.startswith(f"{form}: ") for found in banned(words)), banned(words)


@pytest.mark.parametrize(
    "words",
    [
        "What should be adjusted?",
        "You haven't checked in on this goal in three weeks.",
        "Change priorities",
        "A review is overdue",
        "review.overdue: 2 working days",
        "Check-ins not answered: 2",
        "The answer came late and is shown as late",
        "무엇을 조정하면 좋을까요?",
        "우선순위 변경",
        "상위 목표와 하위 목표",
        "늦은 답도 괜찮습니다",
        "상태만 알려 주세요",
    ],
)
def test_a_plain_sentence_is_not(words: str) -> None:
    assert not banned(words)


def test_every_form_has_a_planted_sentence_in_both_languages() -> None:
    marks = test_a_planted_sentence_is_caught.pytestmark  # type: ignore[attr-defined]
    planted = next(mark.args[1] for mark in marks if mark.name == "parametrize")
    for form in Form:
        korean = {any("가" <= letter <= "힣" for letter in words) for one, words in planted if one is form}
        assert korean == {True, False}, form
