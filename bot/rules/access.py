"""Who may do what to whom: one table, role by action by relation. Everything that shows or changes something looks it up here.

`docs/access.md` prints it, `tests/access` asserts every cell of it through the real doors. A reader has every role and every
relation that is true of them; the widest grant counts. Which are true is worked out in `bot.rules.relations`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

FEWEST = 5
"""Sums are of at least so many people; fewer are said to be too few (PRODUCT.md section 7)."""


class Hat(StrEnum):
    """In which role somebody acts. Whoever works here is an employee; the others come on top of that."""

    EMPLOYEE = "employee"
    MANAGER = "manager"  # somebody reports to them
    COORDINATOR = "coordinator"  # has the final say on the goal in question
    ASKED = "asked"  # this very thing waits for their word: to decide, to approve, to remove, to answer
    HR = "hr"
    MACHINE = "machine"  # bears RONDO_ADMIN_TOKEN, or runs `rondo …` on the server: the operator's own hand


class Relation(StrEnum):
    """What the owner of a thing is to whoever acts."""

    SELF = "self"
    DIRECT = "direct"  # reports to them
    INDIRECT = "indirect"  # reports to somebody below them
    COVERED = "covered"  # they stand in, now, for the owner's manager or the goal's coordinator
    BOSS = "boss"  # is their own manager
    TEAM = "team"  # is of the same team, or the goal is their team's or needs something of it
    SUPPORTS = "supports"  # one of their own goals belongs to the owner's
    STRANGER = "stranger"  # none of these
    OUTSIDE = "outside"  # they do not work here: an unknown account, another tenant, somebody who left


class Grant(StrEnum):
    """What the table says, from nothing to everything."""

    NO = "no"
    SUM = "sum"  # only added up, of at least `FEWEST` people
    NOTED = "noted"  # yes, and each time stands in the ledger as `privacy:read`
    YES = "yes"


class Act(StrEnum):
    """Everything somebody can read or do that is somebody's."""

    GOAL_NUMBERS = "goal.numbers"
    GOAL_WORDS = "goal.words"
    GOAL_DRAFT = "goal.draft"
    GOAL_CHANGE = "goal.change"
    GOAL_CLOSE = "goal.close"
    GOAL_APPROVE = "goal.approve"
    GOAL_ASK = "goal.ask"
    GOAL_MEASURE = "goal.measure"
    CHECKIN_WORDS = "checkin.words"
    CHECKIN_PRIVATE = "checkin.private"
    CHECKIN_ANSWER = "checkin.answer"
    PARTICIPATION = "participation"
    DECISION_OPEN = "decision.open"
    DECISION_MAKE = "decision.make"
    TALK = "talk"
    SETTINGS = "person.settings"
    IMPORT = "person.import"
    TEAM_POST = "team.post"
    POLICY_READ = "policy.read"
    POLICY_SET = "policy.set"
    HEALTH = "health"
    PRIVACY = "privacy.own"
    CONCERN_RAISE = "concern.raise"
    CONCERN_READ = "concern.read"
    LEDGER = "ledger"


_SIGNS = {"-": Grant.NO, "S": Grant.SUM, "N": Grant.NOTED, "Y": Grant.YES}
_EVERYBODY = "Y  Y  Y  Y  Y  Y  Y  Y  -"
_OTHERS = "-  Y  Y  Y  Y  Y  Y  Y  -"
_NOTED = "-  N  N  N  N  N  N  N  -"
_MACHINE = "-  -  -  -  -  -  -  Y  -"  # a machine is nobody's colleague
_MACHINE_READS = "-  -  -  -  -  -  -  N  -"

# Each line adds to that of the employee. Columns: self direct indirect covered boss team supports stranger outside.
_LINES: Mapping[Act, Mapping[Hat, str]] = {
    Act.GOAL_NUMBERS: {
        Hat.EMPLOYEE: "   Y  -  -  Y  Y  Y  Y  -  -",
        Hat.MANAGER: "    -  Y  S  -  -  -  -  -  -",
        Hat.COORDINATOR: _OTHERS,
        Hat.ASKED: _OTHERS,
        Hat.HR: "         -  S  S  S  S  S  S  S  -",
        Hat.MACHINE: _MACHINE,
    },
    Act.GOAL_WORDS: {
        Hat.EMPLOYEE: "   Y  -  -  N  -  -  -  -  -",
        Hat.MANAGER: "    -  N  -  -  -  -  -  -  -",
        Hat.COORDINATOR: _NOTED,
        Hat.ASKED: _NOTED,
        Hat.MACHINE: _MACHINE_READS,
    },
    Act.GOAL_DRAFT: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -", Hat.ASKED: _NOTED, Hat.MACHINE: _MACHINE_READS},
    Act.GOAL_CHANGE: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -", Hat.MACHINE: _MACHINE},
    Act.GOAL_CLOSE: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -", Hat.COORDINATOR: _OTHERS},
    Act.GOAL_APPROVE: {
        Hat.EMPLOYEE: "   -  -  -  Y  -  -  -  -  -",
        Hat.MANAGER: "    -  Y  -  -  -  -  -  -  -",
        Hat.ASKED: _OTHERS,
    },
    Act.GOAL_ASK: {Hat.EMPLOYEE: "-  -  -  Y  -  -  -  -  -", Hat.MANAGER: "-  Y  -  -  -  -  -  -  -"},
    Act.GOAL_MEASURE: {Hat.MACHINE: _MACHINE},
    Act.CHECKIN_WORDS: {
        Hat.EMPLOYEE: "   Y  -  -  N  -  -  -  -  -",
        Hat.MANAGER: "    -  N  -  -  -  -  -  -  -",
        Hat.ASKED: _NOTED,
        Hat.MACHINE: _MACHINE_READS,
    },
    Act.CHECKIN_PRIVATE: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -", Hat.MANAGER: "-  N  -  -  -  -  -  -  -"},
    Act.CHECKIN_ANSWER: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -"},
    Act.PARTICIPATION: {
        Hat.EMPLOYEE: "   Y  -  -  Y  -  -  -  -  -",
        Hat.MANAGER: "    -  Y  -  -  -  -  -  -  -",
        Hat.HR: "         -  S  S  S  S  S  S  S  -",
        Hat.MACHINE: _MACHINE,
    },
    Act.DECISION_OPEN: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -"},
    Act.DECISION_MAKE: {Hat.ASKED: _OTHERS},
    Act.TALK: {Hat.EMPLOYEE: "-  -  -  -  Y  -  -  -  -", Hat.MANAGER: "-  Y  -  -  -  -  -  -  -"},
    Act.SETTINGS: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -"},
    Act.IMPORT: {Hat.MACHINE: _MACHINE},
    Act.TEAM_POST: {
        Hat.EMPLOYEE: "   Y  -  -  -  -  Y  -  -  -",
        Hat.MANAGER: "    -  Y  Y  -  -  -  -  -  -",
        Hat.HR: _EVERYBODY,
    },
    Act.POLICY_READ: {Hat.HR: _EVERYBODY, Hat.MACHINE: _MACHINE},
    Act.POLICY_SET: {Hat.HR: _EVERYBODY},
    Act.HEALTH: {Hat.HR: "S  S  S  S  S  S  S  S  -"},
    Act.PRIVACY: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -", Hat.MACHINE: _MACHINE},
    Act.CONCERN_RAISE: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -"},
    Act.CONCERN_READ: {Hat.EMPLOYEE: "Y  -  -  -  -  -  -  -  -", Hat.ASKED: "-  -  -  -  Y  Y  Y  Y  -"},
    Act.LEDGER: {Hat.MACHINE: _MACHINE},
}


def _read(line: str) -> Mapping[Relation, Grant]:
    return MappingProxyType(dict(zip(Relation, (_SIGNS[sign] for sign in line.split()), strict=True)))


TABLE: Mapping[tuple[Act, Hat], Mapping[Relation, Grant]] = MappingProxyType(
    {(act, hat): _read(_LINES[act].get(hat, "-  -  -  -  -  -  -  -  -")) for act in Act for hat in Hat}
)
"""What each role adds, cell by cell."""

_BELOW = (Relation.DIRECT, Relation.INDIRECT)
_NEVER: Mapping[Hat, frozenset[Relation]] = {
    Hat.EMPLOYEE: frozenset(_BELOW),  # whoever has somebody below them is a manager
    Hat.COORDINATOR: frozenset({Relation.SELF}),  # nobody gets more of their own goal by coordinating it
    Hat.ASKED: frozenset({Relation.SELF}),  # nobody is asked about what is their own
    Hat.MACHINE: frozenset(Relation) - {Relation.STRANGER, Relation.OUTSIDE},
}
_RANK = tuple(Grant)


def can_be(hat: Hat, relation: Relation) -> bool:
    """Whether anybody can stand like that to somebody; the other cells are `no` and never asked for."""
    return relation not in _NEVER.get(hat, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Everything that is true of somebody who wants to read or do something."""

    hats: frozenset[Hat] = frozenset({Hat.EMPLOYEE})
    relations: frozenset[Relation] = frozenset({Relation.STRANGER})

    def grant(self, act: Act) -> Grant:
        """The widest of all that is granted to them. Whoever does not work here gets nothing."""
        return granted(act, self.hats, self.relations)

    def may(self, act: Act) -> bool:
        """They may read or do the thing itself (a sum is not the thing itself)."""
        return self.grant(act) in (Grant.NOTED, Grant.YES)


def granted(act: Act, hats: Collection[Hat], relations: Collection[Relation]) -> Grant:
    """The widest grant among cells."""
    if Relation.OUTSIDE in relations:
        return Grant.NO
    cells = (TABLE[act, hat][relation] for hat in hats for relation in relations)
    return max(cells, key=_RANK.index, default=Grant.NO)


MACHINE = Reader(hats=frozenset({Hat.MACHINE}))
"""Whoever bears the admin token, or works on the server."""
