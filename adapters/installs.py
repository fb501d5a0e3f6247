"""Slack's installs in the database: slack_sdk's own stores, with every token encrypted before it is written.

Part of the composition root, as `adapters.app`: Slack's SDK and storage meet here. Several keys are one `MultiFernet`: the
first encrypts, all decrypt, and at start whatever an older key encrypted is encrypted again under the first.
"""

import logging
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Connection, Engine, MetaData, Table, Text, case, delete, or_, select, update
from sqlalchemy.types import TypeDecorator

from adapters.settings import ConfigurationError, Settings
from adapters.slack.kept import Workspace, home
from bot.decision import Entry
from bot.ports import Clock
from storage import letters
from storage.effects import write_entries
from storage.engine import insert_into, reading, real_time, writing
from storage.schema import OutboxState, outbox, slack_workspace
from storage.schema_slack import SEALED

STATE_LIFE: Final = 600  # seconds from the first click to Slack's answer
STATES: Final = 1_000  # installs that may be under way at once: who clicks and clicks fills no database, and shuts nobody out
LEASE: Final = timedelta(seconds=30)  # longer than a call to Slack with its timeouts
NOT_FOUND: Final = "the workspace is not reached any more"

log = logging.getLogger("rondo.installs")
_row = slack_workspace.c


class Sealed(TypeDecorator[str]):
    """Text that is in the database only encrypted. Raises ConfigurationError where no key opens it."""

    impl = Text
    cache_ok = False  # two stores with different keys in one process are two types

    def __init__(self, keys: MultiFernet) -> None:
        super().__init__()
        self._keys = keys

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        """Encrypted under the first key."""
        return None if value is None else self._keys.encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: object) -> str | None:
        """As it was given."""
        return None if value is None else opened(self._keys, value)


def opened(keys: MultiFernet, value: str) -> str:
    """A secret as it was before it was encrypted. Raises ConfigurationError where no key opens it."""
    try:
        return keys.decrypt(value.encode()).decode()
    except InvalidToken:
        raise ConfigurationError(
            "RONDO_SECRET_KEY: no key in it opens the Slack tokens in the database: add the key they were written with "
            "(it is lost: see Tokens in docs/install-slack.md)."
        ) from None


class _Transactions:
    """An engine as slack_sdk's stores use it, in our kind of transactions; several of its steps can be one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._within: ContextVar[Connection | None] = ContextVar("within", default=None)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Write; within `together` as a part of that."""
        if (within := self._within.get()) is not None:
            yield within
            return
        with writing(self._engine) as connection:
            yield connection

    def connect(self) -> AbstractContextManager[Connection]:
        """Read."""
        return self.begin() if self._within.get() is not None else reading(self._engine)

    @contextmanager
    def together(self) -> Iterator[Connection]:
        """Everything in the block is one transaction."""
        with self.begin() as connection:
            token = self._within.set(connection)
            try:
                yield connection
            finally:
                self._within.reset(token)


class _Store(SQLAlchemyInstallationStore):
    """slack_sdk's store, whose columns with secrets are sealed."""

    def __init__(self, client_id: str, engine: Engine, keys: MultiFernet) -> None:
        super().__init__(client_id=client_id, engine=engine, logger=log)
        for table in (self.bots, self.installations):
            for name in SEALED & set(table.c.keys()):
                table.c[name].type = Sealed(keys)


class SqlInstalls:
    """Implements `adapters.slack.kept.Installs` for one app (`client_id`). Blocking."""

    def __init__(self, engine: Engine, client_id: str, keys: Sequence[Fernet], clock: Clock | None = None) -> None:
        """`keys`: the newest first. `clock`: what people count by, for when a workspace came and went."""
        self._now = clock.now if clock is not None else _now
        self._engine = engine
        self._newest, self._keys = keys[0], MultiFernet(keys)
        self._transactions = _Transactions(engine)
        as_engine = cast(Engine, self._transactions)
        self._store = _Store(client_id, as_engine, self._keys)
        self._states = SQLAlchemyOAuthStateStore(STATE_LIFE, as_engine, logger=log)
        self._client_id = client_id
        self._me = uuid4().hex

    # ------------------------------------------------------------------------------------------ installs under way

    def new_state(self) -> str:
        """A state that is good once, for ten minutes, or until a thousand newer ones were given out."""
        with self._transactions.together() as connection:
            states = self._states.oauth_states
            newest = select(states.c.id).order_by(states.c.id.desc()).limit(STATES - 1)
            connection.execute(delete(states).where(or_(states.c.expire_at <= _utc_now(), states.c.id.not_in(newest))))
            return str(self._states.issue())

    def use_state(self, state: str) -> bool:
        """Whether it is good. Deleting it is what decides: of two that come at once, one finds it."""
        states = self._states.oauth_states
        with writing(self._engine) as connection:
            good = states.c.state == state, states.c.expire_at > _utc_now()
            return connection.execute(delete(states).where(*good).returning(states.c.id)).first() is not None

    # ------------------------------------------------------------------------------------------ installs

    def save(self, installation: Installation) -> None:
        """Write it in place of others, whatever their clocks said; what waits for the workspace is looked at again."""
        name = installation.enterprise_name if installation.is_enterprise_install else installation.team_name
        with self._transactions.together() as connection:  # the workspace's row first: everywhere it is the lock
            self._mark(connection, home(installation), installation.enterprise_id or "", str(name or ""), removed="")
            for table in (self._store.bots, self._store.installations):
                connection.execute(delete(table).where(*self._same(table, installation)))
            self._store.save(installation)

    def find(self, team: str, enterprise: str = "") -> Installation | None:
        """See the port."""
        known = self._known(team)
        if known is None and enterprise and enterprise != team:
            over = self._known(enterprise)
            if over is None or over.removed or self._installed(over.id, "") is None:
                return None
            with writing(self._engine) as connection:
                self._mark(connection, team, enterprise, team, removed="")
            known = self._known(team)
        if known is None or known.removed:
            return None
        return self._installed(known.enterprise, known.id)

    def everything(self) -> Sequence[Installation]:
        """See the port."""
        found = [self._installed(one.enterprise, one.id, own=True) for one in self.workspaces() if not one.removed]
        return [one for one in found if one is not None]

    def workspaces(self) -> Sequence[Workspace]:
        """See the port."""
        with self._transactions.connect() as connection:
            rows = connection.execute(select(slack_workspace).order_by(_row.id)).mappings()
            return [
                Workspace(id=row["id"], enterprise=row["enterprise"], name=row["name"], removed=row["removed"]) for row in rows
            ]

    def cover(self, enterprise: str, teams: Mapping[str, str]) -> Collection[str]:
        """See the port. A workspace's own install stays its own."""
        before = {one.id: one for one in self.workspaces()}
        with self._transactions.together() as connection:
            for team, name in sorted(teams.items()):
                known = before.get(team)
                if known is None or known.removed or known.name != name:
                    self._mark(connection, team, enterprise, name, removed="", news=known is None or bool(known.removed))
            for one in before.values():
                reached = one.id in teams or one.id == enterprise or one.enterprise != enterprise
                if not (reached or one.removed or self._installed(enterprise, one.id, own=True)):
                    self._mark(connection, one.id, enterprise, one.name, removed=NOT_FOUND)
                    letters.workspace_ended(connection, self._now())
        return [team for team in teams if team not in before or before[team].removed]

    # ------------------------------------------------------------------------------------------ renewing and the end

    def claim(self, installation: Installation) -> bool:
        """See the port. Real time is the database's own where it has one."""
        with writing(self._engine) as connection:
            now = real_time(connection, _now)
            free = or_(_row.lease_until.is_(None), _row.lease_until <= now)
            taken = update(slack_workspace).where(_row.id == home(installation), free)
            taken = taken.values(lease=self._me, lease_until=now + LEASE).returning(_row.id)
            return connection.execute(taken).first() is not None

    def renewed(self, old: Installation, new: Installation | None) -> bool:
        """See the port. The workspace's row is the lock under which refresh tokens are compared."""
        with self._transactions.together() as connection:
            mine = update(slack_workspace).where(_row.id == home(old), _row.lease == self._me)
            connection.execute(mine.values(lease="", lease_until=None))
            connection.execute(select(_row.id).where(_row.id == home(old)).with_for_update())
            now = self._installed(old.enterprise_id or "", home(old), own=True)
            if new is None or now is None or now.bot_refresh_token != old.bot_refresh_token:
                return False
            self._store.save(new)  # under the same `installed_at`: the same row
            return True

    def remove(self, installation: Installation, reason: str) -> bool:
        """See the port. Tokens go; that Rondo was there stays, and people's addresses rest."""
        with self._transactions.together() as connection:
            connection.execute(select(_row.id).where(_row.id == home(installation)).with_for_update())
            now = self._installed(installation.enterprise_id or "", home(installation), own=True)
            if now is None or now.bot_token != installation.bot_token:
                return False
            for table in (self._store.bots, self._store.installations):
                connection.execute(delete(table).where(*self._same(table, installation)))
            for one in self.workspaces():
                under = installation.is_enterprise_install and one.enterprise == installation.enterprise_id
                own = under and one.id != home(installation) and self._installed(one.enterprise, one.id, own=True) is not None
                if one.id == home(installation) or (under and not own):
                    self._mark(connection, one.id, one.enterprise, one.name, removed=reason)
            letters.workspace_ended(connection, self._now())
        return True

    # ------------------------------------------------------------------------------------------ keys

    def rekey(self) -> int:
        """Encrypt again whatever is not under the first key; how many values. Raises ConfigurationError: no key opens one."""
        again = 0
        for table in (self._store.bots, self._store.installations):
            raw = table.to_metadata(MetaData())
            for name in sorted(SEALED & set(raw.c.keys())):
                raw.c[name].type = Text()
                with writing(self._engine) as connection:
                    held = connection.execute(select(raw.c.id, raw.c[name]).where(raw.c[name].is_not(None))).all()
                    for id, value in held:
                        opened(self._keys, value)
                        if not _opens(self._newest, value):
                            fresh = self._keys.rotate(value.encode()).decode()
                            same = raw.c.id == id, raw.c[name] == value
                            again += connection.execute(update(raw).where(*same).values({name: fresh})).rowcount
        return again

    # ------------------------------------------------------------------------------------------ pieces

    def _same(self, table: Table, installation: Installation) -> Sequence[Any]:
        """Every install of this one's workspace; a workspace's organisation may have changed."""
        c = table.c
        if installation.is_enterprise_install:
            return c.client_id == self._client_id, c.enterprise_id == installation.enterprise_id, c.team_id.is_(None)
        return c.client_id == self._client_id, c.team_id == installation.team_id

    def _known(self, team: str) -> Workspace | None:
        with self._transactions.connect() as connection:
            row = connection.execute(select(slack_workspace).where(_row.id == team)).mappings().first()
        if row is None:
            return None
        return Workspace(id=row["id"], enterprise=row["enterprise"], name=row["name"], removed=row["removed"])

    def _installed(self, enterprise: str, team: str, *, own: bool = False) -> Installation | None:
        """The install of a workspace or of the organisation it is in (`own`: not of that)."""
        found: Installation | None = None
        if team and team != enterprise:
            found = self._store.find_installation(enterprise_id=enterprise or None, team_id=team)
        if found is None and enterprise and (team == enterprise or not own):
            found = self._store.find_installation(enterprise_id=enterprise, team_id=None, is_enterprise_install=True)
        return found

    def _mark(self, connection: Connection, id: str, enterprise: str, name: str, *, removed: str, news: bool = True) -> None:
        """Whether a workspace can be written to. What waits for it is sent on its way anew, by another one where there is one."""
        now = real_time(connection, _now)
        values = {"enterprise": enterprise, "name": name, "removed": removed, "changed_at": self._now()}
        new = insert_into(connection.dialect.name, slack_workspace).values(id=id, **values, lease="", lease_until=None)
        # A lease stays: whoever holds it is asking Slack at this moment.
        connection.execute(new.on_conflict_do_update(index_elements=["id"], set_={one: new.excluded[one] for one in values}))
        if news:
            self._note(connection, id, enterprise, name, removed)
        its = outbox.c.queue.in_([f"slack/{id}", f"slack/{id}/edit"])
        at_once = case((outbox.c.state == OutboxState.PENDING, now), else_=outbox.c.ready_at)
        connection.execute(update(outbox).where(outbox.c.ready_at.is_not(None), its).values(queue="", ready_at=at_once))

    def _note(self, connection: Connection, id: str, enterprise: str, name: str, removed: str) -> None:
        """A line in the ledger: where Rondo came in and where it was removed, and why."""
        facts = {"platform": "slack", "name": name} | ({"enterprise": enterprise} if enterprise else {})
        facts |= {"reason": removed} if removed else {}
        what = "removed" if removed else "installed"
        entry = Entry(name=f"workspace:{what}", subject=f"workspace:{id}", person="", outcome=what, facts=facts)
        write_entries(connection, [entry], at=self._now(), cause="slack:install")


def open_installs(settings: Settings, engine: Engine, clock: Clock | None = None) -> SqlInstalls:
    """The installs of the app in the settings. Raises ConfigurationError."""
    if settings.slack_client_id is None:
        raise ConfigurationError("RONDO_SLACK_CLIENT_ID is missing: OAuth installs need it.")
    return SqlInstalls(engine, settings.slack_client_id, keys_of(settings), clock)


def keys_of(settings: Settings) -> Sequence[Fernet]:
    """The keys for secrets at rest, the newest first. Raises ConfigurationError where there is none."""
    keys = settings.secret_keys()
    if not keys:
        raise ConfigurationError("RONDO_SECRET_KEY is missing: OAuth installs keep tokens, which it encrypts.")
    return [Fernet(key.rstrip("=") + "=") for key in keys]


def _opens(key: Fernet, value: str) -> bool:
    try:
        key.decrypt(value.encode())
    except InvalidToken:
        return False
    return True


def _now() -> datetime:
    return datetime.now(UTC)


def _utc_now() -> datetime:
    """As slack_sdk writes instants: UTC, without saying so."""
    return datetime.fromtimestamp(time.time(), UTC).replace(tzinfo=None)
