"""`stale` overrides a reported green in everything that says how a goal is doing now; what was said stays as it was said.

One goal was reported on track on 24 November and nobody spoke about it since. Every place that shows it is walked, in both
languages where words matter; the list of places is the table in docs/operations.md.
"""

import ast
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.export import all_items
from bot.decision import ShowForm, ShowHome
from bot.model import Company, Role
from bot.talk.actions import Action, Verb
from bot.talk.cards import ChoiceField, Note, Paragraph
from bot.talk.text import words_of
from storage.reports import SqlReports
from tests.play.company import Play, berlin, card_words, goal, person, result

FLOWS = Path(__file__).parents[2] / "bot" / "flows"
COMPANY = Company(name="Acme", zone="Europe/Berlin")
SAID = berlin(24)
STALE = berlin(9, 11, month=12)
"""Fifteen days later."""


@pytest.fixture
def quiet(engine: Engine) -> Play:
    """Max said "on track" once and nothing since; Mina, who reads Korean, is in his team; Dana leads both, Boss is HR."""
    company = Play(engine).with_people(
        person("boss", role=Role.HR_ADMIN),
        person("dana", manager="boss", team="Web"),
        person("max", manager="dana", team="Web"),
        person("mina", manager="dana", team="Web", language="ko"),
    )
    company.with_goals(
        goal("P1", "dana", "Customers stay"),
        goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(10)), parent_id="P1"),
    )
    company.tick()
    company.say("dana", "/team post here", place="#web")
    company.move_to(SAID)
    company.say("max", "portal on track, pages live 20%")
    company.say("max", "/goals")
    assert "Committed · On track · updated today" in last(company, "max")
    return company


@pytest.fixture
def stale(quiet: Play) -> Play:
    return quiet.move_to(STALE)


def last(play: Play, name: str) -> str:
    return play.chat(name)[-1].words


def status_of(words: str) -> str:
    """What a card says of the goal: the second part of the line with its type."""
    line = next(line for line in words.splitlines() if line.startswith(("Committed · ", "약속 목표 · ")))
    return line.split(" · ")[1]


class TestNow:
    def test_the_list_and_what_needs_attention(self, stale: Play) -> None:
        for command in ("/goals", "/goals at-risk"):
            stale.say("max", command)
            assert status_of(last(stale, "max")) == "stale"

    def test_home(self, stale: Play) -> None:
        outcome = stale.opens_home("max")
        assert outcome.decision is not None
        assert isinstance(outcome.decision.reply, ShowHome)
        assert status_of(card_words(outcome.decision.reply.card)) == "stale"

    def test_the_check_in_card(self, stale: Play) -> None:
        stale.say("max", "/checkin")
        assert status_of(last(stale, "max")) == "stale"

    def test_the_nudge_to_the_owner_and_to_the_manager(self, stale: Play) -> None:
        (asked,) = stale.keys("max", "goal.stalled")
        assert status_of(next(seen for seen in stale.chat("max") if seen.key == asked).words) == "stale"
        stale.move_to(berlin(18, 17, month=12))
        told = next(seen for seen in reversed(stale.chat("dana")) if "portal" in seen.words)
        assert status_of(told.words[told.words.index("Launch") :]) == "stale"

    def test_everything_about_one_goal(self, stale: Play) -> None:
        for name, word in (("max", "stale"), ("dana", "stale"), ("mina", "소식 없음")):
            stale.act(name, Action(Verb.SHOW_GOAL, ("O1",)))
            assert status_of(last(stale, name)) == word
            assert word in stale.chat(name)[-1].card.summary

    def test_the_team_and_what_a_goal_above_comes_to(self, stale: Play) -> None:
        stale.say("mina", "/team")
        assert "약속 목표 · 소식 없음" in last(stale, "mina")
        stale.act("dana", Action(Verb.SHOW_GOAL, ("P1",)))
        assert "Committed: 1 stale" in last(stale, "dana")

    def test_the_request_for_a_decision_whose_evidence_stays_as_it_was_said(self, stale: Play) -> None:
        stale.act("max", Action(Verb.NEED_DECISION, ("O1",)))
        card = next(seen for seen in stale.chat("dana") if "portal" in seen.words and seen.key.startswith("escalation:"))
        assert status_of(card.words) == "stale"
        assert "23 November: On track" in card.words

    def test_the_wrap_up(self, stale: Play) -> None:
        stale.move_to(berlin(28, 10, month=12))
        outcome = stale.act("max", Action(Verb.OPEN_DUTY, (f"wrap_up:{_id(stale, 'max')}:2026-Q4",)))
        words = "\n".join(words_of(part.text) for part in stale.form(outcome).parts if isinstance(part, Note | Paragraph))
        assert status_of(words) == "stale"

    def test_the_teams_post(self, stale: Play) -> None:
        stale.move_to(berlin(11, 17, month=12))
        posts = stale.channel("Web")
        assert "Committed · stale" in posts[-1].words
        assert "Committed · On track" in posts[0].words, "in the week in which it was said"

    def test_the_export_of_goals(self, stale: Play) -> None:
        def exported(days: int) -> tuple[object, object]:
            items = all_items(
                lambda cursor: SqlReports(stale.engine).goals(cursor=cursor, company=COMPANY, now=SAID + timedelta(days))
            )
            one = next(item for item in items if item["id"] == "O1")
            return one["status"], one["reported"]

        assert exported(13) == ("on_track", "on_track")
        assert exported(14) == ("stale", "on_track")

    def test_an_update_makes_it_green_again_everywhere(self, stale: Play) -> None:
        stale.say("max", "portal on track")
        for name in ("max", "dana"):
            stale.act(name, Action(Verb.SHOW_GOAL, ("O1",)))
            assert status_of(last(stale, name)) == "On track"

    def test_hr_decides_how_long_that_is(self, stale: Play) -> None:
        stale.say("boss", "/nudges set goal.stalled.owner off for team Web")
        stale.press("boss", "Confirm")
        stale.act("max", Action(Verb.SHOW_GOAL, ("O1",)))
        assert status_of(last(stale, "max")) == "On track"

    def test_only_a_green_grows_old(self, quiet: Play) -> None:
        quiet.say("max", "portal at risk")
        quiet.move_to(STALE)
        quiet.act("max", Action(Verb.SHOW_GOAL, ("O1",)))
        assert status_of(last(quiet, "max")) == "At risk"


class TestAsItWasSaid:
    def test_the_history_and_the_check_ins_that_are_exported(self, stale: Play) -> None:
        stale.say("max", "/checkin history")
        assert "Launch the new portal – On track" in last(stale, "max")
        items = all_items(lambda cursor: SqlReports(stale.engine).checkins(cursor=cursor))
        said = [answer["status"] for item in items for answer in item["goals"]]  # type: ignore[attr-defined]
        assert said == ["on_track"]

    def test_the_form_is_filled_with_what_was_said_last(self, stale: Play) -> None:
        stale.say("max", "/checkin")
        outcome = stale.press("max", "Open form")
        assert outcome.decision is not None
        assert isinstance(outcome.decision.reply, ShowForm)
        field = next(field for field in outcome.decision.reply.form.fields() if isinstance(field, ChoiceField))
        assert (field.id, field.value) == ("status:O1", "on_track")


def test_no_card_says_a_goals_reported_status_in_words() -> None:
    """Whoever shows a status asks `bot.rules.standing`; only what follows from it may read the reported one."""
    readers = {path.name for path in FLOWS.glob("*.py") if reads_a_goals_status(path.read_text(encoding="utf-8"))}
    assert readers <= {"checkin.py", "checkin_card.py", "goals.py", "escalation_follow.py", "escalation_over.py"}, readers


def reads_a_goals_status(source: str) -> bool:
    """Somewhere it says `goal.status`."""
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute) and node.attr == "status")
    return any(isinstance(node.value, ast.Name) and node.value.id in ("goal", "one", "item_goal") for node in found)


def test_a_card_that_does_would_be_found() -> None:
    assert reads_a_goals_status('def line(voice, goal):\n    return voice.line(f"status-{goal.status.value}")\n')
    assert not reads_a_goals_status("def line(voice, answer):\n    return answer.status\n")


def _id(play: Play, name: str) -> str:
    return next(one.id for one in play.imports.read_people() if one.name.casefold() == name)
