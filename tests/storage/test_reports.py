"""The read side shows what INTERFACES promises, page by page, and people by e-mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from bot.decision import Decision, Entry, OnDoubt
from bot.events import Platform, Profile
from bot.model import (
    Answer,
    Blocker,
    Cause,
    CheckIn,
    CheckInState,
    PolicyChange,
    Scope,
    ScopeKind,
    Status,
)
from storage.reports import BadCursor, BadState, Page, SqlReports
from tests.storage.seeds import COMPANY, MONDAY, event_of, goal, message, person, put, slack, store_on, teams

ANNA = person("anna", chat_zone="Europe/Berlin", chat_locale="de")
BEN = person("ben", end_date=MONDAY.date())


def all_items(read: Callable[..., Page], **filters: object) -> list[dict[str, object]]:
    """Everything, two at a time."""
    items: list[dict[str, object]] = []
    page = read(limit=2, **filters)
    items.extend(page.items)
    while page.next is not None:
        assert len(items) < 100, "the cursor does not move on"
        page = read(limit=2, cursor=page.next, **filters)
        items.extend(page.items)
    assert items == list(read(limit=1000, **filters).items)
    return items


def write(engine: Engine, *entries: Entry, at: object = MONDAY) -> None:
    with store_on(engine).work() as work:
        work.apply(event_of("cause", at), Decision(entries=entries))  # type: ignore[arg-type]


def test_ledger_lines_have_the_promised_names(engine: Engine) -> None:
    put(engine, ANNA)
    write(
        engine,
        Entry(name="a:b:c", subject="s", person=ANNA.id, rule="r", policy=1, facts={"n": "1"}, outcome="o"),
        Entry(name="x:y:z", subject="t", person="pgone"),
    )
    write(engine, Entry(name="later:on:this", subject="u"), at=MONDAY + timedelta(days=1))
    items = all_items(SqlReports(engine).ledger)
    assert items[0] == {
        "at": "2026-11-23T09:00:00Z",
        "name": "a:b:c",
        "subject": "s",
        "person": "anna@acme.example",
        "rule": "r",
        "policy": 1,
        "cause": "cause",
        "facts": {"n": "1"},
        "outcome": "o",
    }
    assert [item["name"] for item in items] == ["a:b:c", "x:y:z", "later:on:this"]
    since = all_items(SqlReports(engine).ledger, since=MONDAY + timedelta(seconds=1))
    assert [item["name"] for item in since] == ["later:on:this"]
    assert SqlReports(engine).last_recorded_at() == MONDAY + timedelta(days=1)


def test_checkins_have_one_item_per_person_and_period(engine: Engine) -> None:
    answer = Answer(
        goal_id="g1",
        status=Status.AT_RISK,
        values={"g1.1": Decimal("42"), "g1.2": Decimal("0.5")},
        confidence=4,
        note="slow",
        blocker=Blocker(text="legal", cause=Cause.PEOPLE, remover="Ben"),
    )
    one = CheckIn(
        person_id=ANNA.id,
        period="2026-W48",
        state=CheckInState.ON_TIME,
        asked_at=MONDAY,
        answered_at=MONDAY,
        answers=(answer, Answer(goal_id="g2")),
        private_note="between us",
    )
    put(engine, ANNA, BEN, one, replace(one, period="2026-W47", asked_at=MONDAY - timedelta(7), answered_at=None))
    put(engine, CheckIn(person_id=BEN.id, period="2026-W48"))
    items = all_items(SqlReports(engine).checkins)
    assert sorted((item["person"], item["period"]) for item in items) == [
        ("anna@acme.example", "2026-W47"),
        ("anna@acme.example", "2026-W48"),
        ("ben@acme.example", "2026-W48"),
    ]
    [item] = all_items(SqlReports(engine).checkins, since=MONDAY)
    assert item["state"] == "on_time"
    assert item["goals"] == [
        {
            "goal": "g1",
            "status": "at_risk",
            "values": {"g1.1": 42, "g1.2": 0.5},
            "confidence": 4,
            "note": "slow",
            "blocker": {"text": "legal", "cause": "people", "remover": "Ben"},
        },
        {"goal": "g2", "status": None, "values": {}, "confidence": None, "note": "", "blocker": None},
    ]
    assert "between us" not in str(items)


def test_outbox_by_state_without_texts(engine: Engine) -> None:
    put(engine, ANNA, messages=[message(f"k{n}", ANNA, "secret words", rule="r") for n in range(5)])
    items = all_items(SqlReports(engine).outbox, state="pending")
    assert [item["key"] for item in items] == [f"k{n}" for n in range(5)]
    assert (items[0]["person"], items[0]["lane"], items[0]["state"]) == ("anna@acme.example", "nudge", "pending")
    assert "secret" not in str(items)
    assert all_items(SqlReports(engine).outbox, state="sent") == []
    with pytest.raises(BadState, match="pending, sending"):
        SqlReports(engine).outbox(state="lost")


def test_outbox_marks_what_may_be_seen_twice(engine: Engine) -> None:
    asked = replace(message("request", ANNA, "decide", rule="r"), on_doubt=OnDoubt.RESEND)
    put(engine, ANNA, messages=[asked, message("weekly", ANNA, "how are you", rule="r")])
    marks = {item["key"]: (item["may_repeat"], item["resent"]) for item in all_items(SqlReports(engine).outbox)}
    assert marks == {"request": (True, 0), "weekly": (False, 0)}


def test_policies_name_people_by_email(engine: Engine) -> None:
    scopes = (Scope(), Scope(ScopeKind.TEAM, "Sales"), Scope(ScopeKind.PERSON, ANNA.id))
    changes = [
        PolicyChange(version=n, at=MONDAY, author=ANNA.id, threshold="goal.stalled.owner", scope=scope, value="21d")
        for n, scope in enumerate(scopes, start=1)
    ]
    put(engine, ANNA, *changes)
    items = all_items(SqlReports(engine).policies)
    assert [item["scope"] for item in items] == [
        {"kind": "company", "name": ""},
        {"kind": "team", "name": "Sales"},
        {"kind": "person", "name": "anna@acme.example"},
    ]
    assert {item["author"] for item in items} == {"anna@acme.example"}


def test_goals_with_their_key_results(engine: Engine) -> None:
    put(engine, ANNA, BEN, *(goal(f"g{n}", ANNA, coordinator_id=BEN.id) for n in range(5)))
    items = all_items(SqlReports(engine).goals, company=COMPANY, now=MONDAY)
    assert [item["id"] for item in items] == [f"g{n}" for n in range(5)]
    assert (items[0]["owner"], items[0]["coordinator"]) == ("anna@acme.example", "ben@acme.example")
    assert items[3]["key_results"] == [
        {"id": "g3.1", "text": "Share", "unit": "%", "start": 0, "target": 85.5, "current": None, "due": None, "source": ""},
        {
            "id": "g3.2",
            "text": "Days",
            "unit": "",
            "start": None,
            "target": None,
            "current": None,
            "due": "2026-12-31",
            "source": "",
        },
    ]


def test_a_goals_status_is_what_it_is_worth_now_and_what_was_said_stands_beside_it(engine: Engine) -> None:
    green = replace(goal("g1", ANNA), status=Status.ON_TRACK, updated_at=MONDAY)
    late = PolicyChange(
        version=1,
        at=MONDAY,
        author=ANNA.id,
        threshold="goal.stalled.owner",
        scope=Scope(ScopeKind.PERSON, ANNA.id),
        value="30cd",
    )
    put(engine, ANNA, BEN, green, replace(green, id="g2", owner_id=BEN.id, key_results=()))

    def statuses(days: int) -> list[tuple[object, object]]:
        items = all_items(SqlReports(engine).goals, company=COMPANY, now=MONDAY + timedelta(days=days))
        return [(item["status"], item["reported"]) for item in items]

    assert statuses(13) == [("on_track", "on_track")] * 2
    assert statuses(14) == [("stale", "on_track")] * 2
    put(engine, late)
    assert statuses(14) == [("on_track", "on_track"), ("stale", "on_track")], "the owner's own threshold counts"


@pytest.mark.parametrize("cursor", ["", "x", "W10", "bnVsbA", "WyJhIl0", "Wy0xXQ", "WzFlOTldWw", "é", "W3RydWVd", "\0"])
def test_other_cursors_are_refused(engine: Engine, cursor: str) -> None:
    with pytest.raises(BadCursor):
        SqlReports(engine).ledger(cursor=cursor)
    with pytest.raises(BadCursor):
        SqlReports(engine).outbox(cursor=cursor)


def test_a_new_database_is_empty_until_somebody_is_there(engine: Engine) -> None:
    reports = SqlReports(engine)
    assert reports.is_empty()
    assert reports.last_recorded_at() is None
    put(engine, ANNA)
    assert not reports.is_empty()


def test_people_without_an_account(engine: Engine) -> None:
    put(engine, ANNA, BEN, links=[(teams("ua"), ANNA)])
    reports = SqlReports(engine)
    assert sorted(reports.unlinked_people(Platform.SLACK)) == ["anna@acme.example", "ben@acme.example"]
    assert reports.unlinked_people(Platform.TEAMS) == ("ben@acme.example",)
    assert reports.unlinked_people(Platform.TEAMS, on=MONDAY.date() + timedelta(days=1)) == ()


def test_only_accounts_with_news_are_reported(engine: Engine) -> None:
    put(engine, ANNA, BEN, links=[(slack("UA"), ANNA)])
    known = Profile(email="Anna@Acme.example", zone="Europe/Berlin", locale="de")
    news = [
        (slack("UB"), Profile(email=BEN.email)),
        (slack("UA"), replace(known, zone="Asia/Seoul")),
        (slack("UA"), replace(known, locale="ko")),
        (slack("UA"), Profile(email=BEN.email)),
        (replace(slack("UA"), tenant="T2"), known),
    ]
    old = [
        (slack("UA"), known),
        (slack("UA"), replace(known, zone="", locale="")),
        (slack("UX"), Profile(email="stranger@acme.example")),
        (slack("UX"), Profile(email=None)),
    ]
    assert list(SqlReports(engine).changed_accounts([*old, *news])) == news
    assert SqlReports(engine).changed_accounts([]) == ()
