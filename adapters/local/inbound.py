"""What the page's gestures mean: JSON in, event out. None: not something the page would send.

`id` is made by the page, one per gesture: a repeated request is the same event and has one effect.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.local.gateway import address_of
from bot.events import Address, Closed, Opened, Pressed, Said, Submitted
from bot.talk.actions import FORMS, Action, UnknownAction, decode
from bot.talk.text import clean

Json = Mapping[str, Any]

_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
MAX_FIELDS = 200
MAX_FIELD_ID = 500


def said(payload: Json, now: datetime) -> Said | None:
    """`{id, email, text}`: a line from the composer; with `place` (`#web`) it was written in a team's channel."""
    found, text = _gesture(payload), payload.get("text")
    if found is None or not isinstance(text, str) or not clean(text):
        return None
    id, by = found
    return Said(id=f"local:say:{id}", at=now, by=by, text=clean(text), place=_place(payload))


def opened(payload: Json, now: datetime) -> Opened | None:
    """`{id, email}`: somebody looks at their home."""
    found = _gesture(payload)
    if found is None:
        return None
    id, by = found
    return Opened(id=f"local:open:{id}", at=now, by=by)


def pressed(payload: Json, now: datetime) -> Pressed | None:
    """`{id, email, action}`: a button."""
    found, action = _gesture(payload), _action(payload.get("action"))
    if found is None or action is None:
        return None
    id, by = found
    return Pressed(id=f"local:press:{id}", at=now, by=by, action=action)


def submitted(payload: Json, now: datetime) -> Submitted | None:
    """`{id, email, action, values}`: a filled form."""
    found = _filled(payload)
    if found is None:
        return None
    id, by, action, values = found
    return Submitted(id=f"local:submit:{id}", at=now, by=by, action=action, values=values)


def closed(payload: Json, now: datetime) -> Closed | None:
    """`{id, email, action, values}`: a form closed without sending it."""
    found = _filled(payload)
    if found is None:
        return None
    id, by, action, values = found
    return Closed(id=f"local:close:{id}", at=now, by=by, action=action, values=values)


def _gesture(payload: Json) -> tuple[str, Address] | None:
    id, email = payload.get("id"), payload.get("email")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        return None
    if not isinstance(email, str) or not 3 <= len(email) <= 254 or clean(email) != email:
        return None
    return id, address_of(email)


def _place(payload: Json) -> Address | None:
    place = payload.get("place")
    if not isinstance(place, str) or not place.startswith("#") or not 2 <= len(place) <= 200 or clean(place) != place:
        return None
    return address_of(place)


def _filled(payload: Json) -> tuple[str, Address, Action, dict[str, str]] | None:
    found, action, values = _gesture(payload), _action(payload.get("action")), payload.get("values")
    if found is None or action is None or action.verb not in FORMS or not isinstance(values, dict):
        return None
    if len(values) > MAX_FIELDS or not all(
        isinstance(name, str) and len(name) <= MAX_FIELD_ID and isinstance(value, str) for name, value in values.items()
    ):
        return None
    typed = {clean(name): clean(value) for name, value in values.items()}
    return *found, action, {name: value for name, value in typed.items() if value}


def _action(text: object) -> Action | None:
    if not isinstance(text, str):
        return None
    try:
        action = decode(text)
    except UnknownAction:
        return None
    unfit = any(c == "\0" or "\ud800" <= c <= "\udfff" for arg in action.args for c in arg)
    return None if unfit else action
