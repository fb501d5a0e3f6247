"""A goal's grade as fields of a form, as an answer read from them, and as words: always by the goal's type.

A grade is for planning what comes next. It belongs to a goal, never to a person, and a committed goal that was not
reached opens an explanation, not a penalty (PRODUCT.md section 3).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from bot.flows.goal_lines import standing, type_words
from bot.model import Closing, Goal, GoalKind, GoalState, GoalType, Next, Person
from bot.rules.progress import is_reached, mean_progress
from bot.rules.score_bands import band
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, ChoiceField, FormPart, Heading, Note, Option, TextField, Tone
from bot.talk.numbers import NotANumber, parse_number
from bot.talk.text import plain
from bot.talk.voice import Voice

YES, NO = "yes", "no"
REACHED = (YES, NO)
NEXT = tuple(one.value for one in Next)
LONGEST_WORDS = 1000


def is_cross_team(goal: Goal) -> bool:
    """Several teams contribute to it, and somebody has the final say."""
    return bool(goal.coordinator_id or goal.contributions)


def has_next(goal: Goal) -> bool:
    """A cycle follows in which it may go on. A new hire's performance objective ends with its last review."""
    return goal.kind is GoalKind.OBJECTIVE


def suggested(goal: Goal) -> Mapping[str, str]:
    """What the numbers say already, by field."""
    found = {f"delivered:{goal.id}:{number}": YES for number, one in enumerate(goal.contributions) if one.delivered}
    match goal.type:
        case GoalType.COMMITTED:
            found[f"reached:{goal.id}"] = _reached(goal)
        case GoalType.ASPIRATIONAL:
            mean = mean_progress(goal)
            found[f"score:{goal.id}"] = "" if mean is None else _plain(mean)
        case GoalType.LEARNING:
            pass
    return found


def _reached(goal: Goal) -> str:
    measured = [result for result in goal.key_results if result.target is not None]
    if measured and all(is_reached(result) for result in measured):
        return YES
    return NO if any(result.current is not None and not is_reached(result) for result in measured) else ""


def _plain(value: Decimal) -> str:
    """`0.43`, `0.5`, `1`."""
    return f"{value.quantize(Decimal('0.01')).normalize():f}"


def given_before(goal: Goal) -> Mapping[str, str]:
    """The fields of a grade that was given already."""
    closing = goal.closing
    if closing is None:
        return {}
    found = {
        "learned": closing.learned,
        "explanation": closing.explanation,
        "reached": "" if closing.reached is None else (YES if closing.reached else NO),
        "score": "" if closing.score is None else _plain(closing.score),
        "next": closing.next.value if closing.next is not None else "",
    }
    delivered = {f"delivered:{goal.id}:{number}": YES if one.delivered else NO for number, one in enumerate(goal.contributions)}
    return {f"{name}:{goal.id}": value for name, value in found.items() if value} | delivered


def fields(scene: Scene, goal: Goal, given: Mapping[str, str], *, needs_next: bool) -> Iterator[FormPart]:
    """What is asked about one goal, by its type; filled from what was given, else from the numbers."""
    voice = scene.voice(scene.actor)
    given = {**suggested(goal), **given}
    yield Heading(text=goal.title)
    yield Note(text=plain(standing(scene, scene.actor, goal)))
    if goal.question:
        yield Note(text=voice.text("grade-question", question=goal.question))
    yield TextField(
        id=f"learned:{goal.id}",
        label=voice.line("wrap-up-learned"),
        value=given.get(f"learned:{goal.id}", ""),
        hint=voice.line("post-field-hint"),
        multiline=True,
        required=True,
        max_length=LONGEST_WORDS,
    )
    yield from _result_fields(voice, goal, given)
    for number, contribution in enumerate(goal.contributions):
        yield ChoiceField(
            id=f"delivered:{goal.id}:{number}",
            label=voice.line("grade-delivered", team=contribution.team, deliverable=contribution.deliverable),
            options=tuple(Option(value=one, label=voice.line(f"grade-delivered-{one}")) for one in REACHED),
            value=given.get(f"delivered:{goal.id}:{number}", ""),
            required=True,
        )
    if has_next(goal):
        yield _choice(voice, goal, "next", NEXT, given, required=needs_next)


def _result_fields(voice: Voice, goal: Goal, given: Mapping[str, str]) -> Iterator[FormPart]:
    """Committed: reached or not. Aspirational: a number. Learning: none."""
    match goal.type:
        case GoalType.COMMITTED:
            yield _choice(voice, goal, "reached", REACHED, given, required=True)
            # Slack cannot add a field to an open form: it is always there, and asked for where it is wanted.
            yield TextField(
                id=f"explanation:{goal.id}",
                label=voice.line("grade-explanation"),
                value=given.get(f"explanation:{goal.id}", ""),
                hint=voice.line("grade-explanation-hint"),
                multiline=True,
                max_length=LONGEST_WORDS,
            )
        case GoalType.ASPIRATIONAL:
            mean = suggested(goal)[f"score:{goal.id}"]
            hint = voice.line("grade-score-hint", mean=voice.number(Decimal(mean))) if mean else voice.line("wrap-up-score-hint")
            yield TextField(
                id=f"score:{goal.id}",
                label=voice.line("wrap-up-score"),
                value=given.get(f"score:{goal.id}", ""),
                hint=hint,
                required=True,
                max_length=20,
            )
        case GoalType.LEARNING:
            return


def _choice(
    voice: Voice, goal: Goal, name: str, options: tuple[str, ...], given: Mapping[str, str], *, required: bool
) -> ChoiceField:
    return ChoiceField(
        id=f"{name}:{goal.id}",
        label=voice.line(f"wrap-up-{name}"),
        options=tuple(Option(value=option, label=voice.line(f"wrap-up-{name}-{option}")) for option in options),
        value=given.get(f"{name}:{goal.id}", ""),
        hint="" if required else voice.line("grade-next-hint"),
        required=required,
    )


def read(scene: Scene, goal: Goal, typed: Mapping[str, str], errors: dict[str, str], *, needs_next: bool) -> Mapping[str, str]:
    """What was said about one goal, by field. Adds to `errors` what is missing or not understood."""
    voice = scene.voice(scene.actor)
    learned = f"learned:{goal.id}"
    said = {learned: typed.get(learned, "")}
    if not said[learned]:
        errors[learned] = voice.line("error-needed")
    choices: list[tuple[str, tuple[str, ...]]] = [
        (f"delivered:{goal.id}:{number}", REACHED) for number, _ in enumerate(goal.contributions)
    ]
    if goal.type is GoalType.COMMITTED:
        choices.append((f"reached:{goal.id}", REACHED))
    if has_next(goal) and (needs_next or typed.get(f"next:{goal.id}", "")):
        choices.append((f"next:{goal.id}", NEXT))
    for field, options in choices:
        said[field] = typed.get(field, "")
        if said[field] not in options:
            errors[field] = voice.line("error-choose-one")
    if goal.type is GoalType.COMMITTED:
        field = f"explanation:{goal.id}"
        said[field] = typed.get(field, "")
        if said[f"reached:{goal.id}"] == NO and not said[field]:
            errors[field] = voice.line("grade-explanation-needed")
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


def closed(scene: Scene, goal: Goal, said: Mapping[str, str]) -> Goal:
    """The goal with its grade. From now on nobody is asked about it."""
    reached, score, wanted = (said.get(f"{name}:{goal.id}", "") for name in ("reached", "score", "next"))
    closing = Closing(
        at=scene.now,
        by=scene.actor.id,
        learned=said[f"learned:{goal.id}"],
        reached=reached == YES if reached else None,
        score=Decimal(score) if score else None,
        explanation=said.get(f"explanation:{goal.id}", ""),
        next=Next(wanted) if wanted else None,
    )
    contributions = tuple(
        replace(one, delivered=said.get(f"delivered:{goal.id}:{number}") == YES) for number, one in enumerate(goal.contributions)
    )
    return replace(goal, state=GoalState.CLOSED, closing=closing, contributions=contributions, updated_at=scene.now)


def outcome(closing: Closing) -> str:
    """The grade in the ledger: `reached`, `not reached`, a score, or `learned`."""
    if closing.score is not None:
        return str(closing.score)
    if closing.reached is not None:
        return "reached" if closing.reached else "not reached"
    return "learned"


def grade_lines(scene: Scene, reader: Person, goal: Goal, *, own: bool) -> Iterator[str]:
    """A goal's grade in words, with its type. `own`: for its owner, with what was written and what the score may mean."""
    voice, closing = scene.voice(reader), goal.closing
    if closing is None:
        return
    kind = type_words(scene, reader, goal)
    if closing.score is not None:
        yield voice.line("grade-score", type=kind, score=voice.number(closing.score))
        if own:
            yield voice.line(f"grade-band-{band(closing.score).value}")
    elif closing.reached is not None:
        yield voice.line("grade-reached" if closing.reached else "grade-not-reached", type=kind)
    else:
        yield voice.line("grade-learned", type=kind)
    for wanted, phrase in ((True, "grade-parts-delivered"), (False, "grade-parts-open")):
        parts = [f"{one.deliverable} ({one.team})" for one in goal.contributions if one.delivered is wanted]
        if parts:
            yield voice.line(phrase, parts="; ".join(parts))
    if own:
        yield voice.line("grade-words-learned", words=closing.learned)
        if closing.explanation:
            yield voice.line("grade-words-adjust", words=closing.explanation)


def grade_button(scene: Scene, goal: Goal) -> Button:
    """*Close with a grade*, or *Change the grade*."""
    label = scene.voice(scene.actor).line("button-grade" if goal.closing is None else "button-grade-again")
    tone = Tone.PRIMARY if goal.closing is None else Tone.PLAIN
    return Button(label=label, action=Action(Verb.CLOSE_GOAL, (goal.id,)), about=goal.title, tone=tone)
