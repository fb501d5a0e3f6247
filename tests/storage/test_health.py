"""What became of nudges, counted from the ledger: the same on both databases, in three queries, fast on a long one."""

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from bot.decision import Decision, Entry
from bot.events import Pressed
from bot.health import Tally
from bot.model import Role
from bot.talk.actions import Action, Verb
from storage import health
from storage.schema import ledger
from tests.storage.seeds import MONDAY, event_of, person, put, said, seen, slack, store_on

NOW = MONDAY
RULE = "goal.stalled"


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def note(engine: Engine, *entries: Entry, at: datetime, cause: str = "seed") -> None:
    with store_on(engine).work() as work:
        work.apply(event_of(cause, at), Decision(entries=entries))


def queued(who: str, subject: str, message: str, rule: str = RULE, **facts: str) -> Entry:
    name = f"nudge:{rule}:queued"
    return Entry(name=name, subject=subject, person=who, rule=rule, outcome="queued", facts={"message": message, **facts})


def reported(what: str, who: str, message: str, outcome: str = "", rule: str = RULE) -> Entry:
    return Entry(name=f"nudge:{rule}:{what}", subject=message, person=who, rule=rule, outcome=outcome or what)


def acted(who: str, subject: str, message: str, minutes: int, rule: str = RULE) -> Entry:
    facts = {"message": message, "minutes": str(minutes)}
    return Entry(name=f"nudge:{rule}:acted", subject=subject, person=who, rule=rule, outcome="acted", facts=facts)


def held(who: str, subject: str, reason: str) -> Entry:
    return Entry(name=f"nudge:{RULE}:held", subject=subject, person=who, rule=RULE, outcome=reason)


def loaded(engine: Engine) -> dict[tuple[str, int | None], Tally]:
    with engine.connect() as connection:
        return {(tally.rule, tally.week): tally for tally in health.load(connection, NOW)}


def sent(engine: Engine, who: str, subject: str, days: float, *, minutes: int | None = None, rule: str = RULE) -> None:
    message = f"{rule}:{who}:{subject}"
    note(engine, queued(who, subject, message, rule), at=days_ago(days))
    note(engine, reported("delivered", who, message, rule=rule), at=days_ago(days) + timedelta(minutes=1))
    if minutes is not None:
        note(engine, acted(who, subject, message, minutes, rule), at=days_ago(days) + timedelta(minutes=minutes))


def test_an_empty_ledger_counts_nothing(engine: Engine) -> None:
    assert loaded(engine) == {}


def test_what_arrived_and_what_was_acted_on_in_time(engine: Engine) -> None:
    sent(engine, "p1", "goal:목표", 10, minutes=60)
    sent(engine, "p2", 'goal:"2"', 10, minutes=200)
    sent(engine, "p3", "goal:3", 10, minutes=4 * 24 * 60)  # too late to count as wanted
    sent(engine, "p4", "goal:4", 20)
    sent(engine, "p5", "goal:5", 1)  # there was no time yet
    sent(engine, "p6", "goal:6", 57)  # before these weeks
    tallies = loaded(engine)
    whole = tallies[RULE, None]
    assert (whole.delivered, whole.ripe, whole.acted, whole.recipients, whole.minutes) == (5, 4, 2, 5, 200)
    assert whole.share == 50
    assert sorted(week for _, week in tallies if week is not None) == [5, 6, 7]
    assert (tallies[RULE, 6].delivered, tallies[RULE, 6].acted, tallies[RULE, 6].minutes) == (3, 2, 200)
    assert (tallies[RULE, 7].delivered, tallies[RULE, 7].ripe, tallies[RULE, 7].share) == (1, 0, None)


def test_each_part_of_a_message_counts_for_its_own_rule(engine: Engine) -> None:
    parts = [queued("p1", "goal:1", "m"), queued("p1", "goal:2", "m"), queued("p1", "duty:1", "m", "review.overdue")]
    note(engine, *parts, at=days_ago(9))
    note(engine, reported("delivered", "p1", "m"), at=days_ago(9))
    note(engine, acted("p1", "goal:2", "m", 30), at=days_ago(8))
    note(engine, acted("p1", "duty:1", "m", 90, "review.overdue"), at=days_ago(8))
    tallies = loaded(engine)
    assert (tallies[RULE, None].delivered, tallies[RULE, None].acted, tallies[RULE, None].recipients) == (2, 1, 1)
    assert (tallies["review.overdue", None].delivered, tallies["review.overdue", None].minutes) == (1, 90)
    assert tallies[RULE, None].share is None  # one person: counts, and no rate


def test_an_action_counts_once_and_need_not_name_the_only_finding(engine: Engine) -> None:
    sent(engine, "p1", "checkin:p1/W1", 9, minutes=30, rule="checkin.prompt")
    note(engine, acted("p1", "checkin:p1/W1", "checkin.prompt:p1:checkin:p1/W1", 95, "checkin.prompt"), at=days_ago(8))
    note(engine, reported("delivered", "p2", "card", rule="escalation.decide"), at=days_ago(9))
    note(engine, acted("p2", "goal:9", "card", 50, "escalation.decide"), at=days_ago(8))
    tallies = loaded(engine)
    assert (tallies["checkin.prompt", None].acted, tallies["checkin.prompt", None].minutes) == (1, 30)
    decide = tallies["escalation.decide", None]
    assert (decide.delivered, decide.acted, decide.minutes) == (1, 1, 50)


def test_whoever_was_asked_is_the_recipient_of_an_escalation(engine: Engine) -> None:
    rule = "goal.commitment_at_risk"
    for number in range(3):
        note(engine, queued("owner", "escalation:1", f"e{number}", rule, to=f"boss{number}@acme.example"), at=days_ago(9))
        note(engine, reported("delivered", f"boss{number}", f"e{number}", rule=rule), at=days_ago(9))
    assert loaded(engine)[rule, None].recipients == 3


def test_what_did_not_arrive_and_what_was_held(engine: Engine) -> None:
    for number, failure in enumerate(("gone", "refused", "expired", "unknown")):
        note(engine, queued("p1", f"goal:{number}", f"m{number}"), at=days_ago(3.5))
        note(engine, reported("undelivered", "p1", f"m{number}", failure), at=days_ago(3.5))
    for day in (1, 2, 8):
        note(engine, held("p1", "goal:8", "budget"), held("p2", "goal:9", "muted"), at=days_ago(day))
    whole = loaded(engine)[RULE, None]
    assert (whole.delivered, whole.unreachable, whole.refused, whole.unknown) == (0, 1, 1, 1)
    assert whole.held == {"budget": 2, "muted": 2}  # twice each: every week once
    assert loaded(engine)[RULE, 7].held == {"budget": 1, "muted": 1}


def test_what_people_thought_of_it(engine: Engine) -> None:
    for number, what in enumerate(("snoozed", "muted", "not_useful", "not_useful")):
        note(engine, reported(what, "p1", "person:p1"), at=days_ago(2), cause=f"press {number}")
    note(engine, Entry(name="checkin:snoozed", subject="checkin:p1/W1", person="p1"), at=days_ago(2))
    tallies = loaded(engine)
    whole = tallies[RULE, None]
    assert (whole.snoozed, whole.muted, whole.not_useful) == (1, 1, 2)
    assert tallies["checkin.prompt", None].snoozed == 1


@pytest.mark.parametrize("pressed", [False, True])
def test_only_hr_who_ask_for_it_have_it_loaded(engine: Engine, pressed: bool) -> None:
    admin, other = person("admin", role=Role.HR_ADMIN), person("other")
    put(engine, admin, other, links=[(slack("A"), admin), (slack("O"), other)])
    sent(engine, other.id, "goal:1", 9)

    def counted(user: str, words: str) -> int:
        asked = said(slack(user), words, at=NOW)
        event = Pressed(id="p", at=NOW, by=slack(user), action=Action(Verb.SHOW, (words,))) if pressed else asked
        return len(seen(engine, event).health)

    assert counted("A", "/nudges health") == counted("A", "알림 상태 goal.stalled") == 2
    assert counted("A", "/nudges show") == counted("A", "hello") == counted("O", "/nudges health") == 0


@pytest.mark.slow
def test_four_queries_and_fast_on_a_long_ledger(engine: Engine) -> None:
    """Two hundred thousand entries, a fifth of them from these weeks: as fast as people wait for."""
    lines: list[dict[str, Any]] = []
    for number in range(50_000):
        who, message = f"p{number % 2000}", f"{RULE}.owner:p{number % 2000}:{number}"
        at = days_ago(280 * number / 50_000)
        shared = {"at": at, "person_id": who, "rule": RULE, "policy": 0, "cause": f"c{number}"}
        facts = {"message": message, "stage": "owner", "days": "14", "updated": at.isoformat()}
        outcome = {**shared, "subject": message, "facts": {}}
        lines += [
            {**shared, "name": f"nudge:{RULE}:queued", "subject": f"goal:{number}", "facts": facts, "outcome": "queued"},
            {**outcome, "name": f"nudge:{RULE}:delivered", "outcome": "delivered"},
            {
                **shared,
                "name": f"nudge:{RULE}:acted",
                "subject": f"goal:{number}",
                "facts": {**facts, "minutes": "90"},
                "outcome": "",
            },
            {**outcome, "name": "checkin:answered", "outcome": "on_time"},
        ]
    with engine.begin() as connection:
        for start in range(0, len(lines), 20_000):
            connection.execute(insert(ledger), lines[start : start + 20_000])
    statements: list[str] = []
    with engine.connect() as connection:
        event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        began = time.perf_counter()
        tallies = health.load(connection, NOW)
        seconds = time.perf_counter() - began
    assert len([words for words in statements if "ledger" in words]) == 4
    assert next(tally for tally in tallies if tally.week is None).delivered == 10_001
    assert seconds < 20
