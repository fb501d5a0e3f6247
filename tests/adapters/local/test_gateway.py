"""The playground's chat keeps what it promises to `deliver`."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from adapters.local.gateway import KEPT, Heard, LocalGateway, Posted, address_of
from bot.events import Platform, Receipt
from bot.ports import Gateway, Refused
from tests.adapters.local.stage import CHECKIN, LENA, START, WHY, HandClock


@pytest.fixture
def gateway() -> LocalGateway:
    return LocalGateway(HandClock())


def _last(gateway: LocalGateway) -> Posted:
    line = gateway.lines(LENA)[-1]
    assert isinstance(line, Posted)
    return line


async def test_a_message_is_posted_once_and_edited_in_place(gateway: LocalGateway) -> None:
    out: Gateway = gateway
    receipt = await out.send(address_of(LENA), CHECKIN, key="k1")
    assert _last(gateway).at == START
    assert await out.edit(receipt, WHY, key="k1") == receipt
    assert (len(gateway.lines(LENA)), _last(gateway).revision, _last(gateway).card) == (1, 1, WHY)
    await out.edit(receipt, WHY, key="k1")
    assert _last(gateway).revision == 1
    posted = gateway.posted("k1")
    assert posted is not None
    assert posted.id == receipt.id


async def test_a_message_that_is_not_there_cannot_be_edited(gateway: LocalGateway) -> None:
    with pytest.raises(Refused):
        await gateway.edit(Receipt(address=address_of(LENA), place=LENA, id="m9"), WHY, key="k1")


async def test_a_message_can_be_read_back_by_its_key(gateway: LocalGateway) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    receipt = await gateway.send(address_of(LENA), CHECKIN, key="k1")
    assert await gateway.find(address_of(LENA), key="k1", since=before) == receipt
    assert await gateway.find(address_of(LENA), key="k2", since=before) is None
    assert await gateway.find(address_of(LENA), key="k1", since=before + timedelta(hours=1)) is None


async def test_everybody_has_an_account_whatever_the_case_of_their_address(gateway: LocalGateway) -> None:
    found = await gateway.locate("Lena.Fischer@Halden.example")
    assert found is not None
    address, profile = found
    assert (address.platform, address.user, profile.email) == (Platform.LOCAL, LENA, "Lena.Fischer@Halden.example")
    told = await gateway.profile(address)
    assert told is not None
    assert told.email == LENA
    assert await gateway.directory() == ()


async def test_the_same_line_said_twice_is_one_line(gateway: LocalGateway) -> None:
    for _ in range(2):
        gateway.hear(LENA, Heard(id="h1", text="all on track", at=START))
    assert len(gateway.lines(LENA)) == 1


async def test_unread_counts_what_rondo_wrote_until_somebody_looks(gateway: LocalGateway) -> None:
    await gateway.send(address_of(LENA), CHECKIN, key="k1")
    gateway.hear(LENA, Heard(id="h1", text="hello", at=START))
    assert gateway.unread(LENA) == 1
    gateway.read(LENA)
    assert gateway.unread(LENA) == 0


async def test_who_looks_on_hears_of_every_conversation_once_however_slow(gateway: LocalGateway) -> None:
    async with gateway.watch() as watch:
        assert await watch.changes(0.01) == ()
        for number in range(3):
            await gateway.send(address_of(LENA), CHECKIN, key=f"k{number}")
        await gateway.send(address_of("b@halden.example"), CHECKIN, key="k9")
        assert await watch.changes(1) == (LENA, "b@halden.example")
        waiting = asyncio.create_task(watch.changes(5))
        await asyncio.sleep(0)
        gateway.hear(LENA, Heard(id="h1", text="hello", at=START))
        assert await waiting == (LENA,)


async def test_a_long_conversation_forgets_its_beginning(gateway: LocalGateway) -> None:
    for number in range(KEPT + 5):
        await gateway.send(address_of(LENA), WHY, key=f"k{number}")
    assert len(gateway.lines(LENA)) == KEPT
    assert gateway.posted("k0") is None
    assert gateway.posted("k5") is not None
