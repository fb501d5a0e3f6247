"""Loads what `bot.situation` documents, in a fixed number of queries: more desks, goals or people do not mean more of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from operator import attrgetter

from sqlalchemy import Connection, bindparam, func, or_, select

from bot.events import Closed, Event, FormFailed, Introduced, Opened, Pressed, Said, Submitted
from bot.model import CheckIn, Company, DutyKind, Escalation, Goal, Nudged, Person, PolicyChange, Role, ScopeKind, Told, Unit
from bot.ports import Holidays
from bot.situation import Situation
from bot.talk.actions import Verb
from bot.talk.text import fold_email
from storage import around, channels, health, history, kin, lean, letters, meetings, named, privacy, requests, rows, teams
from storage.columns import among
from storage.desk import Desk
from storage.drawer import Drawer
from storage.named import people_by_id
from storage.schema import OutboxState, checkin, duty, goal, nudged, outbox, person, policy_change

CHECKINS = 8
REPORTS_CHECKINS = 4
REMEMBERED = timedelta(days=400)
"""How long done duties and what was said about a subject are looked at; longer than any threshold."""

_NAMES_A_GOAL = frozenset({DutyKind.BLOCKER, DutyKind.ONE_ON_ONE, DutyKind.APPROVAL})
"""Open duties whose goal is loaded, whoever owns it."""

_GOALS = select(goal).where(or_(among(goal.c.owner_id, "owners"), among(goal.c.id, "ids")))
_DUTIES = select(duty).where(
    or_(
        among(duty.c.holder_id, "holders"),
        among(duty.c.next_holder_id, "holders"),
        among(duty.c.person_id, "people"),
        among(duty.c.id, "named"),
    ),
    or_(duty.c.done_at.is_(None), duty.c.opened_at >= bindparam("since")),
)
_NUDGED = select(nudged).where(
    or_(among(nudged.c.recipient_id, "recipients"), among(nudged.c.subject, "subjects")),
    nudged.c.decided_at >= bindparam("since"),
)
_place = func.row_number().over(partition_by=checkin.c.person_id, order_by=checkin.c.period.desc()).label("place")
_recent = select(checkin, _place).where(among(checkin.c.person_id, "people")).subquery()
_CHECKINS = (
    select(_recent)
    .where(_recent.c.place <= CHECKINS, or_(_recent.c.place <= REPORTS_CHECKINS, among(_recent.c.person_id, "own")))
    .order_by(_recent.c.person_id, _recent.c.place)
)
TOLD = select(
    outbox.c.key,
    outbox.c.recipient_id,
    outbox.c.rule,
    outbox.c.subjects,
    outbox.c.policy,
    outbox.c.facts,
    outbox.c.decided_at,
    outbox.c.delivered_at,
)
"""Messages as `rows.told` reads them."""
TOLD_OR_GOING = TOLD.where(
    among(outbox.c.recipient_id, "people"),
    outbox.c.decided_at >= bindparam("since"),
    or_(outbox.c.delivered_at.is_not(None), outbox.c.state.not_in((OutboxState.EXPIRED, OutboxState.REFUSED))),
).order_by(outbox.c.decided_at.desc(), outbox.c.key)
"""What `people` were told `since`, or will be."""
_TOLD = TOLD_OR_GOING.where(outbox.c.rule != "")
_ASKED = TOLD.where(outbox.c.key == bindparam("key"))
# Written out, as the partial index is: SQLite compares the conditions word for word.
_HERE = or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("today"))
_UNITS = select(person.c.department, person.c.team, func.count()).where(_HERE).group_by(person.c.department, person.c.team)
_POLICIES = select(policy_change).order_by(policy_change.c.version)


def policies(connection: Connection) -> tuple[PolicyChange, ...]:
    """Every policy version, oldest first."""
    return tuple(map(rows.policy, lean.fetch(connection, _POLICIES)))


def load(
    connection: Connection,
    asked: Sequence[tuple[Event, Desk]],
    *,
    company: Company,
    holidays: Holidays,
    known_policies: tuple[PolicyChange, ...],
    window: Callable[[Person], timedelta] | None = None,
) -> list[Situation]:
    """The facts of desks, of one or of several together: of the first ones, as many as `load_reports` lets in.

    `window` gives `Situation.send_window` (nothing limits it: none).
    Raises Conflict when an escalation changed hands between locking and loading.
    """
    drawers = [Drawer(event=event, desk=desk) for event, desk in asked]
    _tell(connection, drawers)
    requests.load(connection, drawers)
    around.load_people(connection, drawers)
    drawers = around.load_reports(connection, drawers)
    _load_duties(connection, drawers)
    _load_goals(connection, drawers)
    special = [_Special(connection, drawer, known_policies, company) for drawer in drawers]
    around.load_named(connection, [(one.drawer, one.beside()) for one in special])
    around.load_named(connection, [(drawer, _deputies(drawer)) for drawer in drawers])
    _load_checkins(connection, drawers)
    _load_nudged(connection, drawers)
    return [one.situation(company, holidays, window) for one in special]


class _Special:
    """What only some events ask for, and what depends on it: mostly things that people say, press and fill in."""

    def __init__(
        self, connection: Connection, drawer: Drawer, known_policies: tuple[PolicyChange, ...], company: Company
    ) -> None:
        event, desk, me = drawer.event, drawer.desk, drawer.person_id
        self.connection, self.drawer, self.policies = connection, drawer, known_policies
        by_person = isinstance(event, Introduced | Opened | Said | Pressed | Submitted | Closed | FormFailed)
        self.by_person = by_person
        drawer.people = drawer.people | meetings.reports(connection, event, me)
        self.kin, self.kpis, self.leading = kin.around_goals(connection, event, me, drawer.goals, drawer.people)
        # An HR admin's own people are loaded already, whoever's desk this is.
        self.by_admin = by_person and desk.actor_id in drawer.people and drawer.people[desk.actor_id].role is Role.HR_ADMIN
        emails = sorted(named.emails_in(event))
        self.mentioned = people_by_id(lean.fetch(connection, named.PEOPLE_BY_EMAIL, {"emails": emails})) if emails else {}
        self.called: dict[str, Person] = {}
        if self.by_admin and isinstance(event, Said):
            drawer.people = drawer.people | named.perhaps_meant(connection, emails, self.mentioned)
            self.called, near = named.called(connection, event)
            drawer.people = drawer.people | near
        self.by_mention = named.mentioned(connection, event)
        drawer.people = drawer.people | {one.id: one for one in self.by_mention.values()} | self.mentioned
        drawer.people |= named.by_full_name(connection, event)
        own_team = drawer.people[me].team
        self.channel, self.crew, members = channels.load(connection, event, desk.team, desk.owed_to, own_team)
        drawer.people |= members
        self.decided = teams.decided(connection, event, me)
        drawer.people |= privacy.around(connection, event, drawer.people[me], drawer.duties, company)

    def beside(self) -> set[str]:
        """Ids of people whom the rest names; empty ones and names of something else may be among them."""
        drawer, event = self.drawer, self.drawer.event
        beside = _beside(event, drawer.desk, (*drawer.goals, *drawer.reports_goals, *self.kin), drawer.requested)
        for owed in drawer.duties:
            beside.update((owed.person_id, owed.holder_id, owed.next_holder_id, owed.done_by))
        # An explanation names whom the message was about, and who set what counted.
        beside |= _explained(drawer) | _told_of(drawer, "person:")
        beside |= {one.rpartition(":")[0] for one in _told_of(drawer, f"duty:{DutyKind.REVIEW}:")}
        if self.by_person:
            beside.update(change.author for change in self.policies)
        if self.by_admin:
            beside.update(change.scope.name for change in self.policies if change.scope.kind is ScopeKind.PERSON)
        beside |= channels.named(self.channel, self.crew)
        beside.update(one.decided_by for one in self.decided)
        return beside

    def situation(self, company: Company, holidays: Holidays, window: Callable[[Person], timedelta] | None) -> Situation:
        """All of it."""
        connection, drawer, event, desk = self.connection, self.drawer, self.drawer.event, self.drawer.desk
        people = drawer.people
        actor = people.get(desk.actor_id) if desk.actor_id else None
        team, owners = teams.load(connection, event, actor, company) if actor is not None else (None, {})
        mine, readers = privacy.load(connection, event, actor) if actor is not None else (None, {})
        people = owners | readers | people
        units, headcount = _units(connection, event) if self.by_admin else ((), 0)
        asks_past = self.by_admin and history.is_wanted(event)
        named_here = (self.mentioned | self.by_mention | self.called).values()
        return Situation(
            now=event.at,
            company=company,
            holidays=holidays,
            policies=self.policies,
            actor=actor,
            person=people[desk.person_id],
            people=people,
            goals=drawer.goals,
            checkins=drawer.checkins,
            told=drawer.told,
            nudged=drawer.nudged,
            duties=drawer.duties,
            reports=tuple(sorted(drawer.reports)),
            more_reports=drawer.more_reports,
            reports_goals=drawer.reports_goals,
            reports_checkins=drawer.reports_checkins,
            escalations=drawer.escalations,
            held=drawer.held,
            told_of=drawer.told_of,
            held_checkins=drawer.held_checkins,
            kin=self.kin,
            kpis=self.kpis,
            leading=self.leading,
            asked_about=drawer.asked_about,
            by_email={fold_email(one.email): one for one in self.mentioned.values()} | self.by_mention,
            units=units,
            headcount=headcount,
            send_window=window(people[desk.person_id]) if window is not None else timedelta(0),
            returned=desk.returned,
            letters=letters.load(connection, event),
            health=health.load(connection, event.at) if self.by_admin and health.is_wanted(event) else (),
            history=history.load(connection, event, named_here, self.policies) if asks_past else None,
            team=team,
            mine=mine,
            decided=self.decided,
            channel=self.channel,
            crew=self.crew,
        )


def _beside(event: Event, desk: Desk, goals: Iterable[Goal], escalations: Iterable[Escalation]) -> set[str]:
    """Ids of people whom goals, escalations and the event name."""
    beside = {desk.actor_id or ""}
    for one in goals:
        beside.update((one.owner_id, one.coordinator_id or "", *(revision.answered_by for revision in one.revisions)))
    for asked in escalations:
        beside.update((*asked.ladder, asked.owner_id, asked.holder_id, asked.decided_by, asked.handed_by, asked.suggested_id))
        beside.update(card.person_id for card in asked.cards)
        beside.update(name for one in asked.log for name in (one.who, one.facts.get("by", "")))
    if isinstance(event, Pressed | Submitted) and event.action.verb in (Verb.SET_POLICY, *meetings.ABOUT_ITEMS):
        beside.update(event.action.args)
    return beside


def _explained(drawer: Drawer) -> set[str]:
    subjects = drawer.asked_about.subjects if drawer.asked_about is not None else ()
    return {one.removeprefix("person:") for one in subjects if one.startswith("person:")}


def _deputies(drawer: Drawer) -> set[str]:
    """Who stands in for those who hold or may get a request for a decision."""
    asked = {name for one in drawer.requested for name in (*one.ladder, one.holder_id, one.decided_by)}
    if isinstance(drawer.event, Submitted) and drawer.event.action.verb is Verb.HAND_OVER:
        asked = set(drawer.people)
    return {drawer.people[one].deputy_id or "" for one in asked & drawer.people.keys()}


def _tell(connection: Connection, drawers: Sequence[Drawer]) -> None:
    """What was said at the desks lately, and the messages that events name."""
    wanted = {"people": [one.person_id for one in drawers], "since": min(one.told_since for one in drawers)}
    told: dict[str, list[Told]] = defaultdict(list)
    for one in map(rows.told, lean.fetch(connection, _TOLD, wanted)):
        told[one.to].append(one)
    for drawer in drawers:
        drawer.told = tuple(one for one in told[drawer.person_id] if one.decided_at >= drawer.told_since)
        drawer.asked_about = _asked_about(connection, drawer.desk)


def _asked_about(connection: Connection, desk: Desk) -> Told | None:
    if desk.asked_key is None:
        return None
    row = lean.first(connection, _ASKED, {"key": desk.asked_key})
    # Only the one it was sent to may ask about a message; what stands in a channel everybody there reads.
    mine = row is not None and (row["recipient_id"] == desk.person_id or row["recipient_id"].startswith(channels.PREFIX))
    return rows.told(row) if row is not None and mine else None


def _load_duties(connection: Connection, drawers: Sequence[Drawer]) -> None:
    # What stands in the way of whom a duty concerns is on the agenda of their 1:1.
    people = [
        {one.person_id, *one.reports, *([one.desk.owed_to] if one.desk.duty_id and one.desk.owed_to else [])} for one in drawers
    ]
    wanted = {
        "holders": [drawer.person_id for drawer in drawers],
        "people": sorted(set().union(*people)),
        "since": min(drawer.event.at for drawer in drawers) - REMEMBERED,
        "named": [drawer.desk.duty_id for drawer in drawers if drawer.desk.duty_id],
    }
    found = sorted(map(rows.duty, lean.fetch(connection, _DUTIES, wanted)), key=attrgetter("id"))
    for drawer, about in zip(drawers, people, strict=True) if found else ():
        me, since = drawer.person_id, drawer.event.at - REMEMBERED
        drawer.duties = tuple(
            one
            for one in found
            if (me in (one.holder_id, one.next_holder_id) or one.person_id in about or one.id == drawer.desk.duty_id)
            and (one.done_at is None or one.opened_at >= since)
            and (one.kind is not DutyKind.CONCERN or me in (one.person_id, one.holder_id))  # for the two of them alone
        )


def _load_goals(connection: Connection, drawers: Sequence[Drawer]) -> None:
    """The desks' goals (oldest id first) with those somebody waits for there, and those of the reports."""
    named = [_goals_named(drawer) for drawer in drawers]
    wanted = {
        "owners": sorted({one for drawer in drawers for one in (drawer.person_id, *drawer.reports)}),
        "ids": sorted(set().union(*named)),
    }
    found = list(lean.fetch(connection, _GOALS, wanted))
    told = [_told_of(drawer, "goal:") for drawer in drawers]
    # Told here, and somebody else's since: what they are called, and whose they are, stands in the message until it is over.
    given = set().union(*told) - {row["id"] for row in found}
    found += lean.fetch(connection, _GOALS, {"owners": [], "ids": sorted(given)}) if given else ()
    if not found:
        return
    parts = lean.fetch(connection, kin.KEY_RESULTS, {"ids": [row["id"] for row in found]})
    goals = sorted(rows.goals(found, parts), key=attrgetter("id"))
    for drawer, ids, before in zip(drawers, named, told, strict=True):
        ids |= {one.id for one in goals if one.id in before and one.owner_id not in drawer.reports}
        drawer.goals = tuple(one for one in goals if one.owner_id == drawer.person_id or one.id in ids)
        drawer.reports_goals = tuple(one for one in goals if one.owner_id in drawer.reports)


def _told_of(drawer: Drawer, kind: str) -> set[str]:
    """What messages to the owner of a desk that is looked at were about, of one kind; without the kind's name."""
    subjects = (one for told in drawer.told for one in told.subjects) if drawer.looks else ()
    return {one.removeprefix(kind) for one in subjects if one.startswith(kind)}


def _goals_named(drawer: Drawer) -> set[str]:
    open_duties = (owed for owed in drawer.duties if owed.kind in _NAMES_A_GOAL and owed.done_at is None)
    subjects = drawer.asked_about.subjects if drawer.asked_about is not None else ()
    return (
        {owed.goal_id for owed in open_duties}
        | {one.goal_id for one in drawer.requested}
        | {one.removeprefix("goal:") for one in subjects if one.startswith("goal:")}
        | meetings.goal_named(drawer.event)
    )


def _load_checkins(connection: Connection, drawers: Sequence[Drawer]) -> None:
    """The last check-ins of the desks' owners, of their reports, and of the owners of requests, newest first."""
    held = [{one.owner_id for one in (*drawer.escalations, *drawer.held)} - {drawer.person_id} for drawer in drawers]
    own = [drawer.person_id for drawer in drawers]
    people = {*own, *(one for drawer in drawers for one in drawer.reports), *set().union(*held)}
    found: dict[str, list[CheckIn]] = defaultdict(list)
    for row in lean.fetch(connection, _CHECKINS, {"people": sorted(people), "own": own}):
        found[row["person_id"]].append(rows.checkin(row))

    def last(some: Iterable[str]) -> dict[str, tuple[CheckIn, ...]]:
        return {one: tuple(found[one][:REPORTS_CHECKINS]) for one in sorted(some) if one in found}

    for drawer, owners in zip(drawers, held, strict=True):
        drawer.checkins = tuple(found.get(drawer.person_id, ()))
        drawer.reports_checkins, drawer.held_checkins = last(drawer.reports), last(owners)


def _load_nudged(connection: Connection, drawers: Sequence[Drawer]) -> None:
    """What was said to the desks' owners, and to anybody about what is known here; in the order of its key."""
    about = [_subjects(drawer) for drawer in drawers]
    wanted = {
        "recipients": [drawer.person_id for drawer in drawers],
        "subjects": sorted(set().union(*about)),
        "since": min(drawer.event.at for drawer in drawers) - REMEMBERED,
    }
    by_recipient: dict[str, list[Nudged]] = defaultdict(list)
    by_subject: dict[str, list[Nudged]] = defaultdict(list)
    for row in map(rows.nudged, lean.fetch(connection, _NUDGED, wanted)):
        by_recipient[row.recipient_id].append(row)
        by_subject[row.subject].append(row)
    for drawer, subjects in zip(drawers, about, strict=True) if by_recipient else ():
        since = drawer.event.at - REMEMBERED
        here = {_key(row): row for one in subjects for row in by_subject.get(one, ())}
        here |= {_key(row): row for row in by_recipient.get(drawer.person_id, ())}
        drawer.nudged = tuple(here[key] for key in sorted(here) if here[key].decided_at >= since)


def _subjects(drawer: Drawer) -> set[str]:
    goals = {f"goal:{one.id}" for one in (*drawer.goals, *drawer.reports_goals)}
    people = {f"person:{one}" for one in (*drawer.reports, *_explained(drawer))}
    return goals | people | {f"duty:{one.id}" for one in drawer.duties}


def _key(row: Nudged) -> tuple[str, str, str, str]:
    return row.recipient_id, row.rule, row.stage, row.subject


def _units(connection: Connection, event: Event) -> tuple[tuple[Unit, ...], int]:
    counts: dict[tuple[ScopeKind, str], int] = {}
    spread: dict[str, dict[str, int]] = {}
    total = 0
    for department, team, number in connection.execute(_UNITS, {"today": event.at.date()}):
        total += number
        for unit in ((ScopeKind.DEPARTMENT, department), (ScopeKind.TEAM, team)):
            if unit[1]:
                counts[unit] = counts.get(unit, 0) + number
        if team:
            spread.setdefault(team, {})[department] = number
    units = (
        Unit(kind=kind, name=name, people=people, departments=spread[name] if kind is ScopeKind.TEAM else {})
        for (kind, name), people in sorted(counts.items())
    )
    return tuple(units), total
