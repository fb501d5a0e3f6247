"""Reports in plain words, English and Korean. Ambiguity is asked back, never guessed."""

import pytest

from bot.talk.intents import (
    Ambiguous,
    GoalReport,
    Question,
    Report,
    ReportAll,
    Unclear,
)
from tests.bot.talk.spoken import (
    LAUNCH,
    OFF,
    ON,
    RISK,
    about,
    goal,
    read,
    which_goal,
    which_status,
)


def test_the_example_of_the_product_page() -> None:
    assert read("launch at 40%, blocked by legal") == about("o1", "k1", value="40%", blocker="legal")


@pytest.mark.parametrize(
    "text",
    [
        "all on track",
        "All on track!",
        "everything is fine",
        "everything is on track",
        "all green",
        "all good",
        "all goals are on track",
        "hello, all on track, thanks",
        "전부 순조로워요",
        "모두 순조롭습니다",
        "다 잘 되고 있어요",
        "전체 문제 없습니다",
    ],
)
def test_all_on_track_in_many_words(text: str) -> None:
    assert read(text) == ReportAll(status=ON)


def test_all_can_be_at_risk_or_off_track_with_a_note() -> None:
    assert read("all at risk because the vendor is late") == ReportAll(status=RISK, note="the vendor is late")
    assert read("전부 위험") == ReportAll(status=RISK)
    assert read("everything is off track") == ReportAll(status=OFF)


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("launch is on track", about("o1", status=ON)),
        ("Launch: on track", about("o1", status=ON)),
        ("launch off-track", about("o1", status=OFF)),
        ("launch is at risk because legal is slow", about("o1", status=RISK, note="legal is slow")),
        ("hiring at risk: no budget", about("o2", status=RISK, note="no budget")),
        ("launch on track at 40%", about("o1", "k1", status=ON, value="40%")),
        ("launch on track, 40%", about("o1", "k1", status=ON, value="40%")),
        ("launch at 40%. Blocked by legal, finance", about("o1", "k1", value="40%", blocker="legal, finance")),
        ("launch at 40% and blocked by legal", about("o1", "k1", value="40%", blocker="legal")),
        ("launch at 40%, no blockers", about("o1", "k1", value="40%", note="no blockers", unblocked=True)),
        (
            "Launch: 40%, at risk, blocked by app review (Apple)",
            about("o1", "k1", status=RISK, value="40%", blocker="app review (Apple)"),
        ),
        ("legal is blocking launch", about("o1", blocker="legal")),
        ("launch is blocked", about("o1", blocker="blocked")),
        ("launch 35/100", about("o1", "k1", value="35")),
        ("launch at 40 percent", about("o1", "k1", value="40%")),
        ("launch from 30% to 40%", about("o1", "k1", value="40%")),
        ("launch by 2026-12-24 on track", about("o1", status=ON)),
        ("o1 on track", about("o1", status=ON)),
        ("team is blocked by legal", about("o2", blocker="legal")),
        ("출시는 위험해요", about("o3", status=RISK)),
        ("출시 위험: 법무 검토", about("o3", status=RISK, note="법무 검토")),
        ("가입자 450명입니다", about("o3", "k4", value="450명")),
        ("출시 450명, 법무팀 때문에 막혔어요", about("o3", "k4", value="450명", blocker="법무팀")),
        ("출시가 법무 때문에 막혔어요", about("o3", blocker="법무")),
        ("/checkin launch at 40%", about("o1", "k1", value="40%")),
        ("/goals update launch to 40%", about("o1", "k1", value="40%")),
    ],
)
def test_a_report_about_one_goal(text: str, report: Report) -> None:
    assert read(text) == report


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("hire 40%", "k3", "40%"),
        ("hire at 5", "k2", "5"),
        ("signed at 5", "k2", "5"),
        ("hire KR2 at 35", "k3", "35"),
        ("k2 at 7", "k2", "7"),
    ],
)
def test_a_value_goes_to_the_key_result_it_fits(text: str, key: str, value: str) -> None:
    assert read(text) == about("o2", key, value=value)


def test_several_goals_in_one_message() -> None:
    launch, hire = GoalReport(goal_id="o1", status=ON), GoalReport(goal_id="o2", status=RISK)
    assert read("launch on track and hiring at risk") == Report(items=(launch, hire))
    assert read("launch on track, hiring at risk") == Report(items=(launch, hire))
    assert read("launch on track but hiring is at risk") == Report(items=(launch, hire))
    both = Report(items=(launch, GoalReport(goal_id="o2", status=ON)))
    assert read("launch and hiring are on track") == read("launch, hiring on track") == both
    assert read("all on track but launch is at risk") == Report(
        items=(GoalReport(goal_id="o1", status=RISK), GoalReport(goal_id="o2", status=ON), GoalReport(goal_id="o3", status=ON))
    )


def test_several_values_of_one_goal() -> None:
    assert read("hire signed 5, offers 40%, at risk") == Report(
        items=(
            GoalReport(goal_id="o2", key_result_id="k2", value="5", status=RISK),
            GoalReport(goal_id="o2", key_result_id="k3", value="40%"),
        )
    )


@pytest.mark.parametrize(
    ("text", "report"),
    [
        ("40%", about("o1", "k1", value="40%")),
        ("still on track", about("o1", status=ON)),
        ("blocked by legal", about("o1", blocker="legal")),
        ("at risk: legal", about("o1", status=RISK, note="legal")),
        ("we are on track (no news)", about("o1", status=ON, note="no news")),
        ("법무 검토 대기 중", about("o1", blocker="법무 검토")),
    ],
)
def test_the_only_goal_need_not_be_named(text: str, report: Report) -> None:
    assert read(text, [LAUNCH]) == report


@pytest.mark.parametrize(
    "text", ["40%", "on track", "blocked by legal", "green", "pizza is on track", "launch and pizza are on track"]
)
def test_with_several_goals_rondo_asks_which(text: str) -> None:
    assert read(text) == which_goal("o1", "o2", "o3")


def test_a_foreign_name_is_not_taken_for_the_only_goal() -> None:
    assert read("marketing is at risk", [LAUNCH]) == which_goal("o1")
    assert read("budget at 70%, at risk", [LAUNCH]) == which_goal("o1"), "a share of something is no remark about it"
    assert read("채용 70%, 위험", [LAUNCH]) == which_goal("o1")
    assert read("hiring budget at 70%, blocked by legal", [LAUNCH]) == which_goal("o1")
    assert read("launch at risk, budget at 70%", [LAUNCH]) == about("o1", status=RISK, note="budget at 70%")


def test_a_hint_that_fits_two_goals_alike_is_asked_back() -> None:
    korea, japan = goal("o4", "Launch in Korea"), goal("o5", "Launch in Japan")
    assert read("launch at 40%", [korea, japan]) == which_goal("o4", "o5")
    assert read("launch is on track", [korea, japan]) == which_goal("o4", "o5")
    assert read("/goals update launch", [korea, japan]) == which_goal("o4", "o5")
    assert read("launch korea is on track", [korea, japan]) == about("o4", status=ON)
    assert read("launch is on track", [korea, goal("o6", "Launch")]) == about("o6", status=ON)


def test_a_value_that_fits_two_key_results_is_asked_back() -> None:
    twins = goal("o4", "Support", ("k5", "Answer time", ""), ("k6", "Reopened cases", ""))
    assert read("support at 40", [twins]) == Ambiguous(question=Question.KEY_RESULT, candidates=("k5", "k6"))
    assert read("answer time 40", [twins]) == about("o4", "k5", value="40")
    assert read("launch budget at 40%") == Ambiguous(question=Question.KEY_RESULT, candidates=("k1",))


@pytest.mark.parametrize(
    "text",
    [
        "launch is not on track",
        "launch isn't on track",
        "launch is no longer on track",
        "launch is hardly on track",
        "launch on track? no",
        "is launch on track?",
        "launch will be on track",
        "launch might be at risk",
        "if legal signs, launch is on track",
        "launch not at risk",
        "launch is on track unless legal says no",
        "launch on track and at risk",
        "all on track except launch",
        "all on track but launch",
        "launch is on track, launch is at risk",
    ],
)
def test_a_doubtful_status_is_asked_back(text: str) -> None:
    assert read(text) == which_status("o1")


@pytest.mark.parametrize(
    "text",
    ["not on track", "nothing is on track", "순조롭지 않아요", "위험하지 않아요", "she said all on track", "are all on track?"],
)
def test_a_doubtful_status_of_nothing_in_particular_is_asked_back_for_all(text: str) -> None:
    assert read(text) == which_status("o1", "o2", "o3")


@pytest.mark.parametrize(
    "text",
    [
        "launch is 3 days late",
        "launch meeting at 10",
        "launch at 40% of budget",
        "launch up 5%",
        "launch is not at 40%",
        "is launch at 40%?",
        "잘 안 되고 있어요",
    ],
)
def test_a_number_that_is_no_result_is_not_taken_for_one(text: str) -> None:
    assert isinstance(read(text), Unclear)


@pytest.mark.parametrize("text", ['"all on track"', "> all on track", "“launch is at risk”", "> launch at 40%\nwhat is this?"])
def test_quoted_words_are_nobodys_report(text: str) -> None:
    assert isinstance(read(text), Unclear)


@pytest.mark.parametrize("text", ["<!channel> all on track", "all hands meeting is on track", "all on track, blocked by legal"])
def test_all_with_something_unexplained_is_asked_back(text: str) -> None:
    assert read(text) == which_goal("o1", "o2", "o3")


def test_hostile_words_stay_as_they_were_written() -> None:
    assert read("launch blocked by <!channel> *legal* { $x }") == about("o1", blocker="<!channel> *legal* { $x }")


def test_a_title_that_holds_a_status_or_a_number_is_a_name() -> None:
    rescue = goal("o4", "Identify at risk customers", ("k7", "NPS from 30 to 50", ""))
    assert read("identify at risk customers is on track", [rescue, LAUNCH]) == about("o4", status=ON)
    assert read("NPS from 30 to 50: 42", [rescue, LAUNCH]) == about("o4", "k7", value="42")
    assert read('"Launch the mobile app" is at risk') == about("o1", status=RISK)


@pytest.mark.parametrize(
    "text",
    [
        "product 2 at risk, blocked by legal",
        "product 2 is at risk, blocked by legal",
        "product 2: at risk, blocked by legal",
        "Ship product 2 at risk, blocked by legal",
    ],
)
def test_a_number_in_a_piece_of_a_title_is_nobodys_result(text: str) -> None:
    ship = goal("o4", "Ship product 2 to Asia", ("k7", "Sales", "%"))
    assert read(text, [ship]) == about("o4", status=RISK, blocker="legal")


def test_a_number_beside_other_words_than_in_the_title_is_a_result() -> None:
    source = goal("o4", "Source 50 candidates", ("k7", "Source 50 candidates", "candidates"))
    ship = goal("o5", "제품 2 출시", ("k8", "매출", "%"))
    assert read("source 50 candidates at risk", [source]) == about("o4", status=RISK)
    assert read("50 candidates at risk", [source]) == about("o4", status=RISK)
    assert read("30 candidates, at risk", [source]) == about("o4", "k7", value="30", status=RISK)
    assert read("candidates at 50, on track", [source]) == about("o4", "k7", value="50", status=ON)
    assert read("제품 2 위험", [ship]) == about("o5", status=RISK)
    assert read("제품 2는 위험해요, 법무 검토에 막힘", [ship]) == about("o5", status=RISK, blocker="법무 검토")


def test_nobody_without_goals_is_asked_which() -> None:
    assert isinstance(read("launch at 40%", []), Unclear)
    assert isinstance(read("on track", []), Unclear)
    assert read("all on track", []) == ReportAll(status=ON)
