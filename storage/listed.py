"""Accounts as platforms tell of them: which of them say something new about people we know, and linking many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, delete, select

from bot.decision import Entry, Link
from bot.events import Address, Profile
from bot.talk.text import fold_email
from storage import accounts, effects, lean, rows
from storage.columns import among
from storage.schema import address, identity, person

Account = tuple[Address, Profile]
_WHO = select(person.c.id, person.c.folded_email, person.c.chat_zone, person.c.chat_locale)
_MINE = select(person).where(among(person.c.folded_email, "emails")).order_by(person.c.id)
_MINE_LOCKED = _MINE.with_for_update(key_share=True)
_NEVER = datetime.min.replace(tzinfo=UTC)


def news(connection: Connection, told: Sequence[Account], *, in_use: bool) -> list[Account]:
    """Those of known people whose link, chat zone or chat locale is news.

    `in_use`: the person is there now, and where they are says zone and language. Otherwise somebody with several accounts
    has those of the one they used last, or directories that disagree would change them at each reading.
    """
    emails = {fold_email(profile.email) for _, profile in told if profile.email}
    found = connection.execute(_WHO.where(person.c.folded_email.in_(emails))).mappings()
    people = {row["folded_email"]: row for row in found}
    links = _links(connection, told)
    leading = {} if in_use else _leading(connection, people, told)
    new: list[Account] = []
    for one, profile in told:
        whose = people.get(fold_email(profile.email)) if profile.email else None
        if whose is None:
            continue
        here = _key(one)
        if leading.get(whose["id"], here) != here:
            profile = replace(profile, zone="", locale="")
        if (
            _is_new(links.get(here), whose)
            or (profile.zone and profile.zone != whose["chat_zone"])
            or (profile.locale and profile.locale != whose["chat_locale"])
        ):
            new.append((one, profile))
    return new


def link_all(connection: Connection, told: Sequence[Account], at: datetime) -> int:
    """Accounts of a directory whose e-mail is that of somebody we know, all at once; what each turn would write for one.

    Answers how many accounts those were. The people are locked, as in a turn.
    """
    by_email: dict[str, list[Account]] = defaultdict(list)
    for account, profile in told:
        if profile.email:
            by_email[fold_email(profile.email)].append((account, profile))
    statement = _MINE_LOCKED if connection.dialect.name == "postgresql" else _MINE
    known = [rows.person(row) for row in lean.fetch(connection, statement, {"emails": sorted(by_email)})]
    if not known:
        return 0
    changed = []
    links: list[Link] = []
    entries: list[Entry] = []
    for one in known:
        theirs = by_email[fold_email(one.email)]
        zone = next((profile.zone for _, profile in theirs if profile.zone), one.chat_zone)
        locale = next((profile.locale for _, profile in theirs if profile.locale), one.chat_locale)
        if (zone, locale) != (one.chat_zone, one.chat_locale):
            changed.append(replace(one, chat_zone=zone, chat_locale=locale))
        for account, _ in theirs:
            links.append(Link(address=account, person_id=one.id, listed=True, email=fold_email(one.email)))
            subject = f"person:{one.id}"
            entries.append(Entry(name="identity:linked", subject=subject, person=one.id, outcome=account.platform.value))
    effects.write_people(connection, changed, at=at)
    accounts.listed(connection, links)
    _linked_again(connection, links)
    effects.write_entries(connection, entries, at=at, cause="directory")
    effects.look_at_all(connection, person.c.id.in_([one.id for one in known]), at)
    return len(links)


def _linked_again(connection: Connection, links: Sequence[Link]) -> None:
    """What was remembered about an account that had been unlinked is over."""
    names: dict[str, list[str]] = defaultdict(list)
    for one in links:
        names[accounts.source_of(one.address)].append(one.address.user)
    for source, users in sorted(names.items()):
        connection.execute(delete(identity).where(identity.c.source == source, identity.c.external_id.in_(users)))


Key = tuple[str, str, str]


def _key(one: Address) -> Key:
    return one.platform, one.tenant, one.user


def _links(connection: Connection, told: Sequence[Account]) -> dict[Key, tuple[str, str]]:
    """Whose these accounts are, and under which e-mail they were linked."""
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one, _ in told:
        users[one.platform, one.tenant].append(one.user)
    found = {}
    for (platform, tenant), some in users.items():  # by the key: any other way reads all accounts there are
        query = select(address).where(address.c.platform == platform, address.c.tenant == tenant, address.c.user.in_(some))
        for row in connection.execute(query).mappings():
            found[platform, tenant, row["user"]] = row["person_id"], row["email"]
    return found


def _leading(connection: Connection, people: Mapping[str, RowMapping], told: Sequence[Account]) -> dict[str, Key]:
    """Of each person, the account that says where they are: the one they used last, else the first of those they have."""
    keys: dict[str, list[tuple[datetime, Key]]] = defaultdict(list)
    query = select(address.c.platform, address.c.tenant, address.c.user, address.c.person_id, address.c.last_seen)
    for row in connection.execute(query.where(address.c.person_id.in_([one["id"] for one in people.values()]))).mappings():
        keys[row["person_id"]].append((row["last_seen"] or _NEVER, (row["platform"], row["tenant"], row["user"])))
    found: dict[str, Key] = {}
    for whose, theirs in keys.items():
        newest = max(at for at, _ in theirs)
        found[whose] = min(key for at, key in theirs if at == newest)
    for one, profile in told:  # who has none yet
        if (new := people.get(fold_email(profile.email or ""))) is not None:
            found.setdefault(new["id"], _key(one))
    return found


def _is_new(link: tuple[str, str] | None, whose: RowMapping) -> bool:
    """The account is somebody else's, nobody's, or had another e-mail until now (none noted: an older release linked it)."""
    return link is None or link[0] != whose["id"] or link[1] not in ("", whose["folded_email"])
