"""Which teams have the app, where a tenant is now, and messages that are edited where their person is now."""

from dataclasses import replace

from sqlalchemy import Engine, select

from bot.decision import Decision, Link
from bot.events import Address, Delivered, Introduced, Platform, Profile, Receipt, Said
from storage.outbox import SqlOutbox
from storage.rosters import SqlRosters
from storage.schema import address
from storage.store import SqlStore
from tests.storage.seeds import MONDAY, HandClock, event_of, message, person, put, store_on

WEB = Address(platform=Platform.TEAMS, tenant="t1", user="19:web", route={"service_url": "https://old.example/"})
ADA = person("ada")
OLD = Address(
    platform=Platform.TEAMS, tenant="t1", user="29:ada", route={"service_url": "https://old.example/", "conversation": "a:1"}
)
NEW = replace(OLD, route={"service_url": "https://new.example/", "conversation": "a:1"})


def speaks(store: SqlStore, at: Address, id: str) -> None:
    event = Said(id=id, at=MONDAY, by=at, text="hello")
    with store.work() as work:
        assert work.accept(event)
        assert work.situation(event) is not None
        work.apply(event, Decision())


def test_a_team_has_the_app_until_it_is_taken_away_and_its_newest_way_counts(engine: Engine) -> None:
    rosters = SqlRosters(engine)
    assert rosters.all() == []
    rosters.add(WEB)
    rosters.add(replace(WEB, tenant="t2"))
    rosters.add(replace(WEB, route={"service_url": "https://new.example/"}))
    assert [(one.tenant, one.user, one.route["service_url"]) for one in rosters.all()] == [
        ("t1", "19:web", "https://new.example/"),
        ("t2", "19:web", "https://old.example/"),
    ]
    rosters.remove(WEB)
    rosters.remove(WEB)
    assert [one.tenant for one in rosters.all()] == ["t2"]


def test_a_tenant_is_where_its_newest_activity_came_from(engine: Engine) -> None:
    rosters, store = SqlRosters(engine), store_on(engine)
    assert rosters.service_url("t1") == ""
    rosters.add(replace(WEB, route={"service_url": "https://team.example/"}))
    assert rosters.service_url("t1") == "https://team.example/"
    put(engine, ADA, links=[(OLD, ADA)])
    speaks(store, NEW, "s1")
    assert rosters.service_url("t1") == "https://new.example/"
    assert rosters.service_url("t2") == ""


def test_whoever_writes_in_a_channel_still_has_their_own_chat(engine: Engine) -> None:
    put(engine, ADA, links=[(OLD, ADA)])
    there = {"service_url": "https://new.example/", "seen_in": "19:web"}
    store = store_on(engine)
    speaks(store, replace(OLD, route=there), "s1")
    introduced = Introduced(id="i1", at=MONDAY, by=replace(OLD, route=there), profile=Profile(email=ADA.email))
    with store.work() as work:
        assert work.situation(introduced) is not None
        work.apply(introduced, Decision(links=(Link(address=introduced.by, person_id=ADA.id),)))
    with engine.connect() as connection:
        assert connection.scalars(select(address.c.route)).all() == [{"conversation": "a:1", **there}]


def test_who_had_the_app_is_known_by_e_mail_also_after_they_took_it_away(engine: Engine) -> None:
    rosters = SqlRosters(engine)
    assert not rosters.has_account(ADA.email)
    put(engine, ADA, links=[(OLD, ADA)])
    with store_on(engine).work() as work:
        work.apply(event_of("gone"), Decision(gone=(OLD,)))
    assert rosters.has_account(ADA.email.upper())
    with engine.connect() as connection:
        assert [row.gone_count for row in connection.execute(address.select())] == [3]


def test_a_message_is_edited_where_its_person_is_now(engine: Engine) -> None:
    store, outbox = store_on(engine), SqlOutbox(engine, HandClock())
    put(engine, ADA, links=[(OLD, ADA)], messages=[message("k", ADA)])
    (parcel,) = outbox.claim(now=MONDAY, limit=1)
    receipt = Receipt(address=OLD, place="a:1", id="m1")
    arrived = Delivered(id="d", at=MONDAY, key="k", fence=parcel.fence, revision=1, receipt=receipt)
    with store.work() as work:
        assert work.accept(arrived)
    speaks(store, NEW, "s1")
    put(engine, messages=[message("k", ADA, "changed")])
    (again,) = outbox.claim(now=MONDAY, limit=1)
    assert again.receipt is not None
    assert (again.receipt.place, again.receipt.id) == ("a:1", "m1")
    assert again.receipt.address.route["service_url"] == "https://new.example/"
