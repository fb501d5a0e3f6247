"""A team's channel in the database: who opened it locks it, its messages find it, and old messages survive the move to it."""

from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from bot.decision import Decision
from bot.events import Address, Delivered, Platform, Receipt, Said, Ticked
from bot.model import Channel
from bot.ports import Conflict
from storage import channels, effects
from storage.desk import Desk, find_desk
from storage.engine import open_engine, writing
from storage.migrate import configuration, migrate
from storage.reports import SqlReports
from tests.storage.seeds import MONDAY, message, outbox_on, person, put, slack

ANNA, BEN, CARL = person("anna", team="Web"), person("ben", team="Web", manager_id=None), person("carl", team="Sales")
PLACE = Address(platform=Platform.SLACK, tenant="T1", user="C1", route={"team_channel": "C1"})
WEB = Channel(
    team="Web", platform=PLACE.platform, tenant=PLACE.tenant, place=PLACE.user, route=PLACE.route, opened_by=ANNA.id, at=MONDAY
)


def said(words: str = "/team post here", **more: object) -> Said:
    return Said(id="s", at=MONDAY, by=slack("UA"), text=words, **more)  # type: ignore[arg-type]


def saved(engine: Engine, channel: Channel) -> None:
    with writing(engine) as connection:
        effects.write(connection, said(), Decision(changes=(channel,)))


@pytest.fixture
def company(engine: Engine) -> Engine:
    put(engine, ANNA, BEN, CARL, links=[(slack("UA"), ANNA)])
    saved(engine, WEB)
    return engine


def test_a_message_to_a_team_goes_to_its_channel(company: Engine) -> None:
    put(company, messages=[replace(message("post", ANNA), to="team:Web")])
    [parcel] = outbox_on(company).claim(now=MONDAY, limit=10)
    assert (parcel.to, parcel.email, parcel.addresses) == ("team:Web", "", (PLACE,))
    assert parcel.addresses[0].route == PLACE.route


def test_a_channel_that_is_off_is_no_address(company: Engine) -> None:
    saved(company, replace(WEB, on=False))
    put(company, messages=[replace(message("post", ANNA), to="team:Web")])
    [parcel] = outbox_on(company).claim(now=MONDAY, limit=10)
    assert parcel.addresses == ()


def test_two_messages_to_one_channel_go_one_after_the_other(company: Engine) -> None:
    put(company, messages=[replace(message(key, ANNA), to="team:Web") for key in ("one", "two")])
    assert [parcel.key for parcel in outbox_on(company).claim(now=MONDAY, limit=10)] == ["one"]
    assert outbox_on(company).claim(now=MONDAY, limit=10) == ()


def test_what_becomes_of_it_is_decided_where_it_was_opened(company: Engine) -> None:
    put(company, messages=[replace(message("post", ANNA), to="team:Web")])
    desk = Desk(person_id=ANNA.id, owed_to=ANNA.id, team="Web")
    receipt = Receipt(address=PLACE, place="C1", id="1.1")
    arrived = Delivered(id="d", at=MONDAY, key="post", fence=1, revision=1, receipt=receipt)
    with company.begin() as connection:
        assert find_desk(connection, Ticked(id="t", at=MONDAY, subject="team:Web", due=MONDAY, fence=1)) == desk
        assert find_desk(connection, Ticked(id="t", at=MONDAY, subject="team:None", due=MONDAY, fence=1)) is None
        assert find_desk(connection, arrived) == replace(desk, asked_key="post")
        own = Desk(person_id=ANNA.id, actor_id=ANNA.id, owed_to=ANNA.id, team="Web")
        assert find_desk(connection, said()) == own
        assert find_desk(connection, said("/team post off sales")) == replace(own, owed_to="", team="Sales")
        assert find_desk(connection, said("/team post off nowhere")) == replace(own, owed_to="", team="")


def test_a_channel_that_changed_hands_meanwhile_is_decided_again(company: Engine) -> None:
    with company.begin() as connection, pytest.raises(Conflict):
        channels.load(connection, said(), "Web", BEN.id, "Web")


def test_outsiders_read_where_a_message_went(company: Engine) -> None:
    put(company, messages=[replace(message("post", ANNA), to="team:Web"), message("own", ANNA)])
    assert {item["key"]: item["person"] for item in SqlReports(company).outbox().items} == {"post": "team:Web", "own": ANNA.email}


def test_messages_of_the_release_before_survive(tmp_path: Path) -> None:
    """SQLite makes the outbox anew: nothing in it may be lost."""
    old = open_engine(f"sqlite:///{tmp_path}/old.db")
    with writing(old) as connection:
        command.upgrade(configuration(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO person (id, email, folded_email, name, department, team, role, known_since, welcomed, absences,"
                " mutes) VALUES ('p1', 'a@b.example', 'a@b.example', 'A', '', '', '',"
                " '2026-11-23T08:00:00.000000Z', 1, '[]', '[]')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO outbox (key, recipient_id, card, lane, rule, subjects, facts, policy, on_doubt, revision,"
                " sent_revision, state, fence, attempt, decided_at, place, reason) VALUES ('k', 'p1', '{\"summary\": \"s\","
                " \"elements\": []}', 2, 'goal.stalled', '[\"goal:O1\"]', '{}', 3, 'drop', 2, 2, 'sent', 4, 0,"
                " '2026-11-23T08:00:00.000000Z', 0, '')"
            )
        )
    migrate(old)
    [row] = SqlReports(old).outbox().items
    assert (row["key"], row["person"], row["state"], row["revision"], row["policy"]) == ("k", "a@b.example", "sent", 2, 3)
    old.dispose()
