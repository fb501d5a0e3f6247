"""Hands that write goals: a form filled in, a draft sent for approval, what waits at the other end."""

from collections.abc import Mapping

from sqlalchemy import text

from bot.events import Closed
from bot.model import Goal
from bot.ports import Outcome
from bot.talk.actions import Action, Verb
from bot.talk.cards import Form
from tests.play.company import Play, Seen, email_of, person

RESULTS = """Raise activation from 40 % to 60 % by 2026-12-15
Support tickets | 120 | 80
- ISO certificate in hand (met / not met)"""


def fields(**more: str) -> dict[str, str]:
    return {"Objective": "Customers get going on their own", "Key results, one per line": RESULTS, "Cycle": "2026-Q4", **more}


def begin(play: Play, who: str = "max", kind: str = "committed", words: str = "") -> Form:
    return play.form(play.act(who, Action(Verb.WRITE_GOAL, (kind, words))))


def write(play: Play, who: str = "max", kind: str = "committed", **more: str) -> Outcome:
    return play.submit(who, begin(play, who, kind), fields(**{name.replace("_", " "): value for name, value in more.items()}))


def goals(play: Play, owner: str = "max", title: str = "") -> list[Goal]:
    owner_id = person(owner).id
    found = play.imports.read_goals()
    return [one for one in found if one.owner_id == owner_id and title in one.title and one.id not in ("O1", "O2", "O3")]


def only(play: Play, owner: str = "max") -> Goal:
    (found,) = goals(play, owner)
    return found


def draft_card(play: Play, owner: str = "max") -> Seen:
    return next(seen for seen in reversed(play.chat(owner)) if seen.key.endswith(":draft"))


def asked(play: Play, who: str) -> list[Seen]:
    return [seen for seen in play.chat(who) if seen.key.startswith("goal.approval")]


def send(play: Play, owner: str = "max", approver: str = "dana") -> Seen:
    """The newest draft goes for approval and reaches the approver."""
    play.press(owner, "Send for approval")
    play.tick()
    return asked(play, approver)[-1]


def stops(play: Play) -> list[tuple[str, object]]:
    with play.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("select text, done_at from duty where kind = 'stop' order by id"))]


def value_of(form: Form, name: str) -> str:
    return next(field.value for field in form.fields() if field.id == name)


def close(play: Play, form: Form, values: Mapping[str, str], who: str = "max") -> None:
    closed = Closed(id=play._id(), at=play.now, by=play.address(email_of(who)), action=form.action, values=values)
    play.turn.take(closed)
    play.deliver()


def stored(play: Play, goal_id: str = "O1") -> Goal:
    return next(one for one in play.imports.read_goals() if one.id == goal_id)
