"""A real server with people at work on it, and every payload that brought them there: what hostile requests are made of."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl

from adapters.local import demo
from tests.e2e import company
from tests.e2e.company import MONDAY, email
from tests.e2e.hands import SIGNING_SECRET, SlackHands, TeamsHands
from tests.e2e.server import RONDO, START_SECONDS, Server, free_port
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_driver import FORM, JSON, Answer, SlackDriver
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_driver import Answer as TeamsAnswer
from tests.fakes.teams_driver import TeamsDriver
from tests.fakes.teams_keys import Forge
from tests.hostile import from_outside, from_slack, from_teams
from tests.hostile.strange import Json
from tests.hostile.wire import Request
from tests.hostile.words import WORDS

NORMAL = "cem"
"""Whose gestures no forger knows: at the end the check-in of this person works as on any other day."""
OLD_SECRET = "the-secret-before"
THURSDAY, NEXT_THURSDAY = "2031-01-09T09:00", "2031-01-16T09:00"
IN_TEAMS = ("dana", "ben", "joe")


class _HeardSlack(SlackDriver):
    """Keeps what it sent."""

    heard: list[tuple[str, Json]]

    async def raw(self, body: bytes, headers: Mapping[str, str] | None = None, *, content_type: str = JSON) -> Answer:
        if content_type == FORM:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
            self.heard.append(("interaction", json.loads(form["payload"])) if "payload" in form else ("command", dict(form)))
        else:
            self.heard.append(("event", json.loads(body)))
        return await super().raw(body, headers, content_type=content_type)


class _HeardTeams(TeamsDriver):
    """Keeps what it sent."""

    heard: list[Json]

    async def raw(self, body: bytes, headers: Mapping[str, str] | None = None, *, forge: Forge | None = None) -> TeamsAnswer:
        self.heard.append(json.loads(body))
        return await super().raw(body, headers, forge=forge)


@dataclass(kw_only=True)
class Stage:
    """What the run acts on."""

    server: Server
    slack: SlackHands
    teams: TeamsHands
    known_slack: from_slack.Known
    known_teams: from_teams.Known
    known: from_outside.Known
    playground: "Playground | None"

    def request(self, seed: int, number: int) -> Request:
        """The request of this number. The same seed and number give the same one, but for times and ids of this server."""
        rng = Random(seed * 1_000_003 + number)
        draw = rng.random()
        if draw < 0.22:
            return from_slack.badly_signed(rng, self.known_slack, number)
        if draw < 0.55:
            return from_slack.well_signed(rng, self.known_slack, number)
        if draw < 0.68:
            return from_teams.not_trusted(rng, self.known_teams, number)
        if draw < 0.86:
            return from_teams.trusted(rng, self.known_teams, number)
        if draw < 0.90:
            return from_outside.without_token(rng, self.known, number)
        if draw < 0.95:
            return from_outside.with_token(rng, self.known, number)
        if draw < 0.98 or self.playground is None:
            return from_outside.elsewhere(rng, self.known, number)
        return from_outside.playground(rng, self.playground.known, number)


@dataclass(kw_only=True)
class Playground:
    """`rondo demo`, a process of its own."""

    process: "subprocess.Popen[bytes]"
    port: int
    known: from_outside.Known


@contextmanager
def _demo(folder: Path) -> Iterator[Playground]:
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith("RONDO_")}
    log = folder / "playground.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [str(RONDO), "demo", "--port", str(port)], cwd=folder, env=inherited, stdout=file, stderr=subprocess.STDOUT
        )
    people = [row.partition(",")[0] for row in demo.people_csv(datetime.fromisoformat(f"{MONDAY}+00:00")).splitlines()[1:]]
    try:
        yield Playground(process=process, port=port, known=from_outside.Known(people=people, results=("x",)))
    finally:
        process.kill()
        process.wait(10)


async def _up(port: int) -> None:
    """Wait until somebody listens there."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def stage(
    folder: Path, database_url: str, *, crowd: int = 40, depth: float = 0.25, playground: bool = True
) -> AsyncIterator[Stage]:
    """Two platforms without limits (theirs are not what is tested here), a server, a week's worth of good gestures, and
    on each platform a crowd in whose name forgers speak: one person's answers leave at one a second.
    """
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(FakeSlack(messages_per_minute=10**9, channel_burst=10**9, method_limits={}))
        teams = await stack.enter_async_context(FakeTeams(send_windows=(), member_windows=(), tenant_windows=()))
        server = Server(folder, database_url, _settings(slack, teams))
        demo_server = stack.enter_context(_demo(folder)) if playground else None
        await stack.enter_async_context(server)
        in_slack, in_teams = SlackHands(slack, server), TeamsHands(teams, server)
        heard = _HeardSlack(slack, in_slack.driver.url, SIGNING_SECRET)
        heard_too = _HeardTeams(teams, in_teams.driver.url)
        heard.heard, heard_too.heard = [], []
        in_slack.driver, in_teams.driver = heard, heard_too
        await _a_week(server, in_slack, in_teams)
        await _arrive(server, in_slack, in_teams, crowd)
        if demo_server is not None:
            await _up(demo_server.port)
        yield Stage(
            server=server,
            slack=in_slack,
            teams=in_teams,
            known_slack=from_slack.Known(
                secret=SIGNING_SECRET, payloads=tuple(heard.heard), crowd=_names(in_slack.ids), depth=depth
            ),
            known_teams=from_teams.Known(
                keys=teams.keys,
                app_id=teams.app_id,
                service_url=teams.service_url,
                activities=tuple(heard_too.heard),
                crowd=[_speaker(in_teams, user) for user in _names(in_teams.ids)],
                depth=depth,
            ),
            known=from_outside.Known(
                people=[email(name) for name in ("max", "ana", "dana", "ben")], results=("K1", "K2", "K4", "K5")
            ),
            playground=demo_server,
        )


@asynccontextmanager
async def nobody(folder: Path, database_url: str) -> AsyncIterator[Server]:
    """A server with both platforms on and no people."""
    async with FakeSlack() as slack, FakeTeams() as teams:
        settings = _settings(slack, teams) | {"RONDO_SLACK_SIGNING_SECRET": f"{SIGNING_SECRET}, {OLD_SECRET}"}
        async with Server(folder, database_url, settings) as server:
            yield server


def _names(ids: Mapping[str, str]) -> list[str]:
    return [user for name, user in ids.items() if name != NORMAL]


def _speaker(hands: TeamsHands, user: str) -> Json:
    activity = hands.driver.activity(user, "message")
    return {key: activity[key] for key in ("from", "conversation")}


async def _arrive(server: Server, slack: SlackHands, teams: TeamsHands, crowd: int) -> None:
    """People with strange names and a goal each. What brought them here is no model for forgers."""
    heard = slack.driver, teams.driver
    slack.driver = slack.slack.driver(server.url, SIGNING_SECRET)
    teams.driver = teams.teams.driver(server.url)
    people, goals = company.PEOPLE_HEADER, company.GOALS_HEADER
    for number in range(2 * crowd):
        words = WORDS[number % len(WORDS)].replace("\0", "").encode("utf-8", "replace").decode()[:60].replace('"', "").strip()
        mail = email(f"crowd{number}")
        people += f'{mail},"N {words}",{email("dana")},,Product,Crowd,,Europe/Berlin,en,Mon-Fri,09:00-18:00,,,\n'
        goals += f'H{number},{mail},Crowd,2031-Q1,committed,"G {words}",,,,HK{number},"R {words}",%,0,100,,2031-03-31\n'
    goals += f"N1,{email(NORMAL)},Web,2031-Q1,committed,An ordinary goal,,,,NK1,Ordinary steps,%,0,100,,2031-03-31\n"
    await server.import_people(people)
    await server.import_goals(goals)
    for number in range(crowd):
        await slack.arrive(f"crowd{number}")
        await slack.driver.home_opened(slack.ids[f"crowd{number}"])
        await teams.arrive(f"crowd{crowd + number}")
    slack.driver, teams.driver = heard
    await server.settle()


def _settings(slack: FakeSlack, teams: FakeTeams) -> dict[str, str]:
    return {
        "RONDO_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "RONDO_SLACK_BOT_TOKEN": slack.bot_token,
        "RONDO_SLACK_API_URL": slack.api_url,
        "RONDO_SLACK_MESSAGES_PER_MINUTE": "100000",
        "RONDO_TEAMS_APP_ID": teams.app_id,
        "RONDO_TEAMS_APP_PASSWORD": teams.app_password,
        "RONDO_TEAMS_TENANT_ID": teams.tenant_id,
        "RONDO_TEAMS_SERVICE_HOSTS": "127.0.0.1",
        "RONDO_TEAMS_OPENID_URL": teams.openid_url,
        "RONDO_TEAMS_TOKEN_URL": teams.token_url,
    }


async def _a_week(server: Server, slack: SlackHands, teams: TeamsHands) -> None:
    """One of every kind of gesture, on both platforms."""
    await server.now(MONDAY)
    for name in ("max", "mina", "ana", NORMAL):
        await slack.arrive(name)
    await server.import_people(company.people_csv())
    await server.import_goals(company.goals_csv())
    for name in IN_TEAMS:
        await teams.arrive(name)
        await teams.say(name, "hello")
    for name in ("max", "ana"):
        for line in ("hello", "/checkin", "/goals", "/goals add", "/rondo why", "/team"):
            await slack.say(name, line)
    await server.now(THURSDAY)
    for hands, name in ((slack, "max"), (slack, "ana"), (teams, "ben")):
        prompt = hands.chat(name)[-1]
        if "Open form" in prompt.labels:
            await hands.submit(name, await hands.open_form(name, prompt, "Open form"), {})
        for label in hands.now(name, hands.chat(name)[-1]).labels:
            if re.search("On track|At risk|Why|I need a decision", label):
                with contextlib.suppress(AssertionError):  # opens a form, or is gone by now
                    await hands.press(name, hands.chat(name)[-1], label)
    await slack.driver.home_opened(slack.ids["max"])
    home = slack.slack.home(slack.ids["max"])
    if home is not None:
        with contextlib.suppress(AssertionError):
            await slack.driver.press(slack.ids["max"], home, "Open form")
    await server.settle()
