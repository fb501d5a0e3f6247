"""The clock that is told: `GET` and `POST /dev/clock`."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import BadInstant, DevClock, SystemClock, Timekeeper, clock_router, parse_duration, parse_instant

START = datetime(2026, 11, 19, 12, tzinfo=UTC)


class Bench:
    """A clock with its routes, over a world that is empty, or not."""

    def __init__(self) -> None:
        self.clock = DevClock(START)
        self.empty = True
        self.recorded: datetime | None = None
        self.settles: list[datetime] = []
        self.settling = 0
        self.most = 0
        self.settled = True
        self.begun = asyncio.Event()
        self.keeper = Timekeeper(self.clock, settle=self._settle, empty=lambda: self.empty, last_recorded=lambda: self.recorded)
        app = FastAPI()
        app.include_router(clock_router(self.clock, self.keeper))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rondo")

    async def _settle(self) -> bool:
        self.settling += 1
        self.begun.set()
        self.most = max(self.most, self.settling)
        await asyncio.sleep(0.01)
        self.settles.append(self.clock.now())
        self.settling -= 1
        return self.settled

    async def post(self, **body: object) -> httpx.Response:
        return await self.http.post("/dev/clock", json=body)


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_clock_stands_still_until_it_is_told(bench: Bench) -> None:
    assert (await bench.http.get("/dev/clock")).json() == {"now": "2026-11-19T12:00:00Z"}
    await asyncio.sleep(0.01)
    assert bench.clock.now() == START


async def test_answer_comes_after_everything_was_settled(bench: Bench) -> None:
    answer = await bench.post(now="2026-03-02T09:00:00Z")
    assert answer.json() == {"now": "2026-03-02T09:00:00Z"}
    assert bench.settles == [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    assert (await bench.post(advance="PT24H")).json() == {"now": "2026-03-03T09:00:00Z"}


async def test_offsets_are_understood(bench: Bench) -> None:
    assert (await bench.post(now="2026-03-02T18:00:00+09:00")).json() == {"now": "2026-03-02T09:00:00Z"}


async def test_any_instant_is_taken_while_the_database_is_empty(bench: Bench) -> None:
    assert (await bench.post(now="2030-01-01T00:00:00Z")).status_code == 200
    assert (await bench.post(now="2020-01-01T00:00:00Z")).status_code == 200


async def test_time_does_not_turn_back(bench: Bench) -> None:
    await bench.post(now="2026-03-02T09:00:00Z")
    bench.empty = False
    answer = await bench.post(now="2026-03-02T08:59:59Z")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["type"], answer.json()["title"]) == ("about:blank", "Conflict")  # RFC 9457, 4.2.1: the status's words
    assert bench.clock.now() == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert len(bench.settles) == 1


async def test_the_current_instant_again_means_wait_until_everything_is_done(bench: Bench) -> None:
    await bench.post(now="2026-03-02T09:00:00Z")
    bench.empty = False
    assert (await bench.post(now="2026-03-02T09:00:00Z")).status_code == 200
    assert (await bench.post(advance="PT0S")).status_code == 200
    assert len(bench.settles) == 3


async def test_fresh_process_may_go_back_behind_wall_time_but_not_behind_what_was_recorded(bench: Bench) -> None:
    bench.empty = False
    bench.recorded = START - timedelta(days=100)
    assert (await bench.post(now=(START - timedelta(days=101)).isoformat())).status_code == 409
    assert (await bench.post(now=(START - timedelta(days=99)).isoformat())).status_code == 200
    assert (await bench.post(now=(START - timedelta(days=100)).isoformat())).status_code == 409  # now it was told


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", b"[]", b"null", b"{}", b'{"now": 5}', b'{"now": ""}', b'{"now": "soon"}', b'{"advance": "24h"}',
        b'{"now": "2026-03-02T09:00:00"}', b'{"advance": "PT1H", "now": "2026-03-02T09:00:00Z"}', b'{"advance": "P1Y"}',
        b'{"advance": "-PT1H"}', b'{"advance": "P99999999999W"}', b'{"now": "0001-01-01T00:00:00+14:00"}',
        b'{"now": "9999-12-31T23:59:59Z"}', b'{"advance": "P999999D"}', b"\xff\xfe", b"[" * 100_000,
        b'{"advance": NaN}',
    ],
)  # fmt: skip
async def test_junk_is_refused_and_moves_nothing(bench: Bench, body: bytes) -> None:
    answer = await bench.http.post("/dev/clock", content=body)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert bench.clock.now() == START
    assert bench.settles == []


async def test_moves_at_the_same_time_come_one_after_another(bench: Bench) -> None:
    answers = await asyncio.gather(*(bench.post(advance="PT1H") for _ in range(5)))
    assert sorted(answer.json()["now"] for answer in answers) == [f"2026-11-19T{hour}:00:00Z" for hour in range(13, 18)]
    assert bench.most == 1


async def test_nothing_else_sweeps_while_the_clock_is_moved(bench: Bench) -> None:
    swept: list[str] = []

    async def sweep() -> None:
        swept.append("swept")

    moving = asyncio.create_task(bench.post(advance="PT1H"))
    await bench.begun.wait()
    await bench.keeper.between_moves(sweep)
    await moving
    assert swept == []
    await bench.keeper.between_moves(sweep)
    assert swept == ["swept"]


async def test_what_did_not_settle_is_said(bench: Bench) -> None:
    bench.settled = False
    assert (await bench.post(advance="PT1H")).json() == {"now": "2026-11-19T13:00:00Z", "settled": False}


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("PT24H", 86_400), ("P1D", 86_400), ("P1W", 604_800), ("P1DT2H30M", 95_400), ("PT0.5S", 0.5), ("PT1,5S", 1.5),
        ("PT90M", 5_400), ("P0D", 0), ("P2W3DT4H5M6S", 2 * 604_800 + 3 * 86_400 + 4 * 3_600 + 306),
    ],
)  # fmt: skip
def test_durations(words: str, seconds: float) -> None:
    assert parse_duration(words) == timedelta(seconds=seconds)


@pytest.mark.parametrize("words", ["P", "PT", "P1DT", "P1M", "P1Y", "1D", "PT1", "P1H", "PT1D", "p1d", "P١D", "P1.5D", ""])
def test_no_durations(words: str) -> None:
    with pytest.raises(BadInstant):
        parse_duration(words)


@given(st.text())
def test_no_text_breaks_the_parsers(words: str) -> None:
    for parse in (parse_duration, parse_instant):
        with contextlib.suppress(BadInstant):
            parse(words)


# ------------------------------------------------------------------------------------------------ the database's time


def test_what_the_database_says_counts_however_wrong_this_machine_is_and_goes_on_when_it_is_silent() -> None:
    seconds = 50.0
    clock = SystemClock(monotonic=lambda: seconds)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5), "as long as it has not been asked"
    ahead = clock.synchronise(START, 40.0)
    assert clock.now() == START + timedelta(seconds=10)
    assert abs(datetime.now(UTC) - ahead - clock.now()) < timedelta(seconds=5)
    seconds = 3650.0
    assert clock.now() == START + timedelta(seconds=3610), "an hour without an answer"
    clock.synchronise(START + timedelta(hours=1), 3649.0)
    assert clock.now() == START + timedelta(hours=1, seconds=1), "what it says now counts"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://evil.example", "Host": "evil.example"},  # whose name was made to lead here
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:9999"},  # another server of this machine
    ],
)
async def test_no_page_elsewhere_moves_the_clock(bench: Bench, headers: dict[str, str]) -> None:
    """Whoever develops has a browser open, and any page in it may post to this machine."""
    there = {"Host": "localhost:8080", "Content-Type": "text/plain"}
    answer = await bench.http.post("/dev/clock", content=b'{"advance": "PT24H"}', headers=there | headers)
    assert answer.status_code == 403
    assert bench.clock.now() == START


async def test_our_own_page_and_whoever_is_no_browser_may_move_it(bench: Bench) -> None:
    ours = {"Host": "localhost:8080", "Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}
    for headers in (ours, {}):
        assert (await bench.http.post("/dev/clock", json={"advance": "PT1H"}, headers=headers)).status_code == 200
