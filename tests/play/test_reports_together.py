"""Reports of delivery that share a transaction, and know only their recipient, end as if each knew the whole desk."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine, select

from bot.apart import moved, rests_on
from bot.decide import decide
from bot.decision import Look
from bot.events import Delivered, Event, Undelivered
from bot.flows import desk, nudge
from bot.ports import Outcome
from bot.scene import Scene
from bot.turn import Turn
from storage.desk import find_desk
from storage.schema import agenda
from storage.store import SqlWork
from tests.play.company import MONDAY, PHRASES, Play
from tests.play.test_looks_together import Twins, Undone, everything, two_databases
from tests.play.together import Noted, ticks_of


class Gathered:
    """Stands where the turn stands while messages are delivered: keeps what is reported for later."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def take(self, event: Event) -> Outcome:
        self.events.append(event)
        return Outcome(known=True, decision=None)


def gathered(play: Play) -> list[Event]:
    """Deliver what is waiting, and report nothing yet; messages to one person one after the other, as in a server."""
    turn, play.turn = play.turn, Gathered()  # type: ignore[assignment]
    try:
        for parcel in play.outbox.claim(now=play.now, limit=100):
            play._deliver(parcel)
        return play.turn.events  # type: ignore[attr-defined,no-any-return]
    finally:
        play.turn = turn


class Reported(Twins):
    """In one company what is delivered is reported together, in the other one by one in the same order."""

    def __init__(self, one: Engine, other: Engine, dice: Random) -> None:
        super().__init__(one, other, dice)
        self.single_noted = Noted(self.single)
        self.compared = 0

    def tick(self) -> None:
        for _ in range(60):
            due = ticks_of(self.together)
            for play, ticks in ((self.together, due), (self.single, ticks_of(self.single))):
                turn = Turn(play.store, PHRASES, committed=lambda: None)
                for tick in ticks:
                    turn.take(tick)
            reports, too = gathered(self.together), gathered(self.single)
            assert reports == too
            if len(reports) > 1:
                self.compared += self.what_is_own_needs_no_desk(reports)
            self.noted.order.clear()
            assert not [one for one in self.noted.take_all(reports) if isinstance(one, Exception)]
            assert {one.id for one in self.noted.order} == {one.id for one in reports}
            for event in list(self.noted.order):
                self.single_noted.take(event)
            same, other = everything(self.together.engine), everything(self.single.engine)
            assert same == other
            if not due and not reports:
                return
        raise AssertionError("the agenda never comes to rest")

    def what_is_own_needs_no_desk(self, events: Sequence[Event]) -> int:
        """Deciding with the whole desk known gives the same, and nothing that was planned before would be missed."""
        reports = [one for one in events if isinstance(one, Delivered | Undelivered)]
        compared = 0
        try:
            with self.together.store.work() as work:
                assert isinstance(work, SqlWork)
                found = work.reports(reports)
                changed: set[str] = set()
                for place, situation in found.items():
                    event, connection = reports[place], work._connection
                    whose = find_desk(connection, event)
                    assert situation is not None
                    assert whose is not None
                    [whole] = self.together.store.situations(connection, [(event, whose)])
                    decision = decide(event, situation, PHRASES)
                    assert decision == decide(event, whole, PHRASES)
                    assert changed.isdisjoint(rests_on(event, whole))
                    names = moved(decision)
                    assert names is not None
                    changed |= names
                    if isinstance(event, Delivered) and decision.looks:
                        scene = Scene(event, whole, PHRASES)
                        [own], [by_all] = decision.looks, desk.planned(scene, nudge.findings(scene)).looks
                        assert isinstance(own, Look)
                        assert isinstance(by_all, Look)
                        before = connection.scalar(select(agenda.c.due_at).where(agenda.c.subject == own.subject))
                        assert before is not None
                        assert own.at is not None
                        assert by_all.at is not None
                        assert min(before, own.at) <= by_all.at
                    compared += 1
                raise Undone
        except Undone:
            return compared


@pytest.mark.parametrize(
    ("kind", "seed"),
    [("sqlite", 0), ("sqlite", 1), pytest.param("postgres", 3, marks=pytest.mark.postgres)],
)
def test_together_and_one_by_one_leave_the_same_database(request: pytest.FixtureRequest, kind: str, seed: int) -> None:
    with two_databases(request, kind) as (one, other):
        twins = Reported(one, other, Random(seed))
        until = MONDAY + timedelta(days=12)
        while twins.together.now < until:
            twins.move_to(twins.together.now + timedelta(hours=twins.dice.randint(3, 30)))
            for _ in range(twins.dice.randint(0, 6)):
                twins.act()
        assert max(twins.noted.together_at_once) >= 5
        assert twins.compared >= 30
