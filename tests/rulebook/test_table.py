"""The table of rules says what PRODUCT.md section 2 says, is written down as it is, and every rule has its texts."""

import re
from pathlib import Path

import pytest

from bot.rules import checkin
from bot.rules.policy import read_span
from bot.rules.registry import RULES, THRESHOLDS, rule
from bot.rules.rule import silent
from bot.rules.threshold import PROFILES, Kind, Threshold
from bot.rules.worktime import Unit
from prompts.loader import LOCALES, ROOT, read
from tests.rulebook.table import PAGE, page, phrase_of

PRODUCT = Path(__file__).parents[3] / "shared" / "PRODUCT.md"

DEFAULTS = {
    "checkin.prompt.when": "thu 10:00",
    "checkin.prompt.fresh": "3d",
    "checkin.reminder.first": "4h",
    "checkin.reminder.second": "1d",
    "checkin.grace": "2d",
    "checkin.missed": "2",
    "goal.stalled.owner": "14cd",
    "goal.stalled.manager": "21cd",
    "goal.stalled.lead": "2d",
    "goal.flatline": "3",
    "goal.off_pace.points": "25",
    "goal.commitment_at_risk": "on",
    "blocker.unresolved": "2d",
    "escalation.acknowledge": "1d",
    "escalation.decide": "3d",
    "one_on_one.open_items": "7d",
    "review.overdue": "2d",
    "cycle.prepare": "30cd",
    "cycle.wrap_up": "7cd",
    "kpo.review.first": "30cd",
    "kpo.review.second": "60cd",
    "kpo.review.third": "90cd",
    "budget.per_day": "2",
    "budget.per_week": "6",
    "quiet_hours": "18:00-09:00",
}
"""PRODUCT.md section 2, transcribed line by line."""

ADDED = {
    "manager.digest.when": "tue 10:00",
    "manager.digest.gather": "off",
    "team.post.when": "fri 15:00",
    "team.summary": "on",
    "goal.off_pace.lead": "2d",
    "goal.limits.objectives": "3",
    "goal.limits.key_results_low": "3",
    "goal.limits.key_results_high": "5",
    "goal.approval.again": "2d",
    "one_on_one.agenda": "2h",
    "cycle.next.drafts": "1d",
    "cycle.next.empty": "off",
    "privacy.retention.words": "730cd",
    "privacy.retention.messages": "400cd",
    "privacy.retention.ledger": "1095cd",
    "privacy.retention.leavers": "off",
}
"""What PRODUCT.md names without a number: the digest, that the owner hears of it first, the next cycle from the answers."""

BESIDE = {
    "goal.limits",
    "goal.approval",
    "manager.digest",
    "one_on_one.agenda",
    "team.post",
    "team.summary",
    "cycle.next",
    "privacy.retention",
}
"""Rules that have no row of their own in PRODUCT.md section 2."""

ELSEWHERE = {"checkin.prompt.fresh", "goal.stalled.lead", "goal.off_pace.lead"}
"""Thresholds whose number does not stand in the column of defaults."""

SPEAKS_AT_ONCE = {"goal.commitment_at_risk", "escalation.decide"}
"""Rules that are said by a flow, not by a look."""


def test_every_default_is_that_of_the_product() -> None:
    assert {threshold.full_name: threshold.default for threshold in THRESHOLDS} == DEFAULTS | ADDED


@pytest.mark.skipif(not PRODUCT.exists(), reason="the product's description lies beside this repository")
def test_the_product_itself_says_the_same() -> None:
    rows = product_rows()
    named = [name for names, _ in rows for name in names]
    ours = [one.name for one in RULES]
    assert [name for name in named if name != "profile"] == [name for name in ours if name not in BESIDE]
    for names, default in rows:
        if names == ["profile"]:
            assert re.findall(r"`(\w+)`", default) == list(PROFILES)
            continue
        thresholds = [one for name in names for one in rule(name).thresholds if one.full_name not in ELSEWHERE]
        expected = [number for one in thresholds for number in numbers_in(one.default)]
        if names == ["checkin.reminder"]:
            expected.append(checkin.MOST_REMINDERS)
        assert numbers_in(default) == expected, names
        calendar = {read_span(one.default).unit is Unit.CALENDAR_DAYS for one in thresholds if one.kind is Kind.SPAN}
        assert calendar in ({"*calendar*" in default}, set()), names
    assert "Thursday" in next(default for names, default in rows if names == ["checkin.prompt"])


def product_rows() -> list[tuple[list[str], str]]:
    """The rules named in each row of the table of section 2, with the cell of defaults."""
    section = PRODUCT.read_text(encoding="utf-8").partition("## 2. Rules and default thresholds")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert len(rows) > 15
    return [(re.findall(r"`([\w.]+)`", cells[0]), cells[1]) for cells in rows]


def numbers_in(words: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", words)]


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"


def test_every_threshold_stands_in_the_page_with_its_default() -> None:
    written = PAGE.read_text(encoding="utf-8")
    for threshold in THRESHOLDS:
        (line,) = [line for line in written.splitlines() if line.startswith(f"| `{threshold.full_name}` | {threshold.kind} |")]
        assert f"`{threshold.default}`" in line


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rule_and_threshold_has_its_texts(locale: str) -> None:
    phrases = set(read(ROOT / locale).needs)
    wanted = {f"rule-{one.phrase}" for one in RULES} | {phrase_of(threshold) for threshold in THRESHOLDS}
    speaking = {one for one in RULES if one.find is not silent and one.find is not checkin.grace}
    wanted |= {f"why-{one.phrase}" for one in speaking} | {f"why-{rule(name).phrase}" for name in SPEAKS_AT_ONCE}
    assert not wanted - phrases
    for one in speaking - {checkin.PROMPT, checkin.REMINDER}:
        said = {name for name in phrases if name.startswith(f"nudge-{one.phrase}-")}
        stages = {name.removesuffix("-summary") for name in said}
        assert stages
        assert {f"{stage}-summary" for stage in stages} <= said


@pytest.mark.parametrize("locale", LOCALES)
def test_no_text_is_left_of_a_rule_that_is_gone(locale: str) -> None:
    phrases = set(read(ROOT / locale).needs)
    rules = {f"rule-{one.phrase}" for one in RULES}
    thresholds = {phrase_of(threshold) for threshold in THRESHOLDS}
    assert {name for name in phrases if name.startswith("threshold-")} == thresholds
    assert {name for name in phrases if name.startswith("rule-")} == rules


def value(threshold: Threshold, profile: str) -> str:
    return threshold.under(profile) or threshold.default


def amount(threshold: Threshold, written: str) -> int:
    return int(written) if threshold.kind is Kind.COUNT else read_span(written).amount


@pytest.mark.parametrize("threshold", THRESHOLDS, ids=lambda threshold: threshold.full_name)
def test_every_profile_value_lies_within_the_bounds_and_beside_its_neighbours(threshold: Threshold) -> None:
    for profile in PROFILES:
        written = value(threshold, profile)
        if written == "off":
            assert threshold.may_be_off
        elif threshold.kind in (Kind.COUNT, Kind.SPAN):
            assert threshold.kind is Kind.COUNT or read_span(written).unit in (threshold.unit, Unit.DAYS, Unit.HOURS)
            same_unit = threshold.kind is Kind.COUNT or read_span(written).unit is threshold.unit
            assert not same_unit or threshold.low <= amount(threshold, written) <= threshold.high
        for other in THRESHOLDS:
            if other.full_name == threshold.below and "off" not in (written, value(other, profile)):
                one, two = read_span(written), read_span(value(other, profile))
                assert one.unit is not two.unit or one.amount < two.amount


def test_a_lighter_profile_never_asks_sooner() -> None:
    for threshold in THRESHOLDS:
        if threshold.rule.startswith("goal.") and threshold.kind in (Kind.COUNT, Kind.SPAN):
            light, standard, active = (amount(threshold, value(threshold, profile)) for profile in PROFILES)
            assert light >= standard >= active, threshold.full_name
