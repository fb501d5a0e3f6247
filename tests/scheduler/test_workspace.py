"""A workspace that takes nothing from us rests by itself, and the queue goes on; urgent things go first all the same."""

import pytest
from sqlalchemy import Engine

from adapters.simulate.loop import VirtualLoop
from bot.decision import Lane, OnDoubt
from bot.events import Failure, Platform, Undelivered
from bot.ports import InDoubt, Later
from scheduler.pace import ALLOWANCES, Pace
from tests.scheduler.conftest import World
from tests.scheduler.virtual import Slow, begin, lived, people, say


def left(slack: Slow, tenant: str, start: float, end: float) -> int:
    return sum(start <= at < end for at, where, _ in slack.calls if where == tenant)


def test_a_workspace_with_a_broken_token_rests_and_no_other_notices(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        say(world, people(world, "broken", 150))
        say(world, people(world, "well", 150))
        slack = Slow()
        slack.errors["broken"] = Later("token_revoked", broken=True)
        pace = Pace(ALLOWANCES, monotonic=loop.time)
        life = begin(world, loop, slack, pace=pace)
        await life.passes(25)
        assert left(slack, "well", 0, 25) >= 0.95 * 25 * 291 / 60, "as fast as if it were alone"
        await life.passes(575)
        assert left(slack, "broken", 0, 600) <= 40, "a few looks whether it is mended"
        [rest] = pace.resting().values()
        assert (rest.reason, rest.broken) == ("token_revoked", True)
        assert world.outbox.waiting() == 150
        slack.errors.clear()
        await life.passes(900)
        assert pace.resting() == {}
        assert world.outbox.waiting() == 0
        assert sorted(slack.keys) == sorted(set(slack.keys)) and len(slack.keys) == 300
        await life.deliver.stop()

    lived(sqlite_engine, story)


def test_a_platform_that_does_not_answer_is_tried_by_a_few_messages_and_leaves_few_in_doubt(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        say(world, people(world, "T", 100))
        slack = Slow()
        slack.errors["T"] = InDoubt("503")
        life = begin(world, loop, slack)
        await life.passes(3600)
        assert len(slack.calls) <= 60 * 1.5
        slack.errors.clear()
        await life.passes(1200)
        assert len(slack.keys) == len(set(slack.keys))
        given_up = [one for one in world.reports() if isinstance(one, Undelivered)]
        assert {one.failure for one in given_up} <= {Failure.UNKNOWN}
        assert len(slack.keys) + len(given_up) == 100
        await life.deliver.stop()

    lived(sqlite_engine, story)


def test_a_message_that_alone_fails_as_a_broken_workspace_does_is_refused_in_the_end(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        names = people(world, "T", 40)
        say(world, names)
        slack = Slow()
        slack.will(*[Later("403", broken=True)] * 9, key="checkin:T-0")
        life = begin(world, loop, slack)
        await life.passes(3600)
        assert world.outbox.waiting() == 0
        assert world.state("checkin:T-0") == "refused"
        assert len(slack.keys) == 39
        await life.deliver.stop()

    lived(sqlite_engine, story)


@pytest.mark.parametrize(("platform", "slots"), [(Platform.SLACK, 2 * 60 / 291), (Platform.TEAMS, 2 / 40)])
def test_an_escalation_overtakes_everything_that_waits(sqlite_engine: Engine, platform: Platform, slots: float) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        names = people(world, "T", 1000, platform)
        say(world, names[1:])
        gateway = Slow(platform)
        life = begin(world, loop, gateway)
        await life.passes(4)
        said_at = loop.time()
        say(world, names[:1], lane=Lane.ESCALATION, what="escalation")
        await life.passes(1)
        assert gateway.when(f"escalation:{names[0]}") - said_at <= slots
        await life.deliver.stop()

    lived(sqlite_engine, story)


def test_an_escalation_waits_for_no_nudge_to_the_same_person(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        names = people(world, "T", 200)
        say(world, names)
        slack = Slow()
        life = begin(world, loop, slack)
        await life.passes(8)
        said_at, last = loop.time(), len(slack.calls)
        following = names[last : last + 5]  # some of them wait at the gate, the others in the outbox
        say(world, following, lane=Lane.ESCALATION, what="escalation")
        await life.passes(10)
        slowest = max(slack.when(f"escalation:{name}") - said_at for name in following)
        assert slowest <= (len(following) + 5) * 60 / 291 + slack.seconds
        await life.deliver.stop()

    lived(sqlite_engine, story)


def test_a_workspace_with_much_waiting_delays_no_other(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        say(world, people(world, "large", 2_000))
        slack = Slow()
        life = begin(world, loop, slack)
        await life.passes(10)
        small = people(world, "small", 10)
        began = loop.time()
        say(world, small)
        await life.passes(10)
        assert max(slack.when(f"checkin:{name}") - began for name in small) <= 10 * 60 / 291
        assert left(slack, "large", 10, 20) >= 0.95 * 10 * 291 / 60
        await life.deliver.stop()

    lived(sqlite_engine, story)


def test_the_whole_allowance_is_used_and_never_more(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        say(world, people(world, "T", 700))
        slack = Slow(seconds=1.5)
        life = begin(world, loop, slack)
        await life.passes(120)
        times = [at for at, _, _ in slack.calls]
        assert max(sum(at <= one < at + 60 for one in times) for at in times) <= 300
        assert len(times) >= 0.95 * 300 * 2
        await life.deliver.stop()

    lived(sqlite_engine, story)


def test_replicas_share_the_allowance_and_find_it_whole_again(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        say(world, people(world, "T", 1200))
        slack = Slow()
        lives = [begin(world, loop, slack)]
        await lives[0].passes(30)
        lives += [begin(world, loop, slack), begin(world, loop, slack)]
        for life in lives[1:]:
            life.deliver.share(3)
        await lives[0].passes(2)  # the oldest learns of them at its next beat
        lives[0].deliver.share(3)
        for _ in range(45):
            for life in lives:
                await life.passes(1)
        for life in lives[1:]:
            await life.deliver.stop()
        lives[0].deliver.share(1)
        begun = loop.time()
        await lives[0].passes(60)
        times = [at for at, _, _ in slack.calls]
        assert max(sum(at <= one < at + 60 for one in times) for at in times) <= 300
        assert left(slack, "T", begun + 10, begun + 60) >= 0.9 * 50 / 60 * 291
        assert left(slack, "T", 100, 160) >= 0.9 * 291, "three shares are a whole"
        await lives[0].deliver.stop()

    lived(sqlite_engine, story)


@pytest.mark.parametrize("reads", [True, False])
def test_what_is_in_doubt_is_sent_again_only_so_often_however_often_the_process_dies(sqlite_engine: Engine, reads: bool) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        people(world, "T", 1)
        world.say("escalation:1", "T-0", lane=Lane.ESCALATION, on_doubt=OnDoubt.RESEND)
        slack = Slow(can_read_back=reads)
        slack.errors["T"] = InDoubt("504")
        for _ in range(12):
            life = begin(world, loop, slack)
            await life.passes(0.1)
            life.kill()  # in the middle of the call
            await life.passes(300)
        assert len(slack.calls) == (1 + 3 if reads else 1 + 1)
        life = begin(world, loop, slack)
        await life.passes(300)
        await life.deliver.stop()
        [report] = world.reports()
        assert isinstance(report, Undelivered) and report.failure is Failure.UNKNOWN

    lived(sqlite_engine, story)


def test_reading_back_keeps_to_its_own_allowance_and_holds_up_nobody(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        say(world, people(world, "T", 300))
        assert len(world.outbox.claim(now=world.clock.now(), limit=200)) == 200  # and the process dies
        say(world, people(world, "U", 1) + people(world, "T2", 1), what="later")
        slack = Slow()
        life = begin(world, loop, slack)
        await life.passes(1)
        assert slack.calls, "others go at once"
        await life.passes(125)
        begun = len(slack.looked_for)
        await life.passes(60)
        assert len(slack.looked_for) - begun <= 60
        await life.passes(600)
        assert world.outbox.waiting() == 0
        assert len(slack.keys) == len(set(slack.keys)) == 302
        await life.deliver.stop()

    lived(sqlite_engine, story)
