"""A Decision is a value: what changed, what to say, when to look again, what the ledger says; one transaction makes it true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from bot.events import Address
from bot.model import Channel, CheckIn, Duty, Escalation, Goal, Kpi, Nudged, Person, PolicyChange, Scope
from bot.talk.cards import Card, Form


class Lane(StrEnum):
    """What goes first when a platform's allowance is short: answers, then decisions, then everything Rondo starts."""

    REPLY = "reply"
    ESCALATION = "escalation"
    NUDGE = "nudge"


class OnDoubt(StrEnum):
    """What happens to a message that perhaps arrived, where nobody can read back (RELIABILITY 2.2)."""

    RESEND = "resend"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it should be seen. Deciding the same key again edits it in place and never posts it twice.

    `rule` is empty for replies. `facts` and `policy` are what *Why?* will tell. `expires_at`: not delivered by then, it
    is not sent any more.
    """

    key: str
    to: str  # person id, or `team:NAME` for the channel of a team
    card: Card
    lane: Lane
    rule: str = ""
    subjects: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    policy: int = 0
    on_doubt: OnDoubt = OnDoubt.DROP
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """New contents for a message that was decided earlier; nothing happens if there is no such message."""

    key: str
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """A message that is no longer true: not sent if it did not leave yet; left as it is if it did.

    `reported`: that it was not sent follows as `Undelivered`, as with what expires.
    """

    key: str
    reported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Look at `subject` again at `at` (UTC). `sooner` keeps an earlier entry, otherwise this one replaces it.

    `at` None forgets the subject. `zone` is the zone the instant was reckoned in.
    """

    subject: str
    at: datetime | None
    zone: str = "UTC"
    sooner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtAll:
    """Look at the desks of everybody in a scope at `at` (a policy changed)."""

    scope: Scope
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """This address belongs to this person."""

    address: Address
    person_id: str
    listed: bool = False  # found in a directory: the person did not do anything there
    email: str = ""  # under which the platform vouches for it, folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """This address is not theirs any more. `email`: under which the platform vouches for it now, folded; empty: none."""

    address: Address
    person_id: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReports:
    """All who report to `left` report to `to` from now on, and their desks are looked at."""

    left: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger (INTERFACES, "Ledger entry"). `at` and `cause` (the event id) are added by the store."""

    name: str  # area:thing:happened
    subject: str
    person: str = ""  # person id whom it concerns
    rule: str = ""
    policy: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowForm:
    """Answer a button with a form, now."""

    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldErrors:
    """Answer a submitted form: it stays open, each message stands at its field. `form` is the form with what was typed."""

    errors: Mapping[str, str]
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHome:
    """Answer to an opened home: what it shows."""

    card: Card


Change = Person | Goal | CheckIn | Escalation | PolicyChange | Duty | Nudged | Kpi | Channel
"""A changed value, whole. The store replaces what it has under the same id (a PolicyChange is only ever added)."""

Reply = ShowForm | FieldErrors | ShowHome


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """All that follows from one event."""

    changes: tuple[Change, ...] = ()
    links: tuple[Link, ...] = ()
    unlinks: tuple[Unlink, ...] = ()
    moves: tuple[MoveReports, ...] = ()
    gone: tuple[Address, ...] = ()  # addresses at which nothing arrives until the person comes back
    messages: tuple[Message, ...] = ()
    edits: tuple[Edit, ...] = ()
    withdrawals: tuple[Withdraw, ...] = ()
    looks: tuple[Look | LookAtAll, ...] = ()
    entries: tuple[Entry, ...] = ()
    reply: Reply | None = None


NOTHING = Decision()
Part = TypeVar("Part")


def together(*decisions: Decision) -> Decision:
    """Several decisions as one; the last reply given wins."""
    decisions = tuple(decision for decision in decisions if decision is not NOTHING)
    if len(decisions) <= 1:
        return decisions[0] if decisions else NOTHING
    return Decision(
        changes=_joined([one.changes for one in decisions]),
        links=_joined([one.links for one in decisions]),
        unlinks=_joined([one.unlinks for one in decisions]),
        moves=_joined([one.moves for one in decisions]),
        gone=_joined([one.gone for one in decisions]),
        messages=_joined([one.messages for one in decisions]),
        edits=_joined([one.edits for one in decisions]),
        withdrawals=_joined([one.withdrawals for one in decisions]),
        looks=_joined([one.looks for one in decisions]),
        entries=_joined([one.entries for one in decisions]),
        reply=next((one.reply for one in reversed(decisions) if one.reply is not None), None),
    )


def _joined(parts: list[tuple[Part, ...]]) -> tuple[Part, ...]:
    return tuple(chain.from_iterable(parts))
