"""An audit costs what happened lately, not what happened ever: its statements stay on their indexes in a large company."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.audit.facts import Span
from bot.model import Company
from storage.audit import SqlAudit
from storage.engine import writing

NOW = datetime(2026, 12, 7, 12, tzinfo=UTC)
WEEKS = 30
SEEDED = """
INSERT INTO person (id, email, folded_email, name, department, team, role, known_since, welcomed, absences, mutes, zone)
SELECT 'p' || n, 'p' || n || '@acme.example', 'p' || n || '@acme.example', 'P', '', '', '', '2026-01-05T09:00Z', true,
       '[]', '[]', 'UTC'
  FROM generate_series(1, PEOPLE) n;
INSERT INTO checkin (person_id, period, state, asked_at, grace_ends_at, answered_at, answers, wins, adjust, loss,
                     private_note, skip_reason, reminders, card, shown, draft, policy)
SELECT 'p' || n, to_char(at, 'IYYY-"W"IW'), 'on_time', at, at + interval '2 days', at + interval '1 hour', '[]', '', '', '',
       '', '', '[]', '', 1, '{}', 0
  FROM generate_series(1, PEOPLE) n, generate_series(1, WEEKS) w,
       LATERAL (SELECT timestamptz '2026-12-10T10:00Z' - w * interval '7 days' AS at) t;
INSERT INTO outbox (key, recipient_id, card, lane, rule, subjects, facts, policy, on_doubt, revision, sent_revision, state,
                    fence, attempt, decided_at, place, delivered_at, expires_at, reason)
SELECT 'checkin:' || person_id || '/' || period || ':1', person_id, '{}', 3, 'checkin.prompt',
       '["checkin:' || person_id || '/' || period || '"]', '{"stage":""}', 0, 'drop', 1, 1, 'sent',
       1, 0, asked_at, 0, asked_at, asked_at + interval '8 hours', ''
  FROM checkin;
INSERT INTO ledger (at, name, subject, person_id, rule, policy, cause, facts, outcome)
SELECT decided_at, 'nudge:checkin.prompt:queued', regexp_replace(key, ':1$', ''), recipient_id, rule, 0, 'tick',
       '{"message":"' || key || '"}', 'queued' FROM outbox
UNION ALL
SELECT decided_at, 'nudge:checkin.prompt:delivered', key, recipient_id, rule, 0, 'report', '{}', 'delivered' FROM outbox;
INSERT INTO agenda (subject, due_at, local_time, zone, fence)
SELECT 'desk:' || id, '2026-12-10T10:00Z', '', 'UTC', 1 FROM person
"""


def seeded(engine: Engine, people: int) -> Engine:
    """Months of a company in which nothing ever went wrong."""
    with writing(engine) as connection:
        for statement in SEEDED.split(";"):
            connection.exec_driver_sql(statement.replace("PEOPLE", str(people)).replace("WEEKS", str(WEEKS)))
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE"))
    return engine


@pytest.mark.postgres
def test_no_statement_reads_a_whole_history(postgres_engine: Engine) -> None:
    engine = seeded(postgres_engine, 400)
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: Any, context: object, many: bool) -> None:
        if statement.lstrip().startswith("SELECT") and ("FROM outbox" in statement or "FROM ledger" in statement):
            with engine.connect() as other:
                found = other.exec_driver_sql(f"EXPLAIN {statement}", parameters)
                plans.append("\n".join(row[0] for row in found))

    event.listen(engine, "before_cursor_execute", explain)
    report = SqlAudit(engine, Company(), lambda country, year: frozenset(), clock=lambda: NOW).run(
        NOW, awake=[Span(began=NOW - timedelta(days=60), seen=NOW)]
    )
    event.remove(engine, "before_cursor_execute", explain)
    assert report.findings == ()
    assert (report.people, report.messages) == (400, 800)
    assert len(plans) >= 6
    whole = [plan for plan in plans if "Seq Scan on outbox" in plan or "Seq Scan on ledger" in plan]
    assert not whole, whole[0]
