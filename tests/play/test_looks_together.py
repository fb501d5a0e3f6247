"""Desks that are looked at in one transaction end as if they had been looked at one after the other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.apart import moved, rests_on
from bot.decide import decide
from bot.decision import FieldErrors, ShowForm
from bot.events import Event, Ticked
from bot.model import Role, person_id
from bot.rules import registry
from bot.scene import Scene
from storage.engine import open_engine
from storage.schema import metadata
from tests.databases import fresh_postgres
from tests.play.company import MONDAY, PHRASES, Play, email_of, goal, person, result
from tests.play.together import Noted, ticks_of
from tests.simulated.town import in_memory

LIVED = timedelta(days=12)
REAL = {("ledger", "id"), ("outbox", "claimed_at"), ("outbox", "ready_at"), ("agenda", "lease_until")}
"""Columns that are no part of what was decided: a database's own time, and numbers that may have gaps."""


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if (table.name, column.name) not in REAL]
            rows = connection.execute(select(*columns).order_by(*table.primary_key))
            found[table.name] = [tuple(map(repr, row)) for row in rows]
    return found


class Undone(Exception):
    """Nothing of it is kept."""


def what_is_apart_stays_the_same(play: Play, due: Sequence[Event], dice: Random) -> int:
    """What is known at a desk does not change by what is decided at another, unless the two touch; how many did not."""
    looks = [tick for tick in due if isinstance(tick, Ticked) and tick.subject.startswith("desk:")]
    untouched = 0
    try:
        with play.store.work() as work:
            before = work.looks(looks)
            first = dice.choice([tick for tick in looks if before.get(tick.subject) is not None])
            situation = before[first.subject]
            assert situation is not None
            decision = decide(first, situation, PHRASES)
            names = moved(decision)
            work.apply_all([(first, decision)])
            others = {tick.subject: tick for tick in looks if before.get(tick.subject) is not None and tick is not first}
            for subject, after in work.looks(list(others.values())).items():
                tick, known = others[subject], before[subject]
                assert known is not None
                if names is not None and names.isdisjoint(rests_on(tick, known)):
                    assert after == known
                    untouched += 1
            raise Undone
    except Undone:
        return untouched


class Twins:
    """One company on two databases: in one, what is due is looked at together, in the other one by one in the same order."""

    def __init__(self, one: Engine, other: Engine, dice: Random) -> None:
        self.dice = dice
        self.together, self.single = Play(one), Play(other)
        self.noted = Noted(self.together)
        self.together.turn = self.noted
        self.both = (self.together, self.single)
        names = [f"p{number}" for number in range(dice.randint(9, 16))]
        staff = [person("boss", role=Role.HR_ADMIN)]
        for number, name in enumerate(names):
            above = dice.choice(["boss", *names[: number // 2 + 1]]) if number else "boss"
            deputy = person_id(email_of(dice.choice(names))) if dice.random() < 0.2 else None
            staff.append(replace(person(name, manager=above if above != name else "boss"), deputy_id=deputy))
        wanted = [
            goal(f"G{number}", dice.choice(names), f"Goal {number}", result(f"K{number}", "Done"), updated_at=self.long_ago())
            for number in range(len(names))
        ]
        for play in self.both:
            play.with_people(*staff).with_goals(*wanted)
        self.names = ["boss", *names]
        self.untouched = 0

    def long_ago(self) -> Any:
        return MONDAY - timedelta(days=self.dice.randint(0, 25))

    def tick(self) -> None:
        """What is due now, until nothing is; both databases are the same after each round."""
        for _ in range(60):
            due = ticks_of(self.together)
            if sum(isinstance(one, Ticked) and one.subject.startswith("desk:") for one in due) > 1:
                self.untouched += what_is_apart_stays_the_same(self.together, due, self.dice)
            self.noted.order.clear()
            failed = [one for one in self.noted.take_all(due) if isinstance(one, Exception)]
            assert not failed
            assert {one.id for one in ticks_of(self.single)} == {one.id for one in due} == {one.id for one in self.noted.order}
            for tick in list(self.noted.order):
                self.single.turn.take(tick)
            same, other = everything(self.together.engine), everything(self.single.engine)
            assert same == other
            delivered = [play.deliver() for play in self.both]
            if not due and not any(delivered):
                return
        raise AssertionError("the agenda never comes to rest")

    def move_to(self, until: Any) -> None:
        while (at := self.together.agenda.next_due()) is not None and at <= until:
            for play in self.both:
                play.now = max(play.now, at)
            self.tick()
        for play in self.both:
            play.now = until

    def act(self) -> None:
        """Somebody presses some button of their newest messages, and sends the form that opens as it stands."""
        name = self.dice.choice(self.names)
        buttons = [button for seen in self.together.chat(name)[-3:] for button in seen.card.buttons()]
        if not buttons:
            return
        action, number = self.dice.choice(buttons).action, self.dice.random()
        for play in self.both:
            outcome = play.act(name, action, event_id=f"press:{number}")
            reply = outcome.decision.reply if outcome.decision is not None else None
            if isinstance(reply, ShowForm | FieldErrors):
                play.submit(name, reply.form, {})


@contextmanager
def two_databases(request: pytest.FixtureRequest, kind: str) -> Iterator[tuple[Engine, Engine]]:
    if kind == "sqlite":
        with in_memory() as one, in_memory() as other:
            yield one, other
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    with fresh_postgres(server, template) as one_url, fresh_postgres(server, template) as other_url:
        engines = open_engine(one_url), open_engine(other_url)
        yield engines
        for engine in engines:
            engine.dispose()


@pytest.mark.parametrize(
    ("kind", "seed"),
    [*(("sqlite", seed) for seed in (0, 1)), pytest.param("postgres", 3, marks=pytest.mark.postgres)],
)
def test_both_ways_leave_the_same_database(request: pytest.FixtureRequest, kind: str, seed: int) -> None:
    with two_databases(request, kind) as (one, other):
        twins = Twins(one, other, Random(seed))
        until = MONDAY + LIVED
        while twins.together.now < until:
            twins.move_to(twins.together.now + timedelta(hours=twins.dice.randint(3, 30)))
            for _ in range(twins.dice.randint(0, 6)):
                twins.act()
        assert max(twins.noted.together_at_once) >= 5
        assert twins.untouched >= 20
        assert sum(len(chat) for chat in twins.together.chats.values()) >= 30
        _steady_rules_find_the_same_without_check_ins_and_messages(twins.together, twins.names)


def _steady_rules_find_the_same_without_check_ins_and_messages(play: Play, names: Sequence[str]) -> None:
    found = 0
    for name in names:
        looked = Ticked(id="x", at=play.now, subject=f"desk:{person_id(email_of(name))}", due=play.now, fence=0)
        with play.store.work() as work:
            situation = work.situation(looked)
        assert situation is not None
        bare = replace(situation, checkins=(), told=())
        for rule in registry.RULES:
            here = list(rule.find(Scene(looked, situation, PHRASES)))
            found += len(here)
            assert all(one.rule == rule.name for one in here)
            assert not rule.steady or here == list(rule.find(Scene(looked, bare, PHRASES))), rule.name
    assert found >= len(names)
