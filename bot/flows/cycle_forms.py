"""The forms of a cycle's end: a leader's four questions before the next one, an owner's wrap-up of each goal.

What is answered is for planning: it is kept as a duty, and never becomes a grade of a person (PRODUCT.md section 2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.decision import NOTHING, Decision, FieldErrors, ShowForm, together
from bot.events import Closed, Submitted
from bot.flows import goal_closing, grading, next_cycle, nudge
from bot.flows.goal_closing import DRAFT, drafts_in, with_drafts
from bot.model import Duty, DutyKind, Goal
from bot.rules.cycle_end import cycle_named, duty_id, goals_of
from bot.rules.cycles import bounds
from bot.rules.prepare import NAME as PREPARE
from bot.rules.score_bands import band, mean_score
from bot.rules.wrap_up import NAME as WRAP_UP
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Divider, Element, Form, FormPart, Note, Paragraph, TextField
from bot.talk.text import clean

QUESTIONS = ("matters", "blocks", "stop", "true")
NEEDED = ("matters", "stop")
"""What comes next and what goes: without these there is nothing to plan with."""

HINTS = {"matters": "prepare-matters-hint", "stop": "post-field-hint"}
"""What is said below a question: the stop list stands in the team's monthly summary."""

GOALS_IN_FORM = 8
"""A Slack modal holds at most 100 blocks and people less patience; the button then opens the rest."""
PARTS_PER_GOAL, MOST_PARTS = 8, 90
"""A goal with many contributions takes the room of several."""


def form_asked(scene: Scene, asked: str) -> Decision:
    """*Answer the questions* or *Wrap up* was pressed."""
    known = _named(scene, asked)
    return scene.tell("button-unknown") if known is None else Decision(reply=ShowForm(form=_form(scene, *known)))


def filled_in(scene: Scene, asked: str, values: Mapping[str, str]) -> Decision:
    """The form came in: either every field is understood and all is kept, or errors stand at the fields."""
    known = _named(scene, asked)
    if known is None:
        return scene.tell("button-unknown")
    duty, cycle = known
    typed = {field: clean(value) for field, value in values.items()}
    if duty.kind is DutyKind.PREPARE:
        return _prepared(scene, duty, cycle, typed)
    return _wrapped_up(scene, duty, cycle, typed)


def _named(scene: Scene, asked: str) -> tuple[Duty, str] | None:
    """The actor's own duty of that id, new where nothing was answered yet, with its cycle."""
    kind, _, rest = asked.partition(":")
    person, cycle = rest.rpartition(":")[0], cycle_named(asked)
    if cycle is None or kind not in (DutyKind.PREPARE, DutyKind.WRAP_UP) or person != scene.person.id or scene.actor.id != person:
        return None
    if kind == DutyKind.WRAP_UP and not goals_of(scene, cycle):
        return None
    wanted = duty_id(DutyKind(kind), person, cycle)
    found = next((duty for duty in scene.situation.duties if duty.id == wanted), None)
    new = Duty(id=wanted, kind=DutyKind(kind), person_id=person, holder_id=person, opened_at=scene.now)
    return found or new, cycle


def _form(
    scene: Scene, duty: Duty, cycle: str, goals: tuple[Goal, ...] | None = None, typed: Mapping[str, str] | None = None
) -> Form:
    """The form filled from what was typed, else from what was answered before."""
    voice = scene.voice(scene.person)
    given = {**duty.answers, **drafts_in(duty)} if typed is None else typed
    names: tuple[str, ...] = ()
    if duty.kind is DutyKind.PREPARE:
        phrase, parts = "prepare", tuple(_questions(scene, cycle, given))
    else:
        goals = _goals_in_form(scene, cycle) if goals is None else goals
        names = tuple(goal.id for goal in goals)
        phrase, parts = "wrap-up", tuple(_wrap_up_parts(scene, cycle, goals, given))
    return Form(
        action=Action(Verb.FILL_IN, (duty.id, *names)),
        title=voice.line(f"{phrase}-title"),
        submit=voice.line("form-submit"),
        cancel=voice.line("button-cancel"),
        parts=parts,
    )


def _questions(scene: Scene, cycle: str, given: Mapping[str, str]) -> Iterator[FormPart]:
    voice = scene.voice(scene.person)
    _, last = bounds(cycle, scene.situation.company.fiscal_month)
    yield Paragraph(text=voice.text("prepare-lead", cycle=cycle, date=voice.date(last)))
    for name in QUESTIONS:
        yield TextField(
            id=name,
            label=voice.line(f"prepare-{name}"),
            value=given.get(name, ""),
            hint=voice.line(HINTS[name]) if name in HINTS else "",
            multiline=True,
            required=name in NEEDED,
        )


def _goals_in_form(scene: Scene, cycle: str) -> tuple[Goal, ...]:
    """As many goals as one form holds, of those that are not closed yet; all of them where none is left."""
    every = goals_of(scene, cycle)
    goals = [goal for goal in every if goal.closing is None] or every
    found: list[Goal] = []
    parts = 0
    for goal in goals[:GOALS_IN_FORM]:
        parts += PARTS_PER_GOAL + len(goal.contributions)
        if found and parts > MOST_PARTS:
            break
        found.append(goal)
    return tuple(found)


def _wrap_up_parts(scene: Scene, cycle: str, goals: tuple[Goal, ...], given: Mapping[str, str]) -> Iterator[FormPart]:
    voice = scene.voice(scene.person)
    yield Paragraph(text=voice.text("wrap-up-lead", cycle=cycle))
    for goal in goals:
        yield Divider()
        yield from grading.fields(scene, goal, {**grading.given_before(goal), **given}, needs_next=True)


def _prepared(scene: Scene, duty: Duty, cycle: str, typed: Mapping[str, str]) -> Decision:
    voice = scene.voice(scene.person)
    errors = {name: voice.line("error-needed") for name in NEEDED if not typed.get(name)}
    if errors:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, duty, cycle, typed=typed)))
    answers = {name: typed[name] for name in QUESTIONS if typed.get(name)}
    kept = replace(duty, answers=answers, done_at=scene.now, done_by=scene.person.id)
    entry = scene.entry("cycle:prepared", f"duty:{duty.id}", rule=PREPARE, outcome="answered", cycle=cycle)
    listed = next_cycle.stop_listed(scene, f"{DutyKind.STOP}:{scene.person.id}:{cycle}", answers["stop"])
    done = together(Decision(changes=(kept,), entries=(entry,)), listed)
    return _kept(scene, done, scene.tell("prepare-saved", cycle=cycle, stop=answers["stop"]))


def _wrapped_up(scene: Scene, duty: Duty, cycle: str, typed: Mapping[str, str]) -> Decision:
    wanted = scene.event.action.args[1:] if isinstance(scene.event, Submitted) else ()
    goals = tuple(goal for goal in goals_of(scene, cycle) if goal.id in wanted)
    if not goals:
        return scene.tell("button-unknown")
    errors: dict[str, str] = {}
    said = {goal.id: grading.read(scene, goal, typed, errors, needs_next=True) for goal in goals}
    if errors:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, duty, cycle, goals, typed)))
    graded = tuple((goal, grading.closed(scene, goal, said[goal.id])) for goal in goals)
    closed = goal_closing.kept(scene, graded)
    answers = dict(goal_closing.without_drafts(duty.answers, goals))
    for one in said.values():
        answers |= one
    written = replace(duty, answers=answers)
    left = sum(goal.closing is None for goal in goals_of(scene.after(closed), cycle))
    if not left:
        written = replace(written, done_at=scene.now, done_by=scene.person.id)
    outcome = "wrapped up" if not left else "in part"
    names = ",".join(goal.id for goal in goals)
    entry = scene.entry("cycle:wrapped_up", f"duty:{duty.id}", rule=WRAP_UP, outcome=outcome, cycle=cycle, goals=names)
    done = together(Decision(changes=(written,), entries=(entry,)), closed)
    return _kept(scene, done, _told(scene.after(done), cycle, goals, left))


def _told(scene: Scene, cycle: str, goals: tuple[Goal, ...], left: int) -> Decision:
    """What was kept about each goal; how far the stretch goals came in all, for planning; the drafts that came out of it."""
    voice = scene.voice(scene.person)
    names = {goal.id for goal in goals}
    every = goals_of(scene, cycle)
    graded = [goal for goal in every if goal.id in names]
    phrase, args = ("wrap-up-left", {"goals": left}) if left else ("wrap-up-saved", {"cycle": cycle})
    elements: list[Element] = [Paragraph(text=voice.text(phrase, **args)), *goal_closing.graded_elements(scene, graded)]
    mean = None if left else mean_score(every)
    if mean is not None:
        elements += [Divider(), Note(text=voice.text("grade-mean", score=voice.number(mean)))]
        elements.append(Note(text=voice.text(f"grade-band-{band(mean).value}")))
    drafts = next_cycle.waiting(scene, graded)
    elements += [Divider(), *next_cycle.draft_elements(scene, drafts)] if drafts else []
    return scene.reply(*elements, summary=voice.line(phrase, **args))


def drafted(scene: Scene, asked: str, values: Mapping[str, str]) -> Decision:
    """The form was closed unsent: what was typed waits until it is opened again."""
    known = _named(scene, asked)
    if known is None or not isinstance(scene.event, Closed):
        return NOTHING
    duty, cycle = known
    wanted = scene.event.action.args[1:]
    goals = tuple(goal for goal in goals_of(scene, cycle) if goal.id in wanted)
    without = replace(duty, answers={name: value for name, value in duty.answers.items() if not name.startswith(DRAFT)})
    shown = {field.id: field.value for field in _form(scene, without, cycle, goals).fields()}
    waits = with_drafts(duty, values, shown)
    return Decision(changes=(waits,)) if waits.answers != duty.answers else NOTHING


def _kept(scene: Scene, done: Decision, told: Decision) -> Decision:
    """All is stored, and the message that asked for it shows that it is done."""
    done = together(done, Decision(looks=(scene.look(scene.now, sooner=True),)))
    return together(done, told, nudge.settled(scene.after(done)))
