"""What reading a company's directories costs, in numbers: the first time, again, with what changed, and after a lost cursor."""

import asyncio
import contextlib
import resource
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import uvicorn
from sqlalchemy import Engine, event, func, select

from adapters.directories import Directories, GraphPeople, GraphSource
from adapters.slack.gateway import SlackGateway
from adapters.teams.graph import Graph
from adapters.teams.tokens import Tokens
from adapters.teams.users import Users
from bot.events import Platform
from bot.model import Company as Firm
from bot.ports import Gateway
from bot.turn import Turn
from prompts import loader
from scheduler.directory import Directory
from scheduler.people import People
from storage.schema import address, person
from storage.store import SqlStore
from tests.directory.company import TENANT, Company


@dataclass
class Cost:
    """One reading."""

    name: str
    requests: int = 0
    limited: int = 0
    written: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    people: int = 0
    changed: int = 0


@dataclass
class Hands:
    """Real time but for waiting: what a platform asks for is counted, not slept."""

    waited: float = 0.0
    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.waited += seconds


@contextlib.contextmanager
def served(company: Company) -> Iterator[str]:
    """The loopback platforms, in a thread of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(company.app(), host="127.0.0.1", port=port, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > ends:
            raise RuntimeError("the loopback platforms did not start")
        threading.Event().wait(0.01)
    company.base = f"http://127.0.0.1:{port}"
    try:
        yield company.base
    finally:
        server.should_exit = True
        thread.join(10)


class Written:
    """Counts rows that statements write."""

    def __init__(self, engine: Engine) -> None:
        self.rows = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        words = statement.lstrip()[:6].upper()
        if words in ("INSERT", "UPDATE", "DELETE") and '"directory"' not in statement and " directory " not in statement:
            self.rows += len(parameters) if many else 1


@dataclass
class Result:
    """All readings, and what is stored after them."""

    costs: list[Cost]
    people: int
    linked: int
    gone: int
    led_by_first: int
    waited: float
    rss_mib: float


def prove(engine: Engine, company: Company) -> Result:
    """Read everything, read again, read what changed, lose the cursor and read again."""
    return asyncio.run(_prove(engine, company))


async def _prove(engine: Engine, company: Company) -> Result:
    hands, written, costs = Hands(), Written(engine), []
    firm = Firm(zone="Europe/Berlin")
    directories = Directories(engine, hands, firm, real=hands.now)
    turn = Turn(SqlStore(engine, firm, lambda country, year: frozenset()), loader.load(), committed=lambda: None)
    with served(company) as base:
        async with httpx.AsyncClient(timeout=60.0) as http:
            tokens = Tokens(app_id="app", password="secret", http=http)
            graph = Graph(tokens, http, url=f"{base}/v1.0/", token_url=f"{base}/{TENANT}/oauth2/v2.0/token")
            books = GraphPeople(directories, TENANT, writes=True, every=timedelta(0))
            people = People(GraphSource(Users(graph, TENANT).read), books, turn.take, hands, sleep=hands.sleep)
            slack = SlackGateway("xoxb-loopback", api_url=f"{base}/api/")
            gateways: dict[Platform, Gateway] = {Platform.SLACK: slack}
            accounts = Directory(
                gateways, directories.stored.changed_accounts, lambda: (), turn.take, hands,
                linked=directories.stored.linked, link_all=directories.stored.link_all,
            )  # fmt: skip

            async def read_people() -> int:
                hands.at += timedelta(minutes=1)
                taken = await people.tick()
                assert taken is not None, "the reading did not get to its end"
                return taken.created + taken.changed

            async def read_accounts() -> int:
                known = 0
                while True:  # a listing cut short goes on with the next call
                    before = company.requests["limited"]
                    known += await accounts.run_once()
                    if company.requests["limited"] == before:
                        return known

            async def cost(name: str, work: Any) -> None:
                one = Cost(name, people=company.people)
                before, rows, start, cpu = dict(company.requests), written.rows, time.perf_counter(), time.process_time()
                one.changed = await work()
                one.seconds, one.cpu = time.perf_counter() - start, time.process_time() - cpu
                one.requests = sum(company.requests[name] - before[name] for name in ("graph", "slack"))
                one.limited = company.requests["limited"] - before["limited"]
                one.written = written.rows - rows
                costs.append(one)

            await cost("graph: everybody", read_people)
            await cost("slack: everybody", read_accounts)
            await cost("graph: nothing new", read_people)
            await cost("slack: nothing new", read_accounts)
            company.change(managers=100, departments=60, leavers=20, joiners=20)
            await cost("graph: 200 changes", read_people)
            await cost("slack: 40 changes", read_accounts)
            company.epoch += 1
            await cost("graph: cursor lost", read_people)
            await slack.close()
    return Result(
        costs=costs,
        waited=hands.waited,
        rss_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **_stored(engine),
    )


def _stored(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        first = connection.scalar(select(person.c.id).where(person.c.email == "p1@acme.example"))
        queries = {
            "people": select(func.count()).select_from(person),
            "linked": select(func.count()).select_from(address),
            "gone": select(func.count()).select_from(person).where(person.c.end_date.is_not(None)),
            "led_by_first": select(func.count()).select_from(person).where(person.c.manager_id == first),
        }
        return {name: connection.scalar(query) or 0 for name, query in queries.items()}
