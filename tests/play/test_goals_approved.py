"""Goals before whoever approves them: asked at a polite hour, approved or returned, whoever is away or gone."""

from datetime import date

from bot.model import Absence, GoalKind, GoalState, GoalType
from tests.play.company import Play, berlin, person
from tests.play.test_rules_goals import ledger
from tests.play.writing import asked, begin, draft_card, fields, only, send, write


class TestApproval:
    def test_the_manager_sees_enough_to_decide_and_approves(self, play: Play) -> None:
        write(play)
        request = send(play)
        for words in ("Max asks you to approve a goal", "Committed · 2026-Q4", "Raise activation: 40 % → 60 %"):
            assert words in request.words
        assert request.labels == ["Approve", "Ask for a change", "Show", "Why?"]
        assert only(play).state is GoalState.PROPOSED
        play.press("dana", "Approve", message=request)
        kept = only(play)
        assert (kept.state, kept.approved_by, kept.approved_at) == (GoalState.ACTIVE, person("dana").id, play.now)
        play.tick()
        assert "done, thank you" in request.words and request.labels == []
        assert "Approved by Dana" in draft_card(play).words
        assert "Dana approved this goal" in asked(play, "max")[-1].words
        assert ledger(play, "goal:approved") == 1

    def test_a_goal_in_force_is_asked_about_in_the_next_check_in(self, play: Play) -> None:
        write(play)
        play.press("dana", "Approve", message=send(play))
        play.move_to(berlin(26, 11))
        form = play.form(play.press("max", "Open form"))
        assert any("Raise activation" in field.label for field in form.fields())

    def test_the_manager_is_asked_at_a_polite_hour_and_again_ever_more_rarely(self, play: Play) -> None:
        play.jump_to(berlin(23, 20))
        write(play)
        play.press("max", "Send for approval")
        play.move_to(berlin(24, 8, 59))
        assert not asked(play, "dana")
        play.move_to(berlin(24, 9))
        assert len(asked(play, "dana")) == 1
        play.move_to(berlin(26, 12))
        assert len(asked(play, "dana")) == 2
        play.move_to(berlin(2, 8, 59, month=12))
        assert len(asked(play, "dana")) == 2
        play.move_to(berlin(2, 12, month=12))
        assert len(asked(play, "dana")) == 3

    def test_returned_with_a_note_it_is_a_draft_again_and_may_be_sent_once_more(self, play: Play) -> None:
        write(play)
        request = send(play)
        form = play.form(play.press("dana", "Ask for a change", message=request))
        assert set(play.errors(play.submit("dana", form, {}))) == {"note"}
        play.submit("dana", form, {"What should be different?": "Name who benefits"})
        assert only(play).state is GoalState.DRAFT
        assert "Asked for: Name who benefits" in draft_card(play).words
        play.tick()
        news = asked(play, "max")[-1]
        assert "Name who benefits" in news.words and "Edit" in news.labels
        again = send(play)
        assert again.key != request.key
        play.press("dana", "Approve", message=again)
        assert only(play).state is GoalState.ACTIVE

    def test_nobody_else_approves_and_an_old_button_changes_nothing(self, play: Play) -> None:
        write(play)
        request = send(play)
        button = play.button("dana", "Approve", message=request)
        for who, words in (("max", "Only Dana"), ("mina", "Dana 님이나 대신하는 사람만")):
            play.act(who, button.action)
            assert words in play.chat(who)[-1].words
        assert only(play).state is GoalState.PROPOSED
        play.press("dana", "Approve", message=request)
        before = only(play)
        play.act("dana", button.action)
        assert "answered or changed in the meantime" in play.chat("dana")[-1].words
        assert only(play) == before

    def test_a_change_of_what_waits_takes_it_back(self, play: Play) -> None:
        write(play)
        request = send(play)
        button = play.button("dana", "Approve", message=request)
        play.submit("max", play.form(play.press("max", "Edit", message=draft_card(play))), {"Objective": "Another idea"})
        play.tick()
        assert only(play).state is GoalState.DRAFT
        assert request.labels == []
        play.act("dana", button.action)
        assert only(play).state is GoalState.DRAFT

    def test_while_the_manager_is_away_their_deputy_answers(self, play: Play) -> None:
        play.with_people(
            person("dana", manager="boss", deputy="mina", absences=(Absence(first=date(2026, 11, 20), last=date(2026, 11, 30)),))
        )
        write(play)
        play.press("max", "Send for approval")
        play.move_to(berlin(23, 12))
        assert not asked(play, "dana")
        request = asked(play, "mina")[-1]
        assert "목표의 승인을 요청합니다" in request.words
        play.press("mina", "승인", message=request)
        assert only(play).approved_by == person("mina").id

    def test_back_from_leave_the_manager_is_asked_what_the_deputy_left_open(self, play: Play) -> None:
        play.with_people(
            person("dana", manager="boss", deputy="mina", absences=(Absence(first=date(2026, 11, 20), last=date(2026, 11, 25)),))
        )
        write(play)
        play.press("max", "Send for approval")
        play.move_to(berlin(23, 12))
        assert asked(play, "mina")
        play.move_to(berlin(26, 12))
        assert asked(play, "dana")

    def test_the_next_manager_up_is_asked_for_one_who_left(self, play: Play) -> None:
        play.with_people(person("dana", manager="boss", end_date=date(2026, 11, 20)))
        write(play)
        assert "Boss approves it" in draft_card(play).words
        play.press("boss", "Approve", message=send(play, approver="boss"))
        assert only(play).state is GoalState.ACTIVE

    def test_hr_is_asked_for_somebody_without_a_manager_and_nobody_for_hr_alone(self, play: Play) -> None:
        play.with_people(person("dana"))
        write(play, "dana")
        assert send(play, "dana", "boss").labels[0] == "Approve"
        write(play, "boss")
        play.press("boss", "Send for approval")
        assert only(play, "boss").state is GoalState.ACTIVE
        assert "nobody above you" in play.chat("boss")[-1].words
        assert ledger(play, "goal:approved") == 1

    def test_one_who_was_asked_and_left_is_replaced_by_sending_it_again(self, play: Play) -> None:
        write(play)
        send(play)
        play.with_people(person("dana", manager="boss", end_date=date(2026, 11, 22)))
        play.move_to(berlin(24, 12))
        news = asked(play, "max")[-1]
        assert "no longer here" in news.words
        play.press("max", "Send for approval", message=news)
        play.tick()
        play.press("boss", "Approve", message=asked(play, "boss")[-1])
        assert only(play).state is GoalState.ACTIVE

    def test_a_new_hires_objective_is_approved_like_a_promise(self, play: Play) -> None:
        play.with_people(person("nina", manager="dana", start_date=date(2026, 11, 2)))
        play.submit("nina", begin(play, "nina", "kpo"), fields())
        kept = only(play, "nina")
        assert (kept.kind, kept.type) == (GoalKind.KPO, GoalType.COMMITTED)
        assert kept.key_results[1].due == date(2027, 1, 31), "the day of the last review"
        play.press("dana", "Approve", message=send(play, "nina"))
        assert only(play, "nina").state is GoalState.ACTIVE
