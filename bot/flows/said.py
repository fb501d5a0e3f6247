"""What somebody wrote, plain words or a command: understood, then handed to the flow it belongs to."""

from dataclasses import replace
from typing import assert_never

from bot.decision import NOTHING, Decision, together
from bot.flows import checkin as checkins
from bot.flows import (
    checkin_said,
    concerns,
    digest_wish,
    forgetting,
    goal_card,
    goal_closing,
    goal_writing,
    goals,
    health,
    hr,
    kpis,
    leave,
    mutes,
    one_on_ones,
    people,
    privacy,
    team_post,
    teams,
    why,
)
from bot.model import Status
from bot.rules.people import local_now
from bot.scene import Scene
from bot.talk.cards import Note, Paragraph
from bot.talk.intents import (
    AddGoal,
    Ambiguous,
    Away,
    BackFromAway,
    CheckInHistory,
    CheckInSettings,
    CloseGoal,
    Concern,
    DigestWhen,
    EditGoal,
    ExportMine,
    Forget,
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
    OneOnOne,
    OneOnOneSlot,
    Pleasantry,
    Prefer,
    Privacy,
    Question,
    Report,
    ReportAll,
    ShowCheckIn,
    ShowGoal,
    ShowGoals,
    ShowTeam,
    Skip,
    Snooze,
    TeamPost,
    Unblocked,
    Unclear,
    Unmute,
    UpdateGoal,
    WhichGoals,
    Why,
    understand,
)
from bot.talk.text import clean

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
        case Unblocked():
            return goals.unblocked(scene) or _unclear(scene)
        case ShowGoals(which=which):
            return _goals(scene, which)
        case AddGoal(kind="kpi", words=words):
            return kpis.begun(scene, words)
        case AddGoal(kind=kind, words=words):
            return goal_writing.begun(scene, kind, words)
        case ShowGoal(words=words):
            return goal_card.wanted(scene, words)
        case EditGoal(words=words):
            return goal_writing.edit_wanted(scene, words)
        case CloseGoal(words=words):
            return goal_closing.wanted(scene, words)
        case OneOnOne(who=who, words=words):
            return one_on_ones.said(scene, who, words)
        case OneOnOneSlot():
            return one_on_ones.slot_said(scene, intent)
        case DigestWhen(value=value):
            return digest_wish.wanted(scene, value)
        case Prefer(platform=platform):
            return people.prefers(scene, platform)
        case TeamPost():
            return team_post.wanted(scene, intent)
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
        case ShowTeam(name=name):
            return teams.shown(scene, name)
        case Mute(rule=rule, until=until):
            return mutes.muted(scene, rule, until.isoformat() if until else mutes.FOR_GOOD)
        case Unmute(rule=rule):
            return mutes.muted(scene, rule, mutes.OFF)
        case Privacy():
            return privacy.shown(scene)
        case ExportMine(page=page):
            return privacy.exported(scene, page)
        case Forget(step=step):
            return forgetting.asked(scene, step)
        case Concern(words=words):
            return concerns.raised(scene, words)
        case Ambiguous(question=question, candidates=candidates):
            return _asked_back(scene, question, candidates)
        case Malformed(nearest=nearest, phrase=phrase):
            return scene.tell(phrase, form=nearest)
        case Pleasantry():
            return scene.tell("words-pleasantry-open" if people.unanswered(scene) else "words-pleasantry")
        case Unclear():
            return _unclear(scene)
        case _:
            assert_never(intent)


def _goals(scene: Scene, which: WhichGoals) -> Decision:
    match which:
        case WhichGoals.MINE:
            return goals.listed(scene)
        case WhichGoals.AT_RISK:
            return goals.listed(scene, at_risk=True)
        case WhichGoals.TEAM:
            return teams.shown(scene, "")
        case WhichGoals.STOP_LIST:
            return goal_writing.stop_list(scene)
        case WhichGoals.KPIS:
            return kpis.listed(scene)


def _all(scene: Scene, statuses: dict[str, Status], note: str) -> Decision:
    if not statuses:
        return scene.tell("goals-none")
    checkin = checkins.in_question(scene)
    adjust = checkin_said.joined(checkin.adjust, note)
    unkept = scene.tell("words-note-full", note=clean(note, limit=300)) if adjust is None else NOTHING
    checkin = replace(checkin, adjust=checkin.adjust if adjust is None else adjust)
    return together(checkins.reported(scene, checkin, statuses, how="words"), unkept)


def _unclear(scene: Scene) -> Decision:
    voice = scene.voice(scene.actor)
    examples = Note(text=voice.text("words-examples"))
    return scene.reply(Paragraph(text=voice.text("words-unclear")), examples, summary=voice.line("words-unclear"))


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
