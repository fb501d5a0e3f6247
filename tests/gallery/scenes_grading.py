"""Scenes of goals that are closed: a grade by type, by a coordinator, in a new hire's last review; drafts for the next cycle."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.model import Contribution, Goal, GoalKind, GoalState, GoalType, person_id
from bot.talk.actions import Action, Verb
from tests.gallery.scenes_cycle import quiet
from tests.gallery.stage import Stage
from tests.play.company import email_of

SCORES = ("0.2", "0.5", "0.65", "0.8", "1")


def measured(goal: Goal, current: int) -> Goal:
    """The goal with its first key result so far on its way."""
    return replace(goal, key_results=(replace(goal.key_results[0], current=Decimal(current)),))


def committed(stage: Stage) -> None:
    stage.company(measured(stage.portal(), 60))
    stage.say("max", "/goals close")
    stage.keep("closing: one goal", "max", "reply:")
    opened = stage.press("max", Verb.CLOSE_GOAL)
    form = stage.keep_form("form: closing a committed goal", "max", opened)
    note, adjust = stage.words.text("note"), stage.words.text("adjust")
    refused = stage.submit("max", form, learned_O1=note)
    stage.keep_form("form: closing a committed goal, what should be adjusted", "max", refused)
    stage.submit("max", form, learned_O1=note, explanation_O1=adjust, next_O1="revise")
    stage.keep("closed: a committed goal, to be revised", "max", "reply:")
    stage.say("max", "/goals close")
    stage.keep("closing: a goal that is closed", "max", "reply:")
    stage.say("max", "/goals close moon", "/goals close 달")
    stage.keep("closing: a goal nobody knows", "max", "reply:", quiet=True)
    stage.keep_form(
        "form: the draft of a goal to be revised", "max", stage.play.act("max", Action(Verb.EDIT_GOAL, ("O1~2027-Q1",)))
    )
    stage.to(24, 10)
    stage.keep("asked, draft for the next cycle", "max", "cycle.next.owner")
    stage.press("max", Verb.WHY, message=stage.seen("max", "cycle.next.owner"))
    stage.keep("why: draft for the next cycle", "max", "reply:")


def aspirational(stage: Stage) -> None:
    stage.company(measured(stage.customers(), 38), stage.portal())
    form = stage.form_of("max", Action(Verb.CLOSE_GOAL, ("O2",)))
    stage.keep_form("form: closing an aspirational goal", "max", stage.play.act("max", Action(Verb.CLOSE_GOAL, ("O2",))))
    for score in SCORES:
        stage.submit("max", form, learned_O2=stage.words.text("note"), score_O2=score)
        stage.keep(f"closed: an aspirational goal at {score}", "max", "reply:", quiet=score != "0.65")
    stage.say("max", "/goals close")
    stage.keep("closing: which goal", "max", "reply:", quiet=True)


def learning(stage: Stage) -> None:
    stage.company(stage.interviews(question=stage.words.text("adjust")))
    form = stage.keep_form("form: closing a learning goal", "max", stage.play.act("max", Action(Verb.CLOSE_GOAL, ("O3",))))
    stage.submit("max", form, learned_O3=stage.words.text("note"))
    stage.keep("closed: a learning goal", "max", "reply:")


def cross_team(stage: Stage) -> None:
    parts = (
        Contribution(team=stage.words.text("legal"), deliverable=stage.words.text("note")),
        Contribution(team="Web", deliverable=stage.words.text("pages")),
    )
    shared = stage.portal(coordinator_id=person_id(email_of("boss")), contributions=parts)
    stage.company(shared)
    quiet(stage, "cycle.prepare")
    stage.play.act("dana", Action(Verb.CLOSE_GOAL, ("O1",)))
    stage.keep("closing: somebody else's goal", "dana", "reply:")
    opened = stage.play.act("boss", Action(Verb.CLOSE_GOAL, ("O1",)))
    form = stage.keep_form("form: closing a cross-team goal, its coordinator", "boss", opened)
    delivered = {"delivered:O1:0": "no", "delivered:O1:1": "yes"}
    note, adjust = stage.words.text("note"), stage.words.text("adjust")
    stage.submit_fields("boss", form, {"learned:O1": note, "reached:O1": "no", "explanation:O1": adjust, **delivered})
    stage.keep("closed: a cross-team goal, its coordinator", "boss", "reply:")
    stage.play.tick()
    stage.keep("news: a coordinator closed the goal", "max", "cycle.wrap_up.graded")
    stage.press("max", Verb.WHY, message=stage.seen("max", "cycle.wrap_up.graded"))
    stage.keep("why: a coordinator closed the goal", "max", "reply:")


def not_open(stage: Stage) -> None:
    stage.company(stage.portal(state=GoalState.DRAFT))
    stage.play.act("max", Action(Verb.CLOSE_GOAL, ("O1",)))
    stage.keep("closing: a goal that was not approved", "max", "reply:", quiet=True)
    stage.say("max", "/goals close")
    stage.keep("closing: no goal", "max", "reply:", quiet=True)


def several_stretches(stage: Stage) -> None:
    """A wrap-up with more than one aspirational goal, one of them carried forward."""
    second = replace(stage.portal(), type=GoalType.ASPIRATIONAL)
    stage.company(second, stage.customers())
    quiet(stage, "goal.stalled.owner")
    stage.to(24, 9, month=12)
    form = stage.form("max", Verb.OPEN_DUTY, message=stage.seen("max", "cycle.wrap_up"))
    words = {f"learned_{one}": stage.words.text("note") for one in ("O1", "O2")}
    stage.submit("max", form, **words, next_O1="carry", next_O2="carry", score_O1="0.7", score_O2="0.5")
    stage.keep("wrapped up, with the drafts that came out of it", "max", "reply:")


def performance(stage: Stage) -> None:
    objectives = [replace(goal, kind=GoalKind.KPO) for goal in stage.crowd(goals=4, results=1)]
    stage.company(*objectives, start_date=date(2026, 8, 31))
    quiet(stage, "goal.stalled.owner", "goal.off_pace.points", "cycle.prepare")
    stage.to(30, 10)
    stage.keep("review is near, performance objectives of the new hire", "max", "kpo.review.newcomer")
    stage.keep("review is near, performance objectives for the manager", "dana", "kpo.review.manager")
    form = stage.form("max", Verb.CLOSE_GOAL, message=stage.seen("max", "kpo.review.newcomer"))
    stage.keep_form("form: closing a performance objective", "max", stage.play.act("max", form_action(form.action)))
    goal_id = form.action.args[0]
    said = {f"learned:{goal_id}": stage.words.text("note"), f"reached:{goal_id}": "yes"}
    stage.submit_fields("max", form, said)
    stage.play.tick()
    stage.keep("review is near, one objective closed", "max", "kpo.review.newcomer", quiet=True)


def form_action(action: Action) -> Action:
    """The button that opened the form of this grade."""
    return Action(Verb.CLOSE_GOAL, action.args)


def no_goal(stage: Stage) -> None:
    stage.company()
    quiet(stage, "cycle.prepare")
    stage.say("boss", "/nudges set cycle.next.empty 2d")
    stage.press("boss", Verb.SET_POLICY)
    stage.play.move_to(stage.play.now.replace(year=2027, month=1, day=8, hour=11))
    stage.keep("asked, a cycle without a goal", "max", "cycle.next.empty")
    stage.press("max", Verb.WHY, message=stage.seen("max", "cycle.next.empty"))
    stage.keep("why: a cycle without a goal", "max", "reply:")


def led(stage: Stage) -> None:
    """A leader's answers reach those who write goals for the next cycle."""
    stage.company()
    stage.to(1, 9, month=12)
    form = stage.form("dana", Verb.OPEN_DUTY, message=stage.seen("dana", "cycle.prepare"))
    stage.submit("dana", form, matters=stage.words.text("wins"), stop=stage.words.text("note"))
    opened = stage.play.act("max", Action(Verb.WRITE_GOAL, ("committed",)))
    stage.keep_form("form: a new goal, with what the manager said", "max", opened, quiet=True)


SCENES = (committed, aspirational, learning, cross_team, not_open, several_stretches, performance, no_goal, led)
