"""Scenes of people: first contact, help, leave, language, settings, and the question why."""

from datetime import date, timedelta

from bot.talk.actions import Action, Verb
from tests.gallery.stage import Stage


def first_contact(stage: Stage) -> None:
    stage.company(welcomed=False)
    stage.say("max", "hello", "안녕하세요")
    stage.keep("welcome", "max", "welcome:")


def met_by_the_prompt(stage: Stage) -> None:
    stage.company(stage.portal(), welcomed=False)
    stage.to(26, 11)
    stage.keep("the first check-in of somebody who never wrote", "max", "checkin:")


def helped(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.say("max", "/rondo help")
    stage.keep("help", "max", "reply:")
    stage.say("boss", "/rondo help")
    stage.keep("help for HR", "boss", "reply:")
    stage.say("max", "/checkin settings")
    stage.keep("settings", "max", "reply:")
    stage.say("max", f"/rondo language {stage.locale}")
    stage.keep("language chosen", "max", "reply:")
    stage.say("max", "/rondo language klingon")
    stage.keep("language unknown", "max", "reply:")
    stage.say("max", "/rondo prefer teams", "/rondo prefer 팀즈")
    stage.keep("preferred platform", "max", "reply:")
    stage.say("max", "/rondo prefer auto", "/rondo prefer 자동")
    stage.keep("no preferred platform", "max", "reply:")
    stage.keep_home("home, before the first check-in", "max")
    stage.keep_home("home, without goals", "dana")


def settings(stage: Stage) -> None:
    stage.company(work_days=frozenset(range(7)))
    stage.prompt_on("off")
    stage.say("max", "/checkin settings")
    stage.keep("settings, never asked", "max", "reply:", quiet=True)


def on_leave(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.say("max", "/away back")
    stage.keep("nothing to come back from", "max", "reply:")
    stage.say("max", "/away 2026-12-24..2026-12-31")
    stage.keep("away", "max", "reply:")
    stage.say("max", "/away back")
    stage.keep("planned leave given up", "max", "reply:")
    stage.say("max", "/away 2026-12-24 afternoon", "/away 2026-12-24 오후")
    stage.keep("away for half a day", "max", "reply:")
    stage.say("max", "/away back")
    stage.keep("planned half day given up", "max", "reply:")
    stage.say("max", "/away 2026-12-31..2026-12-24")
    stage.keep("away, backwards", "max", "reply:")
    stage.say("max", "/away 2026-01-01..2026-01-02")
    stage.keep("away, in the past", "max", "reply:")
    stage.say("max", "/checkin skip next week", "/checkin skip 다음 주")
    stage.keep("another week to skip", "max", "reply:")
    stage.say("max", "/away 2026-12-24..2027-12-31")
    stage.keep("away, with a slip in the year", "max", "reply:")
    stage.say("max", "/away 2026-12-24..2026-12-31")
    stage.keep("away, corrected", "max", "reply:")
    stage.say("max", "/away 2026-12-28")
    stage.keep("away, in a longer leave", "max", "reply:")
    stage.say("max", "/away back")
    stage.say("max", "/away 2026-11-23..2026-11-25")
    stage.to(24, 10)
    stage.say("max", "/away back")
    stage.keep("back from leave", "max", "reply:")
    stage.say("max", "/away 2026-11-25..2026-12-04")
    stage.say("max", "snooze 3d", "3일 뒤에 알려 줘")
    stage.keep("snoozed past a leave", "max")


def leaving(stage: Stage) -> None:
    stage.company(stage.portal(), end_date=date(2026, 11, 24))
    stage.say("max", "snooze 3d", "3일 뒤에 알려 줘")
    stage.keep("no working time to snooze to", "max", "reply:")


def asks_why(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.say("max", "/rondo why")
    stage.keep("why: nothing was sent", "max", "reply:")
    answer = stage.seen("max", "reply:").key
    stage.play.act("max", Action(Verb.WHY, (answer,)))
    stage.keep("why: an answer", "max", "reply:")
    stage.to(26, 11)
    stage.press("max", Verb.WHY)
    stage.keep("why: check-in", "max", "reply:")
    stage.to(26, 15)
    stage.press("max", Verb.WHY, message=stage.seen("max", "reminder:"))
    stage.keep("why: reminder", "max", "reply:")
    stage.say("max", "/checkin")
    stage.press("max", Verb.WHY, message=stage.seen("max", "checkin:"))
    stage.keep("why: asked for", "max", "reply:")


def why_by_policy(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.prompt_on("Tuesday 10:00 for team Web because fewer meetings")
    stage.to(24, 11)
    stage.press("max", Verb.WHY)
    stage.keep("why: check-in, HR moved it", "max", "reply:")


def why_at_a_slot(stage: Stage) -> None:
    stage.play.store.window = lambda people: timedelta(minutes=11)  # as if thousands were asked at ten
    stage.company(stage.portal())
    stage.to(26, 11)
    stage.press("max", Verb.WHY)
    stage.keep("why: check-in, in a send window", "max", "reply:")


SCENES = (first_contact, met_by_the_prompt, helped, settings, on_leave, leaving, asks_why, why_by_policy, why_at_a_slot)
