"""By what a person is recognised in the database, and what stands there instead once they are erased. Reads only.

Ids, e-mails and accounts are searched in every text of every table, whoever wrote it, and so is the full name. A name of one
word, and what the person wrote, are searched in what others were shown: elsewhere it may be an ordinary word, or theirs.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Text, select, type_coerce

from storage.schema import address, checkin, duty, escalation, goal, identity, key_result, kpi, outbox, person

SHORTEST: Final = 5
"""Accounts of fewer characters are not searched for."""
SHORTEST_QUOTE: Final = 10
MOST_QUOTES: Final = 3_000
DOMAIN: Final = "erased.invalid"
"""Nobody can have an address there (RFC 2606)."""
HANGUL: Final = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One erasure: who, and what stands for them afterwards. Kept until it is done, so that a crash does not stop it."""

    erasure: str
    person_id: str
    pseudonym: str
    word: str  # stands for names and for what they wrote
    at: str  # ISO 8601
    by: str
    emails: tuple[str, ...]
    names: tuple[str, ...]
    accounts: tuple[str, ...]
    goals: tuple[str, ...]
    quotes: tuple[str, ...]

    @property
    def email(self) -> str:
        """What stands for their e-mails."""
        return f"{self.pseudonym}@{DOMAIN}"

    def dumps(self) -> str:
        """As JSON text."""
        return json.dumps(asdict(self))

    @staticmethod
    def loads(text: str) -> "Plan":
        """What `dumps` wrote."""
        said: Any = json.loads(text)
        fields: Any = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
        return Plan(**fields)


def plan(connection: Connection, person_id: str, *, erasure: str, pseudonym: str, word: str, at: str, by: str) -> Plan:
    """All by which a person may be recognised. LookupError: nobody has that id."""
    who = connection.execute(select(person).where(person.c.id == person_id)).mappings().first()
    if who is None:
        raise LookupError("nobody has that id")
    directory = connection.execute(select(identity).where(identity.c.person_id == person_id)).mappings().all()
    emails = {who["email"], who["folded_email"], *(one[column] for one in directory for column in ("email", "user_name"))}
    goals = tuple(connection.scalars(select(goal.c.id).where(goal.c.owner_id == person_id).order_by(goal.c.id)))
    return Plan(
        erasure=erasure,
        person_id=person_id,
        pseudonym=pseudonym,
        word=word,
        at=at,
        by=by,
        emails=tuple(sorted(one for one in emails if "@" in one)),
        names=(" ".join(who["name"].split()),) if who["name"].strip() else (),
        accounts=tuple(sorted(_accounts(connection, person_id, directory))),
        goals=goals,
        quotes=tuple(sorted(_quotes(connection, person_id, goals), key=lambda one: (-len(one), one))[:MOST_QUOTES]),
    )


def _accounts(connection: Connection, person_id: str, directory: Iterable[RowMapping]) -> set[str]:
    """What platforms and directories call them, and the conversations with them alone."""
    mine, others = set[str](), set[str]()
    for row in connection.execute(select(address)).mappings():
        whose = mine if row["person_id"] == person_id else others
        whose |= {row["user"], *row["route"].values()}
    receipts = select(outbox.c.receipt).where(outbox.c.recipient_id == person_id, outbox.c.receipt.is_not(None))
    for receipt in connection.scalars(receipts):
        mine |= {receipt.place, receipt.address.user, *receipt.address.route.values()}
    mine |= {row["external_id"] for row in directory} | {row["user_name"] for row in directory}
    return {one for one in mine - others if len(one) >= SHORTEST}


def _quotes(connection: Connection, person_id: str, goals: tuple[str, ...]) -> set[str]:
    """What they wrote, where cards and records of others may quote it."""
    plain = (
        select(goal.c.title, goal.c.why, goal.c.question).where(goal.c.owner_id == person_id),
        select(key_result.c.text).where(key_result.c.goal_id.in_(goals)),
        select(kpi.c.name).where(kpi.c.owner_id == person_id),
        select(escalation.c.cause, escalation.c.loss).where(escalation.c.owner_id == person_id),
        select(duty.c.text).where(duty.c.person_id == person_id),
        select(checkin.c.wins, checkin.c.adjust, checkin.c.loss, checkin.c.private_note, checkin.c.skip_reason).where(
            checkin.c.person_id == person_id
        ),
    )
    nested = (
        select(*(type_coerce(goal.c[name], Text) for name in ("revisions", "closing", "contributions"))).where(
            goal.c.owner_id == person_id
        ),
        select(*(type_coerce(checkin.c[name], Text) for name in ("answers", "draft"))).where(checkin.c.person_id == person_id),
        select(type_coerce(duty.c.answers, Text)).where(duty.c.holder_id == person_id),
    )
    found = {one for query in plain for row in connection.execute(query) for one in row if one}
    for query in nested:
        for row in connection.execute(query):
            found |= {one for text in row if text for one in strings(json.loads(text))}
    ids = {person_id, *goals}
    return {one for one in (words.strip() for words in found) if len(one) >= SHORTEST_QUOTE and not any(id in one for id in ids)}


def strings(value: Any) -> Iterator[str]:
    """All texts among the values of a JSON document; its keys are ours."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)


class Marks:
    """The patterns of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        accounts = "|".join(map(re.escape, sorted(plan.accounts, key=len, reverse=True)))
        ids = re.escape(plan.person_id) + (rf"|(?<![A-Za-z0-9]){'(?:'}{accounts})(?![A-Za-z0-9])" if accounts else "")
        self._ids = re.compile(ids)
        emails = {form for one in plan.emails for form in _forms(one)}
        self._emails = _any(rf"(?<![\w.+-]){re.escape(one)}(?![\w-]|\.\w)" for one in emails)
        whole = [one for one in plan.names if " " in one or len(HANGUL.findall(one)) > 2]
        self._names = _any(_name(one) for one in whole)
        # What stands for the person afterwards must not be found again.
        ours = f"{plan.pseudonym} {plan.email} {plan.word}".casefold()
        words = [_name(one) for one in plan.names if one not in whole and one.casefold() not in ours]
        self._shown = _any([*words, *(re.escape(one) for one in plan.quotes)])
        self._goals = _any(rf"(?<![\w-]){re.escape(one)}(?![\w-])" for one in plan.goals)

    def replaced(self, text: str, *, people: bool = False, shown: bool = False) -> str:
        """The text without the person. `people`: it is about other people, who may share the name, or it names no person.

        `shown`: it is what somebody was shown, or was told by a fact; only there a name of one word is a name, and what they
        wrote a quotation: a team may be called like either.
        """
        text = self._emails.sub(self._plan.email, text) if self._emails else text
        text = self._ids.sub(self._plan.pseudonym, text)
        for pattern in () if people else (self._names, self._shown if shown else None):
            text = pattern.sub(lambda _: self._plan.word, text) if pattern else text
        return text

    def is_about_their_goals(self, texts: Iterable[str]) -> bool:
        """Whether one of these texts names a goal of theirs. What a database finds may only look like it."""
        return self._goals is not None and any(self._goals.search(one) for one in texts)

    def searched(self, *, everything: bool) -> frozenset[str]:
        """What a database looks for, in small letters. `everything`: also their goals, which keep their ids."""
        plan = self._plan
        longest = [max(one.split(), key=len) for one in plan.names]
        marks = [plan.person_id, *plan.accounts, *plan.emails, *longest, *(plan.goals if everything else ())]
        return frozenset(form.lower() for one in marks for form in _forms(one))


def _forms(text: str) -> set[str]:
    """How the same letters may be stored."""
    composed = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    return {form for one in (text, *composed) for form in (one, one.casefold(), one.upper(), one.title())}


def _name(name: str) -> str:
    """A name as people write it: any space between, also the family name first with a comma."""
    parts = name.split(" ")
    orders = [parts, [f"{parts[-1]},", *parts[:-1]]] if len(parts) > 1 else [parts]
    some = "|".join(r"\s+".join(map(re.escape, form.split(" "))) for order in orders for form in sorted(_forms(" ".join(order))))
    end = "" if HANGUL.search(name) else r"(?!\w)"
    return rf"(?<!\w)(?:{some}){end}"


def _any(patterns: Iterable[str]) -> re.Pattern[str] | None:
    some = sorted(patterns, key=len, reverse=True)
    return re.compile("|".join(some), re.IGNORECASE) if some else None
