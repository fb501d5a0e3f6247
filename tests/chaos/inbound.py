"""R6: what people do has its effect exactly once, however often, late and at whichever replica the platform tells of it.

`python -m tests.chaos.inbound` tells 100,000 gestures (`--events`), each one to five times, to three real servers
(`--replicas`) on one PostgreSQL, some of which die right after their 200, and counts effects in the ledger.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from sqlalchemy import Engine, func, select

from bot.events import Address, Platform, Said
from storage import effects
from storage.engine import open_engine, reading, writing
from storage.schema import ledger, outbox
from tests.chaos.gestures import SECRET, Gesture, People, Request, headers
from tests.chaos.platforms import APP, CALM, TENANT, ChaosPlatform
from tests.chaos.report import Line, at_most, end_in_order, note, publish, say
from tests.chaos.stage import Stuck, durable_postgres
from tests.chaos.times import Times
from tests.e2e.server import Server
from tests.fakes.teams_keys import Keys

AT_ONCE = 32
"""Requests under way."""
POOL = 1_500
"""Deliveries among which the next one is drawn: that is how far things come out of order."""
TOKEN_LIFE = 600.0
STUCK_SECONDS = 30.0
NAMES = ("checkin:answered", "checkin:edited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How much of everything; `kills` are of a server that has just acknowledged something."""

    events: int = 100_000
    replicas: int = 3
    kills: int = 60
    writers: int = 1_000
    pressers: int = 2_000
    seed: int = 1


@dataclass
class Result:
    """Counts. `effects` is by gesture: how often it is in the ledger."""

    gestures: int = 0
    deliveries: int = 0
    kills: int = 0
    seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    effects: dict[str, Counter[int]] = field(default_factory=dict)
    slowest: float = 0.0
    posted_twice: int = 0

    @property
    def lost(self) -> int:
        """Acknowledged, and without any effect."""
        return sum(counts[0] for counts in self.effects.values())

    @property
    def doubled(self) -> int:
        """Applied more than once."""
        return sum(count for counts in self.effects.values() for times, count in counts.items() if times > 1)


@dataclass(slots=True)
class _Delivery:
    gesture: Gesture
    request: Request


class Storm:
    """Tells every gesture one to five times, at random replicas and out of order, until each telling was acknowledged."""

    def __init__(self, trial: Trial, people: People, servers: list[Server], platform: ChaosPlatform, keys: Keys) -> None:
        self._trial, self._servers = trial, servers
        self._chance = random.Random(trial.seed)
        self._coming = people.gestures(trial.events)
        self._keys, self._service_url = keys, f"{platform.base_url}/teams"
        self._token: tuple[float, str] = (0.0, "")
        self._pool: list[_Delivery] = []
        self._up = dict.fromkeys(servers, True)
        self._restarts: set[asyncio.Task[None]] = set()
        self.told: list[Gesture] = []
        self.result = Result()
        self._next_kill = self._draw()

    async def run(self) -> Result:
        """All of it."""
        began = time.monotonic()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
            tellers = [asyncio.create_task(self._tell(session)) for _ in range(AT_ONCE)]
            watch = asyncio.create_task(self._watch(tellers))
            try:
                await asyncio.gather(*tellers)
            except asyncio.CancelledError as error:
                raise Stuck(f"nothing is acknowledged: {dict(self.result.answers)}") from error
            finally:
                watch.cancel()
        self.result.seconds = time.monotonic() - began
        self.result.gestures = len(self.told)
        await asyncio.gather(*self._restarts)
        return self.result

    async def _tell(self, session: aiohttp.ClientSession) -> None:
        while (delivery := self._draw_delivery()) is not None:
            up = [server for server, is_up in self._up.items() if is_up]
            if not up:
                self._pool.append(delivery)
                await asyncio.sleep(0.05)
                continue
            server = self._chance.choice(up)
            if await self._deliver(session, server, delivery.request):
                self._perhaps_kill(server)
            else:
                self._pool.append(delivery)
                await asyncio.sleep(0.1)

    async def _deliver(self, session: aiohttp.ClientSession, server: Server, request: Request) -> bool:
        began = time.monotonic()
        signed = headers(request, self._keys, self._service_url) if request.path == "/slack/events" else self._bearer(request)
        try:
            async with session.post(server.url + request.path, data=request.body, headers=signed) as answer:
                await answer.read()
                status = str(answer.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            status = type(error).__name__
        self.result.answers[status] += 1
        if status != "200":
            return False
        self.result.deliveries += 1
        self.result.slowest = max(self.result.slowest, time.monotonic() - began)
        return True

    def _bearer(self, request: Request) -> Mapping[str, str]:
        made_at, token = self._token
        if time.monotonic() - made_at > TOKEN_LIFE or not token:
            token = headers(request, self._keys, self._service_url)["Authorization"]
            self._token = time.monotonic(), token
        return {"Content-Type": request.content_type, "Authorization": token}

    def _draw_delivery(self) -> _Delivery | None:
        while len(self._pool) < POOL and (gesture := next(self._coming, None)) is not None:
            self.told.append(gesture)
            times = max(len(gesture.copies), self._chance.randint(1, 5))
            self._pool += [_Delivery(gesture, gesture.copies[number % len(gesture.copies)]) for number in range(times)]
        if not self._pool:
            return None
        place = self._chance.randrange(len(self._pool))
        self._pool[place], self._pool[-1] = self._pool[-1], self._pool[place]
        return self._pool.pop()

    # ------------------------------------------------------------------------------------------ kills

    def _draw(self) -> float:
        """After how many deliveries the next one dies: spread over all of them (about three for each gesture)."""
        each = self._trial.events * 2.8 / max(1, self._trial.kills)
        return (self.result.kills + self._chance.random()) * each

    def _perhaps_kill(self, server: Server) -> None:
        """`kill -9` of the server that has just said 200, unless it is the last one."""
        due = self.result.deliveries >= self._next_kill and self.result.kills < self._trial.kills
        if not due or not self._up[server] or sum(self._up.values()) < 2:
            return
        server.kill()
        self.result.kills += 1
        self._up[server] = False
        self._next_kill = self._draw()
        task = asyncio.create_task(self._restart(server))
        self._restarts.add(task)
        task.add_done_callback(self._restarts.discard)

    async def _restart(self, server: Server) -> None:
        await asyncio.to_thread(server.start)
        self._up[server] = True

    async def _watch(self, tellers: list["asyncio.Task[None]"]) -> None:
        """Says how it goes; ends a storm in which nothing is acknowledged any more."""
        before = -1
        while self.result.deliveries > before:
            before = self.result.deliveries
            await asyncio.sleep(STUCK_SECONDS)
            say(f"… {self.result.deliveries} deliveries, {self.result.kills} kills, {dict(self.result.answers)}")
        for teller in tellers:
            teller.cancel()


# ------------------------------------------------------------------------------------------ what it led to


def counted(engine: Engine, told: list[Gesture]) -> dict[str, Counter[int]]:
    """By kind of gesture: how many are in the ledger how often."""
    by_value, by_person = Counter[tuple[str, str]](), Counter[str]()
    with reading(engine) as connection:
        entries = connection.execute(select(ledger.c.person_id, ledger.c.facts).where(ledger.c.name.in_(NAMES)))
        for person, facts in entries:
            by_value[person, facts.get("values", "").rpartition("=")[2]] += 1
            by_person[person] += 1
    found: dict[str, Counter[int]] = {}
    for gesture in told:
        times = by_person[gesture.person] if gesture.value is None else by_value[gesture.person, str(gesture.value)]
        found.setdefault(gesture.kind, Counter())[times] += 1
    return found


def posted_twice(engine: Engine, platform: ChaosPlatform) -> int:
    """Messages that people see more often than they were decided."""
    seen = Counter(copy.place for copy in platform.copies)
    with reading(engine) as connection:
        rows = connection.execute(select(outbox.c.recipient_id, func.count()).group_by(outbox.c.recipient_id)).all()
    decided = {person.partition("@")[0].lstrip("p").lstrip("0") or "0": count for person, count in rows}
    return sum(max(0, count - decided.get(place.removeprefix("DU").removeprefix("a:"), 0)) for place, count in seen.items())


async def stormed(database_url: str, trial: Trial, *, times: Times) -> Result:
    """People, servers, the storm, and what the ledger says about it."""
    folder = Path(tempfile.mkdtemp(prefix="rondo-chaos-"))
    keys = Keys()
    engine = open_engine(database_url, connections=2)
    servers: list[Server] = []
    try:
        async with ChaosPlatform(times, CALM, keys) as platform:
            people = People(trial.writers, trial.pressers, platform.base_url, trial.seed)
            event = Said(id="founded", at=datetime.now(UTC), by=Address(platform=Platform.LOCAL, tenant="", user="x"), text="")
            with writing(engine) as connection:
                effects.write(connection, event, people.founded())
            servers += [Server(folder, database_url, _settings(platform)) for _ in range(trial.replicas)]
            for server in servers:
                server.launch()
            for server in servers:
                await asyncio.to_thread(server.wait_ready)
            storm = Storm(trial, people, servers, platform, keys)
            result = await storm.run()
            await _posted(engine)
            result.effects = counted(engine, storm.told)
            result.posted_twice = posted_twice(engine, platform)
            return result
    finally:
        for server in servers:
            if server.process is not None and server.process.poll() is None:
                server.kill()
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


async def _posted(engine: Engine) -> None:
    """Until every new message has left (edits may still wait for their allowance), or it takes too long."""
    waiting = select(func.count()).select_from(outbox).where(outbox.c.delivered_at.is_(None), outbox.c.ready_at.is_not(None))
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with reading(engine) as connection:
            if not connection.scalar(waiting):
                return
        await asyncio.sleep(0.2)


def _settings(platform: ChaosPlatform) -> dict[str, str]:
    return {
        "RONDO_DEV_CLOCK": "false",
        "RONDO_SLACK_SIGNING_SECRET": SECRET,
        "RONDO_SLACK_BOT_TOKEN": "xoxb-chaos",
        "RONDO_SLACK_API_URL": f"{platform.base_url}/api/",
        "RONDO_SLACK_MESSAGES_PER_MINUTE": "60000",
        "RONDO_TEAMS_APP_ID": APP,
        "RONDO_TEAMS_APP_PASSWORD": "chaos",
        "RONDO_TEAMS_TENANT_ID": TENANT,
        "RONDO_TEAMS_SERVICE_HOSTS": "127.0.0.1",
        "RONDO_TEAMS_OPENID_URL": f"{platform.base_url}/openid",
        "RONDO_TEAMS_TOKEN_URL": f"{platform.base_url}/token",
    }


def lines(trial: Trial, result: Result) -> Iterator[Line]:
    """The figures of R6."""
    yield note("R6 events (gestures of people)", result.gestures)
    for kind, counts in sorted(result.effects.items()):
        yield note(f"R6 {kind}: events", sum(counts.values()))
    yield note("R6 deliveries acknowledged", result.deliveries)
    yield note("R6 answers other than 200, and broken connections", sum(result.answers.values()) - result.answers["200"])
    yield note("R6 servers killed right after a 200", result.kills)
    yield note("R6 deliveries a second", round(result.deliveries / result.seconds, 1))
    yield note("R6 slowest acknowledgement", round(result.slowest, 2), "s")
    yield at_most("R6 lost: acknowledged and without effect", result.lost, 0)
    yield at_most("R6 applied twice", result.doubled, 0)
    yield at_most("R6 messages seen more often than decided", result.posted_twice, 0)


TIMES = Times(lease=16, hold=6, http=7, settle=2, commit=0.02, late=0.5)
"""A server's own in development (`adapters.app`)."""


def main() -> int:
    """Run and report."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--events", type=int, default=100_000)
    options.add_argument("--replicas", type=int, default=3)
    options.add_argument("--kills", type=int, default=60)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    end_in_order()
    people = max(20, min(1_000, given.events // 20))
    trial = Trial(
        events=given.events, replicas=given.replicas, kills=given.kills, writers=people, pressers=2 * people, seed=given.seed
    )
    with durable_postgres() as server:
        result = asyncio.run(stormed(server.url, trial, times=TIMES))
    return publish(list(lines(trial, result)))


if __name__ == "__main__":
    sys.exit(main())
