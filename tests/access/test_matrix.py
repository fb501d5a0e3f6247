"""Every cell of the table through every door: Slack, Teams and the playground for people, HTTP and exports for machines."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.rules.access import Act, Grant, Hat, Relation, can_be, granted
from bot.talk.actions import Action, Verb
from tests.access.doors import DOORS
from tests.access.probes import PROBES, observed
from tests.access.stage import a_company, fresh_engine
from tests.play.seen import pid

PEOPLE = [hat for hat in Hat if hat is not Hat.MACHINE]
CELLS = [(act, hat, relation) for act in Act for hat in Hat for relation in Relation]
BY_PEOPLE = [(*cell, door) for door in DOORS for cell in CELLS if cell[1] is not Hat.MACHINE and can_be(cell[1], cell[2])]


@cache
def tried(door: str, hat: Hat, relation: Relation) -> Mapping[Act, Grant]:
    """What somebody with that hat, in that relation, gets through that door."""
    with tempfile.TemporaryDirectory() as folder:
        engine = fresh_engine(Path(folder))
        try:
            return observed(*a_company(engine, hat, relation, door))
        finally:
            engine.dispose()


def hats_of(hat: Hat, relation: Relation) -> frozenset[Hat]:
    """Whoever wears a hat is an employee, too, and leads whom they lead."""
    leads = {Hat.MANAGER} if relation in (Relation.DIRECT, Relation.INDIRECT) else set()
    return frozenset({Hat.EMPLOYEE, hat} | leads)


@pytest.mark.parametrize(("act", "hat", "relation", "door"), BY_PEOPLE, ids=lambda one: str(one))
def test_a_cell_holds(act: Act, hat: Hat, relation: Relation, door: str) -> None:
    assert tried(door, hat, relation)[act] is granted(act, hats_of(hat, relation), {relation})


def test_no_cell_is_left_unasserted() -> None:
    asserted = {cell[:3] for cell in BY_PEOPLE}
    by_machines = {cell for cell in CELLS if cell[1] is Hat.MACHINE and can_be(cell[1], cell[2])}
    impossible = {cell for cell in CELLS if not can_be(cell[1], cell[2])}
    assert set(CELLS) == asserted | by_machines | impossible
    assert PROBES.keys() == set(Act)
    assert all(granted(act, {hat}, {relation}) is Grant.NO for act, hat, relation in impossible)


@pytest.mark.parametrize("door", DOORS)
def test_a_new_manager_reads_at_once_and_the_one_before_no_longer(door: str, tmp_path: Path) -> None:
    engine = fresh_engine(tmp_path)
    play, _ = a_company(engine, Hat.EMPLOYEE, Relation.STRANGER, door)
    show = Action(Verb.SHOW_GOAL, ("ALPHA",))
    play.does("mara", show)
    play.does("zara", show)
    assert "WHYWORD" in play.reads("mara") and "WHYWORD" not in play.reads("zara")
    olga = next(one for one in play.imports.read_people() if one.name == "Olga")
    with play.imports.begin() as imported:
        imported.apply_people([replace(olga, manager_id=pid("zara"))], at=play.now, cause="import")
    before = len(play.chat("mara"))
    play.does("mara", show)
    play.does("zara", show)
    assert "WHYWORD" not in play.reads("mara", before)
    assert "WHYWORD" in play.reads("zara")
    engine.dispose()


@pytest.mark.parametrize("door", DOORS)
def test_an_account_nobody_knows_gets_nothing(door: str, tmp_path: Path) -> None:
    engine = fresh_engine(tmp_path)
    play, _ = a_company(engine, Hat.EMPLOYEE, Relation.STRANGER, door)
    before = play.imports.read_people()
    for words in ("/rondo privacy", "/team Web", "/nudges health", "/goals show ALPHA"):
        outcome = play.says("stranger", words)
        assert not outcome.known and outcome.decision is None
    assert not play.does("stranger", Action(Verb.SHOW_GOAL, ("ALPHA",))).known
    assert not play.chat("stranger") and play.imports.read_people() == before
    engine.dispose()
