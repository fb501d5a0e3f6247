"""What the tests of noise control and of explanations do again and again."""

from sqlalchemy import select, true

from bot.model import PolicyChange, Scope, person_id
from storage import effects, rows
from storage.engine import reading, writing
from storage.schema import ledger, policy_change
from tests.play.company import Play, Seen, berlin, email_of


def hr_says(play: Play, threshold: str, value: str | None, scope: Scope | None = None, *, author: str = "boss") -> None:
    """A policy version, as *Confirm* writes it."""
    with writing(play.engine) as connection:
        known = len(connection.execute(select(policy_change.c.version)).all())
        change = PolicyChange(
            version=known + 1,
            at=play.now,
            author=person_id(email_of(author)),
            threshold=threshold,
            scope=scope or Scope(),
            value=value,
        )
        connection.execute(policy_change.insert(), rows.policy_row(change))
        effects.look_at_all(connection, true(), play.now)


def lines(play: Play, name: str) -> list[dict[str, str]]:
    """The facts of every ledger entry of that name, in order, with its instant and outcome."""
    with reading(play.engine) as connection:
        found = connection.execute(select(ledger).where(ledger.c.name == name).order_by(ledger.c.id)).mappings()
        return [{**row["facts"], "at": row["at"].isoformat(), "outcome": row["outcome"]} for row in found]


def keys(play: Play, name: str, prefix: str) -> list[str]:
    return [key for _, email, key in play.sent if email == email_of(name) and key.startswith(prefix)]


def newest(play: Play, name: str, prefix: str) -> Seen:
    return next(seen for seen in reversed(play.chat(name)) if seen.key.startswith(prefix))


def why(play: Play, name: str, prefix: str, label: str = "Why?") -> Seen:
    play.press(name, label, message=newest(play, name, prefix))
    return play.chat(name)[-1]


def at_risk(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=newest(play, "max", "checkin:")))
    play.submit("max", form, {"Status#0": "at_risk", "Blocker#0": "Legal review", "Status#1": "on_track"})


QUIET = berlin(7, 9, month=12)
"""Nobody said anything for two weeks."""
