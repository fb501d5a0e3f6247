"""Rules about goals as people live them: missed weeks, numbers that stand still, a cycle's pace."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bot.events import Measured
from bot.model import Goal, Role
from tests.play.company import Play, Seen, berlin, email_of, goal, person, result

OCTOBER = berlin(5, 9, month=10) - timedelta(hours=1)
"""A Monday early in 2026-Q4, 09:00 in Berlin (summer time)."""


DIGEST = "decisions:digest:"
"""How the key of every digest begins."""


def got(play: Play, name: str, prefix: str) -> list[str]:
    """Keys of the new messages somebody got under a rule."""
    return [key for _, email, key in play.sent if email == email_of(name) and key.startswith(prefix)]


def ledger(play: Play, name: str) -> int:
    with play.engine.connect() as connection:
        return int(connection.execute(text("select count(*) from ledger where name = :name"), {"name": name}).scalar_one())


@pytest.fixture
def small(engine: Engine) -> Play:
    """Since early October: Boss (HR) leads Dana, Dana leads Max and Mina. Nobody has a goal yet."""
    company = Play(engine, now=OCTOBER).with_people(
        person("boss", role=Role.HR_ADMIN, known_since=OCTOBER),
        person("dana", manager="boss", known_since=OCTOBER),
        person("max", manager="dana", known_since=OCTOBER),
        person("mina", manager="dana", known_since=OCTOBER),
    )
    company.tick()
    return company


def report(play: Play, name: str, title: str, label: str, value: str) -> None:
    """Fill in this week's form for one goal."""
    form = play.form(play.press(name, "Open form", message=play.chat(name)[-1]))
    play.submit(name, form, {"Status": "on_track", label: value})
    play.tick()


class TestMissed:
    def test_two_missed_weeks_are_one_line_in_the_digest(self, play: Play) -> None:
        play.move_to(berlin(8, 9, 59, month=12))
        assert not got(play, "dana", DIGEST)
        play.move_to(berlin(8, 10, month=12))
        (key,) = got(play, "dana", DIGEST)
        words = next(seen for seen in play.chat("dana") if seen.key == key).words
        assert "Max has not answered the last 2 check-ins; a word in person may help." in words
        assert "Mina has not answered the last 2 check-ins" in words
        assert "Why?" in words

    def test_an_answer_in_between_ends_the_row(self, play: Play) -> None:
        play.move_to(berlin(3, 11, month=12))
        play.press("max", "All on track")
        play.press("mina", "모두 순조로움")
        play.move_to(berlin(9, 18, month=12))
        assert not got(play, "dana", DIGEST)

    def test_leave_is_neither_missed_nor_does_it_end_the_row(self, play: Play) -> None:
        play.move_to(berlin(30, 9))
        play.say("max", "/away 2026-12-01..2026-12-04")
        play.say("mina", "/away 2026-12-01..2026-12-04")
        play.move_to(berlin(9, 18, month=12))
        assert not got(play, "dana", DIGEST)
        play.move_to(berlin(15, 10, month=12))
        assert len(got(play, "dana", DIGEST)) == 1
        assert "Max has not answered the last 2 check-ins" in play.chat("dana")[-1].words

    def test_the_line_is_done_when_answered_and_repeated_ever_more_rarely_where_not(self, play: Play) -> None:
        play.move_to(berlin(14, 9, month=12))
        (key,) = got(play, "dana", DIGEST)
        line = next(seen for seen in play.chat("dana") if seen.key == key)
        play.say("mina", "모두 순조로워요")
        play.move_to(berlin(15, 10, month=12))
        assert "Mina: done, thank you." in line.words
        assert "Max has not answered the last 2 check-ins" in line.words, "as it was when Mina answered"
        assert ledger(play, "nudge:checkin.missed:acted") == 1
        play.say("boss", "/nudges set checkin.missed off for person mina@acme.example")
        play.press("boss", "Confirm")
        play.move_to(berlin(4, 18, month=1, year=2027))
        assert missed(play) == [key]
        play.move_to(berlin(5, 18, month=1, year=2027))
        assert len(missed(play)) == 2, "28 days later"
        assert any("Max has not answered the last 4 check-ins" in seen.words for seen in play.chat("dana"))
        play.move_to(berlin(1, 18, month=3, year=2027))
        assert len(missed(play)) == 2, "then not for 56"
        play.move_to(berlin(2, 18, month=3, year=2027))
        assert len(missed(play)) == 3

    def test_a_new_row_after_an_answer_is_news(self, play: Play) -> None:
        play.move_to(berlin(10, 11, month=12))
        play.say("max", "all on track")
        play.say("mina", "모두 순조로워요")
        play.move_to(berlin(28, 18, month=12))
        assert len(got(play, "dana", DIGEST)) == 1
        play.move_to(berlin(29, 10, month=12))
        assert len(got(play, "dana", DIGEST)) == 2

    def test_the_manager_on_leave_hears_nothing_and_the_deputy_does(self, play: Play) -> None:
        play.with_people(person("joe", manager="boss"), person("dana", manager="boss", deputy="joe"))
        play.move_to(berlin(7, 9, month=12))
        play.say("dana", "/away 2026-12-07..2026-12-11")
        play.move_to(berlin(8, 10, month=12))
        assert not got(play, "dana", DIGEST)
        assert len(got(play, "joe", DIGEST)) == 1
        play.move_to(berlin(14, 12, month=12))
        assert not got(play, "dana", DIGEST)

    def test_hr_moves_the_digest_or_switches_it_off(self, play: Play) -> None:
        play.say("boss", "/nudges set manager.digest Wednesday 15:00")
        play.press("boss", "Confirm")
        play.move_to(berlin(9, 14, 59, month=12))
        assert not got(play, "dana", DIGEST)
        play.move_to(berlin(9, 15, month=12))
        assert len(got(play, "dana", DIGEST)) == 1
        play.say("boss", "/nudges set manager.digest off")
        play.press("boss", "Confirm")
        play.move_to(berlin(23, 15, month=12))
        assert len(got(play, "dana", DIGEST)) == 1


class TestFlatline:
    def test_three_check_ins_without_movement_ask_what_should_be_adjusted(self, small: Play) -> None:
        small.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(10))))
        for day in (8, 15, 22):
            small.move_to(berlin(day, 11, month=10))
            report(small, "max", "portal", "Pages live", "40")
        assert not got(small, "max", "goal.flatline")
        small.move_to(berlin(29, 11, month=10))
        report(small, "max", "portal", "Pages live", "40")
        assert not got(small, "max", "goal.flatline"), "not in the same breath as the answer"
        small.move_to(berlin(30, 12, month=10))
        (key,) = got(small, "max", "goal.flatline")
        asked = small.chat("max")[-1]
        assert "The last 3 check-ins moved no number of this goal." in asked.words
        assert "What should be adjusted?" in asked.words
        assert "I need a decision" in asked.labels
        assert "At risk" in asked.labels
        small.press("max", "At risk", message=asked)
        small.tick()
        assert "updated, thank you" in asked.words
        assert ledger(small, "nudge:goal.flatline:acted") == 1
        small.move_to(berlin(20, 12, month=11))
        assert got(small, "max", "goal.flatline") == [key]

    def test_an_aspirational_goal_offers_no_escalation(self, small: Play) -> None:
        nps = result("K1", "NPS", "points", 20, 50, current=Decimal(20))
        small.with_goals(goal("O1", "max", "Happier customers", nps, kind="aspirational"))
        for day in (8, 15, 22):
            small.move_to(berlin(day, 11, month=10))
            small.press("max", "On track", message=small.chat("max")[-1])
        small.move_to(berlin(23, 13, month=10))
        asked = small.chat("max")[-1]
        assert asked.key.startswith("goal.flatline")
        assert "I need a decision" not in asked.labels

    def test_a_number_that_moved_is_no_flatline_also_when_a_machine_moved_it(self, small: Play) -> None:
        fed = result("K1", "Pages live", current=Decimal(0), source="grafana")
        small.with_goals(goal("O1", "max", "Launch the new portal", fed))
        for day in (8, 15, 22):
            small.move_to(berlin(day, 11, month=10))
            small.press("max", "On track", message=small.chat("max")[-1])
        measured(small, "K1", 12)
        small.move_to(berlin(28, 12, month=10))
        assert not got(small, "max", "goal.flatline")

    def test_without_numbers_nothing_is_flat(self, small: Play) -> None:
        bare = result("K1", "The law is signed")
        small.with_goals(goal("O1", "max", "Launch the new portal", replace(bare, start=None, target=None)))
        for day in (8, 15, 22, 29):
            small.move_to(berlin(day, 11, month=10))
            small.press("max", "On track", message=small.chat("max")[-1])
        small.move_to(berlin(31, 12, month=10))
        assert not got(small, "max", "goal.flatline")

    def test_a_reached_goal_may_rest(self, small: Play) -> None:
        small.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(100))))
        for day in (8, 15, 22, 29):
            small.move_to(berlin(day, 11, month=10))
            small.press("max", "On track", message=small.chat("max")[-1])
        small.move_to(berlin(31, 12, month=10))
        assert not got(small, "max", "goal.flatline")

    def test_it_rests_while_a_decision_is_awaited(self, small: Play) -> None:
        small.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(0))))
        for day in (8, 15, 22):
            small.move_to(berlin(day, 11, month=10))
            small.press("max", "At risk", message=small.chat("max")[-1])
        small.move_to(berlin(23, 13, month=10))
        asked = next(seen for seen in small.chat("max") if seen.key.startswith("goal.flatline"))
        small.press("max", "I need a decision", message=asked)
        small.tick()
        assert asked.labels == []
        assert ledger(small, "nudge:goal.flatline:acted") == 1


def measured(play: Play, key_result: str, value: int) -> None:
    play.turn.take(
        Measured(
            id=f"measured:{key_result}:{value}", at=play.now, key_result=key_result, value=Decimal(value), note="", source="api"
        )
    )
    play.tick()


class TestOffPace:
    def test_an_imported_number_is_asked_about_in_a_week_of_its_own_first(self, play: Play) -> None:
        """Half the quarter is over when the company is imported: no heap of messages on its first morning."""
        play.with_goals(self.portal())
        play.move_to(berlin(30, 9, 59))
        assert not got(play, "max", "goal.off_pace")
        assert len(got(play, "max", "checkin:")) == 1
        play.move_to(berlin(30, 10))
        assert len(got(play, "max", "goal.off_pace")) == 1

    def portal(self, **more: Any) -> Goal:
        return goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(10)), **more)

    def test_the_owner_is_asked_when_a_committed_goal_is_25_points_behind(self, small: Play) -> None:
        # 66 working days in the quarter: 35 % of them are over after the 24th, Tuesday 3 November.
        small.with_goals(self.portal(updated_at=OCTOBER))
        keep_answering(small, berlin(3, 18))
        assert not got(small, "max", "goal.off_pace")
        small.move_to(berlin(4, 9))
        assert len(got(small, "max", "goal.off_pace")) == 1
        asked = small.chat("max")[-1]
        assert "This committed goal is 10 % of the way, and 37 % of its time has passed." in asked.words
        assert "I need a decision" in asked.labels

    def test_the_manager_reads_of_it_in_the_digest_after_the_owner_was_asked(self, small: Play) -> None:
        small.with_goals(self.portal(updated_at=OCTOBER))
        keep_answering(small, berlin(10, 9, 59))
        assert not paced(small)
        small.move_to(berlin(10, 10))
        assert len(paced(small)) == 1
        line = paced(small)[0]
        assert "Max's committed goal is 10 % of the way" in line.words
        assert "Max was asked first" in line.words
        keep_answering(small, berlin(1, 9, month=12))
        assert len(paced(small)) == 1

    def test_the_manager_hears_nothing_while_the_owners_message_does_not_arrive(self, small: Play) -> None:
        small.with_goals(self.portal(updated_at=OCTOBER))
        keep_answering(small, berlin(3, 18))
        small.unreachable.add(email_of("max"))
        small.move_to(berlin(24, 18))
        assert not paced(small)

    def test_the_manager_asks_through_the_digest(self, small: Play) -> None:
        small.with_goals(self.portal(updated_at=OCTOBER))
        keep_answering(small, berlin(10, 11))
        small.press("dana", "Ask Max", message=small.chat("dana")[-1])
        small.tick()
        asked = small.chat("max")[-1]
        assert "Dana asks: what should be adjusted on this goal?" in asked.words
        small.press("max", "Why?", message=asked)
        assert "Dana asked you about your committed goal" in small.chat("max")[-1].words

    def test_after_an_answer_it_rests_for_four_weeks_and_then_asks_ever_more_rarely(self, small: Play) -> None:
        small.with_goals(self.portal(updated_at=OCTOBER))
        keep_answering(small, berlin(18, 18, month=12))
        keys = got(small, "max", "goal.off_pace")
        assert [key.rpartition(":")[2] for key in keys] == ["1", "2"]
        assert ledger(small, "nudge:goal.off_pace:acted") == 2, "the manager's line stays true"

    def test_aspirational_and_learning_goals_and_goals_on_pace_are_left_alone(self, small: Play) -> None:
        slow = result("K1", "Pages live", current=Decimal(0))
        fast = result("K2", "Bugs left", "bugs", 100, 0, current=Decimal(20))
        bare = replace(result("K3", "Signed"), start=None, current=Decimal(0))
        small.with_goals(
            goal("O1", "max", "Dream", slow, kind="aspirational", updated_at=OCTOBER),
            goal("O2", "max", "Learn", slow, kind="learning", updated_at=OCTOBER),
            goal("O3", "max", "Fewer bugs", fast, updated_at=OCTOBER),
            goal("O4", "max", "Law", bare, updated_at=OCTOBER),
        )
        keep_answering(small, berlin(11, 18, month=12))
        assert not got(small, "max", "goal.off_pace")


def missed(play: Play) -> list[str]:
    """The digests that tell Dana of check-ins without an answer."""
    return [seen.key for seen in play.chat("dana") if seen.key.startswith(DIGEST) and "has not answered the last" in seen.words]


def paced(play: Play) -> list[Seen]:
    """The digests that tell Dana of a goal behind its pace."""
    return [seen for seen in play.chat("dana") if seen.key.startswith(DIGEST) and "% of the way" in seen.words]


def keep_answering(play: Play, until: datetime) -> None:
    """Max answers every check-in, and nothing moves; what would be said about that is not the point here."""
    if play.now < OCTOBER + timedelta(hours=1):
        play.say("boss", "/nudges set goal.flatline off")
        play.press("boss", "Confirm")
    while (due := play.agenda.next_due()) is not None and due <= until:
        play.move_to(due)
        card = play.chat("max")[-1] if play.chat("max") else None
        if card is not None and card.at == play.now and card.key.startswith("checkin:"):
            play.now = play.now + timedelta(minutes=5)
            play.say("max", "all on track")
            play.tick()
    play.move_to(until)
