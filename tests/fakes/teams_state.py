"""What a loopback Teams tenant holds: people, personal chats and messages as they are now."""

import json
from dataclasses import dataclass, field

from .loopback import Json
from .teams_cards import CARD, dump_card


@dataclass(slots=True, kw_only=True)
class Person:
    id: str  # `29:…`, as this bot sees the person
    aad_object_id: str
    name: str
    email: str
    tz: str
    locale: str
    conversation: str  # `a:…`, the personal chat with the bot
    installed: bool = False
    enabled: bool = True  # the account in the directory
    role: str = "user"  # or `guest`
    refusal: str = ""  # `MessageWritesBlocked` or `BotNotInConversationRoster`


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel of a team in Teams. Every post of the bot begins a thread, `ID;messageid=…`."""

    id: str  # `19:…@thread.tacv2`
    refusal: str = ""  # `BotNotInConversationRoster`, `ConversationNotFound`, …


@dataclass(slots=True, kw_only=True)
class Team:
    """A team of people. Where it has the app, the bot may read its roster and open a chat with everybody in it."""

    id: str  # `19:…@thread.tacv2`, which is its General channel as well
    members: list[str] = field(default_factory=list)
    installed: bool = False


@dataclass(slots=True, kw_only=True)
class Message:
    """A bot message as it reads now; `for_user` holds cards that an invoke answer changed for one person only."""

    id: str
    conversation: str
    activity: Json
    sender: str
    for_user: dict[str, Json] = field(default_factory=dict)
    history: list[Json] = field(default_factory=list)
    deleted: bool = False

    @property
    def text(self) -> str:
        return str(self.activity.get("text") or "")

    @property
    def card(self) -> Json | None:
        """The first Adaptive Card, as everybody sees it."""
        for attachment in self.activity.get("attachments") or []:
            if attachment.get("contentType") == CARD:
                card: Json = attachment["content"]
                return card
        return None

    def card_for(self, user: str) -> Json | None:
        return self.for_user.get(user) or self.card


@dataclass(slots=True, kw_only=True)
class Dialog:
    """A dialog (task module) on a person's screen."""

    user: str
    title: str
    card: Json
    origin: Message | None  # the message whose button opened it
    value: Json = field(default_factory=dict)  # the whole `task.value`
    open: bool = True


def error_body(code: str, message: str = "") -> Json:
    """An error as the Connector words it. A blocked chat is told by Teams itself, in words of its own that are passed on."""
    if code == "MessageWritesBlocked":
        said = {"subCode": code, "details": "Thread is blocked from message writes.", "errorCode": None, "errorSubCode": None}
        return {"errorCode": 209, "message": json.dumps(said, indent=2)}
    return {"error": {"code": code, "message": message}}


def member_payload(person: Person, tenant_id: str) -> Json:
    given, _, family = person.name.partition(" ")
    return {
        "id": person.id, "name": person.name, "givenName": given, "surname": family, "email": person.email,
        "userPrincipalName": person.email, "aadObjectId": person.aad_object_id, "objectId": person.aad_object_id,
        "tenantId": tenant_id, "userRole": person.role,
    }  # fmt: skip


def dump(what: Message | Dialog, user: str | None = None) -> str:
    """A message (as `user` sees it) or a dialog as text."""
    if isinstance(what, Dialog):
        return f"== {what.title} ==\n{dump_card(what.card)}"
    card = what.card_for(user) if user else what.card
    return "\n".join(part for part in (what.text, dump_card(card) if card else "") if part)
