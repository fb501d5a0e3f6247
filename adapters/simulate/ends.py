"""Judges the whole database: now and then while a run lives, and all of it once everything has come to rest."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import RowMapping, or_, select

from adapters.simulate.chat import Chat
from adapters.simulate.judge import Judge
from bot.audit.facts import Kind, Span
from bot.events import Failure, Platform
from bot.model import OVER, CheckInState, Person
from storage import audit as audits
from storage import schema
from storage.engine import reading
from storage.faded import same
from storage.schema import OutboxState

SOON = timedelta(minutes=15)
"""Within this everything that is due is looked at and every lease that ended is taken over, where nothing is in the way."""
OVERDUE = timedelta(hours=1)
ROW = schema.outbox.c
DOUBTS_OF_A_READER = 2
"""What can be read back is given up after that many doubts at the earliest."""


class Ends:
    """`chats` are what people see; the run began at `began`; `awake` tells when somebody was able to work."""

    def __init__(
        self,
        judge: Judge,
        chats: Mapping[Platform, Chat],
        began: datetime,
        awake: Callable[[], Sequence[Span]],
        window: Callable[[int], timedelta],
    ) -> None:
        self.judge, self.chats, self.began, self.awake, self.window = judge, chats, began, awake, window

    # ------------------------------------------------------------------------------------------------ on the way

    def look(self) -> None:
        """Nothing that is due waits, nothing that was leased is lost; not where nobody was able to work just now."""
        judge, now = self.judge, self.judge.real()
        allowed = SOON + judge.tolerance
        if judge.manners.excused(now - allowed, now):
            return
        columns = (ROW.key, ROW.recipient_id, ROW.state, ROW.ready_at, ROW.expires_at, ROW.delivered_at, ROW.doubtful_since)
        with reading(judge.known.engine) as connection:
            rows = connection.execute(select(*columns).where(ROW.ready_at.is_not(None))).all()
            late = connection.execute(
                select(schema.agenda.c.subject, schema.agenda.c.due_at).where(schema.agenda.c.due_at <= now - allowed).limit(5)
            ).all()
        for row in rows:
            if row.state is OutboxState.SENDING and row.ready_at < now - allowed and not self._rests(row.recipient_id, allowed):
                judge.breaks("lease", row.key, f"its lease ended at {row.ready_at:%H:%M:%S} and nobody took it over")
            waits = row.state is OutboxState.PENDING and row.delivered_at is None and row.doubtful_since is None
            over = waits and row.expires_at is not None and row.expires_at < now - allowed
            if over and not self._rests(row.recipient_id, allowed):
                judge.breaks("in-time", row.key, f"expired at {row.expires_at:%a %H:%M}, and still waits")
        for subject, due in late:
            judge.breaks("looked-at", subject, f"has been due since {due:%a %H:%M:%S}")

    def _rests(self, person_id: str, lately: timedelta) -> bool:
        """Their platform is away, or was until lately: what waits for it stays in the outbox, expired or claimed by the dead."""
        names = self.judge.manners.platforms.get(person_id, ())
        return any(self.chats[Platform(name)].was_out(2 * lately.total_seconds()) for name in names)

    # ------------------------------------------------------------------------------------------------- at the end

    def rest(self) -> None:
        """Everything that was said came to an end that somebody can find."""
        judge, now = self.judge, self.judge.real()
        with reading(judge.known.engine) as connection:
            rows = connection.execute(select(schema.outbox).order_by(ROW.key)).mappings().all()
            about = or_(schema.ledger.c.name.like("nudge:%:delivered"), schema.ledger.c.name.like("nudge:%:undelivered"))
            trail = set(connection.scalars(select(schema.ledger.c.subject).where(about)))
            planned = set(connection.scalars(select(schema.agenda.c.subject)))
        there = {row["key"] for row in rows}
        for key in sorted(set(judge.said) - there):
            judge.breaks("nothing-lost", key, "was decided and is not in the outbox")
        for row in rows:
            self._row(row, now, trail)
        self._plans(planned, now)
        self._weeks(now)
        self._audit(now)

    def _audit(self, now: datetime) -> None:
        """The product's own auditor, which recomputes what should have been said, must find nothing either."""
        known = self.judge.known
        audit = audits.SqlAudit(known.engine, known.company, known.holidays, clock=lambda: now, window=self.window)
        for found in audit.run(now, awake=self.awake(), days=(now - self.began).days + 1).bad:
            if (found.kind, found.what) == (Kind.LATE, "prompt"):
                continue  # `on-time` knows better: what was fresh at the slot, or answered and opened again, is asked later
            self.judge.breaks("audit", found.subject, f"{found.kind} {found.what}: {found.words}")

    def _row(self, row: RowMapping, now: datetime, trail: set[str]) -> None:
        judge, key, state = self.judge, row["key"], row["state"]
        copies = judge.copies[key]
        if row["ready_at"] is not None:
            if row["decided_at"] < now - OVERDUE and row["ready_at"] < now:
                judge.breaks("drains", key, f"is still {state.value} ({row['reason']}), decided at {row['decided_at']:%a %H:%M}")
            return
        judge.counts[f"state:{state.value}"] += 1
        if row["rule"] and row["reason"] != "withdrawn" and key not in trail:
            judge.breaks("nothing-lost", key, f"is {state.value} ({row['reason']}), and the ledger does not say so")
        if state is OutboxState.SENT:
            self._sent(row, copies)
        elif state is OutboxState.UNKNOWN:
            self._unknown(row)
        elif row["delivered_at"] is None and copies:
            judge.breaks("nothing-lost", key, f"is {state.value} ({row['reason']}), and people see it")

    def _sent(self, row: RowMapping, copies: int) -> None:
        judge, key = self.judge, row["key"]
        if not copies:
            judge.breaks("nothing-lost", key, "is sent, and nobody can see it")
            return
        receipt = row["receipt"]
        post = self.chats[receipt.address.platform].by_id.get(receipt.id) if receipt is not None else None
        if post is None:
            judge.breaks("up-to-date", key, "is sent, and its receipt leads nowhere")
        elif not same(row["card"], post.card):
            judge.breaks("up-to-date", key, f"shows revision {row['sent_revision']} or older, {row['revision']} is the newest")

    def _unknown(self, row: RowMapping) -> None:
        judge, key = self.judge, row["key"]
        if row["failure"] is Failure.GONE or row["delivered_at"] is not None:
            return
        doubts = judge.doubted_keys[key]
        if not doubts:
            judge.breaks("doubt-has-a-cause", key, "is unknown, and nothing ever went wrong with it")
        elif self._can_be_asked(row["recipient_id"]) and doubts < DOUBTS_OF_A_READER:
            judge.breaks("doubt-has-a-cause", key, f"is unknown after {doubts} doubt where it can be read back")

    def _can_be_asked(self, person_id: str) -> bool:
        """Whether what they got can be read back: on Slack, where their account never was gone."""
        person, slack = self.judge.known.people.get(person_id), self.chats[Platform.SLACK]
        account = slack.of_email.get(person.email) if person is not None else None
        return self.judge.manners.platforms.get(person_id) == ["slack"] and account is not None and not account.gone

    def _plans(self, planned: set[str], now: datetime) -> None:
        judge = self.judge
        for person_id, person in judge.known.people.items():
            day = judge.known.days(person_id).day(now)
            if (person.end_date is None or day < person.end_date) and f"desk:{person_id}" not in planned:
                judge.breaks("looked-at", f"desk:{person_id}", f"nobody will ever look at the desk of {person.email}")
        for one in judge.known.escalations.values():
            owner = judge.known.people.get(one.owner_id)
            if one.state in OVER or owner is None or owner.end_date is not None:
                continue
            if f"escalation:{one.id}" not in planned:
                judge.breaks("looked-at", f"escalation:{one.id}", "waits for a decision, and nobody will ever look at it")

    def _weeks(self, now: datetime) -> None:
        """Over a whole week in which nothing about them changed, everybody was asked, or there is a reason why not."""
        judge, known, began = self.judge, self.judge.known, self.began
        for person_id in known.people:
            days, changed = known.days(person_id), known.changed_at.get(person_id)
            at = max(began + timedelta(days=1), changed + timedelta(days=1) if changed else began)
            while at + timedelta(days=7) < now:
                period = days.week(at + timedelta(days=7 - days.day(at).weekday()))  # the first whole week from `at` on
                at += timedelta(days=7)
                slot = known.slot(person_id, period)
                over = datetime.combine(_sunday(period), datetime.max.time(), days.local(now).tzinfo)
                if slot is None or over > now or judge.manners.excused(slot, over) or _muted(known.people[person_id], slot):
                    continue
                checkin = known.checkins.get(f"{person_id}/{period}")
                done = checkin is not None and (checkin.state is not CheckInState.OPEN or checkin.answered_at is not None)
                asked = (person_id, period) in judge.manners.prompted or (person_id, period) in known.held
                if not done and not asked:
                    judge.breaks("asked-once", f"{person_id}/{period}", f"{known.people[person_id].email} was never asked")


def _muted(person: Person, slot: datetime) -> bool:
    """They do not want to be asked: their desk is looked at for other reasons only, which need not fall into each week."""
    return any(mute.rule == "checkin.prompt" and (mute.until is None or mute.until > slot) for mute in person.mutes)


def _sunday(period: str) -> date:
    year, week = period.split("-W")
    return date.fromisocalendar(int(year), int(week), 7)
