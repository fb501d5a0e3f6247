"""What a policy change would have done in the last eight weeks, in words for the card on which HR confirms it."""

from dataclasses import dataclass
from decimal import Decimal

from bot.model import PolicyChange
from bot.rules.backtest import SMALLEST_TEAM, WEEKS, Comparison, compared, rules_of, weeks_known
from bot.rules.hindsight import Hindsight, looked_back
from bot.rules.policy import LOCK
from bot.scene import Scene
from bot.talk.cards import Element, Facts, Note, Paragraph
from bot.talk.text import Text, plain, words_of
from bot.talk.voice import Voice

TEAMS_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the last weeks would have been: for the card, and in one line for its summary. Both empty: nothing to compare."""

    elements: tuple[Element, ...] = ()
    words: str = ""


def foreseen(scene: Scene, change: PolicyChange) -> Forecast:
    """What the last weeks would have been under `change` (its version need not be the next one). Needs `situation.history`."""
    voice = scene.voice(scene.actor)
    history, weeks = scene.situation.history, weeks_known(scene)
    if history is None:
        return Forecast()
    if not weeks and not change.threshold.startswith(LOCK):
        unknown = voice.text("forecast-no-history")
        return Forecast(elements=(Note(text=unknown),), words=words_of(unknown))
    found = _found(scene, change)
    if found is not None and found.population < SMALLEST_TEAM and not change.threshold.startswith(LOCK):
        few = voice.text("forecast-few")  # HR sees counts of at least five people (PRODUCT.md section 7)
        return Forecast(elements=(Note(text=few),), words=words_of(few))
    match found:
        case Comparison():
            words = voice.line("forecast-summary", **_counts(found))
            return Forecast(elements=(*_of_nudges(voice, found), *_basis(voice, found)), words=words)
        case Hindsight():
            line = _line(voice, found)
            return Forecast(elements=(Paragraph(text=line), *_basis(voice, found)), words=words_of(line))
        case None:
            return Forecast()


def _found(scene: Scene, change: PolicyChange) -> Comparison | Hindsight | None:
    rules = rules_of(change)
    return compared(scene, rules, change) if rules else looked_back(scene, change)


def _counts(found: Comparison) -> dict[str, int | str]:
    more = found.after - found.before
    kind = "more" if more > 0 else "fewer" if more < 0 else "same"
    counts = {"weeks": found.weeks, "before": found.before, "after": found.after, "difference": abs(more)}
    return {**counts, "people": found.people_after, "kind": kind}


def _of_nudges(voice: Voice, found: Comparison) -> tuple[Element, ...]:
    counts = _counts(found)
    people = voice.text("forecast-people", after=found.people_after, before=found.people_before)
    per_week = {"after": _rate(voice, found.messages_after), "before": _rate(voice, found.messages_before)}
    pairs: list[tuple[str, Text]] = [
        (voice.line("forecast-weeks", weeks=found.weeks), voice.text("forecast-nudges", **counts)),
        (voice.line("forecast-people-label"), people),
        (voice.line("forecast-messages-label"), voice.text("forecast-messages", **per_week)),
    ]
    teams = [voice.line("forecast-team", team=team, before=was, after=is_) for team, was, is_ in found.teams[:TEAMS_NAMED]]
    if teams:
        pairs.append((voice.line("forecast-teams-label"), plain("; ".join(teams))))
    return (Facts(pairs=tuple(pairs)),)


def _rate(voice: Voice, messages: float) -> str:
    return voice.number(Decimal(str(round(messages, 1))))


def _line(voice: Voice, found: Hindsight) -> Text:
    counts = {"weeks": found.weeks, "before": found.before, "after": found.after, "total": found.total}
    return voice.text(f"forecast-{found.kind}", **counts)


def _basis(voice: Voice, found: Comparison | Hindsight) -> tuple[Element, ...]:
    """How far the numbers can be trusted."""
    lines: list[str] = []
    if isinstance(found, Comparison):
        lines.append(voice.line("forecast-basis"))
        if found.sent != found.before:
            lines.append(voice.line("forecast-sent", sent=found.sent))
    if found.is_estimate:
        lines.append(voice.line("forecast-estimate", sampled=found.sampled, population=found.population))
    if 0 < found.weeks < WEEKS:
        lines.append(voice.line("forecast-short", weeks=found.weeks))
    return (Note(text=plain(" ".join(lines))),) if lines else ()
