"""A company in which requests for a decision are opened and pulled at from all sides. What happens is drawn by Hypothesis;
every gesture is one event that real people, HR or the calendar could cause, also twice, late, or by somebody who may not.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from bot.events import Event, Pressed, Said, Submitted, Ticked
from bot.model import Choice, Person, Role, person_id
from bot.ports import Outcome
from bot.talk.actions import Action, Verb
from bot.talk.cards import Card
from bot.turn import Turn
from storage.agenda import SqlAgenda
from storage.store import SqlStore
from tests.laws.world import World
from tests.play.company import PHRASES, Play, email_of, goal, no_holidays, person, result

NAMES = ("max", "mina", "dana", "tom", "boss", "vera", "cora")
"""Two owners, their manager and her deputy, the manager's manager, HR, a coordinator."""
START = datetime(2026, 10, 5, 7, tzinfo=UTC)
"""Monday, nine in Berlin; early in a cycle, so that the ladder's end comes before the cycle's."""
ABOUT = frozenset(
    {
        Verb.ACKNOWLEDGE,
        Verb.OPEN_DECISION,
        Verb.TALK_FIRST,
        Verb.OPEN_HAND_OVER,
        Verb.SHOW_DECISION,
        Verb.WITHDRAW,
    }
)
"""Buttons whose first name is a request."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Who reports to whom, who stands in, who coordinates; empty: nobody."""

    managers: Mapping[str, str]
    deputies: Mapping[str, str]
    coordinator: str = ""
    hr: bool = True

    def people(self) -> Iterator[Person]:
        for name in NAMES:
            role = Role.HR_ADMIN if self.hr and name == "vera" else Role.EMPLOYEE
            yield person(
                name, manager=self.managers.get(name, ""), deputy=self.deputies.get(name, ""), role=role, known_since=START
            )


USUAL = Chart(
    managers={"max": "dana", "mina": "dana", "dana": "boss", "tom": "boss", "boss": "vera"},
    deputies={"dana": "tom"},
)


class Drama:
    """One company on one database, served by as many replicas as it has engines."""

    def __init__(self, *engines: Engine, chart: Chart = USUAL) -> None:
        self.play = Play(engines[0], now=START)
        self.engine, self.engines = engines[0], engines
        self.replicas = [
            Turn(SqlStore(one, self.play.store._company, no_holidays), PHRASES, committed=lambda: None) for one in engines
        ]
        self.agendas = [SqlAgenda(one, self.play.real) for one in engines]
        self.threads = ThreadPoolExecutor(max_workers=len(engines))
        self.taken: list[Event] = []
        self.ticks: list[Ticked] = []
        self.opened: list[str] = []
        self._count = 0
        self._chart = chart
        coordinator = person_id(email_of(chart.coordinator)) if chart.coordinator else None
        self.play.with_people(*chart.people()).with_goals(
            goal("G1", "max", "Launch the new portal", result("K1", "Pages live"), coordinator_id=coordinator, updated_at=START),
            goal("G2", "max", "Quieter nights", result("K2", "Alerts", "alerts", 40, 10), updated_at=START),
            goal("G3", "mina", "New billing", result("K3", "Invoices moved"), updated_at=START),
        )
        self.settle()

    # ------------------------------------------------------------------------------------------- gestures as events

    def _id(self) -> str:
        self._count += 1
        return f"drama:{self._count}"

    def said(self, name: str, text: str) -> Event:
        return Said(id=self._id(), at=self.play.now, by=self.play.address(email_of(name)), text=text)

    def pressed(self, name: str, action: Action) -> Event:
        return Pressed(id=self._id(), at=self.play.now, by=self.play.address(email_of(name)), action=action)

    def submitted(self, name: str, action: Action, values: Mapping[str, str]) -> Event:
        return Submitted(id=self._id(), at=self.play.now, by=self.play.address(email_of(name)), action=action, values=values)

    def reported(self, owner: str, goal_id: str, *, obstacle: str = "", remover: str = "") -> Event:
        """The check-in form about one goal: at risk, with an obstacle."""
        values = {f"status:{goal_id}": "at_risk", f"blocker:{goal_id}": obstacle, f"remover:{goal_id}": remover}
        return self.submitted(owner, Action(Verb.ANSWER, (f"{person_id(email_of(owner))}/now", goal_id)), values)

    def decided(self, name: str, escalation: str, choice: Choice, due: str = "") -> Event:
        return self.submitted(name, Action(Verb.DECIDE, (escalation,)), {"choice": choice.value, "note": "So be it", "due": due})

    def handed(self, name: str, escalation: str, to: str) -> Event:
        return self.submitted(name, Action(Verb.HAND_OVER, (escalation,)), {"who": email_of(to), "note": "You can decide this"})

    def live(self, name: str, wanted: Callable[[Action], bool] = lambda action: True) -> list[Action]:
        """Buttons about requests on all messages somebody has, as they read now, newest message first."""
        cards: list[Card] = [seen.card for seen in reversed(self.play.chat(name))]
        found = (button.action for card in cards for button in card.buttons())
        return [action for action in found if action.verb in ABOUT and wanted(action)]

    # ----------------------------------------------------------------------------------------------- what happens

    def take(self, *events: Event) -> list[Outcome]:
        """Events at the same moment: one replica after the other takes them, all at once."""
        jobs = [
            self.threads.submit(self.replicas[number % len(self.replicas)].take, event) for number, event in enumerate(events)
        ]
        self.taken += events
        return [job.result() for job in jobs]

    def take_and_settle(self, *events: Event) -> None:
        self.take(*events)
        self.settle()

    def settle(self) -> None:
        """Everything due is decided by whichever replica gets it, everything queued is delivered."""
        for _ in range(100):
            due = [
                (number, row) for number, agenda in enumerate(self.agendas) for row in agenda.claim_due(self.play.now, limit=50)
            ]
            ticks = [self._tick(row.subject, row.due, row.fence) for _, row in due]
            jobs = [self.threads.submit(self.replicas[number].take, tick) for (number, _), tick in zip(due, ticks, strict=True)]
            for job in jobs:
                job.result()
            self.ticks += ticks
            if not self.play.deliver() and not due:
                return
        raise AssertionError("the agenda never comes to rest")

    def _tick(self, subject: str, due: datetime, fence: int) -> Ticked:
        return Ticked(id=f"tick:{subject}:{fence}", at=self.play.now, subject=subject, due=due, fence=fence)

    def pass_time(self, hours: float) -> None:
        """Time passes in the steps in which things come due."""
        until = self.play.now + timedelta(hours=hours)
        while (due := self.agendas[0].next_due()) is not None and due <= until:
            self.play.now = max(self.play.now, due)
            self.settle()
        self.play.now = until
        self.settle()

    def reorganised(self, **managers: str) -> None:
        """HR imports another org chart."""
        self._chart = replace(self._chart, managers={**self._chart.managers, **managers})
        self._imported()

    def left(self, name: str) -> None:
        """Somebody's last day was yesterday."""
        self._imported(**{name: (self.play.now - timedelta(days=1)).date()})

    def _imported(self, **last_days: date) -> None:
        known = {one.id: one for one in self.play.imports.read_people()}
        merged = []
        for one in self._chart.people():
            before = known[one.id]
            ends = last_days.get(one.email.partition("@")[0], before.end_date)
            merged.append(replace(before, manager_id=one.manager_id, deputy_id=one.deputy_id, end_date=ends))
        with self.play.imports.begin() as imported:
            imported.apply_people(merged, at=self.play.now, cause=self._id())
        self.settle()

    @property
    def world(self) -> World:
        """What the database says now."""
        return World(self.engine, self.play.now)

    def closed(self) -> None:
        """No thread and no connection of this company is left."""
        self.threads.shutdown(wait=True)
        for engine in self.engines:
            engine.dispose()
