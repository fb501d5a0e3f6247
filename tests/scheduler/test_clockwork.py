"""Directory, heartbeat, watchdog, and waiting until it is quiet."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta

import pytest

from bot.decision import Decision, Lane, Message
from bot.events import Event, Introduced, Platform, Profile, Ticked
from bot.ports import Later
from bot.talk.cards import Card
from scheduler.directory import Account, Directory
from scheduler.heartbeat import Heartbeat, Tick
from scheduler.quiet import Quiet
from scheduler.sweep import Sweep
from scheduler.watchdog import Watchdog
from tests.fakes.gateway import RecordingGateway
from tests.scheduler.conftest import NOON, Begin, World, account, until


def changed(accounts: Sequence[Account]) -> Sequence[Account]:
    return [one for one in accounts if one[1].email != "stranger@example.com"]


def directory_of(
    world: World, *gateways: RecordingGateway, unlinked: Collection[str] = (), now: list[float] | None = None
) -> Directory:
    by_platform = {gateway.platform: gateway for gateway in gateways}
    time = now or [0.0]
    return Directory(by_platform, changed, lambda: unlinked, world.take, world.clock, monotonic=lambda: time[0])


def with_accounts(*names: str, platform: Platform = Platform.SLACK) -> RecordingGateway:
    gateway = RecordingGateway(platform)
    for name in names:
        email = f"{name}@example.com"
        gateway.accounts[email] = (account(name, platform), Profile(email=email))
    return gateway


def introduced(world: World) -> list[str]:
    return [str(event.profile.email) for event in world.taken if isinstance(event, Introduced)]


async def test_accounts_of_people_we_know_are_made_known(world: World) -> None:
    directory = directory_of(world, with_accounts("ada", "stranger", "bo"))
    assert await directory.run_once() == 2
    assert introduced(world) == ["ada@example.com", "bo@example.com"]


async def test_directory_is_read_at_the_start_hourly_and_after_an_import(world: World) -> None:
    now, gateway = [0.0], with_accounts("ada")
    directory = directory_of(world, gateway, now=now)
    await directory.tick()
    await directory.tick()
    assert gateway.listings == 1
    now[0] = 3600.0
    await directory.tick()
    assert gateway.listings == 2
    directory.changed()
    await directory.tick()
    assert gateway.listings == 3


async def test_directory_that_fails_is_read_again_soon_and_hides_no_other(world: World) -> None:
    now = [0.0]
    broken, well = with_accounts("ada"), with_accounts("bo", platform=Platform.TEAMS)
    broken.directory_error = Later("down")
    directory = directory_of(world, broken, well, now=now)
    await directory.tick()
    assert introduced(world) == ["bo@example.com"]
    broken.directory_error = None
    await directory.tick()
    assert broken.listings == 1
    now[0] = 61.0
    await directory.tick()
    assert "ada@example.com" in introduced(world)


async def test_directory_is_read_for_people_nobody_has_looked_for_yet(world: World) -> None:
    gateway, unlinked = with_accounts("ada"), set[str]()
    directory = directory_of(world, gateway, unlinked=unlinked)
    assert await directory.sync_if_needed() == 0
    assert gateway.listings == 0
    unlinked |= {"ada@example.com", "nobody@example.com"}
    assert await directory.sync_if_needed() == 1
    assert await directory.sync_if_needed() == 0
    assert gateway.listings == 1  # who was not found is not looked for again
    unlinked |= {"new@example.com"}
    await directory.sync_if_needed()
    assert gateway.listings == 2


async def test_failed_directory_counts_as_not_looked_at(world: World) -> None:
    gateway = with_accounts("ada")
    gateway.directory_error = Later("down")
    directory = directory_of(world, gateway, unlinked={"ada@example.com"})
    assert await directory.sync_if_needed() == 0
    gateway.directory_error = None
    assert await directory.sync_if_needed() == 1


async def test_heartbeat_ticks_and_survives_a_failing_tick() -> None:
    counts = {"good": 0, "bad": 0}

    async def good() -> None:
        counts["good"] += 1

    async def bad() -> None:
        counts["bad"] += 1
        raise RuntimeError("broken")

    heartbeat = Heartbeat([Tick(name="good", seconds=0.02, work=good), Tick(name="bad", seconds=0.02, work=bad)])
    heartbeat.start()
    await until(lambda: counts["good"] >= 3 and counts["bad"] >= 3)
    heartbeat.stop()
    seen = dict(counts)
    await asyncio.sleep(0.06)
    assert counts == seen


async def test_tick_at_work_is_not_started_twice() -> None:
    running, most = 0, 0

    async def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.07)
        running -= 1

    heartbeat = Heartbeat([Tick(name="slow", seconds=0.02, work=slow)])
    heartbeat.start()
    await asyncio.sleep(0.15)
    heartbeat.stop()
    assert most == 1


async def test_a_tick_that_the_end_cuts_short_is_no_error_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    heartbeat = Heartbeat([Tick(name="slow", seconds=30, work=slow)])
    heartbeat.start()
    await begun.wait()
    heartbeat.stop()
    await ended.wait()
    await asyncio.sleep(0.01)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_watchdog_names_the_loop_that_stands_still() -> None:
    now = [0.0]
    watchdog = Watchdog({"sweep": 30, "deliver": 60}, monotonic=lambda: now[0])
    now[0] = 29.0
    watchdog.beat("deliver")
    assert watchdog.standing() == {"sweep": None, "deliver": None}
    now[0] = 31.0
    standing = watchdog.standing()
    assert standing["deliver"] is None
    assert standing["sweep"] == "last completed 31 s ago, at most 30 s"


async def test_quiet_means_everything_due_was_decided_and_everything_said_delivered(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    deliver = begin(gateway)
    world.look("desk:ada", at=NOON)
    world.look("desk:bo", at=NOON + timedelta(hours=2))

    def decide(event: Event) -> Decision:
        if not isinstance(event, Ticked):
            return Decision()
        name = event.subject.partition(":")[2]
        card = Card(summary="hello", elements=())
        return Decision(messages=(Message(key=f"nudge:{name}", to=name, card=card, lane=Lane.NUDGE),))

    world.decide = decide
    sweep = Sweep(world.agenda, world.take, world.clock)
    quiet = Quiet(world.agenda, world.clock, sweep, deliver, directory_of(world, gateway))
    assert await quiet.reach(5.0)
    assert gateway.keys == ["nudge:ada"]
    world.clock.at = NOON + timedelta(hours=3)
    assert await quiet.reach(5.0)
    assert gateway.keys == ["nudge:ada", "nudge:bo"]


async def test_quiet_gives_up_on_a_turn_that_fails(world: World, begin: Begin) -> None:
    deliver = begin(RecordingGateway())
    world.look("desk:ada", at=NOON)

    def decide(event: Event) -> Decision:
        raise ValueError("broken")

    world.decide = decide
    sweep = Sweep(world.agenda, world.take, world.clock)
    quiet = Quiet(world.agenda, world.clock, sweep, deliver, directory_of(world))
    assert not await quiet.reach(5.0)
