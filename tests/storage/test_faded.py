"""What long settled messages looked like is forgotten when somebody is told something new; that they were said never is."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bot.decision import Edit, Message
from bot.events import Delivered, Receipt
from bot.model import Person
from storage.faded import BACK, KEPT
from storage.outbox import SqlOutbox
from tests.storage.seeds import MONDAY, HandClock, accept, card, message, outbox_on, person, put, row_of, slack

MINA, OMAR = person("mina"), person("omar")
LATE = MONDAY + KEPT + timedelta(hours=1)
RULE = "checkin.prompt"


@pytest.fixture
def company(engine: Engine) -> Engine:
    put(engine, MINA, OMAR, links=((slack("UM"), MINA), (slack("UO"), OMAR)))
    return engine


def told(key: str, to: Person = MINA, words: str = "Hello", rule: str = RULE) -> Message:
    return message(key, to, words, rule=rule, facts={"when": "today"}, subjects=("goal:G1",))


def send(engine: Engine, clock: HandClock, at: datetime = MONDAY) -> list[str]:
    """Everything that waits arrives; what it said."""
    outbox: SqlOutbox = outbox_on(engine, clock)
    said = []
    while parcels := outbox.claim(now=at, limit=100):  # one after the other for each recipient
        for one in parcels:
            said.append(one.card.summary)
            receipt = Receipt(address=slack("UM"), place="DUM", id=one.key)
            report = f"d:{one.key}:{one.fence}"
            accept(engine, Delivered(id=report, at=at, key=one.key, fence=one.fence, revision=one.revision, receipt=receipt))
    return said


def said_long_ago(engine: Engine, *messages: Message) -> None:
    put(engine, messages=messages)
    send(engine, HandClock())


def rest(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "card"}


def is_faded(engine: Engine, key: str) -> bool:
    kept = row_of(engine, key)["card"]
    return not kept.elements and kept.summary.startswith("faded:")


def test_an_old_card_is_forgotten_when_its_recipient_is_told_something_new(company: Engine) -> None:
    said_long_ago(company, told("old"), told("other", OMAR))
    before = row_of(company, "old")
    put(company, messages=[told("new")], at=LATE)
    assert is_faded(company, "old")
    assert rest(row_of(company, "old")) == rest(before), "what it was about, why, when and where it stands is kept"
    assert row_of(company, "new")["card"] == card("Hello")
    assert row_of(company, "other")["card"] == card("Hello"), "nobody told Omar anything"


def test_a_card_that_is_not_old_is_kept(company: Engine) -> None:
    said_long_ago(company, told("old"))
    put(company, messages=[told("new")], at=MONDAY + KEPT)
    assert not is_faded(company, "old")


def test_a_card_that_arrived_late_is_as_old_as_its_arrival(company: Engine) -> None:
    put(company, messages=[told("old")])
    send(company, HandClock(), at=MONDAY + timedelta(days=2))
    put(company, messages=[told("new")], at=LATE)
    assert not is_faded(company, "old")


def test_a_card_that_still_waits_is_kept_however_old_it_is(company: Engine) -> None:
    put(company, messages=[told("old")])
    put(company, messages=[told("new")], at=LATE)
    assert not is_faded(company, "old")
    assert sorted(send(company, HandClock(), at=LATE)) == ["Hello", "Hello"]


def test_an_edit_that_waits_keeps_its_card(company: Engine) -> None:
    said_long_ago(company, told("old"))
    put(company, edits=[Edit(key="old", card=card("changed"))], at=LATE)
    put(company, messages=[told("new", words="new")], at=LATE)
    assert not is_faded(company, "old")
    assert sorted(send(company, HandClock(), at=LATE)) == ["changed", "new"]


def test_an_equal_card_is_still_known_after_it_was_forgotten(company: Engine) -> None:
    said_long_ago(company, told("old"))
    put(company, messages=[told("new", words="new")], at=LATE)
    before = row_of(company, "old")
    put(company, edits=[Edit(key="old", card=card("Hello"))], messages=[told("new", words="new")], at=LATE)
    put(company, messages=[told("old")], at=LATE)
    assert row_of(company, "old") == before
    assert send(company, HandClock(), at=LATE) == ["new"]


def test_another_card_is_an_edit_as_ever(company: Engine) -> None:
    said_long_ago(company, told("old"))
    put(company, messages=[told("new", words="new")], at=LATE)
    put(company, edits=[Edit(key="old", card=card("changed"))], at=LATE)
    assert sorted(send(company, HandClock(), at=LATE)) == ["changed", "new"]
    assert row_of(company, "old")["card"] == card("changed")


def test_an_answer_to_somebodys_act_forgets_nothing(company: Engine) -> None:
    """It is to be quick; the next thing that Rondo says by itself does it."""
    said_long_ago(company, told("old"))
    put(company, messages=[told("answer", rule="")], at=LATE)
    assert not is_faded(company, "old")


def test_so_far_back_only_is_looked(company: Engine) -> None:
    said_long_ago(company, told("old"))
    put(company, messages=[told("new")], at=MONDAY + KEPT + BACK + timedelta(hours=1))
    assert not is_faded(company, "old")


def test_old_rows_make_room_for_new_ones(sqlite_engine: Engine) -> None:
    """On SQLite, where nobody vacuums, the pages of old rows are used again."""
    company, long = sqlite_engine, "Word " * 300
    put(company, MINA, links=[(slack("UM"), MINA)])

    def pages() -> int:
        with company.connect() as connection:
            all_of_them, free = (connection.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "freelist_count"))
            return int(all_of_them) - int(free)

    said_long_ago(company, *(told(f"old:{n}", words=long) for n in range(60)))
    before = pages()
    put(company, messages=[told("new")], at=LATE)
    assert pages() < before * 0.7
