"""People whom somebody's words name: by e-mail, by the mention of an account, by full name in a form."""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, bindparam, func, or_, select

from bot.events import Event, Pressed, Said, Submitted
from bot.model import Person, ScopeKind
from bot.talk.actions import Verb
from bot.talk.intents import ScopeWords, understand
from bot.talk.text import fold_email
from storage import lean, rows
from storage.columns import among
from storage.schema import address, person

NEAR_EMAILS = 200
"""How many people are loaded that an unknown address may have meant."""
MAX_EMAILS = 50
"""How many e-mail addresses in one message are looked up."""
_MENTION = re.compile(r"<@([A-Za-z0-9:._-]{2,200})(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"[^\s<>|@,;:()\"“”]+@[^\s<>|@,;:()\"“”]+")
PEOPLE_BY_EMAIL = select(person).where(among(person.c.folded_email, "emails"))
_NEAR_EMAILS = select(person).where(person.c.folded_email.startswith(bindparam("start"))).limit(NEAR_EMAILS)
_BY_ACCOUNT = (
    select(person, address.c.user.label("account"))
    .join(address, address.c.person_id == person.c.id)
    .where(
        address.c.platform == bindparam("platform"),
        address.c.tenant == bindparam("tenant"),
        address.c.user.in_(bindparam("users", expanding=True)),
    )
)
_PEOPLE_BY_NAME = select(person).where(func.lower(person.c.name) == bindparam("name")).limit(MAX_EMAILS)

_CALLED = (
    select(person)
    .where(
        or_(
            func.lower(person.c.name) == bindparam("lower"),
            person.c.name == bindparam("name"),
            person.c.name == bindparam("title"),  # SQLite folds ASCII alone
            person.c.folded_email.startswith(bindparam("mailbox")),
        )
    )
    .limit(MAX_EMAILS)
)
_NEARLY_CALLED = (
    select(person)
    .where(or_(func.lower(person.c.name).startswith(bindparam("start")), person.c.folded_email.startswith(bindparam("start"))))
    .limit(NEAR_EMAILS)
)


def called(connection: Connection, event: Said) -> tuple[dict[str, Person], dict[str, Person]]:
    """People whose full name, or the local part of whose e-mail, HR wrote as a scope; and those who may have been meant."""
    words = getattr(understand(event.text, goals=(), today=event.at.date()), "scope", None)
    if not isinstance(words, ScopeWords) or not (words.unsure or words.kind is ScopeKind.PERSON):
        return {}, {}
    name = " ".join(words.name.strip(" .!?@").split())
    if not name or "@" in name or name.startswith("<"):
        return {}, {}
    wanted = {"lower": name.lower(), "name": name, "title": name.title(), "mailbox": f"{fold_email(name)}@"}
    found = people_by_id(lean.fetch(connection, _CALLED, wanted))
    return found, found or people_by_id(lean.fetch(connection, _NEARLY_CALLED, {"start": name.lower()[:2]}))


def by_full_name(connection: Connection, event: Event) -> dict[str, Person]:
    """People by their full name, as it stands in a form's field `who`."""
    who = event.values.get("who", "").strip() if isinstance(event, Submitted) else ""
    return people_by_id(lean.fetch(connection, _PEOPLE_BY_NAME, {"name": who.lower()})) if who and "@" not in who else {}


def emails_in(event: Event) -> frozenset[str]:
    """Folded e-mail addresses that stand in what somebody wrote, also as `<mailto:a@b.example|a@b.example>`."""
    return frozenset(list(dict.fromkeys(found for text in _written(event) for found in _emails(text)))[:MAX_EMAILS])


def perhaps_meant(connection: Connection, emails: Iterable[str], found: dict[str, Person]) -> dict[str, Person]:
    """People whose address begins like the first one that nobody has: HR is told the nearest one."""
    known = {fold_email(one.email) for one in found.values()}
    unknown = next((email for email in emails if email not in known and email[0].isalnum()), None)
    return people_by_id(lean.fetch(connection, _NEAR_EMAILS, {"start": unknown[0]})) if unknown else {}


def mentioned(connection: Connection, event: Event) -> dict[str, Person]:
    """People by the mention of their account in what somebody wrote, such as `<@U123>`."""
    if not isinstance(event, Said | Submitted):
        return {}
    users = [found for text in _written(event) for found in _MENTION.findall(text)][:MAX_EMAILS]
    if not users:
        return {}
    wanted = {"platform": event.by.platform, "tenant": event.by.tenant, "users": sorted(set(users))}
    return {f"<@{row['account']}>": rows.person(row) for row in connection.execute(_BY_ACCOUNT, wanted).mappings()}


def _written(event: Event) -> Iterator[str]:
    if isinstance(event, Said):
        yield event.text
    if isinstance(event, Submitted):
        yield from event.values.values()
    if isinstance(event, Pressed | Submitted) and event.action.verb in (Verb.SET_POLICY, Verb.SHOW):
        yield from event.action.args


def _emails(text: str) -> Iterator[str]:
    for found in _EMAIL.findall(text):
        # The end of a sentence or a quote is not part of an address; an apostrophe inside is.
        yield fold_email(found.rstrip(".!?'’"))
        yield fold_email(found.strip(".!?'’‘"))


def people_by_id(found: Iterable[rows.Row]) -> dict[str, Person]:
    """The people of a result, by id."""
    return {row["id"]: rows.person(row) for row in found}
