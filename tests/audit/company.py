"""A company after nine days of work, with a bit of everything in its books; and how to put an auditor to it."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.audit.facts import Span
from bot.model import Company, Role
from storage.audit import Report, SqlAudit
from tests.play.company import MONDAY, Play, berlin, goal, no_holidays, person, result

COMPANY = Company(name="Acme", zone="Europe/Berlin")
NOW = berlin(1, 12, month=12)
LONG_AGO = MONDAY - timedelta(days=20)


def lived(engine: Engine) -> Play:
    """Nine days: prompts, reminders, answers, a stalled goal, a team's post, one request acknowledged and one open."""
    play = Play(engine)
    play.with_people(
        person("hana", role=Role.HR_ADMIN, team="HR"),
        person("dana", manager="hana", team="Web"),
        person("max", manager="dana", team="Web"),
        person("mina", manager="dana", team="Web"),
        person("joe", manager="dana", team="Web"),
    )
    pages = result("P", "Pages live")
    play.with_goals(
        goal("O-1", "max", "Launch the new portal", pages, updated_at=MONDAY),
        goal("O-2", "mina", "Faster builds", result("B", "Builds"), updated_at=LONG_AGO),
        goal("O-3", "joe", "Happier customers", result("C", "Calls"), updated_at=MONDAY),
    )
    play.say("dana", "/team post here", place="#web")
    play.move_to(berlin(26, 11))
    _asks_for_a_decision(play, "max")
    play.move_to(berlin(27, 9, 30))
    play.press("dana", "Acknowledge")
    play.move_to(berlin(30, 15))
    _asks_for_a_decision(play, "joe")
    return play.move_to(NOW)


def _asks_for_a_decision(play: Play, name: str) -> None:
    form = play.form(play.press(name, "Open form", message=play.chat(name)[0]))
    play.submit(name, form, {"Status#0": "at_risk", "Blocker#0": "Legal review"})


def audited(engine: Engine, now: datetime = NOW, *, awake: tuple[Span, ...] | None = None) -> Report:
    """One audit of whatever stands there, by somebody who knows that the company was looked at all the time."""
    audit = SqlAudit(engine, COMPANY, no_holidays, clock=lambda: now)
    return audit.run(now, awake=(Span(began=MONDAY, seen=now),) if awake is None else awake)


def found(report: Report) -> set[str]:
    """Kind and name of everything bad."""
    return {f"{one.kind.value} {one.what.partition(':')[0]}" for one in report.bad}
