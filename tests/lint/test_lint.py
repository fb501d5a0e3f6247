"""Goal lint: how well it tells an activity from an outcome, what else it finds, and what it says."""

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Goal, GoalType, KeyResult
from bot.rules.lint import OBJECTIVE, Check, Label, classify, findings, notes, said, weigh
from bot.rules.lint_signs import Family
from bot.talk.text import words_of
from prompts.loader import LOCALES, ROOT, load
from tests.lint.measure import Labelled, labelled, rates, report, worst

COMPANY = Path(__file__).resolve().parents[3] / "shared" / "data" / "goals.csv"
PHRASES = load()
FLOORS = {
    ("en", "even"): 0.93,
    ("en", "odd"): 0.93,
    ("ko", "even"): 0.95,
    ("ko", "odd"): 0.92,
    ("en", "hard"): 0.6,
    ("ko", "hard"): 0.6,
}
"""Neither precision nor recall of `activity` may fall below; docs/lint.md has what was measured."""


def goal(*results: str | KeyResult, title: str = "Customers trust our invoices", **fields: object) -> Goal:
    made = (KeyResult(id="", goal_id="G", text=one) if isinstance(one, str) else one for one in results)
    plain = Goal(
        id="G",
        owner_id="max",
        title=title,
        why="Customers pay without asking back",
        type=GoalType.COMMITTED,
        cycle="2026-Q4",
        updated_at=datetime(2026, 11, 23, tzinfo=UTC),
        key_results=tuple(replace(one, id=f"K{number}") for number, one in enumerate(made, 1)),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def result(text: str, start: int | None = None, target: int | None = None, due: date | None = None, unit: str = "") -> KeyResult:
    number = [None if one is None else Decimal(one) for one in (start, target)]
    return KeyResult(id="", goal_id="G", text=text, unit=unit, start=number[0], target=number[1], due=due)


def checks(a_goal: Goal, where: str = "K1", locale: str = "en") -> set[Check]:
    return {finding.check for finding in findings(a_goal, locale) if finding.where == where}


def activity_word(text: str) -> str:
    return next((one.word for one in findings(goal(text), "en") if one.check is Check.ACTIVITY), "")


@pytest.mark.parametrize(("language", "half"), FLOORS)
def test_activities_are_told_from_outcomes(language: str, half: str) -> None:
    found = rates(row for row in labelled() if (row.language, row.half) == (language, half))
    assert min(found.precision, found.recall) >= FLOORS[language, half], found


def test_a_rule_that_calls_everything_an_activity_would_fall_below_the_floor() -> None:
    rows = [replace(row, score=1) for row in labelled()]
    for language, half in FLOORS:
        found = rates(row for row in rows if (row.language, row.half) == (language, half))
        assert min(found.precision, found.recall) < FLOORS[language, half]


@pytest.mark.skipif(not COMPANY.exists(), reason="needs ../shared/data beside the checkout")
def test_all_key_results_of_the_company_are_labelled() -> None:
    with COMPANY.open(encoding="utf-8-sig", newline="") as file:
        theirs = {row["key_result"] for row in csv.DictReader(file)}
    ours = [row for row in labelled() if row.source == "goals.csv"]
    assert {row.text for row in ours} == theirs
    assert len(ours) == 61


def test_the_labels_are_many_and_each_says_why() -> None:
    rows = labelled()
    assert len(rows) >= 160
    assert len({row.text for row in rows}) == len(rows)
    assert all(row.why for row in rows)
    for language in LOCALES:
        labels = [row.label for row in rows if row.language == language and row.source != "goals.csv"]
        assert min(labels.count(Label.OUTCOME), labels.count(Label.ACTIVITY)) >= 25


def test_the_worst_mistakes_are_printed_worst_first() -> None:
    lines = list(report(labelled()))
    mistakes = [abs(int(line.split()[0])) for line in lines if re.match(r"\s*[+-]\d+ ", line)]
    assert len(mistakes) == 10
    assert mistakes == sorted(mistakes, reverse=True)


def test_precision_and_recall_are_of_activities() -> None:
    def row(label: Label, score: int) -> Labelled:
        return Labelled(row=0, source="", language="en", text="", label=label, why="", score=score)

    some = [
        row(Label.ACTIVITY, 1),
        row(Label.ACTIVITY, -1),
        row(Label.ACTIVITY, 0),
        row(Label.OUTCOME, 9),
        row(Label.OUTCOME, -1),
    ]
    assert rates(some).precision == pytest.approx(1 / 2)
    assert rates(some).recall == pytest.approx(1 / 3)
    assert [one.score for one in worst(some)] == [9, -1, 0]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Consult the regional teams", "Consult"),
        ("Help sales with proposals", "Help"),
        ("Analyze churn", "Analyze"),
        ("Participate in the fair", "Participate"),
        ("Conducting three trainings", "Conducting"),
        ("We will hold weekly office hours", "hold"),
        ("Run a survey", "Run"),
        ("Review the price list", "Review"),
        ("Publish 4 posts", "Publish"),
        ("Ensure compliance", "Ensure"),
        ("Continue to improve the wiki", "Continue"),
        ("Work on technical debt", "Work"),
        ("Support the migration", "Support"),
        ("Survey created and sent to all customers", "created"),
        ("App sec: conduct 4 reviews", "conduct"),
        ("신제품 교육 3회 실시하기", "실시"),
        ("협력사 회의를 진행합니다", "진행"),
        ("업계 박람회 참여", "참여"),
        ("현업 부서를 지원한다", "지원"),
        ("계약서 검토", "검토"),
        ("설명회 2회 개최", "개최"),
        ("사보 4회 발행", "발행"),
        ("품질 협의체 운영", "운영"),
        ("가격 정책 협의", "협의"),
        ("데이터 컨설팅", "컨설팅"),
        ("이탈 원인을 분석하겠습니다", "분석"),
    ],
)
def test_the_word_that_says_what_will_be_done_is_named(text: str, word: str) -> None:
    assert activity_word(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "Review time under 2 days",
        "Support requests per account below 2",
        "Run rate of 1M ARR",
        "Test coverage from 60 % to 80 %",
        "Help desk satisfaction at 90 %",
        "Zero sev-1 incidents",
        "Execute the plan so that we increase sign-ups by 50 %",
        "검토 시간 2일 이내",
        "지원 요청 건수 30% 감소",
        "교육 만족도 4.5점",
        "운영 비용 10% 절감",
    ],
)
def test_a_doing_word_that_is_a_noun_here_is_no_activity(text: str) -> None:
    assert classify(text) is Label.OUTCOME


def test_a_text_is_read_in_its_own_language_whoever_reads_it() -> None:
    mixed = goal("설명회 2회 개최", "Conduct two briefings")
    for locale in LOCALES:
        assert {finding.where for finding in findings(mixed, locale) if finding.check is Check.ACTIVITY} == {"K1", "K2"}


def test_a_result_without_a_number_is_asked_for_one() -> None:
    assert Check.NO_NUMBER in checks(goal("Happier customers"))
    assert Check.NO_NUMBER not in checks(goal(result("Happier customers", 40, 60)))
    assert Check.NO_NUMBER not in checks(goal("No customer waits longer than a day"))
    assert Check.NO_NUMBER in checks(goal("더 만족하는 고객"))
    assert Check.NO_NUMBER not in checks(goal("불만 고객 절반으로 줄이기"))


def test_a_target_without_a_start_is_asked_where_it_stands_today() -> None:
    assert Check.NO_BASELINE in checks(goal(result("Net promoter score", None, 40)))
    assert Check.NO_BASELINE not in checks(goal(result("Net promoter score", 31, 40)))
    assert Check.NO_BASELINE not in checks(goal(result("Net promoter score from 31 to 40", None, 40)))
    assert Check.NO_BASELINE in checks(goal(result("Increase trial sign-ups by 20%", 0, 20, unit="%")))
    assert Check.NO_BASELINE in checks(goal(result("체험 신청 20% 증가", 0, 20, unit="%")))
    assert Check.NO_BASELINE not in checks(goal(result("체험 신청을 40건에서 60건으로 늘리기", None, 60)))


def test_a_count_of_doings_starts_from_nothing_and_is_not_asked_where() -> None:
    assert checks(goal(result("Publish 4 posts", None, 4, date(2026, 12, 15)))) == {Check.ACTIVITY}


def test_a_result_without_a_date_is_asked_for_one() -> None:
    assert Check.NO_DATE in checks(goal(result("Net promoter score", 31, 40)))
    assert Check.NO_DATE not in checks(goal(result("Net promoter score", 31, 40, date(2026, 12, 31))))
    for text in (
        "Net promoter score at 40 by 15 December",
        "NPS 40 by end of quarter",
        "NPS 40 in Q4",
        "12월 15일까지 추천 지수 40",
    ):
        assert Check.NO_DATE not in checks(goal(text)), text
    assert Check.NO_DATE in checks(goal("NPS 40: customers may stay"))


@pytest.mark.parametrize(
    ("why", "found"),
    [
        ("", True),
        ("Because it was decided", True),
        ("Efficiency and synergies", True),
        ("Customers get their invoice the same day", False),
        ("New hires know whom to ask", False),
        ("전략 과제이기 때문에", True),
        ("고객이 당일에 청구서를 받는다", False),
    ],
)
def test_the_reason_names_who_experiences_the_value(why: str, found: bool) -> None:
    assert (Check.LOW_VALUE in checks(goal(why=why), OBJECTIVE)) is found


def test_an_objective_that_is_a_doing_is_asked_what_for() -> None:
    found = next(one for one in findings(goal(title="Implement nurture campaigns"), "en") if one.where == OBJECTIVE)
    assert (found.check, found.word, found.suggestion) == (Check.ACTIVITY, "Implement", Family.VALUE)
    assert not checks(goal(title="Popular next generation product"), OBJECTIVE)


def test_a_lesson_is_not_asked_for_a_number() -> None:
    lesson = goal("Interview 10 customers who left", type=GoalType.LEARNING)
    assert checks(lesson) == {Check.ACTIVITY, Check.NO_DATE}
    assert Family.LEARN in {one.suggestion for one in findings(lesson, "en")}


def test_to_find_out_is_what_a_learning_goal_is_for() -> None:
    for title in ("Understand why trials end", "체험이 끝나는 이유 파악"):
        assert Check.ACTIVITY not in checks(goal(title=title, type=GoalType.LEARNING), OBJECTIVE)
        assert Check.ACTIVITY in checks(goal(title=title), OBJECTIVE)


def test_a_good_goal_has_nothing_to_say() -> None:
    assert findings(goal(result("Invoices paid on time", 61, 85, date(2026, 12, 31), "%")), "en") == ()


@pytest.mark.parametrize(
    ("text", "family", "thing"),
    [
        ("conduct three trainings", Family.TEACH, "three trainings"),
        ("Help, analyze and consult on data topics", Family.HELP, "data topics"),
        ("Launch the new portal by 2026-12-15", Family.BUILD, "the new portal"),
        ("Hire 3 engineers", Family.HIRE, "3 engineers"),
        ("Publish 4 posts", Family.PUBLISH, "4 posts"),
        ("Execute 2 social campaigns", Family.PROMOTE, "2 social campaigns"),
        ("팀장 대상 1:1 교육을 3회 진행한다", Family.TEACH, "팀장 대상 1:1 교육 3회"),
        ("신규 포털을 출시합니다", Family.BUILD, "신규 포털"),
        ("영업팀과 협업하여 제안서 작성", Family.PUBLISH, "제안서"),
    ],
)
def test_the_form_fits_the_doing_and_is_made_from_the_text(text: str, family: Family, thing: str) -> None:
    signs = weigh(text)
    assert (signs.family, signs.thing) == (family, thing)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_family_has_a_form_of_its_own(locale: str) -> None:
    forms = {PHRASES[locale].line("lint-suggestion", suggestion=str(family), thing="THE THING") for family in Family}
    assert len(forms) == len(Family)
    assert all("…" in form and "THE THING" in form for form in forms)
    source = (ROOT / locale / "lint.ftl").read_text(encoding="utf-8")
    assert set(re.findall(r"\[(\w+)\]", source)) == {str(family) for family in Family}


@pytest.mark.parametrize("locale", LOCALES)
def test_each_finding_is_said_with_its_reason_and_a_form(locale: str) -> None:
    voice = PHRASES[locale]
    some = findings(goal("Happier customers", "Run a survey", result("Net promoter score", None, 40), why=""), locale)
    assert {one.check for one in some} == set(Check)
    for one in some:
        words = words_of(said(one, voice))
        assert one.text in words or one.word in words or one.thing in words
        assert "…" in words
        assert "{" not in words


def test_what_is_found_at_one_place_is_said_in_one_note_with_one_form() -> None:
    several = notes(goal("Run a survey", result("Net promoter score", None, 40), why=""), PHRASES["en"])
    assert [where for where, _ in several] == [OBJECTIVE, "K1", "K2"]
    assert all(words_of(words).count("One way to write it") == 1 for _, words in several)
    assert "from … to … by …" in words_of(several[2][1])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=700), st.sampled_from(LOCALES), st.sampled_from(GoalType))
def test_any_text_can_be_read(text: str, locale: str, kind: GoalType) -> None:
    for found in findings(goal(text, title=text, why=text, type=kind), locale):
        words = words_of(said(found, PHRASES[locale]))
        assert "{" in text or "{" not in words


def test_a_long_text_is_read_up_to_where_it_has_said_it() -> None:
    assert activity_word("Publish " + "posts and more posts " * 5_000) == "Publish"
