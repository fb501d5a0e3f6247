"""Looks at everything that happens and says what broke. It raises nothing: what broke is written down, with how to see it again.

What needs the whole database is in `ends`, what is about a person's time in `manners`, requests for a decision in `ladder`.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from adapters.simulate.chat import Chat, Post
from adapters.simulate.known import Known
from adapters.simulate.ladder import LadderJudge
from adapters.simulate.manners import Manners
from bot.decision import Decision, Lane, Message, OnDoubt
from bot.events import ByPerson, Delivered, Event, Platform, Submitted, Ticked, Undelivered
from bot.model import GoalState, Nudged
from bot.ports import Outcome, Parcel
from bot.talk.actions import Verb
from storage import schema
from storage.engine import reading
from storage.settle import LANES

MAY_REPEAT = ("welcome:", "digest:", "decisions:")
"""Beside escalations, what may be seen twice where nobody can read back: it would be missed more than it disturbs."""
RESTLESS = 3_000
"""Claims of one message that no outage explains."""
MOST = 40
"""Violations that are written down, and after which a run ends; one broken promise is often broken a thousand times."""


PROMISES: Mapping[str, str] = {
    "asked-once": "one question per person and local ISO week, about that week, never after an answer; nobody is forgotten",
    "on-time": "a question is decided at its slot, not before, and not later than what was in the way explains",
    "one-copy": "a message is seen once; twice only what must not be missed, and only where nobody can read back",
    "nothing-lost": "what was decided ends as sent, refused, expired or unknown, as people see it, and the ledger says so",
    "doubt-has-a-cause": "unknown is only what something happened to, and what can be read back is read back",
    "up-to-date": "at rest, people see the newest contents of every message",
    "drains": "when nothing goes wrong any more, everything comes to its end within the hour",
    "decided-first": "nothing is sent that was not decided and committed before",
    "withdrawn": "what is no longer true is not sent",
    "in-time": "nothing is sent, and nothing waits, after it expired",
    "right-person": "a message goes to an account of the person it is for",
    "one-at-a-time": "one message to one conversation at a time",
    "allowance": "no platform is asked for more than it allows, nor before Retry-After is over",
    "fence": "each claim is newer than all before it, and only the newest one counts",
    "lease": "what a dead process had claimed is taken over",
    "looked-at": "what is due is looked at, and every desk and every request is looked at again",
    "acked-is-stored": "what a platform was told to be taken is on disk, with what was typed",
    "applied-once": "an event has its effect once, however often it is delivered",
    "ladder": "requests: after the owner heard, one open per goal, one holder who is asked and has their time, only up",
    "polite": "nothing self-started is decided, or arrives, outside working hours or in quiet hours",
    "absent": "nothing self-started to somebody who is away, gone, or not there yet",
    "wanted": "nothing where HR paused Rondo, nothing that somebody muted",
    "budget": "no more than budget.per_day and budget.per_week",
    "reminders": "at most two, of a question that arrived and is not answered",
    "audit": "the product's own auditor finds nothing",
    "unexpected": "no exception that nobody injected",
}
"""By name, as violations tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A promise that was broken."""

    promise: str
    at: datetime
    key: str  # of a message, or what else it is about
    words: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.at:%Y-%m-%d %H:%M:%S} {self.key}: {self.words}"


@dataclass(slots=True, kw_only=True)
class Said:
    """A message that was decided."""

    key: str
    to: str
    rule: str
    lane: Lane
    on_doubt: OnDoubt
    subjects: tuple[str, ...]
    stage: str
    by_wish: bool
    decided_at: datetime  # by the clock of who decided it
    expires_at: datetime | None
    parts: tuple[Nudged, ...] = ()
    withdrawn_at: datetime | None = None
    claimed_at: datetime | None = None
    posted_at: datetime | None = None
    delivered: bool = False  # and this is written down
    revoked: bool = False  # it was withdrawn, perhaps too late
    doubts: int = 0
    owner: str = ""  # the process that has it now


class Judge:
    """One run's. `real` tells the true time; `tolerance` is how far clocks may be off."""

    def __init__(self, known: Known, real: Callable[[], datetime], *, tolerance: timedelta, trace: Callable[[str], None]) -> None:
        self.known, self.real, self.tolerance, self.trace = known, real, tolerance, trace
        self.violations: list[Violation] = []
        self.enough = asyncio.Event()
        """So much broke that there is no point in going on: a world that is broken all over lives very slowly."""
        self.said: dict[str, Said] = {}
        self.copies: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.delays: list[float] = []
        self.applied: set[str] = set()
        self.last_by: dict[str, str] = {}  # event id of the last thing somebody did
        self.doubted_keys: Counter[str] = Counter()
        self.manners = Manners(self)
        self.ladder = LadderJudge(self)
        self._claims: dict[str, set[str]] = defaultdict(set)  # keys by process
        self._fences: dict[str, int] = {}  # of the last claim
        self._agenda: dict[str, tuple[int, datetime] | None] = {}  # fence and due time of a row before its tick

    def breaks(self, promise: str, key: str, words: str) -> None:
        """A promise was broken."""
        assert promise in PROMISES, promise
        self.trace(f"violation {promise} {key}")
        self.counts[f"broken:{promise}"] += 1
        if len(self.violations) < MOST:
            self.violations.append(Violation(promise=promise, at=self.real(), key=key, words=words))
            if len(self.violations) == MOST:
                self.enough.set()

    # ------------------------------------------------------------------------------------------------- deciding

    def took(self, server: str, skew: float, event: Event, outcome: Outcome) -> None:
        """A turn is over. `skew`: how far the clock of that process was off, in seconds."""
        self.counts["turns"] += 1
        decision = outcome.decision
        if decision is None:
            return
        if isinstance(event, ByPerson):
            wrong_form = isinstance(event, Submitted) and not decision.changes and not decision.entries
            if event.id in self.applied and not wrong_form:
                self.breaks("applied-once", event.id, f"{type(event).__name__} was applied again")
            self.applied.add(event.id)
        self.trace(f"{type(event).__name__} {_name(event)} {len(decision.messages)} {len(decision.entries)}")
        if isinstance(event, Delivered | Undelivered):
            self._reported(server, event)
        elif isinstance(event, Ticked) and self._agenda.pop(event.subject, None) != (event.fence, event.due):
            self.breaks("fence", event.subject, f"a look under {event.fence} counts, and its row had changed")
        self.ladder.step(event, decision)
        self.manners.before(event, decision)
        self._messages(event, decision, skew)
        for withdrawal in decision.withdrawals:
            self._withdrawn(withdrawal.key)
        self.known.noted(decision, self.real())

    def before(self, event: Event) -> None:
        """A turn begins."""
        if isinstance(event, Ticked):
            row = schema.agenda.c
            with reading(self.known.engine) as connection:
                found = connection.execute(select(row.fence, row.due_at).where(row.subject == event.subject)).first()
            self._agenda[event.subject] = None if found is None else (found.fence, found.due_at)

    def _messages(self, event: Event, decision: Decision, skew: float) -> None:
        rows = [change for change in decision.changes if isinstance(change, Nudged)]
        for message in decision.messages:
            parts = tuple(row for row in rows if row.key == message.key)
            before = self.said.get(message.key)
            said = self._said(message, event.at, parts)
            if before is not None:
                said.posted_at, said.doubts, said.owner = before.posted_at, before.doubts, before.owner
                said.delivered = before.delivered
                if before.delivered and message.rule and isinstance(event, Ticked) and not before.revoked:
                    self.breaks("nothing-lost", message.key, "is said once more under its old key: nobody will hear of it")
                said.claimed_at = before.claimed_at
                if before.posted_at is not None:
                    said.decided_at = before.decided_at
            self.said[message.key] = said
            if before is None or before.posted_at is None:
                self.counts["messages"] += before is None
                self.manners.decided(said, skew)

    def _said(self, message: Message, at: datetime, parts: tuple[Nudged, ...]) -> Said:
        return Said(
            key=message.key,
            to=message.to,
            rule=message.rule,
            lane=message.lane,
            on_doubt=message.on_doubt,
            subjects=message.subjects,
            stage=message.facts.get("stage", ""),
            by_wish="snoozed" in message.facts,
            decided_at=at,
            expires_at=message.expires_at,
            parts=parts,
        )

    def _withdrawn(self, key: str) -> None:
        said = self.said.get(key)
        if said is not None:
            said.revoked = True
        if said is not None and said.posted_at is None and said.withdrawn_at is None:
            said.withdrawn_at = self.real()

    def _reported(self, server: str, event: Delivered | Undelivered) -> None:
        said = self.message(event.key)
        self._claims[server].discard(event.key)
        if event.fence < self._fences.get(event.key, 0):
            self.breaks("fence", event.key, f"a report under {event.fence} counts, {self._fences[event.key]} is the newest claim")
        if isinstance(event, Delivered) and not event.edited and self.copies[event.key] == 0:
            self.breaks("nothing-lost", event.key, "counts as delivered, and nobody can see it")
        if isinstance(event, Undelivered):
            self.ladder.failed.add(event.key)
        if said is not None:
            said.owner = ""
            said.delivered |= isinstance(event, Delivered)

    def message(self, key: str) -> Said | None:
        """What is known of a message; read from the database where nobody saw it being decided."""
        if key in self.said:
            return self.said[key]
        with reading(self.known.engine) as connection:
            row = connection.execute(select(schema.outbox).where(schema.outbox.c.key == key)).mappings().first()
        if row is None:
            return None
        self.said[key] = said = Said(
            key=key,
            to=row["recipient_id"],
            rule=row["rule"],
            lane=LANES[row["lane"]],
            on_doubt=row["on_doubt"],
            subjects=row["subjects"],
            stage=row["facts"].get("stage", ""),
            by_wish="snoozed" in row["facts"],
            decided_at=row["decided_at"],
            expires_at=row["expires_at"],
        )
        return said

    def hidden(self) -> None:
        """A commit came through although its process was told otherwise."""
        self.known.reload(self.real())
        for said in self.said.values():
            said.withdrawn_at = None
        claimed = {key for keys in self._claims.values() for key in keys}
        row = schema.outbox.c
        with reading(self.known.engine) as connection:
            sending = connection.scalars(select(row.key).where(row.state == schema.OutboxState.SENDING).order_by(row.key)).all()
            ends = dict(connection.execute(select(row.key, row.expires_at).where(row.key.in_(list(self.said)))).all())
        for key, expires_at in ends.items():
            self.said[key].expires_at = expires_at
        for key in sending:
            if key not in claimed:  # claimed, and its process does not know
                self.doubted(key, "database")

    # -------------------------------------------------------------------------------------------------- claims

    def claimed(self, server: str, parcels: Sequence[Parcel]) -> set[str]:
        """A process has these now. Returns the processes that had some of them before and never told what became of them."""
        now, before = self.real(), set[str]()
        for parcel in parcels:
            if parcel.fence <= self._fences.get(parcel.key, 0):
                self.breaks("fence", parcel.key, f"is claimed under {parcel.fence}, which it had before")
            if parcel.fence > RESTLESS:
                self.breaks("drains", parcel.key, f"is claimed for the {parcel.fence}th time")
            self.trace(f"claim {server} {parcel.key} {parcel.fence}")
            self._fences[parcel.key] = parcel.fence
            self._claims[server].add(parcel.key)
            if (said := self.message(parcel.key)) is not None:
                before.add(said.owner)
                said.claimed_at, said.owner = now, server
        return before

    def put_back(self, server: str, key: str) -> None:
        """A process gave one back."""
        self.trace(f"back {server} {key}")
        self._claims[server].discard(key)

    def in_doubt(self, server: str, why: str) -> None:
        """A process died, stood still or lost its database: whatever it had may have been sent."""
        for key in sorted(self._claims.pop(server, ())):
            self.doubted(key, why)

    def doubted(self, key: str, why: str) -> None:
        """From here on nobody can know whether this was sent."""
        if key:
            self.trace(f"doubt {why} {key}")
            self.counts["doubts"] += 1
            self.counts[f"doubt:{why}"] += 1
            self.doubted_keys[key] += 1

    # ------------------------------------------------------------------------------------------------- platforms

    def leaves(self, chat: Chat, sender: str, what: str, user: str, key: str) -> None:
        """A request reaches a platform."""
        self.trace(f"ask {sender} {what} {key}")
        if what != "post":
            return
        said, now = self.message(key), self.real()
        if said is None:
            self.breaks("decided-first", key, "is sent and was never decided")
            return
        if chat.under_way(user):
            self.breaks("one-at-a-time", key, "another message to the same conversation is under way")
        if said.expires_at is not None and now > said.expires_at + timedelta(minutes=1) + self.tolerance:
            self.breaks("in-time", key, f"is sent although it expired at {said.expires_at:%H:%M:%S}")
        if said.withdrawn_at and said.claimed_at and said.claimed_at > said.withdrawn_at + self.tolerance:
            self.breaks("withdrawn", key, f"is sent although it was withdrawn at {said.withdrawn_at:%H:%M:%S}")
        person = self.known.people.get(said.to)
        account = chat.accounts.get(user)
        if person is not None and account is not None and account.email != person.email:
            self.breaks("right-person", key, f"is for {person.email} and goes to {account.email}")

    def posted(self, chat: Chat, post: Post) -> None:
        """A message can be seen."""
        self.copies[post.key] += 1
        copies, said = self.copies[post.key], self.message(post.key)
        self.trace(f"post {post.key} {copies}")
        if said is None:
            return
        if copies > 1:
            self.counts["resent"] += 1
            blind = any(one.startswith(Platform.TEAMS.value) for one in self._platforms(said))
            may = said.on_doubt is OnDoubt.RESEND and (said.lane is Lane.ESCALATION or said.key.startswith(MAY_REPEAT))
            if copies > 2 or not may or not blind:
                self.breaks("one-copy", post.key, f"is seen {copies} times")
            return
        said.posted_at = self.real()
        self.kinds[said.rule or "answer"] += 1
        if said.rule:
            self.manners.posted(said)
            self.ladder.posted(said)

    def _platforms(self, said: Said) -> list[str]:
        return self.manners.platforms.get(said.to, [])

    def edited(self, chat: Chat, post: Post) -> None:
        """A message shows something else."""
        self.counts["edits"] += 1
        self.trace(f"edit {post.key}")

    def too_fast(self, chat: Chat, sender: str, what: str, user: str, key: str, why: str) -> None:
        """A platform was asked for more than it allows."""
        self.counts["own 429"] += 1
        self.breaks("allowance", key or what, f"{chat.platform} {what} by {sender}: {why}")

    # --------------------------------------------------------------------------------------------------- people

    def acked(self, event: ByPerson) -> None:
        """A platform was told that this event was taken."""
        self.counts["acked"] += 1
        with reading(self.known.engine) as connection:
            found = connection.scalar(select(schema.inbox.c.id).where(schema.inbox.c.id == event.id))
        if found is None:
            self.breaks("acked-is-stored", event.id, f"{type(event).__name__} was acknowledged and is not stored")

    def answered(self, event: ByPerson, person_id: str) -> None:
        """A form about a check-in was taken, and nothing was wrong with it: what was typed is there."""
        if not isinstance(event, Submitted) or event.action.verb is not Verb.ANSWER or not event.action.args:
            return
        self.counts["answers"] += 1
        whose, _, period = event.action.args[0].rpartition("/")
        if period == "now":
            return
        table, goals = schema.checkin, schema.goal.c
        mine = (table.c.person_id == whose, table.c.period == period)
        with reading(self.known.engine) as connection:
            answers = connection.scalar(select(table.c.answers).where(*mine)) or ()
            open_ = set(connection.scalars(select(goals.id).where(goals.owner_id == whose, goals.state == GoalState.ACTIVE)))
        stored = {answer.goal_id: answer.status.value for answer in answers if answer.status is not None}
        typed = {name[7:]: value for name, value in event.values.items() if name.startswith("status:") and value}
        wrong = {goal: value for goal, value in typed.items() if goal in open_ and stored.get(goal) != value}
        over = self.known.days(whose).week(self.real() + self.tolerance) != period  # then what was answered before stays
        if wrong and not (over and stored) and self.last_by.get(person_id) == event.id:
            self.breaks("acked-is-stored", event.id, f"was acknowledged; typed {wrong}, stored {stored}")


def _name(event: Event) -> str:
    """What stays the same from run to run (an event of the directory has a random id)."""
    match event:
        case Delivered(key=key) | Undelivered(key=key):
            return f"{key} {event.fence}"
        case _:
            return event.id if not event.id.startswith(("directory:", "located:")) else event.id.partition(":")[0]
