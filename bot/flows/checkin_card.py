"""The check-in as people see it: the card with its quick buttons, and the form behind *Open form*."""

from collections.abc import Iterator, Mapping

from bot.flows import checkin_said, checkin_weeks, escalation
from bot.flows.escalation_card import span_words
from bot.flows.goal_lines import amount, goal_elements, status_buttons, title
from bot.flows.obstacles import open_one
from bot.model import Cause, CheckIn, CheckInState, Goal, GoalType, KeyResult, Person, Status
from bot.rules.blocked import STANDS
from bot.rules.checkin import is_behind
from bot.rules.worktime import period_start
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Divider,
    Element,
    Form,
    FormPart,
    Heading,
    Note,
    Option,
    Paragraph,
    TextField,
    Tone,
)

GOALS_ON_CARD = 10
"""A card holds at most 50 blocks on Slack; a goal takes three."""

PARTS_IN_FORM = 88
"""A Slack modal holds at most 100 blocks; the questions about the week need the rest."""


def checkin_card(scene: Scene, checkin: CheckIn) -> Card:
    """The live card of one period: what is asked, what was answered, and the buttons that still make sense."""
    person = scene.person
    voice = scene.voice(person)
    goals = scene.active_goals()
    elements: list[Element] = [Heading(text=voice.line("checkin-title", week=voice.date(period_start(checkin.period))))]
    asked = voice.text(_lead(scene, checkin), name=person.name, goals=len(goals), **_lead_args(scene, checkin))
    elements.append(Paragraph(text=asked))
    closed = checkin.state is CheckInState.SKIPPED or checkin_weeks.is_settled(scene, checkin)
    for goal in goals[:GOALS_ON_CARD]:
        elements.extend(goal_elements(scene, person, goal))
        elements.extend(_goal_buttons(scene, checkin, goal, closed=closed))
    if len(goals) > GOALS_ON_CARD:
        elements.append(Note(text=voice.text("checkin-more-goals", count=len(goals) - GOALS_ON_CARD)))
    if not goals:
        elements.append(Note(text=voice.text("checkin-no-goals")))
    if not person.welcomed:  # whom nothing was told yet: the page itself comes with their first gesture
        elements.append(Note(text=voice.text("checkin-first-contact")))
    elements.append(Divider())
    elements.append(_footer(scene, checkin))
    summary = voice.line(f"{_lead(scene, checkin)}-summary", goals=len(goals), **_lead_args(scene, checkin))
    return Card(summary=summary, elements=tuple(elements))


def moved_card(scene: Scene) -> Card:
    """What stays of a card when it was put out again further down."""
    voice = scene.voice(scene.person)
    return Card(summary=voice.line("checkin-moved"), elements=(Note(text=voice.text("checkin-moved")),))


def _lead(scene: Scene, checkin: CheckIn) -> str:
    match checkin.state:
        case CheckInState.SKIPPED:
            return "checkin-skipped"
        case CheckInState.ON_TIME:
            return "checkin-saved-over" if checkin_weeks.is_settled(scene, checkin) else "checkin-saved"
        case CheckInState.LATE:
            return "checkin-saved-late"
        case CheckInState.OPEN | CheckInState.MISSED:
            if checkin.snoozed_until is not None and checkin.snoozed_until > scene.now:
                return "checkin-snoozed"
            return "checkin-partly" if checkin.answers else "checkin-ask"


def _lead_args(scene: Scene, checkin: CheckIn) -> Mapping[str, str]:
    person = scene.person
    args = {}
    if checkin.answered_at is not None:
        args["when"] = scene.moment(checkin.answered_at, person)
    if checkin.snoozed_until is not None:
        args["until"] = scene.moment(checkin.snoozed_until, person)
    return args


def _goal_buttons(scene: Scene, checkin: CheckIn, goal: Goal, *, closed: bool) -> Iterator[Element]:
    voice = scene.voice(scene.person)
    answer = checkin.answer_for(goal.id)
    if answer is None or answer.status is None:
        if not closed:
            yield Buttons(buttons=status_buttons(scene, checkin.id, goal))
        return
    earlier = checkin_weeks.overtaken(scene, checkin, goal)
    if earlier:
        yield Note(text=voice.text("checkin-of-its-week", status=voice.line(f"status-{answer.status.value}")))
    if answer.blocker is not None:
        yield Note(text=voice.text("checkin-blocker", blocker=answer.blocker.text))
    buttons: list[Button] = []
    asked = escalation.undecided(scene).get(goal.id)
    if asked is not None:
        yield Note(text=voice.text("checkin-decision-asked", holder=scene.name(asked.holder_id)))
    elif may_ask_decision(goal, answer.status) and not earlier:
        label, action = voice.line("button-need-decision"), Action(Verb.NEED_DECISION, (goal.id, checkin.id))
        buttons.append(Button(label=label, action=action, tone=Tone.PRIMARY, about=goal.title))
    if answer.blocker is not None and scene.person.manager_id in scene.situation.people:
        buttons.append(Button(label=voice.line("button-talk"), action=Action(Verb.OPEN_ITEM, (goal.id,)), about=goal.title))
    if buttons:
        yield Buttons(buttons=tuple(buttons))


def may_ask_decision(goal: Goal, status: Status | None) -> bool:
    """Committed goals off the green offer *I need a decision* (PRODUCT.md section 4)."""
    return goal.type is GoalType.COMMITTED and status in (Status.AT_RISK, Status.OFF_TRACK)


def _footer(scene: Scene, checkin: CheckIn) -> Buttons:
    voice = scene.voice(scene.person)
    open_form = Button(label=voice.line("button-open-form"), action=Action(Verb.OPEN_FORM, (checkin.id,)), tone=Tone.PRIMARY)
    why = Button(label=voice.line("button-why"), action=Action(Verb.WHY, (checkin.card,)))
    if checkin.state in (CheckInState.OPEN, CheckInState.MISSED):
        skip = Button(label=voice.line("button-skip"), action=Action(Verb.SKIP, (checkin.id,)))
        snooze = Button(label=voice.line("button-snooze"), action=Action(Verb.SNOOZE, (checkin.id,)))
        return Buttons(buttons=(open_form, skip, *(() if is_behind(scene, checkin) else (snooze,)), why))
    if checkin_weeks.is_settled(scene, checkin):
        return Buttons(buttons=(why,))
    return Buttons(buttons=(open_form, why))


def goals_in_form(scene: Scene, checkin: CheckIn, wanted: tuple[str, ...]) -> tuple[Goal, ...]:
    """The goals one form can hold: the wanted ones (none: all), unanswered first, as many as fit."""
    goals = [goal for goal in scene.active_goals() if not wanted or goal.id in wanted]
    if not wanted:
        goals.sort(key=lambda goal: checkin.answer_for(goal.id) is not None)
    held: list[Goal] = []
    parts = 0
    for goal in goals:
        parts += 8 + len(goal.key_results)
        if held and parts > PARTS_IN_FORM:
            break
        held.append(goal)
    return tuple(held)


def checkin_form(scene: Scene, checkin: CheckIn, goals: tuple[Goal, ...], typed: Mapping[str, str] | None = None) -> Form:
    """The form for some goals, filled from what was typed, else from the draft, this check-in and last time."""
    voice = scene.voice(scene.person)
    given = checkin_said.in_form(checkin.draft) if typed is None else dict(typed)
    parts: list[FormPart] = []
    for goal in goals:
        parts.append(Heading(text=goal.title) if len(goals) > 1 else Paragraph(text=title(goal)))
        parts.extend(_goal_fields(scene, checkin, goal, given))
    if goals:
        parts.append(Divider())
    parts.extend(_week_fields(scene, checkin, given))
    return Form(
        action=Action(Verb.ANSWER, (checkin.id, *(goal.id for goal in goals))),
        title=voice.line("form-title"),
        submit=voice.line("form-submit"),
        cancel=voice.line("button-cancel"),
        parts=tuple(parts),
    )


def _goal_fields(scene: Scene, checkin: CheckIn, goal: Goal, given: Mapping[str, str]) -> Iterator[FormPart]:
    person = scene.person
    voice = scene.voice(person)
    answer = checkin.answer_for(goal.id)
    earlier = checkin_weeks.overtaken(scene, checkin, goal)
    goal = checkin_weeks.as_of(scene, checkin, goal)
    last = next(iter(checkin_weeks.answers_until(scene, checkin, goal)), None)
    blocker = answer.blocker if answer else None
    standing = None if earlier else open_one(scene, goal)  # an obstacle of an earlier week stays until it is taken out
    status = (answer.status if answer else None) or goal.status
    yield ChoiceField(
        id=f"status:{goal.id}",
        label=voice.line("field-status"),
        options=tuple(Option(value=status.value, label=voice.line(f"status-{status.value}")) for status in Status),
        value=given.get(f"status:{goal.id}", status.value if status else ""),
    )
    for result in goal.key_results:
        if not result.source:
            yield _result_field(scene, result, given)
    confidence = answer.confidence if answer and answer.confidence is not None else (last.confidence if last else None)
    yield TextField(
        id=f"confidence:{goal.id}",
        label=voice.line("field-confidence"),
        value=given.get(f"confidence:{goal.id}", "" if confidence is None else str(confidence)),
        hint=voice.line("field-confidence-hint"),
        max_length=20,
    )
    yield TextField(
        id=f"note:{goal.id}",
        label=voice.line("field-note"),
        value=given.get(f"note:{goal.id}", answer.note if answer else ""),
        multiline=True,
    )
    yield TextField(
        id=f"blocker:{goal.id}",
        label=voice.line("field-blocker"),
        value=given.get(f"blocker:{goal.id}", blocker.text if blocker else standing.text if standing else ""),
        hint=voice.line("field-blocker-hint"),
    )
    yield ChoiceField(
        id=f"cause:{goal.id}",
        label=voice.line("field-cause"),
        options=tuple(Option(value=cause.value, label=voice.line(f"cause-{cause.value}")) for cause in Cause),
        value=given.get(f"cause:{goal.id}", blocker.cause.value if blocker and blocker.cause else ""),
    )
    yield TextField(
        id=f"remover:{goal.id}",
        label=voice.line("field-remover"),
        value=given.get(f"remover:{goal.id}", blocker.remover if blocker else ""),
        hint=_remover_hint(scene),
        max_length=200,
    )


def _remover_hint(scene: Scene) -> str:
    """Whoever is named hears of it: that is said before, not after."""
    setting = scene.setting(scene.person, STANDS)
    voice = scene.voice(scene.person)
    return "" if setting.off else voice.line("field-remover-hint", after=span_words(scene, scene.person, setting.value))


def _result_field(scene: Scene, result: KeyResult, given: Mapping[str, str]) -> TextField:
    voice = scene.voice(scene.person)
    current = "" if result.current is None else voice.number(result.current)
    if result.target is None:
        hint = voice.line("field-result-hint", unit=result.unit or "–")
    else:
        hint = voice.line("field-result-hint-target", target=amount(scene, scene.person, result.target, result.unit))
    return TextField(
        id=f"value:{result.id}",
        label=result.text,
        value=given.get(f"value:{result.id}", current),
        hint=hint,
        max_length=60,
    )


def _week_fields(scene: Scene, checkin: CheckIn, given: Mapping[str, str]) -> Iterator[FormPart]:
    voice = scene.voice(scene.person)
    for name, value in (
        ("wins", checkin.wins),
        ("adjust", checkin.adjust),
        ("loss", checkin.loss),
        ("private", checkin.private_note),
    ):
        hint = voice.line("post-field-hint") if name == "wins" else ""  # what a channel shows is said at its field
        label = voice.line(f"field-{name}")
        yield TextField(id=name, label=label, value=given.get(name, value), hint=hint, multiline=name != "wins")


def history_lines(scene: Scene, person: Person) -> tuple[Element, ...]:
    """The last check-ins, one line each."""
    voice = scene.voice(person)
    lines: list[Element] = []
    for checkin in scene.situation.checkins:
        missed = checkin.state is CheckInState.MISSED
        partly = missed and any(answer.status is not None for answer in checkin.answers)
        told = voice.line("checkin-state-partly" if partly else f"checkin-state-{checkin.state.value}")
        statuses = ", ".join(
            voice.line(
                "history-goal",
                goal=_goal_title(scene, answer.goal_id),
                status=voice.line(f"status-{answer.status.value}"),
            )
            for answer in checkin.answers
            if answer.status is not None
        )
        week = voice.date(period_start(checkin.period))
        line = voice.text("history-line", week=week, state=told)
        lines.append(Paragraph(text=line))
        if statuses:
            lines.append(Note(text=voice.text("history-statuses", statuses=statuses)))
    return tuple(lines)


def _goal_title(scene: Scene, goal_id: str) -> str:
    return next((goal.title for goal in scene.situation.goals if goal.id == goal_id), goal_id)
