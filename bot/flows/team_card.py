"""What a team's weekly post says: where its goals stand, what moved, wins, where help is asked, what was decided.

Names stand beside wins and decisions only. Free text comes from fields whose label says that the team sees it: wins, and
an obstacle whose owner named who can remove it. No private note, no confidence, and nobody who did not answer.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from bot.flows.goal_lines import amount, status_words, type_words
from bot.model import Answer, Channel, CheckIn, DutyKind, Escalation, Goal, GoalKind, GoalType, KeyResult, Status
from bot.rules import team_post as rule
from bot.rules.worktime import period_start
from bot.scene import Scene
from bot.situation import Crew
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Divider, Element, Heading, Note, Paragraph
from bot.talk.text import Span, Style, Text, clean, join, plain

GOALS, MOVES, LINES = 12, 3, 6
"""So many goals, numbers of a goal, and lines of each further kind; what is more is counted. Fits on every platform."""

TITLE, WORDS = 120, 240
"""So many characters of a title, and of what somebody wrote."""

TYPES = tuple(GoalType)
"""In this order, the promise first. Inside a type goals stand by their titles, never by how they are doing."""


def week_card(scene: Scene, channel: Channel, crew: Crew, week: str, key: str) -> Card | None:
    """The post of a week in the language of whoever named the channel; None: there is nothing to say."""
    voice = scene.voice(scene.person)
    goals = [goal for goal in crew.goals if goal.kind is GoalKind.OBJECTIVE and scene.is_active(goal)]
    goals.sort(key=in_order)
    wins, obstacles = list(_wins(scene, crew, week)), list(_obstacles(scene, crew, goals, week))
    decided = list(decisions(scene, crew, _decided_in(scene, channel, crew, week)))
    if not (goals or wins or obstacles or decided):
        return None
    day = voice.date(period_start(week))
    elements: list[Element] = [Heading(text=voice.line("post-title", team=clean(crew.team, limit=60), week=day))]
    for goal in goals[:GOALS]:
        elements += _goal(scene, channel, crew, goal, week)
    if goals[GOALS:]:
        elements.append(Note(text=voice.text("post-more-goals", count=len(goals[GOALS:]))))
    for name, lines in (("wins", wins), ("obstacles", obstacles), ("decisions", decided)):
        elements += section(scene, f"post-{name}", lines)
    counts = {"goals": len(goals), "wins": len(wins), "obstacles": len(obstacles), "decisions": len(decided)}
    summary = voice.line("post-summary", team=clean(crew.team, limit=60), week=day, **counts)
    return Card(summary=summary, elements=(*elements, *footer(scene, key)))


def in_order(goal: Goal) -> tuple[int, str, str]:
    """Sorts goals by type, then title."""
    return TYPES.index(goal.type), goal.title, goal.id


def named(goal: Goal) -> Text:
    """Its title in bold."""
    return (Span(clean(goal.title, limit=TITLE), Style.BOLD),)


def section(scene: Scene, phrase: str, lines: list[Text]) -> Iterator[Element]:
    """A title and its first lines; nothing where there are none."""
    if not lines:
        return
    voice = scene.voice(scene.person)
    yield Divider()
    yield Paragraph(text=join((Span(voice.line(phrase), Style.BOLD),), *(join("\n• ", line) for line in lines[:LINES])))
    if lines[LINES:]:
        yield Note(text=voice.text("post-more", count=len(lines[LINES:])))


def footer(scene: Scene, key: str) -> tuple[Element, ...]:
    """Who turned it on and how to end it, and *Why?*."""
    voice = scene.voice(scene.person)
    why = Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,)))
    note = voice.text("post-footer", name=scene.person.name, form="/team post off")
    return Divider(), Note(text=note), Buttons(buttons=(why,))


def _goal(scene: Scene, channel: Channel, crew: Crew, goal: Goal, week: str) -> Iterator[Element]:
    voice = scene.voice(scene.person)
    current = week == rule.week_of(scene, channel)
    answer = _answer(crew, goal, week)
    status = status_words(scene, scene.person, goal)
    if not current and answer is not None and answer.status is not None:
        status = voice.line(f"status-{answer.status.value}")  # the week is over: what was true of it, not of the next one
    words = voice.line("post-goal", type=type_words(scene, scene.person, goal), status=status)
    yield Paragraph(text=join(named(goal), f"  {words}"))
    before = [one for one in crew.checkins.get(goal.owner_id, ()) if one.period < week]
    moves = [
        moved_words(scene, result, start, end)
        for result in goal.key_results
        for start, end in [_moved(result, answer, before, current)]
        if start is not None and end is not None and start != end
    ]
    if moves:
        yield Note(text=plain("\n".join(moves[:MOVES])))


def _moved(
    result: KeyResult, answer: Answer | None, before: Iterable[CheckIn], current: bool
) -> tuple[Decimal | None, Decimal | None]:
    """A number before the week and in it. A machine's number moves without an answer."""
    earlier = value_in(before, result)
    now = result.current if current else None
    said = answer.values.get(result.id) if answer is not None else None
    if earlier is None:
        return (result.start, said if said is not None else None)
    return earlier, now if now is not None else said


def value_in(checkins: Iterable[CheckIn], result: KeyResult) -> Decimal | None:
    """The number in the newest of these check-ins (newest first) that has one."""
    answers = (one.answer_for(result.goal_id) for one in checkins)
    found = (answer.values[result.id] for answer in answers if answer is not None and result.id in answer.values)
    return next(found, None)


def moved_words(scene: Scene, result: KeyResult, before: Decimal, after: Decimal) -> str:
    """`Pages live: 20 % → 40 %`."""
    return scene.voice(scene.person).line(
        "post-moved-value",
        result=clean(result.text, limit=TITLE),
        before=amount(scene, scene.person, before, "%" if result.unit == "%" else ""),
        after=amount(scene, scene.person, after, result.unit),
    )


def _answer(crew: Crew, goal: Goal, week: str) -> Answer | None:
    answers = (one.answer_for(goal.id) for one in crew.checkins.get(goal.owner_id, ()) if one.period == week)
    return next((answer for answer in answers if answer is not None), None)


def _wins(scene: Scene, crew: Crew, week: str) -> Iterator[Text]:
    voice = scene.voice(scene.person)
    for member in sorted(crew.members, key=scene.name):
        for checkin in crew.checkins.get(member, ()):
            if checkin.period == week and checkin.wins and checkin.answered_at is not None:
                yield voice.text("post-win", words=_quoted(checkin.wins), name=scene.name(member))


def _obstacles(scene: Scene, crew: Crew, goals: Iterable[Goal], week: str) -> Iterator[Text]:
    """Obstacles that still stand and for which help was asked: their owner named who can remove them, in the form."""
    voice = scene.voice(scene.person)
    standing = {one.goal_id: one for one in crew.duties if one.kind is DutyKind.BLOCKER}
    for goal in goals:
        answer, duty = _answer(crew, goal, week), standing.get(goal.id)
        blocker = answer.blocker if answer is not None and answer.status is not Status.ON_TRACK else None
        if blocker is None or not blocker.remover or duty is None:
            continue
        cause = voice.line(f"cause-{blocker.cause.value}") if blocker.cause is not None else ""
        yield voice.text(
            "post-obstacle",
            words=_quoted(blocker.text),
            cause=cause or "–",
            goal=clean(goal.title, limit=TITLE),
            name=scene.name(duty.holder_id),
        )


def _decided_in(scene: Scene, channel: Channel, crew: Crew, week: str) -> list[Escalation]:
    zone, first = rule.hours(scene, channel).zone, period_start(week)
    days = ((one, one.decided_at.astimezone(zone).date()) for one in crew.decided if one.decided_at is not None)
    return [one for one, day in days if first <= day < first + timedelta(days=7)]


def decisions(scene: Scene, crew: Crew, decided: Iterable[Escalation]) -> Iterator[Text]:
    """What was decided about which goal, and by whom; notes stay between those they were written for."""
    voice = scene.voice(scene.person)
    titles = {goal.id: goal.title for goal in crew.goals if goal.kind is GoalKind.OBJECTIVE}
    for one in decided:
        if one.choice is not None and one.goal_id in titles:
            yield voice.text(
                "post-decision",
                goal=clean(titles[one.goal_id], limit=TITLE),
                choice=voice.line(f"choice-{one.choice.value}"),
                name=scene.name(one.decided_by),
            )


def _quoted(words: str) -> str:
    """What somebody wrote, on one line."""
    return clean(" ".join(words.split()), limit=WORDS)
