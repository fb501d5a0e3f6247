"""A team's channel as people live it: opted in, posted to once a week, edited in place, never naming who is late."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from bot.events import Submitted
from bot.model import Closing, Duty, DutyKind, GoalKind, GoalState, Role
from bot.talk.cards import Form
from storage import rows
from storage.engine import upsert, writing
from storage.schema import duty
from tests.play.company import Play, Seen, berlin, goal, person, result

HERE = "/team post here"
WEB = "#web"


@pytest.fixture
def play(engine: Engine) -> Play:
    """Boss (HR) leads Dana, Dana leads Max and Mina; these three are the team Web, Otto is in Sales. Monday 09:00 in Berlin."""
    company = Play(engine).with_people(
        person("boss", role=Role.HR_ADMIN),
        person("dana", manager="boss", team="Web"),
        person("max", manager="dana", team="Web"),
        person("mina", manager="dana", team="Web", language="ko"),
        person("otto", manager="boss", team="Sales"),
    )
    company.with_goals(
        goal("O1", "max", "Launch the new portal", result("K1", "Pages live")),
        goal("O2", "max", "Happier customers", result("K2", "NPS", "points", 20, 50), kind="aspirational"),
        goal("O3", "mina", "Ship the mobile app", result("K3", "Screens done")),
    )
    company.tick()
    return company


def post(play: Play) -> Seen:
    """The one message in the channel of Web."""
    (seen,) = play.channel("Web")
    return seen


def last(play: Play, name: str) -> str:
    return play.chat(name)[-1].words


def answered(play: Play, name: str, **values: str) -> None:
    """A check-in by form; `status_O1` fills `status:O1`."""
    form = play.form(play.press(name, "Open form" if name != "mina" else "양식 열기"))
    sent = {field.id: field.value for field in form.fields()} | {k.replace("_", ":", 1): v for k, v in values.items()}
    play._after(play.turn.take(_submitted(play, name, form, sent)))
    play.tick()


def _submitted(play: Play, name: str, form: Form, sent: dict[str, str]) -> Submitted:
    by = play.address(f"{name}@acme.example")
    return Submitted(id=play._id(), at=play.now, by=by, action=form.action, values=sent)


def entries(play: Play, name: str) -> list[str]:
    with play.engine.connect() as connection:
        found = connection.execute(text("SELECT outcome FROM ledger WHERE name = :name ORDER BY id"), {"name": name})
        return [row.outcome for row in found]


def test_a_team_without_a_channel_gets_nothing(play: Play) -> None:
    play.move_to(berlin(4, 18, month=12))
    assert play.channel("Web") == []


def test_opting_in_answers_the_person_and_says_when_the_first_post_comes(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    assert "weekly post of Web" in last(play, "dana") and "Friday 27 November, 15:00" in last(play, "dana")
    assert play.channel("Web") == []
    play.move_to(berlin(27, 14, 59))
    assert play.channel("Web") == []
    play.move_to(berlin(27, 15))
    assert post(play).key == "team.post:Web:2026-W48"
    assert entries(play, "team:channel") == ["opened"] and entries(play, "team:posted") == ["queued"]


def test_the_post_says_where_goals_stand_what_moved_wins_and_where_help_is_asked(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(26, 11))
    answered(
        play,
        "max",
        status_O1="at_risk",
        value_K1="40",
        blocker_O1="Legal review",
        cause_O1="dependency",
        remover_O1="mina@acme.example",
        status_O2="on_track",
        note_O2="hidden note",
        confidence_O2="3",
        wins="First ten customers moved",
        adjust="secret adjust",
        loss="secret loss",
        private="secret private",
    )
    play.move_to(berlin(27, 15))
    words = post(play).words
    assert "Launch the new portal  Committed · At risk" in words
    assert "Pages live: 0 % → 40 %" in words
    assert "Happier customers  Aspirational · On track" in words
    assert "“First ten customers moved” – Max" in words
    assert "“Legal review” (Dependency) stands in the way of “Launch the new portal”. Mina may be able to remove it." in words
    for hidden in ("hidden note", "secret", "Confidence", "mina@", " 3"):
        assert hidden not in words, hidden


def test_nothing_says_who_answered_and_who_did_not(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(26, 11))
    answered(play, "max", status_O1="on_track", status_O2="on_track")
    play.move_to(berlin(27, 15))
    for name in ("Max", "Mina"):
        assert name not in post(play).words
    for word in (" late", "missed", "answer", "has not"):
        assert word not in post(play).words


def test_a_late_answer_edits_the_post_in_place(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(27, 15))
    assert "no status yet" in post(play).words
    play.move_to(berlin(27, 16))
    answered(play, "max", status_O1="on_track", value_K1="30", wins="Done at last", status_O2="on_track")
    assert post(play).edits == 1
    assert "Pages live: 0 % → 30 %" in post(play).words and "Done at last" in post(play).words
    answered(play, "max", status_O1="at_risk", value_K1="35", wins="Done at last", status_O2="on_track")
    assert post(play).edits == 2 and "0 % → 35 %" in post(play).words


def test_an_answer_of_last_week_that_comes_on_monday_still_edits_that_weeks_post(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(27, 15))
    card = next(seen for seen in play.chat("max") if seen.key.startswith("checkin:"))
    play.move_to(berlin(30, 10))
    form = play.form(play.press("max", "Open form", message=card))
    play.submit("max", form, {"Wins": "Better late"})
    play.tick()
    assert post(play).edits == 1 and "Better late" in post(play).words


def test_an_answer_without_news_for_the_post_changes_nothing_there(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(26, 11))
    answered(play, "max", status_O1="on_track", status_O2="on_track")
    play.move_to(berlin(27, 15))
    answered(play, "max", status_O1="on_track", status_O2="on_track", private="only for Dana")
    assert post(play).edits == 0


def test_one_post_a_week_and_the_next_one_is_new(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(4, 18, month=12))
    keys = [seen.key for seen in play.channel("Web")]
    assert keys.count("team.post:Web:2026-W48") == 1 and keys.count("team.post:Web:2026-W49") == 1


def test_a_decision_of_the_week_stands_there_without_its_note(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(26, 11))
    answered(play, "max", status_O1="at_risk", blocker_O1="Legal review", status_O2="on_track")
    play.submit("dana", play.form(play.press("dana", "Decide")), {"Decision": "priorities", "Note": "between us"})
    play.move_to(berlin(27, 15))
    assert "“Launch the new portal”: Change priorities – Dana" in post(play).words
    assert "between us" not in post(play).words
    assert "Legal review" not in post(play).words, "nobody was named who can remove it: it was not written for the team"


def test_only_the_team_its_managers_and_hr_may_speak_for_it(play: Play) -> None:
    play.say("otto", f"{HERE} Web", place=WEB)
    assert "Only people of Web" in last(play, "otto")
    play.move_to(berlin(27, 18))
    assert play.channel("Web") == []
    for name in ("max", "boss"):
        play.say(name, f"{HERE} web", place=f"#{name}")
        assert "weekly post of Web" in last(play, name)
    assert entries(play, "team:channel") == ["opened", "moved"]


def test_in_a_direct_message_it_says_how(play: Play) -> None:
    play.say("dana", HERE)
    assert "A weekly post needs a channel" in last(play, "dana")
    play.say("boss", HERE, place=WEB)
    assert "I do not know which team" in last(play, "boss")
    play.say("boss", f"{HERE} Ops", place=WEB)
    assert "nobody in a team called “Ops”" in last(play, "boss")


def test_in_korean_too(play: Play) -> None:
    play.say("mina", "/팀 게시 여기", place=WEB)
    assert "Web 팀의 주간 게시가 이 채널에 올라갑니다" in last(play, "mina")
    play.move_to(berlin(27, 15))
    assert "약속 목표 · 아직 상태 없음" in post(play).words
    play.say("mina", "/팀 게시 끄기")
    assert "껐습니다" in last(play, "mina")


def test_moving_the_channel_says_so_and_leaves_the_old_post_alone(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(27, 15))
    play.say("max", HERE, place="#elsewhere")
    assert "moves to this channel" in last(play, "max")
    answered(play, "max", status_O1="on_track", wins="after the move", status_O2="on_track")
    assert post(play).edits == 0
    play.say("max", HERE, place="#elsewhere")
    assert "is in this channel already" in last(play, "max")


def test_off_ends_it(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.say("max", "/team post off")
    assert "has ended" in last(play, "max")
    play.say("max", "/team post off")
    assert "has no weekly post" in last(play, "max")
    play.move_to(berlin(4, 18, month=12))
    assert play.channel("Web") == []


def test_hr_moves_and_switches_off_the_weekly_post(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.say("boss", "/nudges set team.post wed 11:00 for team Web")
    play.press("boss", "Confirm")
    play.move_to(berlin(25, 11))
    assert len(play.channel("Web")) == 1
    play.say("boss", "/nudges set team.post off")
    play.press("boss", "Confirm")
    play.say("boss", "/nudges set team.post off for team Web")
    play.press("boss", "Confirm")
    play.move_to(berlin(11, 18, month=12))
    assert [seen.key for seen in play.channel("Web") if seen.key.startswith("team.post:")] == ["team.post:Web:2026-W48"]
    play.say("max", HERE, place="#other")
    assert "not before HR switches it on again" in last(play, "max")


def test_nothing_is_posted_while_hr_pauses_rondo(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.say("boss", "/nudges pause for team Web")
    play.press("boss", "Confirm")
    play.move_to(berlin(27, 16))
    assert play.channel("Web") == []
    play.say("boss", "/nudges resume for team Web")
    play.press("boss", "Confirm")
    play.tick()
    assert len(play.channel("Web")) == 1


def test_the_team_goes_on_while_whoever_opted_in_is_away(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.say("dana", "/away 2026-11-25..2026-12-11")
    play.move_to(berlin(27, 15))
    assert len(play.channel("Web")) == 1


def test_a_channel_that_is_gone_is_switched_off_and_its_opener_told_once(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.unreachable.add("team:Web")
    play.move_to(berlin(27, 15))
    told = [seen for seen in play.chat("dana") if seen.key.startswith("team.post:Web:lost")]
    assert len(told) == 1 and "add me to the channel" in told[0].words
    play.press("dana", "Why?", message=told[0])
    assert "could not write in that channel" in last(play, "dana")
    play.unreachable.clear()
    play.move_to(berlin(4, 18, month=12))
    assert play.channel("Web") == []
    assert len([seen for seen in play.chat("dana") if seen.key.startswith("team.post:Web:lost")]) == 1
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(11, 15, month=12))
    assert len(play.channel("Web")) == 1
    assert entries(play, "team:channel") == ["opened", "lost", "opened"]


def test_the_opener_on_leave_hears_of_a_lost_channel_when_they_are_back(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.say("dana", "/away 2026-11-27..2026-11-30")
    play.unreachable.add("team:Web")
    play.move_to(berlin(30, 17))
    assert not play.keys("dana", "team.post:Web:lost")
    play.move_to(berlin(1, 9, month=12))
    assert len(play.keys("dana", "team.post:Web:lost")) == 1


def test_a_post_that_could_not_leave_comes_when_it_can_and_never_after_its_week(play: Play) -> None:
    play.say("boss", "/nudges set team.post thu 15:00")
    play.press("boss", "Confirm")
    play.say("dana", HERE, place=WEB)
    play.hold_back.add("team:Web")
    play.move_to(berlin(27, 8))
    play.hold_back.clear()
    play.move_to(berlin(27, 9))
    assert [seen.key for seen in play.channel("Web")] == ["team.post:Web:2026-W48"]
    play.hold_back.add("team:Web")
    play.move_to(berlin(7, 12, month=12))
    play.hold_back.clear()
    play.tick()
    assert "team.post:Web:2026-W49" not in [seen.key for seen in play.channel("Web")]


def test_why_in_the_channel_explains_the_post_to_whoever_asks(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(27, 15))
    play.act("max", next(iter(post(play).card.buttons())).action)
    assert "Somebody turned on the weekly post of Web in this channel" in last(play, "max")
    assert "team.post" in last(play, "max")


def test_a_new_hires_objectives_are_nobodys_business_there(play: Play) -> None:
    play.with_goals(goal("N1", "max", "Learn the ropes", result("K9", "Ropes"), kind="learning"))
    play.with_goals(replace(goal("N1", "max", "Learn the ropes", result("K9", "Ropes"), kind="learning"), kind=GoalKind.KPO))
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(27, 15))
    assert "Learn the ropes" not in post(play).words


def closed(play: Play) -> None:
    """November comes to its end: one goal reached, one with a score, one thing stopped."""
    portal = goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(100)))
    at = berlin(26, 12)
    reached = Closing(at=at, by=portal.owner_id, learned="Start with the smallest page", reached=True)
    score = Closing(at=at, by=portal.owner_id, learned="", score=Decimal("0.7"))
    happier = goal("O2", "max", "Happier customers", result("K2", "NPS", "points", 20, 50), kind="aspirational")
    play.with_goals(
        replace(portal, state=GoalState.CLOSED, closing=reached), replace(happier, state=GoalState.CLOSED, closing=score)
    )
    stop = Duty(
        id="stop:1",
        kind=DutyKind.STOP,
        person_id=portal.owner_id,
        holder_id=portal.owner_id,
        text="The weekly report nobody reads",
        opened_at=at,
    )
    with writing(play.engine) as connection:
        connection.execute(upsert(connection.dialect.name, duty), rows.duty_row(stop))


def test_the_month_is_summed_up_on_its_first_working_day_after(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.move_to(berlin(26, 11))
    answered(play, "mina", status_O3="on_track", value_K3="20")
    closed(play)
    play.move_to(berlin(1, 9, 59, month=12))
    assert not [seen for seen in play.channel("Web") if seen.key.startswith("team.summary")]
    play.move_to(berlin(1, 10, month=12))
    (summary,) = [seen for seen in play.channel("Web") if seen.key.startswith("team.summary")]
    assert summary.key == "team.summary:Web:2026-11"
    for words in (
        "Launch the new portal  Committed · reached",
        "Happier customers  Aspirational · 0.7",
        "Committed · Ship the mobile app · Screens done: 0 % → 20 %",
        "“Start with the smallest page”",
        "“The weekly report nobody reads”",
    ):
        assert words in summary.words, summary.words
    play.move_to(berlin(31, 18, month=12))
    assert len([seen for seen in play.channel("Web") if seen.key.startswith("team.summary")]) == 1
    play.act("max", next(iter(summary.card.buttons())).action)
    assert "Once a month they sum up" in last(play, "max")


def test_the_summary_can_be_switched_off(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.say("boss", "/nudges set team.summary off")
    play.press("boss", "Confirm")
    closed(play)
    play.move_to(berlin(4, 18, month=12))
    assert not [seen for seen in play.channel("Web") if seen.key.startswith("team.summary")]


def test_the_form_says_what_the_team_sees(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form"))
    hints = {field.id: field.hint for field in form.fields()}
    assert "posts in its channel" in hints["wins"] and "weekly post" in hints["blocker:O1"]
    assert "channel" not in hints["adjust"] + hints["loss"] + hints["private"] + hints["note:O1"]


def test_two_people_who_opt_in_for_one_team_leave_one_channel(play: Play) -> None:
    play.say("dana", HERE, place=WEB)
    play.say("max", HERE, place="#two")
    play.move_to(berlin(27, 16))
    assert len(play.channel("Web")) == 1
