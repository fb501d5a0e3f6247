"""A small company in which somebody stands to Olga in one relation and wears one hat, and everything of hers that there is.

Each cell of the table is asked by trying it, and what came of it is read from the chat, the database and the ledger.
"""

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event, insert

from bot.model import (
    Absence,
    Answer,
    Changed,
    CheckIn,
    CheckInState,
    Duty,
    DutyKind,
    Escalation,
    EscalationState,
    Goal,
    GoalState,
    Person,
    Revision,
    Role,
    Status,
)
from bot.rules.access import Hat, Relation
from bot.rules.worktime import iso_period
from storage import schema
from storage.engine import open_engine
from storage.migrate import migrate
from storage.rows import checkin_row, duty_row, escalation_row
from tests.access.doors import DOORS, Door
from tests.play.company import goal, person, result
from tests.play.seen import pid

TUESDAY = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
"""Just after the hour of a manager's digest in Berlin."""

BERLIN = ZoneInfo("Europe/Berlin")

READER = {
    Relation.SELF: "olga",
    Relation.DIRECT: "mara",
    Relation.INDIRECT: "tom",
    Relation.COVERED: "cora",
    Relation.BOSS: "rolf",
    Relation.TEAM: "tina",
    Relation.SUPPORTS: "sven",
    Relation.STRANGER: "zara",
    Relation.OUTSIDE: "zara",
}
"""Tom leads Mara, she leads Olga and the others of Web, Olga leads Rolf; Cora is Mara's deputy, Hilda HR's first."""

APPROVAL = f"{DutyKind.APPROVAL}:PEND:1"
DRAFTED = f"{DutyKind.APPROVAL}:DRAFT:1"
CHANGE = f"{DutyKind.APPROVAL}:ALPHA:1"
CONCERN = f"{DutyKind.CONCERN}:{pid('olga')}:20261120T090000"


@lru_cache(maxsize=1)
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="rondo-access-"))
    engine = open_engine(f"sqlite:///{folder / 'template.db'}")
    migrate(engine)
    engine.dispose()
    return folder / "template.db"


def fresh_engine(folder: Path) -> Engine:
    path = folder / "access.db"
    shutil.copy(_template(), path)
    engine = open_engine(f"sqlite:///{path}")
    # nothing here outlives the process
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    return engine


def a_company(engine: Engine, hat: Hat, relation: Relation, door: str) -> tuple[Door, str]:
    """The company, entered through a door, and who tries everything."""
    reader = READER[relation]
    play = DOORS[door](engine, now=TUESDAY)
    play.with_people(*(_dressed(one, reader, hat, relation) for one in _people(hat, relation)))
    play.with_goals(*_goals(reader, hat, relation))
    with engine.begin() as connection:
        for checkin in _checkins():
            connection.execute(insert(schema.checkin), checkin_row(checkin))
        for duty in _duties(reader if hat is Hat.ASKED else "hilda"):
            connection.execute(insert(schema.duty), duty_row(duty))
        connection.execute(insert(schema.escalation), escalation_row(request("E1", reader if hat is Hat.ASKED else "hilda")))
    play.tick()
    return play, reader


def _people(hat: Hat, relation: Relation) -> list[Person]:
    away = (Absence(first=date(2026, 11, 23), last=date(2026, 12, 4)),) if relation is Relation.COVERED else ()
    found = [
        person("tom"),
        person("mara", manager="tom", deputy="cora", absences=away),
        person("cora", team="Elsewhere"),
        person("olga", manager="mara", team="Web"),
        person("otto", manager="mara", team="Web"),
        person("tina", manager="mara", team="Web"),
        *(person(f"w{number}", manager="mara", team="Web") for number in range(4)),
        person("rolf", manager="olga", team="Elsewhere"),
        person("sven", team="Elsewhere"),
        person("zara", team="Sales"),
        person("hilda", role=Role.HR_ADMIN, team="HR"),
    ]
    if hat is Hat.MANAGER and relation not in (Relation.DIRECT, Relation.INDIRECT):
        found.append(person("kid", manager=READER[relation], team="Elsewhere"))
    return found


def _dressed(one: Person, reader: str, hat: Hat, relation: Relation) -> Person:
    if one.id != pid(reader):
        return one
    one = replace(one, role=Role.HR_ADMIN) if hat is Hat.HR else one
    return replace(one, end_date=date(2026, 11, 20)) if relation is Relation.OUTSIDE else one


def _goals(reader: str, hat: Hat, relation: Relation) -> list[Goal]:
    led = {"coordinator_id": pid(reader)} if hat is Hat.COORDINATOR else {}
    why = {"why": "WHYWORD"}
    reason = Revision(
        number=1,
        at=TUESDAY - timedelta(days=9),
        by=pid("olga"),
        reason="REVWORD",
        changes=(Changed(field="target:K1", before="100", after="80"),),
        approved=True,
        answered_at=TUESDAY - timedelta(days=8),
        answered_by=pid("mara"),
    )
    proposed = GoalState.PROPOSED if hat is Hat.ASKED else GoalState.DRAFT
    found = [
        goal("ALPHA", "olga", "ALPHAGOAL", result("K1", "Pages", current=Decimal(40)), revisions=(reason,), **why, **led),
        goal("DRAFT", "olga", "DRAFTGOAL", state=proposed, **why, **led),
        goal("PEND", "olga", "PENDGOAL", state=GoalState.PROPOSED, **why),
        goal("ESC", "olga", "ESCGOAL", result("K2", "Clinics"), **led),
        *(goal(f"W{number}", f"w{number}", f"Goal of W{number}") for number in range(4)),
        goal("T1", "tina", "Goal of Tina"),
        goal("OT", "otto", "Goal of Otto"),
    ]
    if relation is Relation.SUPPORTS:
        found.append(goal("S1", "sven", "Goal of Sven", parent_id="ALPHA"))
    return found


def _checkins() -> list[CheckIn]:
    monday = TUESDAY - timedelta(days=1)
    weeks = [TUESDAY - timedelta(days=7 * back) for back in (1, 2)]
    said = CheckIn(
        person_id=pid("olga"),
        period=iso_period(weeks[0], BERLIN),
        state=CheckInState.LATE,
        asked_at=monday - timedelta(days=4),
        grace_ends_at=monday,
        answered_at=monday,
        answers=(Answer(goal_id="ESC", status=Status.AT_RISK, note="NOTEWORD"),),
        wins="WINWORD",
        private_note="PRIVWORD",
    )
    missed = [
        CheckIn(
            person_id=pid("otto"),
            period=iso_period(week, BERLIN),
            state=CheckInState.MISSED,
            asked_at=week,
            grace_ends_at=week + timedelta(days=2),
        )
        for week in weeks
    ]
    return [said, *missed]


def _duties(asked: str) -> list[Duty]:
    def waiting(id: str, goal_id: str, holder: str) -> Duty:
        return Duty(
            id=id,
            kind=DutyKind.APPROVAL,
            person_id=pid("olga"),
            holder_id=pid(holder),
            goal_id=goal_id,
            opened_at=TUESDAY - timedelta(days=1),
        )

    concern = Duty(
        id=CONCERN,
        kind=DutyKind.CONCERN,
        person_id=pid("olga"),
        holder_id=pid(asked),
        text="CONCWORD",
        opened_at=TUESDAY - timedelta(days=4),
        answers={"shown": TUESDAY.isoformat()},
    )
    return [waiting(APPROVAL, "PEND", asked), waiting(DRAFTED, "DRAFT", asked), waiting(CHANGE, "ALPHA", asked), concern]


def request(id: str, holder: str) -> Escalation:
    """A request for a decision about Olga's goal that somebody holds."""
    return Escalation(
        id=id,
        goal_id="ESC",
        owner_id=pid("olga"),
        opened_at=TUESDAY - timedelta(hours=1),
        ladder=(pid(holder),),
        holder_id=pid(holder),
        state=EscalationState.OPEN,
        shown_at=TUESDAY - timedelta(hours=1),
        cause="CAUSEWORD",
        acknowledge_within="1d",
        decide_within="3d",
        policy=0,
    )
