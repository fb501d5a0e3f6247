"""Everybody's life in one run: imported by HR, an account here or there, leave, moves, other managers, and the last day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from adapters import importer
from adapters.simulate import company as companies
from adapters.simulate.chat import Account
from adapters.simulate.crowd import KINDS, SHARES, Inhabitant, chatters, goes_away, mutes, wants
from adapters.simulate.days import week
from bot.decision import Message
from bot.events import Platform

if TYPE_CHECKING:
    from adapters.simulate.simulation import Simulation

SETTLED = timedelta(days=8)
"""So long before the run everybody is taken to have been as they are."""
FORGOTTEN = timedelta(days=12)
"""So long before the run the older half of the goals was imported."""
MANY = 300
"""People with whom the send window may be wide."""


class Lives:
    """One company's people. `first` is the day on which the run begins."""

    def __init__(self, simulation: "Simulation", people: int, first: date) -> None:
        self._all = simulation
        self.everybody = companies.generated(simulation.dice("company"), people, first, simulation.weeks)
        self._clock = _Clock(simulation)
        self._importer = importer.DatabaseImporter(simulation.engine, self._clock, simulation.company, [companies.HR])

    def move_in(self) -> None:
        """HR imports everybody and their goals."""
        run = self._all
        old, new = companies.goals_csv(run.dice("goals"), self.everybody, run.start)
        for at, rows, take in (
            (run.start - FORGOTTEN, companies.people_csv(self.everybody), self._importer.people),
            (run.start - FORGOTTEN, old, self._importer.goals),
            (run.start, new, self._importer.goals),
        ):
            self._clock.at = at
            if rejected := take(rows, dry_run=False).rejections:
                raise RuntimeError(f"the generated company is refused: {rejected[:3]}")
        self._clock.at = None
        run.known.imported(None, run.start - SETTLED)
        run.judge.manners.window = timedelta(minutes=60 if len(self.everybody) > MANY else 5)

    def slots(self) -> list[float]:
        """When everybody is asked, as things stand when they move in."""
        run = self._all
        weeks = [week((run.start + timedelta(days=1 + 7 * number)).date()) for number in range(run.weeks)]
        found = [run.known.slot(person, period) for person in sorted(run.known.people) for period in weeks]
        return [(at - run.start).total_seconds() for at in found if at is not None]

    def plan(self, seconds: float) -> None:
        """What will happen to people in so many seconds."""
        run = self._all
        dice = run.dice("accounts")
        for row in self.everybody:
            who = Inhabitant(row, "", Random(f"{run.seed}/{row.email}"), [])
            who.kind = who.dice.choices(KINDS, SHARES)[0]
            run.crowd.people[row.email] = who
            for name in row.platforms:
                self._chats(who, name, dice, seconds)
            goes_away(run.crowd, who, run.start, run.weeks * 7)
            mutes(run.crowd, who)
        chatty = run.dice("chatter")
        for chat in run.chats.values():  # one on each platform: their limits differ
            if there := [who for who in run.crowd.people.values() if who.accounts[0][0] is chat]:
                chatters(run.crowd, chatty.choice(there), chatty, run.weeks * 7)
        teams = sorted({row.team for row in self.everybody if row.team})
        if teams:
            wants(run.crowd, run.crowd.people[companies.HR], run.dice("policies"), teams, run.weeks * 7)
        for news in companies.coming(run.dice("news"), self.everybody, run.start, run.weeks):
            run.in_a_while((news.at - run.start).total_seconds(), partial(self._import, [news]))

    def hear(self, messages: Iterable[Message]) -> None:
        """This is on its way to people."""
        run = self._all
        for message in messages:
            if message.rule and message.to in run.known.people and not run.calm:
                run.crowd.decided(run.known.people[message.to].email, message.rule)

    def _chats(self, who: Inhabitant, name: str, dice: Random, seconds: float) -> None:
        """Somebody has an account; Slack's directory tells of it, on Teams they have to say something first."""
        run, chat = self._all, self._all.chats[Platform(name)]
        number = who.row.email.partition("@")[0]
        user = f"U{number}" if name == "slack" else f"29:{number}"
        account = Account(user=user, email=who.row.email, zone=who.row.zone, locale=who.row.locale)
        if dice.random() < 0.06 and "gone" in run.faults:
            since = dice.uniform(0, seconds)
            account.gone.append((since, since + dice.choice((3600.0, 86_400.0, 5 * 86_400.0))))
        chat.opens(account)
        who.accounts.append((chat, account))
        person = run.known.by_email[who.row.email]
        run.judge.ladder.person_at[name, user] = person
        run.judge.manners.platforms.setdefault(person, []).append(name)
        if name == "teams":
            run.in_a_while(dice.uniform(60, 20_000), partial(run.crowd.opens, who, chat))

    def _import(self, news: Iterable[companies.News]) -> None:
        """HR imports what changed about some people."""
        rows, run = {row.email: row for row in self.everybody}, self._all
        for one in news:
            rows[one.email] = replace(rows[one.email], **one.changed)  # type: ignore[arg-type]
        self.everybody = list(rows.values())
        changed = [rows[one.email] for one in news]
        report = self._importer.people(companies.people_csv(changed), dry_run=False)
        run.trace(f"import {changed[0].email} {report.changed} {len(report.rejections)}")
        run.known.imported([one.email for one in changed], run.real())
        run.sooner(run.loop.seconds)


class _Clock:
    """HR's computer has the right time, except for what was imported before the run began."""

    def __init__(self, simulation: "Simulation") -> None:
        self._all = simulation
        self.at: datetime | None = None

    def now(self) -> datetime:
        """An aware UTC instant."""
        return self.at or self._all.real()
