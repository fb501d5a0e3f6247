"""What Slack accepts as an app manifest, version 1: the limits of its public JSON schema, written down for the parts we use.

Source: github.com/slackapi/manifest-schema, `schemas/manifest.schema.1.0.0.json` (no licence is named there, so it is not
copied). Parts for functions that Slack hosts are left out: a manifest that had them is refused here.
"""

from typing import Any

Json = dict[str, Any]


def _object(required: tuple[str, ...] = (), **properties: Json) -> Json:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def _words(most: int, least: int = 1, pattern: str = "") -> Json:
    return {"type": "string", "minLength": least, "maxLength": most} | ({"pattern": pattern} if pattern else {})


def _names(most: int, *, unique: bool = False) -> Json:
    return {"type": "array", "items": {"type": "string", "maxLength": 50}, "maxItems": most, "uniqueItems": unique}


_FLAG: Json = {"type": "boolean"}
_NUMBER: Json = {"type": "integer"}
_WEB = r"^https?:\/\/"

SCHEMA: Json = _object(
    ("display_information",),
    _metadata=_object(schema_version=_NUMBER, min_version=_NUMBER, major_version=_NUMBER, minor_version=_NUMBER),
    display_information=_object(
        ("name",),
        name=_words(35),
        description=_words(140),
        background_color=_words(7, 4, "^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
        long_description=_words(4000, 175),
    ),
    features=_object(
        app_home=_object(home_tab_enabled=_FLAG, messages_tab_enabled=_FLAG, messages_tab_read_only_enabled=_FLAG),
        bot_user=_object(("display_name",), display_name=_words(80), always_online=_FLAG),
        slash_commands={
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": _object(
                ("command", "description"),
                command=_words(32, 2, r"^\/"),
                url=_words(3000, 0, _WEB),
                description=_words(2000),
                usage_hint=_words(1000),
                should_escape=_FLAG,
            ),
        },
    ),
    oauth_config=_object(
        redirect_urls={"type": "array", "uniqueItems": True, "maxItems": 1000, "items": _words(2500, 0)},
        scopes=_object(user=_names(255), bot=_names(255), user_optional=_names(255), bot_optional=_names(255)),
        token_management_enabled=_FLAG,
        pkce_enabled=_FLAG,
    ),
    settings=_object(
        event_subscriptions=_object(
            request_url=_words(3500, 0, _WEB), user_events=_names(100, unique=True), bot_events=_names(100, unique=True)
        ),
        interactivity=_object(
            ("is_enabled",),
            is_enabled=_FLAG,
            request_url=_words(3500, 0, _WEB),
            message_menu_options_url=_words(3500, 0, _WEB),
        ),
        org_deploy_enabled=_FLAG,
        socket_mode_enabled=_FLAG,
        is_hosted=_FLAG,
        token_rotation_enabled=_FLAG,
    ),
)
