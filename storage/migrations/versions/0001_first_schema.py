"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
AMOUNT = sa.Numeric().with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """All tables."""
    _agenda()
    _dev_clock()
    _inbox()
    _ledger()
    _person()
    _policy_change()
    _address()
    _checkin()
    _goal()
    _outbox()
    _escalation()
    _key_result()
    _duty()
    _nudged()


def _agenda() -> None:
    op.create_table(
        "agenda",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("local_time", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("subject", name="pk_agenda"),
    )
    op.create_index("ix_agenda_due_at", "agenda", ["due_at"])


def _dev_clock() -> None:
    op.create_table(
        "dev_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("now", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dev_clock"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_at", "inbox", ["at"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
    )
    op.create_index("ix_ledger_at", "ledger", ["at"])
    op.create_index("ix_ledger_person_id", "ledger", ["person_id"])
    op.create_index("ix_ledger_subject", "ledger", ["subject"])


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("folded_email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.Text(), nullable=True),
        sa.Column("deputy_id", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("work_days", sa.Text(), nullable=True),
        sa.Column("work_hours", sa.Text(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("known_since", INSTANT, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("chat_zone", sa.Text(), nullable=True),
        sa.Column("chat_locale", sa.Text(), nullable=True),
        sa.Column("welcomed", sa.Boolean(), nullable=False),
        sa.Column("absences", sa.Text(), nullable=False),
        sa.Column("mutes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("folded_email", name="uq_person_folded_email"),
    )
    op.create_index("ix_person_department", "person", ["department"])
    op.create_index(
        "ix_person_deputy_id",
        "person",
        ["deputy_id"],
        postgresql_where=sa.text("deputy_id IS NOT NULL"),
        sqlite_where=sa.text("deputy_id IS NOT NULL"),
    )
    op.create_index(
        "ix_person_hr_admin",
        "person",
        ["role"],
        postgresql_where=sa.text("role = 'hr_admin'"),
        sqlite_where=sa.text("role = 'hr_admin'"),
    )
    op.create_index("ix_person_manager_id", "person", ["manager_id"])
    op.create_index("ix_person_team", "person", ["team"])


def _duty() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=False),
        sa.Column("next_holder_id", sa.Text(), nullable=False),
        sa.Column("goal_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_duty_person_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name="fk_duty_holder_id"),
    )
    for column in ("person_id", "holder_id", "next_holder_id"):
        op.create_index(f"ix_duty_{column}", "duty", [column])


def _nudged() -> None:
    op.create_table(
        "nudged",
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("times", sa.SmallInteger(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("recipient_id", "rule", "stage", "subject", name="pk_nudged"),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name="fk_nudged_recipient_id"),
    )
    op.create_index("ix_nudged_subject", "nudged", ["subject"])


def _policy_change() -> None:
    op.create_table(
        "policy_change",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("scope_name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policy_change"),
    )


def _address() -> None:
    op.create_table(
        "address",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("last_seen", INSTANT, nullable=True),
        sa.Column("gone_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "tenant", "user", name="pk_address"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_address_person_id"),
    )
    op.create_index("ix_address_person_id", "address", ["person_id"])


def _checkin() -> None:
    op.create_table(
        "checkin",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("grace_ends_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("wins", sa.Text(), nullable=False),
        sa.Column("adjust", sa.Text(), nullable=False),
        sa.Column("loss", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("skip_reason", sa.Text(), nullable=False),
        sa.Column("snoozed_until", INSTANT, nullable=True),
        sa.Column("reminders", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "period", name="pk_checkin"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_checkin_person_id"),
    )


def _goal() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("coordinator_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_goal_owner_id"),
    )
    op.create_index("ix_goal_owner_id", "goal", ["owner_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("on_doubt", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sent_revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ready_at", INSTANT, nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("doubtful_since", INSTANT, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_outbox"),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name="fk_outbox_recipient_id"),
    )
    op.create_index(
        "ix_outbox_live",
        "outbox",
        ["lane", "decided_at", "place", "key"],
        postgresql_where=sa.text("ready_at IS NOT NULL"),
        sqlite_where=sa.text("ready_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_sending",
        "outbox",
        ["recipient_id"],
        postgresql_where=sa.text("state = 'sending'"),
        sqlite_where=sa.text("state = 'sending'"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_index("ix_outbox_told", "outbox", ["recipient_id", "decided_at"])


def _escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("goal_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shown_at", INSTANT, nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("loss", sa.Text(), nullable=False),
        sa.Column("requested", sa.Boolean(), nullable=False),
        sa.Column("acknowledge_within", sa.Text(), nullable=False),
        sa.Column("decide_within", sa.Text(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_escalation_goal_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_escalation_owner_id"),
    )
    op.create_index("ix_escalation_goal_id", "escalation", ["goal_id"])
    op.create_index("ix_escalation_owner_id", "escalation", ["owner_id"])


def _key_result() -> None:
    op.create_table(
        "key_result",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("goal_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("start", AMOUNT, nullable=True),
        sa.Column("target", AMOUNT, nullable=True),
        sa.Column("current", AMOUNT, nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_result"),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_key_result_goal_id"),
    )
    op.create_index("ix_key_result_goal_id", "key_result", ["goal_id"])
