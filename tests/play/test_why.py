"""*Why?*, and what the ledger says of messages people acted on, on both databases."""

from bot.model import Role, Scope, ScopeKind, person_id
from tests.play.company import Play, berlin, email_of, person
from tests.play.noise import QUIET, at_risk, hr_says, keys, lines, newest, why

# ---------------------------------------------------------------------------------------------------------------- why


def test_why_tells_rule_facts_threshold_and_who_else_was_told(play: Play) -> None:
    hr_says(play, "goal.stalled.manager", "20cd", Scope(ScopeKind.PERSON, person_id(email_of("max"))))
    play.move_to(berlin(14, 10, month=12))
    manager = why(play, "dana", "goal.stalled.").words
    assert "Rule: goal.stalled · Notices a goal nobody updated" in manager
    assert "Goal: Launch the new portal" in manager
    assert "Last update: Monday 23 November, 09:00" in manager
    assert "The owner was asked: Monday 7 December, 09:00" in manager
    assert "goal.stalled.owner: 14 calendar days · default" in manager
    assert "goal.stalled.manager: 20 calendar days · set by Boss on Monday 23 November, 09:00 for Max" in manager
    assert "Also told: Max (Monday 7 December, 09:00)" in manager
    assert "Who can change these thresholds: Boss (HR)" in manager
    owner = why(play, "max", "goal.stalled.").words
    assert "Also told: Dana (" in owner


def test_why_tells_the_threshold_of_then_with_its_profile_and_its_lock(play: Play) -> None:
    hr_says(play, "profile", "active")
    hr_says(play, "lock:goal.stalled", "on")
    play.move_to(QUIET)
    hr_says(play, "goal.stalled.owner", "5cd")
    words = why(play, "max", "goal.stalled.").words
    assert "goal.stalled.owner: 10 calendar days" in words
    assert "active" in words
    assert "locked" in words
    assert "owner: 5 calendar days" not in words
    assert play.chat("max")[-1].labels == ["Not useful"]


def test_why_tells_every_part_of_a_bundled_message(play: Play) -> None:
    play.move_to(QUIET)
    words = why(play, "max", "goal.stalled.").words
    assert "1 more thing stood in the same message" in words
    assert "Happier customers · Last update: Monday 23 November, 09:00" in words


def test_why_of_a_prompt_names_its_rule_and_its_rhythm(play: Play) -> None:
    play.move_to(berlin(26, 11))
    words = why(play, "max", "checkin:").words
    assert "Rule: checkin.prompt" in words
    assert "Rhythm: every Thursday at 10:00" in words
    assert "Check-in: the week of Monday 23 November" in words
    assert "Time zone: Europe/Berlin" in words
    assert "Nobody else was told" in words
    assert play.chat("max")[-1].labels == ["Not useful", "Snooze a week", "Mute"]


def test_why_of_an_escalation_tells_the_rules_it_was_opened_under_and_whom_it_passed(play: Play) -> None:
    at_risk(play)
    play.move_to(berlin(26, 12))
    hr_says(play, "escalation.acknowledge", "5d")
    play.move_to(berlin(27, 12))
    words = why(play, "boss", "escalation:").words
    assert "frozen when it was opened on Thursday 26 November, 11:00" in words
    assert "escalation.acknowledge: 1 working day · default" in words
    assert "escalation.decide: 3 working days" in words
    assert "Cause: Legal review" in words
    assert "Dana (Thursday 26 November, 11:00)" in words
    assert "cannot be muted" in words
    assert play.chat("boss")[-1].labels == ["Not useful"]


CARD_ITSELF = "You can decide it from the card itself"


def test_why_says_to_each_reader_of_a_request_what_it_is_to_them_now(play: Play) -> None:
    at_risk(play)
    words = why(play, "dana", "escalation:").words
    assert "and you are the next person who can decide what to adjust." in words and CARD_ITSELF in words
    play.move_to(berlin(27, 12))
    assert CARD_ITSELF in why(play, "boss", "escalation:").words
    passed = why(play, "dana", "escalation:").words
    assert "It is with Boss now; there is nothing for you to do." in passed
    assert "you are the next person" not in passed and CARD_ITSELF not in passed
    assert "it comes when somebody waits for a decision" in passed
    form = play.form(play.press("boss", "Decide", message=newest(play, "boss", "escalation:")))
    play.submit("boss", form, {"Decision": "keep"})
    play.tick()
    for name in ("dana", "boss"):
        over = why(play, name, "escalation:").words
        assert "Nobody waits for that any more." in over
        assert "you are the next person" not in over and CARD_ITSELF not in over
    owner = why(play, "max", "escalation:").words
    assert "escalation.decide cannot be muted: it tells you what becomes" in owner
    assert "somebody waits" not in owner and CARD_ITSELF not in owner


def test_why_in_korean_says_that_a_request_was_passed_on(play: Play) -> None:
    play.with_people(person("dana", manager="boss", language="ko"))
    at_risk(play)
    assert "카드에서 바로 결정하실 수 있습니다" in why(play, "dana", "escalation:", "왜 받았나요?").words
    play.move_to(berlin(27, 12))
    words = why(play, "dana", "escalation:", "왜 받았나요?").words
    assert "지금은 Boss 님께 있으므로 하실 일은 없습니다." in words
    assert "카드에서 바로 결정" not in words


def test_why_in_words_explains_the_newest_message_that_rondo_started(play: Play) -> None:
    play.say("max", "/rondo why")
    assert "not sent you anything" in play.chat("max")[-1].words
    at_risk(play)
    play.say("dana", "why did I get this?")
    assert "goal.commitment_at_risk" in play.chat("dana")[-1].words
    assert "Launch the new portal" in play.chat("dana")[-1].words
    play.say("mina", "왜 받았나요?")
    assert "checkin.prompt" in play.chat("mina")[-1].words


def test_why_names_nobody_whom_the_reader_has_no_business_with(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    play.say("dana", "/away 2026-12-10..2026-12-20")
    play.move_to(berlin(15, 10, month=12))
    assert len(keys(play, "tom", "goal.stalled.")) == 1
    assert "Also told: Tom" in why(play, "max", "goal.stalled.").words  # their manager's deputy
    assert "Mina" not in play.chat("max")[-1].words


def test_why_does_not_name_an_earlier_manager(play: Play) -> None:
    play.move_to(berlin(14, 10, month=12))
    assert "Also told: Dana" in why(play, "max", "goal.stalled.").words
    play.with_people(person("max", manager="boss"), person("dana", manager="boss", role=Role.HR_ADMIN))
    words = why(play, "max", "goal.stalled.").words
    assert "Dana (Monday" not in words
    assert "Also told: somebody else (Monday 14 December, 09:00)" in words


def test_a_muted_rule_explains_itself_with_the_way_back(play: Play) -> None:
    play.move_to(QUIET)
    play.press("max", "Mute", message=why(play, "max", "goal.stalled."))
    words = why(play, "max", "goal.stalled.").words
    assert "goal.stalled is muted for good for you" in words
    assert play.chat("max")[-1].labels == ["Not useful", "Unmute"]


# ----------------------------------------------------------------------------------------------------------- acted on


def test_an_answer_is_noted_once_for_every_message_that_asked_for_it(play: Play) -> None:
    play.move_to(berlin(26, 15))
    card = newest(play, "max", "checkin:")
    play.press("max", "On track", about="portal", message=card)
    play.press("max", "On track", about="customers", message=card)
    play.say("max", "customers at risk")
    prompt, reminder = (lines(play, f"nudge:checkin.{rule}:acted") for rule in ("prompt", "reminder"))
    assert [(line["message"], line["minutes"]) for line in prompt] == [(card.key, "300")]
    assert [(line["message"], line["stage"]) for line in reminder] == [(keys(play, "max", "reminder:")[0], "first")]


def test_a_reminder_after_half_an_answer_counts_for_itself(play: Play) -> None:
    play.move_to(berlin(26, 11))
    card = newest(play, "max", "checkin:")
    play.press("max", "On track", about="portal", message=card)
    play.move_to(berlin(26, 15))
    play.press("max", "On track", about="customers", message=card)
    assert len(lines(play, "nudge:checkin.prompt:acted")) == 1
    assert len(lines(play, "nudge:checkin.reminder:acted")) == 1


def test_an_answer_nobody_asked_for_is_not_noted_as_acted(play: Play) -> None:
    play.say("max", "all on track")
    assert lines(play, "nudge:checkin.prompt:acted") == []


def test_a_snooze_is_noted_for_the_message_it_answers(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.press("max", "Snooze", message=newest(play, "max", "checkin:"))
    assert [line["message"] for line in lines(play, "nudge:checkin.prompt:snoozed")] == [newest(play, "max", "checkin:").key]
    play.move_to(berlin(26, 15))
    play.press("max", "Snooze", message=newest(play, "max", "reminder:"))
    assert [len(lines(play, name)) for name in ("checkin:snoozed", "nudge:checkin.prompt:snoozed")] == [2, 2]
    assert lines(play, "nudge:checkin.reminder:snoozed") == []


def test_an_escalation_is_acted_on_once_per_card(play: Play) -> None:
    at_risk(play)
    play.move_to(berlin(26, 12))
    play.press("dana", "Acknowledge")
    acted = lines(play, "nudge:goal.commitment_at_risk:acted")
    assert [(line["message"], line["minutes"]) for line in acted] == [(keys(play, "dana", "escalation:")[0], "60")]
    play.move_to(berlin(1, 13, month=12))
    play.submit("dana", play.form(play.press("dana", "Decide")), {"Decision": "keep"})
    assert len(lines(play, "nudge:goal.commitment_at_risk:acted")) == 1
    reminded = lines(play, "nudge:escalation.decide:acted")
    assert [(line["message"], line["minutes"]) for line in reminded] == [(keys(play, "dana", "escalation:")[1], "60")]


def test_a_decision_without_acknowledgement_is_acted_on_once(play: Play) -> None:
    at_risk(play)
    play.submit("dana", play.form(play.press("dana", "Decide")), {"Decision": "keep"})
    assert len(lines(play, "nudge:goal.commitment_at_risk:acted")) == 1
    assert lines(play, "nudge:escalation.decide:acted") == []
