"""What becomes of each table's rows when a person is erased: what they wrote goes, numbers, states and dates stay.

Rows are taken and given as they are stored: text, JSON documents as text. A text column that nobody thought of is searched
like all others; what is listed here is emptied whoever may read it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.talk.cards import Card
from storage import codec
from storage.erasure_marks import Marks, Plan

Row = dict[str, Any]

SAFE: Final = frozenset(
    {
        "at", "changed", "check_ins", "choice", "count", "created", "cycle", "digest", "due", "ends", "erasure",
        "fields", "first", "hash", "key_result", "last", "lines", "message", "minutes", "missed",
        "month", "next", "opened", "owner_told", "parts", "period", "position", "posted", "requested", "since",
        "snoozed", "stage", "step", "target", "team", "threshold", "times", "type", "unchanged", "until", "updated",
        "values", "version",
    }
)  # fmt: skip
"""Facts that name no person and quote nobody. Of the lines and messages of somebody who is erased only these are kept."""

PROSE: Final = frozenset({"goal", "key_result", "kpi", "checkin", "duty", "policy_change", "escalation"})
"""Tables in which people write to each other."""
SHOWN: Final = frozenset(
    {
        "about", "after", "alt", "by", "goal", "holder", "label", "name", "note", "other", "owner", "person", "placeholder",
        "reason", "removed", "summary", "text", "title", "to", "who", "words",
    }
)  # fmt: skip
"""Names in JSON documents under which people read something, or are named."""
PEOPLE: Final = frozenset({"person", "identity", "address"})
"""Tables of people, who may be called the same."""

NO_CARD: Final = codec.dumps(Card, Card(summary="faded:erased", elements=()))
"""What is left of a card; it equals no other, see `storage.faded`."""


def cleared(table: str, row: Row, documents: frozenset[str], plan: Plan, marks: Marks) -> Row:
    """The row without the person: without what they wrote, what was written to them, and all by which they are recognised."""
    found = without(table, row, documents, marks)
    mine = {plan.person_id, plan.pseudonym}
    texts = [value for value in row.values() if isinstance(value, str)]
    if table == "outbox" and row["recipient_id"] not in mine and found == row and not marks.is_about_their_goals(texts):
        return row
    blank = _BLANKS.get(table)
    return blank(found, mine, plan) if blank is not None else found


def without_words(row: Row, word: str) -> Row:
    """A check-in without what was written in it; that there was an obstacle stays, with its cause."""
    row = dict(row)
    _texts(row, "", "wins", "adjust", "loss", "private_note", "skip_reason")
    _documents(row, {"note": "", "text": word, "remover": ""}, "answers")
    row["draft"] = "{}"
    return row


def without(table: str, row: Row, documents: frozenset[str], marks: Marks) -> Row:
    """The row without all by which the person is recognised."""
    people, shown = table in PEOPLE, frozenset[str]() if table in PROSE else SHOWN
    found = dict(row)
    for name, value in row.items():
        if not isinstance(value, str):
            continue
        if name in documents:
            data = json.loads(value)
            new = _walked(data, marks, people, shown, "")
            found[name] = value if new == data else dumps(new)
        else:
            found[name] = marks.replaced(value, people=people)
    return found


def dumps(value: object) -> str:
    """As `storage.codec` writes."""
    return json.dumps(value, separators=(",", ":"))


def _walked(value: Any, marks: Marks, people: bool, shown: frozenset[str], under: str) -> Any:
    """A JSON document without the person; `under` is the name of what it stands in."""
    if isinstance(value, str):
        return marks.replaced(value, people=people, shown=under in shown)
    if isinstance(value, list):
        return [_walked(one, marks, people, shown, under) for one in value]
    if isinstance(value, dict):
        return {marks.replaced(name, people=True): _walked(one, marks, people, shown, name) for name, one in value.items()}
    return value


def _cleared(value: Any, names: Mapping[str, str]) -> Any:
    """A JSON document in which every text called so is another one, wherever it stands; what was empty stays empty."""
    if isinstance(value, list):
        return [_cleared(one, names) for one in value]
    if isinstance(value, dict):
        return {
            name: (names[name] if one else one) if name in names and isinstance(one, str) else _cleared(one, names)
            for name, one in value.items()
        }
    return value


def _documents(row: Row, names: Mapping[str, str], *columns: str) -> None:
    for column in columns:
        if row[column] is not None:
            row[column] = dumps(_cleared(json.loads(row[column]), names))


def _texts(row: Row, word: str, *columns: str) -> None:
    for column in columns:
        if row[column]:
            row[column] = word


def _safe(facts: str, plan: Plan) -> str:
    return dumps({name: value if _is_safe(name, value, plan) else "" for name, value in json.loads(facts).items()})


def _is_safe(name: str, value: str, plan: Plan) -> bool:
    """Under `goal` some say its id and some its title: only ids stay."""
    if name in ("goal", "goals"):
        return all(one in plan.goals or plan.pseudonym in one for one in value.split(","))
    return name in SAFE


def _goal(row: Row, mine: set[str], plan: Plan) -> Row:
    if row["owner_id"] in mine:
        _texts(row, plan.word, "title")
        _texts(row, "", "why", "question")
        cleared = {"reason": "", "note": "", "learned": plan.word, "explanation": "", "deliverable": plan.word}
        _documents(row, cleared, "revisions", "closing", "contributions")
    return row


def _key_result(row: Row, mine: set[str], plan: Plan) -> Row:
    if row["goal_id"] in plan.goals or plan.pseudonym in row["goal_id"]:
        _texts(row, plan.word, "text")
    return row


def _kpi(row: Row, mine: set[str], plan: Plan) -> Row:
    if row["owner_id"] in mine:
        _texts(row, plan.word, "name")
    return row


def _checkin(row: Row, mine: set[str], plan: Plan) -> Row:
    return without_words(row, plan.word) if row["person_id"] in mine else row


def _escalation(row: Row, mine: set[str], plan: Plan) -> Row:
    """Their own request without its words; of somebody else's, what they decided without theirs."""
    is_mine = row["owner_id"] in mine
    if is_mine:
        _texts(row, "", "cause", "loss")
    if is_mine or row["decided_by"] in mine:
        _texts(row, "", "note")
    log = json.loads(row["log"])
    for one in log:
        if is_mine or one.get("who") in mine:
            facts = one.get("facts") or {}
            one["facts"] = {name: value if name in SAFE or name == "reason" else "" for name, value in facts.items()}
    row["log"] = dumps(log)
    return row


def _duty(row: Row, mine: set[str], plan: Plan) -> Row:
    if row["person_id"] in mine:
        _texts(row, plan.word, "text")
    if row["person_id"] in mine or row["holder_id"] in mine:
        row["answers"] = "{}"
    return row


def _policy_change(row: Row, mine: set[str], plan: Plan) -> Row:
    if row["author"] in mine or row["scope_name"] in mine:
        _texts(row, "", "reason")
    return row


def _outbox(row: Row, mine: set[str], plan: Plan) -> Row:
    """Messages to them, and whatever somebody else was shown about them and is settled; what still waits loses their words."""
    to_them = row["recipient_id"] in mine
    if to_them or row["ready_at"] is None:
        row |= {"card": NO_CARD, "facts": _safe(row["facts"], plan), "reason": ""}
    if to_them:
        row |= {"receipt": None, "ready_at": None}
        if row["state"] in ("pending", "sending"):
            row["state"] = "expired"
    return row


def _ledger(row: Row, mine: set[str], plan: Plan) -> Row:
    if row["person_id"] in mine:
        row["facts"] = _safe(row["facts"], plan)
    return row


_BLANKS: Mapping[str, Callable[[Row, set[str], Plan], Row]] = {
    "goal": _goal,
    "key_result": _key_result,
    "kpi": _kpi,
    "checkin": _checkin,
    "escalation": _escalation,
    "duty": _duty,
    "policy_change": _policy_change,
    "outbox": _outbox,
    "ledger": _ledger,
}
