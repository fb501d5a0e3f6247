"""What a nudge was about, and what its message says once that is over: done, no longer so, or somebody else's now."""

from bot.flows import agenda_card
from bot.flows.duty_lines import duty_named, duty_words
from bot.model import Goal, Nudged
from bot.rules.digest import STAGE as DIGEST
from bot.scene import Scene
from bot.talk.text import Text

TELLS_LEADER = frozenset({"manager", DIGEST})
"""Stages that tell whoever leads somebody."""


def done_line(scene: Scene, row: Nudged) -> Text:
    """What was said and is done, or no longer so."""
    if agenda_card.is_agenda(row):
        return agenda_card.over_words(scene, row)
    about, owner = subject_words(scene, row.subject), given_to(scene, row)
    if not about:
        return scene.voice(scene.person).text("nudge-done", kind="unnamed", subject="", owner="")
    kind = row.subject.partition(":")[0] if acted(scene, row) else "given" if owner else "over"
    return scene.voice(scene.person).text("nudge-done", kind=kind, subject=about, owner=owner or "")


def given_to(scene: Scene, row: Nudged) -> str | None:
    """Who owns a goal now that was somebody else's when this was said. None: nobody else does, as far as is known here.

    Whoever leads was told only after the owner was: what was said to that one names whose it was.
    """
    goal = goal_named(scene, row.subject)
    if goal is None:
        return None
    owner_id = row.recipient_id
    if row.stage in TELLS_LEADER:
        same = (row.rule, row.subject)
        asked = [one for one in scene.situation.nudged if (one.rule, one.subject) == same and one.decided_at <= row.decided_at]
        asked = [one for one in asked if one.stage not in TELLS_LEADER and one.recipient_id != row.recipient_id]
        owner_id = max(asked, key=lambda one: one.decided_at).recipient_id if asked else goal.owner_id
    return None if goal.owner_id == owner_id else scene.name(goal.owner_id) or None


def subject_words(scene: Scene, subject: str) -> str:
    """What a subject is called in front of people; empty where nobody knows."""
    kind, _, name = subject.partition(":")
    goal = goal_named(scene, subject)
    if goal is not None:
        return goal.title
    return duty_words(scene, name) if kind == "duty" else scene.name(name)


def acted(scene: Scene, row: Nudged) -> bool:
    """Something was done about it since it was said: an update, a decision asked for, a duty done, an answer."""
    goal, duty = goal_named(scene, row.subject), duty_named(scene, row.subject)
    since = (one.goal_id for one in scene.situation.escalations if one.opened_at >= row.decided_at)
    asked = goal is not None and goal.id in since
    theirs = scene.situation.reports_checkins.get(row.subject.removeprefix("person:"), ())
    answered = any(one.answered_at is not None and one.answered_at > row.decided_at for one in theirs)
    updated = goal is not None and goal.updated_at >= row.decided_at and given_to(scene, row) is None
    talked = agenda_card.was_used(scene, row)
    return updated or asked or answered or talked or (duty is not None and duty.done_at is not None)


def goal_named(scene: Scene, subject: str) -> Goal | None:
    """The goal a subject `goal:ID` names, if it is known."""
    kind, _, name = subject.partition(":")
    goals = (*scene.situation.goals, *scene.situation.reports_goals)
    return next((goal for goal in goals if kind == "goal" and goal.id == name), None)
