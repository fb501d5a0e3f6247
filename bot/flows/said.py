"""What somebody wrote, plain words or a command: understood, then handed to the flow it belongs to."""

from dataclasses import replace
from typing import assert_never

from bot.decision import Decision
from bot.flows import checkin as checkins
from bot.flows import goals, health, hr, leave, mutes, people, why
from bot.model import Status
from bot.rules.people import local_now
from bot.scene import Scene
from bot.talk.cards import Note, Paragraph
from bot.talk.intents import (
    Ambiguous,
    Away,
    BackFromAway,
    CheckInHistory,
    CheckInSettings,
    GoalsLater,
    Help,
    Intent,
    Language,
    Malformed,
    Mute,
    NudgesHealth,
    NudgesHistory,
    NudgesLock,
    NudgesPause,
    NudgesProfile,
    NudgesRevert,
    NudgesSet,
    NudgesShow,
    Pleasantry,
    Question,
    Report,
    ReportAll,
    RondoLater,
    ShowCheckIn,
    ShowGoals,
    ShowTeam,
    Skip,
    Snooze,
    Unclear,
    Unmute,
    UpdateGoal,
    WhichGoals,
    Why,
    understand,
)

SNOOZE_MINUTES = 120
"""What the *Snooze* button takes: two hours (PRODUCT.md section 4, "snooze 2h")."""


def said(scene: Scene, text: str) -> Decision:
    """The answer to a text; the desk is the speaker's own."""
    today = local_now(scene.person, scene.situation).date()
    return meant(scene, understand(text, goals=scene.active_goals(), today=today))


def meant(scene: Scene, intent: Intent) -> Decision:
    """The flow for an intent."""
    match intent:
        case ShowCheckIn():
            return checkins.shown(scene, checkins.current(scene))
        case CheckInHistory():
            return people.history(scene)
        case CheckInSettings():
            return people.settings(scene)
        case Skip(reason=reason):
            return checkins.skipped(scene, checkins.current(scene), reason)
        case Snooze(minutes=minutes, until_tomorrow=until_tomorrow):
            return checkins.snoozed(scene, checkins.current(scene), None if until_tomorrow else minutes or SNOOZE_MINUTES)
        case ReportAll(status=status, note=note):
            return _all(scene, {goal.id: status for goal in scene.active_goals()}, note)
        case Report(items=items):
            return goals.reported(scene, items)
        case ShowGoals(which=which):
            team = which is WhichGoals.TEAM
            return _later(scene, "/goals") if team else goals.listed(scene, at_risk=which is WhichGoals.AT_RISK)
        case UpdateGoal(goal_id=goal_id):
            return goals.asked_which(scene, (goal_id,) if goal_id else ())
        case Away(first=first, last=last, part=part):
            return leave.went_away(scene, first, last, part)
        case BackFromAway():
            return leave.came_back(scene)
        case Help():
            return people.helped(scene)
        case Why():
            return why.explained(scene, scene.situation.asked_about)
        case Language(code=code):
            return people.speaks(scene, code)
        case NudgesShow() | NudgesSet() | NudgesLock() | NudgesProfile() | NudgesPause() | NudgesHistory() | NudgesRevert():
            return hr.asked(scene, intent)
        case NudgesHealth(rule=rule):
            return health.shown(scene, rule)
        case GoalsLater() | ShowTeam():
            return _later(scene, "/goals")
        case Mute(rule=rule, until=until):
            return mutes.muted(scene, rule, until.isoformat() if until else mutes.FOR_GOOD)
        case Unmute(rule=rule):
            return mutes.muted(scene, rule, mutes.OFF)
        case RondoLater():
            return _later(scene, "/rondo help")
        case Ambiguous(question=question, candidates=candidates):
            return _asked_back(scene, question, candidates)
        case Malformed(nearest=nearest):
            return scene.tell("words-malformed", form=nearest)
        case Pleasantry():
            return scene.tell("words-pleasantry-open" if people.unanswered(scene) else "words-pleasantry")
        case Unclear():
            return _unclear(scene)
        case _:
            assert_never(intent)


def _all(scene: Scene, statuses: dict[str, Status], note: str) -> Decision:
    if not statuses:
        return scene.tell("goals-none")
    checkin = checkins.current(scene)
    if note:
        checkin = replace(checkin, adjust=checkin.adjust or note)
    return checkins.reported(scene, checkin, statuses, how="words")


def _unclear(scene: Scene) -> Decision:
    voice = scene.voice(scene.actor)
    examples = Note(text=voice.text("words-examples"))
    return scene.reply(Paragraph(text=voice.text("words-unclear")), examples, summary=voice.line("words-unclear"))


def _later(scene: Scene, form: str) -> Decision:
    """A command of a later release: say so honestly, and name what works."""
    return scene.tell("words-not-yet", form=form)


def _asked_back(scene: Scene, question: Question, candidates: tuple[str, ...]) -> Decision:
    match question:
        case Question.GOAL:
            return goals.asked_which(scene, candidates)
        case Question.KEY_RESULT:
            owners = tuple(
                goal.id for goal in scene.active_goals() if any(result.id in candidates for result in goal.key_results)
            )
            return goals.asked_which(scene, owners)
        case Question.STATUS:
            return goals.which_status(scene, candidates)
