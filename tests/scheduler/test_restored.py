"""What a database that is lost may have sent is looked for, whatever its key ends with; where nobody can look it stays unsent."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.decision import Lane, OnDoubt
from bot.events import Delivered, Failure
from bot.ports import Unreadable, stem_of
from storage.engine import writing
from storage.schema import outbox
from tests.fakes.gateway import RecordingGateway
from tests.scheduler.conftest import GIVE_UP, Begin, World, failure_of

BEFORE, AFTER = "escalation:E1:dana:2:20310109T100000", "escalation:E1:dana:2:20310109T110000"


def lost(world: World, key: str, **terms: object) -> None:
    """A message of a restored database: perhaps the lost one sent it."""
    world.say(key, **terms)  # type: ignore[arg-type]
    now = datetime.now(UTC)
    with writing(world.engine) as connection:
        doubt = {"doubtful_since": now - timedelta(hours=1), "lost_until": now}
        connection.execute(update(outbox).where(outbox.c.key == key).values(**doubt))


async def already_sent(world: World, gateway: RecordingGateway, key: str) -> None:
    world.say(key)
    [parcel] = world.outbox.claim(now=world.clock.now(), limit=1)
    await gateway.send(parcel.addresses[0], parcel.card, key=key)
    with writing(world.engine) as connection:
        connection.execute(outbox.delete())


@pytest.mark.parametrize("sent", [AFTER, BEFORE])
async def test_what_was_sent_is_found_and_brought_up_to_date(world: World, begin: Begin, sent: str) -> None:
    """The key of a request for a decision ends with its instant, and the second time that is another one."""
    gateway = RecordingGateway()
    await already_sent(world, gateway, sent)
    lost(world, AFTER, words="as it is now")
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == [sent]
    [edit] = [seen for seen in gateway.arrived if seen.edit]
    assert edit.card.summary == "as it is now"
    assert isinstance(world.reports()[0], Delivered) and world.state(AFTER) == "sent"


async def test_what_was_not_sent_is_sent(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    lost(world, AFTER)
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert (gateway.looked_for, gateway.keys) == ([AFTER], [AFTER])


@pytest.mark.parametrize("on_doubt", list(OnDoubt))
async def test_where_nobody_can_look_it_is_not_sent_whatever_it_is(world: World, begin: Begin, on_doubt: OnDoubt) -> None:
    gateway = RecordingGateway(can_read_back=False)
    lost(world, AFTER, on_doubt=on_doubt, lane=Lane.ESCALATION)
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == []
    assert failure_of(world) == (Failure.UNKNOWN, "perhaps sent before the database was restored, and nobody can read back")


async def test_a_channel_nobody_may_read_counts_as_unreadable(world: World, begin: Begin) -> None:
    gateway = RecordingGateway(find_error=Unreadable("missing_scope"))
    lost(world, "team.post:Web:2031-W02")
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == [] and failure_of(world)[0] is Failure.UNKNOWN


def test_the_stem_of_a_key_leaves_out_the_instant_and_nothing_else() -> None:
    assert stem_of(AFTER) == stem_of(BEFORE) == "escalation:E1:dana:2"
    assert stem_of("reminder:ana/2031-W02:1:091000") == "reminder:ana/2031-W02:1"
    for key in ("checkin:ana/2031-W02:1", "goal.stalled.owner:ana:O1:2030-12-01:1", "welcome:ana", "team.post:Web:2031-W02"):
        assert stem_of(key) == key
