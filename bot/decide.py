"""The one pure function: what follows from an event in a situation. A table of events, each answered by its flow."""

from collections.abc import Callable, Mapping
from typing import assert_never

from bot.decision import NOTHING, Decision, Look, together
from bot.events import (
    Closed,
    Delivered,
    Event,
    FormFailed,
    Introduced,
    Measured,
    Opened,
    Pressed,
    Removed,
    Said,
    Submitted,
    Ticked,
    Undelivered,
    Unlinked,
)
from bot.flows import (
    asking,
    concerns,
    dead_letters,
    deciding,
    delivery,
    desk,
    duties,
    escalation,
    goal_approval,
    goal_card,
    goal_closing,
    goal_writing,
    goals,
    handing_over,
    hr,
    kpi_promotion,
    kpis,
    mutes,
    one_on_ones,
    people,
    reach,
    said,
    team_post,
    why,
)
from bot.flows import checkin as checkins
from bot.health import LETTERS
from bot.model import Escalation, Goal, Status
from bot.rules.people import works_here
from bot.scene import Scene
from bot.situation import Situation
from bot.talk.actions import Action, Verb
from bot.talk.voice import Phrases


def decide(event: Event, situation: Situation, phrases: Phrases) -> Decision:
    """What follows from `event`. Pure: the same arguments give an equal Decision, nothing else is read or changed."""
    scene = Scene(event, situation, phrases)
    match event:
        case Introduced():
            return _back(scene, people.introduced(scene, event))
        case Removed():
            return reach.removed(scene, event)
        case Unlinked():
            return people.unlinked(scene, event)
        case Opened() | Said() | Pressed() | Submitted() | Closed() | FormFailed():
            if not works_here(scene.actor, situation):
                return NOTHING
            first = people.first_contact(scene)
            return team_post.followed(scene, _back(scene, together(first, _by_person(scene.after(first), event))))
        case Measured():
            return team_post.followed(scene, goals.measured(scene, event))
        case Ticked():
            return _ticked(scene, event)
        case Delivered():
            return delivery.arrived(scene, event)
        case Undelivered():
            return delivery.failed(scene, event)
        case _:
            assert_never(event)


def _back(scene: Scene, done: Decision) -> Decision:
    """What was decided, and what follows where somebody whom nothing reached is here again."""
    return together(done, reach.returned(scene.after(done))) if scene.situation.returned else done


def _by_person(scene: Scene, event: Opened | Said | Pressed | Submitted | Closed | FormFailed) -> Decision:
    match event:
        case Opened():
            return people.home(scene)
        case Said(text=text):
            return said.said(scene, text)
        case Pressed(action=action):
            return _pressed(scene, action)
        case Submitted(action=action, values=values):
            match action.verb, action.args:
                case Verb.ANSWER, (checkin_id, *goal_ids):
                    checkin = checkins.named(scene, checkin_id)
                    if checkin is None:
                        return checkins.typed_too_late(scene, values)
                    return checkins.submitted(scene, checkin, tuple(goal_ids), values)
                case Verb.DECIDE, (_,):
                    found = _escalation(scene, action.args[0])
                    return deciding.decided(scene, *found, values) if found else scene.tell("button-unknown")
                case Verb.HAND_OVER, (_,):
                    found = _escalation(scene, action.args[0])
                    return handing_over.handed_over(scene, *found, values) if found else scene.tell("button-unknown")
                case Verb.FILL_IN, (duty_id, *_):
                    return duties.filled_in(scene, duty_id, values)
                case Verb.SAVE_GOAL, (goal_id, *rest):
                    return goal_writing.saved(scene, goal_id, rest[0] if rest else "", values)
                case Verb.SAVE_RESULT, (goal_id, result_id):
                    return goal_writing.result_saved(scene, goal_id, result_id, values)
                case Verb.RETURN, (goal_id, duty_id):
                    return goal_approval.returned(scene, goal_id, duty_id, values)
                case Verb.GRADE, (goal_id,):
                    return goal_closing.graded(scene, goal_id, values)
                case Verb.SAVE_KPI, (kpi_id,):
                    return kpis.saved(scene, kpi_id, values)
                case Verb.PROMOTE_KPI, (kpi_id,):
                    return kpi_promotion.promoted(scene, kpi_id, values)
                case Verb.RAISE_CONCERN, ():
                    return concerns.written(scene, values)
                case Verb.ANSWER_CONCERN, (duty_id,):
                    return concerns.answered(scene, duty_id, values)
                case Verb.ADD_ITEM, (goal_id, other_id):
                    return one_on_ones.added(scene, goal_id, other_id, values)
                case _:
                    return scene.tell("button-unknown")
        case Closed(action=Action(verb=Verb.FILL_IN, args=(duty_id, *_)), values=values):
            return duties.drafted(scene, duty_id, values)
        case Closed(action=Action(verb=Verb.GRADE, args=(goal_id,)), values=values):
            return goal_closing.drafted(scene, goal_id, values)
        case Closed(action=Action(verb=Verb.SAVE_GOAL, args=(goal_id, *rest)), values=values):
            return goal_writing.closed_unsent(scene, goal_id, rest[0] if rest else "", values)
        case Closed(action=action, values=values):
            checkin = checkins.named(scene, action.args[0]) if action.verb is Verb.ANSWER and action.args else None
            return checkins.drafted(checkin, values) if checkin is not None else NOTHING
        case FormFailed():
            return scene.tell("form-failed")
        case _:
            assert_never(event)


def _pressed(scene: Scene, action: Action) -> Decision:
    match action.verb:
        case Verb.REPORT | Verb.REPORT_ALL | Verb.OPEN_FORM | Verb.SKIP | Verb.SNOOZE:
            return _pressed_on_checkin(scene, action)
        case Verb.NEED_DECISION:
            return goals.decision_wanted(scene, *action.args[:2]) if action.args else scene.tell("button-unknown")
        case Verb.ASK_OWNER:
            return asking.owner_asked(scene, action.args[0] if action.args else "")
        case Verb.ACKNOWLEDGE | Verb.OPEN_DECISION | Verb.TALK_FIRST | Verb.OPEN_HAND_OVER | Verb.SHOW_DECISION | Verb.WITHDRAW:
            found = _escalation(scene, action.args[0] if action.args else "")
            return _ON_ESCALATION[action.verb](scene, *found) if found is not None else scene.tell("button-unknown")
        case (
            Verb.WRITE_GOAL
            | Verb.EDIT_GOAL
            | Verb.EDIT_RESULT
            | Verb.PROPOSE_GOAL
            | Verb.DISCARD_GOAL
            | Verb.APPROVE
            | Verb.OPEN_RETURN
            | Verb.SHOW_GOAL
            | Verb.DELIVERED
            | Verb.CLOSE_GOAL
            | Verb.EDIT_KPI
            | Verb.OPEN_PROMOTION
            | Verb.DROP_KPI
            | Verb.OPEN_ITEM
        ):
            return _pressed_on_goal(scene, action)
        case Verb.DUTY_DONE | Verb.OPEN_DUTY:
            if not action.args:
                return scene.tell("button-unknown")
            do = duties.done if action.verb is Verb.DUTY_DONE else duties.form_asked
            return do(scene, action.args[0])
        case Verb.OPEN_CONCERN:
            return concerns.form_asked(scene)
        case Verb.CONCERN_READ | Verb.OPEN_ANSWER:
            if not action.args:
                return scene.tell("button-unknown")
            respond = concerns.read if action.verb is Verb.CONCERN_READ else concerns.answer_asked
            return respond(scene, action.args[0])
        case Verb.MUTE:
            return mutes.muted(scene, *action.args) if len(action.args) in (2, 3) else scene.tell("button-unknown")
        case Verb.NOT_USEFUL:
            return mutes.not_useful(scene)
        case Verb.WHY:
            return why.explained(scene, scene.situation.asked_about)
        case Verb.SET_POLICY:
            return hr.confirmed(scene, action.args)
        case Verb.CANCEL:
            return hr.cancelled(scene, action.args)
        case Verb.SHOW:
            return said.said(scene, action.args[0] if action.args else "")
        case (
            Verb.ANSWER
            | Verb.DECIDE
            | Verb.FILL_IN
            | Verb.SAVE_GOAL
            | Verb.SAVE_RESULT
            | Verb.RETURN
            | Verb.GRADE
            | Verb.SAVE_KPI
            | Verb.PROMOTE_KPI
            | Verb.HAND_OVER
            | Verb.ADD_ITEM
            | Verb.RAISE_CONCERN
            | Verb.ANSWER_CONCERN
        ):
            return scene.tell("button-unknown")  # these arrive as submitted forms only
        case _:
            assert_never(action.verb)


_ON_ESCALATION: Mapping[Verb, Callable[[Scene, Goal, Escalation], Decision]] = {
    Verb.ACKNOWLEDGE: escalation.acknowledged,
    Verb.OPEN_DECISION: deciding.form_asked,
    Verb.TALK_FIRST: duties.talk_first,
    Verb.OPEN_HAND_OVER: handing_over.form_asked,
    Verb.SHOW_DECISION: escalation.whole_card,
    Verb.WITHDRAW: escalation.withdrawn,
}


def _pressed_on_goal(scene: Scene, action: Action) -> Decision:
    match action.verb, action.args:
        case Verb.WRITE_GOAL, (kind, *words):
            return goal_writing.form_asked(scene, kind, words[0] if words else "")
        case Verb.EDIT_GOAL, (goal_id,):
            return goal_writing.edit_asked(scene, goal_id)
        case Verb.EDIT_RESULT, (goal_id, result_id):
            return goal_writing.result_asked(scene, goal_id, result_id)
        case Verb.PROPOSE_GOAL, (goal_id,):
            return goal_writing.proposed(scene, goal_id)
        case Verb.DISCARD_GOAL, (goal_id,):
            return goal_writing.discarded(scene, goal_id)
        case Verb.APPROVE, (goal_id, duty_id):
            return goal_approval.approved(scene, goal_id, duty_id)
        case Verb.OPEN_RETURN, (goal_id, duty_id):
            return goal_approval.return_asked(scene, goal_id, duty_id)
        case Verb.SHOW_GOAL, (goal_id,):
            return goal_card.shown(scene, goal_id)
        case Verb.DELIVERED, (goal_id, number, team, answer):
            return goal_card.delivered(scene, goal_id, number, team, answer)
        case Verb.CLOSE_GOAL, (goal_id,):
            return goal_closing.form_asked(scene, goal_id)
        case Verb.EDIT_KPI, (kpi_id, *words):
            return kpis.form_asked(scene, kpi_id, words[0] if words else "")
        case Verb.OPEN_PROMOTION, (kpi_id,):
            return kpi_promotion.form_asked(scene, kpi_id)
        case Verb.DROP_KPI, (kpi_id,):
            return kpis.dropped(scene, kpi_id)
        case Verb.OPEN_ITEM, names if len(names) <= 2:
            return one_on_ones.form_asked(scene, *names)
        case _:
            return scene.tell("button-unknown")


def _pressed_on_checkin(scene: Scene, action: Action) -> Decision:
    checkin = checkins.named(scene, action.args[0]) if action.args else None
    if checkin is None:
        return checkins.nothing_to_answer(scene)
    match action.verb, action.args[1:]:
        case Verb.REPORT, (goal_id, status) if status in set(Status):
            return checkins.reported(scene, checkin, {goal_id: Status(status)}, how="button")
        case Verb.REPORT_ALL, (status,) if status in set(Status):
            unsaid = {goal.id: Status(status) for goal in scene.active_goals() if checkin.answer_for(goal.id) is None}
            return checkins.reported(scene, checkin, unsaid, how="button") if unsaid else checkins.refreshed(scene, checkin)
        case Verb.OPEN_FORM, goal_ids:
            return checkins.form_asked(scene, checkin, tuple(goal_ids))
        case Verb.SKIP, ():
            return checkins.skipped(scene, checkin, "")
        case Verb.SNOOZE, ():
            return checkins.snoozed(scene, checkin, said.SNOOZE_MINUTES)
        case _:
            return scene.tell("button-unknown")


def _escalation(scene: Scene, wanted: str) -> tuple[Goal, Escalation] | None:
    """The escalation the event is about, with its goal."""
    for item in scene.situation.escalations:
        goal = escalation.goal_of(scene, item)
        if goal is not None and item.id == wanted:
            return goal, item
    return None


def _ticked(scene: Scene, event: Ticked) -> Decision:
    if event.subject.startswith("escalation:"):
        found = _escalation(scene, event.subject.removeprefix("escalation:"))
        return escalation.looked_at(scene, *found) if found else Decision(looks=(Look(subject=event.subject, at=None),))
    if event.subject.startswith("team:"):
        return team_post.looked_at(scene)
    if event.subject.startswith(concerns.SUBJECT):
        return concerns.looked_at(scene, event)
    if event.subject.startswith(LETTERS):
        return dead_letters.looked_at(scene, event)
    return desk.looked_at(scene)
