"""One prompt per person and local week: was it asked, once, in time, and will the next one be?

What is not known any more is not judged: after somebody's row or HR's word changed, only what is due since then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.audit.days import Days, instant, name_of, week_of
from bot.audit.facts import Desk, Finding, Kind, Line, Row, Week
from bot.audit.world import World

PROMPT, REMINDER = "checkin.prompt", "checkin.reminder"
AGAIN = (f"nudge:{PROMPT}:undelivered", f"nudge:{PROMPT}:withdrawn", "checkin:reopened")
"""What the ledger says where a week is due once more: it did not arrive, or nobody could be reached until now."""
MOST_REMINDERS = 2
AHEAD = 3
"""So many weeks from now on the desk has to be looked at in time for the next question."""
UNCOUNTED = ("goal.commitment_at_risk", "escalation.acknowledge", "escalation.decide")
SOON = timedelta(minutes=1)
SKEW = timedelta(minutes=10)
"""How far apart the clocks of two processes may be: what one wrote before and what another wrote after may look reversed."""

LOOK_AGAIN = "look at {who} in `rondo export ledger`; /nudges resume for person {who} has the desk looked at again at once"
READ_ON = (
    "look at {who} in `rondo export ledger` and GET /api/v1/outbox; restore the row from a backup if nobody deleted it on purpose"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """One person's one week. `until`: its end, or now."""

    world: World
    desk: Desk
    monday: date
    days: Days
    ends: datetime
    until: datetime
    subject: str  # what ledger and messages call it
    week: Week | None  # what is stored of it
    prompts: Sequence[Row]  # every message that asked about it, oldest first
    lines: Sequence[Line]  # what the ledger has about asking it, or about not asking it

    def found(self, kind: Kind, what: str, words: str, remedy: str = LOOK_AGAIN) -> Finding:
        """A finding about this week of this person."""
        who = self.desk.person.email
        return Finding(kind=kind, what=what, subject=self.subject, words=words, remedy=remedy.format(who=who), who=who)


def asking(world: World, desk: Desk, monday: date) -> Asking:
    """One week of a desk, with the days as they were to its end."""
    zone = world.zone(desk.person)
    ends = instant(monday + timedelta(days=7), time(), zone)
    until = min(ends, world.now)
    period = name_of(monday)
    subject = f"checkin:{desk.person.id}/{period}"
    prompts = sorted((row for row in desk.rows if row.rule == PROMPT and row.subject == subject), key=lambda row: row.decided_at)
    keys = {subject, *(row.key for row in prompts)}
    lines = [line for line in desk.lines if line.subject in keys]
    days = world.days(desk.person, until)
    return Asking(world, desk, monday, days, ends, until, subject, desk.weeks.get(period), prompts, lines)


def judge(world: World, desk: Desk) -> Iterator[Finding]:
    """Everything about one person's check-ins."""
    zone = world.zone(desk.person)
    for monday in world.mondays(zone):
        week = asking(world, desk, monday)
        yield from _asked_once(week)
        yield from _told_alike(week)
        yield from _in_time(week)
        yield from _held(week)
        yield from _reminded(week)
    yield from _looked_at(world, desk, week_of(world.now, zone))


# ------------------------------------------------------------------------------------------------- what was sent


def _asked_once(week: Asking) -> Iterator[Finding]:
    sent = [row for row in week.prompts if row.counts]
    if len(sent) > 1:
        keys = ", ".join(row.key for row in sent)
        yield week.found(Kind.DOUBLED, "prompt", f"asked {len(sent)} times about one week: {keys}", READ_ON)


def _told_alike(week: Asking) -> Iterator[Finding]:
    """What is stored of the week and the messages about it tell one story."""
    stored, sent = week.week, [row for row in week.prompts if row.counts]
    asked_at = stored.asked_at if stored is not None else None
    if asked_at is not None and asked_at >= week.world.known_from and not week.prompts:
        words = f"was asked on {asked_at:%Y-%m-%d %H:%M} UTC, and the outbox has no such message"
        yield week.found(Kind.MISSING, "prompt_row", words, READ_ON)
    if sent and asked_at is None:
        yield week.found(Kind.TAMPERED, "prompt_unknown", f"{sent[0].key} asks, and the check-in knows nothing of it", READ_ON)
    if stored is not None and stored.state != "open" and not week.lines and _touched(stored, week.world.known_from):
        yield week.found(Kind.TAMPERED, "checkin_unexplained", f"is {stored.state}, and the ledger does not say why", READ_ON)


def _touched(stored: Week, since: datetime) -> bool:
    times = [at for at in (stored.asked_at, stored.answered_at) if at is not None]
    return bool(times) and max(times) >= since


def _reminded(week: Asking) -> Iterator[Finding]:
    """At most twice, and only about a question that arrived."""
    reminders = [
        row for row in week.desk.rows if row.rule == REMINDER and row.subject == week.subject and row.counts and not row.snoozed
    ]
    if len(reminders) > MOST_REMINDERS:
        yield week.found(Kind.DOUBLED, "reminder", f"reminded {len(reminders)} times, at most {MOST_REMINDERS}", READ_ON)
    arrived = min((row.delivered_at for row in week.prompts if row.delivered_at is not None), default=None)
    for row in reminders:
        if arrived is None or row.decided_at < arrived:
            words = f"{row.key} reminds of a question that had not arrived"
            yield week.found(Kind.UNFOUNDED, f"reminder:{row.key}", words, READ_ON)
    known = week.week.reminders if week.week is not None else ()
    keys = {row.key for row in week.desk.rows}
    for row in reminders:
        if row.key not in known:
            yield week.found(
                Kind.TAMPERED, f"reminder_unknown:{row.key}", f"{row.key} reminds, and the check-in knows nothing of it"
            )
    asked_at = week.week.asked_at if week.week is not None else None
    for key in known:
        if key not in keys and asked_at is not None and asked_at >= week.world.known_from:
            yield week.found(
                Kind.MISSING, f"reminder_row:{key}", f"{key} was decided, and the outbox has no such message", READ_ON
            )


# ----------------------------------------------------------------------------------------------------- in time


def expected(week: Asking, until: datetime, since: datetime | None = None) -> tuple[datetime, datetime] | None:
    """From when on the week is to be asked about as things stand at `until`, and by when that has to be decided.

    `since`: something was decided about it then, so that it is due again after that. None: nobody asks.
    """
    world, person = week.world, week.desk.person
    weekly = world.values.weekly(person, until)
    locked = world.values.locked(PROMPT, f"{PROMPT}.when", person, until)
    mutes = [] if locked else [mute.until for mute in person.mutes if mute.rule == PROMPT]
    if weekly is None or world.values.paused(person, until) or None in mutes:
        return None
    at = week.days.asked(week.monday, *weekly)
    if at is None or at < person.known_since:
        return None
    later = [
        week.desk.changed_at,
        world.values.changed(person, at, until),
        world.woke(at, until),
        since,
        *mutes,
    ]
    floor = max((one for one in later if one is not None and one > at), default=None)
    first = at if floor is None else week.days.next(floor)
    if first is None or first >= week.ends:
        return None
    last = first + world.patience
    if last > week.days.ends(first):  # the day ends before it is certain: then by the next morning
        morning = week.days.next(week.days.ends(first))
        if morning is None or morning >= week.ends:
            return None
        last = max(last, morning + world.patience)
    return first, last


def _put_off(week: Asking, until: datetime) -> datetime | None:
    """From when on it is due again after it was held or did not arrive in time, as the ledger says; None: never was."""
    times = []
    for line in week.lines:
        if line.at <= until and line.name == f"nudge:{PROMPT}:held":
            times.append(week.days.ends(line.at))  # the day is over for it
        elif line.at <= until and line.name in AGAIN:
            times.append(line.at)
    return max(times, default=None)


def _settled(week: Asking) -> bool:
    """It was asked, answered without being asked, or excused."""
    stored = week.week
    known = stored is not None and (stored.asked_at is not None or stored.answered_at is not None or stored.state != "open")
    return known or any(row.counts for row in week.prompts)


def _in_time(week: Asking) -> Iterator[Finding]:
    """Asked when it was due; or not at all, and there would have been time."""
    world = week.world
    if not _settled(week):
        due = expected(week, week.until, _put_off(week, week.until))
        if due is not None and due[1] <= week.until and world.saw(*due):
            words = f"was due on {due[0]:%Y-%m-%d %H:%M} UTC, and neither asked nor held with a reason"
            yield week.found(Kind.MISSING, "prompt", words)
        return
    prompts = week.prompts
    if not prompts or _changed_since(week, prompts[0].decided_at):
        return  # what is known now is not what was known then
    decided = prompts[0].decided_at
    held = _put_off(week, decided)
    due = expected(week, decided, held)
    words = f"was due on {due[0]:%Y-%m-%d %H:%M} UTC, decided on {decided:%Y-%m-%d %H:%M}" if due is not None else ""
    if due is not None and decided > due[1] and world.saw(due[0], decided):
        yield week.found(Kind.LATE, "prompt", words, READ_ON)
    if due is not None and decided < due[0] - SOON and held is None:
        yield week.found(Kind.UNFOUNDED, "prompt_early", words, READ_ON)
    if decided >= week.ends or decided < instant(week.monday, time(), week.days.zone):
        yield week.found(Kind.LATE, "prompt_week", f"asked on {decided:%Y-%m-%d %H:%M} UTC about another week", READ_ON)


def _changed_since(week: Asking, at: datetime) -> bool:
    """The person, or what HR says of them, is not as it was then."""
    return _moved(week.desk, at) or week.world.values.changed(week.desk.person, at - SKEW, week.world.now) is not None


def _looked_at(world: World, desk: Desk, monday: date) -> Iterator[Finding]:
    """The desk is looked at in time for the next question that is not settled yet."""
    person = desk.person
    if desk.due_at is None:
        if not _has_left(world, desk):
            remedy = LOOK_AGAIN.format(who=person.email)
            words = "nobody will ever look at this desk again: its agenda row is gone"
            yield Finding(kind=Kind.LOST, what="desk", subject=f"desk:{person.id}", words=words, remedy=remedy, who=person.email)
        return
    for number in range(AHEAD):
        week = asking(world, desk, monday + timedelta(weeks=number))
        if _settled(week):
            continue
        due = expected(week, max(world.now, week.until), _put_off(week, world.now))
        if due is None:
            continue
        first = week.days.next(max(due[0], world.now))
        if first is None or first >= week.ends:
            continue
        if desk.due_at > first + world.patience:
            words = f"is to be asked on {first:%Y-%m-%d %H:%M} UTC, and looked at only on {desk.due_at:%Y-%m-%d %H:%M}"
            yield week.found(Kind.LATE, "desk", words)
        return


def _has_left(world: World, desk: Desk) -> bool:
    """Nobody looks at the desk of somebody whose last day is over."""
    last = desk.person.end_date
    return last is not None and last < world.now.astimezone(world.zone(desk.person)).date()


# ------------------------------------------------------------------------------------------- held with a reason


def _held(week: Asking) -> Iterator[Finding]:
    """What was not asked for a stated reason: the reason has to be so."""
    if week.world.since > week.until:
        return
    for line in week.lines:
        if line.name == f"nudge:{PROMPT}:held" and not _agrees(week, line):
            words = f"was held on {line.at:%Y-%m-%d %H:%M} UTC because of {line.outcome!r}, which was not so"
            yield week.found(Kind.MISSING, f"prompt_held:{line.at:%Y%m%dT%H%M}", words)


def _agrees(week: Asking, line: Line) -> bool:
    world, desk = week.world, week.desk
    match line.outcome:
        case "paused":
            return world.values.paused(desk.person, line.at)
        case "muted":
            return any(mute.rule == PROMPT for mute in desk.person.mutes) or _changed_since(week, line.at)
        case "budget":
            return _spent(world, desk, line.at)
        case _:  # everything is up to date: then they said something lately
            return desk.answered_at is not None and desk.answered_at > line.at - timedelta(days=45)


def _spent(world: World, desk: Desk, at: datetime) -> bool:
    """As many messages as the budget allows were started by then, that day or in seven days."""
    person = desk.person
    zone = world.zone(person)
    if at - timedelta(days=7) < world.known_from or _moved(desk, at):
        return True  # what was said before that was not read
    told = [row.decided_at for row in desk.rows if row.rule not in UNCOUNTED and row.decided_at <= at]
    today = sum(one.astimezone(zone).date() == at.astimezone(zone).date() for one in told)
    week = sum(one > at - timedelta(days=7) for one in told)
    most = [int(world.values.of(name, person, at)) for name in ("budget.per_day", "budget.per_week")]
    return today >= most[0] or week >= most[1]


def _moved(desk: Desk, at: datetime) -> bool:
    return desk.changed_at is not None and desk.changed_at > at - SKEW


def periods(world: World) -> Sequence[str]:
    """The weeks anybody's check-in may be judged about, wherever they are."""
    first = (world.known_from - timedelta(days=7)).date()
    mondays = [first + timedelta(days=7 * number) for number in range((world.now.date() - first).days // 7 + 3)]
    return sorted({name_of(one - timedelta(days=one.weekday())) for one in mondays})
