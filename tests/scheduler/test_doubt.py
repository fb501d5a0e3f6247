"""Messages that perhaps arrived: settle, read back, and only then decide; a crash loses and repeats nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.decision import Decision, Link, OnDoubt
from bot.events import Delivered, Failure, Platform, Profile
from bot.ports import InDoubt, Later, Refused, Unreadable
from bot.talk.cards import Card
from storage.engine import writing
from storage.schema import address
from storage.settle import GONE_LIMIT
from tests.fakes.gateway import Lost, RecordingGateway
from tests.scheduler.conftest import GIVE_UP, NOON, Begin, World, account, failure_of, until


async def test_lost_answer_is_read_back_and_not_sent_again(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(Lost(InDoubt("connection reset")))
    deliver = begin(gateway)
    world.say("hello")
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["hello"]
    assert gateway.looked_for == ["hello"]
    assert isinstance(world.reports()[0], Delivered)


async def test_doubtful_and_not_found_is_sent_again(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(InDoubt("connection reset"))
    deliver = begin(gateway)
    world.say("hello")
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == ["hello", "hello"]
    assert gateway.keys == ["hello"]


async def test_read_back_waits_for_the_settle_time(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(Lost(InDoubt("timeout")))
    deliver = begin(gateway, settle_seconds=3600)
    world.say("hello")
    await until(lambda: world.state("hello") == "unknown")
    world.real.ahead = timedelta(minutes=50)
    assert await deliver.drain(GIVE_UP)
    assert gateway.looked_for == []
    world.real.ahead = timedelta(minutes=61)
    assert await deliver.drain(GIVE_UP)
    assert gateway.looked_for == ["hello"] and world.state("hello") == "sent"


async def test_doubt_without_read_back_drops_what_may_not_repeat(world: World, begin: Begin) -> None:
    gateway = RecordingGateway(can_read_back=False)
    gateway.will(InDoubt("504"))
    deliver = begin(gateway)
    world.say("nudge", on_doubt=OnDoubt.DROP)
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == ["nudge"]
    assert failure_of(world)[0] is Failure.UNKNOWN


async def test_doubt_without_read_back_resends_once_what_must_arrive(world: World, begin: Begin) -> None:
    gateway = RecordingGateway(can_read_back=False)
    gateway.will(InDoubt("504"), InDoubt("504"))
    deliver = begin(gateway)
    world.say("escalation", on_doubt=OnDoubt.RESEND)
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == ["escalation", "escalation"]
    assert failure_of(world)[0] is Failure.UNKNOWN


def twice(to: str, card: Card) -> Card:
    return replace(card, summary=f"{card.summary}, {to}, perhaps twice")


@pytest.mark.parametrize("can_read_back", [False, True])
async def test_what_may_be_there_already_says_so_when_it_is_sent_again(world: World, begin: Begin, can_read_back: bool) -> None:
    gateway = RecordingGateway(can_read_back=can_read_back)
    gateway.will(InDoubt("504"))
    deliver = begin(gateway, twice=twice)
    world.say("escalation", on_doubt=OnDoubt.RESEND)
    assert await deliver.drain(GIVE_UP)
    [seen] = gateway.arrived
    assert seen.card.summary == ("hello" if can_read_back else "hello, ada, perhaps twice")


async def test_doubt_about_an_account_that_is_given_up_since_stays_a_doubt(world: World, begin: Begin) -> None:
    """Found by the simulator (seed 33033): nothing in the account that is left says that nothing arrived in the other."""
    slack, teams = RecordingGateway(Platform.SLACK), RecordingGateway(Platform.TEAMS, can_read_back=False)
    teams.will(Lost(InDoubt("reset")))
    world.add("cy", account("cy", Platform.TEAMS))
    deliver = begin(slack, teams, settle_seconds=3600)
    world.say("nudge", "cy", on_doubt=OnDoubt.DROP)
    await until(lambda: world.state("nudge") == "unknown")
    with writing(world.engine) as connection:
        connection.execute(update(address).values(gone_count=GONE_LIMIT).where(address.c.platform == Platform.TEAMS))
    world.write(Decision(links=(Link(address=account("cy", Platform.SLACK), person_id="cy"),)))
    world.real.ahead = timedelta(hours=2)
    assert await deliver.drain(GIVE_UP)
    assert teams.keys == ["nudge"] and slack.tried == []
    assert failure_of(world) == (Failure.UNKNOWN, "perhaps delivered, nobody can read back")


async def test_doubt_about_an_account_that_is_given_up_since_is_settled_there(world: World, begin: Begin) -> None:
    slack, teams = RecordingGateway(Platform.SLACK), RecordingGateway(Platform.TEAMS)
    slack.will(Lost(InDoubt("reset")))
    world.add("cy", account("cy", Platform.SLACK))
    deliver = begin(slack, teams, settle_seconds=3600)
    world.say("nudge", "cy")
    await until(lambda: world.state("nudge") == "unknown")
    with writing(world.engine) as connection:
        connection.execute(update(address).values(gone_count=GONE_LIMIT).where(address.c.platform == Platform.SLACK))
    world.write(Decision(links=(Link(address=account("cy", Platform.TEAMS), person_id="cy"),)))
    world.real.ahead = timedelta(hours=2)
    assert await deliver.drain(GIVE_UP)
    assert slack.looked_for == ["nudge"] and slack.keys == ["nudge"] and teams.tried == []
    assert world.state("nudge") == "sent"


async def test_refused_after_a_doubt_that_nobody_can_settle_is_still_perhaps_delivered(world: World, begin: Begin) -> None:
    gateway = RecordingGateway(can_read_back=False)
    gateway.will(InDoubt("504"), Refused("invalid_blocks"))
    deliver = begin(gateway)
    world.say("escalation", on_doubt=OnDoubt.RESEND)
    assert await deliver.drain(GIVE_UP)
    assert failure_of(world) == (Failure.UNKNOWN, "perhaps delivered, then refused: invalid_blocks")


async def test_what_nobody_may_read_back_is_dropped_like_where_nobody_can(world: World, begin: Begin) -> None:
    gateway = RecordingGateway(find_error=Unreadable("missing_scope"))
    gateway.will(Lost(InDoubt("reset")))
    deliver = begin(gateway)
    world.say("post", on_doubt=OnDoubt.DROP)
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == ["post"] and gateway.looked_for == ["post"]
    assert failure_of(world)[0] is Failure.UNKNOWN


async def test_failing_read_back_keeps_the_doubt(world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.post.BACKOFF", 0.02)
    gateway = RecordingGateway(find_error=Later("ratelimited", seconds=0.02))
    gateway.will(Lost(InDoubt("reset")))
    deliver = begin(gateway)
    world.say("hello")
    await until(lambda: len(gateway.looked_for) >= 2)
    gateway.find_error = None
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["hello"]


async def test_gateway_that_fails_as_nobody_foresaw_leaves_a_doubt(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(Lost(KeyError("ts")))
    deliver = begin(gateway)
    world.say("hello")
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["hello"]
    assert isinstance(world.reports()[0], Delivered)


async def test_process_that_died_before_sending_loses_nothing(world: World, begin: Begin) -> None:
    world.say("hello")
    assert len(world.outbox.claim(now=NOON, limit=10)) == 1  # and the process dies here
    gateway = RecordingGateway()
    deliver = begin(gateway)
    await asyncio.sleep(0.03)
    assert gateway.tried == []
    world.real.ahead = timedelta(minutes=10)
    assert await deliver.drain(GIVE_UP)
    assert gateway.looked_for == ["hello"]
    assert gateway.keys == ["hello"]


async def test_process_that_died_before_it_had_found_the_account_loses_nothing(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.accounts["cy@example.com"] = (account("cy"), Profile(email="cy@example.com"))
    world.add("cy")
    world.say("hello", "cy")
    assert len(world.outbox.claim(now=NOON, limit=10)) == 1  # and the process dies here
    world.real.ahead = timedelta(minutes=10)
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert gateway.looked_for == ["hello"]
    assert gateway.keys == ["hello"]


async def test_whoever_has_no_account_any_more_may_have_got_what_is_in_doubt(world: World, begin: Begin) -> None:
    world.add("cy")
    world.say("hello", "cy")
    assert len(world.outbox.claim(now=NOON, limit=10)) == 1  # and the process dies here
    world.real.ahead = timedelta(minutes=10)
    deliver = begin(RecordingGateway())
    assert await deliver.drain(GIVE_UP)
    assert failure_of(world)[0] is Failure.UNKNOWN


async def test_process_that_died_after_sending_repeats_nothing(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    world.say("hello")
    [parcel] = world.outbox.claim(now=NOON, limit=10)
    await gateway.send(parcel.addresses[0], parcel.card, key=parcel.key)
    world.real.ahead = timedelta(minutes=10)
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["hello"]
    assert isinstance(world.reports()[0], Delivered)
