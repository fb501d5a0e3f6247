"""What plays about obstacles, 1:1 items and reviews share."""

from datetime import datetime

from sqlalchemy import select

from bot.model import Duty
from storage import rows
from storage.schema import duty, ledger
from tests.play.company import Play, Seen, berlin, email_of

OBSTACLE, ITEM, NEAR, OPEN = "blocker.unresolved.", "one_on_one.open_items.", "kpo.review.", "review.overdue."
DONE = "걸림돌이 사라졌어요"


def keys(play: Play, name: str, prefix: str) -> list[str]:
    return [key for _, email, key in play.sent if email == email_of(name) and key.startswith(prefix)]


def when(play: Play, name: str, prefix: str) -> list[datetime]:
    return [at for at, email, key in play.sent if email == email_of(name) and key.startswith(prefix)]


def seen(play: Play, name: str, prefix: str) -> Seen:
    return next(one for one in reversed(play.chat(name)) if one.key.startswith(prefix))


def owed(play: Play) -> list[Duty]:
    with play.engine.connect() as connection:
        return [rows.duty(row) for row in connection.execute(select(duty).order_by(duty.c.id)).mappings()]


def entries(play: Play, name: str) -> list[str]:
    with play.engine.connect() as connection:
        return list(connection.scalars(select(ledger.c.subject).where(ledger.c.name == name)))


def blocked(
    play: Play, remover: str = "", *, goals: str = "#1", text: str = "The survey tool is down", private: str = ""
) -> None:
    """On Thursday at eleven Max reports an obstacle in the way of an aspirational goal (#1) or a committed one (#0)."""
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    values = {f"Status{goals}": "at_risk", f"Blocker{goals}": text, f"Who can remove it?{goals}": remover}
    play.submit("max", form, {**values, "Private note for your manager": private} if private else values)


def names(play: Play) -> list[str]:
    with play.engine.connect() as connection:
        return list(connection.scalars(select(ledger.c.name)))


def explained(play: Play, *messages: tuple[str, str, str]) -> None:
    for name, prefix, label in messages:
        play.press(name, label, message=seen(play, name, prefix))
        assert prefix.removesuffix(".") in play.chat(name)[-1].words
