"""Every further step of a request for a decision: handed over, reopened, withdrawn, asked again, unanswered."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot.events import Ticked
from bot.model import Escalation, EscalationState, EscalationStep, GoalState, person_id
from bot.talk.actions import Action, Verb
from storage import rows
from storage.schema import agenda, escalation, ledger
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.test_escalation import at_risk, keys


def request(play: Play) -> Escalation:
    """The newest one."""
    with play.engine.connect() as connection:
        found = connection.execute(select(escalation).order_by(escalation.c.opened_at.desc())).mappings().first()
        assert found is not None
        return rows.escalation(found)


def holder(play: Play) -> str:
    people = {one.id: one.name for one in play.imports.read_people()}
    return people[request(play).holder_id].lower()


def steps(play: Play) -> list[str]:
    return [one.step.value for one in request(play).log if one.step is not EscalationStep.SHOWN]


def noted(play: Play, name: str) -> int:
    with play.engine.connect() as connection:
        return len(connection.execute(select(ledger.c.id).where(ledger.c.name == f"escalation:{name}")).all())


def status(play: Play, name: str = "max") -> str:
    """What the owner's message about it says now."""
    return next(seen.words for seen in play.chat(name) if seen.key.endswith(":owner"))


def decided(play: Play, name: str, *, due: str = "", choice: str = "resources") -> None:
    form = play.form(play.press(name, "Decide"))
    play.submit(name, form, {"Decision": choice, "Due date": due})


def hand_over(play: Play, name: str, to: str, note: str = "") -> dict[str, str]:
    """Errors at the fields; none where it went."""
    form = play.form(play.press(name, "Hand over"))
    outcome = play.submit(name, form, {"Who can decide this?": to, "Note": note})
    assert outcome.decision is not None
    return dict(play.errors(outcome)) if outcome.decision.reply is not None else {}


class TestHandingOver:
    @pytest.fixture(autouse=True)
    def legal(self, play: Play) -> None:
        play.with_people(person("tom", manager="boss"), person("lea", manager="boss"))
        at_risk(play)

    def test_it_goes_to_the_one_who_can_and_everybody_sees_it(self, play: Play) -> None:
        assert hand_over(play, "dana", "lea@acme.example", "You know the contract") == {}
        card = play.chat("lea")[-1]
        assert "Dana handed this over to you" in card.words
        assert "Dana handed it over to Lea" in card.words and "Note: You know the contract" in card.words
        assert card.labels == ["Acknowledge", "Decide", "Hand over", "Talk first", "Why?"]
        earlier = next(seen for seen in play.chat("dana") if seen.key.startswith("escalation:"))
        assert "It is with Lea now" in earlier.words and earlier.labels == ["Why?"]
        assert "I asked Lea for a decision" in status(play) and "Dana handed it over to Lea" in status(play)
        assert "is with Lea now" in play.chat("dana")[-1].words
        assert noted(play, "handed_over") == 1
        decided(play, "lea")
        assert request(play).decided_by == person_id(email_of("lea"))

    def test_not_taken_in_time_it_goes_on_up_the_ladder_from_the_old_step(self, play: Play) -> None:
        hand_over(play, "dana", "Lea")
        assert holder(play) == "lea"
        play.move_to(berlin(27, 11))
        assert holder(play) == "boss"
        assert steps(play) == ["opened", "handed_over", "climbed"]

    def test_at_the_ladders_end_it_comes_back_to_its_last_holder(self, play: Play) -> None:
        play.move_to(berlin(27, 11))
        hand_over(play, "boss", "lea@acme.example")
        play.move_to(berlin(30, 11))
        assert holder(play) == "boss"
        play.move_to(berlin(1, 11, month=12))
        assert steps(play) == ["opened", "climbed", "handed_over", "climbed", "stranded"]

    @pytest.mark.parametrize(
        ("who", "words"),
        [
            ("", "I know nobody of that name"),
            ("somebody", "I know nobody of that name"),
            ("lea@acme.example or tom@acme.example", "fits several people"),
            ("max@acme.example", "Max asked for this decision"),
            ("dana@acme.example", "You have it already"),
        ],
    )
    def test_who_it_cannot_go_to_is_said_at_the_field_and_nothing_is_lost(self, play: Play, who: str, words: str) -> None:
        form = play.form(play.press("dana", "Hand over"))
        outcome = play.submit("dana", form, {"Who can decide this?": who, "Note": "kept"})
        assert words in play.errors(outcome)["who"]
        assert {field.id: field.value for field in play.form(outcome).fields()} == {"who": who, "note": "kept"}
        assert holder(play) == "dana"

    def test_somebody_away_is_refused_and_their_deputy_is_named(self, play: Play) -> None:
        play.with_people(person("lea", manager="boss", deputy="tom"))
        play.say("lea", "/away 2026-11-25..2026-12-04")
        assert "Tom <tom@acme.example> stands in" in hand_over(play, "dana", "Lea")["who"]
        assert hand_over(play, "dana", "Tom <tom@acme.example>") == {}

    def test_somebody_away_without_a_deputy_and_somebody_gone_are_refused(self, play: Play) -> None:
        play.say("lea", "/away 2026-11-25..2026-12-04")
        assert "Lea is away right now" in hand_over(play, "dana", "Lea")["who"]
        play.with_people(person("tom", manager="boss", end_date=date(2026, 11, 20)))
        assert "Tom does not work here" in hand_over(play, "dana", "Tom")["who"]

    def test_two_of_one_name_are_told_apart_by_their_address(self, play: Play) -> None:
        play.with_people(replace(person("lea2", manager="boss"), name="Lea"))
        assert "fits several people" in hand_over(play, "dana", "Lea")["who"]
        assert hand_over(play, "dana", "Lea <lea2@acme.example>") == {}
        assert request(play).holder_id == person_id(email_of("lea2"))

    def test_whoever_gets_it_is_not_woken(self, play: Play) -> None:
        play.with_people(person("lea", manager="boss", zone="America/Los_Angeles"))
        hand_over(play, "dana", "Lea")
        assert keys(play, "lea", "escalation:") == []
        play.move_to(berlin(26, 18, 5))
        assert len(keys(play, "lea", "escalation:")) == 1

    def test_who_holds_it_and_goes_away_is_covered_by_their_own_deputy(self, play: Play) -> None:
        play.with_people(person("lea", manager="boss", deputy="tom"))
        hand_over(play, "dana", "Lea")
        play.press("lea", "Acknowledge")
        play.say("lea", "/away 2026-11-27..2026-12-11")
        play.move_to(berlin(27, 12))
        assert holder(play) == "tom"

    def test_only_its_holder_can_hand_it_over_also_on_an_old_card(self, play: Play) -> None:
        old = play.button("dana", "Hand over").action
        hand_over(play, "dana", "Lea")
        play.act("dana", old)
        assert "This decision is with Lea now" in play.chat("dana")[-1].words


def test_who_can_remove_the_obstacle_is_on_the_card_and_prefilled(play: Play) -> None:
    play.with_people(person("lea", manager="boss"))
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    values = {"Status#0": "at_risk", "Blocker#0": "Legal review", "Cause of the blocker#0": "dependency", "Status#1": "on_track"}
    play.submit("max", form, {**values, "Who can remove it?#0": "lea@acme.example"})
    assert "Who can remove it: Lea" in play.chat("dana")[-1].words
    assert "Dependency: Legal review" in play.chat("dana")[-1].words
    form = play.form(play.press("dana", "Hand over"))
    assert next(field.value for field in form.fields()) == "Lea <lea@acme.example>"
    play.submit("dana", form, {})
    assert holder(play) == "lea"


class TestWhatCameOfADecision:
    def test_a_date_that_passes_without_a_change_opens_it_again_with_who_decided(self, play: Play) -> None:
        at_risk(play)
        decided(play, "dana", due="2026-12-01")
        play.move_to(berlin(1, 17, month=12))
        assert request(play).state is EscalationState.DECIDED
        play.move_to(berlin(2, 9, 30, month=12))
        assert request(play).state is EscalationState.OPEN and holder(play) == "dana"
        card = play.chat("dana")[-1]
        assert "What should be adjusted?" in card.words and "Acknowledge" in card.labels
        assert "open again, with Dana" in status(play) and "No longer needed" in status(play)
        decided(play, "dana", choice="revise")
        news = [seen for seen in play.chat("max") if seen.key.endswith(":decided")]
        assert len(news) == 2 and "Revise the goal" in news[-1].words

    def test_the_reopened_one_has_fresh_clocks(self, play: Play) -> None:
        at_risk(play)
        decided(play, "dana", due="2026-12-01")
        play.move_to(berlin(3, 8, month=12))
        assert holder(play) == "dana"
        play.move_to(berlin(3, 10, month=12))
        assert holder(play) == "boss"

    def test_a_change_since_then_is_noted_and_nobody_is_asked(self, play: Play) -> None:
        at_risk(play)
        decided(play, "dana", due="2026-12-01")
        play.move_to(berlin(30, 10))
        play.say("max", "launch at 40%")
        play.move_to(berlin(2, 12, month=12))
        assert request(play).state is EscalationState.DECIDED and request(play).followed_at is not None
        assert noted(play, "followed") == 1 and noted(play, "reopened") == 0
        assert "something has changed since" in status(play)

    def test_back_on_track_is_a_change(self, play: Play) -> None:
        at_risk(play)
        decided(play, "dana", due="2026-12-01")
        play.move_to(berlin(30, 10))
        play.say("max", "portal on track")
        play.move_to(berlin(2, 12, month=12))
        assert noted(play, "followed") == 1

    def test_without_a_date_nothing_follows(self, play: Play) -> None:
        at_risk(play)
        decided(play, "dana")
        play.move_to(berlin(18, 12, month=12))
        assert steps(play) == ["opened", "decided"]

    def test_after_three_times_it_ends_in_words(self, play: Play) -> None:
        at_risk(play)
        for due, following in (("11-26", (27, 11)), ("11-30", (1, 12)), ("12-02", (3, 12)), ("12-04", (7, 12))):
            decided(play, "dana", due=f"2026-{due}")
            play.move_to(berlin(following[0], 9, 30, month=following[1]))
        assert request(play).state is EscalationState.UNANSWERED
        assert request(play).reopened == 3
        assert "several dates passed without a change" in status(play)

    def test_asked_for_anew_since_then_the_older_one_rests(self, play: Play) -> None:
        at_risk(play)
        decided(play, "dana", due="2026-12-01")
        play.move_to(berlin(30, 10))
        play.act("max", Action(Verb.NEED_DECISION, ("O1",)))
        play.move_to(berlin(2, 9, 30, month=12))
        with play.engine.connect() as connection:
            states = connection.execute(select(escalation.c.state).order_by(escalation.c.opened_at)).scalars().all()
        assert states[0] is EscalationState.DECIDED and len(states) == 2
        assert noted(play, "followed") == 1 and noted(play, "reopened") == 0


class TestNoLongerNeeded:
    def test_the_owner_takes_it_back_and_the_holder_sees_that_in_place(self, play: Play) -> None:
        at_risk(play)
        new = len(play.chat("dana"))
        play.press("max", "No longer needed")
        card = play.chat("dana")[-1]
        assert len(play.chat("dana")) == new
        assert "No decision about “Launch the new portal” of Max is needed any more" in card.words and card.labels == ["Why?"]
        assert "No longer needed" not in status(play).splitlines()[-1]
        assert request(play).state is EscalationState.WITHDRAWN and request(play).ended == "escalation-ended-by-owner"
        play.move_to(berlin(18, 12, month=12))
        assert keys(play, "boss", "escalation:") == []

    def test_what_nobody_asked_for_by_hand_goes_once_its_owner_reports_the_goal_on_track(self, play: Play) -> None:
        at_risk(play)
        play.press("dana", "Acknowledge")
        new = len(play.chat("dana"))
        play.say("max", "portal on track")
        card = play.chat("dana")[-1]
        assert len(play.chat("dana")) == new and card.labels == ["Why?"]
        assert "its owner reported the goal on track again" in card.words and "on track again" in status(play)
        assert request(play).state is EscalationState.WITHDRAWN and noted(play, "withdrawn") == 1
        play.move_to(berlin(18, 12, month=12))
        assert keys(play, "boss", "escalation:") == []

    def test_one_that_its_owner_asked_for_by_hand_stays_until_they_say_so(self, play: Play) -> None:
        play.move_to(berlin(26, 11))
        play.press("max", "At risk", about="portal")
        play.press("max", "I need a decision")
        play.say("max", "portal on track")
        assert request(play).state is EscalationState.OPEN and "Decide" in play.chat("dana")[-1].labels

    def test_off_the_green_again_in_the_same_week_it_is_asked_for_again(self, play: Play) -> None:
        at_risk(play)
        play.say("max", "portal on track")
        play.move_to(berlin(26, 14))
        play.say("max", "portal at risk, blocked by legal")
        assert noted(play, "opened") == 2 and request(play).state is EscalationState.OPEN
        assert "Decide" in play.chat("dana")[-1].labels

    def test_buttons_of_one_that_is_over_are_answered_in_words(self, play: Play) -> None:
        at_risk(play)
        old = [button.action for button in play.chat("dana")[-1].card.buttons() if button.action.verb is not Verb.WHY]
        play.press("max", "No longer needed")
        for action in old:
            play.act("dana", action)
            assert "its owner no longer needs one" in play.chat("dana")[-1].words

    def test_only_its_owner_can(self, play: Play) -> None:
        at_risk(play)
        action = play.button("max", "No longer needed").action
        play.act("mina", action)
        assert request(play).state is EscalationState.OPEN
        play.act("dana", action)
        assert "Only Max" in play.chat("dana")[-1].words

    def test_a_closed_goal_needs_no_decision(self, play: Play) -> None:
        at_risk(play)
        closed = goal("O1", "max", "Launch the new portal", result("K1", "Pages live"), state=GoalState.CLOSED)
        play.with_goals(closed)
        play.move_to(berlin(27, 11))
        assert request(play).ended == "escalation-ended-goal-over"
        assert keys(play, "boss", "escalation:") == []

    def test_nor_does_the_goal_of_an_owner_who_left(self, play: Play) -> None:
        at_risk(play)
        play.with_people(person("max", manager="dana", end_date=date(2026, 11, 26)))
        play.move_to(berlin(27, 11))
        assert request(play).ended == "escalation-ended-owner-left"

    def test_nor_one_whose_cycle_is_over(self, play: Play) -> None:
        play.move_to(berlin(31, 10, month=12))
        play.press("max", "At risk", about="portal")
        play.press("max", "I need a decision")
        play.move_to(berlin(2, 10, month=1, year=2027))
        assert request(play).ended == "escalation-ended-cycle-over"


class TestTheLaddersEnd:
    def test_it_is_never_silent(self, play: Play) -> None:
        play.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live"), cycle="2027-Q1"))
        play.move_to(berlin(7, 11, month=1, year=2027))
        play.press("max", "At risk", about="portal")
        play.press("max", "I need a decision")
        play.move_to(berlin(11, 11, month=1, year=2027))
        assert steps(play) == ["opened", "climbed", "stranded"]
        assert "still waits with Boss" in status(play)
        cards = len(keys(play, "boss", "escalation:"))
        for times, (day, month) in enumerate(((18, 1), (1, 2), (1, 3)), start=1):
            play.move_to(berlin(day, 11, month=month, year=2027))
            assert len(keys(play, "boss", "escalation:")) == cards + times
            assert "nobody further up can be asked" in play.chat("boss")[-1].words
        play.move_to(berlin(8, 11, month=3, year=2027))
        assert request(play).state is EscalationState.UNANSWERED
        last = [seen for seen in play.chat("boss") if seen.key.startswith("escalation:")][-1]
        assert "No decision was made" in last.words and last.labels == ["Why?"]
        news = next(seen for seen in play.chat("max") if seen.key.endswith(":unanswered"))
        assert "Nobody has decided" in news.words
        assert news.labels == ["I need a decision", "Add to my next 1:1", "Why?"]

    def test_an_acknowledgement_at_the_end_starts_the_decision_clock(self, play: Play) -> None:
        at_risk(play)
        play.move_to(berlin(30, 11))
        assert steps(play)[-1] == "stranded"
        play.press("boss", "Acknowledge")
        play.move_to(berlin(3, 11, month=12))
        assert steps(play)[-2:] == ["acknowledged", "reminded"]
        play.move_to(berlin(8, 11, month=12))
        assert steps(play)[-1] == "stranded"

    def test_talk_first_there_is_no_second_end(self, play: Play) -> None:
        at_risk(play)
        play.move_to(berlin(30, 11))
        play.press("boss", "Acknowledge")
        play.move_to(berlin(8, 11, month=12))
        assert steps(play)[-1] == "stranded"
        play.move_to(berlin(9, 11, month=12))
        play.press("boss", "Talk first")
        play.move_to(berlin(16, 10, month=12))
        assert steps(play)[-2:] == ["stranded", "talk_first"]
        play.move_to(berlin(16, 11, minute=1, month=12))
        assert steps(play)[-1] == "asked_again", "five working days after they put it on their list"


class TestClocks:
    def test_a_policy_changed_meanwhile_counts_for_the_next_one(self, play: Play) -> None:
        at_risk(play)
        play.say("boss", "/nudges set escalation.acknowledge 5d because we are slow")
        play.press("boss", "Confirm")
        play.move_to(berlin(27, 11))
        assert holder(play) == "boss"

    def test_a_timer_that_was_replaced_does_nothing(self, play: Play) -> None:
        at_risk(play)
        subject = f"escalation:{request(play).id}"
        with play.engine.connect() as connection:
            row = connection.execute(select(agenda).where(agenda.c.subject == subject)).mappings().one()
        stale = Ticked(id="stale", at=berlin(30, 11), subject=subject, due=row["due_at"], fence=row["fence"])
        play.press("dana", "Acknowledge")  # plans its own look, under a new fence
        before = request(play)
        play.now = berlin(30, 11)
        assert play.turn.take(stale).decision is None
        assert request(play) == before

    def test_the_same_timer_twice_takes_one_step(self, play: Play) -> None:
        at_risk(play)
        subject = f"escalation:{request(play).id}"
        with play.engine.connect() as connection:
            row = connection.execute(select(agenda).where(agenda.c.subject == subject)).mappings().one()
        play.now = berlin(27, 11)
        for number in range(3):
            play.turn.take(Ticked(id=f"t{number}", at=play.now, subject=subject, due=row["due_at"], fence=row["fence"]))
        play.deliver()
        assert steps(play) == ["opened", "climbed"]


def test_the_whole_card_comes_to_its_holder_alone(play: Play) -> None:
    at_risk(play)
    action = replace(play.button("dana", "Decide").action, verb=Verb.SHOW_DECISION)
    first = play.chat("dana")[-1]
    play.now = berlin(26, 20)  # an answer may come at any hour
    play.act("dana", action)
    assert play.chat("dana")[-1] is not first and "Acknowledge" in play.chat("dana")[-1].labels
    assert "Acknowledge" not in first.labels
    play.act("mina", action)
    assert "결정은 지금 Dana 님께" in play.chat("mina")[-1].words
