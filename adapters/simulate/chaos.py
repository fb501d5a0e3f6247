"""When processes die, stand still or drift, and when platforms and the database are away. Everything is planned at the start."""

from collections.abc import Collection, Sequence
from random import Random
from typing import Protocol

from adapters.simulate.chat import Chat
from adapters.simulate.faults import Weather
from adapters.simulate.machine import Machine
from adapters.simulate.server import Server
from adapters.simulate.trouble import Trouble

DAY = 86_400.0
STOPPED = (10.0, 70.0, 130.0, 130.0, 360.0)
"""Seconds of a SIGSTOP: up to three times the lease of a message."""
ROBBED = 0.8
"""How likely a stopped process goes on in the very moment in which another one has taken over what it had."""
YOUNG = 120.0
COUNTED, MISSED = 2.0, 20.5
"""Seconds until the others know of a process that began, and of one that is gone (`storage.replicas`)."""


class Site(Protocol):
    """What can be broken."""

    loop: Machine
    servers: list[Server]
    trouble: Trouble
    weather: Weather
    calm: bool

    def begins(self, number: int) -> None: ...
    def in_doubt(self, server: Server, why: str) -> None: ...
    def rings(self) -> None: ...
    def recount(self) -> None: ...


class Chaos:
    """One run's. `away`: intervals in which nobody was able to work, to be excused; still open while the second is None."""

    def __init__(self, site: Site, dice: Random, faults: frozenset[str]) -> None:
        self.site, self.dice, self.faults = site, dice, faults
        self.crashes = self.stops = self.outages = self.database_outages = 0
        self.away: list[list[float]] = []
        self.starts: list[float] = []
        self._slots: Sequence[float] = ()
        self._down_since: float | None = None

    def plan(self, chats: Sequence[Chat], slots: Sequence[float], ends: float) -> None:
        """Everything that will go wrong by itself until `ends`. `slots`: when people are asked."""
        self._slots = slots
        weather, dice, outside = self.site.weather, self.dice, self.site.loop.outside
        days = ends / DAY
        for share, act in ((weather.crashes_a_day, self._crash), (weather.stops_a_day, self._stops)):
            for _ in range(round(share * days * dice.uniform(0.5, 1.5))):
                outside(dice.uniform(0, ends), act)
        for _ in range(weather.outages):
            chat, since, hours = dice.choice(chats), self._busy(ends), dice.choice((0.2, 1.0, 3.0, 6.0, 10.0))
            chat.outages.append((since, since + hours * 3600))
            self.outages += 1
        for _ in range(weather.database_outages):
            outside(self._busy(ends), self._database, dice.choice((5.0, 60.0, 300.0)))
        for _ in range(weather.service_outages):
            outside(self._busy(ends), self._all_down, dice.choice((600.0, 3600.0, 6 * 3600.0)))
        if weather.skew:
            for _ in range(round(days)):
                outside(dice.uniform(0, ends), self._drift)

    def _busy(self, ends: float) -> float:
        """Some instant, rather about when somebody is asked: what is being said then has to wait, perhaps too long."""
        if self._slots and self.dice.random() < 0.7:
            return max(0.0, self.dice.choice(self._slots) - self.dice.uniform(-120.0, 3600.0))
        return self.dice.uniform(0, ends)

    # -------------------------------------------------------------------------------------------------- processes

    def _all_down(self, seconds: float) -> None:
        """Nobody is there for hours."""
        for server in self.site.servers:
            if server.host.alive and not self.site.calm:
                self.kill(server, seconds)

    def dies_here(self, server: Server) -> bool:
        """Whether a process dies at this step."""
        weather = self.site.weather
        if self.site.calm:
            return False
        chance = self.dice.random()
        if chance < weather.die_at_a_step:
            self.kill(server)
            return True
        if chance < weather.die_at_a_step + weather.stop_at_a_step:
            self._stop(server)
        return False

    def _crash(self) -> None:
        alive = [server for server in self.site.servers if server.host.alive]
        if alive and not self.site.calm:
            self.kill(self.dice.choice(alive))

    def kill(self, server: Server, seconds: float | None = None) -> None:
        """It is gone, and starts again in a while."""
        self.crashes += 1
        server.host.kill()
        self.site.in_doubt(server, "crash")
        pause = self.dice.choice((0.5, 3.0, 20.0, 130.0)) if self.dice.random() > 0.02 else self.dice.uniform(3600, 6 * 3600)
        self.site.loop.outside(pause if seconds is None else seconds, self._begins, server.number)
        self.counts_the_living()

    def _begins(self, number: int) -> None:
        self.starts.append(self.site.loop.seconds)
        self.site.begins(number)
        self.counts_the_living()

    def young(self) -> int:
        """How many processes began or went on within the last minutes."""
        return sum(at > self.site.loop.seconds - YOUNG for at in self.starts[-10:])

    def _stops(self) -> None:
        running = [server for server in self.site.servers if server.host.alive and not server.host.stopped]
        if running and not self.site.calm:
            self._stop(self.dice.choice(running))

    def _stop(self, server: Server) -> None:
        self.stops += 1
        server.host.stop()
        self.site.in_doubt(server, "stop")
        self.site.loop.outside(self.dice.choice(STOPPED) * self.dice.uniform(0.9, 1.1), self._continue, server)
        self.counts_the_living()

    def robbed(self, names: Collection[str]) -> None:
        """What these processes had was claimed by another one: who of them is only stopped may come back at once, and report."""
        for server in self.site.servers:
            if server.name in names and server.host.alive and server.host.stopped and self.dice.random() < ROBBED:
                self.site.loop.outside(self.dice.choice((0.0, 0.05, 0.3)) * self.dice.random(), self._continue, server)

    def _continue(self, server: Server) -> None:
        if not server.host.stopped:
            return
        self.starts.append(self.site.loop.seconds)
        server.host.go_on()
        self.counts_the_living()
        self.site.rings()

    def _drift(self) -> None:
        alive = [server for server in self.site.servers if server.host.alive]
        if alive and not self.site.calm:
            skew = self.site.weather.skew
            self.dice.choice(alive).clock.offset = self.dice.uniform(-skew, skew)
            self.site.rings()

    # -------------------------------------------------------------------------------------------------- database

    def _database(self, seconds: float) -> None:
        trouble = self.site.trouble
        if trouble.down or self.site.calm:
            return
        self.database_outages += 1
        trouble.down = True
        for server in self.site.servers:
            self.site.in_doubt(server, "database")
        self.counts_the_living()
        self.site.loop.outside(seconds, self._database_is_back)

    def _database_is_back(self) -> None:
        for server in self.site.servers:
            self.site.in_doubt(server, "database")  # what was claimed meanwhile could not be recorded
        self.site.trouble.down = False
        self.counts_the_living()
        self.site.rings()

    # --------------------------------------------------------------------------------------------------- excuses

    def counts_the_living(self) -> None:
        """Somebody began or ceased to be able to work."""
        now = self.site.loop.seconds
        for pause in (COUNTED, MISSED):
            self.site.loop.outside(pause, self.site.recount)
        able = not self.site.trouble.down and any(one.host.alive and not one.host.stopped for one in self.site.servers)
        if able and self._down_since is not None:
            self.away.append([self._down_since, now])
            self._down_since = None
        elif not able and self._down_since is None:
            self._down_since = now

    def lame(self, since: float, until: float) -> float:
        """Seconds of an interval in which nobody was able to work, with what it takes to take over from who died."""
        spans = [*self.away, *([[self._down_since, until]] if self._down_since is not None else [])]
        return sum(max(0.0, min(until, end + 150) - max(since, begin)) for begin, end in spans)

    def awake(self) -> list[tuple[float, float]]:
        """When somebody was able to work, so far."""
        spans, since = [], 0.0
        for begin, end in self.away:
            spans.append((since, begin))
            since = end
        return [*spans, (since, self.site.loop.seconds)] if self._down_since is None else [*spans, (since, self._down_since)]
