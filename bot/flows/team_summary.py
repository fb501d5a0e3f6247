"""What a team's monthly summary says: what was reached, what moved by type, decisions, what was learned, what was stopped."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.flows.goal_lines import type_words
from bot.flows.team_card import TITLE, decisions, footer, in_order, moved_words, named, section, value_in
from bot.model import Channel, DutyKind, Goal, GoalKind, GoalState, KeyResult
from bot.rules import team_post as rule
from bot.rules.worktime import period_start
from bot.scene import Scene
from bot.situation import Crew
from bot.talk.cards import Card, Element, Heading, Paragraph
from bot.talk.text import Text, clean, join

LEARNED = 300
"""So many characters of what somebody learned."""

MOVES = 2
"""So many numbers of one goal: the others have their place, too."""


def month_card(scene: Scene, channel: Channel, crew: Crew, first: date, key: str) -> Card | None:
    """The summary of the month that begins on `first`; None: there is nothing to say."""
    voice = scene.voice(scene.person)
    goals = [goal for goal in crew.goals if goal.kind is GoalKind.OBJECTIVE]
    goals.sort(key=in_order)
    month = _Month(scene, channel, first)
    closed = [goal for goal in goals if goal.closing is not None and month.holds(goal.closing.at)]
    decided = [one for one in crew.decided if one.decided_at is not None and month.holds(one.decided_at)]
    approved = {"", *(goal.id for goal in goals)}  # what makes room for a draft is its owner's own for now
    listed = (one for one in crew.duties if one.kind is DutyKind.STOP and one.done_at is None and one.goal_id in approved)
    stopped = [one for one in listed if month.holds(one.opened_at)]
    parts: dict[str, list[Text]] = {
        "reached": list(_reached(scene, closed)),
        "moves": [line for goal in goals for line in _moves(scene, crew, goal, month)],
        "decisions": list(decisions(scene, crew, decided)),
        "learned": list(_learned(scene, closed)),
        "stopped": [voice.text("post-stop", words=clean(" ".join(one.text.split()), limit=LEARNED)) for one in stopped],
    }
    if not any(parts.values()):
        return None
    team, called = clean(crew.team, limit=60), voice.line("post-month-name", month=first.month, year=str(first.year))
    elements: list[Element] = [Heading(text=voice.line("post-month-title", team=team, month=called))]
    elements.append(Paragraph(text=voice.text("post-month-lead")))
    for name, lines in parts.items():
        elements += section(scene, f"post-month-{name}", lines)
    counts = {name: len(lines) for name, lines in parts.items()}
    summary = voice.line("post-month-summary", team=team, month=called, **counts)
    return Card(summary=summary, elements=(*elements, *footer(scene, key)))


class _Month:
    """One calendar month where the channel's hours are reckoned."""

    def __init__(self, scene: Scene, channel: Channel, first: date) -> None:
        self._zone = rule.hours(scene, channel).zone
        self.first, self.after = first, rule.month_after(first)

    def holds(self, instant: datetime) -> bool:
        return self.first <= instant.astimezone(self._zone).date() < self.after


def _reached(scene: Scene, closed: list[Goal]) -> Iterator[Text]:
    """A committed goal that was reached, an aspirational one with how far it came; a learning goal says what was learned."""
    voice = scene.voice(scene.person)
    for goal in closed:
        if goal.closing is None:
            continue
        if goal.closing.reached:
            yield join(named(goal), "  ", voice.line("post-reached", type=type_words(scene, scene.person, goal)))
        elif goal.closing.score is not None:
            score = voice.number(goal.closing.score)
            yield join(named(goal), "  ", voice.line("post-scored", type=type_words(scene, scene.person, goal), score=score))


def _moves(scene: Scene, crew: Crew, goal: Goal, month: _Month) -> Iterator[Text]:
    if goal.state is GoalState.ACTIVE and not scene.is_active(goal):
        return  # of a cycle long over
    voice = scene.voice(scene.person)
    numbers = ((result, *_numbers(crew, goal, result, month)) for result in goal.key_results)
    moved = [
        moved_words(scene, result, before, after)
        for result, before, after in numbers
        if before is not None and after is not None and before != after
    ]
    title, type = clean(goal.title, limit=TITLE), type_words(scene, scene.person, goal)
    for words in moved[:MOVES]:
        yield voice.text("post-month-moved", type=type, goal=title, words=words)


def _numbers(crew: Crew, goal: Goal, result: KeyResult, month: _Month) -> tuple[Decimal | None, Decimal | None]:
    """A number in the last check-in before the month (its start where there was none) and in the month's last one."""
    checkins = crew.checkins.get(goal.owner_id, ())
    ends = {one.period: period_start(one.period) + timedelta(days=6) for one in checkins}
    inside = [one for one in checkins if month.first <= ends[one.period] and period_start(one.period) < month.after]
    before = value_in((one for one in checkins if ends[one.period] < month.first), result)
    return before if before is not None else result.start, value_in(inside, result)


def _learned(scene: Scene, closed: list[Goal]) -> Iterator[Text]:
    voice = scene.voice(scene.person)
    for goal in closed:
        if goal.closing is not None and goal.closing.learned:
            words = clean(" ".join(goal.closing.learned.split()), limit=LEARNED)
            yield voice.text("post-learned", goal=clean(goal.title, limit=LEARNED), words=words)
