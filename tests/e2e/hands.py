"""A person's hands and eyes in one platform: the same few gestures, so that one story can be played in Slack and Teams.

Every gesture waits until the server has decided and sent everything that follows from it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tests.e2e.company import email
from tests.e2e.server import Server
from tests.fakes import slack as fake_slack
from tests.fakes import slack_read, teams_cards
from tests.fakes import teams as fake_teams
from tests.fakes.slack_driver import SlackDriver
from tests.fakes.teams_driver import Outcome, TeamsDriver

SIGNING_SECRET = "e2e-signing-secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A message as its reader sees it at this moment."""

    id: str  # ts in Slack, activity id in Teams
    words: str
    labels: list[str]
    edits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A modal or dialog on somebody's screen."""

    words: str
    raw: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a submitted form; `form` is what stays on the screen, with `errors` in it."""

    closed: bool
    errors: str
    form: Form | None


class Hands(Protocol):
    """One platform."""

    server: Server

    async def arrive(self, name: str, *, zone: str = "Europe/Berlin", locale: str = "en-US") -> None:
        """An account that the platform vouches for; nothing was said yet."""
        ...

    def chat(self, name: str) -> list[Seen]: ...
    async def say(self, name: str, text: str) -> list[Seen]:
        """Write a plain message or a command; the messages that came of it."""
        ...

    async def press(self, name: str, message: Seen, label: str, near: str | None = None) -> list[Seen]: ...
    async def open_form(self, name: str, message: Seen, label: str, near: str | None = None) -> Form: ...
    async def submit(self, name: str, form: Form, values: Mapping[Any, Any]) -> Sent: ...


class Reader:
    """What both platforms' hands do alike."""

    server: Server

    def chat(self, name: str) -> list[Seen]:
        raise NotImplementedError

    def now(self, name: str, message: Seen) -> Seen:
        """The same message as it reads now."""
        return next(seen for seen in self.chat(name) if seen.id == message.id)

    def last(self, name: str, words: str = "") -> Seen:
        """The newest message with these words in it."""
        found = [seen for seen in self.chat(name) if words in seen.words]
        assert found, f"{name} sees nothing with {words!r}:\n{self.transcript(name)}"
        return found[-1]

    def transcript(self, name: str) -> str:
        return "\n\n".join(f"[{seen.id}, edited {seen.edits} times]\n{seen.words}" for seen in self.chat(name))

    async def _new(self, name: str, before: list[Seen]) -> list[Seen]:
        await self.server.settle()
        known = {seen.id for seen in before}
        return [seen for seen in self.chat(name) if seen.id not in known]


class SlackHands(Reader):
    """Slack: direct messages, slash commands, buttons, modals."""

    def __init__(self, slack: fake_slack.FakeSlack, server: Server) -> None:
        self.slack, self.server = slack, server
        self.driver: SlackDriver = slack.driver(server.url, SIGNING_SECRET)
        self.ids: dict[str, str] = {}

    async def arrive(self, name: str, *, zone: str | None = "Europe/Berlin", locale: str = "en-US") -> None:
        self.ids[name] = self.slack.add_user(email=email(name), name=name.title(), tz=zone, locale=locale)

    def chat(self, name: str) -> list[Seen]:
        return [
            Seen(
                id=message.ts,
                words=fake_slack.dump(message),
                labels=[c.label for c in slack_read.controls(message.blocks) if not slack_read.is_field(c)],
                edits=len(message.history),
            )
            for message in self.slack.messages_to(self.ids[name])
        ]

    def raw(self, name: str, message: Seen) -> fake_slack.Message:
        return self.slack.messages[self.slack.users[self.ids[name]].dm, message.id]

    async def say(self, name: str, text: str) -> list[Seen]:
        before = self.chat(name)
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            answer = await self.driver.command(self.ids[name], command, rest)
            assert answer.message is None, "in the direct message itself the answer is an ordinary message"
        else:
            await self.driver.message_im(self.ids[name], text)
        return await self._new(name, before)

    async def press(self, name: str, message: Seen, label: str, near: str | None = None) -> list[Seen]:
        before = self.chat(name)
        await self.driver.press(self.ids[name], self.raw(name, message), label, near=near)
        return await self._new(name, before)

    async def open_form(self, name: str, message: Seen, label: str, near: str | None = None) -> Form:
        await self.driver.press(self.ids[name], self.raw(name, message), label, near=near)
        return self._form(await self.slack.view(self.ids[name]))

    async def submit(self, name: str, form: Form, values: Mapping[Any, Any]) -> Sent:
        done = await self.driver.submit(self.ids[name], form.raw, values)
        await self.server.settle()
        assert done.action in ("close", "errors")
        errors = "\n".join(f"{label}: {words}" for label, words in done.errors.items())
        return Sent(closed=done.action == "close", errors=errors, form=self._form(done.view) if done.view else None)

    def _form(self, view: fake_slack.View) -> Form:
        return Form(words=fake_slack.dump(view), raw=view)


class TeamsHands(Reader):
    """Teams: personal chat, Action.Execute, dialogs."""

    def __init__(self, teams: fake_teams.FakeTeams, server: Server) -> None:
        self.teams, self.server = teams, server
        self.driver: TeamsDriver = teams.driver(server.url)
        self.ids: dict[str, str] = {}
        self.outcomes: list[Outcome] = []

    async def arrive(self, name: str, *, zone: str = "Europe/Berlin", locale: str = "en-US", install: bool = True) -> None:
        self.ids[name] = self.teams.add_user(email=email(name), name=name.title(), tz=zone, locale=locale)
        if install:
            await self.driver.install(self.ids[name])

    def chat(self, name: str) -> list[Seen]:
        user = self.ids[name]
        return [
            Seen(
                id=message.id,
                words=fake_teams.dump(message, user),
                labels=[spot.label for spot in teams_cards.actions(message.card_for(user) or {})],
                edits=len(message.history),
            )
            for message in self.teams.messages_to(user)
        ]

    def raw(self, message: Seen) -> fake_teams.Message:
        return self.teams.messages[message.id]

    async def say(self, name: str, text: str) -> list[Seen]:
        before = self.chat(name)
        await self.driver.message(self.ids[name], text)
        return await self._new(name, before)

    async def press(self, name: str, message: Seen, label: str, near: str | None = None) -> list[Seen]:
        before = self.chat(name)
        outcome = await self.driver.press(self.ids[name], self.raw(message), label, near=near)
        assert outcome.kind in ("card", "text", "sent"), outcome
        self.outcomes.append(outcome)
        return await self._new(name, before)

    async def open_form(self, name: str, message: Seen, label: str, near: str | None = None) -> Form:
        outcome = await self.driver.press(self.ids[name], self.raw(message), label, near=near)
        assert outcome.dialog is not None, outcome
        return self._form(outcome.dialog)

    async def submit(self, name: str, form: Form, values: Mapping[Any, Any]) -> Sent:
        outcome = await self.driver.submit(self.ids[name], form.raw, values)
        await self.server.settle()
        assert outcome.kind in ("closed", "dialog"), outcome
        shown = self._form(outcome.dialog) if outcome.dialog is not None else None
        return Sent(closed=shown is None, errors=shown.words if shown else "", form=shown)

    def _form(self, dialog: fake_teams.Dialog) -> Form:
        return Form(words=fake_teams.dump(dialog), raw=dialog)


AnyHands = SlackHands | TeamsHands


async def together(*gestures: Any) -> list[Any]:
    """Several people at once: a platform allows one message a second to each of them, and more to all."""
    return list(await asyncio.gather(*gestures))
