"""None of the judges is asleep: told of something that must not happen, each of them says which promise it breaks.

A small company is moved in and nobody lives; then the judge is shown one event, message or row that is not as it should be.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from adapters.simulate.chat import Post
from adapters.simulate.judge import PROMISES
from adapters.simulate.simulation import Simulation
from adapters.simulate.trouble import in_memory
from bot.decision import Decision, Lane, OnDoubt, Withdraw
from bot.events import Platform, Receipt, Ticked
from bot.events import Said as Spoken
from bot.model import Absence, CheckIn, CheckInState, EscalationState, EscalationStep, Logged
from bot.ports import Outcome
from bot.talk.actions import Verb
from bot.talk.cards import Card
from storage import schema
from storage.engine import writing
from tests.simulate import scene as scenes
from tests.simulate.scene import CARD, THURSDAY, WEEK, Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    with in_memory() as (engine, aside):
        run = Simulation(engine, aside, seed=1, people=6, weeks=1, faults=frozenset(), trace=None)
        try:
            yield Scene(run)
        finally:
            run.loop.close()
            run.trouble.ends()


def asked_twice(scene: Scene) -> None:
    for number in (1, 2):
        scene.decides(scene.message(f"checkin:{scene.who}/{WEEK}:{number}"))
        scene.shows(f"checkin:{scene.who}/{WEEK}:{number}")


def asked_about_last_week(scene: Scene) -> None:
    scene.decides(scene.message(subjects=(f"checkin:{scene.who}/2026-W45",)))


def asked_after_an_answer(scene: Scene) -> None:
    scene.run.known.checkins[f"{scene.who}/{WEEK}"] = CheckIn(person_id=scene.who, period=WEEK, state=CheckInState.ON_TIME)
    scene.decides(scene.message())


def never_asked(scene: Scene) -> None:
    scene.at(THURSDAY + timedelta(days=14))
    scene.run.ends._weeks(scene.run.real())


def asked_early(scene: Scene) -> None:
    scene.decides(scene.message(), at=THURSDAY - timedelta(minutes=30))


def asked_late(scene: Scene) -> None:
    scene.at(THURSDAY + timedelta(hours=2))
    scene.decides(scene.message(), at=THURSDAY + timedelta(hours=2))


def seen_twice(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.shows(scene.message().key)
    scene.shows(scene.message().key)


def seen_twice_where_it_could_be_read_back(scene: Scene) -> None:
    scene.decides(scene.message("escalation:G@1:x", lane=Lane.ESCALATION, on_doubt=OnDoubt.RESEND, rule="escalation.decide"))
    scene.shows("escalation:G@1:x")
    scene.shows("escalation:G@1:x")


def decided_and_gone(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.rests()


def sent_and_not_seen(scene: Scene) -> None:
    scene.row("reply:1")
    scene.rests()


def expired_and_seen(scene: Scene) -> None:
    scene.row("reply:1", state=schema.OutboxState.EXPIRED)
    scene.shows("reply:1")
    scene.rests()


def silent_ledger(scene: Scene) -> None:
    scene.row("reminder:1", rule="checkin.reminder", state=schema.OutboxState.EXPIRED, reason="no longer true")
    scene.rests()


def delivered_and_not_seen(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.arrives(scene.message().key, 1)


def said_again_under_its_old_key(scene: Scene) -> None:
    scene.decides(scene.message("reminder:1", rule="checkin.reminder"))
    scene.judge.claimed("s0.0", [scene.parcel("reminder:1", 1)])
    scene.shows("reminder:1")
    scene.arrives("reminder:1", 1)
    scene.decides(scene.message("reminder:1", rule="checkin.reminder"))


def unknown_for_no_reason(scene: Scene) -> None:
    scene.row("reply:1", state=schema.OutboxState.UNKNOWN)
    scene.rests()


def given_up_without_reading_back(scene: Scene) -> None:
    scene.row("reply:1", state=schema.OutboxState.UNKNOWN)
    scene.judge.doubted("reply:1", "loss")
    scene.rests()


def old_card(scene: Scene) -> None:
    post = Post(key="reply:1", id="slack-1", user="Up1", at=0, readable=0, card=CARD)
    scene.slack.by_id["slack-1"] = post
    at = replace(scene.address(scene.who), platform=Platform.SLACK)
    scene.row("reply:1", card=Card(summary="New", elements=()), receipt=Receipt(address=at, place="D", id="slack-1"))
    scene.shows("reply:1")
    scene.rests()


def waits_for_ever(scene: Scene) -> None:
    scene.row("reply:1", state=schema.OutboxState.PENDING, ready_at=THURSDAY - timedelta(hours=2))
    scene.rests()


def never_decided(scene: Scene) -> None:
    scene.judge.leaves(scene.slack, "s0.0", "post", "Up1", "reply:nobody")


def sent_after_withdrawal(scene: Scene) -> None:
    said = scene.decides(scene.message())
    scene.decides(withdrawals=(Withdraw(key=said.key),))
    scene.at(THURSDAY + timedelta(minutes=1))
    scene.judge.claimed("s0.0", [scene.parcel(said.key, 1)])
    scene.judge.leaves(scene.slack, "s0.0", "post", "Up1", said.key)


def sent_after_expiry(scene: Scene) -> None:
    said = scene.decides(scene.message(expires_at=THURSDAY - timedelta(minutes=5)))
    scene.judge.leaves(scene.slack, "s0.0", "post", "Up1", said.key)


def expired_and_still_waiting(scene: Scene) -> None:
    late = THURSDAY - timedelta(hours=1)
    scene.row("x", state=schema.OutboxState.PENDING, ready_at=THURSDAY + timedelta(hours=9), expires_at=late)
    scene.run.ends.look()


def to_somebody_else(scene: Scene) -> None:
    said = scene.decides(scene.message())
    chat, user = next(
        (chat, user) for chat in scene.run.chats.values() for user, one in chat.accounts.items() if one.email[:2] != "p1"
    )
    scene.judge.leaves(chat, "s0.0", "post", user, said.key)


def two_at_a_time(scene: Scene) -> None:
    said = scene.decides(scene.message())
    scene.slack._under_way["Up1"] = 1
    scene.judge.leaves(scene.slack, "s0.0", "post", "Up1", said.key)


def more_than_a_minute_allows(scene: Scene) -> None:
    scene.slack.opens(scene.slack.accounts.get("Up1") or next(iter(scene.slack.accounts.values())))
    for number in range(scene.run.weather.slack_per_minute + 1):
        scene.slack._over("s0.0", "post", f"U{number}")
    scene.decides(scene.message())
    scene.slack.post("s0.0", next(iter(scene.slack.accounts)), scene.message().key, CARD)


def before_retry_after(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.slack._promised("s0.0", "post", scene.run.loop.seconds + 30)
    scene.slack.post("s0.0", next(iter(scene.slack.accounts)), scene.message().key, CARD)


def too_much_for_one_conversation(scene: Scene) -> None:
    scene.decides(scene.message())
    for _ in range(5):
        scene.slack.post("s0.0", next(iter(scene.slack.accounts)), scene.message().key, CARD)


def same_fence_twice(scene: Scene) -> None:
    scene.decides(scene.message())
    for server in ("s0.0", "s1.0"):
        scene.judge.claimed(server, [scene.parcel(scene.message().key, 1)])


def report_under_an_old_fence(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.judge.claimed("s0.0", [scene.parcel(scene.message().key, 2)])
    scene.judge.copies[scene.message().key] = 1
    scene.arrives(scene.message().key, 1)


def look_at_a_row_that_changed(scene: Scene) -> None:
    tick = Ticked(id="tick", at=THURSDAY, subject=f"desk:{scene.who}", due=THURSDAY, fence=7)
    scene.judge.before(tick)
    scene.judge.took("s0.0", 0.0, tick, Outcome(known=True, decision=Decision()))


def lost_lease(scene: Scene) -> None:
    scene.row("x", state=schema.OutboxState.SENDING, ready_at=THURSDAY - timedelta(hours=1))
    scene.run.ends.look()


def overdue_desk(scene: Scene) -> None:
    with writing(scene.run.engine) as connection:
        connection.execute(update(schema.agenda).values(due_at=THURSDAY - timedelta(hours=1)))
    scene.run.ends.look()


def forgotten_desk(scene: Scene) -> None:
    with writing(scene.run.engine) as connection:
        connection.execute(delete(schema.agenda).where(schema.agenda.c.subject == f"desk:{scene.who}"))
    scene.rests()


def forgotten_request(scene: Scene) -> None:
    scene.run.known.escalations["G@1"] = scene.request()
    scene.rests()


def acknowledged_and_not_stored(scene: Scene) -> None:
    scene.judge.acked(Spoken(id="said:1", at=THURSDAY, by=scene.address(scene.who), text="hello"))


def applied_twice(scene: Scene) -> None:
    scene.presses("press:1")
    scene.presses("press:1")


def request_before_the_owner_was_asked(scene: Scene) -> None:
    scene.presses("press:1", changes=(scene.request(),))


def heard(scene: Scene) -> None:
    """The owner got a message, and then the request was opened."""
    scene.decides(scene.message())
    scene.shows(scene.message().key)
    scene.presses("press:0", changes=(scene.request(),))
    assert not scene.judge.violations


def second_request_about_a_goal(scene: Scene) -> None:
    heard(scene)
    scene.presses("press:1", changes=(scene.request(id="G@2"),))


def nobody_holds_it(scene: Scene) -> None:
    heard(scene)
    scene.decides(changes=(scene.request(holder_id=""),))


def decided_by_somebody_else(scene: Scene) -> None:
    heard(scene)
    log = (*scene.request().log, Logged(at=THURSDAY, step=EscalationStep.DECIDED, who=scene.other))
    change = scene.request(state=EscalationState.DECIDED, decided_by=scene.other, log=log)
    scene.presses("press:1", by=scene.other, verb=Verb.DECIDE, changes=(change,))


def climbs_before_it_was_shown(scene: Scene) -> None:
    heard(scene)
    log = (*scene.request().log, Logged(at=THURSDAY, step=EscalationStep.CLIMBED, who=scene.other))
    scene.decides(changes=(scene.request(step=1, holder_id=scene.other, log=log),))


def goes_down(scene: Scene) -> None:
    heard(scene)
    scene.run.known.escalations["G@1"] = scene.request(step=1)
    scene.decides(changes=(scene.request(step=0),))


def at_night(scene: Scene) -> None:
    scene.decides(scene.message("x", rule="goal.stalled"), at=datetime(2026, 11, 12, 2, tzinfo=UTC))


def on_leave(scene: Scene) -> None:
    away = (Absence(first=THURSDAY.date(), last=THURSDAY.date()),)
    scene.run.known.people[scene.who] = replace(scene.run.known.people[scene.who], absences=away)
    scene.decides(scene.message("x", rule="goal.stalled"))


def arrives_on_leave(scene: Scene) -> None:
    scene.decides(scene.message("x", rule="goal.stalled"))
    away = (Absence(first=THURSDAY.date(), last=THURSDAY.date()),)
    scene.run.known.people[scene.who] = replace(scene.run.known.people[scene.who], absences=away)
    scene.shows("x")


def arrives_in_the_evening(scene: Scene) -> None:
    scene.decides(scene.message("x", rule="goal.stalled"))
    scene.at(THURSDAY + timedelta(hours=11))
    scene.shows("x")


def three_on_one_day(scene: Scene) -> None:
    for number in range(3):
        scene.decides(scene.message(f"x{number}", rule="goal.stalled"))
        scene.shows(f"x{number}")


def reminder_before_the_question(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.decides(scene.message("reminder:1", rule="checkin.reminder"))


def third_reminder(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.shows(scene.message().key)
    for number in range(3):
        scene.decides(scene.message(f"reminder:{number}", rule="checkin.reminder"))
        scene.shows(f"reminder:{number}")


def reminder_of_what_was_answered(scene: Scene) -> None:
    scene.run.known.checkins[f"{scene.who}/{WEEK}"] = CheckIn(person_id=scene.who, period=WEEK, state=CheckInState.ON_TIME)
    scene.decides(scene.message("reminder:1", rule="checkin.reminder"))


def found_by_the_auditor(scene: Scene) -> None:
    scene.row("reminder:1", rule="checkin.reminder", delivered_at=THURSDAY, subjects=(f"checkin:{scene.who}/{WEEK}",))
    scene.run.ends._audit(scene.run.real())


CASES: dict[str, tuple[Callable[[Scene], None], ...]] = {
    "asked-once": (asked_twice, asked_about_last_week, asked_after_an_answer, never_asked),
    "on-time": (asked_early, asked_late),
    "one-copy": (seen_twice, seen_twice_where_it_could_be_read_back),
    "nothing-lost": (decided_and_gone, sent_and_not_seen, expired_and_seen, silent_ledger, delivered_and_not_seen,
                     said_again_under_its_old_key),
    "doubt-has-a-cause": (unknown_for_no_reason, given_up_without_reading_back),
    "up-to-date": (old_card,),
    "drains": (waits_for_ever,),
    "decided-first": (never_decided,),
    "withdrawn": (sent_after_withdrawal,),
    "in-time": (sent_after_expiry, expired_and_still_waiting),
    "right-person": (to_somebody_else,),
    "one-at-a-time": (two_at_a_time,),
    "allowance": (more_than_a_minute_allows, before_retry_after, too_much_for_one_conversation),
    "fence": (same_fence_twice, report_under_an_old_fence, look_at_a_row_that_changed),
    "lease": (lost_lease,),
    "looked-at": (overdue_desk, forgotten_desk, forgotten_request),
    "acked-is-stored": (acknowledged_and_not_stored, scenes.typed_and_not_stored),
    "applied-once": (applied_twice,),
    "ladder": (
        request_before_the_owner_was_asked, second_request_about_a_goal, nobody_holds_it, decided_by_somebody_else,
        climbs_before_it_was_shown, goes_down, scenes.moves_on_too_soon, scenes.climbs_past_who_comes_once_more,
    ),
    "polite": (at_night, arrives_in_the_evening),
    "absent": (on_leave, arrives_on_leave),
    "wanted": (scenes.muted,),
    "budget": (three_on_one_day,),
    "reminders": (reminder_before_the_question, third_reminder, reminder_of_what_was_answered),
    "audit": (found_by_the_auditor,),
    "unexpected": (lambda scene: scene.run.unexpected(KeyError("a bug")),),
}  # fmt: skip


@pytest.mark.parametrize(
    ("promise", "happens"),
    [pytest.param(promise, one, id=f"{promise}-{one.__name__}") for promise, some in CASES.items() for one in some],
)
def test_a_judge_says_which_promise_is_broken(scene: Scene, promise: str, happens: Callable[[Scene], None]) -> None:
    happens(scene)
    assert promise in {one.promise for one in scene.judge.violations}, [str(one) for one in scene.judge.violations]


def test_every_promise_is_broken_by_something_here() -> None:
    assert set(CASES) == set(PROMISES)


def test_who_only_has_leave_before_their_last_day_is_gone_for_good(scene: Scene) -> None:
    scene.at(THURSDAY + timedelta(days=2))  # a Saturday
    scenes.climbs_past_who_leaves(scene, on_leave=True)
    assert not [one for one in scene.judge.violations if one.promise == "ladder"]


def test_nothing_is_said_where_nothing_is_wrong(scene: Scene) -> None:
    scene.decides(scene.message())
    scene.judge.claimed("s0.0", [scene.parcel(scene.message().key, 1)])
    scene.shows(scene.message().key)
    scene.presses("press:1")
    assert not scene.judge.violations
