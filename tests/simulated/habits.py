"""How people behave, by chance: some answer at once, some when reminded, some late, some never; obstacles, leave, mutes.

Everything is drawn from the person's own `Random`, so that one person more or less changes nobody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.decision import FieldErrors, Message, ShowForm
from bot.model import Company, Person
from bot.ports import Holidays
from bot.rules.people import calendar_of
from bot.talk.actions import FORMS, Action, Verb
from bot.talk.cards import Card, ChoiceField, Form, TextField
from tests.play.company import Seen
from tests.simulated.town import Town

KINDS = ("soon", "reminded", "late", "never")
SHARES = (45, 25, 15, 15)
"""How many of a hundred people are of each kind."""
ACTS = {"soon": 0.8, "reminded": 0.6, "late": 0.4, "never": 0.05}
"""How likely somebody acts on what is not their check-in."""
CAUSES = ("dependency", "people", "time", "priority")


@dataclass(slots=True)
class Habit:
    """One person's way."""

    kind: str
    dice: Random


class Habits:
    """What everybody in a town does about what they see. `mutes`: how likely a nudge is answered with *not again*."""

    def __init__(self, town: Town, company: Company, holidays: Holidays, seed: str, *, mutes: float = 0.01) -> None:
        self.town, self.company, self.holidays, self.mutes = town, company, holidays, mutes
        self.seed = seed
        self.habits: dict[str, Habit] = {}
        self.refused: list[str] = []  # forms that were filled in and not taken
        town.on_seen.append(self.seen)

    def of(self, person: Person) -> Habit:
        if person.id not in self.habits:
            dice = Random(f"{self.seed}/{person.email}")
            self.habits[person.id] = Habit(kind=dice.choices(KINDS, SHARES)[0], dice=dice)
        return self.habits[person.id]

    # ------------------------------------------------------------------------------------------------- reacting

    def seen(self, person: Person, seen: Seen, message: Message) -> None:
        """Somebody got a message; if they do anything about it, they will in a while, at work."""
        habit = self.of(person)
        if not message.rule:
            self._thinks_again(person, habit.dice, seen)
            return
        wait = self._patience(habit, message)
        if wait is None:
            return
        at = calendar_of(person, self.company, self.holidays, self.town.policies).next_polite(self.town.now + wait)
        if at is not None:
            self.town.lets(at, lambda: self._acts(person.id, seen.key, message.rule))

    def _thinks_again(self, person: Person, dice: Random, seen: Seen) -> None:
        """Some requests for a decision are no longer needed by their owner after a while."""
        withdraw = _first([button.action for button in seen.card.buttons()], Verb.WITHDRAW)
        if withdraw is not None and dice.random() < 0.1:
            self.town.lets(self.town.now + timedelta(hours=dice.randint(20, 90)), lambda: self._withdraws(person, withdraw))

    def _withdraws(self, person: Person, withdraw: Action) -> None:
        if not self._is_out(person):
            self.town.presses(person, withdraw)

    def _patience(self, habit: Habit, message: Message) -> timedelta | None:
        """How long until they do something; None: they do nothing."""
        dice = habit.dice
        soon, later = timedelta(minutes=dice.randint(3, 150)), timedelta(minutes=dice.randint(150, 2_000))
        kind = dice.choices(KINDS, SHARES)[0] if dice.random() < 0.1 else habit.kind  # nobody is always the same
        match message.rule, kind:
            case "checkin.prompt", "soon":
                return soon
            case "checkin.prompt", "late":
                return timedelta(days=4) + later
            case "checkin.reminder", "reminded":
                return soon
            case "checkin.prompt" | "checkin.reminder", _:
                return None
            case _:
                return dice.choice((soon, later)) if dice.random() < ACTS[kind] else None

    def _acts(self, person_id: str, key: str, rule: str) -> None:
        person = self.town.people[person_id]
        card = self.town.sees(person, key)
        if card is None or self._is_out(person):
            return
        dice = self.of(person).dice
        actions = [button.action for button in card.buttons()]
        if rule.startswith("checkin."):
            self._checks_in(person, dice, actions)
        elif dice.random() < self.mutes:
            self._wants_less(person, dice, actions, rule)
        else:
            self._does_something(person, dice, actions, card)

    def _is_out(self, person: Person) -> bool:
        calendar = calendar_of(person, self.company, self.holidays, self.town.policies)
        return calendar.is_away(calendar.local(self.town.now).date())

    def _checks_in(self, person: Person, dice: Random, actions: Sequence[Action]) -> None:
        chance = dice.random()
        form = _first(actions, Verb.OPEN_FORM)
        if chance < 0.05 and (snooze := _first(actions, Verb.SNOOZE)):
            self.town.presses(person, snooze)
        elif chance < 0.1 and (skip := _first(actions, Verb.SKIP)):
            self.town.presses(person, skip)
        elif chance < 0.3 and (quick := _first(actions, Verb.REPORT_ALL)):
            self.town.presses(person, quick)
        elif form is not None:
            self._fills(person, dice, form)

    def _wants_less(self, person: Person, dice: Random, actions: Sequence[Action], rule: str) -> None:
        useless = _first(actions, Verb.NOT_USEFUL)
        mute = _first(actions, Verb.MUTE)
        if useless is not None and dice.random() < 0.5:
            self.town.presses(person, useless)
        elif mute is not None:
            self.town.presses(person, mute)
        else:
            self.town.says(person, f"/rondo mute {rule}")

    def _does_something(self, person: Person, dice: Random, actions: Sequence[Action], card: Card) -> None:
        """Goals get an answer, obstacles are removed, decisions are taken; as it stands on the card."""
        for decide in [action for action in actions if action.verb is Verb.OPEN_DECISION]:
            self._decides(person, dice, [action for action in actions if action.args == decide.args], decide)
        reported: set[str] = set()
        for action in actions:
            match action.verb:
                case Verb.REPORT if action.args[1] not in reported:
                    reported.add(action.args[1])
                    status = dice.choices(("on_track", "at_risk", "off_track"), (80, 15, 5))[0]
                    self.town.presses(person, Action(Verb.REPORT, (*action.args[:2], status)))
                case Verb.DUTY_DONE:
                    self.town.presses(person, action)
                case Verb.ASK_OWNER if dice.random() < 0.5:
                    self.town.presses(person, action)
                case Verb.OPEN_DUTY:
                    self._fills(person, dice, action)
                case _:
                    pass

    def _decides(self, person: Person, dice: Random, actions: Sequence[Action], decide: Action) -> None:
        """One request, alone or among others: acknowledged for now, talked about, handed over, or decided."""
        acknowledge, talk, hand = (_first(actions, verb) for verb in (Verb.ACKNOWLEDGE, Verb.TALK_FIRST, Verb.OPEN_HAND_OVER))
        if acknowledge is not None and dice.random() < 0.4:
            self.town.presses(person, acknowledge)  # and decides after the reminder or in the digest, or never
        elif talk is not None and dice.random() < 0.1:
            self.town.presses(person, talk)
        elif hand is not None and dice.random() < 0.1:
            self._fills(person, dice, hand)
        else:
            self._fills(person, dice, decide)

    # -------------------------------------------------------------------------------------------------- forms

    def _fills(self, person: Person, dice: Random, action: Action) -> None:
        reply = self.town.presses(person, action)
        if not isinstance(reply, ShowForm):
            return
        answer = self.town.submits(person, reply.form, self._typed(person, dice, reply.form))
        # Whom somebody thinks of may be away, gone, or its owner: that is said at the field, and they let it be.
        if isinstance(answer, FieldErrors) and action.verb is not Verb.OPEN_HAND_OVER:
            self.refused.append(f"{person.email} {action}: {dict(answer.errors)}")

    def _typed(self, person: Person, dice: Random, form: Form) -> dict[str, str]:
        """What somebody types: mostly good news, sometimes an obstacle and who could remove it."""
        values = {field.id: field.value for field in form.fields()}
        assert form.action.verb in FORMS
        blocked: set[str] = set()
        for field in form.fields():
            kind, _, about = field.id.partition(":")
            match field:
                case ChoiceField() if kind == "status":
                    status = dice.choices(("on_track", "at_risk", "off_track"), (80, 15, 5))[0]
                    values[field.id] = status
                    if status != "on_track" and dice.random() < 0.5:
                        blocked.add(about)
                case ChoiceField() if kind == "cause":
                    values[field.id] = dice.choice(CAUSES) if about in blocked else ""
                case ChoiceField() if not field.value:
                    values[field.id] = dice.choice(field.options).value
                case TextField() if kind == "value":
                    values[field.id] = str(dice.randint(0, 100)) if dice.random() < 0.4 else field.value
                case TextField() if kind == "score":
                    values[field.id] = f"{dice.randint(0, 10) / 10}"
                case TextField() if kind == "blocker":
                    values[field.id] = "Waiting for another team" if about in blocked else ""
                case TextField() if kind == "who":
                    values[field.id] = field.value or self._boss(person) or self._somebody(person, dice)
                case TextField() if kind == "remover":
                    values[field.id] = self._somebody(person, dice) if about in blocked and dice.random() < 0.6 else ""
                case TextField() if field.required or kind in ("wins", "adjust", "note", "explanation"):
                    values[field.id] = field.value or "We go on as planned"
                case _:
                    pass
        return values

    def _boss(self, person: Person) -> str:
        boss = self.town.people.get(person.manager_id or "")
        return boss.email if boss is not None else ""

    def _somebody(self, person: Person, dice: Random) -> str:
        return dice.choice(sorted(one.email for one in self.town.people.values() if one.id != person.id) or [""])


def goes_away(habits: Habits, person: Person, start: datetime, days: int) -> None:
    """Some people take leave in these days, and say so some days before."""
    dice = habits.of(person).dice
    if dice.random() >= 0.3:
        return
    begin = start + timedelta(days=dice.randint(2, max(days - 4, 2)))
    end = begin + timedelta(days=dice.choice((0, 1, 4, 6, 13)))
    said = max(start, begin - timedelta(days=dice.randint(0, 9))) + timedelta(hours=dice.randint(1, 8))
    habits.town.lets(said, lambda: habits.town.says(person, f"/away {begin.date()}..{end.date()}"))


def _first(actions: Sequence[Action], verb: Verb) -> Action | None:
    return next((action for action in actions if action.verb is verb), None)
