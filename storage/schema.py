"""The tables. Columns carry the names of the fields in `bot.model` they keep; `storage.rows` relies on that.

A change here needs a migration in `migrations/versions`; a test compares the two on both databases.
"""

from collections.abc import Mapping
from datetime import time
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    text,
)

from bot.decision import OnDoubt
from bot.events import Failure, Platform, Receipt
from bot.model import (
    Absence,
    Answer,
    CheckInState,
    Choice,
    Closing,
    Contribution,
    DutyKind,
    EscalationState,
    GoalKind,
    GoalState,
    GoalType,
    Logged,
    Mute,
    Revision,
    Role,
    ScopeKind,
    Shown,
    Status,
    Topic,
)
from bot.talk.cards import Card
from storage.columns import Amount, Doc, Instant, Word, Words
from storage.schema_directory import directory as directory
from storage.schema_directory import identity as identity
from storage.schema_replicas import audited as audited
from storage.schema_replicas import dev_clock as dev_clock
from storage.schema_replicas import doubted as doubted
from storage.schema_replicas import inbox as inbox
from storage.schema_replicas import metadata as metadata
from storage.schema_replicas import pulse as pulse
from storage.schema_replicas import replica as replica
from storage.schema_replicas import watch as watch
from storage.schema_rosters import roster as roster
from storage.schema_slack import slack_workspace as slack_workspace
from storage.schema_trust import ledger_erased as ledger_erased
from storage.schema_trust import ledger_head as ledger_head
from storage.schema_trust import ledger_link as ledger_link
from storage.schema_trust import upkeep as upkeep


class OutboxState(StrEnum):
    """Where a message stands (RELIABILITY 2.2)."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


# References between people (manager, deputy, coordinator) have no foreign key: an import writes them in any order and
# has checked them; the person is also allowed to leave before those who name them.
person = Table(
    "person",
    metadata,
    Column("id", Words, primary_key=True),
    Column("email", Words, nullable=False),
    Column("folded_email", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("manager_id", Words, index=True),
    Column("deputy_id", Words),
    Column("department", Words, nullable=False, index=True),
    Column("team", Words, nullable=False, index=True),
    Column("country", Words),
    Column("zone", Words),
    Column("locale", Words),
    Column("work_days", Doc(frozenset[int])),
    Column("work_hours", Doc(tuple[time, time])),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("role", Word(Role), nullable=False),
    Column("known_since", Instant, nullable=False),
    Column("language", Words),
    Column("chat_zone", Words),
    Column("chat_locale", Words),
    Column("welcomed", Boolean, nullable=False),
    Column("absences", Doc(tuple[Absence, ...]), nullable=False),
    Column("mutes", Doc(tuple[Mute, ...]), nullable=False),
    Column("digest_when", Words),
    Column("one_on_one", Words),
    Column("prefers", Words, nullable=False, server_default=""),
    Column("erase_at", Instant),
    Column("changed_at", Instant),  # when this row was written last; None: before it was noted
)
_COVERED = text("deputy_id IS NOT NULL")
Index("ix_person_deputy_id", person.c.deputy_id, postgresql_where=_COVERED, sqlite_where=_COVERED)
_TO_ERASE = text("erase_at IS NOT NULL")
Index("ix_person_erase_at", person.c.erase_at, postgresql_where=_TO_ERASE, sqlite_where=_TO_ERASE)
HR_ADMIN = text("role = 'hr_admin'")
"""Written out in queries too: SQLite uses a partial index only where the query repeats its condition word for word."""
Index("ix_person_hr_admin", person.c.role, postgresql_where=HR_ADMIN, sqlite_where=HR_ADMIN)

address = Table(
    "address",
    metadata,
    Column("platform", Word(Platform), primary_key=True),
    Column("tenant", Words, primary_key=True),
    Column("user", Words, primary_key=True),
    Column("person_id", Words, ForeignKey("person.id"), nullable=False, index=True),
    Column("route", Doc(Mapping[str, str]), nullable=False),
    Column("last_seen", Instant),  # when the person last did something there; the newest is preferred
    Column("email", Words, nullable=False, server_default=""),  # folded, as the platform vouches for it; empty: not noted yet
    Column("gone_count", Integer, nullable=False),  # how often in a row the platform said "not there"
)

channel = Table(
    "channel",
    metadata,
    Column("team", Words, primary_key=True),
    Column("platform", Word(Platform), nullable=False),
    Column("tenant", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("route", Doc(Mapping[str, str]), nullable=False),
    Column("opened_by", Words, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("on", Boolean, nullable=False),
    Column("posted", Words, nullable=False),
    Column("summed", Words, nullable=False),
    Column("lost", Words, nullable=False),
)

goal = Table(
    "goal",
    metadata,
    Column("id", Words, primary_key=True),
    Column("owner_id", Words, ForeignKey("person.id"), nullable=False, index=True),
    Column("title", Words, nullable=False),
    Column("type", Word(GoalType), nullable=False),
    Column("cycle", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("team", Words, nullable=False),
    Column("parent_id", Words),
    Column("coordinator_id", Words),
    Column("status", Word(Status)),
    Column("updated_at", Instant, nullable=False),
    Column("answered_at", Instant),
    # Defaults of the database: a replica of the release before still writes rows without these columns.
    Column("kind", Word(GoalKind), nullable=False, server_default="objective"),
    Column("state", Word(GoalState), nullable=False, server_default="active"),
    Column("question", Words, nullable=False, server_default=""),
    Column("contributions", Doc(tuple[Contribution, ...]), nullable=False, server_default="[]"),
    Column("revisions", Doc(tuple[Revision, ...]), nullable=False, server_default="[]"),
    Column("closing", Doc(Closing)),
    Column("carried_from", Words, nullable=False, server_default=""),
    Column("approved_at", Instant),
    Column("approved_by", Words, nullable=False, server_default=""),
)
_HAS_PARENT = text("parent_id IS NOT NULL")
Index("ix_goal_parent_id", goal.c.parent_id, postgresql_where=_HAS_PARENT, sqlite_where=_HAS_PARENT)
_COORDINATED = text("coordinator_id IS NOT NULL")
Index("ix_goal_coordinator_id", goal.c.coordinator_id, postgresql_where=_COORDINATED, sqlite_where=_COORDINATED)

kpi = Table(
    "kpi",
    metadata,
    Column("id", Words, primary_key=True),
    Column("owner_id", Words, ForeignKey("person.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("current", Amount),
    Column("low", Amount),
    Column("high", Amount),
    Column("updated_at", Instant, nullable=False),
    Column("promoted_to", Words, nullable=False),
    Column("dropped_at", Instant),
)

key_result = Table(
    "key_result",
    metadata,
    Column("id", Words, primary_key=True),
    Column("goal_id", Words, ForeignKey("goal.id"), nullable=False, index=True),
    Column("text", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("start", Amount),
    Column("target", Amount),
    Column("current", Amount),
    Column("due", Date),
    Column("position", Integer, nullable=False),
    Column("source", Words, nullable=False),
)

checkin = Table(
    "checkin",
    metadata,
    Column("person_id", Words, ForeignKey("person.id"), primary_key=True),
    Column("period", Words, primary_key=True),
    Column("state", Word(CheckInState), nullable=False),
    Column("asked_at", Instant),
    Column("grace_ends_at", Instant),
    Column("answered_at", Instant),
    Column("answers", Doc(tuple[Answer, ...]), nullable=False),
    Column("wins", Words, nullable=False),
    Column("adjust", Words, nullable=False),
    Column("loss", Words, nullable=False),
    Column("private_note", Words, nullable=False),
    Column("skip_reason", Words, nullable=False),
    Column("snoozed_until", Instant),
    Column("reminders", Doc(tuple[str, ...]), nullable=False),
    Column("card", Words, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("draft", Doc(Mapping[str, str]), nullable=False),
    Column("policy", Integer, nullable=False),
    Index("ix_checkin_period", "period"),  # words are kept for so many weeks
)

escalation = Table(
    "escalation",
    metadata,
    Column("id", Words, primary_key=True),
    Column("goal_id", Words, ForeignKey("goal.id"), nullable=False, index=True),
    Column("owner_id", Words, ForeignKey("person.id"), nullable=False, index=True),
    Column("opened_at", Instant, nullable=False),
    Column("ladder", Doc(tuple[str, ...]), nullable=False),
    Column("step", Integer, nullable=False),
    Column("holder_id", Words, nullable=False),
    Column("state", Word(EscalationState), nullable=False),
    Column("shown_at", Instant),
    Column("acknowledged_at", Instant),
    Column("reminded_at", Instant),
    Column("decided_at", Instant),
    Column("decided_by", Words, nullable=False),
    Column("choice", Word(Choice)),
    Column("note", Words, nullable=False),
    Column("due", Date),
    Column("cause", Words, nullable=False),
    Column("loss", Words, nullable=False),
    Column("requested", Boolean, nullable=False),
    Column("acknowledge_within", Words, nullable=False),
    Column("decide_within", Words, nullable=False),
    Column("policy", Integer, nullable=False),
    Column("cards", Doc(tuple[Shown, ...]), nullable=False),
    Column("handed_by", Words, nullable=False, server_default=""),
    Column("suggested_id", Words, nullable=False, server_default=""),
    Column("waits", SmallInteger, nullable=False, server_default="0"),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),
    Column("followed_at", Instant),
    Column("ended", Words, nullable=False, server_default=""),
    Column("log", Doc(tuple[Logged, ...]), nullable=False, server_default="[]"),
)
_UNDECIDED = text("state IN ('open', 'acknowledged')")
Index("ix_escalation_held", escalation.c.holder_id, postgresql_where=_UNDECIDED, sqlite_where=_UNDECIDED)

duty = Table(
    "duty",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Word(DutyKind), nullable=False),
    Column("person_id", Words, ForeignKey("person.id"), nullable=False, index=True),
    Column("holder_id", Words, ForeignKey("person.id"), nullable=False, index=True),
    Column("next_holder_id", Words, nullable=False, index=True),
    Column("goal_id", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by", Words, nullable=False),
    Column("answers", Doc(Mapping[str, str]), nullable=False),
    Column("topic", Word(Topic)),
)

nudged = Table(
    "nudged",
    metadata,
    Column("recipient_id", Words, ForeignKey("person.id"), primary_key=True),
    Column("rule", Words, primary_key=True),
    Column("stage", Words, primary_key=True),
    Column("subject", Words, primary_key=True, index=True),
    Column("basis", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("times", SmallInteger, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("done_at", Instant),
)

policy_change = Table(
    "policy_change",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("author", Words, nullable=False),
    Column("threshold", Words, nullable=False),
    Column("scope_kind", Word(ScopeKind), nullable=False),
    Column("scope_name", Words, nullable=False),
    Column("value", Words),
    Column("reason", Words, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", Words, primary_key=True),
    Column("recipient_id", Words, nullable=False),  # a person's id, or `team:NAME` for a team's channel
    Column("card", Doc(Card), nullable=False),
    Column("lane", SmallInteger, nullable=False),  # position in bot.decision.Lane
    Column("rule", Words, nullable=False),
    Column("subjects", Doc(tuple[str, ...]), nullable=False),
    Column("facts", Doc(Mapping[str, str]), nullable=False),
    Column("policy", Integer, nullable=False),
    Column("on_doubt", Word(OnDoubt), nullable=False),
    Column("revision", Integer, nullable=False),  # of the card
    Column("sent_revision", Integer, nullable=False),  # of the card people see; 0: none
    Column("state", Word(OutboxState), nullable=False, index=True),
    Column("failure", Word(Failure)),  # why it is refused, expired or unknown
    Column("fence", Integer, nullable=False),  # number of the claim; a report under an older one is void
    Column("attempt", Integer, nullable=False),
    # Real time from which the row may be claimed (`sending`: the end of the lease). NULL: settled.
    Column("ready_at", Instant),
    Column("claimed_at", Instant),  # real time
    Column("doubtful_since", Instant),  # real time of the first attempt that may have arrived
    Column("lost_until", Instant),  # real time until which a database that is lost may have sent it; see `storage.pulse`
    Column("resent", SmallInteger, nullable=False, server_default="0"),  # times sent again after a doubt was looked into
    Column("queue", Words, nullable=False, server_default=""),  # `bot.ports.queue_of` as last known; empty: not looked up yet
    Column("decided_at", Instant, nullable=False),
    Column("place", SmallInteger, nullable=False),  # among the messages of its decision: the order in which people read them
    Column("delivered_at", Instant),
    Column("expires_at", Instant),
    Column("receipt", Doc(Receipt)),
    Column("reason", Words, nullable=False),
)
_LIVE = text("ready_at IS NOT NULL")
Index(
    "ix_outbox_live",
    outbox.c.lane,
    outbox.c.decided_at,
    outbox.c.place,
    outbox.c.key,
    postgresql_where=_LIVE,
    sqlite_where=_LIVE,
)
Index(
    "ix_outbox_queue",
    outbox.c.queue,
    outbox.c.lane,
    outbox.c.decided_at,
    outbox.c.place,
    outbox.c.key,
    postgresql_where=_LIVE,
    sqlite_where=_LIVE,
)
_SENDING = text("state = 'sending'")
Index("ix_outbox_sending", outbox.c.recipient_id, postgresql_where=_SENDING, sqlite_where=_SENDING)
Index("ix_outbox_told", outbox.c.recipient_id, outbox.c.decided_at)

agenda = Table(
    "agenda",
    metadata,
    Column("subject", Words, primary_key=True),
    Column("due_at", Instant, nullable=False, index=True),
    Column("local_time", Words, nullable=False),  # the same instant as people there read it
    Column("zone", Words, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("lease_until", Instant),  # real time
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("subject", Words, nullable=False, index=True),
    Column("person_id", Words, nullable=False, index=True),
    Column("rule", Words, nullable=False),
    Column("policy", Integer, nullable=False),
    Column("cause", Words, nullable=False),
    Column("facts", Doc(Mapping[str, str]), nullable=False),
    Column("outcome", Words, nullable=False),
)
