"""Keeps which teams have the app, and knows where a tenant was heard from last. For `adapters.teams.people`."""

from collections.abc import Sequence

from sqlalchemy import Engine, bindparam, delete, select

from bot.events import Address, Platform
from bot.talk.text import fold_email
from storage import lean
from storage.engine import reading, upsert, writing
from storage.schema import address, person, roster

_ALL = select(roster).order_by(roster.c.tenant, roster.c.team)
_REMOVE = delete(roster).where(roster.c.tenant == bindparam("of"), roster.c.team == bindparam("named"))
_HAS = (
    select(address.c.user)
    .join(person, person.c.id == address.c.person_id)
    .where(person.c.folded_email == bindparam("email"), address.c.platform == Platform.TEAMS)
    .limit(1)
)
_TEAMS = select(roster.c.route).where(roster.c.tenant == bindparam("of")).order_by(roster.c.team).limit(1)
_NEWEST = (
    select(address.c.route)
    .where(address.c.platform == Platform.TEAMS, address.c.tenant == bindparam("of"), address.c.last_seen.is_not(None))
    .order_by(address.c.last_seen.desc())
    .limit(1)
)


class SqlRosters:
    """Every method is blocking, and one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> Sequence[Address]:
        """All teams that have the app; `user` is the team's id."""
        with reading(self._engine) as connection:
            found = connection.execute(_ALL).mappings().all()
        return [Address(platform=Platform.TEAMS, tenant=row["tenant"], user=row["team"], route=row["route"]) for row in found]

    def add(self, team: Address) -> None:
        """The app is in this team; the newest route counts."""
        row = {"tenant": team.tenant, "team": team.user, "route": team.route}
        with writing(self._engine) as connection:
            lean.write(connection, upsert(connection.dialect.name, roster), [row])

    def remove(self, team: Address) -> None:
        """The app is not there any more."""
        with writing(self._engine) as connection:
            connection.execute(_REMOVE, {"of": team.tenant, "named": team.user})

    def service_url(self, tenant: str) -> str:
        """Where the newest activity of a tenant came from that is known; empty: none is."""
        with reading(self._engine) as connection:
            for query in (_NEWEST, _TEAMS):
                route = connection.scalar(query, {"of": tenant})
                if route and (url := route.get("service_url", "")):
                    return str(url)
        return ""

    def has_account(self, email: str) -> bool:
        """Whether the person with this e-mail has or had the app in Teams."""
        with reading(self._engine) as connection:
            return connection.scalar(_HAS, {"email": fold_email(email)}) is not None
