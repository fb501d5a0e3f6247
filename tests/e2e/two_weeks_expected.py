"""What should have arrived in two weeks, what is wrong with what did, and the table that says so."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

from tests.e2e.two_weeks_people import Human, Walk


def expected_prompts(seen: Walk) -> Iterator[tuple[str, datetime]]:
    """Who is asked at which step: the first one after the person's own time that is polite and still in that week."""
    since, until = seen.imported, seen.steps[-1]
    for human in seen.people.values():
        monday = human.local(since).date() - timedelta(days=human.local(since).weekday())
        while (monday := monday + timedelta(days=7)) - timedelta(days=7) <= human.local(until).date():
            due = human.asked_in_week_of(monday - timedelta(days=7))
            step = _first(seen, human, due) if due is not None and due >= since else None
            if step is not None and due is not None and human.week(step) == human.week(due):
                yield human.email, step


def expected_stalled(seen: Walk) -> Iterator[tuple[str, datetime]]:
    """Owners who said nothing for 14 calendar days after the import; for 21, their managers, two of whose days later."""
    managers = set()
    for email in seen.owners - seen.answering:
        human = seen.people[email]
        told = _first(seen, human, human.after_dates(seen.imported, 14))
        if told is None:
            continue
        yield email, told
        if human.manager:
            manager = seen.people[human.manager]
            due = max(human.after_dates(seen.imported, 21), manager.after_day(manager.after_day(told)))
            managers.add((human.manager, _first(seen, manager, due)))
    yield from ((email, step) for email, step in managers if step is not None)  # one message for all their people


def expected_reminders(seen: Walk) -> Iterator[tuple[str, datetime]]:
    """After 4 working hours and after a working day, to those who do not answer (15-minute walks)."""
    for email, asked in expected_prompts(seen):
        human = seen.people[email]
        for due in (human.after_hours(asked, 4), human.after_day(asked)):
            step = _first(seen, human, due)
            if step is not None and email not in seen.answering:
                yield email, step


def _first(seen: Walk, human: Human, due: datetime) -> datetime | None:
    return next((step for step in seen.steps if step >= due and human.polite(step)), None)


def check(seen: Walk) -> Iterator[str]:
    """Everything that should not be, a line each."""
    for rule, expected in (
        ("checkin.prompt", Counter(expected_prompts(seen))),
        ("goal.stalled", Counter(expected_stalled(seen))),
        *([("checkin.reminder", Counter(expected_reminders(seen)))] if seen.step == "15m" else []),
    ):
        came = Counter((message.email, message.step) for message in seen.arrived if message.rule == rule)
        if rule == "checkin.reminder":  # the only one here that others may leave no room for
            waiting = {email for email, step in expected - came if _full(seen, email, step)}
            expected, came = (Counter({one: n for one, n in c.items() if one[0] not in waiting}) for c in (expected, came))
        yield from (f"{rule} missing: {email} at {_at(seen, email, step)}" for email, step in (expected - came).elements())
        yield from (f"{rule} too many: {email} at {_at(seen, email, step)}" for email, step in (came - expected).elements())
    for key, count in Counter((message.email, message.key) for message in seen.arrived).items():
        if count > 1:
            yield f"{count} times: {key}"
    for message in seen.arrived:
        if not seen.people[message.email].polite(message.step):
            yield f"impolite: {message.rule} to {message.email} at {_at(seen, message.email, message.step)}"
    arrived = Counter((message.rule, message.email, message.step) for message in seen.arrived)
    for what, difference in (("only in the ledger", seen.queued - arrived), ("only in Slack", arrived - seen.queued)):
        yield from (f"{what}: {rule} {email} {step}" for rule, email, step in difference.elements())
    for email in seen.people:
        yield from _check_person(seen, email)


def _full(seen: Walk, email: str, step: datetime) -> bool:
    """The budget was used up when the step came: two messages that day, or six in seven days."""
    human = seen.people[email]
    before = [message.step for message in seen.arrived if message.email == email and message.step <= step]
    today = sum(human.local(at).date() == human.local(step).date() for at in before)
    return today >= 2 or sum(at > step - timedelta(days=7) for at in before) >= 6


def _check_person(seen: Walk, email: str) -> Iterator[str]:
    human = seen.people[email]
    mine = sorted((message for message in seen.arrived if message.email == email), key=lambda message: message.step)
    steps = [message.step for message in mine]
    for day, count in Counter(human.local(step).date() for step in steps).items():
        if count > 2:
            yield f"budget: {count} messages to {email} on {day}"
    for number, step in enumerate(steps):
        if (count := sum(step <= later < step + timedelta(days=7) for later in steps[number:])) > 6:
            yield f"budget: {count} messages to {email} in 7 days from {step}"
    for week, count in Counter(message.week for message in mine if message.rule == "checkin.prompt").items():
        if count > 1:
            yield f"{count} prompts to {email} in week {week}"
    asked: datetime | None = None
    reminders = 0
    for message in mine:
        if message.rule == "checkin.prompt":
            asked, reminders = message.step, 0
        elif message.rule == "checkin.reminder":
            reminders += 1
            if asked is None or message.step < human.after_hours(asked, 4) or email in seen.answering or reminders > 2:
                yield f"reminder {reminders} should not be: {email} at {_at(seen, email, message.step)}"


def _at(seen: Walk, email: str, step: datetime) -> str:
    return f"{seen.people[email].local(step):%a %Y-%m-%d %H:%M} {seen.people[email].zone.key}"


# ------------------------------------------------------------------------------------------------ the table


def table(seen: Walk) -> str:
    """Counts per rule from both sides, prompts per week, times."""
    lines = [
        f"{seen.imported:%a %Y-%m-%d %H:%M}Z to {seen.steps[-1]:%a %Y-%m-%d %H:%M}Z in {len(seen.steps):,} steps ({seen.step}), "
        f"{len(seen.people)} people, {len(seen.owners)} goal owners, {seen.answers} answers by {len(seen.answering)} of them",
        f"{'rule':<20}{'ledger':>8}{'Slack':>8}{'people':>8}",
    ]
    in_ledger, came = Counter[str](), Counter(message.rule for message in seen.arrived)
    for (rule, _, _), count in seen.queued.items():
        in_ledger[rule] += count
    for rule in sorted(in_ledger | came):
        people = {message.email for message in seen.arrived if message.rule == rule}
        lines.append(f"{rule:<20}{in_ledger[rule]:>8}{came[rule]:>8}{len(people):>8}")
    prompts = [message for message in seen.arrived if message.rule == "checkin.prompt"]
    lines.append(f"{'prompts in week':<20}{'sent':>8}{'people':>8}{'as due':>8}")
    due = Counter(seen.people[email].week(step) for email, step in expected_prompts(seen))
    for week in sorted({message.week for message in prompts} | set(due)):
        here = [message.email for message in prompts if message.week == week]
        lines.append(f"{week[0]}-W{week[1]:02d}{'':<12}{len(here):>8}{len(set(here)):>8}{due[week]:>8}")
        if 0 < len(set(here)) < len(seen.people) <= len(set(here)) + 5:
            left = (human for email, human in seen.people.items() if email not in here)
            lines += [f"  not asked: {human.email} ({human.country}, {len(human.days)} days a week)" for human in left]
    at_ten = sum(seen.people[message.email].local(message.step).strftime("%a %H:%M") == "Thu 10:00" for message in prompts)
    lines.append(f"at Thursday 10:00 local: {at_ten}; moved by a holiday or by the step: {len(prompts) - at_ten}")
    if seen.idle:
        worst = max(seen.idle)
        lines.append(f"idle step: median {median(seen.idle) * 1e3:.1f} ms, worst {worst * 1e3:.0f} ms ({len(seen.idle):,})")
    if seen.busy:
        spent, sent = sum(spent for spent, _ in seen.busy), sum(count for _, count in seen.busy)
        longest = max(seen.busy)
        lines.append(
            f"busy step: {spent / sent * 1e3:.0f} ms a message, longest {longest[0]:.1f} s with {longest[1]} ({len(seen.busy)})"
        )
    lines.append(f"all together {seen.seconds:.1f} s; server {seen.memory}")
    lines.append(f"problems: {len(seen.problems) or 'none'}")
    return "\n".join([*lines, *seen.problems[:40]])


# ------------------------------------------------------------------------------------------------ by hand
