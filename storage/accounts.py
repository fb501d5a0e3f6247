"""Writes who has which account, and who reports to whom when a manager leaves. Part of writing a Decision (`storage.effects`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, select, update

from bot.decision import Link, MoveReports, Unlink
from bot.events import Address
from storage import lean, settle
from storage.engine import insert_into, upsert
from storage.schema import address, identity, person

_AT = (
    address.c.platform == bindparam("at_platform"),
    address.c.tenant == bindparam("at_tenant"),
    address.c.user == bindparam("at_user"),
)
_SEEN = update(address).where(*_AT).values(last_seen=bindparam("seen"), gone_count=0)
_SEEN_WHERE = _SEEN.values(route=bindparam("new_route", type_=address.c.route.type))
_GONE = update(address).where(*_AT).values(gone_count=settle.GONE_LIMIT)
_WHOSE = select(address.c.person_id).where(*_AT)
_ROUTE = select(address.c.route).where(*_AT)
_UNLINK = delete(address).where(*_AT, address.c.person_id == bindparam("its"))
_LINKED_AGAIN = delete(identity).where(identity.c.source == bindparam("its"), identity.c.external_id == bindparam("name"))
_THEIRS = update(person).where(person.c.manager_id == bindparam("left"))
_MOVE = _THEIRS.values(manager_id=bindparam("to"), changed_at=bindparam("at"))


def source_of(one: Address) -> str:
    """The name of the directory in which an account stands."""
    return f"{one.platform.value}:{one.tenant}"


def link(connection: Connection, change: Link, at: datetime) -> None:
    """The account is this person's."""
    if change.listed:
        listed(connection, [change])
    else:
        row = _row(change) | {"last_seen": at, "gone_count": 0, "route": _learned(connection, change.address)}
        lean.write(connection, upsert(connection.dialect.name, address), [row])
        settle.reroute(connection, change.person_id)
    lean.write(connection, _LINKED_AGAIN, {"its": source_of(change.address), "name": change.address.user})


def listed(connection: Connection, links: Sequence[Link]) -> None:
    """Found in a directory, an account is no sign of life: where a person was last stays where they were."""
    statement = insert_into(connection.dialect.name, address)
    new = statement.excluded
    same = address.c.person_id == new.person_id
    kept = {
        "person_id": new.person_id,
        "email": new.email,
        "last_seen": case((same, address.c.last_seen), else_=None),
        "route": case((same, address.c.route), else_=new.route),
        "gone_count": 0,
    }
    statement = statement.on_conflict_do_update(index_elements=list(address.primary_key), set_=kept)
    connection.execute(statement, [_row(one) | {"last_seen": None, "gone_count": 0} for one in links])
    settle.reroute(connection, *{one.person_id for one in links})


def _row(change: Link) -> dict[str, Any]:
    one = change.address
    row = {"platform": one.platform, "tenant": one.tenant, "user": one.user, "route": one.route}
    return row | {"person_id": change.person_id, "email": change.email}


def unlink(connection: Connection, change: Unlink) -> None:
    """The account is nobody's; whose it was, and under which e-mail it is now, is remembered. Nothing where it is another's."""
    one = change.address
    where = {"at_platform": one.platform, "at_tenant": one.tenant, "at_user": one.user, "its": change.person_id}
    if not lean.write(connection, _UNLINK, where):
        return
    remembered = {
        "source": source_of(one),
        "external_id": one.user,
        "person_id": change.person_id,
        "email": change.email,
        "user_name": "",
        "wrote": {},
        "manager_ref": "",
        "deleted": not change.email,
    }
    lean.write(connection, upsert(connection.dialect.name, identity), [remembered])
    settle.reroute(connection, change.person_id)


def gone(connection: Connection, at: Address) -> None:
    """Nothing arrives there until the person comes back; what waits for them takes another way, where they have one."""
    there = {"at_platform": at.platform, "at_tenant": at.tenant, "at_user": at.user}
    lean.write(connection, _GONE, there)
    for row in lean.fetch(connection, _WHOSE, there):
        settle.reroute(connection, row["person_id"])


def seen(connection: Connection, by: Address, at: datetime) -> None:
    """The person is there, whatever the platform said before; a route without contents teaches nothing new."""
    values: dict[str, Any] = {"at_platform": by.platform, "at_tenant": by.tenant, "at_user": by.user, "seen": at}
    if by.route:
        lean.write(connection, _SEEN_WHERE, values | {"new_route": _learned(connection, by)})
    else:
        lean.write(connection, _SEEN, values)


def _learned(connection: Connection, at: Address) -> dict[str, str]:
    """The route as it is now known. Whoever writes in a channel says nothing of their own chat, which stays where it was."""
    there = {"at_platform": at.platform, "at_tenant": at.tenant, "at_user": at.user}
    known = lean.fetch(connection, _ROUTE, there)
    return {**(known[0]["route"] if known else {}), **at.route}


def move_reports(connection: Connection, change: MoveReports, at: datetime) -> None:
    """Everybody who reported to who left has the next manager; written as a column, so that nobody's own words are lost."""
    lean.write(connection, _MOVE, {"left": change.left, "to": change.to, "at": at})
