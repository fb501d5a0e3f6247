"""People who write to Rondo while it is upgraded, as Slack tells of them: every event again until it is acknowledged."""

import asyncio
import itertools
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_driver import SlackDriver

SECRET = "upgrade-signing-secret"
LATE = 3.0
PAUSE = 0.25
"""Seconds before Slack tries again; the real one waits longer, which would only make the load smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One request and what became of it."""

    began: float
    seconds: float
    status: int
    server: str


@dataclass
class Load:
    """Events at a steady rate, in turns to every server that is in `servers`. `said`: the last number each person sent."""

    slack: FakeSlack
    people: Sequence[str]
    servers: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    acked: dict[str, str] = field(default_factory=dict)  # event id → what was said: `goals` or `number`
    said: dict[str, int] = field(default_factory=dict)
    _drivers: dict[str, SlackDriver] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def run(self, rate: float, going_on: Callable[[], bool], chance: random.Random) -> None:
        """Until `going_on` says no, and every event is acknowledged."""
        tasks: set[asyncio.Task[None]] = set()
        turn = itertools.count()
        began, sent = time.monotonic(), 0
        while going_on():
            await asyncio.sleep(max(0.0, began + sent / rate - time.monotonic()))
            sent += 1
            free = [one for one in self.people if one not in self._busy]
            if free:
                who = chance.choice(free)
                self._busy.add(who)
                task = asyncio.create_task(self._say(who, next(turn)))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    def _driver(self, server: str) -> SlackDriver:
        if server not in self._drivers:
            self._drivers[server] = self.slack.driver(server, SECRET)
        return self._drivers[server]

    async def _say(self, who: str, number: int) -> None:
        """One person says one thing; the next only when it was heard."""
        asks = number % 4 == 0
        value = self.said.get(who, 0) + 1
        words = "/goals" if asks else f"lessons at {value}, on track"
        event_id = f"Ev{next(self._ids):09d}"
        event = {"type": "message", "channel_type": "im", "channel": self.slack.users[who].dm, "user": who, "text": words,
                 "ts": self.slack.next_ts(), "team": self.slack.team}  # fmt: skip
        body = json.dumps(self._driver(self.servers[0]).envelope(event, event_id)).encode()
        for attempt in itertools.count():
            server = self.servers[(number + attempt) % len(self.servers)]
            driver = self._driver(server)
            again = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": "http_timeout"} if attempt else {}
            began = time.monotonic()
            answer = await driver.raw(body, driver.sign(body) | again)
            self.answers.append(Answer(began=began, seconds=answer.seconds, status=answer.status, server=server))
            if answer.status == 200:
                break
            await asyncio.sleep(PAUSE)
        self.acked[event_id] = "goals" if asks else "number"
        if not asks:
            self.said[who] = value
        self._busy.discard(who)
