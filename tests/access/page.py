"""docs/access.md as it follows from the table in `bot/rules/access.py`."""

from collections.abc import Iterator
from pathlib import Path

from bot.rules.access import FEWEST, Act, Grant, Hat, Relation, can_be, granted

PAGE = Path(__file__).parents[2] / "docs" / "access.md"

HEAD = f"""# Who may do what

Written by `make docs` from the table in `bot/rules/access.py`; edit that (and the words in `tests/access/page.py`), not
this page. Cards, commands, digests, exports and the admin API look it up there, as of the moment somebody asks: a new
manager reads at once, and the one before no longer. Each cell is a test in `tests/access`, through Slack, Teams, the
playground and the API.

**Roles** come on top of each other: whoever works here is an *employee*; a *manager* has people below them; a
*coordinator* has the final say on the goal in question; *asked* is whoever this very thing waits for (a decision, an
approval, an obstacle, a concern), and for that thing alone; *HR* is `hr_admin`; the *machine* bears the admin token or
runs `rondo …` on the server: that is the operator's own hand.

**Relations** say what the owner of a thing is to whoever acts: themselves, a *direct* or *indirect* report, somebody whose
manager (or goal's coordinator) they stand in for just now (*covered*), their own manager (*boss*), of the same *team*,
somebody whose goal one of theirs *supports*, none of these (*stranger*). Whoever does not work here, an unknown account or
one of another tenant, gets nothing at all (*outside*).

**What the cells say:** `yes`; `noted`: yes, and every reading stands in the ledger as `privacy:read`, for the person to see with
`/rondo privacy`; `sum`: only added up, of at least {FEWEST} people; `–`: no; an empty cell: nobody can stand like that.
"""

MEANING = {
    Act.GOAL_NUMBERS: "A goal's title, type, status, key results and contributions; `sum`: in `/team NAME` and `/goals team`",
    Act.GOAL_WORDS: "What was written about a goal: what it is for, reasons of changes, what was learned, decisions about it",
    Act.GOAL_DRAFT: "A goal before it is approved; its approver sees it once it is proposed",
    Act.GOAL_CHANGE: "Write, edit or drop a goal; a machine does so by import",
    Act.GOAL_CLOSE: "Grade a goal, mark a team's part as delivered",
    Act.GOAL_APPROVE: "Approve a goal or a change of one, or ask for another",
    Act.GOAL_ASK: "*Ask* on a manager's nudge: the owner is asked what should be adjusted",
    Act.GOAL_MEASURE: "Report a key result as a machine",
    Act.CHECKIN_WORDS: "What was written in a check-in, on a request for a decision, in the digest, in an export",
    Act.CHECKIN_PRIVATE: "The private note for the manager, on a request that the manager holds; not for deputies, HR, exports",
    Act.CHECKIN_ANSWER: "Answer a check-in, edit the answer, skip, snooze",
    Act.PARTICIPATION: "Whether somebody answered; `sum`: `/nudges health`",
    Act.DECISION_OPEN: "Ask for a decision, take the request back",
    Act.DECISION_MAKE: "Acknowledge, decide, hand over, talk first",
    Act.TALK: "Put something on the list of the next 1:1, see that list",
    Act.SETTINGS: "Language, mutes, leave, digest, where to be written to",
    Act.IMPORT: "Change somebody's record: people, leave",
    Act.TEAM_POST: "Turn a team's weekly post on or off. The post itself shows the team what its form says is for the team",
    Act.POLICY_READ: "See thresholds and their history",
    Act.POLICY_SET: "Set, lock, pause, revert, profile",
    Act.HEALTH: "What became of nudges: counts over the whole company, shares of at least five people, nobody named",
    Act.PRIVACY: "What is stored about a person, who read it, all of it, and its erasure",
    Act.CONCERN_RAISE: "Tell the named contact something",
    Act.CONCERN_READ: "Read and answer a concern: its author and the contact, never whoever leads the author",
    Act.LEDGER: "The ledger: names and numbers, no free text",
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_acts(), *_cells()]) + "\n"


def _acts() -> Iterator[str]:
    yield "## Acts\n"
    yield "| act | what it is |\n|---|---|"
    yield from (f"| `{act.value}` | {MEANING[act]} |" for act in Act)


def _cells() -> Iterator[str]:
    for hat in Hat:
        yield f"\n## As {_named(hat)}\n"
        yield "| act | " + " | ".join(one.value for one in Relation) + " |\n|---|" + "---|" * len(Relation)
        for act in Act:
            yield f"| `{act.value}` | " + " | ".join(_cell(act, hat, one) for one in Relation) + " |"


def _named(hat: Hat) -> str:
    names = {Hat.HR: "HR", Hat.ASKED: "somebody asked", Hat.EMPLOYEE: "an employee"}
    return names.get(hat, f"a {hat.value}")


def _cell(act: Act, hat: Hat, relation: Relation) -> str:
    if not can_be(hat, relation):
        return ""
    leads = relation in (Relation.DIRECT, Relation.INDIRECT)
    worn = {hat: True, Hat.EMPLOYEE: hat is not Hat.MACHINE, Hat.MANAGER: leads or hat is Hat.MANAGER}
    grant = granted(act, [one for one in worn if worn[one]], {relation})
    return "–" if grant is Grant.NO else grant.value
