"""What an activity means: a plain dict in, an event (or nothing) out. No network, no SDK, no authority.

A message counts once per activity id, opening a form too. A press or submission may come again under a new activity id
(Teams repeats an invoke after 15 s): it counts once per person, action, values and *rendering* (cards and forms carry a
mark, fresh with every update; a form opened again has another). On an unchanged card a press counts anew in ten minutes.
"""

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.teams.render import DATA, STAMP_CARD, STAMP_ONCE
from bot.events import Address, ByPerson, Opened, Platform, Pressed, Removed, Said, Submitted
from bot.talk.actions import FORMS, OPENS_FORM, Action, UnknownAction, decode
from bot.talk.text import clean

Activity = Mapping[str, Any]

CARD_ACTION, TASK_FETCH, TASK_SUBMIT = "adaptiveCard/action", "task/fetch", "task/submit"

CHANNEL = "team_channel"
"""In the route of an address that is a channel, not a person."""

AGAIN_AFTER = 600
"""Seconds after which the same press on the same unchanged card counts anew. Repeats come within 15 s or so."""

LONGEST_ID = 500
"""Bytes of an id, far above what Teams uses; two of them still fit into an index entry of PostgreSQL."""

_OURS = frozenset({DATA, STAMP_CARD, STAMP_ONCE, "msteams"})
_SETTING = re.compile(r"[\s\u200b\ufeff/]*nudges\b", re.IGNORECASE)
_PERSON = "(?:person|employee|사람|직원|개인)"


def read(activity: Activity, at: datetime) -> ByPerson | Removed | None:
    """The event in an activity; None where there is none for us. `at` is the UTC instant it arrived."""
    by = address(activity)
    conversation = _id(_dict(activity, "conversation"), "id")
    if by is None or not conversation or _is_own(activity):
        return None
    name = f"teams:{by.tenant}:{conversation}:{_id(activity, 'id') or at.isoformat()}"
    own_chat = "conversation" in by.route
    match activity.get("type"):
        case "message" | "invoke":
            return _gesture(activity, by, at, name) or _said(activity, by, at, name)
        case "installationUpdate" if activity.get("action") in ("add", "add-upgrade"):
            return Opened(id=name, at=at, by=by)
        case "conversationUpdate" if _has_bot(activity, "membersAdded"):
            return Opened(id=name, at=at, by=by)
        # "remove-upgrade" is the first half of an upgrade: the second half follows at once.
        case "installationUpdate" if own_chat and activity.get("action") == "remove":
            return Removed(id=name, at=at, by=by)
        case "conversationUpdate" if own_chat and _has_bot(activity, "membersRemoved"):
            return Removed(id=name, at=at, by=by)
        case _:
            return None


def team_of(activity: Activity) -> tuple[Address, bool] | None:
    """The team into which the app was put (True), or from which it was taken away; None: the activity says neither."""
    tenant, data = tenant_of(activity), _dict(activity, "channelData")
    team = _id(_dict(data, "team"), "id")
    if not tenant or not team:
        return None
    kind, action, event = activity.get("type"), activity.get("action"), data.get("eventType")
    if kind == "installationUpdate" and action in ("add", "add-upgrade", "remove"):
        is_there = action != "remove"
    elif kind == "conversationUpdate" and _has_bot(activity, "membersAdded"):
        is_there = True
    elif kind == "conversationUpdate" and (_has_bot(activity, "membersRemoved") or event in ("teamDeleted", "teamHardDeleted")):
        is_there = False
    else:
        return None
    route = {"service_url": _id(activity, "serviceUrl"), "bot_id": _id(_dict(activity, "recipient"), "id")}
    route = {key: value for key, value in route.items() if value}
    return Address(platform=Platform.TEAMS, tenant=tenant, user=team, route=route), is_there


def tenant_of(activity: Activity) -> str:
    """The tenant an activity comes from; empty where it does not say."""
    tenant = _id(_dict(_dict(activity, "channelData"), "tenant"), "id")
    return tenant or _id(_dict(activity, "conversation"), "tenantId")


def tenants_of(activity: Activity) -> tuple[str, ...]:
    """Every tenant an activity names: the one it comes from, and its conversation's where that is another one."""
    named = (tenant_of(activity), _id(_dict(activity, "conversation"), "tenantId"))
    return tuple(dict.fromkeys(tenant for tenant in named if tenant)) or ("",)


def address(activity: Activity) -> Address | None:
    """Who sent an activity and how to write to them. Outside a personal chat the route names no conversation: what
    Rondo answers is for one person, and goes to their own chat with it. `seen_in`: where they can be asked about.
    """
    sender, conversation = _dict(activity, "from"), _dict(activity, "conversation")
    tenant, user = tenant_of(activity), _account(sender)
    if not tenant or not user:
        return None
    personal = _is_personal(conversation)
    route = {
        "service_url": _id(activity, "serviceUrl"),
        "conversation": _id(conversation, "id") if personal else "",
        "seen_in": "" if personal else _id(conversation, "id").partition(";")[0],
        "bot_id": _id(_dict(activity, "recipient"), "id"),
        "aad_object_id": _id(sender, "aadObjectId"),
        "locale": _id(activity, "locale"),
        "zone": _id(activity, "localTimezone") or _client_zone(activity),
    }
    route = {key: value for key, value in route.items() if value}
    return Address(platform=Platform.TEAMS, tenant=tenant, user=user, route=route)


def _is_personal(conversation: Mapping[str, Any]) -> bool:
    """Teams says so. Local simulators may not: then what is no group and no thread (`19:…`) is somebody's own chat."""
    kind = conversation.get("conversationType")
    if isinstance(kind, str) and kind:
        return kind == "personal"
    return conversation.get("isGroup") is not True and not _id(conversation, "id").startswith("19:")


def data_of(activity: Activity) -> Mapping[str, Any]:
    """What a button or dialog sent along, inputs included; empty where nothing did."""
    value = _dict(activity, "value")
    if activity.get("type") == "message":
        return value
    if activity.get("name") == CARD_ACTION:
        return _dict(_dict(value, "action"), "data")
    if activity.get("name") in (TASK_FETCH, TASK_SUBMIT):
        return _dict(value, "data")
    return {}


def _gesture(activity: Activity, by: Address, at: datetime, name: str) -> Pressed | Submitted | None:
    data = data_of(activity)
    action = _action(data.get(DATA))
    if action is None:
        return None
    if action.verb in FORMS:
        values = {key: value for key, value in _values(data).items() if value}
        return Submitted(id=_once(by, action, data, values), at=at, by=by, action=action, values=values)
    if action.verb in OPENS_FORM:
        return Pressed(id=name, at=at, by=by, action=action)
    slot = int(at.timestamp()) // AGAIN_AFTER
    card = {"card": _id(activity, "replyToId"), "slot": str(slot)}
    return Pressed(id=_once(by, action, data, card), at=at, by=by, action=action)


def _once(by: Address, action: Action, data: Mapping[str, Any], more: Mapping[str, str]) -> str:
    """The id of a gesture: the same for every repeat of it."""
    what = [by.tenant, by.user, action.verb, *action.args, str(data.get(STAMP_ONCE, "")), sorted(more.items())]
    digest = hashlib.sha256(json.dumps(what).encode()).hexdigest()
    return f"teams:gesture:{digest[:40]}"


def _said(activity: Activity, by: Address, at: datetime, name: str) -> Said | None:
    text = activity.get("text")
    if activity.get("type") != "message" or not isinstance(text, str) or not _id(activity, "id"):
        return None
    if data_of(activity).get(DATA) is not None:
        return None  # a button of a card we no longer know; its text is not the person's
    words = _words(text, activity)
    return Said(id=name, at=at, by=by, text=words, place=_place(activity, by.tenant)) if words else None


def _place(activity: Activity, tenant: str) -> Address | None:
    """The channel something was said in; None: a personal or group chat. Posts there begin threads of their own."""
    conversation = _dict(activity, "conversation")
    named = _id(_dict(_dict(activity, "channelData"), "channel"), "id")
    channel = named or _id(conversation, "id").partition(";")[0]
    if conversation.get("conversationType") != "channel" or not channel:
        return None
    route = {CHANNEL: channel, "service_url": _id(activity, "serviceUrl"), "bot_id": _id(_dict(activity, "recipient"), "id")}
    return Address(platform=Platform.TEAMS, tenant=tenant, user=channel, route=route)


def _words(text: str, activity: Activity) -> str:
    """What was typed: without the mention of the bot; mentions of others by their names, as the scope of a setting by account."""
    bot = _id(_dict(activity, "recipient"), "id")
    for entity in _list(activity, "entities"):
        if isinstance(entity, Mapping) and entity.get("type") == "mention":
            shown, who = entity.get("text"), _id(_dict(entity, "mentioned"), "id")
            if who and who == bot and isinstance(shown, str) and shown:
                text = text.replace(shown, " ")
            elif who and isinstance(shown, str) and shown and _SETTING.match(text):  # names are not unique, accounts are
                text = re.sub(rf"(?<=\sfor\s)((?:{_PERSON}\s+)?){re.escape(shown)}", rf"\1<@{who}>", text, flags=re.IGNORECASE)
    if not any(isinstance(entity, Mapping) and entity.get("type") == "mention" for entity in _list(activity, "entities")):
        text = re.sub(r"^\s*<at\b[^>]*>[^<]*</at>", " ", text)  # simulators leave the entity away, not always all others
    text = re.sub(r"</?at\b[^>]*>", "", text)
    return clean(html.unescape(text).replace("\u00a0", " ").strip(" \u200b\ufeff\r\n"))  # the box puts some around commands


def _values(data: Mapping[str, Any]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in data.items():
        if key in _OURS or key != _name(key):
            continue
        if isinstance(value, bool):
            values[key] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            values[key] = clean(str(value))
    return values


def _action(text: object) -> Action | None:
    if not isinstance(text, str):
        return None
    try:
        action = decode(text)
        # Names that no storage takes are names of nothing: NUL and lone surrogates come from forgers.
        return action if all(_storable(arg) for arg in action.args) else None
    except (UnknownAction, ValueError):
        return None


def _is_own(activity: Activity) -> bool:
    sender = _dict(activity, "from")
    return sender.get("role") == "bot" or _id(sender, "id") == _id(_dict(activity, "recipient"), "id")


def _has_bot(activity: Activity, members: str) -> bool:
    bot = _id(_dict(activity, "recipient"), "id")
    return any(isinstance(member, Mapping) and _id(member, "id") == bot for member in _list(activity, members))


def _client_zone(activity: Activity) -> str:
    infos = (e for e in _list(activity, "entities") if isinstance(e, Mapping) and e.get("type") == "clientInfo")
    return next((_id(info, "timezone") for info in infos), "")


def _dict(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = values.get(key)
    return value if isinstance(value, Mapping) else {}


def _list(values: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = values.get(key)
    return value if isinstance(value, list) else ()


def _id(values: Mapping[str, Any], key: str) -> str:
    return _name(values.get(key))


def _account(sender: Mapping[str, Any]) -> str:
    """Whose id it is; nobody's where it could not be part of an address on the platform."""
    found = _id(sender, "id")
    return found if found[:1].isalnum() and not found.endswith("/") else ""


def _name(value: object) -> str:
    """`value` where it can be a platform's id or name, otherwise nothing."""
    return value if isinstance(value, str) and _storable(value) and len(value.encode()) <= LONGEST_ID else ""


def _storable(text: str) -> bool:
    return not any(c == "\0" or unicodedata.category(c) == "Cs" for c in text)
