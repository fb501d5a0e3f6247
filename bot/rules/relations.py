"""What is true of somebody who wants to read or do something: in which roles they come, and what the owner is to them."""

from collections.abc import Collection, Iterator

from bot.model import Goal, Person, Role
from bot.rules.access import Hat, Reader, Relation
from bot.rules.people import managers_of, stand_in, works_here
from bot.scene import Scene


def reader_of(scene: Scene, reader: Person, owner: Person, *, goal: Goal | None = None, asked: bool = False) -> Reader:
    """How `reader` stands to what belongs to `owner`, all of it as of now: a new manager reads at once, the old one no longer.

    `goal`: the thing is this goal, or was written about it. `asked`: it waits for the reader's word.
    """
    if not works_here(reader, scene.situation):
        return Reader(hats=frozenset(), relations=frozenset({Relation.OUTSIDE}))
    relations = frozenset(_relations(scene, reader, owner, goal)) or frozenset({Relation.STRANGER})
    return Reader(hats=frozenset(_hats(reader, goal, relations, asked=asked)), relations=relations)


def at_large(scene: Scene, reader: Person) -> Reader:
    """How somebody stands to what is nobody's in particular: thresholds, counts."""
    if not works_here(reader, scene.situation):
        return Reader(hats=frozenset(), relations=frozenset({Relation.OUTSIDE}))
    relations = frozenset({Relation.STRANGER})
    return Reader(hats=frozenset(_hats(reader, None, relations, asked=False)), relations=relations)


def to_team(scene: Scene, reader: Person, team: str, *, leads: bool) -> Reader:
    """How somebody stands to a team: one of its people, leads some of them over up to three levels, or neither."""
    if not works_here(reader, scene.situation):
        return Reader(hats=frozenset(), relations=frozenset({Relation.OUTSIDE}))
    found = {Relation.TEAM} if reader.team == team else set()
    found |= {Relation.INDIRECT} if leads else set()
    relations = frozenset(found or {Relation.STRANGER})
    return Reader(hats=frozenset(_hats(reader, None, relations, asked=False)), relations=relations)


def _hats(reader: Person, goal: Goal | None, relations: Collection[Relation], *, asked: bool) -> Iterator[Hat]:
    yield Hat.EMPLOYEE
    if Relation.DIRECT in relations or Relation.INDIRECT in relations:
        yield Hat.MANAGER
    if goal is not None and goal.coordinator_id == reader.id:
        yield Hat.COORDINATOR
    if asked:
        yield Hat.ASKED
    if reader.role is Role.HR_ADMIN:
        yield Hat.HR


def _relations(scene: Scene, reader: Person, owner: Person, goal: Goal | None) -> Iterator[Relation]:
    """The owner of a thing is only that."""
    if reader.id == owner.id:
        yield Relation.SELF
        return
    people = scene.situation.people
    chain = tuple(managers_of(owner, people))
    if reader.id == owner.manager_id:
        yield Relation.DIRECT
    elif any(one.id == reader.id for one in chain):
        yield Relation.INDIRECT
    coordinator = people.get(goal.coordinator_id or "") if goal is not None else None
    led_by = [one for one in (*chain[:1], coordinator) if one is not None and one.id not in (reader.id, owner.id)]
    if any(stand_in(one, scene.situation) == reader for one in led_by):
        yield Relation.COVERED
    if reader.manager_id == owner.id:
        yield Relation.BOSS
    if reader.team and reader.team.casefold() in _teams(owner, goal):
        yield Relation.TEAM
    if goal is not None and _supports(scene, goal, reader):
        yield Relation.SUPPORTS


def _teams(owner: Person, goal: Goal | None) -> set[str]:
    """Whose planning it is, besides its owner's."""
    named = (goal.team, *(one.team for one in goal.contributions)) if goal is not None else ()
    return {team.casefold() for team in (owner.team, *named) if team}


def _supports(scene: Scene, goal: Goal, reader: Person) -> bool:
    """One of the reader's goals belongs to it."""
    around = (*scene.situation.goals, *scene.situation.kin)
    return any(one.parent_id == goal.id and one.owner_id == reader.id for one in around)
