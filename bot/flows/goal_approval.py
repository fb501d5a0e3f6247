"""A goal, or a change of one, before its owner's manager: approved, or returned with a note. The desk is the owner's."""

from collections.abc import Mapping
from dataclasses import replace

from bot.decision import Decision, FieldErrors, ShowForm, together
from bot.flows import nudge, owed, readings
from bot.flows.goal_draft_card import card_key, draft_card
from bot.flows.goal_history import applied
from bot.flows.goal_request import request_elements, request_of
from bot.model import Duty, Goal, GoalState
from bot.rules.approval import NAME, asks_something, may_approve, pending
from bot.scene import Scene, edit
from bot.talk.actions import Action, Verb
from bot.talk.cards import Form, FormPart, Note, Paragraph, TextField
from bot.talk.text import clean


def approved(scene: Scene, goal_id: str, duty_id: str) -> Decision:
    """*Approve* was pressed."""
    found = _open(scene, goal_id, duty_id)
    if isinstance(found, Decision):
        return found
    duty, goal = found
    revision = pending(goal)
    if goal.state is GoalState.PROPOSED:
        known = replace(goal, state=GoalState.ACTIVE, approved_at=scene.now, approved_by=scene.actor.id, updated_at=scene.now)
        name = "goal:approved"
    else:
        known = applied(_answered(scene, goal, approved=True, note=""), revision) if revision is not None else goal
        name = "goal:revised"
    entry = scene.entry(name, f"goal:{goal.id}", rule=NAME, outcome="approved", by=scene.actor.email)
    return _done(scene, duty, known, entry_of=Decision(entries=(entry,)), outcome="approved", note="", phrase="approval-given")


def return_asked(scene: Scene, goal_id: str, duty_id: str) -> Decision:
    """*Ask for a change* was pressed."""
    found = _open(scene, goal_id, duty_id)
    if isinstance(found, Decision):
        return found
    duty, goal = found
    read = readings.read(scene, goal.owner_id, f"goal:{goal.id}", "approval", scene.actor)
    return Decision(reply=ShowForm(form=_form(scene, duty, "")), entries=read)


def returned(scene: Scene, goal_id: str, duty_id: str, values: Mapping[str, str]) -> Decision:
    """What should be different came in: a goal is a draft again, a change is not made."""
    found = _open(scene, goal_id, duty_id)
    if isinstance(found, Decision):
        return found
    duty, goal = found
    note = clean(values.get("note", ""), limit=1000)
    if not note:
        errors = {"note": scene.voice(scene.actor).line("error-needed")}
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, duty, values.get("note", ""))))
    if goal.state is GoalState.PROPOSED:
        known = replace(goal, state=GoalState.DRAFT)
    else:
        known = _answered(scene, goal, approved=False, note=note)
    entry = scene.entry("goal:returned", f"goal:{goal.id}", rule=NAME, outcome="returned", by=scene.actor.email)
    return _done(
        scene, duty, known, entry_of=Decision(entries=(entry,)), outcome="returned", note=note, phrase="approval-returned"
    )


def _open(scene: Scene, goal_id: str, duty_id: str) -> tuple[Duty, Goal] | Decision:
    """The request, if it is still open and the actor may answer it; else what to say."""
    found = request_of(scene, duty_id)
    if found is None or found[1].id != goal_id:
        return scene.tell("button-unknown")
    duty, goal = found
    if not may_approve(scene, scene.actor, duty):
        return scene.tell("approval-not-yours", name=scene.name(duty.holder_id) or "–")
    if duty.done_at is not None or not asks_something(goal):
        return scene.tell("approval-over", goal=goal.title)
    return duty, goal


def _answered(scene: Scene, goal: Goal, *, approved: bool, note: str) -> Goal:
    """The goal whose waiting change has an answer."""
    revisions = tuple(
        replace(one, approved=approved, answered_at=scene.now, answered_by=scene.actor.id, note=note)
        if one.approved is None
        else one
        for one in goal.revisions
    )
    return replace(goal, revisions=revisions)


def _done(scene: Scene, duty: Duty, goal: Goal, *, entry_of: Decision, outcome: str, note: str, phrase: str) -> Decision:
    """The request is closed, its message and the owner's card show it; the owner hears of it at a polite hour."""
    said = {**duty.answers, "outcome": outcome, **({"note": note} if note else {})}
    closed = owed.closed(scene, replace(duty, answers=said), rule=NAME, outcome=outcome, by=scene.actor.id)
    others = Decision(looks=nudge.others_look(scene, [f"duty:{duty.id}"]))
    done = together(Decision(changes=(goal,)), entry_of, closed, others)
    after = scene.after(done)
    told = scene.tell(phrase, goal=goal.title, owner=scene.name(goal.owner_id) or "–")
    return together(done, edit(card_key(goal), draft_card(after, goal)), told)


def _form(scene: Scene, duty: Duty, typed: str) -> Form:
    voice = scene.voice(scene.actor)
    shown = tuple(one for one in request_elements(scene, duty.id, scene.actor) if isinstance(one, Paragraph | Note))
    field = TextField(
        id="note",
        label=voice.line("approval-note"),
        value=typed,
        hint=voice.line("approval-note-hint"),
        multiline=True,
        required=True,
    )
    parts: tuple[FormPart, ...] = (*shown, field)
    return Form(
        action=Action(Verb.RETURN, (duty.goal_id, duty.id)),
        title=voice.line("approval-return-title"),
        submit=voice.line("approval-return-submit"),
        cancel=voice.line("button-cancel"),
        parts=parts,
    )
