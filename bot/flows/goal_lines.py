"""How a goal looks in a card: a line about where it stands, its numbers, a trend in eight little bars, quick buttons."""

from collections.abc import Sequence
from decimal import Decimal

from bot.model import CheckIn, Goal, KeyResult, Person, Status
from bot.rules import stalled
from bot.rules.progress import progress
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


def is_stale(scene: Scene, goal: Goal) -> bool:
    """No update for as long as the owner's stalled threshold: `stale` overrides a reported green (PRODUCT.md section 1)."""
    owner = scene.situation.people.get(goal.owner_id)
    if owner is None:
        return False
    setting = scene.setting(owner, stalled.OWNER)
    return not setting.off and scene.days_since(goal.updated_at, owner) >= setting.span.amount


def status_words(scene: Scene, reader: Person, goal: Goal) -> str:
    """The status as the reader sees it."""
    voice = scene.voice(reader)
    if goal.status is None:
        return voice.line("status-none")
    if goal.status is Status.ON_TRACK and is_stale(scene, goal):
        return voice.line("status-stale")
    return voice.line(f"status-{goal.status.value}")


def standing(scene: Scene, reader: Person, goal: Goal) -> str:
    """Type, status and age of the last update in one line."""
    voice = scene.voice(reader)
    kind = "cross-team" if goal.coordinator_id else goal.type.value
    return voice.line(
        "goal-standing",
        type=voice.line(f"goal-type-{kind}"),
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
