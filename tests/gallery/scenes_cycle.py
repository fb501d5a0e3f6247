"""Scenes of goals and cycles over weeks: missed check-ins in the digest, numbers that stand still, a cycle's pace and its end."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.model import Goal
from bot.rules.registry import RULES
from bot.talk.actions import Verb
from tests.gallery.stage import Stage
from tests.play.company import goal

DIGEST = "decisions:digest:"


def portal_at(stage: Stage, current: int) -> Goal:
    """The committed goal, so far on its way."""
    return goal("O1", "max", stage.words.title("portal"), replace(stage.result("K1", "pages"), current=Decimal(current)))


def quiet(stage: Stage, *rules: str) -> None:
    """HR switches rules off that are not the point of a scene."""
    for rule in rules:
        stage.say("boss", f"/nudges set {rule} off")
        stage.press("boss", Verb.SET_POLICY)


def missed(stage: Stage) -> None:
    stage.company()
    quiet(stage, "cycle.prepare")
    stage.to(8, 10, month=12)
    stage.keep("digest: missed check-ins", "dana", DIGEST)
    stage.press("dana", Verb.WHY, message=stage.seen("dana", DIGEST))
    stage.keep("why: missed check-ins", "dana", "reply:")
    digest = stage.seen("dana", DIGEST)
    stage.to(10, 11, month=12)
    stage.say("max", "/checkin skip")
    stage.to(14, 11, month=12)
    assert digest.edits
    stage.keep("digest: missed check-ins, one skipped since", "dana", DIGEST, quiet=True)


def flat(stage: Stage) -> None:
    dream = replace(stage.customers(), key_results=(replace(stage.customers().key_results[0], current=Decimal(25)),))
    stage.company(portal_at(stage, 60), dream)
    for day, month in ((26, 11), (3, 12), (10, 12), (17, 12)):
        stage.to(day, 11, month=month)
        stage.say("max", "all on track", "모두 순조로워요")
    stage.to(18, 12, month=12)
    stage.keep("numbers that stand still", "max", "goal.flatline")
    stage.press("max", Verb.WHY, message=stage.seen("max", "goal.flatline"))
    stage.keep("why: numbers that stand still", "max", "reply:")
    stage.press("max", Verb.REPORT, "O2", "at_risk", message=stage.seen("max", "goal.flatline"))
    stage.keep("numbers that stand still, answered", "max", "goal.flatline", quiet=True)


def behind(stage: Stage) -> None:
    stage.company(replace(portal_at(stage, 10), answered_at=stage.play.now - timedelta(days=7)))
    quiet(stage, "cycle.prepare")
    stage.to(23, 11)
    stage.keep("behind the pace of the cycle", "max", "goal.off_pace")
    stage.press("max", Verb.WHY, message=stage.seen("max", "goal.off_pace"))
    stage.keep("why: behind the pace, owner", "max", "reply:")
    stage.to(1, 10, month=12)
    stage.keep("digest: behind the pace of the cycle", "dana", DIGEST)
    stage.press("dana", Verb.WHY, message=stage.seen("dana", DIGEST))
    stage.keep("why: behind the pace, manager", "dana", "reply:")


def prepared(stage: Stage) -> None:
    stage.company()
    stage.to(1, 9, month=12)
    stage.keep("questions for the next cycle", "dana", "cycle.prepare")
    stage.press("dana", Verb.WHY, message=stage.seen("dana", "cycle.prepare"))
    stage.keep("why: questions for the next cycle", "dana", "reply:")
    asked = stage.seen("dana", "cycle.prepare")
    opened = stage.press("dana", Verb.OPEN_DUTY, message=asked)
    form = stage.keep_form("form: questions for the next cycle", "dana", opened)
    stage.keep_form("form: questions for the next cycle, unanswered", "dana", stage.submit("dana", form), quiet=True)
    stage.submit("dana", form, matters=stage.words.text("wins"), stop=stage.words.text("note"))
    stage.keep("questions answered", "dana", "reply:")
    stage.keep("questions for the next cycle, answered", "dana", "cycle.prepare")


def wrapped_up(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers(), stage.interviews())
    quiet(stage, "goal.stalled.owner")
    stage.to(24, 9, month=12)
    stage.keep("wrap-up", "max", "cycle.wrap_up")
    stage.press("max", Verb.WHY, message=stage.seen("max", "cycle.wrap_up"))
    stage.keep("why: wrap-up", "max", "reply:")
    form = stage.keep_form("form: wrap-up", "max", stage.press("max", Verb.OPEN_DUTY, message=stage.seen("max", "cycle.wrap_up")))
    wrong = stage.submit("max", form, learned_O1=stage.words.text("note"), score_O2="7")
    stage.keep_form("form: wrap-up, with errors", "max", wrong)
    words = {f"learned_{one}": stage.words.text("note") for one in ("O1", "O2", "O3")}
    choices = {"next_O1": "carry", "next_O2": "revise", "next_O3": "stop"}
    stage.submit("max", form, **words, **choices, reached_O1="yes", score_O2="0.7")
    stage.keep("wrapped up", "max", "reply:")
    stage.keep("wrap-up, done", "max", "cycle.wrap_up")


def many_wrapped_up(stage: Stage) -> None:
    talks = [replace(stage.interviews(), id=f"L{number:02}", key_results=()) for number in range(10)]
    stage.company(*talks)
    quiet(stage, "goal.stalled.owner")
    stage.to(24, 9, month=12)
    asked = stage.seen("max", "cycle.wrap_up")
    form = stage.keep_form("form: wrap-up of many goals", "max", stage.press("max", Verb.OPEN_DUTY, message=asked), quiet=True)
    said = {f"learned_L{number:02}": stage.words.text("note") for number in range(8)}
    stage.submit("max", form, **said, **{f"next_L{number:02}": "stop" for number in range(8)})
    stage.keep("wrapped up, some goals left", "max", "reply:")


def every_rule(stage: Stage) -> None:
    """What HR reads about each rule and each of its thresholds."""
    stage.company()
    for number, rule in enumerate(RULES, start=1):
        stage.say("boss", f"/nudges show {rule.name}")
        stage.keep(f"a rule in words, {number}", "boss", "reply:", quiet=True)


SCENES = (missed, flat, behind, prepared, wrapped_up, many_wrapped_up, every_rule)
