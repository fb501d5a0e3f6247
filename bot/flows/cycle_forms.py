"""The forms of a cycle's end: a leader's four questions before the next one, an owner's wrap-up of each goal.

What is answered is for planning: it is kept as a duty, and never becomes a grade of a person (PRODUCT.md section 2).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from bot.decision import Decision, FieldErrors, ShowForm, together
from bot.events import Submitted
from bot.flows import nudge
from bot.flows.goal_lines import standing
from bot.model import Duty, DutyKind, Goal, GoalType
from bot.rules.cycle_end import duty_id, goals_of
from bot.rules.cycles import bounds, parse_cycle
from bot.rules.prepare import NAME as PREPARE
from bot.rules.wrap_up import NAME as WRAP_UP
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import ChoiceField, Divider, Form, FormPart, Heading, Note, Option, Paragraph, TextField
from bot.talk.numbers import NotANumber, parse_number
from bot.talk.text import clean, plain

QUESTIONS = ("matters", "blocks", "stop", "true")
NEEDED = ("matters", "stop")
"""What comes next and what goes: without these there is nothing to plan with."""

GOALS_IN_FORM = 8
"""A Slack modal holds at most 100 blocks and people less patience; the button then opens the rest."""

REACHED = ("yes", "no")
NEXT = ("carry", "revise", "stop")


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
    person, _, name = rest.rpartition(":")
    try:
        cycle = parse_cycle(name)
    except ValueError:
        return None
    if kind not in (DutyKind.PREPARE, DutyKind.WRAP_UP) or person != scene.person.id or scene.actor.id != person:
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
    given = duty.answers if typed is None else typed
    names: tuple[str, ...] = ()
    if duty.kind is DutyKind.PREPARE:
        phrase, parts = "prepare", tuple(_questions(scene, cycle, given))
    else:
        goals = _goals_in_form(scene, duty, cycle) if goals is None else goals
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
            multiline=True,
            required=name in NEEDED,
        )


def _goals_in_form(scene: Scene, duty: Duty, cycle: str) -> tuple[Goal, ...]:
    """As many goals as one form holds, those not wrapped up yet first."""
    goals = sorted(goals_of(scene, cycle), key=lambda goal: _is_wrapped_up(goal, duty))
    return tuple(goals[:GOALS_IN_FORM])


def _is_wrapped_up(goal: Goal, duty: Duty) -> bool:
    return f"learned:{goal.id}" in duty.answers


def _wrap_up_parts(scene: Scene, cycle: str, goals: tuple[Goal, ...], given: Mapping[str, str]) -> Iterator[FormPart]:
    voice = scene.voice(scene.person)
    yield Paragraph(text=voice.text("wrap-up-lead", cycle=cycle))
    for goal in goals:
        yield Divider()
        yield Heading(text=goal.title)
        yield Note(text=plain(standing(scene, scene.person, goal)))
        yield TextField(
            id=f"learned:{goal.id}",
            label=voice.line("wrap-up-learned"),
            value=given.get(f"learned:{goal.id}", ""),
            multiline=True,
            required=True,
        )
        yield from _score_field(scene, goal, given)
        yield _choice(scene, goal, "next", NEXT, given)


def _score_field(scene: Scene, goal: Goal, given: Mapping[str, str]) -> Iterator[FormPart]:
    """Committed: reached or not. Aspirational: a number. Learning: none (PRODUCT.md section 3)."""
    voice = scene.voice(scene.person)
    match goal.type:
        case GoalType.COMMITTED:
            yield _choice(scene, goal, "reached", REACHED, given)
        case GoalType.ASPIRATIONAL:
            yield TextField(
                id=f"score:{goal.id}",
                label=voice.line("wrap-up-score"),
                value=given.get(f"score:{goal.id}", ""),
                hint=voice.line("wrap-up-score-hint"),
                required=True,
                max_length=20,
            )
        case GoalType.LEARNING:
            return


def _choice(scene: Scene, goal: Goal, name: str, options: tuple[str, ...], given: Mapping[str, str]) -> ChoiceField:
    voice = scene.voice(scene.person)
    return ChoiceField(
        id=f"{name}:{goal.id}",
        label=voice.line(f"wrap-up-{name}"),
        options=tuple(Option(value=option, label=voice.line(f"wrap-up-{name}-{option}")) for option in options),
        value=given.get(f"{name}:{goal.id}", ""),
        required=True,
    )


def _prepared(scene: Scene, duty: Duty, cycle: str, typed: Mapping[str, str]) -> Decision:
    voice = scene.voice(scene.person)
    errors = {name: voice.line("error-needed") for name in NEEDED if not typed.get(name)}
    if errors:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, duty, cycle, typed=typed)))
    answers = {name: typed[name] for name in QUESTIONS if typed.get(name)}
    kept = replace(duty, answers=answers, done_at=scene.now, done_by=scene.person.id)
    entry = scene.entry("cycle:prepared", f"duty:{duty.id}", rule=PREPARE, outcome="answered", cycle=cycle)
    return _kept(scene, kept, Decision(entries=(entry,)), scene.tell("prepare-saved", cycle=cycle, stop=answers["stop"]))


def _wrapped_up(scene: Scene, duty: Duty, cycle: str, typed: Mapping[str, str]) -> Decision:
    wanted = scene.event.action.args[1:] if isinstance(scene.event, Submitted) else ()
    goals = tuple(goal for goal in goals_of(scene, cycle) if goal.id in wanted)
    if not goals:
        return scene.tell("button-unknown")
    errors: dict[str, str] = {}
    answers = dict(duty.answers)
    for goal in goals:
        answers |= _answers_about(scene, goal, typed, errors)
    if errors:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, duty, cycle, goals, typed)))
    kept = replace(duty, answers=answers)
    left = sum(not _is_wrapped_up(goal, kept) for goal in goals_of(scene, cycle))
    if not left:
        kept = replace(kept, done_at=scene.now, done_by=scene.person.id)
    outcome = "wrapped up" if not left else "in part"
    names = ",".join(goal.id for goal in goals)
    entry = scene.entry("cycle:wrapped_up", f"duty:{duty.id}", rule=WRAP_UP, outcome=outcome, cycle=cycle, goals=names)
    told = scene.tell("wrap-up-left", goals=left) if left else scene.tell("wrap-up-saved", cycle=cycle)
    return _kept(scene, kept, Decision(entries=(entry,)), told)


def _answers_about(scene: Scene, goal: Goal, typed: Mapping[str, str], errors: dict[str, str]) -> dict[str, str]:
    """What was said about one goal, by field. Adds to `errors` what is missing or not understood."""
    voice = scene.voice(scene.person)
    said = {f"learned:{goal.id}": typed.get(f"learned:{goal.id}", "")}
    if not said[f"learned:{goal.id}"]:
        errors[f"learned:{goal.id}"] = voice.line("error-needed")
    choices = [("next", NEXT), *([("reached", REACHED)] if goal.type is GoalType.COMMITTED else [])]
    for name, options in choices:
        field = f"{name}:{goal.id}"
        said[field] = typed.get(field, "")
        if said[field] not in options:
            errors[field] = voice.line("error-choose-one")
    if goal.type is GoalType.ASPIRATIONAL:
        field = f"score:{goal.id}"
        score = _score(typed.get(field, ""))
        said[field] = "" if score is None else str(score)
        if score is None:
            errors[field] = voice.line("error-score")
    return said


def _score(text: str) -> Decimal | None:
    try:
        value = parse_number(text)
    except NotANumber:
        return None
    return value if 0 <= value <= 1 else None


def _kept(scene: Scene, duty: Duty, noted: Decision, told: Decision) -> Decision:
    """The duty is stored, the message that asked for it shows that it is done."""
    done = together(Decision(changes=(duty,), looks=(scene.look(scene.now, sooner=True),)), noted)
    return together(done, told, nudge.settled(scene.after(done)))
