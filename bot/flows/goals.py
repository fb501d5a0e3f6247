"""Goals in chat: the list with its buttons, what people say about one in plain words, what machines report."""

from dataclasses import replace
from decimal import Decimal

from bot.decision import NOTHING, Decision, together
from bot.events import Measured
from bot.flows import checkin as checkins
from bot.flows import escalation, nudge
from bot.flows.goal_drafts import goals_ahead
from bot.flows.goal_lines import answer_buttons, goal_elements, title
from bot.model import Answer, Blocker, Goal, Status
from bot.rules.checkin import NOW
from bot.rules.standing import is_stale
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Element, Heading, Note, Paragraph, Tone
from bot.talk.intents import GoalReport
from bot.talk.numbers import NotANumber, parse_number

GOALS_SHOWN = 12


def listed(scene: Scene, *, at_risk: bool = False) -> Decision:
    """`/goals`: every active goal with its standing and a button to update it."""
    person = scene.person
    voice = scene.voice(person)
    goals = [goal for goal in scene.active_goals() if not at_risk or _needs_attention(scene, goal)]
    if not goals and at_risk:
        return scene.tell("goals-none-at-risk")
    elements: list[Element] = [Heading(text=voice.line("goals-title-at-risk" if at_risk else "goals-title"))]
    if not goals:
        elements.append(Paragraph(text=voice.text("goals-none")))
    checkin = f"{person.id}/{NOW}"
    for goal in goals[:GOALS_SHOWN]:
        elements.extend(goal_elements(scene, person, goal))
        button = Button(label=voice.line("button-update"), action=Action(Verb.OPEN_FORM, (checkin, goal.id)), about=goal.title)
        elements.append(Buttons(buttons=(button,)))
    if len(goals) > GOALS_SHOWN:
        elements.append(Note(text=voice.text("checkin-more-goals", count=len(goals) - GOALS_SHOWN)))
    if not at_risk:
        elements += goals_ahead(scene)
    summary = "goals-summary-at-risk" if at_risk else ("goals-summary" if goals else "goals-none")
    return scene.reply(*elements, summary=voice.line(summary, **({"count": len(goals)} if goals else {})))


def _needs_attention(scene: Scene, goal: Goal) -> bool:
    return goal.status in (Status.AT_RISK, Status.OFF_TRACK) or is_stale(scene, goal)


def reported(scene: Scene, items: tuple[GoalReport, ...]) -> Decision:
    """Plain words about goals, all understood or nothing changed."""
    checkin = checkins.in_question(scene)
    goals = {goal.id: goal for goal in scene.active_goals()}
    moved: list[Goal] = []
    for item in items:
        goal = goals.get(item.goal_id)
        if goal is None:
            return scene.tell("goal-unknown")
        earlier = checkin.answer_for(goal.id) or Answer(goal_id=goal.id)
        values = dict(checkins.values_of(goal))
        if item.value is not None:
            read = _value(scene, goal, item)
            if isinstance(read, Decision):
                return read
            values[read[0]] = read[1]
        blocker = Blocker(text=item.blocker) if item.blocker else earlier.blocker
        status = item.status or (Status.AT_RISK if item.blocker else None) or earlier.status or goal.status
        if status is None:
            return which_status(scene, (goal.id,))
        note = item.note or earlier.note
        answer = replace(earlier, status=status, values=values, blocker=blocker, note=note)
        checkin = checkins.with_answer(checkin, answer)
        goals[goal.id] = checkins.updated_goal(scene, goal, answer)
        moved = [*(other for other in moved if other.id != goal.id), goals[goal.id]]
    return checkins.stored(scene, checkin, tuple(moved), how="words")


def _value(scene: Scene, goal: Goal, item: GoalReport) -> tuple[str, Decimal] | Decision:
    results = [result for result in goal.key_results if item.key_result_id in (None, result.id)]
    if len(results) != 1:
        return asked_which(scene, (goal.id,))
    result = results[0]
    if result.source:
        return scene.tell("words-machine-fed", result=result.text, source=result.source)
    try:
        return result.id, parse_number(item.value or "", unit=result.unit)
    except NotANumber as error:
        words = checkins.not_a_number(scene, error, result)
        voice = scene.voice(scene.person)
        text = voice.text("words-number", result=result.text, problem=words)
        return scene.reply(Paragraph(text=text), summary=voice.line("words-number", result=result.text, problem=words))


def which_status(scene: Scene, goal_ids: tuple[str, ...]) -> Decision:
    """Something was said without a clear status: ask, never guess."""
    voice = scene.voice(scene.person)
    checkin = checkins.in_question(scene)
    goals = [goal for goal in scene.active_goals() if goal.id in goal_ids][:GOALS_SHOWN]
    elements: list[Element] = [Paragraph(text=voice.text("words-which-status"))]
    for goal in goals:
        elements += [Paragraph(text=title(goal)), Buttons(buttons=answer_buttons(scene, checkin.id, goal))]
    names = ", ".join(goal.title for goal in goals)
    return scene.reply(*elements, summary=voice.line("words-which-status-summary", goal=names))


def asked_which(scene: Scene, candidates: tuple[str, ...]) -> Decision:
    """What was said fits several goals: ask back with one button each."""
    voice = scene.voice(scene.person)
    checkin = checkins.in_question(scene)
    goals = [goal for goal in scene.active_goals() if not candidates or goal.id in candidates]
    if not goals:
        return scene.tell("goals-none")
    phrase = "words-which-goal" if len(goals) > 1 else "words-this-goal"
    elements: list[Element] = [Paragraph(text=voice.text(phrase, goal=goals[0].title))]
    for goal in goals[:GOALS_SHOWN]:
        elements.append(Paragraph(text=title(goal)))
        form = Button(
            label=voice.line("button-open-form"),
            action=Action(Verb.OPEN_FORM, (checkin.id, goal.id)),
            about=goal.title,
            tone=Tone.PRIMARY if len(goals) == 1 else Tone.PLAIN,
        )
        elements.append(Buttons(buttons=(form,)))
    return scene.reply(*elements, summary=voice.line(phrase, goal=goals[0].title))


def decision_wanted(scene: Scene, goal_id: str) -> Decision:
    """*I need a decision* was pressed."""
    goal = next((goal for goal in scene.active_goals() if goal.id == goal_id), None)
    if goal is None:
        return scene.tell("goal-unknown")
    if goal.id in escalation.undecided(scene):
        return scene.tell("escalation-open-already", goal=goal.title)
    checkin = checkins.current(scene)
    answer = checkin.answer_for(goal.id)
    blocker = answer.blocker if answer is not None else None
    cause = blocker.text if blocker is not None else (answer.note if answer is not None else "")
    kind, remover = (blocker.cause, blocker.remover) if blocker is not None else (None, "")
    opened = escalation.opened(scene, goal, cause=cause, loss=checkin.loss, requested=True, kind=kind, remover=remover)
    opened = together(opened, nudge.settled(scene.after(opened)))
    return together(opened, checkins.refreshed(scene.after(opened), checkin)) if checkin.card else opened


def measured(scene: Scene, event: Measured) -> Decision:
    """A machine reported a key result; from now on its owner is not asked for the number."""
    for goal in scene.situation.goals:
        for result in goal.key_results:
            if result.id == event.key_result:
                fed = replace(result, current=event.value, source=event.source or "api")
                results = tuple(fed if other.id == fed.id else other for other in goal.key_results)
                moved = replace(goal, key_results=results, updated_at=scene.now, answered_at=scene.now)
                entry = scene.entry(
                    "goal:measured",
                    f"goal:{goal.id}",
                    outcome=str(event.value),
                    key_result=result.id,
                    source=fed.source,
                    note=event.note,
                )
                done = Decision(changes=(moved,), entries=(entry,), looks=(scene.look(scene.now, sooner=True),))
                return together(done, nudge.settled(scene.after(done)))
    return NOTHING
