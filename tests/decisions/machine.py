"""The stateful machine that Hypothesis drives: one rule per kind of gesture, judged after every one of them."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine

from bot.events import Event
from bot.model import OVER, Choice
from bot.talk.actions import Action, Verb
from tests.decisions import judge
from tests.decisions.drama import NAMES, Chart, Drama

GOALS = {"G1": "max", "G2": "max", "G3": "mina"}
POLICIES = ("set escalation.acknowledge 4h", "set escalation.decide 1d", "set escalation.decide 9d", "pause", "resume")
PEOPLE = st.sampled_from(NAMES)
NOBODY = st.just("")
SOMEBODY = st.one_of(NOBODY, NOBODY, PEOPLE)
"""Mostly (empty) whoever holds the request."""
NUMBERS = st.integers(0, 10_000)
"""Which of the things there are: what there is depends on the replicas' race, what is drawn must not."""


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Usual companies, and odd ones: nobody above, circles, people who lead themselves, no HR, deputies of deputies."""
    managers = {name: draw(st.one_of(PEOPLE, PEOPLE, NOBODY)) for name in ("max", "mina", "dana", "tom", "boss", "cora")}
    deputies = {name: draw(st.one_of(NOBODY, PEOPLE)) for name in ("dana", "boss", "tom", "vera")}
    return Chart(managers=managers, deputies=deputies, coordinator=draw(st.one_of(NOBODY, PEOPLE)), hr=draw(st.booleans()))


class Requests(RuleBasedStateMachine):
    """`engines` opens a fresh company's database, once per replica. Gestures of one moment are taken all at once."""

    engines: Callable[[], tuple[Engine, ...]]
    steps: Counter[str]
    ends: Counter[str]
    """How often each step was taken while people acted, and how requests ended after they were left alone."""
    at_once = 1
    """So many gestures are gathered before the replicas take them together."""

    def __init__(self) -> None:
        super().__init__()
        self.drama: Drama | None = None
        self.pending: list[Event] = []
        self.seen: list[Action] = []

    @initialize(chart=st.one_of(st.none(), charts()))
    def founded(self, chart: Chart | None) -> None:
        engines = type(self).engines()
        self.drama = Drama(*engines, chart=chart) if chart is not None else Drama(*engines)
        self.drama.pass_time(74)  # Thursday, ten in the morning: everybody was asked how it goes
        self.drama.take_and_settle(self.drama.reported("max", "G1", obstacle="Legal review"))

    # ------------------------------------------------------------------------------------------------- what is there

    @property
    def on(self) -> Drama:
        assert self.drama is not None
        return self.drama

    def _add(self, *events: Event) -> None:
        self.pending += events
        if len(self.pending) >= self.at_once:
            self._flush()

    def _flush(self) -> None:
        if self.pending:
            events, self.pending = self.pending, []
            self.on.take_and_settle(*events)
            self.seen += [one for name in NAMES for one in self.on.live(name) if one not in self.seen]

    # ------------------------------------------------------------------------------------------------------- gestures

    @rule(goal=st.sampled_from(sorted(GOALS)), remover=st.one_of(NOBODY, PEOPLE))
    def at_risk(self, goal: str, remover: str) -> None:
        self._add(self.on.reported(GOALS[goal], goal, obstacle="Legal review", remover=remover and f"{remover}@acme.example"))

    @rule(goal=st.sampled_from(sorted(GOALS)))
    def needs_a_decision(self, goal: str) -> None:
        self._add(self.on.pressed(GOALS[goal], Action(Verb.NEED_DECISION, (goal,))))

    @rule(goal=st.sampled_from(sorted(GOALS)))
    def on_track_again(self, goal: str) -> None:
        owner = GOALS[goal]
        self._add(self.on.said(owner, "all on track"))

    @rule(name=PEOPLE, own=st.sampled_from((True, True, True, False)), number=NUMBERS)
    def presses_a_button(self, name: str, own: bool, number: int) -> None:
        """One on their own screen, or (an old card, a forgery) any that was ever seen."""
        buttons = (self.on.live(name) if own else []) or self.seen
        if buttons:
            self._add(self.on.pressed(name, buttons[number % len(buttons)]))

    @rule(number=NUMBERS, verb=st.sampled_from((Verb.ACKNOWLEDGE, Verb.ACKNOWLEDGE, Verb.TALK_FIRST, Verb.SHOW_DECISION)))
    def the_holder_answers(self, number: int, verb: Verb) -> None:
        for request in self._one(number):
            self._add(self.on.pressed(self._holder(request), Action(verb, (request,))))

    @rule(number=NUMBERS, by=SOMEBODY, choice=st.sampled_from(Choice), due=st.one_of(st.none(), st.integers(0, 9)))
    def decides(self, number: int, by: str, choice: Choice, due: int | None) -> None:
        day = "" if due is None else (self.on.play.now + timedelta(days=due)).date().isoformat()
        for request in self._one(number):
            self._add(self.on.decided(by or self._holder(request), request, choice, day))

    @rule(number=NUMBERS, by=SOMEBODY, to=PEOPLE)
    def hands_over(self, number: int, by: str, to: str) -> None:
        for request in self._one(number):
            self._add(self.on.handed(by or self._holder(request), request, to))

    def _one(self, number: int) -> list[str]:
        """One of the requests there are, mostly one that is not over."""
        found = self.on.world.escalations
        undecided = [one.id for one in found.values() if one.state not in OVER]
        some = sorted(undecided if undecided and number % 5 else found)
        return [some[number % len(some)]] if some else []

    def _holder(self, request: str) -> str:
        world = self.on.world
        holder = world.people.get(world.escalations[request].holder_id)
        return holder.email.partition("@")[0] if holder is not None else "dana"

    # -------------------------------------------------------------------------------------- clocks, leave, HR, repeats

    @rule(hours=st.one_of(st.integers(1, 12), st.integers(12, 100)))
    def time_passes(self, hours: int) -> None:
        self._flush()
        self.on.pass_time(hours)

    @rule(days=st.integers(1, 20))
    def an_outage(self, days: int) -> None:
        """Nothing runs for days; what came due is decided with the facts of its end."""
        self._flush()
        self.on.play.now += timedelta(days=days)
        self.on.settle()

    @rule(name=PEOPLE, days=st.integers(0, 12))
    def goes_away(self, name: str, days: int) -> None:
        first = self.on.play.now.date()
        self._add(self.on.said(name, f"/away {first}..{first + timedelta(days=days)}"))

    @rule(name=PEOPLE)
    def comes_back(self, name: str) -> None:
        self._add(self.on.said(name, "/away back"))

    @rule(
        words=st.sampled_from(
            ("set escalation.acknowledge 4h", "set escalation.decide 1d", "set escalation.decide 9d", "pause", "resume")
        )
    )
    def hr_changes_a_policy(self, words: str) -> None:
        self._flush()
        self.on.take_and_settle(self.on.said("vera", f"/nudges {words}"))
        cards = self.on.play.chat("vera")
        confirms = [one.action for one in cards[-1].card.buttons() if one.action.verb is Verb.SET_POLICY] if cards else []
        if confirms:
            self.on.take_and_settle(self.on.pressed("vera", confirms[0]))

    @rule(name=st.sampled_from(("max", "mina", "dana", "boss")), manager=st.one_of(NOBODY, PEOPLE))
    def the_org_chart_changes(self, name: str, manager: str) -> None:
        self._flush()
        self.on.reorganised(**{name: manager})

    @rule(name=st.sampled_from(("dana", "tom", "boss", "cora", "max")))
    def somebody_leaves(self, name: str) -> None:
        self._flush()
        self.on.left(name)

    @rule(number=NUMBERS)
    def an_event_comes_again(self, number: int) -> None:
        """A platform repeats what it already told, also long afterwards."""
        if self.on.taken:
            self._add(self.on.taken[-1 - number % len(self.on.taken)])

    @rule(number=NUMBERS)
    def a_stale_timer_rings(self, number: int) -> None:
        if self.on.ticks:
            self._add(self.on.ticks[-1 - number % len(self.on.ticks)])

    # -------------------------------------------------------------------------------------------------------- judging

    @invariant()
    def the_laws_hold(self) -> None:
        if self.drama is not None and not self.pending:
            judge.judged(self.on)

    def teardown(self) -> None:
        if self.drama is None:
            return
        try:
            self._flush()
            judge.judged(self.on)
            judge.asked_first(self.on)
            type(self).steps.update(row["name"] for entries in judge.story(self.on).values() for row in entries)
            self._nobody_does_anything_any_more()
        finally:
            self.on.closed()

    def _nobody_does_anything_any_more(self) -> None:
        """HR lets Rondo speak; otherwise nobody acts. Every request ends, and says how."""
        self.hr_changes_a_policy("resume")
        until = self.on.play.now + judge.LONGEST
        while self.on.play.now < until and judge.is_anything_open(self.on):
            self.on.pass_time(5 * 24)
        judge.judged(self.on)
        judge.ended(self.on)
        type(self).ends.update(one.state.value for one in self.on.world.escalations.values())
