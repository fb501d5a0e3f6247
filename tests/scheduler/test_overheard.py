"""What people wrote during an outage counts once, however it reaches us."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.decision import NOTHING
from bot.events import Address, ByPerson, Platform, Said
from bot.ports import DeliveryError, Gone, Later, Outcome, Unreadable
from scheduler.overheard import LONGEST, REPEATED, Overheard
from scheduler.pace import Kind, Pace

NOW = datetime(2031, 1, 9, 18, tzinfo=UTC)
BROKE = NOW - timedelta(hours=6)


def at(user: str) -> Address:
    return Address(platform=Platform.SLACK, tenant="T1", user=user)


class Clock:
    def now(self) -> datetime:
        return NOW


class Slack:
    """Keeps what people wrote; the silence and the door, too."""

    def __init__(self) -> None:
        self.deaf: datetime | None = BROKE
        self.written: dict[str, list[tuple[str, datetime]]] = {}
        self.fails: dict[str, list[DeliveryError]] = {}
        self.read: list[str] = []
        self.taken = Counter[str]()

    def deaf_since(self) -> datetime | None:
        return self.deaf

    def heard(self, since: datetime) -> None:
        assert since == self.deaf
        self.deaf = None

    def asked(self, platform: Platform, limit: int) -> Sequence[Address]:
        return [at(user) for user in self.written][:limit]

    async def overheard(self, address: Address, *, since: datetime, now: datetime) -> Sequence[Said]:
        self.read.append(address.user)
        if self.fails.get(address.user):
            raise self.fails[address.user].pop(0)
        return [
            Said(id=f"overheard:{text}", at=now, by=address, text=text, message=text, overheard=True)
            for text, when in self.written[address.user]
            if when >= since
        ]

    async def receive(self, event: ByPerson) -> Outcome:
        self.taken[event.id] += 1
        return Outcome(known=True, decision=NOTHING if self.taken[event.id] == 1 else None)


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def room(slack: Slack) -> Overheard:
    return Overheard(slack, {Platform.SLACK: slack}, slack.asked, slack, Clock(), pace=Pace(), real=Clock())


async def test_what_was_written_since_the_silence_began_counts(slack: Slack, room: Overheard) -> None:
    slack.written = {
        "ana": [("on track", BROKE + timedelta(hours=1))],
        "ben": [("long ago", BROKE - timedelta(hours=1)), ("just before", BROKE - REPEATED + timedelta(seconds=1))],
    }
    assert await room.tick() == 2
    assert set(slack.taken) == {"overheard:on track", "overheard:just before"}
    assert await room.tick() is None
    assert slack.read == ["ana", "ben"], "and nobody is read again"


async def test_nothing_is_read_where_nothing_was_missed(slack: Slack, room: Overheard) -> None:
    slack.deaf, slack.written = None, {"ana": [("on track", NOW)]}
    assert await room.tick() is None
    assert slack.read == []


async def test_words_of_last_week_are_no_answer(slack: Slack, room: Overheard) -> None:
    slack.deaf = NOW - timedelta(days=30)
    slack.written = {"ana": [("old", NOW - LONGEST - timedelta(hours=1)), ("new", NOW - timedelta(hours=1))]}
    assert await room.tick() == 1
    assert set(slack.taken) == {"overheard:new"}


async def test_after_a_failure_the_rest_is_read(slack: Slack, room: Overheard) -> None:
    slack.written = {"ana": [("a", NOW)], "ben": [("b", NOW)], "joe": [("c", NOW)]}
    slack.fails = {"ben": [Later("http 503")]}
    assert await room.tick() is None
    assert slack.deaf is not None, "it is remembered that something is missing"
    assert await room.tick() == 3
    assert slack.read == ["ana", "ben", "ben", "joe"]


async def test_retry_after_is_obeyed(slack: Slack) -> None:
    pace = Pace()
    room = Overheard(slack, {Platform.SLACK: slack}, slack.asked, slack, Clock(), pace=pace, real=Clock())
    slack.written = {"ana": [("a", NOW)]}
    slack.fails = {"ana": [Later("ratelimited", seconds=30, whole_tenant=True)]}
    assert await room.tick() is None
    assert pace.gate(Platform.SLACK, "T1", Kind.READ).paused() > 29
    assert await room.tick() is None
    assert slack.read == ["ana"], "not asked again before the time is over"


@pytest.mark.parametrize(("error", "taken"), [(Gone("channel_not_found"), 2), (Unreadable("missing_scope"), 1)])
async def test_what_cannot_be_read_holds_nobody_up(slack: Slack, room: Overheard, error: DeliveryError, taken: int) -> None:
    slack.written = {"ana": [("a", NOW)], "ben": [("b", NOW)], "joe": [("c", NOW)]}
    slack.fails = {"ben": [error]}
    assert await room.tick() == taken
    assert slack.deaf is None


async def test_two_ticks_at_once_read_once(slack: Slack, room: Overheard) -> None:
    slack.written = {"ana": [("a", NOW)]}
    assert list(await asyncio.gather(room.tick(), room.tick())) == [1, None]
    assert slack.read == ["ana"]
