"""How what people do reaches a process: lost on the way, tried again by the platform or by hand, twice, out of order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Protocol

from adapters.simulate.crowd import BY_HAND, Inhabitant, Then
from adapters.simulate.machine import Machine
from adapters.simulate.server import Server
from bot.decision import FieldErrors
from bot.events import ByPerson
from bot.ports import Outcome

PATIENCE = 3.0
"""Seconds after which a platform gives up on an answer."""
AGAIN = (1.0, 60.0, 300.0)
"""Seconds after which Slack delivers an event again that was not taken."""


class Net(Protocol):
    """What the network needs."""

    loop: Machine
    servers: list[Server]
    calm: bool

    def acked(self, event: ByPerson, who: str, *, taken: bool) -> None: ...


class Network:
    """`share`: of gestures that are delivered more than once although they were taken."""

    def __init__(self, net: Net, dice: Random, share: float) -> None:
        self._net, self._dice, self._share = net, dice, share
        self.repeats = self.lost = 0

    def send(self, who: Inhabitant, make: Callable[[datetime], ByPerson], kind: str, then: Then) -> None:
        """Somebody does something once."""
        _Gesture(self, who, make, kind, then).tries()
        dice, outside = self._dice, self._net.loop.outside
        if self._net.calm or dice.random() >= self._share:
            return
        for _ in range(dice.randint(1, 4)):
            self.repeats += 1
            outside(dice.choice((0.01, 0.4, 15.0, 60.0, 310.0)) * dice.uniform(0.8, 1.2), self._repeat, who, make, "")
        if dice.random() < 0.2:  # Teams repeats an invoke after 15 s, under a new id
            self.repeats += 1
            outside(15.0, self._repeat, who, make, "'")

    def _repeat(self, who: Inhabitant, make: Callable[[datetime], ByPerson], mark: str) -> None:
        twin = make if not mark else lambda at: _named(make(at), mark)
        self.deliver(twin, lambda event, outcome: self._heard(event, outcome, who))

    def _heard(self, event: ByPerson, outcome: Outcome | None, who: Inhabitant) -> None:
        if outcome is not None:
            self._net.acked(event, who.row.email, taken=False)

    def deliver(self, make: Callable[[datetime], ByPerson], answered: Callable[[ByPerson, Outcome | None], None]) -> None:
        """One HTTP request to one of the processes; None: it was not taken, or nobody answered in time."""
        server = self._dice.choice(self._net.servers)
        if not server.host.alive:
            self.lost += 1
            self._net.loop.outside(0.01, answered, make(server.clock.now()), None)
            return
        event, open_ = make(server.clock.now()), [True]

        def once(outcome: Outcome | None) -> None:
            if open_.pop() if open_ else False:
                answered(event, outcome)

        self._net.loop.outside(PATIENCE, once, None)
        server.receive(event, once)

    def acked(self, event: ByPerson, who: Inhabitant, outcome: Outcome) -> None:
        """A 200 arrived."""
        refused = outcome.decision is not None and isinstance(outcome.decision.reply, FieldErrors)
        self._net.acked(event, who.row.email, taken=outcome.known and not refused)

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """In a while."""
        self._net.loop.outside(seconds, act)

    def hesitation(self) -> float:
        """Seconds until somebody tries again by hand."""
        return self._dice.uniform(8.0, 90.0)


class _Gesture:
    """One thing somebody does, until it was taken or they gave up."""

    def __init__(self, network: Network, who: Inhabitant, make: Callable[[datetime], ByPerson], kind: str, then: Then) -> None:
        self.network, self.who, self.make, self.kind, self.then = network, who, make, kind, then
        self.tried = 0

    def tries(self) -> None:
        """Send it."""
        mark = f"/{self.tried}" if self.tried and self.kind == "press" else ""  # pressed again: another gesture
        self.tried += 1
        make = self.make if not mark else lambda at: _named(self.make(at), mark)
        self.network.deliver(make, self._answered)

    def _answered(self, event: ByPerson, outcome: Outcome | None) -> None:
        if outcome is not None:
            self.network.acked(event, self.who, outcome)
            self.then(outcome.decision.reply if outcome.decision is not None else None)
        elif self.kind == "said" and self.tried <= len(AGAIN):
            self.network.after(AGAIN[self.tried - 1], self.tries)
        elif self.kind != "said" and self.tried < BY_HAND:
            self.network.after(self.network.hesitation(), self.tries)
        else:
            self.network.lost += 1


def _named(event: ByPerson, mark: str) -> ByPerson:
    return replace(event, id=event.id + mark)
