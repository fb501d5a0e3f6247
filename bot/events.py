"""Everything that can happen. Events are facts in the past tense; adapters and the scheduler make them, `decide` reads them.

`id` is the dedupe key (the same id has one effect, ever); `at` is an aware UTC instant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.talk.actions import Action


class Platform(StrEnum):
    """Where a person can be reached."""

    SLACK = "slack"
    TEAMS = "teams"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One account of a person. `tenant` is the Slack workspace or Teams tenant; `user` is the platform's user id.

    `route` is what the platform's gateway needs to write to them, opaque to everybody else.
    """

    platform: Platform
    tenant: str
    user: str
    route: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform vouches for about an account. `email` is None when it is missing or not verified."""

    email: str | None
    name: str = ""
    zone: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where a message is now: enough to edit it. `place` is the channel or conversation, `id` the ts or activity id."""

    address: Address
    place: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What all events share."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced(Happened):
    """A platform told whose account this is (verified e-mail). `listed`: in its directory; the person did nothing."""

    by: Address
    profile: Profile
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked(Happened):
    """An account is nobody's any more that we know: it is gone, or vouched for under an e-mail of somebody else (`email`)."""

    account: Address
    reason: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Happened):
    """Somebody installed the app or opened its home."""

    by: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed(Happened):
    """Somebody took the app away from their own chat: nothing arrives there until they come back."""

    by: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Happened):
    """Somebody wrote to Rondo: plain words, or a command with its leading slash.

    `place` is the channel it was said in (its `user` is the channel); None: a direct message. Answers go to the person.
    `message`: the platform's name of the message itself, where it has one. `overheard`: nobody told us of it, it was read
    back after a time in which nobody listened; it counts unless it was told as well.
    """

    by: Address
    text: str
    place: Address | None = None
    message: str = ""
    overheard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Happened):
    """Somebody pressed a button."""

    by: Address
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Happened):
    """Somebody submitted a form: a value per field id (missing and empty are the same)."""

    by: Address
    action: Action
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """Somebody closed a form without submitting it: what they had typed is a draft."""

    by: Address
    action: Action
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFailed(Happened):
    """A form could not be shown (expired trigger): the person pressed and saw nothing."""

    by: Address
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured(Happened):
    """A machine reported a key result."""

    key_result: str
    value: Decimal
    note: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked(Happened):
    """An agenda row came due: `subject` is `desk:PERSON`, `escalation:ID` or `team:NAME`; `fence` names this entry of the row."""

    subject: str
    due: datetime
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Happened):
    """A message arrived, or (`edited`) new contents of one did. `fence` is the claim under which it was sent."""

    key: str
    fence: int
    revision: int
    receipt: Receipt
    edited: bool = False


class Failure(StrEnum):
    """Why a message will not arrive."""

    GONE = "gone"  # the person cannot be reached there (user_disabled, MessageWritesBlocked, no address)
    REFUSED = "refused"  # the platform says the message is wrong: our bug
    EXPIRED = "expired"  # too late to be polite or true
    UNKNOWN = "unknown"  # perhaps delivered, nobody can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(Happened):
    """A message did not arrive, for good."""

    key: str
    fence: int
    revision: int
    failure: Failure
    reason: str


ByPerson = Introduced | Opened | Said | Pressed | Submitted | Closed | FormFailed
Event = ByPerson | Removed | Unlinked | Measured | Ticked | Delivered | Undelivered
