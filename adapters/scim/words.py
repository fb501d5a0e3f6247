"""SCIM's words: a document or a PATCH in, what it says of a person out; a person in, a document out. Reads both dialects.

Entra writes `Add` and `"False"`, whole paths as names and filters in paths; Okta sends objects without a path.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from adapters.answers import Refusal
from bot.flows.imports.records import Identity, Record
from bot.flows.imports.table import one_line
from bot.model import Company, Person
from bot.rules.people import has_left, zone_of
from bot.talk.text import clean, fold_email

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
RONDO: Final = "urn:ietf:params:scim:schemas:extension:rondo:2.0:User"
SCHEMAS: Final = {ENTERPRISE: "enterprise:", RONDO: "rondo:", USER: ""}
"""The schemas of a user, and what stands before their attributes here."""
_MOST = 2_000  # characters of one value
_MOST_PATH = 500
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_UNNAMED = "#"
"""Before the name of somebody to whom the client gave no external id: their userName until they have an id of ours, so that
somebody else may have that userName afterwards."""

Said = dict[str, str]
"""What a request says: a value by attribute (lower case, extensions by `enterprise:` and `rondo:`); empty: taken away."""

KNOWN: Final = frozenset(
    {
        "username", "externalid", "displayname", "name.formatted", "name.givenname", "name.familyname", "email", "active",
        "locale", "preferredlanguage", "timezone", "enterprise:department", "enterprise:manager", "enterprise:employeenumber",
        "rondo:team", "rondo:deputy", "rondo:country", "rondo:workdays", "rondo:workhours", "rondo:startdate",
        "rondo:enddate", "rondo:role",
    }
)  # fmt: skip
"""What Rondo reads; everything else of a document is left alone."""
_CELLS: Final = {
    "locale": "locale",
    "timezone": "timezone",
    "enterprise:department": "department",
    "rondo:team": "team",
    "rondo:deputy": "deputy_email",
    "rondo:country": "country",
    "rondo:workdays": "work_days",
    "rondo:workhours": "work_hours",
    "rondo:startdate": "start_date",
    "rondo:enddate": "end_date",
    "rondo:role": "role",
}
_BESIDE: Final = {
    "username": "userName",
    "name.givenname": "givenName",
    "name.familyname": "familyName",
    "enterprise:employeenumber": "employeeNumber",
}
_OF_WORK = re.compile(
    r"""\s*(?:type\s+eq\s+"work"|primary\s+eq\s+"?true"?)(?:\s+and\s+(?:type\s+eq\s+"work"|primary\s+eq\s+"?true"?))*\s*""",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?P<head>[^\[\]]+?)(?:\[(?P<filter>[^\]]*)\])?(?:\.(?P<sub>[\w$.]+))?")


class Unacceptable(Refusal):
    """What was sent says nothing that can be kept; `scim_type` is SCIM's name for why."""

    def __init__(self, detail: str, scim_type: str = "invalidValue") -> None:
        super().__init__(400, detail, scimType=scim_type)


# --------------------------------------------------------------------------------------------------------- in


def read_document(document: Mapping[str, Any]) -> Said:
    """What a whole document says. Raises Unacceptable."""
    said: Said = {}
    for name, value in document.items():
        _read(said, name, value)
    return said


def read_patch(body: Mapping[str, Any]) -> Said:
    """What the operations of a PATCH come to, one after the other. Raises Unacceptable."""
    operations = next((value for name, value in body.items() if name.casefold() == "operations"), None)
    if not isinstance(operations, list) or not operations:
        raise Unacceptable("A PATCH needs Operations, a list with at least one entry.", "invalidSyntax")
    said: Said = {}
    for operation in operations:
        if not isinstance(operation, dict):
            raise Unacceptable("An operation is an object with op, path and value.", "invalidSyntax")
        fields = {name.casefold(): value for name, value in operation.items()}
        verb, path, value = str(fields.get("op", "")).casefold(), fields.get("path"), fields.get("value")
        if verb not in ("add", "replace", "remove"):
            raise Unacceptable("An operation is add, replace or remove.", "invalidSyntax")
        if verb == "remove":
            if not isinstance(path, str) or not path:
                raise Unacceptable("To remove needs a path.", "noTarget")
            value = None
        if isinstance(path, str) and path:
            _read(said, path, value)
        elif isinstance(value, dict):
            for name, one in value.items():
                _read(said, name, one)
        else:
            raise Unacceptable("An operation without a path needs an object as its value.", "invalidSyntax")
    return said


def _read(said: Said, name: str, value: Any) -> None:
    """One attribute, by its name or by a path."""
    prefix, rest = _schema(name)
    if prefix is None:
        return
    if not rest:  # a whole extension
        for inner, one in value.items() if isinstance(value, dict) else ():
            _read(said, f"{name}:{inner}", one)
        return
    found = _PATH.fullmatch(rest) if len(rest) <= _MOST_PATH else None
    if found is None:
        raise Unacceptable(f'"{clean(name, limit=60)}" is no path of a user.', "invalidPath")
    head, sub = found["head"].casefold(), (found["sub"] or "").casefold()
    key = prefix + head
    if key == "emails":
        _read_email(said, value, found["filter"] or "", sub)
    elif key == "name" and not sub and isinstance(value, dict):
        for inner, one in value.items():
            _keep(said, f"name.{inner.casefold()}", one)
    elif key == "enterprise:manager":
        if sub in ("", "value", "$ref"):
            _read_manager(said, key, value)
    else:
        _keep(said, f"{key}.{sub}" if sub else key, value)


def _schema(name: str) -> tuple[str | None, str]:
    """Which schema a name belongs to (None: one that Rondo does not know), and the rest of it, after a colon or a point."""
    low = name.casefold()
    for urn, prefix in SCHEMAS.items():
        if low.startswith(urn.casefold()) and low[len(urn) : len(urn) + 1] in ("", ":", "."):
            return prefix, name[len(urn) + 1 :]
    return (None, "") if low.startswith("urn:") else ("", name)


def _read_manager(said: Said, key: str, value: Any) -> None:
    """Whom a client means: by id, or by the address of their user. A name alone names nobody, and changes nothing."""
    while isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and value:
        fields = {name.casefold(): one for name, one in value.items()}
        if fields.keys().isdisjoint(("value", "$ref")):
            return
        value = fields.get("value") or fields.get("$ref")
    value = _inner(value)
    if isinstance(value, str) and "/users/" in value.casefold():
        value = value.rstrip("/").rpartition("/")[2]
    _keep(said, key, value)


def _read_email(said: Said, value: Any, filtered: str, sub: str) -> None:
    """The work or primary e-mail; others are left alone."""
    if sub not in ("", "value") or (filtered and not _OF_WORK.fullmatch(filtered)):
        return
    if isinstance(value, list):
        entries = [one for one in value if isinstance(one, dict)]
        order = sorted(entries, key=lambda one: (str(one.get("type", "")).casefold() != "work", one.get("primary") is not True))
        value = order[0].get("value") if order else None
    _keep(said, "email", _inner(value))


def _inner(value: Any) -> Any:
    """The value of a complex attribute, however deep a client wraps it."""
    while isinstance(value, list | dict):
        value = (value[0] if value else None) if isinstance(value, list) else value.get("value")
    return value


def _keep(said: Said, key: str, value: Any) -> None:
    if key not in KNOWN:
        return
    if key == "active":
        word = str(_inner(value)).casefold()
        if word not in ("true", "false"):
            raise Unacceptable("active is true or false.")
        said[key] = word
        return
    value = _inner(value)
    if value is None:
        said[key] = ""
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        said[key] = clean(str(value), limit=_MOST)
    else:
        raise Unacceptable(f"{key.rpartition(':')[2]} is a text.")


def record(said: Said, person: Person | None, identity: Identity | None) -> Record:
    """What was said, as directories say it. Raises Unacceptable."""
    cells = {column: said[key] for key, column in _CELLS.items() if key in said}
    if "locale" not in said and "preferredlanguage" in said:
        cells["locale"] = said["preferredlanguage"].partition(",")[0].partition(";")[0]
    if name := _name(said, identity):
        cells["name"] = name
    email = _email(said, person, identity)
    if email is None:
        raise Unacceptable("A user needs an e-mail: emails, or a userName that is one.")
    if person is None or email != person.email:  # what was not said is not said again: it may have changed meanwhile
        cells["email"] = email
    named = identity.external_id if identity is not None and not identity.external_id.startswith(_UNNAMED) else ""
    external = said.get("externalid") or named
    user_name = said.get("username") or (identity.wrote.get("userName", "") if identity else "")
    if not external:
        external = f"{_UNNAMED}{person.id if person else fold_email(user_name or email)}"
    return Record(
        external_id=external,
        cells=cells,
        manager=said.get("enterprise:manager"),
        active={"true": True, "false": False}.get(said.get("active", "")),
        user_name=user_name,
        person_id=person.id if person else "",
        beside={name: said[key] for key, name in _BESIDE.items() if key in said},
    )


def _name(said: Said, identity: Identity | None) -> str:
    """The display name decides; first and last name only where none comes along."""
    whole = said.get("displayname") or said.get("name.formatted")
    if whole or not (said.get("name.givenname") or said.get("name.familyname")):
        return one_line(whole or "")
    before = identity.wrote if identity else {}
    given = said.get("name.givenname", before.get("givenName", ""))
    family = said.get("name.familyname", before.get("familyName", ""))
    return one_line(f"{given} {family}")


def _email(said: Said, person: Person | None, identity: Identity | None) -> str | None:
    """The e-mail: as said, or the userName where that is what the person has instead of one."""
    if said.get("email"):
        return said["email"]
    user_name = said.get("username", "")
    if person is None:
        return user_name if "@" in user_name else None
    was = identity.wrote.get("userName", "") if identity else ""
    follows = "@" in user_name and "email" not in said and fold_email(was or person.email) == fold_email(person.email)
    return user_name if follows else person.email


# -------------------------------------------------------------------------------------------------------- out


def document(
    person: Person, identity: Identity | None, *, now: datetime, company: Company, deputy: Person | None, base: str
) -> dict[str, Any]:
    """A person as a SCIM user. `base` is the address of /scim/v2, without a slash at the end."""
    wrote = identity.wrote if identity is not None else {}
    external = identity.external_id if identity is not None and not identity.external_id.startswith(_UNNAMED) else None
    given, family = wrote.get("givenName"), wrote.get("familyName")
    manager = person.manager_id or (identity.manager_ref if identity is not None else "")
    found: dict[str, Any] = {
        "schemas": [USER, ENTERPRISE, RONDO],
        "id": person.id,
        "externalId": external,
        "userName": wrote.get("userName") or person.email,
        "displayName": person.name,
        "name": _some({"formatted": person.name, "givenName": given, "familyName": family}),
        "emails": [{"value": person.email, "type": "work", "primary": True}],
        "active": not has_left(person, now.astimezone(zone_of(person, company)).date()),
        "locale": person.locale,
        "timezone": person.zone,
        ENTERPRISE: _some(
            {
                "department": person.department or None,
                "employeeNumber": wrote.get("employeeNumber"),
                "manager": {"value": manager, "$ref": f"{base}/Users/{manager}"} if manager else None,
            }
        ),
        RONDO: _some(
            {
                "team": person.team or None,
                "deputy": deputy.email if deputy is not None else None,
                "country": person.country,
                "workDays": ",".join(_DAYS[day] for day in sorted(person.work_days)) if person.work_days else None,
                "workHours": "{:%H:%M}-{:%H:%M}".format(*person.work_hours) if person.work_hours else None,
                "startDate": person.start_date.isoformat() if person.start_date else None,
                "endDate": person.end_date.isoformat() if person.end_date else None,
                "role": person.role.value or None,
            }
        ),
    }
    found = _some(found)
    version = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]
    created = person.known_since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    location = f"{base}/Users/{person.id}"
    meta = {"resourceType": "User", "created": created, "location": location, "version": f'W/"{version}"'}
    return found | {"meta": meta}


def _some(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != {}}
