"""Every cell of scope × lock × role for `/nudges set | lock | unlock`: who may do what, and which value then wins for a
person who has values at all four scopes. What is expected is worked out here, from PRODUCT.md alone.
"""

from itertools import combinations, product

import pytest
from sqlalchemy import Engine

from bot.model import Person, PolicyChange, Role, Scope, ScopeKind
from bot.rules import policy, stalled
from bot.talk.actions import Verb
from storage import facts
from tests.play.company import MONDAY, Play, person

SCOPES = ("company", "department", "team", "person")
"""From the least to the most specific."""
LOCKS = ("none", *SCOPES)
ROLES = ("employee", "manager", "hr")
ACTIONS = ("set", "lock", "unlock")

WHO = {"employee": "max", "manager": "dana", "hr": "boss"}
WRITTEN = {
    "company": "",
    "department": ' for department "Product"',
    "team": ' for team "Web"',
    "person": " for person max@acme.example",
}
DAYS = {"company": 10, "department": 11, "team": 12, "person": 13}
"""What each scope has of its own."""
NEW = 9
"""What `set` proposes."""


# ------------------------------------------------------------------------------------------------------------ the oracle


def answer(action: str, scope: str, lock: str, role: str) -> str:
    """What becomes of a command: `card` (HR may confirm it), or why not."""
    if role != "hr":
        return "only HR"
    here, there = SCOPES.index(scope), SCOPES.index(lock) if lock != "none" else None
    if action == "unlock":
        return "card" if here == there else "not locked"
    if there is None or here < there or (action == "set" and here == there):
        return "card"
    return "is locked"


def winner(lock: str) -> str:
    """Whose value counts for a person with values everywhere: the most specific; under a lock that of the lock's scope."""
    return "person" if lock == "none" else lock


def days_after(action: str, scope: str, lock: str, role: str) -> int:
    """What counts for the person once it was confirmed, where it may be."""
    values, locks = dict(DAYS), {lock} - {"none"}
    if answer(action, scope, lock, role) == "card":
        if action == "set":
            values[scope] = NEW
        elif action == "lock":
            locks.add(scope)
        else:
            locks.remove(scope)
    widest = min(locks, key=SCOPES.index) if locks else "none"
    return values[winner(widest)]


# ------------------------------------------------------------------------------------------------------------- the cells

REFUSALS = {"only HR": "Only HR admins", "is locked": "locked for", "not locked": "is not locked for"}
CELLS = list(product(ACTIONS, SCOPES, LOCKS, ROLES))


@pytest.mark.parametrize(("action", "scope", "lock", "role"), CELLS, ids=["-".join(cell) for cell in CELLS])
def test_cell(sqlite_engine: Engine, action: str, scope: str, lock: str, role: str) -> None:
    play = company(sqlite_engine, lock)
    assert in_force(play) == DAYS[winner(lock)]
    before = policies(play)
    value = f" {NEW}d" if action == "set" else ""
    play.say(WHO[role], f"/nudges {action} goal.stalled.owner{value}{WRITTEN[scope]}")
    card = play.chat(WHO[role])[-1]
    expected = answer(action, scope, lock, role)
    assert policies(play) == before
    if expected == "card":
        assert card.labels == ["Confirm", "Cancel"], card.words
        play.press(WHO[role], "Confirm", message=card)
        assert len(policies(play)) == len(before) + 1
    else:
        assert REFUSALS[expected] in card.words, card.words
        assert card.labels == []
        if expected != "only HR":
            assert "nothing changed" in card.words
        assert policies(play) == before
    if expected == "is locked":
        assert "by Boss since Monday 23 November" in card.words
    if expected == "is locked" and action == "set":
        assert f"/nudges unlock goal.stalled.owner{WRITTEN[lock]}" in card.words
    assert in_force(play) == days_after(action, scope, lock, role)


@pytest.mark.parametrize(("lock", "role"), list(product(LOCKS, ("employee", "manager"))))
def test_a_forged_confirmation_of_somebody_else_changes_nothing(sqlite_engine: Engine, lock: str, role: str) -> None:
    play = company(sqlite_engine, lock)
    before = policies(play)
    play.say("boss", "/nudges set goal.stalled.owner 8d")
    play.act(WHO[role], play.button("boss", "Confirm").action)
    assert "Only HR admins" in play.chat(WHO[role])[-1].words
    assert policies(play) == before


SUBSETS = [chosen for count in range(5) for chosen in combinations(SCOPES, count)]


@pytest.mark.parametrize(
    ("lock", "having"), list(product(LOCKS, SUBSETS)), ids=lambda part: part if isinstance(part, str) else "+".join(part) or "-"
)
def test_what_wins_where_only_some_scopes_have_a_value(lock: str, having: tuple[str, ...]) -> None:
    scopes = dict(zip(reversed(SCOPES), policy.scopes_of(max_()), strict=True))
    names = [("goal.stalled.owner", scope, f"{DAYS[scope]}cd") for scope in having]
    names += [("lock:goal.stalled", lock, "on")] if lock != "none" else []
    changes = tuple(
        PolicyChange(version=number, at=MONDAY, author="p", threshold=name, scope=scopes[scope], value=value)
        for number, (name, scope, value) in enumerate(names, 1)
    )
    heard = [scope for scope in having if lock == "none" or SCOPES.index(scope) <= SCOPES.index(lock)]
    expected = f"{DAYS[heard[-1]]}cd" if heard else stalled.OWNER.default
    assert policy.for_person(changes, max_(), stalled.OWNER).value == expected


# ----------------------------------------------------------------------------------------------------------- the company


def max_() -> Person:
    return person("max", manager="dana", team="Web", department="Product")


def company(engine: Engine, lock: str) -> Play:
    """Max has values at all four scopes; `lock` is where `goal.stalled.owner` is locked."""
    play = Play(engine).with_people(
        person("boss", role=Role.HR_ADMIN), person("dana", manager="boss", team="Web", department="Product"), max_()
    )
    for scope, days in DAYS.items():
        confirm(play, f"/nudges set goal.stalled.owner {days}d{WRITTEN[scope]}")
    if lock != "none":
        confirm(play, f"/nudges lock goal.stalled.owner{WRITTEN[lock]}")
    return play


def confirm(play: Play, words: str) -> None:
    play.say("boss", words)
    card = play.chat("boss")[-1]
    (button, _) = card.card.buttons()
    assert button.action.verb is Verb.SET_POLICY, card.words
    play.act("boss", button.action)


def policies(play: Play) -> tuple[PolicyChange, ...]:
    with play.engine.connect() as connection:
        return facts.policies(connection)


def in_force(play: Play) -> int:
    """What counts for Max now."""
    return policy.for_person(policies(play), max_(), stalled.OWNER).span.amount


def test_the_scopes_are_all_there() -> None:
    assert set(SCOPES) == {kind.value for kind in ScopeKind}
    assert len(CELLS) == 3 * 4 * 5 * 3
    assert policy.scopes_of(max_())[-1] == Scope()
