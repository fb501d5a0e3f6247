"""One person's life with Rondo, told as it is seen on the screens; `python -m tests.e2e.life` prints it.

Starts in Slack, moves to Teams, has another manager, goes on leave, leaves the company, and is erased.
"""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.company import BERLIN, email, goals_csv
from tests.e2e.hands import SIGNING_SECRET, Seen, SlackHands, TeamsHands
from tests.e2e.server import RONDO, Json, Server
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams

SCIM = "a-token-of-some-length-for-hr"
LEADS = {"vera": "", "dana": "vera", "ben": "vera", "max": "dana", "ana": "dana"}
_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_RONDO = "urn:ietf:params:scim:schemas:extension:rondo:2.0:User"


class Life:
    """The story, and what is seen of it. Every chapter asserts what it tells."""

    def __init__(self, server: Server, slack: FakeSlack, teams: FakeTeams) -> None:
        self.server = server
        self.slack, self.teams = SlackHands(slack, server), TeamsHands(teams, server)
        self.lines: list[str] = []
        self.ids: dict[str, str] = {}
        self._seen: dict[tuple[str, str, str], str] = {}

    def text(self) -> str:
        """The transcript."""
        return "\n".join(self.lines).strip() + "\n"

    def chapter(self, title: str) -> None:
        self.lines += ["", f"## {title}"]

    def _did(self, words: str) -> None:
        self.lines += ["", words]

    def look(self) -> None:
        """Write down what is new on Max's and his managers' screens."""
        for name in ("max", "dana", "ben", "vera"):
            for platform, hands in (("Slack", self.slack), ("Teams", self.teams)):
                for seen in _chat(hands, name):
                    key = (platform, name, seen.id)
                    if self._seen.get(key) != seen.words:
                        verb = "sees" if key not in self._seen else "sees it changed"
                        self.lines += ["", f"{name.title()} {verb} in {platform}:"]
                        self.lines += [f"    {line}" for line in seen.words.splitlines()[:12]]
                        self._seen[key] = seen.words

    async def at(self, instant: str) -> None:
        """Time passes."""
        await self.server.now(instant)
        self._did(f"({instant} UTC)")
        self.look()

    async def scim(self, method: str, path: str, body: Json | None = None) -> Json:
        """The HR system pushes."""
        headers = {"Authorization": f"Bearer {SCIM}"}
        answer = await self.server.http.request(method, f"/scim/v2{path}", headers=headers, json=body)
        assert answer.status_code in (200, 201, 204), answer.text
        await self.server.settle()
        found: Json = answer.json() if answer.content else {}
        return found

    async def says(self, hands: SlackHands | TeamsHands, name: str, text: str) -> Sequence[Seen]:
        self._did(f"{name.title()} writes in {'Slack' if hands is self.slack else 'Teams'}: {text}")
        new = await hands.say(name, text)
        self.look()
        return new

    async def _set(self, name: str, words: str, **fields: object) -> None:
        self._did(f"HR: {words}")
        operations = [{"op": "replace", "value": fields}]
        await self.scim("PATCH", f"/Users/{self.ids[name]}", {"Operations": operations})
        self.look()

    # ------------------------------------------------------------------------------------------ the story

    async def begins(self) -> None:
        """The HR system makes the company; Max has an account in Slack."""
        self.chapter("He starts, in Slack")
        await self.server.now("2031-01-06T08:00")
        for name, boss in LEADS.items():
            user: Json = {
                "schemas": [_USER],
                "userName": email(name),
                "externalId": f"hr-{name}",
                "displayName": name.title(),
                "emails": [{"value": email(name), "type": "work", "primary": True}],
                "active": True,
                "timezone": BERLIN,
                "locale": "en",
                _ENTERPRISE: {"department": "Product", **({"manager": {"value": self.ids[boss]}} if boss else {})},
                _RONDO: {"role": "hr_admin" if name == "vera" else ""},
            }
            self.ids[name] = (await self.scim("POST", "/Users", user))["id"]
        await self.server.import_goals(goals_csv(["O1", "O2"]))
        for name in LEADS:
            await self.slack.arrive(name)
        await self.says(self.slack, "max", "hello")
        await self.at("2031-01-09T09:00")
        assert len(_prompts(self.slack, "max")) == 1
        await self.says(self.slack, "max", "all on track")
        assert "Saved on" in self.slack.now("max", _prompts(self.slack, "max")[0]).words

    async def moves_to_teams(self) -> None:
        """The same person in Teams: one person, two accounts; he says where he wants to be written to."""
        self.chapter("He moves to Teams")
        for name in ("max", "ben"):
            await self.teams.arrive(name)
        await self.server.settle()
        await self.says(self.slack, "max", "/rondo prefer teams")
        await self.at("2031-01-16T09:00")
        assert (len(_prompts(self.slack, "max")), len(_prompts(self.teams, "max"))) == (1, 1)
        await self.says(self.slack, "max", "portal on track, NPS 30")  # an answer in either place edits the card where it is
        assert "Saved on" in self.teams.now("max", _prompts(self.teams, "max")[0]).words

    async def has_another_manager(self) -> None:
        """From the push on: the old manager's team is without him, the new one's with him."""
        self.chapter("He has another manager")
        before = await self.says(self.slack, "dana", "/goals team")
        assert any("Launch the new portal" in seen.words or "Max" in seen.words for seen in before)
        await self._set("max", "Max reports to Ben", **{_ENTERPRISE: {"manager": {"value": self.ids["ben"]}}})
        after = await self.says(self.slack, "dana", "/goals team")
        assert not any("Max" in seen.words for seen in after)
        new = await self.says(self.teams, "ben", "/goals team")
        assert any("Max" in seen.words for seen in new)

    async def goes_on_leave(self) -> None:
        """Nothing is asked while he is away."""
        self.chapter("He goes on leave")
        await self.says(self.teams, "max", "/away 2031-01-20..2031-01-24")
        await self.at("2031-01-23T12:00")
        assert len(_prompts(self.teams, "max")) == 1
        await self.at("2031-01-30T09:00")
        assert len(_prompts(self.teams, "max")) == 2

    async def leaves(self) -> None:
        """At once: nothing more is sent, nothing more is taken."""
        self.chapter("He leaves the company")
        await self._set("max", "Max is not active any more", active=False)
        count = self._messages()
        await self.says(self.teams, "max", "all on track")
        await self.at("2031-02-20T12:00")
        assert self._messages() == count
        assert await self.server.items("outbox", state="pending") == []
        after = await self.says(self.teams, "ben", "/goals team")
        assert not any("Max" in seen.words for seen in after)

    async def is_erased(self) -> None:
        """The operator erases him; who he was stands nowhere any more."""
        self.chapter("He is erased")
        self._did(f"The operator: rondo erase {email('max')} --yes")
        command = [str(RONDO), "erase", email("max"), "--yes"]
        env = {"PATH": "/usr/bin:/bin", **self.server.settings}
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=self.server.folder, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.lines += [f"    {line.replace(email('max'), '…')}" for line in done.stdout.splitlines()[:6]]
        answer = await self.server.http.get(
            "/scim/v2/Users", params={"filter": f'userName eq "{email("max")}"'}, headers={"Authorization": f"Bearer {SCIM}"}
        )
        assert answer.json()["totalResults"] == 0
        for route in ("checkins", "ledger", "outbox", "policies"):
            assert email("max") not in str(await self.server.items(route)), route
        self._did(f"Searched for his name, e-mail and ids: {self._searched()} bytes of database, 0 hits")

    def _searched(self) -> int:
        """How many bytes of a SQLite database were searched; he is in none of them."""
        path = self.server.settings["RONDO_DATABASE_URL"].removeprefix("sqlite:///")
        files = [Path(f"{path}{end}") for end in ("", "-wal")]
        found = b"".join(one.read_bytes() for one in files if one.is_file())
        for trace in (email("max"), self.ids["max"], "hr-max", "Max"):
            assert trace.encode() not in found, trace
        return len(found)

    def _messages(self) -> int:
        return len(_chat(self.slack, "max")) + len(_chat(self.teams, "max"))

    async def whole(self) -> str:
        """All of it; the transcript."""
        await self.begins()
        await self.moves_to_teams()
        await self.has_another_manager()
        await self.goes_on_leave()
        await self.leaves()
        await self.is_erased()
        return self.text()


def _chat(hands: SlackHands | TeamsHands, name: str) -> Sequence[Seen]:
    """Nothing where somebody has no account."""
    try:
        return hands.chat(name)
    except (KeyError, LookupError, StopIteration, AssertionError):
        return ()


def _prompts(hands: SlackHands | TeamsHands, name: str) -> list[Seen]:
    return [seen for seen in _chat(hands, name) if "Check-in for the week of" in seen.words]


def settings(slack: FakeSlack, teams: FakeTeams) -> dict[str, str]:
    """A server that is told of both platforms and of the HR system."""
    return {
        "RONDO_SCIM_TOKEN": SCIM,
        "RONDO_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "RONDO_SLACK_BOT_TOKEN": slack.bot_token,
        "RONDO_SLACK_API_URL": slack.api_url,
        "RONDO_TEAMS_APP_ID": teams.app_id,
        "RONDO_TEAMS_APP_PASSWORD": teams.app_password,
        "RONDO_TEAMS_TENANT_ID": teams.tenant_id,
        "RONDO_TEAMS_SERVICE_HOSTS": "127.0.0.1",
        "RONDO_TEAMS_OPENID_URL": teams.openid_url,
        "RONDO_TEAMS_TOKEN_URL": teams.token_url,
    }


async def main() -> int:
    """Play it on a new SQLite database and print it."""
    with tempfile.TemporaryDirectory() as folder:
        async with contextlib.AsyncExitStack() as stack:
            slack, teams = await stack.enter_async_context(FakeSlack()), await stack.enter_async_context(FakeTeams())
            database = f"sqlite:///{Path(folder) / 'life.db'}"
            server = await stack.enter_async_context(Server(Path(folder), database, settings(slack, teams)))
            sys.stdout.write(await Life(server, slack, teams).whole())
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
