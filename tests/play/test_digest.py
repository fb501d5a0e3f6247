"""The manager's digest: what waits for a manager, in one message at their own time; and several decisions as one message."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from bot.decision import Look
from bot.model import Escalation, EscalationState
from bot.talk.cards import Chart
from storage import rows
from storage.schema import escalation
from tests.play.company import Play, Seen, berlin, card_words, email_of, goal, person, result
from tests.play.noise import hr_says, lines
from tests.simulated import crowd

DIGEST, BUNDLE = "decisions:digest:", "decisions:"
TUESDAY = berlin(1, 10, month=12)


def digests(play: Play, name: str = "dana") -> list[Seen]:
    return [seen for seen in play.chat(name) if seen.key.startswith(DIGEST)]


def bundles(play: Play, name: str = "dana") -> list[Seen]:
    return [seen for seen in play.chat(name) if seen.key.startswith(BUNDLE) and not seen.key.startswith(DIGEST)]


def alone(play: Play, name: str = "dana") -> list[Seen]:
    return [seen for seen in play.chat(name) if seen.key.startswith("escalation:")]


def asked(play: Play) -> list[Escalation]:
    with play.engine.connect() as connection:
        found = connection.execute(select(escalation).order_by(escalation.c.opened_at, escalation.c.id)).mappings()
        return [rows.escalation(row) for row in found]


def blocked(play: Play, name: str = "max", *, nth: int = 0, words: str = "Legal review") -> None:
    """Somebody's committed goal is at risk, with a blocker."""
    form = play.form(play.press(name, "Open form", message=next(s for s in play.chat(name) if s.key.startswith("checkin:"))))
    play.submit(name, form, {f"Status#{nth}": "at_risk", f"Blocker#{nth}": words})


def quiet_for_weeks(play: Play) -> None:
    """Nobody answers; HR has switched off what is not the point."""
    hr_says(play, "cycle.prepare", "off")


def stalled_alone(play: Play) -> list[str]:
    """Messages to Dana that begin with a stalled goal."""
    return [key for _, email, key in play.sent if email == email_of("dana") and key.startswith("goal.stalled")]


class TestWhatIsInIt:
    def test_it_comes_at_its_time_alone_also_where_a_grace_time_ends_in_that_minute(self, play: Play) -> None:
        """Max is asked on Thursday at ten and works until Thursday: two working days later is the digest's own minute."""
        quiet_for_weeks(play)
        play.with_people(person("max", manager="dana", work_days=frozenset({0, 1, 2, 3})))
        play.move_to(berlin(17, 18, month=12))
        came = [at for at, email, key in play.sent if email == email_of("dana") and key.startswith(DIGEST)]
        assert came == [berlin(8, 10, month=12), berlin(15, 10, month=12)]
        assert "Max has not answered the last 3 check-ins" in digests(play)[-1].words

    def test_everything_that_waited_comes_as_one_message_at_the_managers_time(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.move_to(berlin(15, 9, 59, month=12))
        before = len(play.chat("dana"))
        play.move_to(berlin(15, 10, month=12))
        new = play.chat("dana")[before:]
        assert len(new) == 1, play.transcript("dana")
        words = new[0].words
        assert "Goals without a check-in for a while (3)" in words
        assert "Max has not checked in on this goal in 22 days" in words
        assert "Ask Max" in new[0].labels
        assert new[0].labels[-2:] == ["Show team", "Why?"]

    def test_a_stalled_goal_near_the_digest_waits_for_it_where_hr_wants_that(self, play: Play) -> None:
        quiet_for_weeks(play)
        hr_says(play, "manager.digest.gather", "2d")
        play.move_to(berlin(14, 18, month=12))
        assert not stalled_alone(play)
        play.move_to(berlin(15, 10, month=12))
        assert "Goals without a check-in" in digests(play)[-1].words
        assert not stalled_alone(play)

    def test_otherwise_it_comes_on_its_day_and_the_digest_names_it_again_while_it_is_true(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.move_to(berlin(14, 18, month=12))
        assert stalled_alone(play)
        play.move_to(berlin(22, 10, month=12))
        digest = digests(play)[-1]
        assert "Goals without a check-in" in digest.words and "Ask Max" in digest.labels
        play.press("dana", "Ask Max", message=digest, about="portal")
        assert "Dana" in play.chat("max")[-1].words
        play.say("max", "all on track")
        play.tick()
        assert not [button for button in digest.card.buttons() if "portal" in button.about]
        assert "Launch the new portal: updated, thank you." in digest.words

    def test_what_is_only_named_again_makes_one_digest_and_no_second(self, play: Play) -> None:
        quiet_for_weeks(play)
        hr_says(play, "checkin.missed", "off")
        play.move_to(berlin(29, 18, month=12))
        assert len([one for one in digests(play) if "Goals without a check-in" in one.words]) == 1

    def test_nothing_to_do_is_no_digest(self, play: Play) -> None:
        quiet_for_weeks(play)
        for day in (26, 33):
            play.move_to(berlin(26, 11) + timedelta(days=day - 26))
            play.say("max", "all on track")
            play.say("mina", "모두 순조로워요")
        play.move_to(berlin(9, 18, month=12))
        assert not digests(play)

    def test_wins_of_the_week_are_quoted_with_their_names_and_in_the_ledger(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.move_to(berlin(3, 11, month=12))
        form = play.form(play.press("mina", "양식 열기", message=play.chat("mina")[-1]))
        wins = next(field for field in form.fields() if field.id == "wins")
        play.submit("mina", form, {wins.label: "첫 고객이 생겼어요", "상태": "on_track"})
        play.move_to(berlin(8, 10, month=12))
        (digest,) = digests(play)
        assert "What went well last week (1)" in digest.words
        assert "“첫 고객이 생겼어요” – Mina" in digest.words
        assert {"outcome": "digest"}.items() <= {**lines(play, "privacy:read")[0]}.items()

    def test_goals_by_type_are_a_picture_and_words_and_no_percentage_stands_alone(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.with_goals(goal("O9", "mina", "What do customers miss", result("K9", "Talks"), kind="learning"))
        play.move_to(berlin(8, 10, month=12))
        (digest,) = digests(play)
        (chart,) = [element for element in digest.card.elements if isinstance(element, Chart)]
        assert [bar.label for bar in chart.bars] == ["committed", "aspirational", "learning"]
        assert "committed: 0 reached" in chart.alt and "learning:" in chart.alt
        assert "%" not in chart.alt

    def test_a_committed_goal_is_reached_when_all_its_numbers_are(self, play: Play) -> None:
        """PRODUCT.md section 3: pass or fail, so a key result nobody reported yet is not there."""
        quiet_for_weeks(play)
        there, unknown = (result(f"K{n}", "Offices", "", 0, 2, current=now) for n, now in ((10, Decimal(2)), (11, None)))
        mine = goal("O9", "mina", "Open the offices", there, unknown)
        play.with_goals(mine)
        play.move_to(berlin(8, 10, month=12))
        (digest,) = digests(play)
        assert "committed: 0 reached" in digest.words
        assert "committed: 0 reached, 0 on the way, 3 without news" in digest.words
        play.with_goals(goal("O9", "mina", "Open the offices", there, replace(unknown, current=Decimal(2))))
        play.move_to(berlin(15, 10, month=12))
        assert "committed: 1 reached" in digests(play)[-1].words


class TestItsTime:
    def test_a_managers_own_wish_moves_it_and_off_brings_it_back(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.say("dana", "/rondo digest monday 9:00")
        assert "Your digest comes every Monday at 09:00" in play.chat("dana")[-1].words, play.chat("dana")[-1].words
        play.say("dana", "/checkin settings")
        assert "your choice" in play.chat("dana")[-1].words
        play.move_to(berlin(14, 8, 59, month=12))
        assert not digests(play)
        play.move_to(berlin(14, 9, month=12))
        assert len(digests(play)) == 1
        play.say("dana", "/rondo digest off")
        assert "as HR set it" in play.chat("dana")[-1].words
        assert [line["outcome"] for line in lines(play, "person:digest")] == ["mon 09:00", "as HR set it"]

    def test_in_korean(self, play: Play) -> None:
        play.say("mina", "/론도 다이제스트 월요일 9시")
        assert "월요일" in play.chat("mina")[-1].words
        assert lines(play, "person:digest")[0]["outcome"] == "mon 09:00"

    def test_where_hr_locked_it_a_wish_is_refused_and_an_earlier_one_does_not_count(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.say("dana", "/rondo digest monday 9:00")
        hr_says(play, "lock:manager.digest", "on")
        play.say("dana", "/rondo digest friday 9:00")
        assert "HR has set one time" in play.chat("dana")[-1].words
        play.move_to(berlin(8, 9, 59, month=12))
        assert not digests(play)
        play.move_to(berlin(8, 10, month=12))
        assert len(digests(play)) == 1

    def test_a_time_that_cannot_be_read_gets_the_nearest_form(self, play: Play) -> None:
        play.say("dana", "/rondo digest whenever")
        assert "/rondo digest monday 9:00" in play.chat("dana")[-1].words
        assert not lines(play, "person:digest")


class TestSeveralDecisions:
    def owners(self, play: Play) -> None:
        """Dana works in New York: at eleven in Berlin she sleeps."""
        quiet_for_weeks(play)
        play.with_people(person("dana", manager="boss", zone="America/New_York"))
        play.with_goals(goal("O4", "mina", "Second product", result("K4", "Sold")))
        play.move_to(berlin(26, 11))
        blocked(play)
        form = play.form(play.press("mina", "양식 열기", message=play.chat("mina")[0]))
        fields = {field.id: field.label for field in form.fields()}
        play.submit("mina", form, {f"{fields['status:O4']}#1": "at_risk", f"{fields['blocker:O4']}#1": "No people"})

    def test_come_as_one_message_with_buttons_for_each(self, play: Play) -> None:
        self.owners(play)
        assert len(asked(play)) == 2
        assert not bundles(play) and not alone(play)
        play.move_to(berlin(26, 15))
        (bundle,) = bundles(play)
        assert not alone(play)
        assert "2 decisions are needed from you" in bundle.words
        assert "Legal review" in bundle.words and "No people" in bundle.words
        assert bundle.labels.count("Acknowledge") == bundle.labels.count("Decide") == 2
        assert all(one.shown_at == play.now for one in asked(play)), "each clock starts with the arrival"
        play.move_to(berlin(26, 15, 30))
        assert not alone(play), "the fallback has nothing left to show"

    def test_exactly_one_comes_as_its_whole_card(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.with_people(person("dana", manager="boss", zone="America/New_York"))
        play.move_to(berlin(26, 11))
        blocked(play)
        play.move_to(berlin(26, 15))
        assert not bundles(play)
        (card,) = alone(play)
        assert "Legal review" in card.words

    def test_deciding_one_updates_the_message_its_owner_and_leaves_the_other(self, play: Play) -> None:
        self.owners(play)
        play.move_to(berlin(26, 15))
        (bundle,) = bundles(play)
        form = play.form(play.press("dana", "Decide", about="portal", message=bundle))
        play.submit("dana", form, {"Decision": "resources", "Note": "Two lawyers"})
        play.tick()
        assert "decided by Dana: Add people, time or money" in bundle.words
        assert bundle.labels.count("Decide") == 1
        assert any("Dana has decided" in seen.words for seen in play.chat("max"))
        play.press("dana", "Acknowledge", message=bundle)
        play.tick()
        assert "You acknowledged this" in bundle.words
        assert "Acknowledge" not in bundle.labels

    def test_one_that_climbs_leaves_the_message(self, play: Play) -> None:
        self.owners(play)
        play.move_to(berlin(26, 15))
        play.press("dana", "Acknowledge", about="portal", message=bundles(play)[0])
        play.move_to(berlin(27, 18))
        (bundle,) = bundles(play)
        assert "with Boss now" in bundle.words
        assert bundle.labels.count("Decide") == 1

    def test_why_explains_each_of_them(self, play: Play) -> None:
        self.owners(play)
        play.move_to(berlin(26, 15))
        play.press("dana", "Why?", message=bundles(play)[0])
        words = play.chat("dana")[-1].words
        assert "Launch the new portal" in words and "Second product" in words

    def test_a_message_that_did_not_leave_in_time_is_shown_the_next_morning(self, play: Play) -> None:
        self.owners(play)
        play.hold_back.add(email_of("dana"))
        play.move_to(berlin(27, 4))
        play.hold_back.clear()
        play.move_to(berlin(27, 15, 1))
        seen = {key.partition(":")[0] for _, email, key in play.sent if email == email_of("dana")}
        assert "decisions" in seen, play.transcript("dana")
        assert all(one.shown_at is not None for one in asked(play))


class TestDecisionsInTheDigest:
    def waiting(self, play: Play) -> Seen:
        """Dana acknowledged a request on Thursday; the digest of the next Tuesday but one names what was missed, too."""
        quiet_for_weeks(play)
        hr_says(play, "escalation.decide", "20d")
        play.move_to(berlin(26, 11))
        blocked(play)
        play.press("dana", "Acknowledge")
        play.move_to(TUESDAY)
        return digests(play)[-1]

    def test_what_was_acknowledged_and_not_decided_is_in_the_digest_with_its_buttons(self, play: Play) -> None:
        digest = self.waiting(play)
        assert "Decisions that wait for you (1)" in digest.words
        assert {"Decide", "Details"} <= set(digest.labels)
        assert "You acknowledged this; Max is waiting" in digest.words

    def test_deciding_in_the_digest_updates_the_card_and_deciding_on_the_card_the_digest(self, play: Play) -> None:
        digest = self.waiting(play)
        play.submit("dana", play.form(play.press("dana", "Decide", message=digest)), {"Decision": "keep"})
        play.tick()
        (card,) = alone(play)
        assert "Keep as is" in card.words and "Decide" not in card.labels
        assert "decided by Dana: Keep as is" in digest.words and "Decide" not in digest.labels

    def test_deciding_on_the_card_updates_the_digest(self, play: Play) -> None:
        digest = self.waiting(play)
        (card,) = alone(play)
        assert "Decide" in card.labels, "both are the newest of their kind"
        play.submit("dana", play.form(play.press("dana", "Decide", message=card)), {"Decision": "keep"})
        play.tick()
        assert "decided by Dana: Keep as is" in digest.words and "Decide" not in digest.labels

    def test_a_request_that_just_came_makes_no_digest_by_itself(self, play: Play) -> None:
        quiet_for_weeks(play)
        hr_says(play, "checkin.missed", "off")
        hr_says(play, "checkin.prompt.when", "mon 14:00")
        play.move_to(berlin(30, 15))
        blocked(play)
        play.move_to(berlin(1, 12, month=12))
        assert not digests(play)

    def test_the_clock_of_what_was_first_shown_in_a_digest_starts_with_its_arrival(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.move_to(berlin(7, 19, month=12))
        blocked(play)
        (request,) = asked(play)
        assert request.state is EscalationState.OPEN and request.shown_at is None
        play.say("dana", "/rondo digest tuesday 9:00")
        play.move_to(berlin(8, 9, month=12))
        (digest,) = digests(play)
        assert "Acknowledge" in digest.labels
        assert asked(play)[0].shown_at == play.now
        assert not alone(play)


class TestStandIns:
    def test_the_deputy_gets_the_digests_parts_while_the_manager_is_away(self, play: Play) -> None:
        quiet_for_weeks(play)
        play.with_people(person("joe", manager="boss"), person("dana", manager="boss", deputy="joe"))
        play.move_to(berlin(7, 9, month=12))
        play.say("dana", "/away 2026-12-07..2026-12-11")
        play.move_to(berlin(8, 10, month=12))
        assert not digests(play)
        (digest,) = digests(play, "joe")
        assert "Max has not answered" in digest.words


def test_a_thousand_reports_are_one_digest_that_says_how_many_were_not_looked_at() -> None:
    seen = crowd.look(1_000)
    assert seen.decision.messages and len(seen.decision.messages) == 1
    (message,) = seen.decision.messages
    words = card_words(message.card)
    assert "You are on record as the manager of 750 more people than the 250 this message looks at" in words
    assert "more. You find them under “Show team”" in words
    assert len(list(message.card.buttons())) <= 20
    looks = [look.at for look in seen.decision.looks if isinstance(look, Look) and look.subject.startswith("desk:")]
    assert looks and all(at is not None and at > seen.at for at in looks), "not at once again"
    assert seen.statements == crowd.look(300).statements, "more people do not mean more queries"


def test_many_stalled_goals_are_counted_and_not_sent_in_a_heap(play: Play) -> None:
    quiet_for_weeks(play)
    hr_says(play, "manager.digest.gather", "5d")
    more = [goal(f"M{n:02}", "max", f"Goal number {n}", result(f"R{n:02}", "Done", current=Decimal(5))) for n in range(20)]
    play.with_goals(*more)
    play.move_to(berlin(18, 18, month=12))
    told = [seen for seen in play.chat("dana") if "Goals without a check-in" in seen.words]
    assert len(told) == 1, [seen.key for seen in play.chat("dana")]
    assert "more. You find them under “Show team”" in told[0].words
    assert told[0].labels.count("Ask Max") <= 8
