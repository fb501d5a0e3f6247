"""Goals in chat: the list with its buttons, what people say about one in plain words, what machines report."""

from dataclasses import replace
from decimal import Decimal

from bot.decision import NOTHING, Decision, together
from bot.events import Measured
from bot.flows import checkin as checkins
from bot.flows import checkin_said, checkin_weeks, escalation, nudge, obstacles
from bot.flows.checkin_typed import not_a_number
from bot.flows.goal_drafts import goals_ahead
from bot.flows.goal_lines import answer_buttons, goal_elements, title
from bot.model import Blocker, CheckIn, Goal, Status
from bot.rules.checkin import NOW
from bot.rules.standing import is_stale
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Element, Heading, Note, Paragraph, Tone
from bot.talk.intents import GoalReport
from bot.talk.numbers import NotANumber, parse_number
from bot.talk.text import clean

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
    """Plain words about goals, all understood or nothing changed.

    Where only the status of a goal is missing, what was said about that goal is understood too: it waits for the status.
    """
    checkin = checkins.in_question(scene)
    goals = {goal.id: goal for goal in scene.active_goals()}
    moved: dict[str, Goal] = {}
    asked: list[str] = []
    unkept: list[str] = []
    for item in items:
        goal = goals.get(item.goal_id)
        if goal is None:
            return scene.tell("goal-unknown")
        earlier = checkin_said.known(checkin, goal)
        values, result_id = dict(earlier.values), None
        if item.value is not None:
            read = _value(scene, goal, item)
            if isinstance(read, Decision):
                return read
            result_id, values[read[0]] = read
        status = item.status or (Status.AT_RISK if item.blocker else None) or earlier.status or goal.status
        if status is None:
            checkin = checkin_said.kept(checkin, item, result_id)
            asked.append(goal.id)
            continue
        note = checkin_said.joined(earlier.note, item.note)
        if note is None:
            unkept.append(clean(item.note, limit=300))
        answer = replace(earlier, status=status, values=values, blocker=_blocker(earlier.blocker, item))
        answer = replace(answer, note=earlier.note if note is None else note)
        checkin = replace(checkin, draft=checkin_said.left(checkin.draft, (goal,), form=False))
        checkin = checkins.with_answer(checkin, answer)
        moved[goal.id] = goals[goal.id] = checkins.updated_goal(scene, goal, answer)
    freed = {item.goal_id for item in items if item.unblocked}
    done = Decision(changes=(checkin,))
    if moved:
        done = checkins.stored(scene, checkin, tuple(moved.values()), how="words", freed=freed)
    return together(done, _left_open(scene.after(done), checkin, asked, unkept))


def _blocker(earlier: Blocker | None, item: GoalReport) -> Blocker | None:
    """The obstacle after words about it, which never say its cause or who can remove it.

    Another text in the same week keeps both: whoever is asked to remove it stays asked (see `obstacles.reported`), so the
    check-in must not say otherwise; the form changes them. An obstacle named after the earlier one was said to be gone is
    a new one.
    """
    if not item.blocker:
        return None if item.unblocked else earlier
    if earlier is None or item.unblocked:
        return Blocker(text=item.blocker)
    return replace(earlier, text=item.blocker)


def _left_open(scene: Scene, checkin: CheckIn, asked: list[str], unkept: list[str]) -> Decision:
    """What words left open: a status that is missing, and a note for which there is no room."""
    voice = scene.voice(scene.person)
    elements: list[Element] = []
    summaries: list[str] = []
    for goal in [goal for goal in scene.active_goals() if goal.id in asked][:GOALS_SHOWN]:
        said = ", ".join(f"{text}: {number}" for text, number in checkin_said.waiting(checkin, goal).items())
        missing = "words-status-missing" if said else "words-which-status"
        args = {"said": said} if said else {}
        elements += [Paragraph(text=title(goal)), Paragraph(text=voice.text(missing, **args))]
        elements.append(Buttons(buttons=answer_buttons(scene, checkin.id, goal)))
        summaries.append(voice.line(f"{missing}-summary", goal=goal.title, **args))
    for note in unkept:
        elements.append(Note(text=voice.text("words-note-full", note=note)))
        summaries.append(voice.line("words-note-full", note=note))
    return scene.reply(*elements, summary=" ".join(summaries)) if elements else NOTHING


def unblocked(scene: Scene) -> Decision | None:
    """Nothing is in the way any more, said of no goal: the one that has an obstacle is meant; None where none has."""
    checkin = checkins.in_question(scene)
    answers = {answer.goal_id: answer for answer in checkin.answers if answer.blocker is not None}
    hindered = [goal.id for goal in scene.active_goals() if goal.id in answers or obstacles.open_one(scene, goal)]
    if len(hindered) == 1:
        return reported(scene, (GoalReport(goal_id=hindered[0], unblocked=True),))
    return asked_which(scene, tuple(hindered)) if hindered else None


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
        words = not_a_number(scene, error, result)
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


def decision_wanted(scene: Scene, goal_id: str, checkin_id: str = "") -> Decision:
    """*I need a decision* was pressed, on the card of that check-in or elsewhere: what was said there goes with it."""
    goal = next((goal for goal in scene.active_goals() if goal.id == goal_id), None)
    if goal is None:
        return scene.tell("goal-unknown")
    if goal.id in escalation.undecided(scene):
        return scene.tell("escalation-open-already", goal=goal.title)
    checkin = checkin_weeks.about(scene, goal, checkin_id) or checkins.current(scene)
    answer = checkin.answer_for(goal.id)
    blocker = answer.blocker if answer is not None else None
    cause = blocker.text if blocker is not None else (answer.note if answer is not None else "")
    kind, remover = (blocker.cause, blocker.remover) if blocker is not None else (None, "")
    opened = escalation.opened(scene, goal, cause=cause, loss=checkin.loss, requested=True, kind=kind, remover=remover)
    opened = together(opened, nudge.settled(scene.after(opened)))
    known = scene.after(opened)
    cards = {one.card: one for one in (checkin, checkins.current(scene)) if one.card}
    return together(opened, *(checkins.refreshed(known, one) for one in cards.values()))


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
