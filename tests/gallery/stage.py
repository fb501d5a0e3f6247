"""A stage for the gallery: plays one scene in one language and keeps what people see, with what every button does.

A button is rehearsed where it stands: a real transaction decides and writes the press, then is rolled back.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from bot.decide import decide
from bot.decision import Decision, FieldErrors, ShowForm, ShowHome
from bot.events import ByPerson, Closed, FormFailed, Pressed, Submitted
from bot.flows.delivery import perhaps_twice
from bot.model import Goal, KeyResult, Person, Role
from bot.ports import Outcome
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Card, Form
from bot.talk.text import Text, words_of
from bot.talk.voice import Arg, Voice
from bot.turn import Turn
from tests.gallery.words import Words
from tests.play.company import PHRASES, Play, Seen, berlin, email_of, goal, no_holidays, person, result


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a press of a button (or a form sent as it is filled) would do. `error` is a traceback."""

    action: Action
    decision: Decision | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing somebody sees. A home is a card with `home`; a form has no card."""

    section: str
    name: str
    locale: str
    quiet: bool
    """Checked like the others, but not printed: it differs from its neighbour in a word or two."""
    card: Card | None = None
    home: bool = False
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    presses: tuple[Press, ...] = ()
    live: bool = True
    """Its week still runs and its buttons should do what they say."""

    def __str__(self) -> str:
        return f"{self.section} / {self.name} ({self.locale})"


class Listening:
    """A voice that remembers every phrase it said."""

    def __init__(self, voice: Voice, heard: set[tuple[str, str]]) -> None:
        self._voice, self._heard = voice, heard
        self.locale = voice.locale
        self.date, self.moment, self.number = voice.date, voice.moment, voice.number

    def text(self, message: str, /, **args: Arg) -> Text:
        said = self._voice.text(message, **args)
        self._heard.add((message, words_of(said)))
        return said

    def line(self, message: str, /, **args: Arg) -> str:
        return words_of(self.text(message, **args))


class _RolledBack(Exception):
    """The rehearsal is over."""


class Stage:
    """One scene: the company, the language, and what was kept."""

    def __init__(self, engine: Engine, locale: str, words: Words, section: str, *, rehearse: bool) -> None:
        self.locale, self.words, self.section = locale, words, section
        self.entries: list[Entry] = []
        self.heard: set[tuple[str, str]] = set()
        self._rehearse = rehearse
        self.play = Play(engine, holidays=no_holidays)
        phrases = {name: Listening(voice, self.heard) for name, voice in PHRASES.items()}
        self.play.turn = Turn(self.play.store, phrases, committed=lambda: None)

    # ------------------------------------------------------------------------------------- the company

    def person(self, who: str, *, manager: str = "", deputy: str = "", **fields: Any) -> Person:
        made = person(who, manager=manager, deputy=deputy, **{"language": self.locale, **fields})
        return replace(made, name=self.words.name(who))

    def company(self, *goals: Goal, **of_max: Any) -> "Stage":
        """Boss (HR) leads Dana, Dana leads Max and Mina; it is Monday 09:00 in Berlin."""
        self.play.with_people(
            self.person("boss", role=Role.HR_ADMIN),
            self.person("dana", manager="boss"),
            self.person("max", manager="dana", **{"team": "Web", "department": "Product", **of_max}),
            self.person("mina", manager="dana", team="Web"),
        )
        if goals:
            self.play.with_goals(*goals)
        self.play.tick()
        return self

    def result(self, result_id: str, what: str, unit: str = "%", start: int = 0, target: int = 100, **more: Any) -> KeyResult:
        return result(result_id, self.words.text(what), unit, start, target, **more)

    def portal(self, **more: Any) -> Goal:
        return goal("O1", "max", self.words.title("portal"), self.result("K1", "pages"), **more)

    def customers(self, **more: Any) -> Goal:
        return goal(
            "O2", "max", self.words.title("customers"), self.result("K2", "nps", "points", 20, 50), kind="aspirational", **more
        )

    def interviews(self, **more: Any) -> Goal:
        return goal("O3", "max", self.words.title("interviews"), self.result("K3", "talks", "", 0, 20), kind="learning", **more)

    def crowd(self, owner: str = "max", goals: int = 12, results: int = 6) -> tuple[Goal, ...]:
        """Many goals with many key results."""
        return tuple(
            goal(
                f"X{n:02}",
                owner,
                self.words.title(f"other#{n}"),
                *(self.result(f"X{n:02}-{k}", f"more#{k}", current=Decimal(10 * k)) for k in range(1, results + 1)),
            )
            for n in range(1, goals + 1)
        )

    # ------------------------------------------------------------------------------------- what people do

    def pick(self, english: str, korean: str) -> str:
        return english if self.locale == "en" else korean

    def say(self, who: str, english: str, korean: str = "") -> Outcome:
        return self.play.say(who, english if self.locale == "en" or not korean else korean)

    def button(self, who: str, verb: Verb, *names: str, message: Seen | None = None) -> Button:
        """The newest button of that verb whose arguments hold all the names."""
        for seen in [message] if message else reversed(self.play.chat(who)):
            for button in seen.card.buttons():
                if button.action.verb is verb and set(names) <= set(button.action.args):
                    return button
        raise AssertionError(f"{who} sees no {verb} {names} in:\n{self.play.transcript(who)}")

    def press(self, who: str, verb: Verb, *names: str, message: Seen | None = None) -> Outcome:
        return self.play.act(who, self.button(who, verb, *names, message=message).action)

    def form(self, who: str, verb: Verb, *names: str, message: Seen | None = None) -> Form:
        return self.play.form(self.press(who, verb, *names, message=message))

    def form_of(self, who: str, action: Action) -> Form:
        """The form behind an action, wherever its button stands."""
        return self.play.form(self.play.act(who, action))

    def submit(self, who: str, form: Form, /, **values: str) -> Outcome:
        """Submit a form; keyword `status_O1` fills the field `status:O1`."""
        return self.submit_fields(who, form, {name.replace("_", ":", 1): value for name, value in values.items()})

    def submit_fields(self, who: str, form: Form, values: Mapping[str, str]) -> Outcome:
        """Submit a form by the ids of its fields."""
        sent = {field.id: field.value for field in form.fields()} | dict(values)
        event = Submitted(id=self._id(), at=self.play.now, by=self._address(who), action=form.action, values=sent)
        outcome = self.play.turn.take(event)
        self.play.deliver()
        return outcome

    def closed(self, who: str, form: Form, values: Mapping[str, str]) -> None:
        """The form is closed unsent."""
        self.play.turn.take(Closed(id=self._id(), at=self.play.now, by=self._address(who), action=form.action, values=values))
        self.play.deliver()

    def form_failed(self, who: str, action: Action) -> None:
        self.play.turn.take(FormFailed(id=self._id(), at=self.play.now, by=self._address(who), action=action))
        self.play.deliver()

    def to(self, day: int, hour: int = 10, minute: int = 0, *, month: int = 11) -> datetime:
        """Time passes until a Berlin wall time."""
        self.play.move_to(berlin(day, hour, minute, month=month))
        return self.play.now

    def prompt_on(self, when: str) -> None:
        """HR moves the weekly prompt."""
        self.say("boss", f"/nudges set checkin.prompt {when}")
        self.press("boss", Verb.SET_POLICY)

    def seen(self, who: str, prefix: str) -> Seen:
        """The newest message whose key begins so."""
        for seen in reversed(self.play.chat(who)):
            if seen.key.startswith(prefix):
                return seen
        raise AssertionError(f"{who} got no {prefix}… but:\n{self.play.transcript(who)}")

    # ------------------------------------------------------------------------------------- what is kept

    def keep(self, name: str, who: str, prefix: str = "", *, quiet: bool = False, live: bool = True) -> None:
        """The newest message somebody has (whose key begins with `prefix`)."""
        card = self.seen(who, prefix).card
        presses = tuple(self.rehearsed(who, button.action) for button in card.buttons()) if self._rehearse else ()
        self._add(Entry(**self._base(name, quiet), card=card, presses=presses, live=live))

    def keep_twice(self, name: str, who: str, prefix: str) -> None:
        """The newest message that begins so, as it goes out once more after a doubt."""
        card = perhaps_twice(self.seen(who, prefix).card, Listening(PHRASES[self.locale], self.heard))
        presses = tuple(self.rehearsed(who, button.action) for button in card.buttons()) if self._rehearse else ()
        self._add(Entry(**self._base(name, quiet=False), card=card, presses=presses))

    def keep_in_channel(self, name: str, team: str, who: str, *, quiet: bool = False) -> None:
        """The newest message in a team's channel; `who` presses its buttons."""
        card = self.play.channel(team)[-1].card
        presses = tuple(self.rehearsed(who, button.action) for button in card.buttons()) if self._rehearse else ()
        self._add(Entry(**self._base(name, quiet), card=card, presses=presses))

    def keep_home(self, name: str, who: str, *, quiet: bool = False) -> None:
        outcome = self.play.opens_home(who)
        assert outcome.decision is not None and isinstance(outcome.decision.reply, ShowHome), outcome
        card = outcome.decision.reply.card
        presses = tuple(self.rehearsed(who, button.action) for button in card.buttons()) if self._rehearse else ()
        self._add(Entry(**self._base(name, quiet), card=card, home=True, presses=presses))

    def keep_form(self, name: str, who: str, outcome: Outcome, *, quiet: bool = False) -> Form:
        """A form that was shown, or shown again with errors."""
        assert outcome.decision is not None, outcome
        reply = outcome.decision.reply
        assert isinstance(reply, ShowForm | FieldErrors), reply
        errors = reply.errors if isinstance(reply, FieldErrors) else {}
        presses = (self.rehearsed(who, reply.form.action, reply.form),) if self._rehearse else ()
        self._add(Entry(**self._base(name, quiet), form=reply.form, errors=errors, presses=presses))
        return reply.form

    def _base(self, name: str, quiet: bool) -> dict[str, Any]:
        return {"section": self.section, "name": name, "locale": self.locale, "quiet": quiet}

    def _add(self, entry: Entry) -> None:
        assert all(other.name != entry.name for other in self.entries), f"{entry} stands twice"
        self.entries.append(entry)

    def rehearsed(self, who: str, action: Action, form: Form | None = None) -> Press:
        """What a press (or a form sent as it is filled) would do; everything is decided and written, then rolled back."""
        by, event_id = self._address(who), self._id()
        event: ByPerson = Pressed(id=event_id, at=self.play.now, by=by, action=action)
        if form is not None:
            values = {field.id: field.value for field in form.fields()}
            event = Submitted(id=event_id, at=self.play.now, by=by, action=action, values=values)
        decision: Decision | None = None
        try:
            with self.play.store.work() as work:
                assert work.accept(event)
                situation = work.situation(event)
                assert situation is not None, "nobody's desk"
                decision = decide(event, situation, PHRASES)
                work.apply(event, decision)
                raise _RolledBack
        except _RolledBack:
            return Press(action=action, decision=decision)
        except Exception:
            return Press(action=action, decision=decision, error=traceback.format_exc(limit=-6))

    def _address(self, who: str) -> Any:
        return self.play.address(email_of(who))

    def _id(self) -> str:
        return self.play._id()
