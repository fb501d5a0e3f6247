"""Scenes of goals: the list, what people say about them in plain words, and goals nobody spoke about for a while."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.talk.actions import Action, Verb
from tests.gallery.stage import Stage
from tests.play.company import goal


def listed(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers(status="on_track"), stage.interviews())
    stage.say("max", "/goals")
    stage.keep("list", "max", "reply:")
    stage.say("max", "/goals at-risk")
    stage.keep("nothing needs attention", "max", "reply:")
    stage.say("dana", "/goals")
    stage.keep("list, without goals", "dana", "reply:")
    stage.say("max", "/goals update")
    stage.keep("which goal to update", "max", "reply:")
    stage.say("max", f"/goals update {stage.words.plain('portal')}")
    stage.keep("a goal to update", "max", "reply:")
    stage.say("dana", "/goals update")
    stage.keep("no goal to update", "dana", "reply:", quiet=True)
    stage.to(24, 11)
    stage.say("max", stage.words.plain("portal") + stage.pick(" at risk", " 위험"))
    stage.say("max", "/goals at-risk")
    stage.keep("goals that need attention", "max", "reply:")
    stage.play.act("max", Action(Verb.NEED_DECISION, ("gone",)))
    stage.keep("a goal that is no more", "max", "reply:")


def one_listed(stage: Stage) -> None:
    crossing = stage.portal(coordinator_id=stage.person("mina").id)
    stage.company(crossing)
    stage.say("max", "/goals")
    stage.keep("list, one cross-team goal", "max", "reply:", quiet=True)


def fed_by_a_machine(stage: Stage) -> None:
    pages = replace(stage.result("K1", "pages"), current=Decimal(61), source="grafana")
    stage.company(goal("O1", "max", stage.words.title("portal"), pages))
    stage.to(26, 11)
    stage.say("max", f"{stage.words.plain('portal')} 40%")
    stage.keep("a number that a machine reports, in plain words", "max", "reply:")


def by_words(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers())
    stage.to(26, 11)
    title = stage.words.plain("portal")
    stage.say("max", f"{stage.words.plain('nps')} 1,234")
    stage.keep("a number that can be read in two ways, in plain words", "max", "reply:")
    stage.say("max", f"{title} 40%")
    stage.keep("a number without a status, in plain words", "max", "reply:")
    stage.say("max", f"{title} 40%, blocked by legal", f"{title} 40%, 법무 검토에 막힘")
    stage.keep("answered in plain words", "max", "checkin:")
    minutes = "read the minutes " * 60 if stage.locale == "en" else "회의록 참고 " * 150
    stage.say("max", f"{title} at risk, {minutes}", f"{title} 위험, {minutes}")
    stage.say("max", f"{title} at risk, read the letter", f"{title} 위험, 편지 참고")
    stage.keep("a note without room, in plain words", "max", "reply:")
    stage.say("max", f"{title} is not on track", f"{title} 순조롭지 않아요")
    stage.keep("a status that is none, in plain words", "max", "reply:")
    stage.say("max", "it is at risk", "위험해요")
    stage.keep("which goal is meant", "max", "reply:")
    stage.say("max", "thanks", "고마워요")
    stage.keep("thanks, while a check-in is open", "max", "reply:")
    stage.say("max", "all on track", "모두 순조로워요")
    stage.say("max", "thanks", "고마워요")
    stage.keep("thanks", "max", "reply:")
    stage.say("max", "the weather in Lisbon", "리스본 날씨")
    stage.keep("not understood", "max", "reply:")
    stage.say("max", "/away someday")
    stage.keep("a command with wrong words", "max", "reply:")
    stage.say("max", "/rondo privacy")
    stage.keep("a command of a later release", "max", "reply:")
    stage.play.act("max", Action(Verb.REPORT, stage.button("max", Verb.OPEN_FORM).action.args[:1]))
    stage.keep("a button of an older card", "max", "reply:")


def without_goals(stage: Stage) -> None:
    stage.company()
    stage.say("max", "all on track", "모두 순조로워요")
    stage.keep("all on track, without goals", "max", "reply:", quiet=True)


def silent(stage: Stage) -> None:
    stage.company(stage.portal(status="on_track"), stage.customers(), goal("O5", "mina", stage.words.title("interviews")))
    stage.to(7, 9, month=12)
    stage.keep("quiet goals, their owner", "max", "goal.stalled.")
    stage.say("max", "/goals")
    stage.keep("list, one goal stale", "max", "reply:", quiet=True)
    stage.keep("quiet goal, its owner", "mina", "goal.stalled.")
    stage.play.jump_to(stage.play.now)
    stage.press("max", Verb.REPORT, "O1", "on_track", message=stage.seen("max", "goal.stalled."))
    stage.keep("quiet goals, one updated", "max", "goal.stalled.")
    stage.to(14, 9, month=12)
    stage.keep("quiet goals, their owner's manager", "dana", "goal.stalled.")
    stage.press("max", Verb.REPORT, "O2", "on_track", message=stage.seen("max", "goal.stalled."))
    stage.keep("quiet goals, all updated", "max", "goal.stalled.")
    stage.press("dana", Verb.WHY, message=stage.seen("dana", "goal.stalled."))
    stage.keep("why: quiet goal, manager", "dana", "reply:")
    stage.press("mina", Verb.WHY, message=stage.seen("mina", "goal.stalled."))
    stage.keep("why: quiet goal, owner", "mina", "reply:")


def one_silent(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.to(14, 9, month=12)
    stage.keep("quiet goal, its owner's manager", "dana", "goal.stalled.")


def silent_for_weeks(stage: Stage) -> None:
    """An outage: nothing was said for long, and the true number is told."""
    stage.company(stage.portal(), stage.customers(), stage.interviews())
    stage.play.jump_to(stage.play.now + timedelta(days=16, hours=2))
    stage.keep("quiet goals, three of one owner", "max", "goal.stalled.", quiet=True)


def asked_when_gone(stage: Stage) -> None:
    stage.company(stage.portal(), end_date=date(2026, 12, 15))
    stage.to(14, 9, month=12)
    ask = stage.button("dana", Verb.ASK_OWNER).action
    stage.to(15, 19, month=12)
    stage.play.act("dana", ask)
    stage.keep("ask the owner, gone for long", "dana", "reply:")


def asked_by_the_manager(stage: Stage) -> None:
    stage.company(stage.portal(), end_date=date(2026, 12, 15))
    stage.to(14, 9, month=12)
    ask = stage.button("dana", Verb.ASK_OWNER).action
    stage.to(14, 20, month=12)
    stage.play.act("dana", ask)
    stage.keep("ask the owner, not at work", "dana", "reply:")
    stage.play.act("mina", ask)
    stage.keep("ask the owner, not their manager", "mina", "reply:")
    stage.to(15, 10, month=12)
    stage.play.act("dana", ask)
    stage.keep("ask the owner, sent", "dana", "reply:")
    stage.keep("asked by the manager", "max", "asked:")
    stage.press("max", Verb.WHY, message=stage.seen("max", "asked:"))
    stage.keep("why: asked by the manager", "max", "reply:")
    stage.press("max", Verb.REPORT, "on_track", message=stage.seen("max", "asked:"))
    stage.play.act("dana", ask)
    stage.keep("ask the owner, updated meanwhile", "dana", "reply:")


def many_silent(stage: Stage) -> None:
    stage.company(*stage.crowd(results=6))
    stage.to(7, 9, month=12)
    stage.keep("quiet goals, twelve of one owner", "max", "goal.stalled.", quiet=True)
    stage.to(14, 9, month=12)
    stage.keep("quiet goals, twelve, the manager", "dana", "goal.stalled.", quiet=True)


def nine_silent(stage: Stage) -> None:
    stage.company(*stage.crowd(goals=9, results=1))
    stage.to(14, 9, month=12)
    stage.keep("quiet goals, nine, the manager", "dana", "goal.stalled.", quiet=True)


SCENES = (
    listed,
    one_listed,
    fed_by_a_machine,
    by_words,
    without_goals,
    silent,
    one_silent,
    silent_for_weeks,
    asked_by_the_manager,
    asked_when_gone,
    many_silent,
    nine_silent,
)
