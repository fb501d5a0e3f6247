"""How a goal looks in a card: a line about where it stands, its numbers, a trend in eight little bars, quick buttons."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.model import CheckIn, Contribution, Goal, GoalKind, KeyResult, Person, Status
from bot.rules.progress import progress
from bot.rules.roll_up import CLOSED, Group, groups
from bot.rules.standing import effective
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Element, Note, Paragraph, Tone
from bot.talk.text import Span, Style, Text, join

BARS = "▁▂▃▄▅▆▇█"
SHOWN_KEY_RESULTS = 3


def trend(result: KeyResult, checkins: Sequence[CheckIn]) -> str:
    """One bar per check-in that reported a value, oldest first; empty with fewer than two values."""
    values = [
        answer.values[result.id]
        for checkin in reversed(checkins)
        for answer in checkin.answers
        if answer.goal_id == result.goal_id and result.id in answer.values
    ]
    ways = [way for way in (progress(result, value) for value in values) if way is not None]
    if len(ways) < 2:
        return ""
    return "".join(BARS[int(min(max(way, Decimal(0)), Decimal(1)) * (len(BARS) - 1))] for way in ways)


def amount(scene: Scene, person: Person, value: Decimal, unit: str) -> str:
    """`40 %`, `12 days`, `7`."""
    number = scene.voice(person).number(value)
    return f"{number} {unit}" if unit else number


def status_words(scene: Scene, reader: Person, goal: Goal) -> str:
    """The status as the reader sees it: what it is worth now."""
    return scene.voice(reader).line(f"status-{effective(scene, goal).value}")


def type_words(scene: Scene, reader: Person, goal: Goal) -> str:
    """The type, always; a cross-team goal and a new hire's objective are marked as what they are besides."""
    voice = scene.voice(reader)
    words = voice.line(f"goal-type-{goal.type.value}")
    if goal.coordinator_id or goal.contributions:
        words = voice.line("goal-type-marked", type=words, mark=voice.line("goal-type-cross-team"))
    if goal.kind is GoalKind.KPO:
        words = voice.line("goal-type-marked", type=words, mark=voice.line("goal-type-kpo"))
    return words


def standing(scene: Scene, reader: Person, goal: Goal) -> str:
    """Type, status and age of the last update in one line."""
    voice = scene.voice(reader)
    return voice.line(
        "goal-standing",
        type=type_words(scene, reader, goal),
        status=status_words(scene, reader, goal),
        days=scene.days_since(goal.updated_at, reader),
    )


def result_line(scene: Scene, reader: Person, result: KeyResult) -> str:
    """A key result with its value, its target and its trend; the unit stands once, percent signs stay at both numbers."""
    voice = scene.voice(reader)
    unit = result.unit if result.target is None or result.unit == "%" else ""
    value = voice.line("result-unreported") if result.current is None else amount(scene, reader, result.current, unit)
    bars = trend(result, scene.situation.checkins)
    if result.target is None:
        words = voice.line("result-line", text=result.text, value=value)
    else:
        target = amount(scene, reader, result.target, result.unit)
        words = voice.line("result-line-target", text=result.text, value=value, target=target)
    return f"{words}  {bars}" if bars else words


def whole_result_line(scene: Scene, reader: Person, result: KeyResult) -> str:
    """A key result with its way, its due date, who reports it, and its trend."""
    voice = scene.voice(reader)

    def words(value: Decimal) -> str:
        return amount(scene, reader, value, result.unit)

    unknown = voice.line("result-unreported")
    current = unknown if result.current is None else voice.line("view-now", value=words(result.current))
    if result.target is None:
        line = voice.line("result-line", text=result.text, value=current)
    elif result.start is None:
        line = voice.line("view-result-bare", text=result.text, current=current, target=words(result.target))
    else:
        ends = {"start": words(result.start), "target": words(result.target)}
        line = voice.line("view-result", text=result.text, current=current, **ends)
    more = [line]
    if result.due is not None:
        more.append(voice.line("view-due", date=voice.date(result.due)))
    if result.source:
        more.append(voice.line("view-source", source=result.source))
    bars = trend(result, scene.situation.checkins)
    return " · ".join(more) + (f"  {bars}" if bars else "")


def contribution_line(scene: Scene, reader: Person, one: Contribution) -> str:
    """What one team delivers to a cross-team goal, until when, and whether it has."""
    voice = scene.voice(reader)
    due = [voice.line("view-due", date=voice.date(one.due))] if one.due is not None else []
    state = voice.line("view-delivered" if one.delivered else "view-undelivered")
    return " · ".join([voice.line("view-contribution", team=one.team, deliverable=one.deliverable), *due, state])


def roll_up_lines(scene: Scene, reader: Person, goals: Iterable[Goal], *, measured: bool = True) -> list[str]:
    """Several goals as counts by type and status, one line a type; `measured`: also how far they came, each type in its way."""
    return [_group_line(scene, reader, group, measured=measured) for group in groups(scene, goals)]


def _group_line(scene: Scene, reader: Person, group: Group, *, measured: bool) -> str:
    voice = scene.voice(reader)
    names = {CLOSED: "view-state-closed"}
    counts = (
        voice.line("view-count", count=count, status=voice.line(names.get(name, f"status-{name}")))
        for name, count in group.statuses
    )
    line = voice.line("view-roll-up", type=voice.line(f"goal-type-{group.sort.value}"), counts=", ".join(counts))
    if measured and group.reached is not None:
        line += " · " + voice.line("view-reached", reached=group.reached, count=group.measured)
    if measured and group.mean is not None:
        line += " · " + voice.line("view-mean", mean=voice.number(group.mean.quantize(Decimal("0.01"))))
    return line


def status_buttons(scene: Scene, checkin_id: str, goal: Goal) -> tuple[Button, ...]:
    """One quick answer per status, for the desk's owner, in their check-in of that id."""
    voice = scene.voice(scene.person)
    return tuple(
        Button(
            label=voice.line(f"button-{status.value}"),
            action=Action(Verb.REPORT, (checkin_id, goal.id, status.value)),
            about=goal.title,
        )
        for status in Status
    )


def answer_buttons(scene: Scene, checkin_id: str, goal: Goal) -> tuple[Button, ...]:
    """The quick answers for one goal, and the form for everything else about it."""
    form = Button(
        label=scene.voice(scene.person).line("button-open-form"),
        action=Action(Verb.OPEN_FORM, (checkin_id, goal.id)),
        tone=Tone.PRIMARY,
        about=goal.title,
    )
    return (*status_buttons(scene, checkin_id, goal), form)


def title(goal: Goal) -> Text:
    """The goal's own words, in bold."""
    return (Span(goal.title, Style.BOLD),)


def goal_elements(scene: Scene, reader: Person, goal: Goal) -> tuple[Element, ...]:
    """Title, standing and the first key results."""
    lines = [standing(scene, reader, goal)]
    lines += [result_line(scene, reader, result) for result in goal.key_results[:SHOWN_KEY_RESULTS]]
    hidden = len(goal.key_results) - SHOWN_KEY_RESULTS
    if hidden > 0:
        lines.append(scene.voice(reader).line("result-more", count=hidden))
    return (Paragraph(text=title(goal)), Note(text=join("\n".join(lines))))
