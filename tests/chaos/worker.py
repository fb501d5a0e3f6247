"""One replica of the delivery path in a process of its own: real outbox, turns, deliver and gateways, until it is killed.

Imported once by the fork server, so that a start costs milliseconds. A worker ends by itself only when its parent does.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

import httpx

import adapters.slack.client as slack_client
import adapters.teams.connector as teams_connector
import scheduler.deliver as delivering
from adapters.slack.gateway import SlackGateway
from adapters.teams.gateway import TeamsGateway
from bot.events import Address, Platform, Receipt
from bot.model import Company
from bot.ports import Gateway
from bot.talk.cards import Card
from bot.turn import Turn
from prompts import loader
from scheduler.deliver import Deliver
from scheduler.pace import Allowance, Kind, Pace
from storage.engine import open_engine
from storage.outbox import SqlOutbox
from storage.store import SqlStore
from tests.chaos.platforms import APP, TENANT
from tests.chaos.times import Times

UNDER_WAY = 12
"""Messages under way at once, where production has up to 16 per workspace: this machine carries some 100 a second in all,
and with hundreds under way a kill every second would hit each message several times."""
WIDE = Allowance(rate=2_000, burst=2_000)
"""The platforms here have no limits but the 429s they make up: this is about crashes, not about pacing."""
HEARTBEAT = 0.25
PHRASES = loader.load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a worker is told. `mistake` breaks the policy on purpose, to see that the judge notices."""

    database_url: str
    platform_url: str
    folder: str
    times: Times
    mistake: str = ""  # `no settle`, `mark before send`


def work(plan: Plan, line: "Connection[Any, Any]") -> None:
    """Deliver until killed, or until `line` to the parent breaks."""
    _quicken(plan.times)
    _listen(plan.folder)
    asyncio.run(_work(plan, line))


async def _work(plan: Plan, line: "Connection[Any, Any]") -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(line.fileno(), ended.set)
    deliver = _assemble(plan)
    deliver.start()
    while not ended.is_set():
        deliver.wake()
        try:
            await asyncio.wait_for(ended.wait(), HEARTBEAT)
        except TimeoutError:
            continue
    os._exit(0)


def _assemble(plan: Plan) -> Deliver:
    """As `adapters.app` does it, with the times of the proof."""
    engine = open_engine(plan.database_url, connections=4)
    times = plan.times
    outbox = SqlOutbox(engine, now, lease=timedelta(seconds=times.lease))
    turn = Turn(SqlStore(engine, Company(), _no_holidays), PHRASES, committed=lambda: deliver.wake())
    teams = TeamsGateway(
        app_id=APP,
        password="chaos",
        tenant=TENANT,
        token_url=f"{plan.platform_url}/token",
        service_hosts={"127.0.0.1"},
        http=httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=0), timeout=times.http, trust_env=False),
        development=True,
    )
    gateways: dict[Platform, Gateway] = {
        Platform.SLACK: SlackGateway("xoxb-chaos", api_url=f"{plan.platform_url}/api/"),
        Platform.TEAMS: teams,
    }
    if plan.mistake == "mark before send":
        gateways = {platform: _Hasty(gateway) for platform, gateway in gateways.items()}
    wide = {(Platform.SLACK, kind): WIDE for kind in Kind} | {(Platform.TEAMS, Kind.POST): WIDE}
    deliver = Deliver(
        outbox,
        gateways,
        turn.take,
        _Clock(),
        take_all=turn.take_all,
        pace=Pace(wide, conversation=WIDE),
        settle_seconds=0.01 if plan.mistake == "no settle" else times.settle,
        hold_seconds=times.hold,
        threads=3,
    )
    return deliver


def _quicken(times: Times) -> None:
    """The constants of production that no argument reaches, divided like the others."""
    constants: list[tuple[object, str, float]] = [
        (slack_client, "TIMEOUT", times.http),
        (teams_connector, "DEADLINE", times.http * 1.5),
        (delivering, "UNDER_WAY", UNDER_WAY),
        (delivering, "BATCH", UNDER_WAY),
    ]
    for module, name, value in constants:
        if not hasattr(module, name):
            raise LookupError(f"{module} has no {name} any more: find out what took its place")
        setattr(module, name, value)


class _Clock:
    def now(self) -> datetime:
        return now()


class _Hasty:
    """A gateway that says *sent* and then sends: the mistake that loses messages."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.platform, self.can_read_back = gateway.platform, gateway.can_read_back
        self._tasks: set[asyncio.Task[Receipt]] = set()

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        task = asyncio.create_task(self._late(lambda: self._gateway.send(address, card, key=key)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Receipt(address=address, place="D" + address.user, id=f"hasty:{key}")

    async def _late(self, send: Callable[[], Any]) -> Receipt:
        await asyncio.sleep(0.05)
        receipt: Receipt = await send()
        return receipt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)


# ------------------------------------------------------------------------------------------ what it writes down


class _Outcomes(logging.Handler):
    """Every outcome as a line of its own, in one write: a killed process leaves no half lines."""

    def __init__(self, folder: str) -> None:
        super().__init__(logging.INFO)
        self._file = os.open(f"{folder}/outcomes.txt", os.O_APPEND | os.O_CREAT | os.O_WRONLY)

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "send":
            fields: Any = record
            os.write(self._file, f"{time.time():.3f} {fields.key} {fields.outcome} {fields.reason}\n".encode())


def _listen(folder: str) -> None:
    worries = logging.FileHandler(f"{folder}/worries.log", delay=True)
    worries.setLevel(logging.WARNING)
    logging.basicConfig(level=logging.WARNING, handlers=[worries], force=True)
    sends = logging.getLogger("rondo.deliver")
    sends.setLevel(logging.INFO)
    sends.addHandler(_Outcomes(folder))


def now() -> datetime:
    """Real time."""
    return datetime.now(UTC)


def _no_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset()
