"""What became of requests for a decision in a simulated company, and what its managers were told, as lines for people."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select

from bot.model import Company, Escalation, EscalationState, Person
from bot.ports import Holidays
from bot.rules.people import calendar_of
from bot.rules.worktime import Calendar, localize
from storage import rows
from storage.engine import reading
from storage.schema import escalation, ledger
from tests.laws.world import employed, local_day, week_of
from tests.simulated.report import spread
from tests.simulated.town import Post, Town

STEPS = ("climbed", "covered", "handed_over", "reminded", "reopened", "asked_again")
"""Entries of the ledger that are counted, as `escalation:STEP`."""

AS_MANAGER = frozenset({"manager", "digest", "leader", "holder"})
"""Stages of what somebody hears because they lead people."""


def requests(town: Town) -> list[Escalation]:
    with reading(town.engine) as connection:
        found = connection.execute(select(escalation).order_by(escalation.c.opened_at, escalation.c.id)).mappings()
        return [rows.escalation(row) for row in found]


def worked(calendar: Calendar, since: datetime, until: datetime) -> float:
    """Hours of work between two instants."""
    hours = timedelta(0)
    day, last = calendar.local(since).date(), calendar.local(until).date()
    while day <= last:
        if calendar.works_on(day):
            start, end = (localize(day, at, calendar.zone) for at in calendar.hours(day))
            hours += max(min(end, until) - max(start, since), timedelta(0))
        day += timedelta(days=1)
    return hours / timedelta(hours=1)


def decisions(town: Town, company: Company, holidays: Holidays) -> str:
    """How many requests there were, how they ended, and how long a decision took."""
    found = requests(town)
    ended = Counter(one.state.value for one in found)
    with reading(town.engine) as connection:
        names = Counter(connection.scalars(select(ledger.c.name).where(ledger.c.name.like("escalation:%"))))
    steps = ", ".join(f"{step.replace('_', ' ')} {names[f'escalation:{step}']}" for step in STEPS)
    decided = [one for one in found if one.decided_at is not None and one.state is EscalationState.DECIDED]
    states = ", ".join(f"{count} {state}" for state, count in sorted(ended.items()))
    lines = [f"requests for a decision: {len(found)} ({states}); {steps}"]
    if decided:
        spans = [(one.decided_at - one.opened_at) / timedelta(hours=1) for one in decided if one.decided_at is not None]
        hours = [_hours(town, company, holidays, one) for one in decided]
        worked_hours, by_calendar = median(hours), median(spans)
        lines.append(
            f"time to decision: median {worked_hours:.1f} working hours of who decided, {by_calendar:.1f} by the calendar"
        )
    return "\n".join(lines)


def _hours(town: Town, company: Company, holidays: Holidays, one: Escalation) -> float:
    calendar = calendar_of(town.people[one.decided_by], company, holidays, town.policies)
    return worked(calendar, one.opened_at, one.decided_at or one.opened_at)


def managers(town: Town) -> list[Person]:
    """Everybody somebody reports to."""
    return [town.people[one] for one in sorted({who.manager_id for who in town.people.values() if who.manager_id in town.people})]


def messages(town: Town, weeks: Sequence[datetime]) -> str:
    """What Rondo started toward managers, per manager and week: all of it, and what they got because they lead people."""
    leaders = managers(town)
    places = [(one.id, week_of(one, noon)) for one in leaders for noon in weeks if employed(one, local_day(one, noon))]
    told = Counter((post.to, week_of(town.people[post.to], post.at)) for post in town.posts)
    leading = Counter((post.to, week_of(town.people[post.to], post.at)) for post in town.posts if _as_manager(post))
    alone = sum(_things(post) for post in town.posts if _as_manager(post))
    most = max((post for post in town.posts if _as_manager(post)), key=_things, default=None)
    return (
        f"messages per manager and week ({len(leaders)} managers): all {spread([told[one] for one in places])}, "
        f"as a manager {spread([leading[one] for one in places])} (median / 95th percentile / maximum), "
        f"mean {sum(leading[one] for one in places) / max(len(places), 1):.2f}; "
        f"each thing as a message of its own: {alone / max(len(places), 1):.2f}; "
        f"most things in one message: {_things(most) if most is not None else 0}"
    )


def _things(post: Post) -> int:
    """So many things a message says: each would have been one without digests and bundles."""
    return max(int(post.message.facts.get("parts") or 1), 1)


def _as_manager(post: Post) -> bool:
    decision = post.rule in ("goal.commitment_at_risk", "escalation.decide") and not post.message.key.endswith(":decided")
    return decision or post.message.facts.get("stage", "") in AS_MANAGER
