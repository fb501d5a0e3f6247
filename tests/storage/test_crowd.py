"""The store counts who is asked at the same instant: once, and again when people, policies or the hour have changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine, event

from bot.events import Ticked
from bot.model import Person, PolicyChange, Scope, ScopeKind
from bot.rules.checkin import prompt
from bot.rules.spread import PromptTime, slot
from bot.scene import Scene
from bot.situation import Situation
from scheduler.pace import send_window
from storage.crowd import count
from storage.engine import reading
from storage.imports import SqlImports
from storage.store import SqlStore
from tests.storage.seeds import COMPANY, MONDAY, no_holidays, person, put

TEN_ON_THURSDAY = datetime.fromisoformat("2026-11-26T09:00Z")


def imported(engine: Engine, *people: Person) -> None:
    with SqlImports(engine).begin() as one:
        one.apply_people(people, at=MONDAY, cause="people.csv")


def store_on(engine: Engine, window: Callable[[int], timedelta] | None = None) -> SqlStore:
    return SqlStore(engine, COMPANY, no_holidays, window=window or (lambda people: timedelta(seconds=people)))


def look(who: Person, at: datetime = MONDAY) -> Ticked:
    return Ticked(id="t", at=at, subject=f"desk:{who.id}", due=at, fence=1)


def seen(store: SqlStore, who: Person, at: datetime = MONDAY) -> Situation:
    with store.work() as work:
        situation = work.situation(look(who, at))
    assert situation is not None
    return situation


def crowd(store: SqlStore, who: Person, at: datetime = MONDAY) -> int:
    """The window of these tests is a second a head."""
    return int(seen(store, who, at).send_window.total_seconds())


def policy(version: int, value: str | None, scope: Scope) -> PolicyChange:
    return PolicyChange(version=version, at=MONDAY, author="hr", threshold="checkin.prompt.when", scope=scope, value=value)


def test_ten_thousand_people_in_one_zone_have_ten_thousand_slots(engine: Engine) -> None:
    people = [person(f"p{number}", zone="Europe/Berlin", team=f"T{number % 40}") for number in range(10_000)]
    imported(engine, *people)
    store = store_on(engine, lambda crowd: send_window(crowd, 300))
    window = timedelta(minutes=35)
    for who in people[::500]:
        situation = seen(store, who)
        assert situation.send_window == window
        [finding] = prompt(Scene(look(who), situation, {}))
        assert finding.at == TEN_ON_THURSDAY + slot(who.id, window)
        assert finding.facts["send_window"] == "35 min"
        [next_week] = prompt(Scene(look(who), replace(situation, now=MONDAY + timedelta(days=7)), {}))
        assert next_week.at == finding.at + timedelta(days=7)


def test_a_small_company_is_asked_on_the_dot(engine: Engine) -> None:
    people = [person(f"p{number}", zone="Europe/Berlin") for number in range(300)]
    imported(engine, *people)
    store = store_on(engine, lambda crowd: send_window(crowd, 300))
    [finding] = prompt(Scene(look(people[7]), seen(store, people[7]), {}))
    assert finding.at == TEN_ON_THURSDAY
    assert "send_window" not in finding.facts
    assert seen(SqlStore(engine, COMPANY, no_holidays), people[7]).send_window == timedelta(0), "where nothing limits it"


def test_only_those_are_counted_who_are_asked_at_the_same_instant(engine: Engine) -> None:
    ann, ben, cim = (person(name, zone="Europe/Berlin") for name in ("ann", "ben", "cim"))
    sales, seoul, blank = person("s", team="Sales"), person("k", zone="Asia/Seoul"), person("b", chat_zone="Europe/Paris")
    gone, later = person("g", end_date=date(2026, 11, 22)), person("l", start_date=date(2026, 12, 1))
    imported(engine, ann, ben, cim, sales, seoul, blank, gone, later)
    put(
        engine,
        policy(1, "tue 10:00", Scope(ScopeKind.TEAM, "Sales")),
        policy(2, "off", Scope(ScopeKind.PERSON, cim.id)),
        policy(3, "thu 18:00", Scope(ScopeKind.PERSON, seoul.id)),
    )
    store = store_on(engine)
    assert crowd(store, ann) == 4, "ann, ben, and Paris and Seoul at the same instant"
    assert (crowd(store, sales), crowd(store, cim), crowd(store, seoul)) == (1, 0, 4)
    with reading(engine) as connection:
        found = count(connection, COMPANY, store._all_policies(connection), MONDAY)
    assert found[PromptTime(zone="Europe/Berlin", weekday=3, at=time(10))] == 2
    assert sum(found.values()) == 5


def test_it_is_counted_again_after_an_import_a_policy_and_ten_minutes_and_not_before(engine: Engine) -> None:
    ann, ben = person("ann", zone="Europe/Berlin"), person("ben", zone="Europe/Berlin")
    imported(engine, ann)
    store = store_on(engine)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for _ in range(3):
        assert crowd(store, ann) == 1
    assert sum("GROUP BY person.zone" in one for one in statements) == 1
    imported(engine, ben)
    assert crowd(store, ann) == 2
    put(engine, policy(1, "wed 10:00", Scope(ScopeKind.PERSON, ben.id)))
    assert crowd(store, ann) == 1
    put(engine, policy(2, None, Scope(ScopeKind.PERSON, ben.id)))
    assert crowd(store, ann) == 2
    put(engine, replace(ben, zone=None, chat_zone="Asia/Seoul"))
    assert crowd(store, ann) == 2, "a chat profile leaves no mark"
    assert crowd(store, ann, MONDAY + timedelta(minutes=10)) == 1
