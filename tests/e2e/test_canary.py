"""Secrets and people's words, planted and then looked for wherever they must not be (RELIABILITY S2, ASVS V16.2.5).

A real server at the most talkative level of the log lives through good and bad traffic; then every byte it left is searched.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Self

import pytest

from tests.e2e import story
from tests.e2e.company import MONDAY
from tests.e2e.hands import SIGNING_SECRET, SlackHands
from tests.e2e.server import ADMIN, Server, free_port
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams

SECRETS = {
    "bot token": "xoxb-canary-7f3a9c-heron",
    "app password": "canary-teams-password-51c2",
    "key": base64.urlsafe_b64encode(b"canary-key-of-thirty-two-bytes!!").decode(),
    "signing secret": SIGNING_SECRET,
    "admin token": ADMIN,
    "monitor": "canary-monitor-path-88d1",
    "scim token": "canary-scim-token-4b7e-of-some-length",
    "database password": "canary-database-password-19aa",
    "teams token": "loopback-token-",
}
WORDS = {
    "note": "canary-note-kingfisher",
    "wrong value": "canary-value-plover",
    "said": "canary-said-bittern",
    "reason": "canary-reason-avocet",
    "because": "canary-because-curlew",
    "concern": "canary-concern-dunlin",
    "goal": "canary-goal-godwit",
}
TALKATIVE = (
    "import logging, functools, sys; from adapters import logs; "
    "logs.configure = functools.partial(logs.configure, level=logging.DEBUG); "
    "from adapters.cli import main; main()"
)


class Talkative(Server):
    """A server whose log is at DEBUG, which no setting can do."""

    def launch(self) -> Self:
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith("RONDO_")}
        inherited["PYTHONPATH"] = str(Path(__file__).parents[2])
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", TALKATIVE, "serve", "--port", str(self.port)],
                cwd=self.folder, env=inherited | self.settings, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        return self

    def command(self, *words: str) -> str:
        """What a command prints, on both streams."""
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **self.settings}
        done = subprocess.run(
            [sys.executable, "-m", "adapters.cli", *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return (done.stdout + done.stderr).decode(errors="replace")


class Lived:
    """What a server left behind: its answers, its log, its commands' output, its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: list[str] = []
        self.log = ""
        self.commands: dict[str, str] = {}

    def places(self) -> dict[str, bytes]:
        files = {path.name: path.read_bytes() for path in self.folder.rglob("rondo*") if path.is_file()}
        assert any(name.endswith(".db") for name in files)
        return {
            **files,
            **{name: text.encode() for name, text in self.commands.items()},
            "answers": "\n".join(self.answers).encode(),
            "log": self.log.encode(),
        }


@pytest.fixture(scope="module", params=["json", "console"])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """One life per style of log, searched by every test."""
    return asyncio.run(_life(tmp_path_factory.mktemp(f"canary-{request.param}"), request.param))


async def _life(folder: Path, style: str) -> Lived:
    async with FakeSlack(bot_token=SECRETS["bot token"]) as slack, FakeTeams(app_password=SECRETS["app password"]) as teams:
        settings = {
            "RONDO_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "RONDO_SLACK_BOT_TOKEN": slack.bot_token,
            "RONDO_SLACK_API_URL": slack.api_url,
            "RONDO_TEAMS_APP_ID": teams.app_id,
            "RONDO_TEAMS_APP_PASSWORD": teams.app_password,
            "RONDO_TEAMS_TENANT_ID": teams.tenant_id,
            "RONDO_TEAMS_SERVICE_HOSTS": "127.0.0.1",
            "RONDO_TEAMS_OPENID_URL": teams.openid_url,
            "RONDO_TEAMS_TOKEN_URL": teams.token_url,
            "RONDO_SECRET_KEY": SECRETS["key"],
            "RONDO_SCIM_TOKEN": SECRETS["scim token"],
            "RONDO_LOG": style,
            "RONDO_HEARTBEAT_URL": f"http://127.0.0.1:{free_port()}/{SECRETS['monitor']}",
        }
        left = Lived(folder)
        server = Talkative(folder, f"sqlite:///{folder / 'rondo.db'}", settings)
        async with server:
            hands = SlackHands(slack, server)
            await _good(server, hands)
            await _bad(server, hands, slack, teams, left)
            for path in ("/metrics", "/readyz", "/healthz", "/nowhere"):
                left.answers.append((await server.http.get(path)).text)
            for line in ("check", "check --audit", "export ledger", "export goals", "export checkins", "migrate"):
                left.commands[line] = await asyncio.to_thread(server.command, *line.split())
            await asyncio.to_thread(server.terminate)
        broken = f"postgresql+psycopg://rondo:{SECRETS['database password']}@127.0.0.1:{free_port()}/rondo"
        server.settings["RONDO_DATABASE_URL"] = broken
        for line in ("check", "serve --port 0", "migrate", "export ledger"):
            left.commands[f"{line} without its database"] = await asyncio.to_thread(server.command, *line.split())
        left.log = server.log()
        return left


async def _good(server: Server, hands: SlackHands) -> None:
    await story.founded(server, hands, "vera", "max", "ana", "ben", at=MONDAY)
    await story.met(hands, "vera", "max", "ana", "ben")
    await server.now(story.BERLIN_TEN)
    await hands.say("ana", WORDS["said"])
    await hands.say("ben", f"/checkin skip {WORDS['reason']}")
    await hands.say("vera", f"/nudges set goal.stalled 12d because {WORDS['because']}")
    await hands.say("max", f"/rondo concern {WORDS['concern']}")
    await hands.say("max", f"/goals add {WORDS['goal']}")
    card = story.prompts(hands, "ana")[-1]
    form = await hands.open_form("ana", card, "Open form")
    refused = await hands.submit("ana", form, {"Pages per week": WORDS["wrong value"], "Note": WORDS["note"]})
    assert not refused.closed
    again = await hands.submit(
        "ana", refused.form or form, {"Status": "On track", "Pages per week": "30", "Confidence": "6", "Note": WORDS["note"]}
    )
    assert again.closed, again.errors
    await server.settle()


async def _bad(server: Server, hands: SlackHands, slack: FakeSlack, teams: FakeTeams, left: Lived) -> None:
    """Wrong signatures, wrong tokens, secrets in every wrong place, and platforms that fail."""
    wrong = json.dumps({"token": SECRETS["bot token"], "note": WORDS["note"]}).encode()
    left.answers.append(repr(await hands.driver.raw(wrong, {"X-Slack-Signature": f"v0={SIGNING_SECRET}"})))
    left.answers.append(repr(await hands.driver.raw(b"{" + wrong, hands.driver.sign(b"{" + wrong))))
    for path in ("/api/messages", "/api/v1/ledger", "/api/v1/people:import", "/scim/v2/Users", f"/x/{SECRETS['bot token']}"):
        for method in ("GET", "POST"):
            for secret in SECRETS.values():
                answer = await server.http.request(method, path, headers={"Authorization": f"Bearer {secret}x"}, content=wrong)
                left.answers.append(f"{answer.headers} {answer.text}".replace(f"/x/{SECRETS['bot token']}", ""))
    answer = await server.api("PATCH", "key-results/nothing", content=wrong)
    left.answers.append(answer.text)
    for fault in ("invalid_auth", "channel_not_found", "fatal_error"):
        slack.faults.error(fault, 2, method="chat.postMessage")
        await hands.driver.message_im(hands.ids["ana"], "/goals")
    slack.faults.clear()


def hits(secret: str, places: dict[str, bytes]) -> list[str]:
    forms = {
        secret.encode(),
        base64.b64encode(secret.encode()).rstrip(b"="),
        secret.encode("utf-16-le"),
        secret.encode().hex().encode(),
    }
    return [name for name, content in places.items() if any(form in content for form in forms)]


def test_no_secret_is_found_anywhere(lived: Lived) -> None:
    places = lived.places()
    assert len(lived.log) > 2_000
    found = {what: where for what, secret in SECRETS.items() if (where := hits(secret, places))}
    assert found == {}


def test_what_people_wrote_is_in_no_log(lived: Lived) -> None:
    written = {**lived.places()}
    kept = b"".join(content for name, content in written.items() if name.startswith("rondo.db"))
    for what in ("note", "because"):
        assert WORDS[what].encode() in kept, f"{what} was planted and did not arrive: this test looks at nothing"
    outside = {"log": written["log"], "answers": written["answers"]}
    assert {what: where for what, word in WORDS.items() if (where := hits(word, outside))} == {}


def test_every_line_of_the_log_is_one_object_with_its_time_in_utc(lived: Lived) -> None:
    lines = lived.log.splitlines()
    assert lines
    if not lines[0].startswith("{"):
        return  # the style for people
    turns = 0
    for line in lines:
        fields = json.loads(line)
        assert {"event", "logger", "level", "timestamp"} <= fields.keys(), line
        assert datetime.fromisoformat(fields["timestamp"]).utcoffset() is not None
        turns += fields["logger"] == "rondo.turn" and "event_id" in fields
    assert turns > 5


def test_the_search_finds_what_is_there() -> None:
    """Plain, in base64, in UTF-16 and in hexadecimal: the search itself is no use unless it bites."""
    for form in (b"canary", base64.b64encode(b"canary"), "canary".encode("utf-16-le"), b"canary".hex().encode()):
        assert hits("canary", {"file": b"before " + form + b" after"}) == ["file"]
    assert hits("canary", {"file": b"nothing"}) == []
