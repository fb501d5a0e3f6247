"""Weeks of one generated company, gesture by gesture. A life is a seed and the numbers of its steps: leaving some out
gives a shorter life in which the other steps stay what they were, so a broken law can be told as a short story.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from bot.decision import NOTHING, FieldErrors, ShowForm
from bot.events import Closed, Measured, Said
from bot.model import Person
from bot.ports import Outcome
from bot.talk.actions import Action, Verb
from storage.engine import open_engine
from tests.laws.companies import NAMES, STARTS, goals_of, plain, somebody, words_of
from tests.laws.laws import Laws
from tests.laws.walk import Walk
from tests.laws.words import FORMS, HR, SCOPES, WORDS, filled
from tests.laws.world import week_of
from tests.play.company import email_of, person


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Which company, and which of its steps. `plain` people have no oddities, `idle` ones no goals."""

    seed: int
    steps: tuple[int, ...]
    plain: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    slow_post: bool = False

    def lived(self, template: Path) -> "Weeks":
        """Lives it; an AssertionError (or anything else) is a broken law. The story so far stands in its notes."""
        with tempfile.TemporaryDirectory(prefix="rondo-laws-") as directory:
            database = Path(directory) / "rondo.db"
            shutil.copyfile(template, database)
            engine = open_engine(f"sqlite:///{database}")
            weeks = None
            try:
                pick = Random(self.seed)
                weeks = Weeks(Walk(engine, now=pick.choice(STARTS)))
                weeks.founded(self)
                for number in self.steps:
                    weeks.step(Random(f"{self.seed}/{number}"), slow_post=self.slow_post)
            except BaseException as error:
                error.add_note("\n".join([repr(self), *(weeks.story if weeks else ())]))
                raise
            finally:
                engine.dispose()
            return weeks


def shortest(life: Life, breaks: Callable[[Life], bool], *, seconds: float) -> Life:
    """A shorter life that still `breaks`: without steps, oddities and goals it does not need, as far as time allows."""
    until = time.monotonic() + seconds

    def better(candidate: Life) -> bool:
        return time.monotonic() < until and breaks(candidate)

    size = max(len(life.steps) // 2, 1)
    while size:
        for start in range(len(life.steps) - size, -1, -size):
            fewer = replace(life, steps=life.steps[:start] + life.steps[start + size :])
            if start < len(life.steps) and better(fewer):
                life = fewer
        size //= 2
    for name in NAMES:
        for simpler in (replace(life, plain=life.plain | {name}), replace(life, idle=life.idle | {name})):
            if better(simpler):
                life = replace(life, plain=life.plain | simpler.plain, idle=life.idle | simpler.idle)
    return life


class Weeks:
    """Weeks of one company."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.laws = Laws(walk)
        self.story: list[str] = []

    def founded(self, life: Life) -> None:
        now = self.walk.now
        for name in NAMES:
            pick = Random(f"{life.seed}/{name}")
            who = plain(name, now) if name in life.plain else somebody(pick, name, now)
            goals = () if name in life.idle else goals_of(pick, name, now)
            self.walk.with_people(who)
            self.walk.with_goals(*goals)
            self.laws.disturb(who)
            self.story.append(words_of(who))
            self.story += [f"   {one.id} {one.title!r} {one.type}, updated {one.updated_at:%Y-%m-%d}" for one in goals]
        self.walk.tick()
        self.laws.at_rest()

    def step(self, pick: Random, *, slow_post: bool) -> None:
        deeds = (*DEEDS, *(Weeks.post_opens_or_closes,) * 6) if slow_post else DEEDS
        deed = pick.choice(deeds)
        self.tell(deed.__name__)
        deed(self, pick)
        self.laws.at_rest()

    def tell(self, *words: object) -> None:
        self.story.append(f"{self.walk.now:%a %Y-%m-%d %H:%M} " + " ".join(map(str, words)))

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

    def time_passes(self, pick: Random) -> None:
        hours = pick.randint(1, 30)
        self._advance(self.walk.now + timedelta(hours=hours), leap=False)

    def days_pass(self, pick: Random) -> None:
        days = pick.randint(2, 16)
        self._advance(self.walk.now + timedelta(days=days), leap=False)

    def the_next_thing_happens(self, pick: Random) -> None:
        due = self.walk.agenda.next_due()
        if due is not None and due < self.walk.now + timedelta(days=20):
            self._advance(due, leap=False)

    def the_process_was_down(self, pick: Random) -> None:
        hours = pick.choice((pick.randint(2, 30), pick.randint(20, 400)))
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

    def says(self, pick: Random) -> None:
        name, text = pick.choice(NAMES), pick.choice(WORDS)
        self.tell(name, repr(text))
        self._says(name, text)

    def _says(self, name: str, text: str) -> None:
        self._done(name, self.walk.gesture(name, lambda: self.walk.say(name, text)))

    def goes_away(self, pick: Random) -> None:
        name = pick.choice(NAMES)
        begin = self.walk.now.date() + timedelta(days=pick.randint(-5, 10))
        text = f"/away {begin}..{begin + timedelta(days=pick.randint(0, 15))}"
        self.tell(name, text)
        self._done(name, self.walk.gesture(name, lambda: self.walk.say(name, text)))

    def opens_home(self, pick: Random) -> None:
        name = pick.choice(NAMES)
        self._done(name, self.walk.gesture(name, lambda: self.walk.opens_home(name)))

    def presses(self, pick: Random) -> None:
        """A button on one of the newest cards."""
        name, card = pick.choice(NAMES), pick.randint(0, 3)
        cards = [seen.card for seen in reversed(self.walk.chat(name)) if list(seen.card.buttons())]
        if card < len(cards):
            actions = [one.action for one in cards[card].buttons()]
            self._press(name, pick.choice(actions), pick.choice(FORMS))

    def presses_an_old_button(self, pick: Random) -> None:
        name = pick.choice(NAMES)
        if actions := self.walk.buttons.get(name):
            self._press(name, pick.choice(actions), pick.choice(FORMS))

    def presses_what_is_not_theirs(self, pick: Random) -> None:
        """A forged press: another person's button."""
        name, other = pick.sample(NAMES, 2)
        if actions := self.walk.buttons.get(other):
            action = pick.choice(actions)
            if action.verb not in TOLD_APART:
                self._press(name, action, pick.choice(FORMS))

    def somebody_deals_with_an_escalation(self, pick: Random) -> None:
        verb = pick.choice((Verb.ACKNOWLEDGE, Verb.OPEN_DECISION, Verb.OPEN_DECISION, Verb.NEED_DECISION))
        self._first(verb, pick.choice(("good", "good", *FORMS)))

    def somebody_passes_an_escalation_on(self, pick: Random) -> None:
        """Or talks first, dates the decision, or needs none any more."""
        deeds = ((Verb.OPEN_HAND_OVER, "blocked"), (Verb.OPEN_HAND_OVER, "good"), (Verb.TALK_FIRST, ""), (Verb.WITHDRAW, ""))
        self._first(*pick.choice((*deeds, (Verb.OPEN_DECISION, "dated"), (Verb.OPEN_DECISION, "dated"))))

    def a_decision_is_not_enough(self, pick: Random) -> None:
        """Decided, and asked for again at once."""
        before = set(self.laws.decided)
        self._first(Verb.OPEN_DECISION, "good")
        for decided in set(self.laws.decided) - before:
            owner = self.walk.world().people[self.laws.decided[decided].owner_id]
            name = owner.email.partition("@")[0]
            self._says(name, "/checkin")
        self._first(Verb.NEED_DECISION, pick.choice(FORMS))

    def _first(self, verb: Verb, how: str) -> None:
        """Whoever has a living button of a kind presses it."""
        for name in NAMES:
            for seen in self.walk.chat(name):
                for button in seen.card.buttons():
                    if button.action.verb is verb:
                        self._press(name, button.action, how)
                        return

    def is_blocked(self, pick: Random) -> None:
        """The open check-in is answered with a blocker, by form."""
        name = pick.choice(NAMES)
        for seen in reversed(self.walk.chat(name)):
            for button in seen.card.buttons():
                if button.action.verb is Verb.OPEN_FORM:
                    self._press(name, button.action, "blocked")
                    return

    def _press(self, name: str, action: Action, how: str) -> None:
        self.tell("  ", name, "presses", action.verb.value, *action.args, "form:", how)
        before = self.walk.world().policies
        outcome = self.walk.gesture(name, lambda: self.walk.act(name, action))
        world = self.walk.world()
        if world.policies != before:
            self.laws.changed(*world.people.values())
        self._done(name, outcome, how)

    def hr_sets(self, pick: Random) -> None:
        name, what, scope, confirm = NAMES[0], pick.choice(HR), pick.choice(SCOPES), pick.random() < 0.8
        self.tell("  ", what, scope)
        outcome = self.walk.gesture(name, lambda: self.walk.say(name, f"/nudges {what}{scope}"))
        self._done(name, outcome)
        chat = self.walk.chat(name)
        buttons = [one.action for one in chat[-1].card.buttons()] if chat else []
        if confirm and buttons and buttons[0].verb is Verb.SET_POLICY:
            self._press(name, buttons[0], "leave")

    def it_happens_again(self, pick: Random) -> None:
        """A platform, a replica or a tick says the same thing once more."""
        events = self.walk.events[-5:] if pick.random() < 0.5 else self.walk.events
        if not events:
            return
        known = pick.choice(events)
        before = self.walk.world().said()
        outcome = self.walk.again(known)
        # a refused form is refused again, with its errors; nothing else is said
        told = outcome.decision and replace(outcome.decision, reply=None)
        assert not told or told == NOTHING, f"decided twice: {known}"
        assert self.walk.world().said() == before, f"said something new: {known}"

    # ------------------------------------------------------------------------------------- HR, machines, platforms

    def is_imported_again(self, pick: Random) -> None:
        name = pick.choice(NAMES)
        before = self._person(name)
        after = somebody(pick, name, self.walk.now, before)
        if week_of(before, self.walk.now) != week_of(after, self.walk.now):
            self.laws.disturb(before)
        self.tell("  ", words_of(after))
        self.walk.imported(after)
        self.laws.changed(after)

    def moves(self, pick: Random) -> None:
        """Only the zone changes."""
        name = pick.choice(NAMES)
        before = self._person(name)
        after = replace(before, zone=somebody(pick, name, self.walk.now).zone)
        if week_of(before, self.walk.now) != week_of(after, self.walk.now):
            self.laws.disturb(before)
        self.tell("  ", words_of(after))
        self.walk.imported(after)
        self.laws.changed(after)

    def a_machine_reports(self, pick: Random) -> None:
        found = sorted(self.walk.world().goals)
        if found:
            goal_id = pick.choice(found)
            measured = Measured(
                id=self.walk.next_id(),
                at=self.walk.now,
                key_result=f"{goal_id}-K",
                value=Decimal(pick.randint(-5, 120)),
                note="",
                source="grafana",
            )
            self.walk.measured(measured)
            self.walk.tick()

    def account_goes_or_comes(self, pick: Random) -> None:
        name = pick.choice(NAMES)
        self.tell("  ", name)
        self.walk.unreachable ^= {email_of(name)}
        self.walk.lost.add(email_of(name))
        self.laws.disturb(self._person(name))

    def a_stranger_speaks(self, pick: Random) -> None:
        by = self.walk.address(f"not-{pick.choice(NAMES)}@acme.example")
        said = Said(id=self.walk.next_id(), at=self.walk.now, by=by, text="/checkin")
        assert self.walk.again(said).decision is None

    def post_opens_or_closes(self, pick: Random) -> None:
        """Messages wait for a while before they leave."""
        self.walk.closed, self.walk.slow = not self.walk.closed, True
        for who in self.walk.world().people.values():
            self.laws.disturb(who)
        self.walk.tick()


TOLD_APART = (Verb.CANCEL, Verb.NEED_DECISION, Verb.REPORT, Verb.OPEN_DUTY, Verb.DUTY_DONE, Verb.NOT_USEFUL)
"""Forged, these get the answer to a button of nobody's, which the laws take for a button that was forgotten."""

Deed = Callable[[Weeks, Random], None]
DEEDS: tuple[Deed, ...] = (
    *(Weeks.time_passes,) * 5,
    *(Weeks.days_pass,) * 4,
    *(Weeks.the_next_thing_happens,) * 3,
    *(Weeks.the_process_was_down,) * 2,
    *(Weeks.says,) * 3,
    *(Weeks.goes_away,) * 2,
    Weeks.opens_home,
    *(Weeks.presses,) * 4,
    *(Weeks.presses_an_old_button,) * 2,
    Weeks.presses_what_is_not_theirs,
    *(Weeks.somebody_deals_with_an_escalation,) * 3,
    *(Weeks.a_decision_is_not_enough,) * 2,
    *(Weeks.somebody_passes_an_escalation_on,) * 2,
    *(Weeks.is_blocked,) * 5,
    *(Weeks.hr_sets,) * 2,
    *(Weeks.it_happens_again,) * 2,
    *(Weeks.is_imported_again,) * 2,
    *(Weeks.moves,) * 2,
    Weeks.a_machine_reports,
    Weeks.account_goes_or_comes,
    Weeks.a_stranger_speaks,
)
"""What may happen at a step; what stands here often happens often."""
