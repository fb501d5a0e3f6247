"""Scenes of goals seen: one goal by its different readers, a team's goals, goals that belong to a goal."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.model import (
    Changed,
    Choice,
    Closing,
    Contribution,
    Escalation,
    EscalationState,
    Goal,
    GoalKind,
    GoalState,
    Revision,
    person_id,
)
from bot.talk.actions import Action, Verb
from storage import schema
from storage.rows import escalation_row
from tests.gallery.stage import Stage
from tests.play.company import MONDAY, email_of, goal, result


def _id(name: str) -> str:
    return person_id(email_of(name))


def _portal(stage: Stage, **more: object) -> Goal:
    """A goal with everything that can stand on its card."""
    pages = replace(stage.result("K1", "pages"), current=Decimal(40), due=date(2026, 12, 15))
    bare = replace(stage.result("K9", "talks", "", 0, 20), start=None)
    fed = replace(stage.result("K8", "nps", "points", 20, 50), current=Decimal(31), source="grafana")
    made = goal("O1", "max", stage.words.title("portal"), pages, fed, bare, parent_id="P1", why=stage.words.text("adjust"))
    return replace(made, **more)  # type: ignore[arg-type]


def _plan(stage: Stage) -> Goal:
    return goal("P1", "dana", stage.words.title("customers"))


def _show(stage: Stage, who: str, goal_id: str) -> None:
    stage.play.act(who, Action(Verb.SHOW_GOAL, (goal_id,)))


def one_goal(stage: Stage) -> None:
    change = Changed(field="target:K1", before="100", after="80")
    revision = Revision(
        number=1,
        at=MONDAY,
        by=_id("max"),
        reason=stage.words.text("legal"),
        changes=(change,),
        approved=True,
        answered_at=MONDAY,
        answered_by=_id("dana"),
    )
    stage.company(_plan(stage), _portal(stage, revisions=(revision,)))
    decided = Escalation(
        id="e1",
        goal_id="O1",
        owner_id=_id("max"),
        opened_at=MONDAY - timedelta(days=60),
        ladder=(_id("dana"),),
        holder_id=_id("dana"),
        state=EscalationState.DECIDED,
        decided_at=MONDAY - timedelta(days=58),
        decided_by=_id("dana"),
        choice=Choice.RESOURCES,
        note=stage.words.text("lawyers"),
    )
    with stage.play.engine.begin() as connection:
        connection.execute(schema.escalation.insert(), escalation_row(decided))
    stage.say("max", "/goals show O1")
    stage.keep("one goal, its owner", "max", "reply:")
    _show(stage, "dana", "O1")
    stage.keep("one goal, its owner's manager", "dana", "reply:")
    _show(stage, "boss", "O1")
    stage.keep("one goal, a manager further up", "boss", "reply:", quiet=True)
    _show(stage, "mina", "O1")
    stage.keep("one goal, somebody of the same team", "mina", "reply:")
    _show(stage, "mina", "gone")
    stage.keep("one goal, not open to the reader", "mina", "reply:")
    stage.say("max", "/goals show P1")
    stage.keep("a goal that one of mine supports", "max", "reply:")
    stage.say("max", "/goals show 42")
    stage.keep("a goal that is not found", "max", "reply:")


def before_and_after(stage: Stage) -> None:
    closing = Closing(at=MONDAY, by=_id("max"), learned=stage.words.text("note"), score=Decimal("0.65"))
    asked = replace(stage.interviews(question=stage.words.text("interviews")), state=GoalState.PROPOSED)
    stage.company(
        replace(stage.portal(), state=GoalState.DRAFT), replace(stage.customers(), state=GoalState.CLOSED, closing=closing), asked
    )
    for goal_id, name in (("O1", "a draft"), ("O2", "a graded goal"), ("O3", "a goal that waits for approval")):
        stage.say("max", f"/goals show {goal_id}")
        stage.keep(f"one goal, {name}", "max", "reply:")
    _show(stage, "dana", "O2")
    stage.keep("one goal, a graded goal, the manager", "dana", "reply:", quiet=True)


def cross_team(stage: Stage) -> None:
    parts = (
        Contribution(team="Web", deliverable=stage.words.text("pages"), due=date(2026, 12, 1)),
        Contribution(team="Legal", deliverable=stage.words.text("legal"), delivered=True),
    )
    stage.company(stage.portal(coordinator_id=_id("mina"), contributions=parts))
    stage.say("max", "/goals show O1")
    stage.keep("a cross-team goal, its owner", "max", "reply:")
    press = stage.button("max", Verb.DELIVERED, "Web").action
    _show(stage, "mina", "O1")
    stage.keep("a cross-team goal, its coordinator", "mina", "reply:")
    stage.press("mina", Verb.DELIVERED, "Web")
    stage.keep("a cross-team goal, a part delivered", "mina", "reply:", quiet=True)
    stage.play.act("dana", press)
    stage.keep("a part delivered, not theirs to mark", "dana", "reply:")
    with stage.play.imports.begin() as imported:
        (one,) = imported.read_goals()
        imported.apply_goals([replace(one, contributions=one.contributions[1:])], at=stage.play.now, cause="test")
    stage.play.act("max", press)
    stage.keep("a part delivered, changed meanwhile", "max", "reply:")


def belonging(stage: Stage) -> None:
    reached = result("K4", stage.words.text("talks"), "", 0, 20, current=Decimal(20))
    closing = Closing(at=MONDAY, by=_id("max"), learned="…", reached=False)
    stage.company(
        _plan(stage),
        _portal(stage, status="on_track"),
        goal("O4", "mina", stage.words.title("interviews"), reached, parent_id="P1"),
        goal("O5", "max", stage.words.title("other#5"), parent_id="P1", state=GoalState.CLOSED, closing=closing),
        replace(stage.customers(parent_id="P1"), key_results=(replace(stage.customers().key_results[0], current=Decimal(35)),)),
        stage.interviews(parent_id="P1"),
        goal("O6", "mina", stage.words.title("other#6"), parent_id="P1", coordinator_id=_id("max")),
    )
    stage.say("dana", "/goals show P1")
    stage.keep("one goal, with goals that support it", "dana", "reply:")


def several_results(stage: Stage) -> None:
    stage.company(*stage.crowd(goals=1, results=10))
    stage.say("max", "/goals show X01")
    stage.keep("one goal, ten key results", "max", "reply:", quiet=True)
    stage.say("max", "/goals team")
    stage.keep("a team's one goal", "max", "reply:", quiet=True)


def team(stage: Stage) -> None:
    green = stage.portal(status="on_track", updated_at=MONDAY - timedelta(days=20))
    stage.company(green, stage.customers(status="at_risk"), goal("O4", "mina", stage.words.title("interviews"), kind="learning"))
    stage.say("mina", "/goals team")
    stage.keep("a team's goals", "mina", "reply:")
    stage.say("dana", "/team")
    stage.keep("a team's goals, its manager without a team", "dana", "reply:")
    stage.say("dana", "/team Wep")
    stage.keep("a team that nobody knows", "dana", "reply:")
    stage.say("boss", "/team")
    stage.keep("a team's goals, fewer than five people further down", "boss", "reply:")
    stage.play.with_people(stage.person("tom", manager="hana"), stage.person("hana", team="Sales"))
    stage.say("tom", "/team Web")
    stage.keep("another team's goals", "tom", "reply:")
    stage.say("tom", "/team")
    stage.keep("no team", "tom", "reply:")
    stage.say("hana", "/team")
    stage.keep("a team without goals", "hana", "reply:")
    stage.play.with_goals(replace(goal("N1", "mina", stage.words.title("other#1")), kind=GoalKind.KPO))
    stage.say("max", "/team Web")
    stage.keep("a team's goals, one of a new hire", "max", "reply:", quiet=True)


def further_down(stage: Stage) -> None:
    stage.company(*stage.crowd(goals=12, results=4), goal("O9", "mina", stage.words.title("portal")))
    many = [replace(stage.person("tom", manager="max"), id=f"t{n}", email=f"t{n}@acme.example") for n in range(6)]
    stage.play.with_people(*many)
    goals = [replace(goal(f"T{n}", "tom", stage.words.title(f"other#{n}")), owner_id=f"t{n}") for n in range(6)]
    stage.play.with_goals(*goals, replace(stage.customers(), id="T9", owner_id="t1", key_results=()))
    stage.say("dana", "/team")
    stage.keep("a team's goals, thirteen and people further down", "dana", "reply:")
    stage.say("boss", "/team Web")
    stage.keep("another team's goals, HR", "boss", "reply:", quiet=True)


SCENES = (one_goal, before_and_after, cross_team, belonging, several_results, team, further_down)
