"""What a failed call to Slack means for what was sent: RELIABILITY 2.2, as one function from errors to errors."""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.ports import DeliveryError, Gone, InDoubt, Later, Refused


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Error codes of the Web API: docs.slack.dev/reference/methods/chat.postMessage, chat.update, views.open, users.list.
# What is in none of these sets is our bug: refused.
_PERSON: Final = _codes(
    """user_disabled user_not_found users_not_found user_not_visible channel_not_found is_archived not_in_channel
    cannot_dm_bot invalid_channel restricted_action restricted_action_read_only_channel messages_tab_disabled
    message_not_found cant_update_message edit_window_closed"""  # the last three: an edit of what cannot be edited
)
_TENANT: Final = _codes(
    """token_revoked token_expired invalid_auth not_authed account_inactive missing_scope not_allowed_token_type
    no_permission ekm_access_denied team_access_not_granted access_denied org_login_required team_added_to_org
    enterprise_is_restricted accesslimited two_factor_setup_required team_not_found app_not_installed
    unknown_method deprecated_endpoint method_deprecated"""
)
_LATER: Final = _codes("ratelimited rate_limited message_limit_exceeded request_timeout")
_DOUBT: Final = _codes(
    """fatal_error internal_error service_unavailable
    duplicate_channel_not_found duplicate_message_not_found"""  # about client_msg_id: it is there already, read back
)
NO_SCOPE: Final = _codes("missing_scope not_allowed_token_type access_denied no_permission limit_required")


def meaning(error: Exception, *, posting: bool) -> DeliveryError:
    """What a failed call means. `posting`: the call makes a new message, so an unclear answer leaves it in doubt."""
    if isinstance(error, SlackApiError):
        return _refusal(error, posting=posting)
    if isinstance(
        error,
        aiohttp.ClientConnectorError  # refused, DNS, TLS
        | aiohttp.ConnectionTimeoutError
        | aiohttp.ClientHttpProxyError
        | aiohttp.InvalidURL,
    ):
        return Later(f"not connected: {type(error).__name__}")
    return unclear(type(error).__name__, posting=posting)


def _refusal(error: SlackApiError, *, posting: bool) -> DeliveryError:
    # A body that is no JSON arrives as aiohttp's own response, which has `status`.
    answer: Any = error.response
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
    data = getattr(answer, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429 or code in _LATER:
        return Later("ratelimited", seconds=retry_after(getattr(answer, "headers", None)), whole_tenant=True)
    if status in (401, 403) or code in _TENANT:
        return Later(str(code or f"http {status}"), broken=True)
    if not isinstance(code, str) or status >= 500 or status == 408 or code in _DOUBT:
        return unclear(str(code or f"http {status}"), posting=posting)
    details = data.get("response_metadata") if isinstance(data, dict) else None
    said = details.get("messages") if isinstance(details, dict) else None
    return Gone(code) if code in _PERSON else Refused(f"{code} {said}"[:500] if said else code)


def unclear(reason: str, *, posting: bool) -> DeliveryError:
    """Something came back that says neither yes nor no."""
    return InDoubt(reason) if posting else Later(reason)


def retry_after(headers: Any) -> float | None:
    """Seconds in a `Retry-After` header, 1 to 3600; None where it is missing or garbage."""
    value = headers.get("Retry-After") if isinstance(headers, Mapping) else None
    if not isinstance(value, str):
        return None
    if re.fullmatch(r"[0-9]{1,99}(\.[0-9]{1,99})?", value.strip(), re.ASCII):
        return min(max(float(value), 1.0), 3600.0)
    try:
        return min(max(parsedate_to_datetime(value).timestamp() - time.time(), 1.0), 3600.0)
    except (ValueError, TypeError, OverflowError):
        return None
