"""What people do in the proof of R6, as signed requests: every gesture has an effect that can be counted afterwards.

A gesture is one thing somebody did; its `copies` are the requests by which a platform may tell of it, under one id or two.
"""

import hashlib
import hmac
import itertools
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode

from adapters.slack.render import FORM, place_of
from adapters.teams.render import DATA, STAMP_ONCE
from bot.decision import Decision, Link
from bot.events import Address, Platform
from bot.model import Goal, GoalType, KeyResult, Person, Status
from bot.talk.actions import Action, Verb
from tests.chaos.platforms import APP, TEAM, TENANT
from tests.fakes.loopback import Json
from tests.fakes.teams_keys import Keys

SECRET = "chaos-signing-secret"
JSON, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """What a platform sends, without the signature: that is made anew for each delivery."""

    path: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Gesture:
    """`person` did something; `value` is what the ledger will name, None for the one press a presser makes."""

    kind: str
    person: str
    value: int | None
    copies: tuple[Request, ...]


class People:
    """Those who answer again and again, each time with another number, and those who press one button once."""

    def __init__(self, writers: int, pressers: int, platform_url: str, seed: int) -> None:
        self._writers, self._pressers, self._url = writers, pressers, platform_url
        self._chance = random.Random(seed)
        self._numbers = itertools.count(1)
        self._said = dict.fromkeys(range(writers), 0)
        self._to_press = list(range(writers, writers + pressers))

    def founded(self) -> Decision:
        """Everybody, with a goal and an account: even numbers in Slack, odd ones in Teams; who presses is in Slack."""
        now = datetime.now(UTC)
        quarter = f"{now.year}-Q{(now.month + 2) // 3}"
        people, goals, links = [], [], []
        for number in range(self._writers + self._pressers):
            email = f"{_name(number)}@chaos.example"
            people.append(Person(id=email, email=email, name=_name(number), known_since=now, welcomed=True))
            result = KeyResult(id=f"K{number}", goal_id=f"G{number}", text="Lessons", start=Decimal(0), target=Decimal(5_000))
            goal = Goal(id=f"G{number}", owner_id=email, title=f"Learn {number}", type=GoalType.LEARNING, cycle=quarter,
                        updated_at=now, key_results=(result,))  # fmt: skip
            goals.append(goal)
            links.append(Link(address=self._address(number), person_id=email))
        return Decision(changes=(*people, *goals), links=tuple(links))

    def gestures(self, count: int) -> Iterator[Gesture]:
        """So many gestures, of all kinds."""
        for _ in range(count):
            if self._to_press and self._chance.random() < self._pressers / count:
                yield self._press(self._to_press.pop())
                continue
            number = self._chance.randrange(self._writers)
            self._said[number] += 1
            value = self._said[number]
            make = self._chance.choice(_TEAMS if number % 2 else _SLACK)
            yield make(self, number, value)

    # ------------------------------------------------------------------------------------------ Slack

    def words(self, number: int, value: int) -> Gesture:
        """A direct message."""
        event = {"type": "message", "channel_type": "im", "channel": f"DU{number}", "user": f"U{number}", "text": _words(value),
                 "ts": self._ts(), "team": TEAM}  # fmt: skip
        body = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": f"Ev{next(self._numbers)}",
                "event_time": int(time.time()), "event": event}  # fmt: skip
        return self._once("Slack words", number, value, Request("/slack/events", json.dumps(body).encode(), JSON))

    def command(self, number: int, value: int) -> Gesture:
        """A slash command."""
        body = {"command": "/checkin", "text": _words(value), "trigger_id": f"{next(self._numbers)}.1", "team_id": TEAM,
                "user_id": f"U{number}", "channel_id": f"DU{number}", "channel_name": "directmessage"}  # fmt: skip
        return self._once("Slack command", number, value, Request("/slack/events", urlencode(body).encode(), FORM_TYPE))

    def form(self, number: int, value: int) -> Gesture:
        """A modal, submitted."""
        values: dict[str, Json] = {}
        for field, typed in ((f"status:G{number}", "on_track"), (f"value:K{number}", str(value))):
            block, place = place_of(field)
            values[block] = {place: {"type": "plain_text_input", "value": typed}}
        action = Action(Verb.ANSWER, (f"{_name(number)}@chaos.example/now", f"G{number}"))
        view = {"id": f"V{next(self._numbers)}", "hash": "1.abc", "callback_id": FORM, "private_metadata": action.encode(),
                "state": {"values": values}}  # fmt: skip
        body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": f"U{number}", "team_id": TEAM}, "view": view}
        return self._once("Slack form", number, value, _interaction(body))

    def _press(self, number: int) -> Gesture:
        """One press that arrives under two ids: two trigger ids and two times, of the same message by the same person."""
        action = Action(Verb.REPORT_ALL, (f"{_name(number)}@chaos.example/now", Status.ON_TRACK.value))
        shown = self._ts()
        copies = []
        for _ in range(2):
            press = {"type": "button", "action_id": "a", "block_id": "b", "value": action.encode(), "action_ts": self._ts()}
            body = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": f"U{number}", "team_id": TEAM},
                    "trigger_id": f"{next(self._numbers)}.1", "container": {"type": "message", "message_ts": shown},
                    "actions": [press]}  # fmt: skip
            copies.append(_interaction(body))
        return Gesture("Slack press, two ids", f"{_name(number)}@chaos.example", None, tuple(copies))

    # ------------------------------------------------------------------------------------------ Teams

    def teams_words(self, number: int, value: int) -> Gesture:
        """A message in the personal chat."""
        activity = self._activity(number, "message") | {"text": _words(value)}
        return self._once("Teams words", number, value, _activity_of(activity))

    def teams_form(self, number: int, value: int) -> Gesture:
        """A dialog, submitted; Teams repeats the invoke under a new id."""
        action = Action(Verb.ANSWER, (f"{_name(number)}@chaos.example/now", f"G{number}"))
        data = {DATA: action.encode(), STAMP_ONCE: f"mark{next(self._numbers)}", f"status:G{number}": "on_track",
                f"value:K{number}": str(value)}  # fmt: skip
        invoke = {"name": "task/submit", "value": {"data": data, "context": {"theme": "default"}}}
        copies = tuple(_activity_of(self._activity(number, "invoke") | invoke) for _ in range(3))
        return Gesture("Teams form, new ids", f"{_name(number)}@chaos.example", value, copies)

    def _activity(self, number: int, kind: str) -> Json:
        return {
            "type": kind, "id": f"f:{next(self._numbers)}", "timestamp": datetime.now(UTC).isoformat(), "channelId": "msteams",
            "serviceUrl": f"{self._url}/teams", "from": {"id": f"29:{_name(number)}", "name": _name(number)},
            "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": f"a:{number}"},
            "recipient": {"id": f"28:{APP}", "name": "Rondo"}, "channelData": {"tenant": {"id": TENANT}}, "locale": "en-US",
        }  # fmt: skip

    # ------------------------------------------------------------------------------------------ pieces

    def _address(self, number: int) -> Address:
        if number >= self._writers or number % 2 == 0:
            return Address(platform=Platform.SLACK, tenant=TEAM, user=f"U{number}")
        route = {"service_url": f"{self._url}/teams", "conversation": f"a:{number}", "bot_id": f"28:{APP}", "locale": "en-US"}
        return Address(platform=Platform.TEAMS, tenant=TENANT, user=f"29:{_name(number)}", route=route)

    def _once(self, kind: str, number: int, value: int, request: Request) -> Gesture:
        return Gesture(kind, f"{_name(number)}@chaos.example", value, (request,))

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"


_SLACK: tuple[Callable[[People, int, int], Gesture], ...] = (People.words, People.command, People.form)
_TEAMS: tuple[Callable[[People, int, int], Gesture], ...] = (People.teams_words, People.teams_form)


def headers(request: Request, keys: Keys, service_url: str) -> dict[str, str]:
    """Signed as the platform of this request signs, now."""
    if request.path == "/slack/events":
        at = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + request.body, hashlib.sha256).hexdigest()
        signed = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
    else:
        signed = {"Authorization": keys.authorization(app_id=APP, service_url=service_url, now=int(time.time())) or ""}
    return {"Content-Type": request.content_type, **signed}


def _name(number: int) -> str:
    return f"p{number:05d}"


def _words(value: int) -> str:
    return f"lessons at {value}, on track"


def _interaction(body: Json) -> Request:
    return Request("/slack/events", urlencode({"payload": json.dumps(body)}).encode(), FORM_TYPE)


def _activity_of(activity: Json) -> Request:
    return Request("/api/messages", json.dumps(activity).encode(), JSON)
