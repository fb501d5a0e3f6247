"""Goals changed inside their cycle: words at once, target, date and type with a reason and an approval."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.model import GoalType
from bot.ports import Outcome
from bot.talk.actions import Action, Verb
from tests.play.company import Play, goal, result
from tests.play.test_rules_goals import ledger
from tests.play.writing import asked, close, stored, value_of


class TestChanged:
    @pytest.fixture
    def portal(self, play: Play) -> Play:
        play.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live", due=date(2026, 12, 15))))
        return play

    def change(self, play: Play, **values: str) -> Outcome:
        form = play.form(play.act("max", Action(Verb.EDIT_GOAL, ("O1",))))
        return play.submit("max", form, {name.replace("_", " "): value for name, value in values.items()})

    def test_words_change_at_once(self, portal: Play) -> None:
        self.change(portal, Objective="Launch the portal")
        assert stored(portal).title == "Launch the portal"
        assert ledger(portal, "goal:edited") == 1
        assert not asked(portal, "dana")

    def test_a_target_needs_a_reason_and_holds_once_it_is_approved(self, portal: Play) -> None:
        refused = self.change(portal, Target="80 %")
        assert set(portal.errors(refused)) == {"reason"}
        assert value_of(portal.form(refused), "target:K1") == "80 %"
        self.change(portal, Target="80 %", Reason_for_the_change="Two pages moved to Q1")
        assert stored(portal).key_results[0].target == Decimal(100)
        assert "Until then the old values hold" in portal.chat("max")[-1].words
        portal.tick()
        request = asked(portal, "dana")[-1]
        assert "Target of “Pages live”: 100 % → 80 %" in request.words
        assert "Reason: Two pages moved to Q1" in request.words
        portal.press("dana", "Approve", message=request)
        kept = stored(portal)
        assert kept.key_results[0].target == Decimal(80)
        assert [(one.approved, one.reason) for one in kept.revisions] == [(True, "Two pages moved to Q1")]
        assert kept.updated_at == goal("O1", "max", "x").updated_at, "a change of the plan is no news of the work"
        assert ledger(portal, "goal:revised") == 1

    def test_what_is_not_approved_stays_in_the_history_with_the_answer(self, portal: Play) -> None:
        self.change(portal, Due="2027-01-15", How_it_is_meant="aspirational", Reason_for_the_change="We need more time")
        portal.tick()
        form = portal.form(portal.press("dana", "Ask for a change", message=asked(portal, "dana")[-1]))
        portal.submit("dana", form, {"What should be different?": "Keep the date, drop a page"})
        kept = stored(portal)
        assert (kept.type, kept.key_results[0].due) == (GoalType.COMMITTED, date(2026, 12, 15))
        (revision,) = kept.revisions
        assert (revision.approved, revision.note, len(revision.changes)) == (False, "Keep the date, drop a page", 2)
        portal.tick()
        assert "would leave this goal as it is" in asked(portal, "max")[-1].words

    def test_a_newer_change_takes_the_place_of_one_that_waits(self, portal: Play) -> None:
        self.change(portal, Target="80 %", Reason_for_the_change="First")
        self.change(portal, Target="70 %", Reason_for_the_change="Second")
        portal.tick()
        assert len([seen for seen in asked(portal, "dana") if "Approve" in seen.labels]) == 1
        portal.press("dana", "Approve", message=asked(portal, "dana")[-1])
        kept = stored(portal)
        assert kept.key_results[0].target == Decimal(70)
        assert [one.approved for one in kept.revisions] == [False, True]

    def test_a_key_result_more_is_a_change_as_well(self, portal: Play) -> None:
        form = portal.form(portal.act("max", Action(Verb.EDIT_RESULT, ("O1", "new"))))
        new = {"What is measured": "Visitors", "Start": "0", "Target": "5000", "Reason for the change": "Launch is not enough"}
        portal.submit("max", form, new)
        assert len(stored(portal).key_results) == 1
        portal.tick()
        portal.press("dana", "Approve", message=asked(portal, "dana")[-1])
        assert [(one.text, one.target) for one in stored(portal).key_results][-1] == ("Visitors", Decimal(5000))

    def test_nothing_different_changes_nothing(self, portal: Play) -> None:
        before = stored(portal)
        self.change(portal)
        assert "stays as it is" in portal.chat("max")[-1].words
        assert stored(portal) == before

    def test_a_closed_form_never_changes_what_is_in_force(self, portal: Play) -> None:
        before = stored(portal)
        form = portal.form(portal.act("max", Action(Verb.EDIT_GOAL, ("O1",))))
        close(portal, form, {"title": "Something else", "target:K1": "10"})
        assert stored(portal) == before

    def test_an_import_keeps_the_history(self, portal: Play) -> None:
        self.change(portal, Target="80 %", Reason_for_the_change="First")
        known = stored(portal)
        (pages,) = known.key_results
        before = ledger(portal, "goal:replanned")
        file = replace(known, title="As the file says", key_results=(replace(pages, target=Decimal(120)),))
        portal.with_goals(file)
        assert stored(portal).revisions == known.revisions
        assert ledger(portal, "goal:replanned") == before + 1, "an import needs no reason, so the ledger says what it changed"
