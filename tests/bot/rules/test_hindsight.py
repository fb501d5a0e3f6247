"""Thresholds that send nothing by themselves: what they would have changed, counted by hand."""

from dataclasses import replace

from bot.history import Past, Sent
from bot.model import (
    Answer,
    Blocker,
    Escalation,
    Scope,
    ScopeKind,
    Status,
)
from bot.rules.hindsight import looked_back
from tests.bot.rules.months import DANA, MAX, change, crowd, idle, october, reminded, scene, sent, silent, weekly, words


def test_quiet_hours() -> None:
    found = looked_back(scene(weekly()), change("quiet_hours", "18:00-11:00"))
    assert found is not None
    assert (found.kind, found.before, found.after, found.total) == ("quiet", 0, 8, 8)
    assert "8 of 8 messages" in words(scene(weekly(), *idle()), change("quiet_hours", "18:00-11:00"))


def test_budgets() -> None:
    at = [october(5, 11, month=11), october(5, 12, month=11), october(6, 10, month=11)]
    past = Past(person=MAX, sent=tuple(sent(one, "goal.stalled", "owner", f"goal:O{number}") for number, one in enumerate(at)))
    found = looked_back(scene(past), change("budget.per_day", "1"))
    # The second of the 5th waits for the 6th, and so the one of the 6th for the next working day.
    assert found is not None
    assert (found.kind, found.before, found.after, found.total) == ("budget", 0, 2, 3)
    assert (week := looked_back(scene(past), change("budget.per_week", "2"))) is not None and week.after == 1


def test_what_the_budget_held_would_have_come_at_once() -> None:
    due, given = october(5, 11, month=11), october(6, 9, month=11)
    lines = [sent(due, "goal.stalled", "owner", f"goal:O{number}") for number in range(2)]
    lines[1] = replace(lines[1], message="another")
    held = Sent(at=due, rule="goal.stalled", stage="owner", subject="goal:O3", held="budget")
    past = Past(person=MAX, sent=(*lines, held, sent(given, "goal.stalled", "owner", "goal:O3")))
    found = looked_back(scene(past), change("budget.per_day", "3"))
    assert found is not None
    assert (found.before, found.after, found.total) == (1, 0, 3)


def test_grace_time() -> None:
    """Answered on Friday at 09:00 after Thursday 10:00: in time after a day; on Friday at 12:00 not."""
    found = looked_back(scene(reminded()), change("checkin.grace", "1d"))
    assert found is not None
    assert (found.kind, found.before, found.after, found.total) == ("grace", 0, 1, 3)


def test_ladders() -> None:
    opened, taken, decided = october(3, month=11), october(5, month=11), october(10, month=11)
    asked_for = Escalation(
        id="E1", goal_id="O1", owner_id=MAX.id, opened_at=opened, ladder=(DANA.id,), acknowledged_at=taken, decided_at=decided
    )
    company = scene(Past(person=MAX, escalations=(asked_for,)))
    longer = looked_back(company, change("escalation.acknowledge", "3d"))
    assert longer is not None
    assert (longer.kind, longer.before, longer.after, longer.total) == ("acknowledge", 1, 0, 1)
    shorter = looked_back(company, change("escalation.decide", "1d"))
    assert shorter is not None
    assert (shorter.before, shorter.after) == (0, 1)


def test_requests_for_a_decision() -> None:
    blocked = Answer(goal_id="O1", status=Status.AT_RISK, blocker=Blocker(text="Legal"))
    past = weekly()
    past = replace(past, checkins=(*past.checkins[:-1], replace(past.checkins[-1], answers=(blocked,))))
    found = looked_back(scene(past), change("goal.commitment_at_risk", "off"))
    assert found is not None
    assert (found.kind, found.before, found.after) == ("decision", 1, 0)


def test_pauses_and_locks() -> None:
    web = Scope(ScopeKind.TEAM, "Web")
    pause = looked_back(scene(weekly()), change("pause", "on", web))
    assert pause is not None
    assert (pause.kind, pause.before, pause.after) == ("pause", 8, 0)
    waited = Sent(at=october(5, month=11), rule="goal.stalled", stage="owner", subject="goal:O1", held="paused")
    resume = looked_back(
        scene(Past(person=MAX, sent=(waited, waited)), policies=(change("pause", "on"),)), change("pause", "off")
    )
    assert resume is not None
    assert (resume.kind, resume.before) == ("resume", 1)
    own = replace(change("goal.stalled.owner", "10cd", Scope(ScopeKind.PERSON, MAX.id)), version=1)
    lock = change("lock:goal.stalled", "on")
    company = scene(silent(), *crowd(3, "Ops"), policies=(own,))
    locked = looked_back(company, lock)
    assert locked is not None
    assert (locked.kind, locked.after, locked.total) == ("lock", 1, 4)
    assert "1 of 4 people gets another value" in words(company, lock)
