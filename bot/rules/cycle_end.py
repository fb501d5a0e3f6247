"""What the rules about a cycle's end share: which duty it is, whether it was done, and from when on it is asked for."""

from datetime import date, datetime, time, timedelta

from bot.model import DutyKind, Goal, GoalKind, GoalState
from bot.rules.cycles import parse_cycle
from bot.rules.people import local_now, zone_of
from bot.rules.policy import Setting
from bot.rules.worktime import localize
from bot.scene import Scene


def duty_id(kind: DutyKind, person_id: str, cycle: str) -> str:
    """`prepare:PERSON:CYCLE`, `wrap_up:PERSON:CYCLE`."""
    return f"{kind}:{person_id}:{cycle}"


def cycle_named(wanted: str) -> str | None:
    """The cycle that stands at the end of such an id."""
    try:
        return parse_cycle(wanted.rpartition(":")[2])
    except ValueError:
        return None


def is_done(scene: Scene, wanted: str) -> bool:
    """The duty of that id was done."""
    return any(duty.id == wanted and duty.done_at is not None for duty in scene.situation.duties)


def goals_of(scene: Scene, cycle: str) -> tuple[Goal, ...]:
    """The desk owner's objectives of a cycle that were approved; those closed already are among them."""
    wanted = (GoalState.ACTIVE, GoalState.CLOSED)
    mine = (goal for goal in scene.situation.goals if goal.owner_id == scene.person.id and goal.cycle == cycle)
    return tuple(goal for goal in mine if goal.state in wanted and goal.kind is GoalKind.OBJECTIVE)


def today(scene: Scene) -> date:
    """The day it is where the desk's owner is."""
    return local_now(scene.person, scene.situation).date()


def day_begins(scene: Scene, day: date) -> datetime:
    """When a day begins where the desk's owner is."""
    return localize(day, time(0), zone_of(scene.person, scene.situation.company))


def before_end(scene: Scene, setting: Setting, last: date) -> datetime:
    """So many calendar days before the last day of the cycle, from that day's beginning on."""
    return day_begins(scene, last - timedelta(days=setting.span.amount))
