"""`one_on_one.agenda`: before a 1:1 both hear what is on its list; what happens on one day is one message.

Support, obstacles, development, decisions; never a status. The card stays until the end of that day, to be ticked off.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice

from bot.model import Duty, DutyKind, Person, Topic
from bot.rules.finding import Finding, Weight
from bot.rules.meetings import coming, lead_time, local_day, partner_pairs
from bot.rules.people import works_here
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Unit, localize
from bot.scene import Scene

NAME = "one_on_one.agenda"
BEFORE = Threshold(
    rule=NAME, kind=Kind.SPAN, default="2h", light="1h", active="4h", unit=Unit.HOURS, low=1, high=24, may_be_off=True
)
ORDER = (Topic.SUPPORT, Topic.OBSTACLE, Topic.DEVELOPMENT, Topic.DECISION)
SHOWN_FIRST = "agenda"
"""Under this name an item remembers the first 1:1 on whose agenda it stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One 1:1 of the desk's owner with something to talk about."""

    lead: Person
    report: Person
    start: datetime
    items: tuple[Duty, ...]


def topic_of(item: Duty) -> Topic:
    """What an item is about; *Talk first* alone made items without a topic, and those wait for a decision."""
    return item.topic or Topic.DECISION


def open_items(scene: Scene, lead: Person, report: Person) -> tuple[Duty, ...]:
    """What two people still want to talk about, by topic, the oldest first.

    What was put on the list of somebody who left is for the one who leads the 1:1 now.
    """
    items = (
        duty
        for duty in scene.situation.duties
        if duty.kind is DutyKind.ONE_ON_ONE and duty.done_at is None and duty.person_id == report.id
    )
    theirs = (item for item in items if leader_of(scene, item) == lead.id)
    return tuple(sorted(theirs, key=lambda item: (ORDER.index(topic_of(item)), item.opened_at, item.id)))


def leader_of(scene: Scene, item: Duty) -> str:
    """Who leads the talk about an item: its holder, or the report's manager once the holder has left."""
    holder = scene.situation.people.get(item.holder_id)
    report = scene.situation.people.get(item.person_id)
    if holder is not None and not works_here(holder, scene.situation) and report is not None:
        return report.manager_id or item.holder_id
    return item.holder_id


def obstacles(scene: Scene, report: Person) -> tuple[Duty, ...]:
    """What stands in the report's way, from their check-ins, the oldest first."""
    duties = scene.situation.duties
    found = (duty for duty in duties if duty.kind is DutyKind.BLOCKER and duty.done_at is None and duty.person_id == report.id)
    return tuple(sorted(found, key=lambda duty: (duty.opened_at, duty.id)))


def is_carried_over(item: Duty, start: datetime | None) -> bool:
    """It stood on the agenda of an earlier 1:1. `start`: the one it is shown for; None: any."""
    first = item.answers.get(SHOWN_FIRST, "")
    return bool(first) and (start is None or datetime.fromisoformat(first) < start)


def meetings_on(scene: Scene, since: datetime) -> tuple[Meeting, ...]:
    """The 1:1s of the desk's owner that begin after `since` and have something on their list: of each pair the next two."""
    found: list[Meeting] = []
    duties = scene.situation.duties
    waiting = {duty.person_id for duty in duties if duty.kind is DutyKind.ONE_ON_ONE and duty.done_at is None}
    for lead, report in partner_pairs(scene, waiting):
        if report.one_on_one is None or scene.setting(report, BEFORE).off:
            continue
        items = open_items(scene, lead, report)
        if items:
            starts = islice(coming(scene, lead, report, since), 2)
            found.extend(Meeting(lead=lead, report=report, start=start, items=items) for start in starts)
    return tuple(sorted(found, key=lambda one: (one.start, one.report.id)))


def day_end(scene: Scene, start: datetime) -> datetime:
    """Until then the agenda of a 1:1 may be ticked off on its card."""
    zone = scene.calendar(scene.person).zone
    return localize(local_day(scene, start) + timedelta(days=1), time(0), zone)


def find(scene: Scene) -> Iterator[Finding]:
    """Both, so long before the first 1:1 of the day as the threshold says; then until that day is over."""
    today = localize(local_day(scene, scene.now), time(0), scene.calendar(scene.person).zone)
    meetings = meetings_on(scene, min(today, scene.now) - timedelta(microseconds=1))
    for meeting in meetings:
        at = _told_at(scene, [one for one in meetings if local_day(scene, one.start) == local_day(scene, meeting.start)])
        if at is None:
            continue
        finding = _finding(scene, meeting, at)
        row = scene.nudged(NAME, finding.stage, finding.subject)
        if row is not None and row.key and row.basis == finding.basis:
            # Told stays told, also where another 1:1 of that day was called off meanwhile; put away when the day is over.
            yield replace(finding, at=min(at, row.decided_at), marks=())
            yield replace(finding, stage="over", at=day_end(scene, meeting.start), says=False, marks=())
        elif meeting.start > scene.now:
            yield finding


def _told_at(scene: Scene, meetings: Sequence[Meeting]) -> datetime | None:
    """When the agendas of one day are told: before the first of its 1:1s."""
    calendar = scene.calendar(scene.person)
    times = (lead_time(calendar, one.start, scene.setting(one.report, BEFORE).span) for one in meetings)
    return min((at for at in times if at is not None), default=None)


def _finding(scene: Scene, meeting: Meeting, at: datetime) -> Finding:
    leads = meeting.lead.id == scene.person.id
    other = meeting.report if leads else meeting.lead
    setting = scene.setting(meeting.report, BEFORE)
    first = meeting.start.isoformat()
    new = (item for item in meeting.items if SHOWN_FIRST not in item.answers)
    return Finding(
        rule=NAME,
        stage="lead" if leads else "report",
        subject=f"person:{meeting.report.id}",
        at=at,
        policy=setting.version,
        weight=Weight.MANAGER,
        basis=f"{meeting.start:%Y%m%dT%H%M}",
        args={"other": other.name, "count": len(meeting.items)},
        facts={"other": other.name, "meeting": first, "threshold": setting.value},
        until=meeting.start,
        marks=tuple(replace(item, answers={**item.answers, SHOWN_FIRST: first}) for item in new),
    )


RULE = Rule(
    name=NAME,
    thresholds=(BEFORE,),
    recipients=(Recipient.PERSON, Recipient.MANAGER),
    facts=("other", "meeting", "threshold"),
    find=find,
    steady=True,
    mutable=True,
)
