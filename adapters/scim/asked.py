"""What a query asks for: whom (`filter`), how many (`startIndex`, `count`), and which attributes (RFC 7644, 3.4.2 and 3.9)."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.scim.words import ENTERPRISE, SCHEMAS, USER, Unacceptable
from bot.talk.text import clean

Condition = tuple[str, str]
"""What must be equal (`id`, `user_name`, `external_id`, `email`, `manager`, `active`), and to what."""
INDEXED: Final = ("id", "user_name", "external_id", "email")
"""By these people are found; the others only narrow down what was found."""
_TERM = re.compile(
    r"""\s*(?:\(\s*)?(?P<what>[\w.:$-]+(?:\[[^\]]*\](?:\.\w+)?)?)\s+eq\s+(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"()]+))\s*(?:\)\s*)?""",
    re.IGNORECASE,
)
_AND = re.compile(r"and\b\s*(?=\S)", re.IGNORECASE)
_NAMES: Final = {
    "id": "id",
    "username": "user_name",
    "externalid": "external_id",
    "emails": "email",
    "emails.value": "email",
    'emails[type eq "work"].value': "email",
    "emails[primary eq true].value": "email",
    "active": "active",
    "manager": "manager",
    "manager.value": "manager",
}
Path = tuple[str, ...]


def conditions(words: str) -> list[Condition]:
    """What a filter asks for, those that find somebody first; nothing: everybody. Raises Unacceptable."""
    if not words.strip():
        return []
    found: list[Condition] = []
    rest = words
    while term := _TERM.match(rest):
        name = term["what"].casefold()
        for urn in (USER, ENTERPRISE):
            name = name.removeprefix(f"{urn.casefold()}:")
        found.append((_NAMES.get(name, ""), _value(term)))
        rest = rest[term.end() :]
        if (joint := _AND.match(rest)) is None:
            break
        rest = rest[joint.end() :]
    found.sort(key=lambda one: one[0] not in INDEXED)
    if rest or not found or found[0][0] not in INDEXED or not all(what for what, _ in found):
        raise Unacceptable(
            'Filters here are like userName eq "…", externalId eq "…", emails.value eq "…" or id eq "…", '
            "also with `and`, manager and active beside one of these.",
            "invalidFilter",
        )
    return found


def _value(term: re.Match[str]) -> str:
    if term["text"] is None:
        return clean(term["bare"])
    try:
        return clean(str(json.loads(f'"{term["text"]}"')))
    except ValueError as error:
        raise Unacceptable("A text in a filter is written as in JSON.", "invalidFilter") from error


def number(text: str | None, default: int) -> int:
    """`startIndex` or `count`. Raises Unacceptable."""
    if text is None:
        return default
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise Unacceptable("startIndex and count are numbers.")
    return int(text)


def chosen(document: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """A user with the `attributes` that were asked for, or without the `excludedAttributes`; `schemas` and `id` stay."""
    wanted, unwanted = _paths(query.get("attributes", "")), _paths(query.get("excludedAttributes", ""))
    always = {name: document[name] for name in ("schemas", "id")}
    if wanted:
        return {**always, **_only(document, wanted)}
    return {**_without(document, unwanted), **always}


def _paths(text: str) -> list[Path]:
    """Attributes as ways into a document, in lower case: (`name`, `givenname`)."""
    found: list[Path] = []
    for name in text.casefold().split(","):
        name = name.strip()
        urn = next((one.casefold() for one in SCHEMAS if name == one.casefold() or name.startswith(f"{one.casefold()}:")), "")
        rest = tuple(part for part in name[len(urn) + 1 if urn else 0 :].split(".") if part)
        found.append(rest if urn in ("", USER.casefold()) else (urn, *rest))
    return [one for one in found if one]


def _only(value: Any, paths: Sequence[Path]) -> Any:
    if isinstance(value, list):
        return [_only(one, paths) for one in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        ways = [path[1:] for path in paths if path[0] == name.casefold()]
        if ways:
            kept[name] = inner if () in ways else _only(inner, ways)
    return kept


def _without(value: Any, paths: Sequence[Path]) -> Any:
    if isinstance(value, list):
        return [_without(one, paths) for one in value]
    if not isinstance(value, dict):
        return value
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        ways = [path[1:] for path in paths if path[0] == name.casefold()]
        if () not in ways:
            kept[name] = _without(inner, ways) if ways else inner
    return kept
