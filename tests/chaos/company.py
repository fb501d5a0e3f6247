"""The people of a proof and the messages they are sent: every kind of message, on both platforms, and edits of earlier ones."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.decision import Decision, Edit, Lane, Link, Message, OnDoubt
from bot.events import Address, Platform, Said
from bot.model import Person
from bot.ports import Conflict
from bot.talk.cards import Card, Paragraph
from bot.talk.text import plain
from storage import effects
from storage.engine import writing
from tests.chaos.platforms import GONE, TEAM, TENANT

RULE = "goal.stalled"
PATIENCE = 90.0
"""Seconds for which a database may be away."""


class Kind(StrEnum):
    """What the promise says about a message."""

    SLACK = "Slack (read back)"
    HELD = "Teams, held in doubt"
    REPEATED = "Teams, may repeat once"


@dataclass(slots=True)
class Sent:
    """A message that was decided."""

    number: int
    kind: Kind
    gone: bool
    expires: bool
    revision: int = 1

    @property
    def key(self) -> str:
        return f"chaos:{self.number:06d}"


@dataclass
class Flow:
    """Decides messages, as many as asked for, and remembers them. `edits`: the share that changes an earlier message."""

    engine: Engine
    platform_url: str
    seed: int
    people: int = 1_000
    edits: float = 0.15
    odd: float = 0.01  # to somebody who is gone, and as many that expire
    sent: list[Sent] = field(default_factory=list)
    decided: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def found(self) -> None:
        """Write the people, half of them in Slack and half in Teams."""
        now = datetime.now(UTC)
        people = [
            Person(id=f"{name}@chaos.example", email=f"{name}@chaos.example", name=name, known_since=now, welcomed=True)
            for name in self._names()
        ]
        links = tuple(Link(address=self._address(one.name), person_id=one.id) for one in people)
        self._write(Decision(changes=tuple(people), links=links))

    def decide(self, count: int) -> None:
        """Put so many sends into the outbox, in one transaction."""
        messages: list[Message] = []
        edits: dict[str, Edit] = {}
        for _ in range(count):
            if self.sent and self._chance.random() < self.edits:
                earlier = self._chance.choice(self.sent[-2_000:])
                if not earlier.gone and not earlier.expires and earlier.key not in edits:
                    earlier.revision += 1
                    edits[earlier.key] = Edit(key=earlier.key, card=_card(earlier))
                    continue
            messages.append(self._new())
        self._write(Decision(messages=tuple(messages), edits=tuple(edits.values())))
        self.decided += count

    def _new(self) -> Message:
        number = len(self.sent)
        odd = self._chance.random()
        gone, expires = odd < self.odd, self.odd <= odd < 2 * self.odd
        on_doubt = self._chance.choice(tuple(OnDoubt))
        name = self._chance.choice(self._names(gone=gone))
        held = Kind.HELD if on_doubt is OnDoubt.DROP else Kind.REPEATED
        sent = Sent(number, Kind.SLACK if name.startswith("s") else held, gone, expires)
        self.sent.append(sent)
        return Message(
            key=sent.key,
            to=f"{name}@chaos.example",
            card=_card(sent),
            lane=self._chance.choice(tuple(Lane)),
            rule=self._chance.choice((RULE, "")),
            on_doubt=on_doubt,
            expires_at=datetime.now(UTC) + timedelta(seconds=self._chance.uniform(-1, 10)) if expires else None,
        )

    def _names(self, *, gone: bool | None = None) -> Sequence[str]:
        here = [f"{platform}{number:04d}" for number in range(self.people // 2) for platform in "st"]
        away = [f"{platform}{GONE}{number:02d}" for number in range(20) for platform in "st"]
        return away if gone else here if gone is False else here + away

    def _address(self, name: str) -> Address:
        if name.startswith("s"):
            return Address(platform=Platform.SLACK, tenant=TEAM, user=f"U{name[1:]}")
        route = {"service_url": f"{self.platform_url}/teams", "conversation": f"a:{name[1:]}"}
        return Address(platform=Platform.TEAMS, tenant=TENANT, user=f"29:{name[1:]}", route=route)

    def _write(self, decision: Decision) -> None:
        """The same decision again changes nothing: where the database went away at the commit it is simply written again."""
        by = Address(platform=Platform.LOCAL, tenant="", user="nobody")
        event = Said(id=f"flow:{self.decided}", at=datetime.now(UTC), by=by, text="")
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                with writing(self.engine) as connection:
                    effects.write(connection, event, decision)
            except (DBAPIError, Conflict):
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)
            else:
                return


def _card(sent: Sent) -> Card:
    words = f"copy {sent.number:06d} r{sent.revision}"
    return Card(summary=words, elements=(Paragraph(text=plain(words)),))
