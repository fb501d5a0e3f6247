"""Accounts as directories list them: several of one person, directories that disagree, one that was nobody's for a while."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, Table, func, select

from bot.decision import Decision, Unlink
from bot.events import Address, Platform, Profile
from storage.directory import SqlDirectory
from storage.schema import identity, ledger, person
from tests.storage import seeds
from tests.storage.seeds import MONDAY, event_of, put, store_on

ANNA, BEN = seeds.person("anna"), seeds.person("ben")
HERE, THERE = (Address(platform=Platform.SLACK, tenant=tenant, user="UA", route={}) for tenant in ("T1", "T2"))
BERLIN = Profile(email="Anna@acme.example", zone="Europe/Berlin", locale="de")
SEOUL = Profile(email="anna@acme.example", zone="Asia/Seoul", locale="ko")


def directory(engine: Engine) -> SqlDirectory:
    return SqlDirectory(engine, seeds.HandClock())


def read(engine: Engine, *told: tuple[Address, Profile]) -> int:
    """One reading of everything, as of a large company; how many accounts said something new."""
    books = directory(engine)
    return books.link_all(books.changed_accounts(told), MONDAY)


def anna(engine: Engine) -> tuple[str, str]:
    with engine.connect() as connection:
        one = connection.execute(select(person.c.chat_zone, person.c.chat_locale).where(person.c.id == ANNA.id)).one()
    return one.chat_zone, one.chat_locale


def count(engine: Engine, table: Table) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_all_accounts_of_a_person_are_linked_at_once(engine: Engine) -> None:
    put(engine, ANNA, BEN)
    assert read(engine, (HERE, BERLIN), (replace(HERE, user="UX"), Profile(email="stranger@acme.example")), (THERE, SEOUL)) == 2
    linked = directory(engine).linked
    assert linked(Platform.SLACK, "T1") == linked(Platform.SLACK, "T2") == {"UA": ("anna@acme.example", "anna@acme.example")}


def test_directories_that_disagree_change_nobody_at_each_reading(engine: Engine) -> None:
    put(engine, ANNA)
    read(engine, (HERE, BERLIN), (THERE, SEOUL))
    assert anna(engine) == ("Europe/Berlin", "de")
    lines = count(engine, ledger)
    for told in (((HERE, BERLIN), (THERE, SEOUL)), ((THERE, SEOUL), (HERE, BERLIN)), ((THERE, SEOUL),)):
        assert read(engine, *told) == 0
    assert (anna(engine), count(engine, ledger)) == (("Europe/Berlin", "de"), lines)


def test_where_somebody_was_last_says_zone_and_language(engine: Engine) -> None:
    put(engine, ANNA)
    read(engine, (HERE, BERLIN), (THERE, SEOUL))
    for hours, one in enumerate((HERE, THERE)):
        with store_on(engine).work() as work:
            work.apply(seeds.said(one, id=one.tenant, at=MONDAY + timedelta(hours=hours)), Decision())
    assert read(engine, (HERE, BERLIN), (THERE, SEOUL)) == 1
    assert anna(engine) == ("Asia/Seoul", "ko")
    assert read(engine, (THERE, SEOUL), (HERE, BERLIN)) == 0


def test_what_was_remembered_of_an_account_that_comes_back_is_over(engine: Engine) -> None:
    put(engine, ANNA, links=[(HERE, ANNA)])
    with store_on(engine).work() as work:
        gone = Unlink(address=HERE, person_id=ANNA.id, email="anna.new@acme.example")
        work.apply(event_of("gone"), Decision(unlinks=(gone,)))
    assert count(engine, identity) == 1
    assert read(engine, (HERE, BERLIN)) == 1
    assert count(engine, identity) == 0


def test_a_new_account_is_linked_without_changing_where_its_person_is(engine: Engine) -> None:
    put(engine, ANNA)
    read(engine, (HERE, BERLIN))
    assert read(engine, (THERE, SEOUL), (HERE, BERLIN)) == 1
    assert anna(engine) == ("Europe/Berlin", "de")
    assert "UA" in directory(engine).linked(Platform.SLACK, "T2")
