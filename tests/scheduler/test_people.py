"""Reading a directory: slow, throttled, cut short, with cursors that run out; nobody is taken for gone by mistake."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from bot.events import Address, Platform, Profile, Unlinked
from bot.flows.imports import records
from bot.flows.imports.records import Known, Record, plan_records
from bot.model import Company
from bot.ports import DeliveryError, Later, StartAgain
from scheduler.directory import Directory
from scheduler.people import Leaf, People, Taken
from tests.fakes.gateway import RecordingGateway
from tests.scheduler.conftest import World, account


def record(name: str) -> Record:
    return Record(external_id=name, cells={"email": f"{name}@example.com"}, active=True)


@dataclass
class Books:
    """What is kept, in memory."""

    cursor: str = ""
    people: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    complete: int = 0
    busy: bool = False
    lost: tuple[Address, ...] = ()
    issues: tuple[str, ...] = ()

    def begin(self) -> str | None:
        if self.busy:
            return None
        self.busy = True
        return self.cursor

    def go_on(self, cursor: str) -> None:
        self.cursor = cursor

    def end(self, cursor: str, *, complete: bool) -> None:
        self.cursor, self.busy = cursor, False
        self.complete += complete

    def known(self) -> frozenset[str]:
        return frozenset(self.people)

    def take(self, records: Sequence[Record]) -> Taken:
        for one in records:
            self.written.append(f"-{one.external_id}" if one.deleted else one.external_id)
            (self.people.discard if one.deleted else self.people.add)(one.external_id)
        return Taken(changed=len(records), lost=self.lost, issues=self.issues)


@dataclass
class Source:
    """Pages by where they stand; an error there is raised once."""

    pages: dict[str, Leaf]
    errors: dict[str, list[DeliveryError]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def page(self, where: str) -> Leaf:
        self.asked.append(where)
        if waiting := self.errors.get(where):
            raise waiting.pop(0)
        return self.pages[where]


def three_pages() -> dict[str, Leaf]:
    return {
        "": Leaf(records=(record("a"), record("b")), next="2"),
        "2": Leaf(records=(record("c"),), next="3"),
        "3": Leaf(records=(record("d"),), done="delta1"),
        "delta1": Leaf(records=(), done="delta2"),
        "delta2": Leaf(records=(), done="delta2"),
    }


class Desk:
    """Runs readings by hand: what would be slept is noted."""

    def __init__(self, world: World, source: Source, books: Books, *, most_missing: float = 0.1) -> None:
        self.slept: list[float] = []
        self.now = 0.0

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        self.people = People(
            source, books, world.take, world.clock, most_missing=most_missing, sleep=sleep, monotonic=lambda: self.now
        )


async def test_everything_once_then_only_what_changed(world: World, caplog: pytest.LogCaptureFixture) -> None:
    source, books = Source(three_pages()), Books()
    desk = Desk(world, source, books)
    with caplog.at_level("INFO", "rondo.people"):  # as a server writes its log
        assert await desk.people.tick() is not None
    assert [(record.msg, vars(record)["changed"]) for record in caplog.records] == [("people", 4)]
    assert sorted(books.people) == ["a", "b", "c", "d"]
    await desk.people.tick()
    assert source.asked == ["", "2", "3", "delta1"]
    assert books.cursor == "delta2"


async def test_what_cannot_be_kept_is_logged_without_whom_it_is_about(world: World, caplog: pytest.LogCaptureFixture) -> None:
    jo = Record(external_id="g1", cells={"email": "jo@example.com", "name": 'Jo "JJ" Doe'}, manager="g1", active=True)
    kim = Record(external_id="g2", cells={"email": "kim@example.com", "name": "Kim Roe", "country": "ZZ"}, active=True)
    known, hr = Known(people={}, identities={}), records.Source(name="scim", hr=True)
    changes = plan_records(hr, (jo, kim), known=known, company=Company(), now=world.clock.now(), countries=frozenset())
    books = Books(issues=tuple(issue.detail for issue in changes.issues))
    await Desk(world, Source({"": Leaf(records=(jo, kim), done="end")}), books).people.tick()
    said = [str(vars(record).get("rule")) for record in caplog.records]
    assert [words.partition(";")[0] for words in said] == ["is their own manager.", "is not a country"], changes
    assert not [name for name in ("Jo", "JJ", "Doe", "Kim") if name in " ".join(said)]


async def test_throttling_is_waited_for_as_long_as_the_directory_asks(world: World) -> None:
    source = Source(three_pages(), {"2": [Later("429", seconds=7.0), Later("503")]})
    desk = Desk(world, source, books := Books())
    await desk.people.tick()
    assert desk.slept == [7.0, 4.0]
    assert books.complete == 1


async def test_a_cursor_that_ran_out_half_way_begins_again_and_loses_nobody(world: World) -> None:
    source = Source(three_pages(), {"3": [StartAgain("410")]})
    desk = Desk(world, source, books := Books(people={"d"}))
    await desk.people.tick()
    assert source.asked == ["", "2", "3", "", "2", "3"]
    assert "-d" not in books.written
    assert sorted(books.people) == ["a", "b", "c", "d"]


async def test_a_reading_that_was_cut_short_takes_nobody_for_gone(world: World) -> None:
    source = Source(three_pages(), {"3": [Later("down", broken=True)]})
    desk = Desk(world, source, books := Books(people={"d", "old"}))
    assert await desk.people.tick() is None
    assert not [one for one in books.written if one.startswith("-")]
    assert (books.complete, books.busy, books.cursor) == (0, False, "")
    assert await desk.people.tick() is None  # not at once again
    desk.now = 61.0
    await desk.people.tick()
    assert "-old" in books.written


async def test_changes_go_on_from_the_page_that_failed(world: World) -> None:
    pages = {"delta": Leaf(records=(record("a"),), next="p2"), "p2": Leaf(records=(record("b"),), done="delta2")}
    source = Source(pages, {"p2": [Later("down", broken=True)]})
    desk = Desk(world, source, books := Books(cursor="delta", people={"a", "b", "c"}))
    await desk.people.tick()
    assert books.cursor == "p2"
    desk.now = 61.0
    await desk.people.tick()
    assert source.asked == ["delta", "p2", "p2"]
    assert books.written == ["a", "b"]


async def test_pages_that_lead_in_a_circle_end_the_reading_and_take_nobody_for_gone(world: World) -> None:
    pages = three_pages() | {"3": Leaf(records=(record("d"),), next="2")}
    desk = Desk(world, source := Source(pages), books := Books(people={"d", "old"}))
    assert await desk.people.tick() is None
    assert source.asked == ["", "2", "3"] * 3
    assert (books.complete, books.busy, [one for one in books.written if one.startswith("-")]) == (0, False, [])
    assert await desk.people.tick() is None
    assert source.asked == ["", "2", "3"] * 3  # not at once again


async def test_half_a_company_is_never_taken_for_gone(world: World) -> None:
    gone = {f"p{number}" for number in range(40)}
    desk = Desk(world, Source(three_pages()), books := Books(people={"a", *gone}))
    await desk.people.tick()
    assert books.people >= gone
    assert books.cursor == ""  # the next reading looks at everybody again
    desk = Desk(world, Source(three_pages()), books, most_missing=1.0)
    await desk.people.tick()
    assert not books.people & gone


async def test_replicas_do_not_read_together(world: World) -> None:
    desk = Desk(world, source := Source(three_pages()), Books(busy=True))
    assert await desk.people.tick() is None
    assert source.asked == []


async def test_accounts_of_who_is_gone_are_unlinked(world: World) -> None:
    books = Books(lost=(account("ada", Platform.TEAMS),))
    await Desk(world, Source({"": Leaf(records=(record("ada"),), done="d")}), books).people.tick()
    assert [event.account.user for event in unlinked(world)] == [account("ada").user]


# ------------------------------------------------------------------------------------------ chat accounts


def unlinked(world: World) -> list[Unlinked]:
    return [event for event in world.taken if isinstance(event, Unlinked)]


def accounts_of(world: World, gateway: RecordingGateway, linked: dict[str, tuple[str, str]]) -> Directory:
    tenant = account("ada").tenant
    return Directory(
        {gateway.platform: gateway}, lambda accounts: (), lambda: (), world.take, world.clock,
        linked=lambda platform, where: linked if where == tenant else {},
    )  # fmt: skip


def listing(*names: str, **renamed: str) -> RecordingGateway:
    gateway = RecordingGateway(Platform.SLACK)
    for name in (*names, *renamed):
        email = f"{renamed.get(name, name)}@example.com"
        gateway.accounts[email] = (account(name, Platform.SLACK), Profile(email=email))
    return gateway


def owned(*names: str, noted: Callable[[str], str] = lambda name: f"{name}@example.com") -> dict[str, tuple[str, str]]:
    return {account(name).user: (noted(name), f"{name}@example.com") for name in names}


async def test_an_account_that_left_the_workspace_is_unlinked(world: World) -> None:
    await accounts_of(world, listing("ada"), owned("ada", "bo")).run_once()
    assert [(event.account.user, event.email) for event in unlinked(world)] == [(account("bo").user, "")]


async def test_an_account_with_another_e_mail_is_unlinked_and_one_whose_owner_was_renamed_is_not(world: World) -> None:
    linked = owned("ada", "bo") | {account("cy").user: ("cy@example.com", "cy.new@example.com")}
    await accounts_of(world, listing("ada", "cy", bo="stranger"), linked).run_once()
    assert [(event.account.user, event.email) for event in unlinked(world)] == [(account("bo").user, "stranger@example.com")]


async def test_a_listing_without_almost_everybody_unlinks_nobody(world: World) -> None:
    names = [f"p{number}" for number in range(40)]
    await accounts_of(world, listing("ada"), owned("ada", *names)).run_once()
    assert unlinked(world) == []


async def test_a_workspace_that_was_not_read_is_not_judged(world: World) -> None:
    await accounts_of(world, listing(), owned("ada")).run_once()
    assert unlinked(world) == []


async def test_single_people_who_change_do_not_list_a_workspace_each(world: World) -> None:
    now, gateway = [0.0], listing("ada")
    directory = Directory(
        {gateway.platform: gateway}, lambda a: (), lambda: (), world.take, world.clock, monotonic=lambda: now[0]
    )
    await directory.tick()
    for seconds, listings in ((10.0, 1), (599.0, 1), (600.0, 2), (700.0, 2), (1200.0, 3)):
        now[0] = seconds
        directory.pushed()
        await directory.tick()
        assert gateway.listings == listings


async def test_two_readings_at_once_are_one(world: World) -> None:
    desk = Desk(world, source := Source(three_pages()), Books())
    await asyncio.gather(desk.people.tick(), desk.people.tick())
    assert source.asked == ["", "2", "3"]
