"""One generated company lives for some weeks in virtual time, and everything promised is checked as it happens.

`run` is all of it. The same arguments live the same weeks, to the last byte of the trace.
"""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from adapters import calendars
from adapters.simulate import company as companies
from adapters.simulate import faults as troubles
from adapters.simulate.chaos import Chaos
from adapters.simulate.chat import Chat, Post
from adapters.simulate.crowd import Crowd, Inhabitant, Then
from adapters.simulate.ends import Ends
from adapters.simulate.judge import Judge
from adapters.simulate.known import Known
from adapters.simulate.listening import listening
from adapters.simulate.lives import Lives
from adapters.simulate.machine import Machine
from adapters.simulate.network import Network
from adapters.simulate.outcome import Outcome, report
from adapters.simulate.server import Server
from adapters.simulate.trouble import Trouble, in_memory
from bot.audit.facts import Span
from bot.decision import Decision, LookAtAll
from bot.events import ByPerson, Event, Platform
from bot.model import Company
from bot.ports import Conflict, DeliveryError, Holidays
from bot.ports import Outcome as Taken
from bot.rules.people import calendar_of
from prompts import loader
from scheduler import pace as paces
from storage import schema
from storage.engine import reading

COMPANY = Company(name="Acme", zone="Europe/Berlin")
DRAIN = 3 * 3600.0
"""Seconds at the end in which nothing goes wrong any more, and everything comes to rest."""
GLANCE = 3600.0
"""Seconds between two looks of the judge at the whole database."""
VAIN = 60.0
"""Seconds until a beat looks again for what is ready and could not be claimed; a real one looks every five."""
FAR = 1e12
_ROW = schema.outbox.c
_WAITS = (_ROW.state == schema.OutboxState.PENDING, _ROW.delivered_at.is_(None), _ROW.doubtful_since.is_(None))
_NEXT = select(
    select(func.min(schema.agenda.c.due_at)).scalar_subquery(),
    select(func.min(_ROW.ready_at)).where(_ROW.ready_at.is_not(None)).scalar_subquery(),
    select(func.min(_ROW.expires_at)).where(_ROW.ready_at.is_not(None), *_WAITS).scalar_subquery(),
)
"""When the next look is due, the next message ready, and the next one too late."""


class Simulation:
    """Everything of one run. Attributes are what its parts ask for by their protocols."""

    def __init__(
        self,
        engine: Engine,
        aside: Engine,
        *,
        seed: int,
        people: int,
        weeks: int,
        faults: frozenset[str],
        trace: Callable[[str], object] | None,
    ) -> None:
        self.engine, self.aside, self.seed, self.weeks, self.faults = engine, aside, seed, weeks, faults
        self.loop = Machine(self._latency)
        self.loop.set_exception_handler(lambda loop, context: None)  # what a dead process leaves behind
        self._slow = self.dice("latency")
        first = self.dice("start").choice(companies.STARTS)
        self.start = datetime.combine(first, wall(6), UTC)
        self.company, self.phrases = COMPANY, _phrases()
        self.holidays: Holidays = calendars.public_holidays
        self.weather = troubles.drawn(self.dice("weather"), faults, people=people, weeks=weeks)
        self.calm = False
        self._hash, self._keep = hashlib.sha256(), trace
        self.known = Known(aside, COMPANY, calendars.public_holidays)
        tolerance = timedelta(seconds=2 * self.weather.skew)
        self.judge = Judge(self.known, self.real, tolerance=tolerance, trace=self.trace)
        self.trouble = Trouble(engine, self.dice("database"), self.weather.database)
        self.chaos = Chaos(self, self.dice("chaos"), faults)
        self.judge.manners.excused = self._excused
        self.chats = {
            platform: Chat(
                self.loop, platform, self.weather, self.dice(platform.value), self.start, _Watch(self), self.chaos.young
            )
            for platform in (Platform.SLACK, Platform.TEAMS)
        }
        self.ends = Ends(self.judge, self.chats, self.start, self._awake, lambda people: paces.send_window(people, self.rate()))
        self.crowd = Crowd(self)
        self.network = Network(self, self.dice("network"), self.weather.repeat)
        self.servers: list[Server] = []
        self.several = self.weather.servers > 1
        self.lives = Lives(self, people, first)
        self._lives: dict[int, int] = {}
        self._due: float | None = None
        self._ready: float | None = None
        self._claims = 0

    def dice(self, concern: str) -> Random:
        """A stream of chance of its own for everything that needs chance."""
        return Random(f"{self.seed}/{concern}")

    def real(self) -> datetime:
        """The true time, which is also the database's."""
        return self.start + timedelta(seconds=self.loop.seconds)

    def trace(self, line: str) -> None:
        """What happened, in order: the run's fingerprint."""
        line = f"{self.loop.seconds:.3f} {line}\n"
        self._hash.update(line.encode())
        if self._keep is not None:
            self._keep(line)

    def fingerprint(self) -> str:
        """Of everything that happened."""
        return self._hash.hexdigest()

    def _latency(self) -> float:
        return 0.002 if self._slow.random() < 0.97 else self._slow.uniform(0.01, 0.6)

    def _excused(self, since: datetime, until: datetime) -> timedelta:
        begin, end = ((at - self.start).total_seconds() for at in (since, until))
        return timedelta(seconds=self.chaos.lame(begin, end))

    def _awake(self) -> list[Span]:
        spans = [(begin, end) for begin, end in self.chaos.awake() if end > begin]
        return [Span(began=self.start + timedelta(seconds=a), seen=self.start + timedelta(seconds=b)) for a, b in spans]

    # ---------------------------------------------------------------------------------------------------- living

    def live(self) -> None:
        """All of it."""
        try:
            self.loop.run_until_complete(self._live())
        finally:
            self._ends()

    async def _live(self) -> None:
        seconds = self.weeks * 7 * 86_400.0
        self.lives.move_in()
        for number in range(self.weather.servers):
            self.begins(number)
        self.chaos.plan(list(self.chats.values()), self.lives.slots(), seconds)
        self.lives.plan(seconds)
        while self.loop.seconds < seconds:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GLANCE):
                    await self.judge.enough.wait()
                    return
            self.ends.look()
        self._calms_down()
        await asyncio.sleep(DRAIN)
        self.ends.rest()

    def _calms_down(self) -> None:
        """Nothing goes wrong any more; whoever is dead starts again."""
        self.calm = self.trouble.calm = True
        for chat in self.chats.values():
            chat.calm = True
        for server in self.servers:
            if server.host.alive and server.host.stopped:
                server.host.go_on()
                self.chaos.starts.append(self.loop.seconds)
        self.trouble.down = False
        self.chaos.counts_the_living()
        self.rings()

    def _ends(self) -> None:
        for server in self.servers:
            server.host.kill()
        for task in self.loop.begun:
            if not task.done():
                with contextlib.suppress(BaseException):
                    _coroutine(task).close()
        self.loop.close()
        self.trouble.ends()

    # -------------------------------------------------------------------------------------------------- processes

    def begins(self, number: int) -> None:
        """A process starts, at the beginning or after a crash."""
        life = self._lives[number] = self._lives.get(number, -1) + 1
        skew = self.weather.skew
        dice = self.dice(f"server {number}.{life}")
        server = Server(self, number, life, self.machine(number) + dice.uniform(-skew, skew) / 2, dice)
        if number < len(self.servers):
            self.servers[number] = server
        else:
            self.servers.append(server)
        server.start(self._at_work())
        self.chaos.counts_the_living()

    def machine(self, number: int) -> float:
        """Seconds by which the clock of the machine is off on which this process runs, whenever it starts."""
        return self.dice(f"machine {number}").uniform(-0.5, 0.5) * self.weather.skew

    def _at_work(self) -> int:
        return sum(one.host.alive and not one.host.stopped for one in self.servers)

    def recount(self) -> None:
        """Everybody who runs takes a share of what platforms allow."""
        for server in self.servers:
            if server.host.alive and not server.host.stopped:
                server.shares(self._at_work())

    def unexpected(self, error: BaseException) -> None:
        """An exception that nobody injected."""
        if not isinstance(error, DBAPIError | Conflict | DeliveryError):
            self.judge.breaks("unexpected", type(error).__name__, str(error)[:200] or "an exception nobody expected")

    def complains(self, words: str, subject: str) -> None:
        """A process wrote an error into its log."""
        if words.startswith("comes due again"):
            self.judge.breaks("looked-at", subject, words)

    def before(self, server: Server, event: Event) -> None:
        """A turn begins."""
        self.judge.before(event)

    def put_back(self, server: Server, key: str) -> None:
        """A process gave a message back."""
        self.judge.put_back(server.name, key)

    def rate(self) -> int:
        """What all processes together may post to Slack in a minute."""
        return self.weather.slack_per_minute

    def dies_here(self, server: Server, where: str) -> bool:
        """Whether a process dies right after this step."""
        died = self.chaos.dies_here(server)
        if died:
            self.trace(f"dies {server.name} {where}")
        return died

    def in_doubt(self, server: Server, why: str) -> None:
        """Whatever this process had under way may have happened."""
        self.judge.in_doubt(server.name, why)

    def took(self, server: Server, event: Event, outcome: Taken) -> None:
        """A turn is over."""
        if self.trouble.came_through:
            self.unsure()
        if isinstance(event, ByPerson) and outcome.decision is not None:
            person = self.judge.ladder.person_at.get((event.by.platform.value, event.by.user), "")
            self.judge.last_by[person] = event.id
        self.judge.took(server.name, server.clock.offset, event, outcome)
        if outcome.decision is not None:
            self._hints(outcome.decision)

    def _hints(self, decision: Decision) -> None:
        now = self.loop.seconds
        self.lives.hear(decision.messages)
        if decision.messages or decision.edits or decision.withdrawals:
            self._ready = now
        for look in decision.looks:
            if isinstance(look, LookAtAll):
                self._due = now
            elif look.at is not None and self._due is not None:
                self._due = min(self._due, (look.at - self.start).total_seconds())
        self.rings()

    def unsure(self) -> None:
        """A call of a process failed: whatever it had may be done or not."""
        if self.trouble.came_through:
            self.trouble.came_through = False
            self.judge.hidden()
        for server in self.servers:
            self.in_doubt(server, "database")
        self.sooner(self.loop.seconds)

    def sooner(self, at: float) -> None:
        """Something may be due at `at`."""
        self._due = self._ready = at
        self.rings()

    def rings(self) -> None:
        """Everybody reckons anew when to look."""
        for server in self.servers:
            server.bell.set()

    def worked(self, *, looked: bool) -> None:
        """A beat is over: what is next? `looked`: also into the outbox."""
        with reading(self.aside) as connection:
            row = connection.execute(_NEXT).one()
        due, ready, expires = (FAR if at is None else (at - self.start).total_seconds() for at in row)
        self._due, self._ready = due, min(ready, expires)
        if looked:
            if self._ready <= self.loop.seconds and not self._claims:
                self._ready = self.loop.seconds + VAIN  # nobody can take it: its workspace rests, or its person is spoken to
            self._claims = 0

    def may_send(self) -> bool:
        """Something in the outbox may be ready, as far as anybody knows."""
        return self._ready is None or self._ready <= self.loop.seconds

    def next_work(self, offset: float) -> float:
        """When a process whose clock is so far off has something to do next, as far as anybody knows."""
        if self._due is None or self._ready is None:
            self.worked(looked=False)
        assert self._due is not None and self._ready is not None
        return min(self._due - offset, self._ready)

    def claimed(self, server: Server, parcels: Any) -> None:
        """A process has these messages now."""
        self._claims += 1
        self.chaos.robbed(self.judge.claimed(server.name, parcels) - {server.name})

    # ----------------------------------------------------------------------------------------------------- people

    def acked(self, event: ByPerson, who: str, *, taken: bool) -> None:
        """A platform was told that an event was taken."""
        if taken:
            self.judge.acked(event)
            self.judge.answered(event, self.known.by_email[who])

    def in_a_while(self, seconds: float, act: Callable[[], None]) -> None:
        """Somebody does something."""
        self.loop.outside(max(0.0, seconds), self._acts, act)

    def _acts(self, act: Callable[[], None]) -> None:
        if not self.calm:
            act()

    def next_work_hour(self, email: str, after: timedelta) -> float | None:
        """Seconds from now until somebody is at work, `after` at the earliest."""
        person = self.known.people[self.known.by_email[email]]
        at = calendar_of(person, COMPANY, self.holidays, self.known.policies).next_polite(self.real() + after)
        return None if at is None else (at - self.real()).total_seconds()

    def is_out(self, email: str) -> bool:
        """On leave, or gone."""
        days = self.known.days(self.known.by_email[email])
        return not days.there(days.day(self.real()))

    def rule_of(self, key: str) -> str:
        """Why a message was sent; empty: it is an answer."""
        said = self.judge.message(key)
        return said.rule if said is not None else ""

    def send_in(self, who: Inhabitant, make: Callable[[datetime], ByPerson], kind: str, then: Then) -> None:
        """Somebody presses, types or submits."""
        self.network.send(who, make, kind, then)


class _Watch:
    """The judge as the platforms know it, and whoever reads what they show."""

    def __init__(self, simulation: Simulation) -> None:
        self._all = simulation

    def posted(self, chat: Chat, post: Post) -> None:
        """People react to what they see."""
        self._all.judge.posted(chat, post)
        if not self._all.calm and self._all.judge.copies[post.key] == 1:
            self._all.crowd.seen(chat, post)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._all.judge, name)


@cache
def _phrases() -> Mapping[str, Any]:
    return loader.load()


def _coroutine(task: "asyncio.Task[Any]") -> Any:
    return task.get_coro()


def run(
    *,
    seed: int = 1,
    people: int = 40,
    weeks: int = 1,
    faults: str | Sequence[str] | frozenset[str] = "all",
    trace: Callable[[str], object] | None = None,
) -> Outcome:
    """Let a company live. `faults`: `all`, `none`, or names of `adapters.simulate.faults`. Raises ValueError for others."""
    wanted = troubles.read(faults if isinstance(faults, str) else ",".join(sorted(faults)) or "none")
    began = time.perf_counter()
    with in_memory() as (engine, aside):
        simulation = Simulation(engine, aside, seed=seed, people=people, weeks=weeks, faults=wanted, trace=trace)
        with listening(simulation.unexpected, simulation.complains):
            simulation.live()
        return report(simulation, time.perf_counter() - began)
