"""The Slack app as a manifest, and why it asks for what it asks: docs/install-slack.md and a test read the same tables.

A scope, an event or a command that nothing here needs does not belong in them. Schema: github.com/slackapi/manifest-schema
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Something Slack is asked to allow."""

    why: str
    methods: tuple[str, ...] = ()  # of the Web API, that need it
    events: tuple[str, ...] = ()


SCOPES: Final[Mapping[str, Scope]] = {
    "chat:write": Scope(
        why="Rondo writes to people, keeps a message up to date, and writes in a team channel somebody invited it to.",
        methods=("chat.postMessage", "chat.update"),
    ),
    "commands": Scope(why="The slash commands /checkin, /goals, /team, /away, /nudges and /rondo."),
    "im:history": Scope(
        why="Rondo reads what people write to it in its own direct messages, and there looks whether a message arrived. "
        "It reads no channel and no conversation of others.",
        methods=("conversations.history",),
        events=("message.im",),
    ),
    "im:write": Scope(
        why="Rondo opens the direct message in which it looks whether a message arrived.", methods=("conversations.open",)
    ),
    "users:read": Scope(
        why="Name, time zone and language of people, so that nobody is asked at night.", methods=("users.info", "users.list")
    ),
    "users:read.email": Scope(
        why="The e-mail address is how a Slack account is matched with a person HR imported.", methods=("users.lookupByEmail",)
    ),
    "files:write": Scope(
        why="Charts in digests are pictures. Without this scope messages go out without them; everything else works.",
        methods=("files.getUploadURLExternal", "files.completeUploadExternal"),
    ),
}

FREE_METHODS: Final = frozenset({"auth.test", "auth.revoke", "auth.teams.list", "oauth.v2.access", "views.open", "views.publish"})
"""Methods that need no scope."""
FREE_EVENTS: Final[Mapping[str, str]] = {
    "app_home_opened": "Somebody opened Rondo's Home tab, which is drawn then.",
    "app_uninstalled": "Rondo was removed: its tokens are deleted.",
    "tokens_revoked": "A token was taken away: it is deleted.",
    "team_access_granted": "An organisation let Rondo into more workspaces.",
    "team_access_revoked": "An organisation took Rondo out of workspaces.",
}
"""Events that need no scope, and what they are for."""

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "/checkin": ("Answer your check-in, skip or snooze it", "[skip REASON | snooze 2h | history | settings]"),
    "/goals": ("See, add and update goals", "[add | update | team | at-risk]"),
    "/team": ("How your team's check-ins and goals stand", "[NAME]"),
    "/away": ("Tell when you are away, so that nobody asks you", "[2026-12-24..2026-12-31 | till Monday | back]"),
    "/nudges": ("HR: what is asked, when, and of whom", "[show | set | preview | history | pause | health]"),
    "/rondo": ("Help, privacy, your data, language", "[help | why | privacy | export | forget | concern TEXT | language ko]"),
}
"""Slash commands: what Slack says about each, and its hint."""

DESCRIPTION: Final = "Weekly check-ins, goals and decisions, asked at the right time and never twice."
LONG_DESCRIPTION: Final = (
    "Rondo asks people once a week how their goals are going, in a direct message that takes a minute to answer. "
    "It reminds only where that helps, says why it asks, respects working hours, holidays and leave, and brings what is stuck "
    "to somebody who can decide. It runs on your company's own server: what people write stays there. Rondo reads only the "
    "direct messages people have with it."
)


def manifest(base_url: str, *, socket: bool = False, one_workspace: bool = False) -> dict[str, Any]:
    """What *Create from a manifest* takes. `base_url`: without a slash at the end; empty only with `socket` (Socket Mode).

    `one_workspace`: for a token that is copied once into RONDO_SLACK_BOT_TOKEN; it must not run out, so tokens do not rotate.
    """
    address = "" if socket else f"{base_url}/slack/events"
    url = {"url": address} if address else {}
    request_url = {"request_url": address} if address else {}
    events = sorted({event for scope in SCOPES.values() for event in scope.events} | FREE_EVENTS.keys())
    redirect = {"redirect_urls": [f"{base_url}/slack/oauth_redirect"]} if base_url and not one_workspace else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Rondo",
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "Rondo", "always_online": True},
            "slash_commands": [
                {"command": name, **url, "description": said, "usage_hint": hint, "should_escape": True}
                for name, (said, hint) in COMMANDS.items()
            ],
        },
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": events},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": not one_workspace,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": not one_workspace,
        },
    }


def explained() -> str:
    """The tables of docs/install-slack.md, in Markdown."""
    scopes = [f"| `{name}` | {scope.why} |" for name, scope in SCOPES.items()]
    events = [(name, SCOPES[of].why) for of in SCOPES for name in SCOPES[of].events]
    rows = [f"| `{name}` | {why} |" for name, why in (*events, *FREE_EVENTS.items())]
    head = "|---|---|"
    return "\n".join(["| scope | what for |", head, *scopes, "", "| event | what for |", head, *rows])
