"""The life of a message: queued, claimed, sent, revised, doubted, given up. Fences keep late reporters out."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from bot.decision import Edit, Lane, OnDoubt, Withdraw
from bot.events import Delivered, Failure, Receipt, Undelivered
from bot.ports import Parcel
from storage.engine import open_engine
from storage.outbox import LEASE
from storage.schema import address
from tests.storage.seeds import MONDAY, HandClock, accept, card, message, outbox_on, person, put, row_of, slack, teams

ANNA = person("anna")
BEN = person("ben")
RECEIPT = Receipt(address=slack("UA"), place="DUA", id="1.1")


@pytest.fixture
def company(engine: Engine) -> Engine:
    put(engine, ANNA, BEN, links=[(slack("UA"), ANNA)])
    return engine


def claim(engine: Engine, clock: HandClock | None = None, limit: int = 10) -> tuple[Parcel, ...]:
    return tuple(outbox_on(engine, clock).claim(now=MONDAY, limit=limit))


def claim_one(engine: Engine, clock: HandClock | None = None) -> Parcel:
    [parcel] = claim(engine, clock)
    return parcel


def delivered(parcel: Parcel, **fields: object) -> Delivered:
    standard = {"key": parcel.key, "fence": parcel.fence, "revision": parcel.revision, "receipt": RECEIPT}
    return Delivered(id=f"d:{parcel.key}", at=MONDAY, **{**standard, **fields})  # type: ignore[arg-type]


def undelivered(parcel: Parcel, failure: Failure, reason: str = "so") -> Undelivered:
    return Undelivered(
        id="u", at=MONDAY, key=parcel.key, fence=parcel.fence, revision=parcel.revision, failure=failure, reason=reason
    )


def lapse(engine: Engine, key: str, clock: HandClock) -> None:
    """Let real time pass beyond the row's lease or waiting time; PostgreSQL has its own clock, so the row is moved."""
    from storage.schema import outbox

    clock.pass_by(LEASE.total_seconds() + 1)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            past = MONDAY - timedelta(days=9999)
            connection.execute(update(outbox).where(outbox.c.key == key).values(ready_at=past))


def test_a_claimed_message_carries_all_that_sending_needs(company: Engine) -> None:
    put(company, messages=[message("k", ANNA, lane=Lane.ESCALATION, on_doubt=OnDoubt.RESEND, expires_at=MONDAY + LEASE)])
    parcel = claim_one(company)
    assert parcel == Parcel(
        key="k",
        revision=1,
        fence=1,
        attempt=1,
        to=ANNA.id,
        card=card(),
        lane=Lane.ESCALATION,
        on_doubt=OnDoubt.RESEND,
        expires_at=MONDAY + LEASE,
        addresses=(slack("UA"),),
        email=ANNA.email,
        receipt=None,
        doubtful_since=None,
    )
    assert parcel.addresses[0].route == {"channel": "DUA"}
    assert row_of(company, "k")["state"] == "sending"
    assert claim(company) == ()


def test_sent_is_settled(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    assert outbox_on(company).waiting() == 1
    parcel = claim_one(company)
    assert outbox_on(company).waiting() == 1
    assert accept(company, delivered(parcel))
    row = row_of(company, "k")
    assert (row["state"], row["receipt"], row["sent_revision"], row["delivered_at"]) == ("sent", RECEIPT, 1, MONDAY)
    assert outbox_on(company).waiting() == 0
    assert not accept(company, delivered(parcel)), "a report counts once"


def test_the_same_message_again_is_nothing(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    put(company, messages=[message("k", ANNA)])
    assert row_of(company, "k")["revision"] == 1
    assert accept(company, delivered(claim_one(company)))
    put(company, messages=[message("k", ANNA)], edits=[Edit(key="k", card=card())])
    assert claim(company) == ()


def test_another_card_edits_what_was_sent(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    assert accept(company, delivered(claim_one(company)))
    put(company, edits=[Edit(key="k", card=card("changed"))])
    parcel = claim_one(company)
    assert (parcel.card, parcel.revision, parcel.receipt, parcel.attempt) == (card("changed"), 2, RECEIPT, 1)
    later = MONDAY + timedelta(hours=1)
    assert accept(company, replace(delivered(parcel), at=later))
    assert row_of(company, "k")["delivered_at"] == MONDAY, "the first time counts"
    put(company, messages=[message("k", ANNA, "once more")])
    assert claim_one(company).revision == 3


def test_a_revision_while_sending_follows_as_an_edit(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    parcel = claim_one(company)
    put(company, messages=[message("k", ANNA, "newer")])
    assert row_of(company, "k")["state"] == "sending"
    assert claim(company) == ()
    assert accept(company, delivered(parcel))
    assert row_of(company, "k")["state"] == "pending"
    again = claim_one(company)
    assert (again.card, again.revision, again.receipt) == (card("newer"), 2, RECEIPT)
    assert accept(company, delivered(again))
    assert row_of(company, "k")["state"] == "sent"


def test_a_revision_while_sending_goes_out_when_the_first_was_refused(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    parcel = claim_one(company)
    put(company, edits=[Edit(key="k", card=card("shorter"))])
    assert accept(company, undelivered(parcel, Failure.REFUSED))
    assert claim_one(company).card == card("shorter")


def test_an_edit_without_its_message_is_nothing(company: Engine) -> None:
    put(company, edits=[Edit(key="k", card=card())], withdrawals=[Withdraw(key="k")])
    assert claim(company) == ()


def test_a_report_under_an_old_fence_is_void(company: Engine) -> None:
    """A worker slept through its lease: another one has the row now."""
    clock = HandClock()
    put(company, messages=[message("k", ANNA)])
    first = claim_one(company, clock)
    lapse(company, "k", clock)
    second = claim_one(company, clock)
    assert second.fence == first.fence + 1
    assert not accept(company, delivered(first))
    assert not accept(company, undelivered(first, Failure.GONE))
    outbox_on(company, clock).later(first, seconds=0, reason="void")
    outbox_on(company, clock).doubtful(first, settle_seconds=0, reason="void")
    assert row_of(company, "k")["state"] == "sending"
    assert accept(company, delivered(second))


def test_a_worker_that_died_leaves_its_message_in_doubt(company: Engine) -> None:
    clock = HandClock()
    put(company, messages=[message("k", ANNA)])
    assert claim_one(company, clock).doubtful_since is None
    begun = row_of(company, "k")["claimed_at"]
    lapse(company, "k", clock)
    assert claim_one(company, clock).doubtful_since == begun
    assert row_of(company, "k")["doubtful_since"] == begun
    lapse(company, "k", clock)
    assert claim_one(company, clock).doubtful_since == begun, "the first attempt that may have arrived"


def test_a_doubtful_message_waits_for_its_settle_time(company: Engine) -> None:
    clock = HandClock()
    put(company, messages=[message("k", ANNA)])
    parcel = claim_one(company, clock)
    outbox_on(company, clock).doubtful(parcel, settle_seconds=60, reason="timeout")
    row = row_of(company, "k")
    assert (row["state"], row["reason"], row["doubtful_since"]) == ("unknown", "timeout", row["claimed_at"])
    assert claim(company, clock) == ()
    assert outbox_on(company, clock).waiting() == 1
    lapse(company, "k", clock)
    again = claim_one(company, clock)
    assert again.doubtful_since is not None
    assert accept(company, undelivered(again, Failure.UNKNOWN))
    assert row_of(company, "k")["state"] == "unknown"
    assert outbox_on(company, clock).waiting() == 0, "nobody can tell: only a person can settle it"
    lapse(company, "other", clock)
    assert claim(company, clock) == ()


def test_later_is_later(company: Engine) -> None:
    clock = HandClock()
    put(company, messages=[message("k", ANNA)])
    outbox_on(company, clock).later(claim_one(company, clock), seconds=30, reason="429")
    assert claim(company, clock) == ()
    lapse(company, "k", clock)
    parcel = claim_one(company, clock)
    assert (parcel.attempt, parcel.doubtful_since) == (2, None)


def test_a_message_found_by_reading_back_is_sent(company: Engine) -> None:
    clock = HandClock()
    put(company, messages=[message("k", ANNA)])
    parcel = claim_one(company, clock)
    outbox_on(company, clock).doubtful(parcel, settle_seconds=60, reason="timeout")
    assert accept(company, delivered(parcel)), "no need to wait for the next claim"
    assert row_of(company, "k")["state"] == "sent"
    assert row_of(company, "k")["doubtful_since"] is not None, "an audit knows why it may have been found late"
    assert outbox_on(company).waiting() == 0


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (Failure.GONE, "refused"),
        (Failure.REFUSED, "refused"),
        (Failure.EXPIRED, "expired"),
        (Failure.UNKNOWN, "unknown"),
    ],
)
def test_what_will_not_arrive_is_settled(company: Engine, failure: Failure, state: str) -> None:
    put(company, messages=[message("k", ANNA)])
    assert accept(company, undelivered(claim_one(company), failure, "reason"))
    row = row_of(company, "k")
    assert (row["state"], row["reason"], row["delivered_at"]) == (state, "reason", None)
    assert outbox_on(company).waiting() == 0
    put(company, edits=[Edit(key="k", card=card())])
    assert outbox_on(company).waiting() == 0


def test_an_expired_message_comes_to_be_reported(company: Engine) -> None:
    clock = HandClock()
    put(company, messages=[message("k", ANNA, expires_at=MONDAY)])
    outbox_on(company, clock).later(claim_one(company, clock), seconds=3600, reason="429")
    parcel = claim_one(company, clock)
    assert parcel.expires_at == MONDAY, "expired before its waiting time was over"


def test_what_expired_in_doubt_waits_for_its_time(company: Engine) -> None:
    """Or it would be claimed again and again for hours, while the platform rests on which it has to be looked for."""
    put(company, messages=[message("k", ANNA, expires_at=MONDAY)])
    outbox_on(company).doubtful(claim_one(company), settle_seconds=0, reason="no answer")
    outbox_on(company).later(claim_one(company), seconds=3600, reason="the workspace rests")
    assert claim(company) == ()
    assert row_of(company, "k")["doubtful_since"] is not None


def test_what_was_given_up_is_revived_by_a_message_and_not_by_an_edit(company: Engine) -> None:
    for failure in (Failure.GONE, Failure.EXPIRED):
        key = failure.value
        put(company, messages=[message(key, ANNA)])
        assert accept(company, undelivered(claim_one(company), failure))
        put(company, edits=[Edit(key=key, card=card("edit"))])
        assert claim(company) == ()
        put(company, messages=[message(key, ANNA, expires_at=MONDAY)], at=MONDAY)
        assert claim(company) == (), "it is late already"
        put(company, messages=[message(key, ANNA)], at=MONDAY + timedelta(days=1))
        parcel = claim_one(company)
        assert (parcel.card, parcel.attempt, parcel.revision) == (card(), 1, 2)
        assert row_of(company, key)["decided_at"] == MONDAY + timedelta(days=1)
        assert accept(company, delivered(parcel))


def test_a_card_a_platform_called_wrong_is_not_sent_again(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    assert accept(company, undelivered(claim_one(company), Failure.REFUSED))
    put(company, messages=[message("k", ANNA)])
    assert claim(company) == ()
    put(company, messages=[message("k", ANNA, "mended")])
    assert claim_one(company).card == card("mended")


def test_a_withdrawn_message_does_not_leave(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    put(company, withdrawals=[Withdraw(key="k")])
    row = row_of(company, "k")
    assert (row["state"], row["reason"]) == ("expired", "withdrawn")
    put(company, edits=[Edit(key="k", card=card("edit"))])
    assert claim(company) == ()
    put(company, messages=[message("k", ANNA)])
    assert claim_one(company).key == "k", "true again"


def test_whoever_waits_for_a_message_hears_that_it_was_withdrawn(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    put(company, withdrawals=[Withdraw(key="k", reported=True)])
    assert claim_one(company).expires_at == MONDAY, "it is claimed to be told as expired, not to be sent"


def test_withdrawing_while_sending_only_prevents_another_attempt(company: Engine) -> None:
    clock = HandClock()
    put(company, messages=[message("k", ANNA)])
    parcel = claim_one(company, clock)
    put(company, withdrawals=[Withdraw(key="k")])
    assert row_of(company, "k")["state"] == "sending"
    outbox_on(company, clock).later(parcel, seconds=60, reason="429")
    assert claim_one(company, clock).expires_at == MONDAY


def test_withdrawing_what_was_over_long_ago_does_not_make_it_true_again(company: Engine) -> None:
    """Found by the simulator (seed 30211): a slow clock would have sent it, before the end that the last withdrawal gave it."""
    put(company, messages=[message("k", ANNA, expires_at=MONDAY - timedelta(days=2))])
    outbox_on(company).doubtful(claim_one(company), settle_seconds=0, reason="no answer")
    assert accept(company, undelivered(claim_one(company), Failure.UNKNOWN))
    put(company, edits=[Edit(key="k", card=card("over"))], withdrawals=[Withdraw(key="k")])
    assert row_of(company, "k")["expires_at"] == MONDAY - timedelta(days=2)


def test_withdrawing_what_was_sent_leaves_it(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    assert accept(company, delivered(claim_one(company)))
    put(company, withdrawals=[Withdraw(key="k")])
    assert row_of(company, "k")["state"] == "sent"


def test_answers_go_before_decisions_before_nudges_and_older_before_newer(company: Engine) -> None:
    people = [person(f"p{n}") for n in range(6)]
    put(company, *people)
    lanes = (Lane.NUDGE, Lane.REPLY, Lane.ESCALATION)
    for n, one in enumerate(people):
        put(company, messages=[message(f"k{n}", one, lane=lanes[n % 3])], at=MONDAY + timedelta(seconds=n))
    assert [parcel.key for parcel in claim(company)] == ["k1", "k4", "k2", "k5", "k0", "k3"]


def test_one_person_gets_one_message_at_a_time_in_the_order_they_were_decided(company: Engine) -> None:
    put(company, messages=[message("a1", ANNA), message("a2", ANNA), message("b1", BEN), message("a0", ANNA)])
    first = claim(company)
    assert [parcel.key for parcel in first] == ["a1", "b1"]
    assert claim(company) == ()
    assert accept(company, delivered(first[0]))
    assert [parcel.key for parcel in claim(company)] == ["a2"]


def test_replicas_never_claim_the_same_message_or_person(database_url: str) -> None:
    engines = [open_engine(database_url) for _ in range(4)]
    people = [person(f"p{n}") for n in range(60)]
    put(engines[0], *people, messages=[message(f"{n}:{m}", one) for n, one in enumerate(people) for m in range(2)])
    start = threading.Barrier(len(engines))

    def work(engine: Engine) -> list[Parcel]:
        start.wait(5)
        taken: list[Parcel] = []
        while parcels := outbox_on(engine).claim(now=MONDAY, limit=7):
            taken.extend(parcels)
        return taken

    with ThreadPoolExecutor(len(engines)) as pool:
        taken = [parcel for parcels in pool.map(work, engines) for parcel in parcels]
    assert sorted(parcel.key for parcel in taken) == sorted(f"{n}:0" for n in range(60))
    for engine in engines:
        engine.dispose()


def test_the_address_used_last_comes_first_and_dead_ones_not_at_all(engine: Engine) -> None:
    put(engine, ANNA, links=[(slack("UA"), ANNA)])
    put(engine, links=[(teams("ua"), ANNA)], at=MONDAY + timedelta(minutes=1))
    for attempt in range(3):
        put(engine, messages=[message(f"k{attempt}", ANNA)])
        parcel = claim_one(engine)
        assert parcel.addresses == (teams("ua"), slack("UA"))
        assert accept(engine, undelivered(parcel, Failure.GONE))
    put(engine, messages=[message("last", ANNA)])
    assert claim_one(engine).addresses == ()
    put(engine, links=[(teams("ua"), ANNA)])
    with engine.begin() as connection:
        assert connection.execute(address.select().where(address.c.gone_count == 0)).rowcount in (-1, 1)


def test_a_failed_edit_counts_against_its_own_address(engine: Engine) -> None:
    put(engine, ANNA, links=[(slack("UA"), ANNA), (teams("ua"), ANNA)])
    put(engine, messages=[message("k", ANNA)])
    assert accept(engine, delivered(claim_one(engine)))
    put(engine, edits=[Edit(key="k", card=card("new"))])
    assert accept(engine, undelivered(claim_one(engine), Failure.GONE))
    with engine.connect() as connection:
        counts = {row.user: row.gone_count for row in connection.execute(address.select())}
    assert counts == {"UA": 1, "ua": 0}


def test_what_arrives_at_an_address_makes_it_a_good_one_again(engine: Engine) -> None:
    put(engine, ANNA, links=[(slack("UA"), ANNA), (teams("ua"), ANNA)])
    for name, failure in (("a", Failure.GONE), ("b", Failure.GONE), ("c", None), ("d", Failure.GONE)):
        put(engine, messages=[message(name, ANNA)])
        parcel = claim_one(engine)
        assert accept(engine, undelivered(parcel, failure) if failure is not None else delivered(parcel))
    with engine.connect() as connection:
        counts = {row.user: row.gone_count for row in connection.execute(address.select())}
    assert counts == {"UA": 1, "ua": 3}, "the count is of refusals in a row, for each address"


def test_reports_about_unknown_messages_are_void(company: Engine) -> None:
    put(company, messages=[message("k", ANNA)])
    parcel = replace(claim_one(company), key="other")
    assert not accept(company, delivered(parcel))
    assert not accept(company, undelivered(parcel, Failure.GONE))
