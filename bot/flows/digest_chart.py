"""The picture in a manager's digest: the team's goals by type, in counts; what a type has no number for gets none."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.model import Goal, GoalType
from bot.rules.people import listens_for
from bot.rules.roll_up import how_far, was_reached
from bot.rules.standing import is_stale
from bot.scene import Scene
from bot.talk.cards import Bar, Chart, ChartKind, Element, Note
from bot.talk.voice import Arg

SUCCESS = Decimal("0.6")
"""From here on an aspirational goal is a success (PRODUCT.md section 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The goals of one type: reached (aspirational: a success already), on the way, and without news for long.

    `mean`: of aspirational goals with numbers. Learning goals have neither mean nor `reached`.
    """

    kind: GoalType
    reached: int
    moving: int
    quiet: int
    mean: Decimal | None = None


def counts(scene: Scene) -> tuple[Counts, ...]:
    """What the people of the desk's owner aim for now, by type; types nobody has are left out."""
    people = scene.situation.people
    theirs = [goal for goal in scene.situation.reports_goals if scene.is_active(goal)]
    mine = {
        one
        for one in {goal.owner_id for goal in theirs}
        if one in people and listens_for(scene.person, people[one], scene.situation)
    }
    goals = [goal for goal in theirs if goal.owner_id in mine]
    return tuple(_counted(scene, kind, some) for kind in GoalType if (some := [goal for goal in goals if goal.type is kind]))


def _counted(scene: Scene, kind: GoalType, goals: Sequence[Goal]) -> Counts:
    open_ = [goal for goal in goals if not _is_reached(goal)]
    reached, quiet = len(goals) - len(open_), sum(is_stale(scene, goal) for goal in open_)
    known = [way for way in map(how_far, goals) if way is not None]
    mean = sum(known, Decimal(0)) / len(known) if known else None
    return Counts(kind=kind, reached=reached, moving=len(open_) - quiet, quiet=quiet, mean=mean)


def _is_reached(goal: Goal) -> bool:
    """As the views count it: a committed goal passes or fails as a whole, so a number nobody reported yet is not there."""
    match goal.type:
        case GoalType.COMMITTED:
            return was_reached(goal) is True
        case GoalType.ASPIRATIONAL:
            way = how_far(goal)
            return way is not None and way >= SUCCESS
        case GoalType.LEARNING:
            return False


def picture(scene: Scene) -> tuple[Element, ...]:
    """The chart and what its patterns mean; nothing where the team has no goals."""
    found = counts(scene)
    if not found:
        return ()
    voice = scene.voice(scene.person)
    said = "; ".join(_words(scene, one) for one in found)
    bars = tuple(Bar(label=one.kind.value, parts=(one.reached, one.moving, one.quiet), mark=_mark(one)) for one in found)
    chart = Chart(kind=ChartKind.BARS, title=voice.line("digest-chart"), alt=voice.line("digest-chart-alt", bars=said), bars=bars)
    return chart, Note(text=voice.text("digest-chart-words", bars=said))


def _words(scene: Scene, one: Counts) -> str:
    voice = scene.voice(scene.person)
    mean = "" if one.mean is None else voice.number(_rounded(one.mean))
    args: dict[str, Arg] = {
        "reached": one.reached,
        "moving": one.moving,
        "quiet": one.quiet,
        "mean": mean or "–",
        "known": "yes" if mean else "no",
    }
    return voice.line("digest-chart-bar", kind=one.kind.value, **args)


def _mark(one: Counts) -> str:
    """Digits only: a picture has no words. The mean stands in the words beside it, with its type."""
    parts = (one.moving, one.quiet) if one.kind is GoalType.LEARNING else (one.reached, one.moving, one.quiet)
    return " / ".join(map(str, parts))


def _rounded(mean: Decimal) -> Decimal:
    return mean.quantize(Decimal("0.01"))
