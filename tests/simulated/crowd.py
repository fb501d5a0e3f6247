"""One look at the desk of a manager with very many reports. `python -m tests.simulated.crowd --reports 5000`.

Everybody has three goals nobody touched for a month and has missed three check-ins: the most there can be to say.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine, event

from bot.decision import Decision, Look
from bot.events import Ticked
from bot.model import CheckIn, CheckInState, Nudged, Role, person_id
from storage import effects, rows
from storage.engine import writing
from storage.schema import checkin, nudged
from tests.play.company import MONDAY, Play, berlin, card_words, email_of, goal, person, result
from tests.simulated.town import in_memory

NOW = berlin(1, 10, month=12)
LONG_AGO = MONDAY - timedelta(days=30)
KINDS = ("committed", "aspirational", "learning")
WEEKS = ("2026-W46", "2026-W47", "2026-W48")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the look decided, how long it took, and how many statements it needed."""

    at: datetime
    decision: Decision
    seconds: float
    statements: int


def look(reports: int) -> Looked:
    """The look at Dana's desk on a Tuesday at ten, the time of her digest."""
    with in_memory() as engine:
        play = _company(engine, reports)
        play.now = NOW
        desk = f"desk:{person_id(email_of('dana'))}"
        (due,) = (one for one in play.agenda.claim_due(NOW, limit=100_000) if one.subject == desk)
        ticked = Ticked(id="look", at=NOW, subject=desk, due=due.due, fence=due.fence)
        with _counted(engine) as statements:
            began = time.perf_counter()
            outcome = play.turn.take(ticked)
            seconds = time.perf_counter() - began
        assert outcome.decision is not None
        return Looked(at=NOW, decision=outcome.decision, seconds=seconds, statements=len(statements))


def _company(engine: Engine, reports: int) -> Play:
    names = [f"r{number}" for number in range(reports)]
    play = Play(engine)
    people = [person("boss", role=Role.HR_ADMIN), person("dana", manager="boss")]
    people += [person(name, manager="dana", known_since=LONG_AGO) for name in names]
    with play.imports.begin() as imported:
        imported.apply_people(people, at=MONDAY, cause="people")
    progress = result("", "Done", current=Decimal(5))
    goals = [
        goal(
            f"{name}-{kind}", name, f"{kind} of {name}", replace(progress, id=f"{name}-{kind}-K"), kind=kind, updated_at=LONG_AGO
        )
        for name in names
        for kind in KINDS
    ]
    with play.imports.begin() as imported:
        imported.apply_goals(goals, at=MONDAY, cause="goals")
    with writing(engine) as connection:
        ids = [person_id(email_of(name)) for name in names]
        connection.execute(checkin.insert(), [rows.checkin_row(one) for owner in ids for one in _missed(owner)])
        asked = [rows.nudged_row(_asked(person_id(email_of(name)), f"{name}-{kind}")) for name in names for kind in KINDS]
        connection.execute(nudged.insert(), asked)
        wakes = Decision(looks=(Look(subject=f"desk:{person_id(email_of('dana'))}", at=NOW),))
        effects.write(connection, Ticked(id="planned", at=NOW, subject="desk:", due=NOW, fence=0), wakes)
    return play


def _missed(owner: str) -> Iterator[CheckIn]:
    for number, period in enumerate(WEEKS):
        asked = NOW - timedelta(days=20 - 7 * number)
        state = CheckInState.MISSED
        yield CheckIn(person_id=owner, period=period, state=state, asked_at=asked, grace_ends_at=asked + timedelta(days=2))


def _asked(owner: str, goal_id: str) -> Nudged:
    """The owner was asked about the silence, and heard it."""
    heard = NOW - timedelta(days=9)
    return Nudged(
        recipient_id=owner,
        rule="goal.stalled",
        stage="owner",
        subject=f"goal:{goal_id}",
        basis=f"{LONG_AGO:%Y%m%dT%H%M%S}",
        key="asked",
        decided_at=heard,
        delivered_at=heard,
    )


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", count)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulated.crowd", description=__doc__)
    parser.add_argument("--reports", type=int, default=5_000)
    given = parser.parse_args(words)
    seen = look(given.reports)
    (message,) = seen.decision.messages
    print(card_words(message.card))
    print(
        f"{given.reports} reports with {len(KINDS)} goals each: one look took {seen.seconds:.1f} s and "
        f"{seen.statements} queries, one message with {len(list(message.card.buttons()))} buttons"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
