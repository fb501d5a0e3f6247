"""How people behave, by chance: some answer at once, some when reminded, some never; obstacles, leave, mutes, decisions.

Everything is drawn from the person's own stream, so that one person more or less changes nobody else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from adapters.simulate.chat import Account, Chat, Post
from adapters.simulate.company import Somebody
from bot.decision import Reply, ShowForm
from bot.events import ByPerson, Closed, Opened, Pressed, Said, Submitted
from bot.rules import registry
from bot.talk.actions import Action, Verb
from bot.talk.cards import ChoiceField, Form, TextField

KINDS = ("soon", "reminded", "late", "never")
SHARES = (45, 25, 15, 15)
"""How many of a hundred people are of each kind."""
ACTS = {"soon": 0.8, "reminded": 0.6, "late": 0.4, "never": 0.05}
"""How likely somebody acts on what is not their check-in."""
CAUSES = ("dependency", "people", "time", "priority")
RACES = 0.1
"""How likely somebody does what they are about to be asked for, or leaves for the day, while that message is on its way."""
BY_HAND = 3
"""How often somebody tries again what did not work."""

Then = Callable[[Reply | None], None]


@dataclass(slots=True)
class Inhabitant:
    """Somebody as they live: where they chat, and their way."""

    row: Somebody
    kind: str
    dice: Random
    accounts: list[tuple[Chat, Account]]
    question: tuple[Chat, Post] | None = None  # the last check-in they saw


class Outside(Protocol):
    """What people need of the world."""

    def in_a_while(self, seconds: float, act: Callable[[], None]) -> None: ...
    def next_work_hour(self, email: str, after: timedelta) -> float | None: ...
    def is_out(self, email: str) -> bool: ...
    def rule_of(self, key: str) -> str: ...
    def send_in(self, who: Inhabitant, make: Callable[[datetime], ByPerson], kind: str, then: Then) -> None: ...


class Crowd:
    """Everybody in a company."""

    def __init__(self, world: Outside) -> None:
        self.world = world
        self.people: dict[str, Inhabitant] = {}
        self.refused: list[str] = []
        self._numbers = 0

    # ------------------------------------------------------------------------------------------------- reacting

    def seen(self, chat: Chat, post: Post) -> None:
        """Somebody got a message; if they do anything about it, they will in a while, at work."""
        who = self.people.get(chat.accounts[post.user].email)
        if who is None:
            return
        rule = self.world.rule_of(post.key)
        if rule == "checkin.prompt":
            who.question = chat, post
        if not rule:
            self._thinks_again(who, chat, post)
            return
        wait = self._patience(who, rule)
        if wait is not None and (seconds := self.world.next_work_hour(who.row.email, wait)) is not None:
            self.world.in_a_while(seconds, lambda: self._acts(who, chat, post, rule))

    def decided(self, email: str, rule: str) -> None:
        """A message to somebody is on its way, and now and then no longer needed before it arrives."""
        who = self.people.get(email)
        if who is None or who.dice.random() >= RACES:
            return
        wait = who.dice.choice((1.0, 30.0, 900.0)) * who.dice.random()
        if who.question is not None and who.dice.random() < 0.7:
            chat, post = who.question
            self.world.in_a_while(wait, lambda: self._acts(who, chat, post, "checkin.prompt"))
        elif rule != "checkin.prompt" or who.dice.random() < 0.3:
            self.world.in_a_while(wait, lambda: self.says(who, who.accounts[0][0], "/away today"))

    def _thinks_again(self, who: Inhabitant, chat: Chat, post: Post) -> None:
        """Some requests for a decision are no longer needed by their owner after a while."""
        actions = [button.action for button in post.card.buttons()]
        if (confirm := _first(actions, Verb.SET_POLICY)) is not None:
            self.world.in_a_while(who.dice.uniform(3, 60), lambda: self._press(who, chat, confirm))
        withdraw = _first(actions, Verb.WITHDRAW)
        if withdraw is not None and who.dice.random() < 0.1:
            self.world.in_a_while(who.dice.uniform(20, 90) * 3600, lambda: self._press(who, chat, withdraw))

    def _patience(self, who: Inhabitant, rule: str) -> timedelta | None:
        """How long until they do something; None: they do nothing."""
        dice = who.dice
        soon, later = timedelta(minutes=dice.randint(1, 150)), timedelta(minutes=dice.randint(150, 2_000))
        if dice.random() < 0.15:
            soon = timedelta(seconds=dice.uniform(2, 60))  # before its sender knows that it arrived
        kind = dice.choices(KINDS, SHARES)[0] if dice.random() < 0.1 else who.kind  # nobody is always the same
        match rule, kind:
            case "checkin.prompt", "soon":
                return soon
            case "checkin.prompt", "late":
                return timedelta(days=3) + later
            case "checkin.reminder", "reminded":
                return soon
            case "checkin.prompt" | "checkin.reminder", _:
                return None
            case _:
                return dice.choice((soon, later)) if dice.random() < ACTS[kind] else None

    def _acts(self, who: Inhabitant, chat: Chat, post: Post, rule: str) -> None:
        if self.world.is_out(who.row.email):
            return
        dice, card = who.dice, post.card
        actions = [button.action for button in card.buttons()]
        if rule.startswith("checkin."):
            self._checks_in(who, chat, actions)
        elif dice.random() < 0.1:
            self._wants_less(who, chat, actions, rule)
        else:
            self._does_something(who, chat, actions)

    def _checks_in(self, who: Inhabitant, chat: Chat, actions: Sequence[Action]) -> None:
        chance = who.dice.random()
        form = _first(actions, Verb.OPEN_FORM)
        if chance < 0.05 and (snooze := _first(actions, Verb.SNOOZE)):
            self._press(who, chat, snooze)
        elif chance < 0.1 and (skip := _first(actions, Verb.SKIP)):
            self._press(who, chat, skip)
        elif chance < 0.3 and (quick := _first(actions, Verb.REPORT_ALL)):
            self._press(who, chat, quick)
        elif form is not None:
            self._fills(who, chat, form)

    def _wants_less(self, who: Inhabitant, chat: Chat, actions: Sequence[Action], rule: str) -> None:
        useless, mute = _first(actions, Verb.NOT_USEFUL), _first(actions, Verb.MUTE)
        if useless is not None and who.dice.random() < 0.5:
            self._press(who, chat, useless)
        elif mute is not None:
            self._press(who, chat, mute)
        else:
            self.says(who, chat, f"/rondo mute {rule}")

    def _does_something(self, who: Inhabitant, chat: Chat, actions: Sequence[Action]) -> None:
        """Goals get an answer, obstacles are removed, decisions are taken; as it stands on the card."""
        dice = who.dice
        for decide in [action for action in actions if action.verb is Verb.OPEN_DECISION]:
            self._decides(who, chat, [action for action in actions if action.args == decide.args], decide)
        reported: set[str] = set()
        for action in actions:
            match action.verb:
                case Verb.REPORT if action.args[1] not in reported:
                    reported.add(action.args[1])
                    self._press(who, chat, Action(Verb.REPORT, (*action.args[:2], _status(dice))))
                case Verb.DUTY_DONE:
                    self._press(who, chat, action)
                case Verb.ASK_OWNER if dice.random() < 0.5:
                    self._press(who, chat, action)
                case Verb.OPEN_DUTY:
                    self._fills(who, chat, action)
                case _:
                    pass

    def _decides(self, who: Inhabitant, chat: Chat, actions: Sequence[Action], decide: Action) -> None:
        """One request: acknowledged for now, talked about, handed over, or decided."""
        acknowledge, talk, hand = (_first(actions, verb) for verb in (Verb.ACKNOWLEDGE, Verb.TALK_FIRST, Verb.OPEN_HAND_OVER))
        if acknowledge is not None and who.dice.random() < 0.4:
            self._press(who, chat, acknowledge)  # and decides after the reminder or in the digest, or never
        elif talk is not None and who.dice.random() < 0.1:
            self._press(who, chat, talk)
        elif hand is not None and who.dice.random() < 0.1:
            self._fills(who, chat, hand)
        else:
            self._fills(who, chat, decide)

    # --------------------------------------------------------------------------------------------------- forms

    def _fills(self, who: Inhabitant, chat: Chat, action: Action) -> None:
        def opened(reply: Reply | None) -> None:
            if isinstance(reply, ShowForm):
                form = reply.form
                self.world.in_a_while(who.dice.uniform(15, 240), lambda: self._submits(who, chat, form))

        self._press(who, chat, action, opened)

    def _submits(self, who: Inhabitant, chat: Chat, form: Form) -> None:
        values, by, number = self._typed(who, form), chat.address(self._account(who, chat)), self._number("view")
        if who.dice.random() < 0.05:
            self.world.send_in(
                who, lambda at: Closed(id=number, at=at, by=by, action=form.action, values=values), "form", _nothing
            )
            return
        self.world.send_in(
            who, lambda at: Submitted(id=number, at=at, by=by, action=form.action, values=values), "form", _nothing
        )

    def _typed(self, who: Inhabitant, form: Form) -> Mapping[str, str]:
        """What somebody types: mostly good news, sometimes an obstacle and who could remove it."""
        dice = who.dice
        values = {field.id: field.value for field in form.fields()}
        blocked: set[str] = set()
        for field in form.fields():
            kind, _, about = field.id.partition(":")
            match field:
                case ChoiceField() if kind == "status":
                    values[field.id] = status = _status(dice)
                    if status != "on_track" and dice.random() < 0.7:
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
                    values[field.id] = field.value or who.row.manager or self._somebody(who)
                case TextField() if kind == "remover":
                    values[field.id] = self._somebody(who) if about in blocked and dice.random() < 0.6 else ""
                case TextField() if field.required or kind in ("wins", "adjust", "note", "explanation"):
                    values[field.id] = field.value or "We go on as planned"
                case _:
                    pass
        return values

    def _somebody(self, who: Inhabitant) -> str:
        others = [email for email in self.people if email != who.row.email]
        return who.dice.choice(others) if others else ""

    # -------------------------------------------------------------------------------------------------- gestures

    def _account(self, who: Inhabitant, chat: Chat) -> Account:
        return next(account for where, account in who.accounts if where is chat)

    def _number(self, kind: str) -> str:
        self._numbers += 1
        return f"{kind}:{self._numbers}"

    def _press(self, who: Inhabitant, chat: Chat, action: Action, then: Then | None = None) -> None:
        by, number = chat.address(self._account(who, chat)), self._number("press")
        self.world.send_in(who, lambda at: Pressed(id=number, at=at, by=by, action=action), "press", then or _nothing)

    def says(self, who: Inhabitant, chat: Chat, text: str) -> None:
        """Plain words, or a command."""
        by, number = chat.address(self._account(who, chat)), self._number("said")
        self.world.send_in(who, lambda at: Said(id=number, at=at, by=by, text=text), "said", _nothing)

    def opens(self, who: Inhabitant, chat: Chat) -> None:
        """Installs the app, or opens its home."""
        by, number = chat.address(self._account(who, chat)), self._number("opened")
        self.world.send_in(who, lambda at: Opened(id=number, at=at, by=by), "said", _nothing)


def goes_away(crowd: Crowd, who: Inhabitant, start: datetime, days: int) -> None:
    """Some people take leave in these days, and say so some days before."""
    dice = who.dice
    if dice.random() >= 0.15 + 0.15 * min(1.0, days / 28):
        return
    begin = start + timedelta(days=dice.randint(1, max(days - 2, 2)))
    end = begin + timedelta(days=dice.choice((0, 1, 4, 6, 13)))
    said = max(start, begin - timedelta(days=dice.randint(0, 9))) + timedelta(hours=dice.randint(1, 20))
    chat = who.accounts[0][0]
    words = f"/away {begin.date()}..{end.date()}"
    crowd.world.in_a_while((said - start).total_seconds(), lambda: crowd.says(who, chat, words))
    if dice.random() < 0.2:
        back = (begin + timedelta(days=1, hours=5) - start).total_seconds()
        crowd.world.in_a_while(back, lambda: crowd.says(who, chat, "/away back"))


SETTINGS = (
    "set budget.per_day 1", "set budget.per_week 3", "set checkin.prompt tue 14:00", "set checkin.prompt fri 17:30",
    "set checkin.prompt mon 09:00", "set checkin.prompt off", "set checkin.reminder off", "set goal.stalled 7cd",
    "set quiet_hours 22:00-07:00", "set quiet_hours 12:00-15:00", "profile light", "profile active", "lock checkin.reminder",
)  # fmt: skip


def wants(crowd: Crowd, who: Inhabitant, dice: Random, teams: Sequence[str], days: int) -> None:
    """HR sets thresholds, and pauses Rondo for a while; each time with a button to confirm."""
    chat = who.accounts[0][0]

    def says(days: float, words: str) -> None:
        crowd.world.in_a_while(days * 86_400, lambda: crowd.says(who, chat, f"/nudges {words}"))

    for _ in range(dice.choice((0, 0, 1, 2, 3))):
        scope = dice.choice(("", "", f" for team {dice.choice(teams)}"))
        if dice.random() < 0.2:
            at = dice.uniform(0.5, days)
            says(at, f"pause{scope}")
            says(at + dice.uniform(0.2, 4), f"resume{scope}")
        else:
            says(dice.uniform(0.2, days), f"{dice.choice(SETTINGS)}{scope}")


def chatters(crowd: Crowd, who: Inhabitant, dice: Random, days: int) -> None:
    """Somebody presses return too often."""
    chat, at = who.accounts[0][0], dice.uniform(0.5, days) * 86_400
    for number in range(20):
        crowd.world.in_a_while(at + number * dice.uniform(0.05, 0.4), lambda: crowd.says(who, chat, "/rondo help"))


def mutes(crowd: Crowd, who: Inhabitant) -> None:
    """Some people do not want to hear of something."""
    if who.dice.random() < 0.15:
        rule = who.dice.choice([rule.name for rule in registry.RULES if rule.mutable])
        chat, at = who.accounts[0][0], who.dice.uniform(30_000, 400_000)
        crowd.world.in_a_while(at, lambda: crowd.says(who, chat, f"/rondo mute {rule}"))


def _status(dice: Random) -> str:
    return dice.choices(("on_track", "at_risk", "off_track"), (60, 25, 15))[0]


def _first(actions: Sequence[Action], verb: Verb) -> Action | None:
    return next((action for action in actions if action.verb is verb), None)


def _nothing(reply: Reply | None) -> None:
    """Whatever came back is not looked at."""
