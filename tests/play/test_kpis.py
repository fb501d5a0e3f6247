"""Health numbers beside goals: watched in words, never graded; one becomes a key result of a draft."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from bot.model import GoalState, Kpi
from bot.talk.actions import Action, Verb
from bot.talk.cards import ChoiceField
from storage import rows
from storage.schema import kpi
from tests.play.company import Play, berlin, goal, result
from tests.play.owed import entries
from tests.play.test_goals_graded import kept

NAME, UNIT, NOW, LOW, HIGH = "What is it called?", "Unit", "Value now", "Healthy from", "Healthy up to"


def numbers(play: Play) -> list[Kpi]:
    with play.engine.connect() as connection:
        return [rows.kpi(row) for row in connection.execute(select(kpi).order_by(kpi.c.id)).mappings()]


def watch(play: Play, name: str = "Churn", unit: str = "%", now: str = "4,5", low: str = "", high: str = "5") -> Kpi:
    form = play.form(play.act("max", Action(Verb.EDIT_KPI, ("new",))))
    play.submit("max", form, {NAME: name, UNIT: unit, NOW: now, LOW: low, HIGH: high})
    return next(one for one in numbers(play) if one.name == name)


def last(play: Play, name: str = "max") -> str:
    return play.chat(name)[-1].words


class TestWatching:
    def test_it_is_added_by_words_and_a_form(self, play: Play) -> None:
        play.say("max", "/goals kpi")
        assert "You watch no number so far" in last(play)
        play.say("max", "/goals kpi add Churn")
        form = play.form(play.press("max", "Watch a number"))
        assert [field.value for field in form.fields()] == ["Churn", "", "", "", ""]
        play.submit("max", form, {UNIT: "%", NOW: "4,5 %", HIGH: "5"})
        (one,) = numbers(play)
        assert (one.name, one.unit, one.current, one.low, one.high) == ("Churn", "%", Decimal("4.5"), None, Decimal(5))
        assert entries(play, "kpi:saved") == [f"kpi:{one.id}"]

    def test_its_value_is_said_in_words_and_never_graded(self, play: Play) -> None:
        watch(play)
        watch(play, "Open tickets", "", "40", "", "30")
        watch(play, "Uptime", "%", "99", "99.5", "")
        watch(play, "Visitors", "", "1200", "", "")
        watch(play, "Answer time", "h", "", "", "")
        play.say("max", "/goals kpi")
        assert "4.5 % · in its healthy range (5 % or less) · updated today" in last(play)
        assert "40 · above its healthy range (30 or less)" in last(play)
        assert "99 % · below its healthy range (99.5 % or more)" in last(play)
        assert "1,200 · no healthy range given" in last(play)
        assert "No value reported so far." in last(play)
        assert "never graded" in last(play)
        play.say("mina", "/goals kpi")
        assert "아직 지켜보는 지표가 없습니다" in last(play, "mina"), "nobody sees another's numbers here"

    def test_an_update_keeps_the_rest(self, play: Play) -> None:
        one = watch(play)
        play.now = berlin(24, 9)
        play.say("max", "/goals kpi churn")
        form = play.form(play.press("max", "Update", about="Churn"))
        assert [field.value for field in form.fields()] == ["Churn", "%", "4.5", "", "5"]
        play.submit("max", form, {NOW: "4.1"})
        (now,) = numbers(play)
        assert (now.id, now.current, now.high, now.updated_at) == (one.id, Decimal("4.1"), Decimal(5), play.now)
        assert entries(play, "kpi:changed") == [f"kpi:{one.id}"]

    def test_what_is_not_understood_is_said_at_its_field_and_all_is_kept(self, play: Play) -> None:
        watch(play)
        form = play.form(play.act("max", Action(Verb.EDIT_KPI, ("new",))))
        refused = play.submit("max", form, {NAME: "churn", NOW: "1.234", LOW: "9", HIGH: "many"})
        assert set(play.errors(refused)) == {"name", "current", "high"}
        assert "1,234" in play.errors(refused)["current"]
        assert [field.value for field in play.form(refused).fields()] == ["churn", "", "1.234", "9", "many"]
        turned = play.submit("max", form, {NAME: "Margin", LOW: "9", HIGH: "3"})
        assert set(play.errors(turned)) == {"high"}
        assert len(numbers(play)) == 1

    def test_it_is_watched_no_longer(self, play: Play) -> None:
        one = watch(play)
        play.say("max", "/goals kpi")
        play.press("max", "Stop watching", about="Churn")
        assert "“Churn” is watched no longer" in last(play)
        play.act("max", Action(Verb.DROP_KPI, (one.id,)))
        assert "I could not find that number" in last(play)
        play.say("max", "/goals kpi")
        assert "You watch no number so far" in last(play)
        assert len(numbers(play)) == 1, "the row stays"

    def test_nobody_changes_anothers(self, play: Play) -> None:
        one = watch(play)
        for verb in (Verb.EDIT_KPI, Verb.OPEN_PROMOTION, Verb.DROP_KPI):
            play.act("dana", Action(verb, (one.id,)))
            assert "I could not find that number" in last(play, "dana")
        assert numbers(play) == [one]


class TestPromotion:
    def test_it_becomes_a_key_result_of_a_draft_and_starts_where_it_stands(self, play: Play) -> None:
        one = watch(play)
        draft = goal("D1", "max", "Customers stay", result("KD", "Renewals"), state=GoalState.DRAFT, cycle="2027-Q1")
        play.with_goals(draft)
        play.say("max", "/goals kpi")
        form = play.form(play.press("max", "Make it a key result"))
        (choice,) = (field for field in form.fields() if isinstance(field, ChoiceField))
        assert "Customers stay (2027-Q1, draft)" in [option.label for option in choice.options]
        refused = play.submit("max", form, {"Target": "4.5", "By when?": "soon"})
        assert set(play.errors(refused)) == {"goal", "target", "due"}
        play.submit("max", form, {"Of which goal?": "D1", "Target": "3 %"})
        made = next(part for part in kept(play, "D1").key_results if part.text == "Churn")
        assert (made.start, made.current, made.target) == (Decimal("4.5"), Decimal("4.5"), Decimal(3))
        assert (made.unit, made.due, made.position) == ("%", date(2027, 3, 31), 1)
        (now,) = numbers(play)
        assert now == replace(one, promoted_to=made.id)
        play.say("max", "/goals kpi")
        assert "It is a key result of a goal as well" in last(play)
        again = play.submit("max", form, {"Of which goal?": "D1", "Target": "3 %"})
        assert set(play.errors(again)) == {"goal"}

    def test_an_approved_goal_changes_with_a_reason_and_an_approval(self, play: Play) -> None:
        one = watch(play)
        form = play.form(play.act("max", Action(Verb.OPEN_PROMOTION, (one.id,))))
        said = {"Of which goal?": "O2", "Target": "3"}
        assert set(play.errors(play.submit("max", form, said))) == {"reason"}
        play.submit("max", form, {**said, "Why should it become a key result?": "It is what customers feel"})
        assert len(kept(play, "O2").key_results) == 1
        play.say("max", "/goals kpi")
        assert "key result of a goal" not in last(play), "not before it is approved"
        play.tick()
        play.press("dana", "Approve")
        made = kept(play, "O2").key_results[-1]
        assert (made.text, made.start, made.target) == ("Churn", Decimal("4.5"), Decimal(3))
        play.say("max", "/goals kpi")
        assert "It is a key result of a goal as well" in last(play)

    def test_without_a_goal_there_is_no_such_button(self, play: Play) -> None:
        form = play.form(play.act("dana", Action(Verb.EDIT_KPI, ("new",))))
        play.submit("dana", form, {NAME: "Sick days"})
        assert play.chat("dana")[-1].labels == ["Update", "Stop watching"]
        play.act("dana", Action(Verb.OPEN_PROMOTION, (numbers(play)[0].id,)))
        assert "there is none it could belong to" in last(play, "dana")
