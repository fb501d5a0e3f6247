"""`/nudges health` in played lives: counts that are known, in both languages; and nothing about single people."""

import re
from datetime import timedelta

import pytest

from bot.decision import Entry
from bot.model import Role
from bot.talk.cards import Card, Chart
from storage.effects import write_entries
from storage.engine import writing
from tests.play.company import Play, berlin, goal, person, result

PEOPLE = ("ana", "ben", "cem", "dora", "emil", "fay")


def asked(play: Play, words: str = "/nudges health", who: str = "boss") -> str:
    play.say(who, words)
    return play.chat(who)[-1].words


def line_of(words: str, label: str) -> str:
    return next(line for line in words.splitlines() if line.startswith(f"{label}: "))


def chart_of(card: Card) -> Chart:
    (chart,) = card.charts()
    return chart


@pytest.fixture
def company(play: Play) -> Play:
    """Six people beside the usual ones, each with a goal."""
    play.with_people(*(person(name, manager="dana") for name in PEOPLE))
    play.with_goals(*(goal(f"G-{name}", name, f"Goal of {name}", result(f"K-{name}", "Share")) for name in PEOPLE))
    play.tick()
    return play


def test_an_empty_history_says_so(play: Play) -> None:
    assert asked(play) == "Nothing was sent in the last 8 weeks, and nothing was held back."
    assert "goal.stalled sent nothing in the last 8 weeks" in asked(play, "/nudges health goal.stalled")
    assert "quiet_hours sent nothing" in asked(play, "/nudges health quiet_hours")


def test_only_hr_sees_it(play: Play) -> None:
    play.move_to(berlin(26, 12))
    for words in ("/nudges health", "/nudges health goal.stalled", "nudges health", "알림 상태"):
        answer = asked(play, words, who="dana")
        assert "Only HR admins" in answer
        assert "checkin.prompt" not in answer


def test_a_rule_that_is_none_gets_the_nearest_form(play: Play) -> None:
    assert "/nudges health goal.stalled" in asked(play, "/nudges health goal.staled")
    assert "/nudges health goal.stalled" in asked(play, "/nudges health goal.stalled for team Web")


def test_what_arrived_and_what_was_acted_on(company: Play) -> None:
    company.say("boss", "/nudges set goal.stalled off")
    company.press("boss", "Confirm")
    company.unreachable.add("fay@acme.example")
    company.move_to(berlin(26, 10, 5))  # Thursday, 10:00: everybody with a goal is asked
    company.move_to(berlin(26, 10, 30))
    company.say("ana", "all on track")
    company.move_to(berlin(26, 11, 30))
    company.say("ben", "all on track")
    company.move_to(berlin(30, 12))  # Monday: more than three days later
    company.say("cem", "all on track")
    words = asked(company)
    prompt = line_of(words, "checkin.prompt")
    # Nine were reached (the usual four and five of the six); two acted within three days, the third too late.
    assert "sent 9 · acted on 2 of 9 (22 %)" in prompt
    assert "could not be delivered 1" in prompt
    chart = chart_of(company.chat("boss")[-1].card)
    assert [(bar.label, bar.parts, bar.mark) for bar in chart.bars if bar.label == "checkin.prompt"] == [
        ("checkin.prompt", (2, 7, 0), "2 / 9")
    ]
    assert "checkin.prompt: 9 arrived, 2 acted on" in chart.alt
    assert "sent 9" in company.chat("boss")[-1].card.summary  # the notification has the numbers too


def test_what_is_younger_than_three_days_is_not_held_against_a_rule(company: Play) -> None:
    company.move_to(berlin(26, 12))
    words = asked(company)
    assert "sent 10" in line_of(words, "checkin.prompt")
    assert "acted on" not in line_of(words, "checkin.prompt")
    assert chart_of(company.chat("boss")[-1].card).bars[0].parts == (0, 0, 10)


FEW = "fewer than 5 people, so nothing is told of it"


def test_of_fewer_than_five_people_nothing_is_told(play: Play) -> None:
    play.move_to(berlin(26, 10, 30))
    play.say("max", "all on track")
    play.say("mina", "/rondo mute goal.stalled")
    play.move_to(berlin(30, 12))
    words = asked(play)
    assert line_of(words, "checkin.prompt") == f"checkin.prompt: {FEW}"
    assert line_of(words, "goal.stalled") == f"goal.stalled: {FEW}"
    assert not list(play.chat("boss")[-1].card.charts()), "no bar shows what the words do not"
    assert not re.search("sent|acted on [0-9]|muted", play.chat("boss")[-1].card.summary)
    words = asked(play, "/nudges health checkin.prompt")
    assert FEW in words and "sent" not in words


def said(play: Play, weeks_ago: int, people: int, rule: str = "goal.flatline") -> None:
    """So many people were told of it in that week."""
    entries = []
    for number in range(people):
        key, who = f"{rule}:{weeks_ago}:{number}", f"somebody-{number}"
        queued = Entry(name=f"nudge:{rule}:queued", subject=f"goal:{number}", person=who, rule=rule, facts={"message": key})
        entries += [queued, Entry(name=f"nudge:{rule}:delivered", subject=key, person=who, rule=rule)]
    with writing(play.engine) as connection:
        write_entries(connection, entries, at=play.now - timedelta(weeks=weeks_ago, hours=-1), cause="test")


def test_nobody_reckons_a_small_week_from_the_sum_of_all(play: Play) -> None:
    play.move_to(berlin(24, 12))
    for weeks_ago, people in ((2, 9), (3, 6), (4, 7)):
        said(play, weeks_ago, people)
    words = asked(play, "/nudges health goal.flatline")
    assert [line.partition(": ")[2] for line in words.splitlines() if "sent" in line] == ["sent 7 · acted on 0 of 7 (0 %)"] + [
        f"sent {number} · acted on 0 of {number} (0 %)" for number in (6, 9, 22)
    ]
    said(play, 5, 2)
    words = asked(play, "/nudges health goal.flatline")
    told = [line.partition(": ")[2].partition(" ·")[0] for line in words.splitlines() if "sent" in line]
    assert told == ["sent 7", "sent 9", "sent 24"], "24 - 7 - 9 is of the small week and of one of six people"
    assert words.count(FEW) == 2
    bars = [sum(bar.parts) for bar in chart_of(play.chat("boss")[-1].card).bars]
    assert sorted(bars) == [0] * 6 + [7, 9]


def test_one_rule_week_by_week(company: Play) -> None:
    company.move_to(berlin(4, 12, month=12))
    words = asked(company, "/nudges health checkin.prompt.when")
    assert words.startswith("checkin.prompt, week by week")
    days = [company.now - timedelta(weeks=8 - number) for number in range(8)]
    chart = chart_of(company.chat("boss")[-1].card)
    assert [bar.label for bar in chart.bars] == [f"{day:%m-%d}" for day in days]
    assert [sum(bar.parts) for bar in chart.bars] == [0, 0, 0, 0, 0, 0, 10, 10]
    assert "All 8 weeks: sent 20" in words
    assert sum(line.endswith(": nothing") for line in words.splitlines()) == 6


def test_what_was_held_back_says_why(company: Play) -> None:
    company.say("boss", "/nudges pause for person ana@acme.example")
    company.press("boss", "Confirm")
    company.move_to(berlin(26, 12))
    assert "held back 1 (paused by HR 1)" in line_of(asked(company), "checkin.prompt")


def test_what_people_put_off_is_counted(company: Play) -> None:
    company.move_to(berlin(26, 10, 30))
    company.say("ana", "snooze 2h")
    company.say("ben", "/rondo mute checkin.prompt")
    words = asked(company)
    assert "snoozed 1 · muted 1" in line_of(words, "checkin.prompt")


def test_a_mute_with_an_end_is_counted_as_a_mute(company: Play) -> None:
    company.move_to(berlin(26, 10, 30))
    company.say("ana", "snooze 2h")
    company.say("ben", "/rondo mute checkin.prompt for 2 weeks")
    company.say("cem", "/rondo mute checkin.prompt")
    assert "snoozed 1 · muted 2" in line_of(asked(company), "checkin.prompt")


def test_in_korean(company: Play) -> None:
    company.with_people(person("hana", manager="boss", role=Role.HR_ADMIN, language="ko"))
    company.move_to(berlin(26, 10, 30))
    company.say("ana", "all on track")
    company.move_to(berlin(30, 12))
    words = asked(company, "알림 상태", who="hana")
    assert "보냄 11 · 11건 중 1건 반응 (9 %)" in line_of(words, "checkin.prompt")
    assert "checkin.prompt, 주별" in asked(company, "알림 상태 checkin.prompt", who="hana")


def test_no_name_stands_in_it(company: Play) -> None:
    company.move_to(berlin(10, 12, month=12))
    for words in (asked(company), asked(company, "/nudges health goal.stalled")):
        assert not [name for name in (*PEOPLE, "Max", "Mina", "Dana") if name.title() in words]


def test_the_median_needs_five_actions(company: Play) -> None:
    company.move_to(berlin(26, 10))
    for number, name in enumerate(PEOPLE[:5]):
        company.move_to(berlin(26, 10, 10 * number + 10))
        assert "half of them" not in line_of(asked(company), "checkin.prompt")
        company.say(name, "all on track")
    assert "half of them within 30 minutes" in line_of(asked(company), "checkin.prompt")


def test_noise_comes_with_a_longer_value_and_its_numbers(company: Play) -> None:
    for words in ("goal.stalled.manager 60d", "goal.stalled.owner 4d", "checkin.prompt off"):
        company.say("boss", f"/nudges set {words}")
        company.press("boss", "Confirm")
    for week in range(6):
        for number, name in enumerate(PEOPLE[:5]):  # every Monday a little later: three days and more after Friday's nudge
            company.move_to(berlin(23, 10 + week, number) + timedelta(weeks=week))
            company.say(name, "on track")
        if week == 0:
            company.move_to(berlin(28, 12))
            company.say("fay", "on track")  # once, the day after the nudge
    company.move_to(berlin(31, 12, month=12))
    words = asked(company, "/nudges health goal.stalled")
    found = re.search(
        r"goal.stalled looks like noise: acted on (\d+) %. At 8 calendar days it would have fired (\d+) % less and "
        r"missed (\d+) of (\d+) updates",
        words,
    )
    assert found, words
    share, fewer, missed, updates = map(int, found.groups())
    assert share < 20 and fewer > 50 and (missed, updates) == (0, 1)
    company.press("boss", "Try 8 calendar days")
    assert "goal.stalled.owner: 4 calendar days → 8 calendar days" in company.chat("boss")[-1].words
    assert "Confirm" in company.chat("boss")[-1].labels
