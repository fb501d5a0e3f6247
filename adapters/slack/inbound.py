"""What Slack's payloads mean: one function, payload in, event out. Whatever is not for us gives None; nothing raises.

A payload is signed but still untrusted: people fill some of it, and Slack adds kinds nobody here has seen.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.render import FORM, field_at
from bot.events import Address, ByPerson, Closed, Opened, Platform, Pressed, Said, Submitted
from bot.talk.actions import Action, UnknownAction, decode
from bot.talk.text import clean

Json = Mapping[str, Any]

CHANNEL = "team_channel"
"""In the route of an address that is a channel, not a person."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")  # every identifier of Slack's that we keep
_HASH = re.compile(r"[!-~]{0,200}")
_MARKUP = re.compile(r"<([^<>]*)>|&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def read(payload: Json, now: datetime) -> ByPerson | None:
    """The event in a payload that arrived at `now`; None: nothing we take."""
    match payload.get("type"):
        case "event_callback":
            return _event(payload, now)
        case "block_actions":
            return _pressed(payload, now)
        case "view_submission":
            return _submitted(payload, now)
        case "view_closed":
            return _closed(payload, now)
        case None:
            return _command(payload, now)
        case _:
            return None


def overheard(message: Json, by: Address, channel: str, now: datetime) -> Said | None:
    """What somebody wrote, from a message of `conversations.history`; None: it is nobody's words, or somebody else's."""
    name, text = _message(message, channel), _written(message)
    if message.get("type") != "message" or message.get("user") != by.user or not name or not text:
        return None
    return Said(id=f"overheard:{name}", at=now, by=by, text=text, message=name, overheard=True)


def enterprise(payload: Json) -> str:
    """The organisation a payload names; empty: none."""
    named = _id(_dict(payload, "enterprise"), "id") or _id(payload, "enterprise_id")
    return named or ""


def team(payload: Json) -> str:
    """The workspace an event is about; empty: none."""
    return _id(payload, "team_id") or ""


def _where(payload: Json) -> str | None:
    """The workspace a request comes from; the organisation where it names that alone."""
    return team(payload) or enterprise(payload) or None


def fields_of(payload: Json) -> dict[str, str]:
    """Block id by field id of the view in a payload: where field errors go."""
    return {field: block_id for field, block_id, _ in _states(payload)}


# ------------------------------------------------------------------------------------------ kinds


def _event(payload: Json, now: datetime) -> ByPerson | None:
    event, team, event_id = _dict(payload, "event"), _where(payload), _id(payload, "event_id")
    user = _id(event, "user")
    # Somebody of a connected organisation: `team` and the like name their own workspace (an organisation's id, `E…`,
    # may stand there for one of ours). Inside an organisation people come from its other workspaces too: Slack is asked
    # who they are before they are taken for somebody.
    ours = (None, team, payload.get("enterprise_id"))
    foreign = not enterprise(payload) and any(event.get(key) not in ours for key in ("team", "user_team", "source_team"))
    if team is None or user is None or event_id is None or foreign:
        return None
    by = Address(platform=Platform.SLACK, tenant=team, user=user)
    match event.get("type"):
        case "message" if event.get("channel_type") == "im":
            text = _written(event)
            if not text:
                return None
            return Said(id=f"slack:{event_id}", at=now, by=by, text=text, message=_message(event, event.get("channel")))
        case "app_home_opened" if event.get("tab", "home") == "home":
            return Opened(id=f"slack:{event_id}", at=now, by=by)
        case _:
            return None


def _written(message: Json) -> str:
    """The words of a person's own message in a direct message; empty: a bot's, an edit's, or none."""
    if message.get("bot_id") or message.get("subtype") not in (None, "file_share"):
        return ""
    return _words(message.get("text"))


def _message(message: Json, channel: object) -> str:
    """A message's own name: it is the same in an event and in the history of its conversation."""
    ts = _id(message, "ts")
    return f"slack:{channel}:{ts}" if ts is not None and isinstance(channel, str) and _ID.fullmatch(channel) else ""


def _command(payload: Json, now: datetime) -> ByPerson | None:
    command, trigger = _id(payload, "command", "/"), _id(payload, "trigger_id")
    team, user = _where(payload), _id(payload, "user_id")
    if command is None or trigger is None or team is None or user is None:
        return None
    by = Address(platform=Platform.SLACK, tenant=team, user=user)
    text = clean(f"/{command} {_words(payload.get('text'))}")
    return Said(id=f"slack:command:{trigger}", at=now, by=by, text=text, place=_place(payload, team))


def _place(payload: Json, team: str) -> Address | None:
    """The channel a command was typed in; None: a direct message, or several people's."""
    channel, name = _id(payload, "channel_id"), payload.get("channel_name")
    if channel is None or channel[0] not in "CG" or not isinstance(name, str) or name.startswith(("directmessage", "mpdm-")):
        return None
    return Address(platform=Platform.SLACK, tenant=team, user=channel, route={CHANNEL: channel})


def _pressed(payload: Json, now: datetime) -> ByPerson | None:
    by, container = _person(payload), _dict(payload, "container")
    actions = payload.get("actions")
    pressed = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    action = _action(pressed.get("value")) if pressed.get("type") == "button" else None
    where = _id(container, "message_ts") or _id(container, "view_id")
    when = _id(pressed, "action_ts") or _id(payload, "trigger_id")
    if by is None or action is None or where is None or when is None:
        return None
    return Pressed(id=f"slack:action:{where}:{when}:{by.user}", at=now, by=by, action=action)


def _submitted(payload: Json, now: datetime) -> ByPerson | None:
    found = _form(payload)
    if found is None:
        return None
    by, view, action, values = found
    return Submitted(id=f"slack:view:{view}", at=now, by=by, action=action, values=values)


def _closed(payload: Json, now: datetime) -> ByPerson | None:
    found = _form(payload)
    if found is None:
        return None
    by, view, action, values = found
    return Closed(id=f"slack:closed:{view}", at=now, by=by, action=action, values=values)


# ------------------------------------------------------------------------------------------ pieces


def _form(payload: Json) -> tuple[Address, str, Action, dict[str, str]] | None:
    """Who, which filling of which view, what for, and the values.

    `hash` changes only when we change the view, so an answer corrected after field errors comes under the same hash:
    the values are part of the name. The same values again are the same filling (a second click).
    """
    by, view = _person(payload), _dict(payload, "view")
    view_id, state = _id(view, "id"), view.get("hash", "")
    action = _action(view.get("private_metadata")) if view.get("callback_id") == FORM else None
    if by is None or view_id is None or action is None or not isinstance(state, str) or not _HASH.fullmatch(state):
        return None
    values = {field: value for field, _, value in _states(payload) if value}
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
    return by, f"{view_id}:{state}:{digest}", action, values


def _states(payload: Json) -> list[tuple[str, str, str]]:
    """Field id, block id and value of every field in the payload's view."""
    found = []
    for block_id, actions in _dict(_dict(_dict(payload, "view"), "state"), "values").items():
        for action_id, state in actions.items() if isinstance(actions, dict) else ():
            field = field_at(block_id, action_id)
            if field is not None and _storable(field) and isinstance(state, dict):
                found.append((field, block_id, _value(state)))
    return found


def _value(state: Json) -> str:
    value = state.get("value") or state.get("selected_date") or _dict(state, "selected_option").get("value")
    return clean(value) if isinstance(value, str) else ""


def _person(payload: Json) -> Address | None:
    user = _dict(payload, "user")
    person, home = _id(user, "id"), _id(user, "team_id")
    team = _id(_dict(payload, "team"), "id") or home  # an organisation-wide install sends no `team`
    if person is None or team is None or (home not in (None, team) and not enterprise(payload)):
        return None
    return Address(platform=Platform.SLACK, tenant=team, user=person)


def _action(text: object) -> Action | None:
    if not isinstance(text, str):
        return None
    try:
        action = decode(text)
    except UnknownAction:
        return None
    return action if all(_storable(arg) for arg in action.args) else None


def _storable(text: str) -> bool:
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)


def _words(text: object) -> str:
    """What a person typed: Slack's escapes undone, links as they were written, a mention left as `<@U…>`."""
    return clean(_MARKUP.sub(_plain, text)) if isinstance(text, str) else ""


def _plain(found: re.Match[str]) -> str:
    if found[2] is not None:
        return _ENTITIES[found[2]]
    target, _, label = found[1].partition("|")
    if target.startswith("@"):
        return f"<{target}>"
    label = _MARKUP.sub(_plain, label)
    match target[:1]:
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return label or f"@{target[1:].partition('^')[0]}"
        case _:
            return label or _MARKUP.sub(_plain, target.removeprefix("mailto:"))


def _dict(owner: Json, key: str) -> Json:
    value = owner.get(key)
    return value if isinstance(value, dict) else {}


def _id(owner: Json, key: str, prefix: str = "") -> str | None:
    """An identifier without its prefix; None where it is missing or cannot be one."""
    value = owner.get(key)
    if not isinstance(value, str) or not value.startswith(prefix):
        return None
    value = value.removeprefix(prefix)
    return value if _ID.fullmatch(value) else None
