"""Whose desk an event lands on, and the row locks that make one person's turns serial.

On PostgreSQL (SQLite has one writer) the desk's person, their manager, the escalation's holder and whom a duty concerns
are locked, by id, before any fact is read and before an outbox or agenda row is touched: two turns then never wait for
each other. Of several desks that are looked at together, those are locked that are free.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from sqlalchemy import Connection, Executable, bindparam, func, select, text

from bot.events import (
    Address,
    Closed,
    Delivered,
    Event,
    FormFailed,
    Introduced,
    Measured,
    Opened,
    Pressed,
    Removed,
    Said,
    Submitted,
    Ticked,
    Undelivered,
    Unlinked,
)
from bot.model import DutyKind
from bot.ports import Conflict
from bot.talk.actions import Action, Verb
from bot.talk.intents import OneOnOneSlot, TeamPost, Why, understand
from bot.talk.text import fold_email
from storage import channels, lean, meetings
from storage.columns import among
from storage.schema import address, duty, escalation, goal, key_result, outbox, person, policy_change

ABOUT_ESCALATION = frozenset(
    {
        Verb.ACKNOWLEDGE,
        Verb.OPEN_DECISION,
        Verb.DECIDE,
        Verb.TALK_FIRST,
        Verb.OPEN_HAND_OVER,
        Verb.HAND_OVER,
        Verb.SHOW_DECISION,
        Verb.WITHDRAW,
    }
)
ABOUT_A_GOAL = frozenset(
    {
        Verb.ASK_OWNER,
        Verb.APPROVE,
        Verb.OPEN_RETURN,
        Verb.RETURN,
        Verb.SHOW_GOAL,
        Verb.DELIVERED,
        Verb.CLOSE_GOAL,
        Verb.GRADE,
    }
)
"""Verbs whose first name is a goal, and whose desk is that of its owner, whoever acts."""
ABOUT_OWN_GOALS = frozenset(
    {
        Verb.SHOW,
        Verb.SHOW_GOAL,
        Verb.DELIVERED,
        Verb.WRITE_GOAL,
        Verb.EDIT_GOAL,
        Verb.EDIT_RESULT,
        Verb.SAVE_GOAL,
        Verb.SAVE_RESULT,
        Verb.PROPOSE_GOAL,
        Verb.DISCARD_GOAL,
        Verb.APPROVE,
        Verb.OPEN_RETURN,
        Verb.RETURN,
        Verb.CLOSE_GOAL,
        Verb.GRADE,
        Verb.EDIT_KPI,
        Verb.SAVE_KPI,
        Verb.OPEN_PROMOTION,
        Verb.PROMOTE_KPI,
        Verb.DROP_KPI,
    }
)
"""Verbs for which the goals around and the numbers watched are loaded."""
ABOUT_CONCERN = frozenset({Verb.CONCERN_READ, Verb.OPEN_ANSWER, Verb.ANSWER_CONCERN})
"""Verbs of whoever was told a concern; their first name is that."""
ABOUT_DUTY = frozenset({Verb.DUTY_DONE, Verb.OPEN_DUTY, Verb.FILL_IN, *ABOUT_CONCERN})
ABOUT_MESSAGE = frozenset({Verb.WHY, Verb.CANCEL, Verb.NOT_USEFUL})

TOLD_DAYS = 30
"""So far back what Rondo said is remembered."""

_POLICY_LOCK = 0x526F6E01  # "Ron" 01; the other advisory locks are in storage.outbox and storage.migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Whose facts the event needs. `asked_key` is the message it names, `holder_id` the holder of its escalation.

    `duty_id` is the duty it names and `owed_to` whom that concerns, so that two people who close it do so one after the other.
    `team` is the team whose channel it is about; then `owed_to` is who opened that.
    `returned`: nothing reached the actor lately. `held_for`: where a desk is looked at, or its owner is back, the owners of
    the requests it holds: such a request changes at either desk.
    """

    person_id: str
    actor_id: str | None = None
    escalation_id: str | None = None
    holder_id: str = ""
    asked_key: str | None = None
    duty_id: str | None = None
    owed_to: str = ""
    held_for: tuple[str, ...] = ()
    team: str = ""
    returned: bool = False


_BY_ADDRESS = select(address.c.person_id, address.c.gone_count).where(
    address.c.platform == bindparam("platform"),
    address.c.tenant == bindparam("tenant"),
    address.c.user == bindparam("user"),
)
_GONE_COUNTS = select(address.c.gone_count).where(address.c.person_id == bindparam("id"))
_BY_EMAIL = select(person.c.id).where(person.c.folded_email == bindparam("email"))
_BY_ID = select(person.c.id).where(person.c.id == bindparam("id"))
_BY_KEY_RESULT = select(goal.c.owner_id).join(key_result).where(key_result.c.id == bindparam("id"))
_BY_GOAL = select(goal.c.owner_id).where(goal.c.id == bindparam("id"))
_BY_KEY = select(outbox.c.recipient_id).where(outbox.c.key == bindparam("key"))
_BY_ESCALATION = select(escalation.c.owner_id, escalation.c.holder_id).where(escalation.c.id == bindparam("id"))
# Written out, as the partial index is: SQLite compares the conditions word for word.
_HELD_FOR = (
    select(escalation.c.owner_id)
    .where(escalation.c.holder_id == bindparam("id"), text("escalation.state IN ('open', 'acknowledged')"))
    .distinct()
)
_ALL_HELD_FOR = (
    select(escalation.c.holder_id, escalation.c.owner_id)
    .where(among(escalation.c.holder_id, "ids"), text("escalation.state IN ('open', 'acknowledged')"))
    .distinct()
)
_MANAGERS = select(person.c.id, person.c.manager_id).where(among(person.c.id, "ids"))
_BY_DUTY = select(duty.c.person_id).where(duty.c.id == bindparam("id"))
_MANAGER = select(person.c.manager_id).where(person.c.id == bindparam("id"))
_NEWEST = (
    select(outbox.c.key)
    .where(
        outbox.c.recipient_id == bindparam("person_id"),
        outbox.c.decided_at >= bindparam("since"),
        outbox.c.rule != "",
        outbox.c.delivered_at.is_not(None),
    )
    .order_by(outbox.c.decided_at.desc(), outbox.c.key)
    .limit(1)
)
_THESE = select(person.c.id, person.c.manager_id).where(among(person.c.id, "ids")).order_by(person.c.id)
_LOCK = _THESE.with_for_update(key_share=True)
_LOCK_FREE = _THESE.with_for_update(key_share=True, skip_locked=True)
_LAST_POLICY = select(func.max(policy_change.c.version))
_LOCK_POLICIES = select(func.pg_advisory_xact_lock(bindparam("lock")))


def find_desk(connection: Connection, event: Event) -> Desk | None:
    """The desk of an event; None when it concerns nobody we know."""
    match event:
        case Introduced(profile=profile):
            owner = profile.email and lean.one(connection, _BY_EMAIL, {"email": fold_email(profile.email)})
            if not owner:
                return None
            counts = lean.fetch(connection, _GONE_COUNTS, {"id": owner})
            return _of(connection, owner, returned=all(row["gone_count"] for row in counts))
        case Opened(by=by) | Removed(by=by) | Unlinked(account=by):
            return _own(connection, by)
        case Said():
            return _by_words(connection, event)
        case Pressed(by=by, action=action) | FormFailed(by=by, action=action):
            found_desk = _by_action(connection, by, action)
            if found_desk is not None and action.verb is Verb.SHOW:
                return replace(found_desk, owed_to=meetings.whose_slot(connection, event, found_desk.person_id))
            return found_desk
        case Submitted(by=by, action=action) | Closed(by=by, action=action):
            return _by_action(connection, by, action)
        case Measured(key_result=key_result_id):
            owner = lean.one(connection, _BY_KEY_RESULT, {"id": key_result_id})
            return Desk(person_id=owner) if owner else None
        case Ticked(subject=subject):
            kind, _, name = subject.partition(":")
            if kind == "escalation":
                return _about_escalation(connection, name, actor_id=None)
            if kind == "team":
                return _of_team(connection, name)
            if kind == DutyKind.CONCERN:
                raised_by = lean.one(connection, _BY_DUTY, {"id": subject})
                return Desk(person_id=raised_by, duty_id=subject) if raised_by else None
            found = lean.one(connection, _BY_ID, {"id": name}) if kind in ("desk", "letters") else None
            owners = lean.fetch(connection, _HELD_FOR, {"id": name}) if found else ()
            return Desk(person_id=found, held_for=tuple(row["owner_id"] for row in owners)) if found else None
        case Delivered(key=key) | Undelivered(key=key):
            recipient = lean.one(connection, _BY_KEY, {"key": key})
            if recipient and recipient.startswith(channels.PREFIX):
                return _of_team(connection, recipient.removeprefix(channels.PREFIX), asked_key=key)
            return Desk(person_id=recipient, asked_key=key) if recipient else None
        case _:
            assert_never(event)


def _own(connection: Connection, by: Address) -> Desk | None:
    there = {"platform": by.platform, "tenant": by.tenant, "user": by.user}
    found = lean.first(connection, _BY_ADDRESS, there)
    return _of(connection, found["person_id"], returned=found["gone_count"] > 0) if found else None


def _of(connection: Connection, person_id: str, *, returned: bool) -> Desk:
    """Somebody's own desk. `returned`: nothing reached them lately; then what waits for them is looked at as well."""
    owners = lean.fetch(connection, _HELD_FOR, {"id": person_id}) if returned else ()
    held_for = tuple(row["owner_id"] for row in owners)
    return Desk(person_id=person_id, actor_id=person_id, returned=returned, held_for=held_for)


def _of_team(connection: Connection, team: str, *, asked_key: str | None = None) -> Desk | None:
    """What a team sees in its channel is decided at the desk of whoever opened that; None: it never had one."""
    opener = channels.opened_by(connection, team)
    return Desk(person_id=opener, owed_to=opener, asked_key=asked_key, team=team) if opener else None


def _by_words(connection: Connection, event: Said) -> Desk | None:
    """*Why?* in words is about the newest message that Rondo started and that arrived, `/team post` about a team's channel."""
    own = _own(connection, event.by)
    if own is None:
        return None
    meant = understand(event.text, goals=(), today=event.at.date())
    if isinstance(meant, TeamPost):
        team = channels.meant(connection, meant, own.person_id)
        return replace(own, team=team, owed_to=channels.opened_by(connection, team) or "")
    if isinstance(meant, OneOnOneSlot):
        return replace(own, owed_to=meetings.whose_slot(connection, event, own.person_id))
    if meant != Why():
        return own
    asked = {"person_id": own.person_id, "since": event.at - timedelta(days=TOLD_DAYS)}
    return replace(own, asked_key=lean.one(connection, _NEWEST, asked))


def _by_action(connection: Connection, by: Address, action: Action) -> Desk | None:
    own = _own(connection, by)
    if own is None or not action.args:
        return own
    if action.verb in ABOUT_ESCALATION:
        return _about_escalation(connection, action.args[0], actor_id=own.person_id) or own
    if action.verb in ABOUT_A_GOAL:
        owner = lean.one(connection, _BY_GOAL, {"id": action.args[0]})
        return Desk(person_id=owner, actor_id=own.person_id, owed_to=own.person_id) if owner else own
    if action.verb in ABOUT_DUTY:
        concerned = lean.one(connection, _BY_DUTY, {"id": action.args[0]}) or ""
        return Desk(person_id=own.person_id, actor_id=own.person_id, duty_id=action.args[0], owed_to=concerned)
    if action.verb in ABOUT_MESSAGE:
        return Desk(person_id=own.person_id, actor_id=own.person_id, asked_key=action.args[0])
    return own


def _about_escalation(connection: Connection, escalation_id: str, *, actor_id: str | None) -> Desk | None:
    found = lean.first(connection, _BY_ESCALATION, {"id": escalation_id})
    if found is None:
        return None
    owner_id, holder_id = found["owner_id"], found["holder_id"]
    return Desk(person_id=owner_id, actor_id=actor_id, escalation_id=escalation_id, holder_id=holder_id)


def lock(connection: Connection, desk: Desk, event: Event) -> None:
    """Wait until nobody else decides about this desk. Raises Conflict when the manager changed meanwhile."""
    if connection.dialect.name != "postgresql":
        return
    if isinstance(event, Pressed | Submitted) and event.action.verb is Verb.SET_POLICY:
        connection.execute(_LOCK_POLICIES, {"lock": _POLICY_LOCK})
    manager_id = lean.one(connection, _MANAGER, {"id": desk.person_id})
    ids = sorted({one for one in (desk.person_id, manager_id, desk.holder_id, desk.owed_to, *desk.held_for) if one})
    locked = _managers(connection, _LOCK, ids)
    if locked.get(desk.person_id) != manager_id:
        raise Conflict("the manager changed meanwhile")


def lock_together(connection: Connection, names: Iterable[str]) -> dict[str, Desk | None]:
    """The desks of those people as they are looked at, locked. None: nobody has that name.

    Left out is whoever somebody else decides about right now: several desks wait for nobody, and nobody waits for all of
    them behind one.
    """
    ids = sorted(names)
    managers = _managers(connection, _MANAGERS, ids)
    held_for: dict[str, list[str]] = {}
    for row in lean.fetch(connection, _ALL_HELD_FOR, {"ids": ids}):
        held_for.setdefault(row["holder_id"], []).append(row["owner_id"])
    desks = {one: Desk(person_id=one, held_for=tuple(held_for.get(one, ()))) for one in ids if one in managers}
    found: dict[str, Desk | None] = {one: None for one in ids if one not in managers}
    if connection.dialect.name != "postgresql":
        return found | desks
    needed = {one: {one, managers[one] or one, *desk.held_for} for one, desk in desks.items()}
    locked = _managers(connection, _LOCK_FREE, sorted(set().union(*needed.values())))
    free = (one for one in desks if needed[one] <= locked.keys() and locked[one] == managers[one])
    return found | {one: desks[one] for one in free}


def _managers(connection: Connection, statement: Executable, ids: Sequence[str]) -> dict[str, str | None]:
    return {row["id"]: row["manager_id"] for row in lean.fetch(connection, statement, {"ids": ids})}


def last_policy(connection: Connection) -> int:
    """The newest policy version; 0: none."""
    return lean.one(connection, _LAST_POLICY) or 0
