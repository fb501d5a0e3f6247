"""Weeks of generated companies, gesture by gesture. RONDO_LAW_EXAMPLES=500 walks that many instead of the usual few."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.decision import FieldErrors, ShowForm
from bot.events import Closed, Measured, Said
from bot.model import Person
from bot.ports import Outcome
from bot.talk.actions import OPENS_FORM, Action, Verb
from bot.talk.cards import ChoiceField, Form
from storage.engine import open_engine
from storage.migrate import migrate
from tests.laws.companies import NAMES, STARTS, companies, goals, names, people
from tests.laws.laws import Laws
from tests.laws.walk import Walk
from tests.laws.world import DAY, employed, local_day, polite, week_of, works, zone_of
from tests.play.company import email_of, person

EXAMPLES = int(os.environ.get("RONDO_LAW_EXAMPLES", "0"))

WORDS = (
    "all on track",
    "모두 순조로워요",
    "launch at 40%, blocked by legal",
    "builds off track, blocked by money",
    "40%",
    "skip this week: travelling",
    "이번 주 건너뛰기",
    "snooze 2h",
    "snooze until tomorrow",
    "/checkin snooze 3d",
    "/checkin",
    "/checkin history",
    "/checkin settings",
    "/goals",
    "/goals at-risk",
    "/rondo why",
    "/rondo help",
    "/rondo language ko",
    "/rondo language en",
    "hello",
    "purple monkey dishwasher <!channel>",
    "away till Monday",
    "/away back",
    "/away 2026-12-24..2026-12-31",
    "",
    "/nudges show",
)
THRESHOLDS = (
    "checkin.prompt Tuesday 14:00",
    "checkin.prompt Friday 17:30",
    "checkin.prompt Sunday 10:00",
    "checkin.prompt Monday 00:00",
    "checkin.prompt off",
    "checkin.prompt banana",
    "checkin.reminder 1h",
    "checkin.reminder.second 3d",
    "checkin.reminder off",
    "checkin.grace 1d",
    "checkin.grace off",
    "goal.stalled 3d",
    "goal.stalled off",
    "goal.stalled.manager 15d",
    "goal.stalled.manager off",
    "goal.stalled.lead 1d",
    "goal.commitment_at_risk off",
    "escalation.acknowledge 1h",
    "escalation.decide 1d",
    "budget.per_day 1",
    "budget.per_day 5",
    "budget.per_week 2",
    "budget.per_week 0",
    "quiet_hours 22:00-07:00",
    "quiet_hours 12:00-15:00",
    "quiet_hours off",
)
SCOPES = ("", "", "", " for team Web", " for person max@acme.example", " for team Nowhere")
FORMS = ("good", "blocked", "bad", "partial", "empty", "close", "leave")


def template() -> Path:
    """A database file with the newest schema, made once."""
    path = Path(tempfile.gettempdir()) / f"rondo-laws-{os.getpid()}.db"
    if not path.exists():
        engine = open_engine(f"sqlite:///{path}")
        migrate(engine)
        engine.dispose()
    return path


def filled(form: Form, how: str) -> Mapping[str, str]:
    """What somebody types into a form."""
    values = {field.id: field.value for field in form.fields()}
    for number, field in enumerate(form.fields()):
        kind = field.id.partition(":")[0]
        if how == "partial" and number > 3:
            break
        if isinstance(field, ChoiceField) and kind in ("status", "choice") and how != "empty":
            values[field.id] = field.options[1 if how == "blocked" else 0].value
        elif kind == "blocker":
            values[field.id] = "Legal <@U1>" if how == "blocked" else ""
        elif kind == "value":
            values[field.id] = "1.234,5.6 apples" if how == "bad" else "41"
        elif kind == "due":
            values[field.id] = "2020-01-01" if how == "bad" else ""
        elif kind == "confidence" and how == "bad":
            values[field.id] = "eleven"
    return values


class Weeks(RuleBasedStateMachine):
    """Weeks of one company."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(prefix="rondo-laws-"))
        shutil.copyfile(template(), self.directory / "rondo.db")
        self.engine = open_engine(f"sqlite:///{self.directory / 'rondo.db'}")
        self.walk = Walk(self.engine, now=STARTS[0])
        self.laws = Laws(self.walk)

    def teardown(self) -> None:
        for what, count in sorted(self.laws.ends.items()):
            event(f"quiet weeks {what}: {min(count, 20) // 5 * 5}+")
        self.engine.dispose()
        shutil.rmtree(self.directory, ignore_errors=True)

    @initialize(data=st.data(), start=st.sampled_from(STARTS))
    def founded(self, data: st.DataObject, start: datetime) -> None:
        self.walk.now = start
        everybody = data.draw(companies(start)).value
        self.walk.with_people(*everybody)
        for who in everybody:
            self.laws.disturb(who)
            self.walk.with_goals(*data.draw(goals(who.email.partition("@")[0], start)).value)
        self.walk.tick()

    @invariant()
    def rests(self) -> None:
        if self.walk.chats or self.walk.events:
            self.laws.at_rest()

    # --------------------------------------------------------------------------------------------------- time

    def _advance(self, until: datetime, *, leap: bool) -> None:
        walk, laws = self.walk, self.laws
        while walk.now < until:
            # people's weeks end at different times; stop at every one of their midnights
            step = until if leap else min(until, walk.now + timedelta(hours=6))
            world, before = walk.world(), walk.now
            (walk.jump_to if leap else walk.move_to)(step)
            for who in world.people.values():
                over = week_of(who, before)
                if leap:
                    laws.changed(who)
                elif over != week_of(who, step):
                    laws.week_over(world, who, over)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self._advance(self.walk.now + timedelta(hours=hours), leap=False)

    @rule(days=st.integers(2, 16))
    def days_pass(self, days: int) -> None:
        self._advance(self.walk.now + timedelta(days=days), leap=False)

    @rule()
    def the_next_thing_happens(self) -> None:
        due = self.walk.agenda.next_due()
        if due is not None and due < self.walk.now + timedelta(days=20):
            self._advance(due, leap=False)

    @rule(hours=st.integers(2, 400))
    def the_process_was_down(self, hours: int) -> None:
        self._advance(self.walk.now + timedelta(hours=hours), leap=True)

    # ------------------------------------------------------------------------------------------------ gestures

    def _person(self, name: str) -> Person:
        return self.walk.world().people[person(name).id]

    def _done(self, name: str, outcome: Outcome, how: str = "leave") -> None:
        self.laws.disturb(self._person(name))
        reply = outcome.decision.reply if outcome.decision else None
        if isinstance(reply, ShowForm) and how == "close":
            closed = Closed(
                id=self.walk.next_id(),
                at=self.walk.now,
                by=self.walk.address(email_of(name)),
                action=reply.form.action,
                values=filled(reply.form, "blocked"),
            )
            self.walk.again(closed)
        elif isinstance(reply, ShowForm) and how != "leave":
            values = filled(reply.form, how)
            answer = self.walk.gesture(name, lambda: self.walk.fill(name, reply.form, values))
            errors = answer.decision.reply if answer.decision else None
            if isinstance(errors, FieldErrors):
                assert set(errors.errors) <= {field.id for field in errors.form.fields()}
        self.walk.tick()

    @rule(name=names, text=st.sampled_from(WORDS))
    def says(self, name: str, text: str) -> None:
        self._done(name, self.walk.gesture(name, lambda: self.walk.say(name, text)))

    @rule(name=names, first=st.integers(-5, 10), length=st.integers(0, 15))
    def goes_away(self, name: str, first: int, length: int) -> None:
        begin = self.walk.now.date() + DAY * first
        self._done(name, self.walk.gesture(name, lambda: self.walk.say(name, f"/away {begin}..{begin + DAY * length}")))

    @rule(name=names)
    def opens_home(self, name: str) -> None:
        self._done(name, self.walk.gesture(name, lambda: self.walk.opens_home(name)))

    @rule(name=names, card=st.integers(0, 3), button=st.integers(0, 30), how=st.sampled_from(FORMS))
    def presses(self, name: str, card: int, button: int, how: str) -> None:
        """A button on one of the newest cards."""
        cards = [seen.card for seen in reversed(self.walk.chat(name)) if list(seen.card.buttons())]
        if card < len(cards):
            actions = [one.action for one in cards[card].buttons()]
            self._press(name, actions[button % len(actions)], how)

    @rule(name=names, button=st.integers(0, 200), how=st.sampled_from(FORMS))
    def presses_an_old_button(self, name: str, button: int, how: str) -> None:
        if actions := self.walk.buttons.get(name):
            self._press(name, actions[button % len(actions)], how)

    @rule(name=names, other=names, button=st.integers(0, 200), how=st.sampled_from(FORMS))
    def presses_what_is_not_theirs(self, name: str, other: str, button: int, how: str) -> None:
        """A forged press: another person's button."""
        if actions := self.walk.buttons.get(other):
            action = actions[button % len(actions)]
            if action.verb not in (Verb.CANCEL, Verb.NEED_DECISION, Verb.REPORT):
                self._press(name, action, how)

    @rule(how=st.sampled_from(FORMS), verb=st.sampled_from((Verb.ACKNOWLEDGE, Verb.OPEN_DECISION, Verb.NEED_DECISION)))
    def somebody_deals_with_an_escalation(self, how: str, verb: Verb) -> None:
        for name in NAMES:
            for seen in self.walk.chat(name):
                for button in seen.card.buttons():
                    if button.action.verb is verb:
                        self._press(name, button.action, how)
                        return

    @rule(name=names)
    def is_blocked(self, name: str) -> None:
        """The open check-in is answered with a blocker, by form."""
        for seen in reversed(self.walk.chat(name)):
            for button in seen.card.buttons():
                if button.action.verb is Verb.OPEN_FORM:
                    self._press(name, button.action, "blocked")
                    return

    def _press(self, name: str, action: Action, how: str) -> None:
        before = self.walk.world().policies
        outcome = self.walk.gesture(name, lambda: self.walk.act(name, action))
        if action.verb in OPENS_FORM and outcome.decision:
            event(f"form {how}")
        world = self.walk.world()
        if world.policies != before:
            self.laws.changed(*world.people.values())
        self._done(name, outcome, how)

    @rule(what=st.sampled_from(THRESHOLDS), scope=st.sampled_from(SCOPES), confirm=st.booleans())
    def hr_sets(self, what: str, scope: str, confirm: bool) -> None:
        name = NAMES[0]
        outcome = self.walk.gesture(name, lambda: self.walk.say(name, f"/nudges set {what}{scope}"))
        self._done(name, outcome)
        chat = self.walk.chat(name)
        buttons = [one.action for one in chat[-1].card.buttons()] if chat else []
        if confirm and buttons and buttons[0].verb is Verb.SET_POLICY:
            self._press(name, buttons[0], "leave")

    @rule(number=st.integers(0, 300), near=st.booleans())
    def it_happens_again(self, number: int, near: bool) -> None:
        """A platform, a replica or a tick says the same thing once more."""
        events = self.walk.events[-5:] if near else self.walk.events
        if not events:
            return
        known = events[number % len(events)]
        before = self.walk.world().said()
        outcome = self.walk.again(known)
        assert outcome.decision is None, f"decided twice: {known}"
        assert self.walk.world().said() == before, f"said something new: {known}"

    # ------------------------------------------------------------------------------------- HR, machines, platforms

    @rule(data=st.data(), name=names)
    def is_imported_again(self, data: st.DataObject, name: str) -> None:
        before = self._person(name)
        after = data.draw(people(name, self.walk.now, before)).value
        if week_of(before, self.walk.now) != week_of(after, self.walk.now):
            self.laws.disturb(before)
        self.walk.imported(after)
        self.laws.changed(after)

    @rule(data=st.data(), name=names)
    def moves(self, data: st.DataObject, name: str) -> None:
        """Only the zone changes."""
        from dataclasses import replace

        before = self._person(name)
        after = replace(before, zone=data.draw(people(name, self.walk.now)).value.zone)
        if week_of(before, self.walk.now) != week_of(after, self.walk.now):
            self.laws.disturb(before)
        self.walk.imported(after)
        self.laws.changed(after)

    @rule(number=st.integers(0, 20), value=st.integers(-5, 120))
    def a_machine_reports(self, number: int, value: int) -> None:
        found = sorted(self.walk.world().goals)
        if found:
            goal_id = found[number % len(found)]
            measured = Measured(
                id=self.walk.next_id(),
                at=self.walk.now,
                key_result=f"{goal_id}-K",
                value=Decimal(value),
                note="",
                source="grafana",
            )
            self.walk.measured(measured)
            self.walk.tick()

    @rule(name=names)
    def account_goes_or_comes(self, name: str) -> None:
        self.walk.unreachable ^= {email_of(name)}
        self.laws.disturb(self._person(name))

    @rule(name=names)
    def a_stranger_speaks(self, name: str) -> None:
        said = Said(id=self.walk.next_id(), at=self.walk.now, by=self.walk.address(f"not-{name}@acme.example"), text="/checkin")
        assert self.walk.again(said).decision is None


class SlowPost(Weeks):
    """The same, while messages now and then wait before they leave."""

    @precondition(lambda self: not self.walk.closed)
    @rule()
    def post_closes(self) -> None:
        self.walk.closed = True

    @precondition(lambda self: self.walk.closed)
    @rule()
    def post_opens(self) -> None:
        self.walk.closed = False
        for who in self.walk.world().people.values():
            self.laws.disturb(who)
        self.walk.tick()


COMMON = settings(
    deadline=None,
    derandomize=not EXAMPLES,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
Weeks.TestCase.settings = settings(COMMON, max_examples=EXAMPLES or 25, stateful_step_count=40)
SlowPost.TestCase.settings = settings(COMMON, max_examples=EXAMPLES or 10, stateful_step_count=40)

TestWeeks = Weeks.TestCase
TestSlowPost = SlowPost.TestCase

__all__ = ["TestSlowPost", "TestWeeks", "employed", "local_day", "polite", "works", "zone_of"]
