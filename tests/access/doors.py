"""Three doors into one company: payloads as Slack, Teams and the playground send them, cards as they draw them.

Only the network is left out; signatures and tokens have tests of their own.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Engine

import adapters.local.render as local_render
import adapters.slack.render as slack_render
import adapters.teams.render as teams_render
from adapters.local import inbound as local_inbound
from adapters.local.gateway import address_of
from adapters.slack import inbound as slack_inbound
from adapters.teams import inbound as teams_inbound
from bot.events import Address, Event, Platform
from bot.ports import Outcome
from bot.talk.actions import FORMS, OPENS_FORM, Action
from tests.play.company import Play, email_of


class Door(Play):
    """One company, entered through the playground's door."""

    platform = Platform.LOCAL
    tenant = "local"

    def __init__(self, engine: Engine, **more: Any) -> None:
        super().__init__(engine, **more)
        self._gestures = itertools.count(1)

    def address(self, email: str) -> Address:
        if self.platform is Platform.LOCAL:
            return address_of(email)
        return Address(platform=self.platform, tenant=self.tenant, user=self.user(email.partition("@")[0]))

    def user(self, name: str) -> str:
        """The platform's name of somebody."""
        return email_of(name)

    def says(self, name: str, text: str) -> Outcome:
        return self._taken(local_inbound.said({"id": self.mark(), "email": email_of(name), "text": text}, self.now))

    def does(self, name: str, action: Action, values: Mapping[str, str] | None = None) -> Outcome:
        """A press, or (with values) a form that is sent."""
        payload = {"id": self.mark(), "email": email_of(name), "action": action.encode(), "values": dict(values or {})}
        read = local_inbound.submitted if action.verb in FORMS else local_inbound.pressed
        return self._taken(read(payload, self.now))

    def mark(self) -> str:
        return f"gesture-{next(self._gestures):06}"

    def _taken(self, event: Event | None) -> Outcome:
        assert event is not None, "the door does not know its own payload"
        outcome = self.turn.take(event)
        self.deliver()
        return outcome

    def drawn(self, card: Any) -> Any:
        """The card as the platform gets it."""
        return local_render.card(card)

    def reads(self, name: str, since: int = 0) -> str:
        """Everything somebody sees in their chat, from their message number `since` on."""
        return "\n".join("\n".join(_texts(self.drawn(seen.card))) for seen in self.chat(name)[since:])


class SlackDoor(Door):
    """Entered through Slack."""

    platform = Platform.SLACK
    tenant = "T0COMPANY"

    def user(self, name: str) -> str:
        return f"U0{name.upper()}"

    def _person(self, name: str) -> dict[str, Any]:
        return {"user": {"id": self.user(name), "team_id": self.tenant}, "team": {"id": self.tenant}}

    def says(self, name: str, text: str) -> Outcome:
        who: dict[str, Any] = {"team_id": self.tenant, "user_id": self.user(name)}
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            payload = {**who, "command": command, "text": rest, "trigger_id": self.mark()}
            return self._taken(slack_inbound.read(payload, self.now))
        event: Any = {"type": "message", "channel_type": "im", "channel": "D1", "user": self.user(name), "text": text}
        whole: Any = {"type": "event_callback", "team_id": self.tenant, "event_id": self.mark(), "event": event}
        return self._taken(slack_inbound.read(whole, self.now))

    def does(self, name: str, action: Action, values: Mapping[str, str] | None = None) -> Outcome:
        if action.verb in FORMS:
            fields: dict[str, dict[str, Any]] = {}
            for field, value in (values or {}).items():
                block, place = slack_render.place_of(field)
                fields.setdefault(block, {})[place] = {"value": value}
            view = {
                "id": self.mark(),
                "callback_id": slack_render.FORM,
                "private_metadata": action.encode(),
                "state": {"values": fields},
            }
            return self._taken(slack_inbound.read({"type": "view_submission", **self._person(name), "view": view}, self.now))
        pressed = {"type": "button", "value": action.encode(), "action_ts": self.mark()}
        payload = {"type": "block_actions", **self._person(name), "container": {"message_ts": "1.1"}, "actions": [pressed]}
        return self._taken(slack_inbound.read(payload, self.now))

    def drawn(self, card: Any) -> Any:
        return slack_render.message(card)


class TeamsDoor(Door):
    """Entered through Teams."""

    platform = Platform.TEAMS
    tenant = "tenant-1"

    def user(self, name: str) -> str:
        return f"29:{name}"

    def _activity(self, who: str, **more: Any) -> dict[str, Any]:
        return {
            "id": self.mark(),
            "serviceUrl": "https://smba.example/",
            "from": {"id": self.user(who), "aadObjectId": who},
            "recipient": {"id": "28:bot"},
            "conversation": {"id": f"a:{who}", "conversationType": "personal", "tenantId": self.tenant},
            "channelData": {"tenant": {"id": self.tenant}},
            **more,
        }

    def says(self, name: str, text: str) -> Outcome:
        return self._taken(teams_inbound.read(self._activity(name, type="message", text=text), self.now))

    def does(self, name: str, action: Action, values: Mapping[str, str] | None = None) -> Outcome:
        data = {teams_render.DATA: action.encode(), **(values or {})}
        if action.verb in FORMS:
            invoke = {"name": teams_inbound.TASK_SUBMIT, "value": {"data": data}}
        elif action.verb in OPENS_FORM:
            invoke = {"name": teams_inbound.TASK_FETCH, "value": {"data": data}}
        else:
            data[teams_render.STAMP_ONCE] = self.mark()
            invoke = {"name": teams_inbound.CARD_ACTION, "value": {"action": {"data": data}}}
        return self._taken(teams_inbound.read(self._activity(name, type="invoke", **invoke), self.now))

    def drawn(self, card: Any) -> Any:
        return teams_render.message(card)


DOORS: Mapping[str, type[Door]] = {"playground": Door, "slack": SlackDoor, "teams": TeamsDoor}


def _texts(value: Any) -> Iterator[str]:
    """Every text in what a platform gets; spans of one line are put together again."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        yield "".join(text for one in value for text in _texts(one))
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value
        if value.startswith("{"):
            yield from _texts(_document(value))


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return ""
