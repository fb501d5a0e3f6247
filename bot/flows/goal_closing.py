"""A goal is closed with its grade: by `/goals close`, by a button, in the wrap-up of its cycle.

It is closed at once, also where some days of the cycle are left: whoever said what a goal came to is not asked about it
again. Until the cycle's wrap-up is over the grade can be changed the same way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.decision import NOTHING, Decision, FieldErrors, Look, ShowForm, together
from bot.flows import checkin as checkins
from bot.flows import grading, next_cycle, nudge, readings
from bot.flows.goal_lines import goal_elements, title
from bot.model import OVER, Duty, DutyKind, Goal, GoalKind, GoalState
from bot.rules import wrap_up
from bot.rules.access import Act
from bot.rules.cycle_end import duty_id, goals_of, today
from bot.rules.cycles import bounds, cycle_of
from bot.rules.relations import reader_of
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Buttons, Divider, Element, Form, FormPart, Heading, Note, Paragraph
from bot.talk.intents.matching import find
from bot.talk.text import clean, plain

GOALS_SHOWN = 12
DRAFT = "draft:"
"""Stands before a field's name where a form was closed unsent."""


def wanted(scene: Scene, words: str) -> Decision:
    """`/goals close [GOAL]`: words cannot be answered with a form, so a button opens it."""
    theirs = (goal for goal in scene.situation.kin if goal.coordinator_id == scene.person.id)
    mine = (goal for goal in scene.situation.goals if goal.owner_id == scene.person.id)
    goals = [goal for goal in (*mine, *theirs) if _is_open(scene, goal)]
    if not goals:
        return scene.tell("grade-none")
    if words:
        named = [goal for goal in goals if goal.id.casefold() == words.casefold()]
        goals = named or list(find(words, goals).goals)
    if not goals:
        return scene.tell("grade-unknown", words=clean(words, limit=100))
    voice = scene.voice(scene.actor)
    count = sum(goal.closing is None for goal in goals)
    lead = voice.text("grade-which", count=count)
    elements: list[Element] = [Paragraph(text=lead)]
    for goal in sorted(goals, key=lambda goal: goal.state is GoalState.CLOSED)[:GOALS_SHOWN]:
        closed = Note(text=plain("\n".join(grading.grade_lines(scene, scene.actor, goal, own=goal.owner_id == scene.actor.id))))
        elements += [Paragraph(text=title(goal)), closed] if goal.closing else goal_elements(scene, scene.actor, goal)
        elements.append(Buttons(buttons=(grading.grade_button(scene, goal),)))
    if len(goals) > GOALS_SHOWN:
        elements.append(Note(text=voice.text("checkin-more-goals", count=len(goals) - GOALS_SHOWN)))
    return scene.reply(*elements, summary=voice.line("grade-which", count=count))


def _is_open(scene: Scene, goal: Goal) -> bool:
    """It was approved, and its grade may be given or changed: its cycle runs, or was over not long ago."""
    if goal.state not in (GoalState.ACTIVE, GoalState.CLOSED):
        return False
    if scene.is_active(replace(goal, state=GoalState.ACTIVE)):
        return True
    month = scene.situation.company.fiscal_month
    first, _ = bounds(cycle_of(today(scene), month), month)
    just_over = cycle_of(first - timedelta(days=1), month)
    return goal.kind is GoalKind.OBJECTIVE and goal.cycle == just_over and today(scene) < first + wrap_up.STILL_ASKED


def _named(scene: Scene, goal_id: str) -> Goal | Decision:
    """The goal, if the actor may grade it now: its owner, or who coordinates it."""
    goal = next((goal for goal in scene.situation.goals if goal.id == goal_id), None)
    if goal is None or goal.owner_id != scene.person.id:
        return scene.tell("goal-unknown")
    if not reader_of(scene, scene.actor, scene.person, goal=goal).may(Act.GOAL_CLOSE):
        return scene.tell("grade-not-yours", owner=scene.person.name)
    return goal if _is_open(scene, goal) else scene.tell("grade-not-open", goal=goal.title)


def form_asked(scene: Scene, goal_id: str) -> Decision:
    """The form of the grade."""
    goal = _named(scene, goal_id)
    if isinstance(goal, Decision):
        return goal
    read = readings.read(scene, goal.owner_id, f"goal:{goal.id}", "goal card", scene.actor) if goal.closing is not None else ()
    return Decision(reply=ShowForm(form=_form(scene, goal)), entries=read)


def _form(scene: Scene, goal: Goal, typed: Mapping[str, str] | None = None) -> Form:
    voice = scene.voice(scene.actor)
    drafted = drafts_in(wrap_up_of(scene, goal.cycle)) if scene.actor.id == goal.owner_id else {}
    given = {**grading.given_before(goal), **drafted} if typed is None else typed
    lead: tuple[FormPart, ...] = (Paragraph(text=voice.text(f"grade-lead-{goal.type.value}")),)
    if grading.is_cross_team(goal):
        lead = (*lead, Note(text=voice.text("grade-lead-cross-team")))
    return Form(
        action=Action(Verb.GRADE, (goal.id,)),
        title=voice.line("grade-title"),
        submit=voice.line("form-submit"),
        cancel=voice.line("button-cancel"),
        parts=(*lead, *grading.fields(scene, goal, given, needs_next=False)),
    )


def graded(scene: Scene, goal_id: str, values: Mapping[str, str]) -> Decision:
    """The grade came in: all of it is understood and kept, or errors stand at the fields."""
    goal = _named(scene, goal_id)
    if isinstance(goal, Decision):
        return goal
    typed = {field: clean(value) for field, value in values.items()}
    errors: dict[str, str] = {}
    said = grading.read(scene, goal, typed, errors, needs_next=False)
    if errors:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, goal, typed)))
    closed = grading.closed(scene, goal, said)
    done = together(kept(scene, ((goal, closed),)), _wrap_up_follows(scene, closed, said))
    known = scene.after(done)
    return together(done, _told(known, closed), nudge.settled(known))


def kept(scene: Scene, pairs: Sequence[tuple[Goal, Goal]]) -> Decision:
    """Goals as they were and with their grades: what follows for the next cycle, for the check-in, and for who was asked."""
    entries = tuple(
        scene.entry(
            "goal:graded" if before.closing is None else "goal:regraded",
            f"goal:{after.id}",
            rule=wrap_up.NAME if after.kind is GoalKind.OBJECTIVE else "",
            outcome=grading.outcome(after.closing),
            type=after.type.value,
            next=after.closing.next.value if after.closing.next else "",
            by=scene.actor.email,
        )
        for before, after in pairs
        if after.closing is not None
    )
    done = Decision(changes=tuple(after for _, after in pairs), entries=entries, looks=tuple(_looks(scene, pairs)))
    for before, after in pairs:
        done = together(done, next_cycle.opened(scene.after(done), before, after))
    return together(done, checkins.relieved(scene.after(done)))


def _looks(scene: Scene, pairs: Sequence[tuple[Goal, Goal]]) -> Iterator[Look]:
    """Everybody who was asked about one of them looks again: it is settled, and needs no decision any more."""
    closed = {after.id for _, after in pairs}
    yield scene.look(scene.now, sooner=True)
    yield from nudge.others_look(scene, [f"goal:{one}" for one in sorted(closed)])
    for item in scene.situation.escalations:
        if item.goal_id in closed and item.state not in OVER:
            yield Look(subject=f"escalation:{item.id}", at=scene.now, sooner=True)


def wrap_up_of(scene: Scene, cycle: str) -> Duty | None:
    """The wrap-up of a cycle, as far as it was written."""
    wanted_id = duty_id(DutyKind.WRAP_UP, scene.person.id, cycle)
    return next((duty for duty in scene.situation.duties if duty.id == wanted_id), None)


def drafts_in(duty: Duty | None) -> Mapping[str, str]:
    """What was typed into a form that was closed unsent, by field."""
    answers = duty.answers.items() if duty is not None else ()
    return {name.removeprefix(DRAFT): value for name, value in answers if name.startswith(DRAFT)}


def with_drafts(duty: Duty, typed: Mapping[str, str], shown: Mapping[str, str]) -> Duty:
    """The duty with what was typed and differs from what the form shows anyway."""
    kept_back = {f"{DRAFT}{name}": clean(value) for name, value in typed.items() if clean(value) != shown.get(name, "")}
    return replace(duty, answers={**duty.answers, **{name: value for name, value in kept_back.items() if value}})


def without_drafts(answers: Mapping[str, str], goals: Sequence[Goal]) -> Mapping[str, str]:
    """The answers without what was typed earlier about these goals."""
    names = {goal.id for goal in goals}
    return {
        name: value
        for name, value in answers.items()
        if not (name.startswith(DRAFT) and name.removeprefix(DRAFT).split(":")[1:2] and _goal_in(name) in names)
    }


def _goal_in(name: str) -> str:
    """The goal's id in `draft:learned:GOAL` and `draft:delivered:GOAL:2`."""
    field, _, rest = name.removeprefix(DRAFT).partition(":")
    return rest.rpartition(":")[0] if field == "delivered" else rest


def drafted(scene: Scene, goal_id: str, values: Mapping[str, str]) -> Decision:
    """The form was closed unsent: what its owner typed waits in the wrap-up of the goal's cycle."""
    goal = _named(scene, goal_id)
    if isinstance(goal, Decision) or scene.actor.id != goal.owner_id:
        return NOTHING
    person = scene.person.id
    wanted_id = duty_id(DutyKind.WRAP_UP, person, goal.cycle)
    new = Duty(id=wanted_id, kind=DutyKind.WRAP_UP, person_id=person, holder_id=person, opened_at=scene.now)
    known = wrap_up_of(scene, goal.cycle) or new
    shown = {field.id: field.value for field in _form(scene, goal, grading.given_before(goal)).fields()}
    waits = with_drafts(known, values, shown)
    return Decision(changes=(waits,)) if waits.answers != known.answers else NOTHING


def _wrap_up_follows(scene: Scene, closed: Goal, said: Mapping[str, str]) -> Decision:
    """The wrap-up knows it, where somebody asked for it or wrote in it already; it is done once every goal is closed."""
    duty = wrap_up_of(scene, closed.cycle)
    wanted_id = duty_id(DutyKind.WRAP_UP, scene.person.id, closed.cycle)
    asked = scene.nudged(wrap_up.NAME, "owner", f"duty:{wanted_id}") is not None
    if closed.kind is not GoalKind.OBJECTIVE or (duty is None and not asked):
        return NOTHING
    person = scene.person.id
    new = Duty(id=wanted_id, kind=DutyKind.WRAP_UP, person_id=person, holder_id=person, opened_at=scene.now)
    answers = {**without_drafts((duty or new).answers, (closed,)), **said}
    written = replace(duty or new, answers=answers)
    left = [goal for goal in goals_of(scene, closed.cycle) if goal.closing is None and goal.id != closed.id]
    if not left and written.done_at is None:
        written = replace(written, done_at=scene.now, done_by=scene.actor.id)
    return Decision(changes=(written,))


def _told(scene: Scene, goal: Goal) -> Decision:
    """What was kept, in words; the draft that came out of it is its owner's."""
    voice, own = scene.voice(scene.actor), scene.actor.id == goal.owner_id
    elements: list[Element] = [Paragraph(text=voice.text("grade-saved", goal=goal.title))]
    elements.append(Note(text=plain("\n".join(grading.grade_lines(scene, scene.actor, goal, own=own)))))
    elements += next_cycle.draft_elements(scene, next_cycle.waiting(scene, (goal,))) if own else ()
    elements += [Note(text=voice.text("grade-change-note")), Buttons(buttons=(grading.grade_button(scene, goal),))]
    return scene.reply(*elements, summary=voice.line("grade-saved", goal=goal.title))


def graded_elements(scene: Scene, goals: Sequence[Goal]) -> Iterator[Element]:
    """Several grades one after another, for their owner."""
    for goal in goals:
        yield Divider()
        yield Heading(text=goal.title)
        yield Note(text=plain("\n".join(grading.grade_lines(scene, scene.person, goal, own=True))))
