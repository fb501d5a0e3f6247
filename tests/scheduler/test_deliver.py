"""Outbox → gateways: at once, in the right order, once, and never lost."""

import asyncio
import time
from datetime import timedelta

import pytest

from bot.decision import Lane
from bot.events import Delivered, Failure, Introduced, Platform, Profile
from bot.ports import DeliveryError, Gone, InDoubt, Later, Refused
from scheduler.pace import Allowance, Kind, Pace
from tests.fakes.gateway import Lost, RecordingGateway
from tests.scheduler.conftest import GIVE_UP, NOON, Begin, World, account, failure_of, quick_pace, until


async def test_newly_committed_message_leaves_at_once_without_a_heartbeat(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    begin(gateway)
    await asyncio.sleep(0.03)  # nothing to do: it rests
    await asyncio.to_thread(world.say, "hello")
    await until(lambda: world.state("hello") == "sent")  # there is no heartbeat here: only being woken does it
    assert gateway.keys == ["hello"]
    await until(world.reports)
    [report] = world.reports()
    assert isinstance(report, Delivered)
    assert report.receipt.id == "id-hello"


async def test_what_was_waiting_before_the_start_is_sent(world: World, begin: Begin) -> None:
    world.say("old")
    gateway = RecordingGateway()
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["old"]


async def test_replies_go_before_escalations_before_nudges(world: World, begin: Begin) -> None:
    for number, lane in enumerate([Lane.NUDGE, Lane.ESCALATION, Lane.REPLY]):
        world.say(f"{lane.value}:{number}", "ada" if number % 2 else "bo", lane=lane)
    world.add("cy", account("cy"))
    world.say("nudge:late", "cy")
    gateway = RecordingGateway()
    deliver = begin(gateway, pace=quick_pace(local=200))
    assert await deliver.drain(GIVE_UP)
    assert [key.split(":")[0] for key in gateway.keys] == ["reply", "escalation", "nudge", "nudge"]


async def test_urgent_message_overtakes_those_that_wait_at_the_gate(world: World, begin: Begin) -> None:
    for number in range(10):
        world.add(f"p{number}", account(f"p{number}"))
        world.say(f"nudge:{number}", f"p{number}")
    gateway = RecordingGateway()
    deliver = begin(gateway, pace=quick_pace(local=20))
    await until(lambda: gateway.keys)
    world.say("urgent", "ada", lane=Lane.ESCALATION)
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys.index("urgent") <= 3


async def test_one_person_gets_one_message_at_a_time_in_order(world: World, begin: Begin) -> None:
    gateway, gate = RecordingGateway(), asyncio.Event()
    gateway.will(gate, key="first")
    deliver = begin(gateway)
    world.say("first")
    await gateway.entered.wait()
    world.say("second")
    world.say("other", "bo")
    await until(lambda: "other" in gateway.keys)
    assert "second" not in gateway.tried
    gate.set()
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["other", "first", "second"]


async def test_edit_goes_to_the_same_message(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    deliver = begin(gateway)
    world.say("card", words="before")
    assert await deliver.drain(GIVE_UP)
    world.say("card", words="after")
    assert await deliver.drain(GIVE_UP)
    assert [(seen.card.summary, seen.edit) for seen in gateway.arrived] == [("before", False), ("after", True)]


async def test_edit_of_a_message_that_is_gone_is_reported_gone(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    deliver = begin(gateway)
    world.say("card", words="before")
    assert await deliver.drain(GIVE_UP)
    gateway.will(Gone("message_not_found"))
    world.say("card", words="after")
    assert await deliver.drain(GIVE_UP)
    assert failure_of(world) == (Failure.GONE, "message_not_found")


async def test_edit_without_a_clear_answer_is_simply_repeated(world: World, begin: Begin) -> None:
    gateway = RecordingGateway(can_read_back=False)
    begin(gateway)
    world.say("card", words="before")
    await until(lambda: world.state("card") == "sent")
    gateway.will(InDoubt("timeout"))
    world.say("card", words="after")
    await until(lambda: world.state("card") == "sent")
    assert [seen.card.summary for seen in gateway.arrived] == ["before", "after"]
    assert gateway.looked_for == []


async def test_refused_message_is_not_tried_again(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(Refused("invalid_blocks"))
    deliver = begin(gateway)
    world.say("bad")
    assert await deliver.drain(GIVE_UP)
    assert failure_of(world) == (Failure.REFUSED, "invalid_blocks")
    assert gateway.tried == ["bad"]


async def test_gone_at_one_address_is_tried_at_the_other(world: World, begin: Begin) -> None:
    world.add("cy", account("cy", Platform.SLACK), account("cy", Platform.TEAMS))
    slack, teams = RecordingGateway(Platform.SLACK), RecordingGateway(Platform.TEAMS)
    slack.will(Gone("user_disabled"))
    deliver = begin(slack, teams)
    world.say("hello", "cy")
    assert await deliver.drain(GIVE_UP)
    assert teams.keys == ["hello"]
    assert isinstance(world.reports()[0], Delivered)


async def test_gone_everywhere_is_reported_gone(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(Gone("user_disabled"))
    deliver = begin(gateway)
    world.say("hello")
    assert await deliver.drain(GIVE_UP)
    assert failure_of(world) == (Failure.GONE, "user_disabled")


# ------------------------------------------------------------------------------------------------ allowances


async def test_429_pauses_its_tenant_and_no_other(world: World, begin: Begin) -> None:
    world.add("s1", account("s1", Platform.SLACK, "A"))
    world.add("s2", account("s2", Platform.SLACK, "A"))
    world.add("s3", account("s3", Platform.SLACK, "B"))
    slack = RecordingGateway(Platform.SLACK)
    slack.will(Later("ratelimited", seconds=1.0, whole_tenant=True), key="first")
    deliver = begin(slack, pace=quick_pace(slack=1000))
    world.say("first", "s1")
    await until(lambda: slack.tried == ["first"])
    started = time.monotonic()
    world.say("same tenant", "s2")
    world.say("other tenant", "s3")
    assert await deliver.drain(GIVE_UP)
    assert time.monotonic() - started >= 0.98  # Retry-After was obeyed
    assert slack.keys[0] == "other tenant"  # and nobody else waited for it
    assert slack.tried.count("first") == 2
    assert sorted(slack.keys) == ["first", "other tenant", "same tenant"]


async def test_of_two_429_under_way_together_the_longer_wait_counts_for_everybody(world: World, begin: Begin) -> None:
    for who in ("s1", "s2", "s3"):
        world.add(who, account(who, Platform.SLACK, "A"))
    slack, answers = RecordingGateway(Platform.SLACK), asyncio.Event()
    slack.will(answers, Later("ratelimited", seconds=0.1, whole_tenant=True), key="first")
    slack.will(answers, Later("ratelimited", seconds=0.6, whole_tenant=True), key="second")
    deliver = begin(slack, pace=quick_pace(slack=1000))
    world.say("first", "s1")
    world.say("second", "s2")
    await until(lambda: sorted(slack.tried) == ["first", "second"])
    started = time.monotonic()
    answers.set()
    await asyncio.sleep(0)
    world.say("third", "s3")
    await until(lambda: "third" in slack.keys)
    assert time.monotonic() - started >= 0.58
    assert await deliver.drain(GIVE_UP)


async def test_allowance_is_kept_and_used(world: World, begin: Begin) -> None:
    for number in range(12):
        world.add(f"p{number}", account(f"p{number}"))
        world.say(f"n{number}", f"p{number}")
    gateway = RecordingGateway()
    started = time.monotonic()
    deliver = begin(gateway, pace=quick_pace(local=50))
    assert await deliver.drain(GIVE_UP)
    assert time.monotonic() - started >= 11 / 50 - 0.01  # that it is used up is shown by `tests.pacing`, in virtual time
    assert len(gateway.keys) == 12


async def test_more_than_the_gate_holds_goes_back_to_the_outbox_and_is_sent_all_the_same(world: World, begin: Begin) -> None:
    for number in range(60):
        world.add(f"p{number}", account(f"p{number}"))
        world.say(f"n{number}", f"p{number}")
    gateway = RecordingGateway()
    deliver = begin(gateway, pace=quick_pace(local=100))
    assert await deliver.drain(GIVE_UP)
    assert sorted(gateway.keys) == sorted(f"n{number}" for number in range(60))


async def test_one_conversation_is_written_to_at_its_own_pace(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    allowances = {(Platform.LOCAL, Kind.POST): Allowance(rate=1000, burst=100)}
    deliver = begin(gateway, pace=Pace(allowances, conversation=Allowance(rate=20, burst=1)))
    for number in range(4):
        world.say(f"n{number}")
    started = time.monotonic()
    assert await deliver.drain(GIVE_UP)
    assert time.monotonic() - started >= 3 / 20 - 0.02


async def test_certain_failure_is_repeated_with_back_off(world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.post.BACKOFF", 0.02)
    gateway = RecordingGateway()
    gateway.will(Later("connection refused"), Later("connection refused"), Later("connection refused"))
    deliver = begin(gateway)
    world.say("hello")
    started = time.monotonic()
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["hello"]
    assert gateway.looked_for == []
    assert time.monotonic() - started >= 0.75 * (0.02 + 0.04 + 0.08)


# --------------------------------------------------------------------------------------------- expiry, people


async def test_expired_message_is_reported_and_not_sent(world: World, begin: Begin) -> None:
    world.say("late", expires_at=NOON + timedelta(hours=1))
    world.clock.at = NOON + timedelta(hours=2)
    gateway = RecordingGateway()
    deliver = begin(gateway)
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == []
    assert failure_of(world)[0] is Failure.EXPIRED


async def test_expired_message_that_perhaps_arrived_is_looked_for_first(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(Lost(InDoubt("reset")))
    begin(gateway, settle_seconds=0.1)
    world.say("late", expires_at=NOON + timedelta(hours=1))
    await until(lambda: world.state("late") == "unknown")
    world.clock.at = NOON + timedelta(hours=2)
    await until(lambda: world.state("late") == "sent")


async def test_person_without_an_account_is_looked_up_introduced_and_written_to(world: World, begin: Begin) -> None:
    with_account = RecordingGateway(Platform.TEAMS)
    with_account.accounts["cy@example.com"] = (account("cy", Platform.TEAMS), Profile(email="cy@example.com"))
    world.add("cy")
    deliver = begin(RecordingGateway(Platform.SLACK), with_account)
    world.say("hello", "cy")
    assert await deliver.drain(GIVE_UP)
    assert [event.profile.email for event in world.taken if isinstance(event, Introduced)] == ["cy@example.com"]
    assert with_account.keys == ["hello"]


async def test_known_account_that_was_given_up_is_not_introduced_again(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.accounts["cy@example.com"] = (account("cy"), Profile(email="cy@example.com"))
    world.add("cy")  # no address is handed out: as after three refusals for good
    deliver = begin(gateway, changed_accounts=lambda accounts: [])
    world.say("hello", "cy")
    assert await deliver.drain(GIVE_UP)
    assert gateway.tried == []
    assert failure_of(world) == (Failure.GONE, "unreachable where they are known")


async def test_person_without_any_account_is_reported_gone(world: World, begin: Begin) -> None:
    world.add("cy")
    deliver = begin(RecordingGateway())
    world.say("hello", "cy")
    assert await deliver.drain(GIVE_UP)
    assert failure_of(world) == (Failure.GONE, "no account")


async def test_platform_that_cannot_be_asked_now_is_asked_later(
    world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.post.BACKOFF", 0.02)
    world.add("cy")
    gateway = RecordingGateway(locate_error=Later("down"))
    deliver = begin(gateway)
    world.say("hello", "cy")
    await until(lambda: world.state("hello") == "pending")
    gateway.locate_error = None
    assert await deliver.drain(GIVE_UP)
    assert failure_of(world)[0] is Failure.GONE


# ------------------------------------------------------------------------------------------------------ ends


async def test_stop_finishes_what_is_under_way(world: World, begin: Begin) -> None:
    gateway, gate = RecordingGateway(), asyncio.Event()
    gateway.will(gate)
    deliver = begin(gateway)
    world.say("hello")
    await gateway.entered.wait()
    stopping = asyncio.create_task(deliver.stop(2.0))
    await asyncio.sleep(0.02)
    world.say("later", "bo")
    gate.set()
    await stopping
    assert world.state("hello") == "sent"
    assert world.state("later") == "pending"


async def test_stop_marks_what_does_not_end_in_doubt(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(asyncio.Event())
    deliver = begin(gateway)
    world.say("hello")
    await gateway.entered.wait()
    started = time.monotonic()
    await deliver.stop(0.4)
    assert time.monotonic() - started < GIVE_UP
    assert world.state("hello") == "unknown"


async def test_stop_gives_back_what_waits_at_the_gate(world: World, begin: Begin) -> None:
    for number in range(5):
        world.add(f"p{number}", account(f"p{number}"))
        world.say(f"n{number}", f"p{number}")
    gateway = RecordingGateway()
    deliver = begin(gateway, pace=quick_pace(local=0.8))
    await until(lambda: gateway.keys)
    await asyncio.sleep(0.03)
    await deliver.stop(1.0)
    states = sorted(world.state(f"n{number}") for number in range(5))
    assert states == ["pending"] * 4 + ["sent"]


async def test_drain_does_not_wait_for_what_is_far_away(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    gateway.will(Later("down for the day", seconds=3600))
    deliver = begin(gateway)
    world.say("hello")
    assert await deliver.drain(GIVE_UP)
    assert world.state("hello") == "pending"


async def test_database_that_fails_for_a_moment_stops_nothing(world: World, begin: Begin) -> None:
    gateway = RecordingGateway()
    world.failures = [RuntimeError("gone"), RuntimeError("gone")]
    deliver = begin(gateway)
    world.say("hello")
    assert await deliver.drain(GIVE_UP)
    assert gateway.keys == ["hello"]
    assert world.state("hello") == "sent"


def test_every_delivery_error_has_a_meaning() -> None:
    of_reading = {"Unreadable", "StartAgain"}  # histories and directories: no message is under way then
    sending = {error.__name__ for error in DeliveryError.__subclasses__()} - of_reading
    assert sending == {"Later", "Gone", "Refused", "InDoubt"}


async def test_what_will_not_arrive_is_counted_and_said_once_an_hour_for_each_reason(
    world: World, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    dead: list[tuple[str, str, str]] = []
    gateway = RecordingGateway()
    gateway.will(Refused("invalid_blocks"), Refused("invalid_blocks"), Refused("msg_too_long"), Gone("user_disabled"))
    deliver = begin(gateway)
    deliver._dead = lambda *what: dead.append(what)
    for number in range(4):
        world.say(f"bad:{number}", "ada")
        assert await deliver.drain(GIVE_UP)
    assert dead == [("local", "refused", "none")] * 3
    said = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [vars(record)["reason"] for record in said] == ["invalid_blocks", "msg_too_long"]


async def test_fifty_under_way_when_the_process_is_told_to_stop(world: World, begin: Begin) -> None:
    """What did not leave is given back at once, what may have left is in doubt; nobody waits for its lease."""
    hang = asyncio.Event()
    gateway = RecordingGateway()
    gateway.will(*[hang] * 50)
    for number in range(90):
        world.add(f"p{number}", account(f"p{number}"))
        world.say(f"n{number}", f"p{number}")
    allowances = {(Platform.LOCAL, Kind.POST): Allowance(rate=1000, burst=50)}
    deliver = begin(gateway, pace=Pace(allowances))
    await until(lambda: len(gateway.tried) >= 50)
    started = time.monotonic()
    await deliver.stop(1.0)
    assert time.monotonic() - started < GIVE_UP
    states = [world.state(f"n{number}") for number in range(90)]
    assert states.count("sending") == 0
    assert states.count("unknown") >= 50 and states.count("pending") == 90 - states.count("unknown") - states.count("sent")
