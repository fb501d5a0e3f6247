"""A goal or a person is somebody else's now: whoever was told about it hears that at once, by name, and thanked is nobody."""

from dataclasses import replace
from datetime import date, timedelta

from tests.play.company import Play, berlin, person
from tests.play.noise import QUIET, hr_says, lines, newest

TUESDAY = berlin(22, 10, month=12)


def given(play: Play, to: str) -> None:
    """An import gives the portal to somebody else."""
    imported(play, "O1", to)
    play.tick()


def imported(play: Play, goal_id: str, to: str) -> None:
    """The same, and nobody was looked at yet."""
    found = next(one for one in play.imports.read_goals() if one.id == goal_id)
    with play.imports.begin() as under_way:
        under_way.apply_goals([replace(found, owner_id=person(to).id, updated_at=play.now)], at=play.now, cause=f"given:{to}")


def told_of_the_portal(play: Play) -> Play:
    """Max and Dana were told that nobody updated the portal. Tom is led by the boss."""
    hr_says(play, "cycle.prepare", "off")
    play.with_people(person("tom", manager="boss"))
    play.tick()
    play.move_to(berlin(14, 15, month=12))
    assert "Launch the new portal" in newest(play, "max", "goal.stalled.owner").words
    assert "Launch the new portal" in newest(play, "dana", "goal.stalled.manager").words
    return play


class TestAGoal:
    def test_the_cards_of_its_owner_and_of_the_manager_say_at_once_whose_it_is(self, play: Play) -> None:
        told_of_the_portal(play)
        given(play, "tom")
        for name, prefix in (("max", "goal.stalled.owner"), ("dana", "goal.stalled.manager")):
            words = newest(play, name, prefix).words
            assert "Launch the new portal: with Tom now, so it no longer waits for you." in words, play.transcript(name)
            assert "Launch the new portal: updated" not in words
        assert {line["outcome"] for line in lines(play, "nudge:goal.stalled:over")} == {"over"}
        assert not lines(play, "nudge:goal.stalled:acted")

    def test_also_where_the_manager_leads_both(self, play: Play) -> None:
        told_of_the_portal(play)
        given(play, "mina")
        assert "Launch the new portal: with Mina now" in newest(play, "dana", "goal.stalled.manager").words
        assert "Launch the new portal: with Mina now" in newest(play, "max", "goal.stalled.owner").words

    def test_what_its_owner_updated_before_is_still_thanked_for(self, play: Play) -> None:
        told_of_the_portal(play)
        play.say("max", "all on track")
        play.tick()
        given(play, "tom")
        assert "Launch the new portal: updated, thank you." in newest(play, "dana", "goal.stalled.manager").words

    def test_last_weeks_digest_names_it_too(self, play: Play) -> None:
        told_of_the_portal(play)
        play.move_to(TUESDAY)
        digest = newest(play, "dana", "decisions:digest:")
        assert "Launch the new portal" in digest.words
        play.move_to(TUESDAY + timedelta(days=1))
        given(play, "tom")
        assert "Launch the new portal: with Tom now" in digest.words
        assert "\n:" not in digest.words

    def test_where_its_owner_writes_before_they_were_looked_at_no_line_is_without_a_name(self, play: Play) -> None:
        told_of_the_portal(play)
        imported(play, "O1", "tom")
        play.say("max", "/goals")
        assert "\n:" not in newest(play, "max", "goal.stalled.owner").words
        play.tick()
        assert "Launch the new portal: with Tom now" in newest(play, "max", "goal.stalled.owner").words

    def test_in_korean(self, play: Play) -> None:
        hr_says(play, "cycle.prepare", "off")
        play.move_to(QUIET)
        imported(play, "O3", "max")
        play.tick()
        assert "모바일 앱 출시: 이제 Max 님의 목표" in newest(play, "mina", "goal.stalled.owner").words


class TestAPerson:
    def test_who_is_led_by_somebody_else_now_is_named_in_the_digest(self, play: Play) -> None:
        hr_says(play, "cycle.prepare", "off")
        play.with_people(person("tom", manager="boss"))
        play.tick()
        play.move_to(berlin(8, 11, month=12))
        digest = newest(play, "dana", "decisions:digest:")
        assert "Max has not answered the last" in digest.words
        play.with_people(person("max", manager="tom"))
        play.tick()
        assert "Max: no longer waits for you." in digest.words, digest.words
        assert "\n:" not in digest.words

    def test_a_review_of_theirs_keeps_their_name(self, play: Play) -> None:
        started = date(2026, 11, 2)
        play.with_people(person("tom", manager="boss"), person("nina", manager="dana", start_date=started))
        play.tick()
        play.move_to(berlin(2, 10, month=12))
        card = newest(play, "dana", "kpo.review.manager")
        play.with_people(person("nina", manager="tom", start_date=started))
        play.tick()
        assert "day-30 review of Nina: no longer waits for you." in card.words
