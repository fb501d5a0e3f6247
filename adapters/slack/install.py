"""`GET /slack/install` and `GET /slack/oauth_redirect`: Rondo comes into a workspace, or into a whole organisation.

A state ties the two together: it works once, for ten minutes, in the browser that began. Whatever goes wrong ends in a page
that says what happened, what was kept and what to do, and writes nothing. docs.slack.dev/authentication/installing-with-oauth
"""

import asyncio
import base64
import hashlib
import hmac
import html
import logging
import urllib.parse
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request

from adapters.slack.kept import home
from adapters.slack.manifest import SCOPES
from adapters.slack.meaning import meaning
from adapters.slack.tokens import Tokens
from bot.ports import DeliveryError, Later, Refused
from bot.talk.text import clean
from bot.talk.voice import Phrases, Voice

NOBODY: Final = "nobody"
"""In place of whoever pressed *Allow*: the store wants a name there, and nothing needs to know it."""
COOKIE: Final = "rondo_slack_install"
LIFE: Final = 600  # seconds
STALE: Final = frozenset({"invalid_code", "code_already_used", "code_expired", "invalid_grant"})
SETTING: Final = frozenset(
    {"bad_client_secret", "invalid_client_id", "bad_redirect_uri", "invalid_client", "oauth_authorization_url_mismatch"}
)
STYLE: Final = "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:12vh auto;padding:0 1.5rem}"
_ALLOWED = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_ALLOWED}'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

log = logging.getLogger("rondo.slack.install")

Installed = Callable[[Installation], Awaitable[None]]
"""What follows when Rondo came into a workspace."""


class _Stop(Exception):
    """The install ends here: the page to show, by the stem of its phrases."""

    def __init__(self, status: int, words: str, **args: str) -> None:
        super().__init__(words)
        self.status, self.words, self.args_of_words = status, words, args


def install_router(
    tokens: Tokens, client: AsyncWebClient, *, phrases: Phrases, authorize_url: str, secure: bool, installed: Installed
) -> APIRouter:
    """The two routes. `authorize_url`: where Slack asks; `secure`: the cookie travels over https only."""
    router = APIRouter()
    cookie = f"__Host-{COOKIE}" if secure else COOKIE  # the prefix: no other host and no plain http can have set it
    asks = AuthorizeUrlGenerator(client_id=tokens.client_id, scopes=list(SCOPES), authorization_url=authorize_url)

    @router.get("/slack/install", include_in_schema=False)
    async def begin(request: Request) -> Response:
        try:
            state = await asyncio.to_thread(tokens.installs.new_state)
        except Exception:
            log.exception("no install can begin")
            return _page(503, "install-busy", _voice(request, phrases), {})
        answer = RedirectResponse(asks.generate(state), 302, headers={"Cache-Control": "no-store"})
        answer.set_cookie(cookie, state, max_age=LIFE, path="/", secure=secure, httponly=True, samesite="lax")
        return answer

    @router.get("/slack/oauth_redirect", include_in_schema=False)
    async def end(request: Request) -> Response:
        voice = _voice(request, phrases)
        try:
            installation = await _installation(request, cookie, tokens, client)
            await tokens.save(installation)
        except _Stop as stop:
            log.warning("not installed in Slack", extra={"why": stop.words, "reason": stop.args_of_words.get("reason", "")})
            page = _page(stop.status, stop.words, voice, stop.args_of_words)
            if stop.words == "install-state":  # perhaps another tab's: that one may still be under way with this cookie
                return page
        except Exception:
            log.exception("not installed in Slack")
            page = _page(503, "install-busy", voice, {})
        else:
            await _follow(installation, installed)
            page = _done(installation, voice)
        page.delete_cookie(cookie, path="/", secure=secure, httponly=True, samesite="lax")
        return page

    return router


def authorize_url_of(api_url: str) -> str:
    """Where people are asked, beside the Web API."""
    parts = urllib.parse.urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"


async def _follow(installation: Installation, installed: Installed) -> None:
    """It is installed, whatever becomes of what follows: the next look around makes up for it."""
    extra = {"platform": "slack", "tenant": home(installation)}
    log.info("installed in Slack", extra=extra)
    try:
        await installed(installation)
    except Exception:
        log.exception("installed in Slack, and not yet looked around there", extra=extra)


async def _installation(request: Request, name: str, tokens: Tokens, client: AsyncWebClient) -> Installation:
    """What Slack gives for the code it sent the browser with. Raises _Stop."""
    asked = request.query_params
    state, cookie = asked.get("state", ""), request.cookies.get(name, "")
    same = state.isascii() and cookie.isascii() and hmac.compare_digest(state, cookie)
    if not state or len(state) > 200 or not same or not await asyncio.to_thread(tokens.installs.use_state, state):
        raise _Stop(400, "install-state")
    if asked.get("error"):
        raise _Stop(400, "install-denied", reason=clean(asked["error"], limit=100))
    code = asked.get("code", "")
    if not code or len(code) > 1_000:
        raise _Stop(400, "install-code")
    try:
        given = (await client.oauth_v2_access(client_id=tokens.client_id, client_secret=tokens.client_secret, code=code)).data
    except Exception as error:
        raise _refused(meaning(error, posting=False)) from error
    installation = _read(given) if isinstance(given, dict) else None
    if installation is None:
        raise _Stop(502, "install-away", reason="no bot token in Slack's answer")
    if not tokens.may(installation.team_id or "", installation.enterprise_id or ""):
        await _hand_back(client, installation)
        place = installation.team_name or installation.enterprise_name or home(installation)
        raise _Stop(403, "install-elsewhere", workspace=place, id=home(installation))
    return installation


def _refused(error: DeliveryError) -> _Stop:
    if error.reason in STALE:
        return _Stop(400, "install-code", reason=error.reason)
    broken = isinstance(error, Later) and error.broken
    if error.reason in SETTING or broken or isinstance(error, Refused):
        return _Stop(502, "install-setting", reason=error.reason[:100])
    return _Stop(503, "install-away", reason=error.reason[:100])


async def _hand_back(client: AsyncWebClient, installation: Installation) -> None:
    """A token that we must not keep should not work either."""
    try:
        await client.auth_revoke(token=installation.bot_token)
    except Exception as error:
        reason = meaning(error, posting=False).reason
        log.error(
            "a token was not handed back to Slack: remove the app there", extra={"tenant": home(installation), "reason": reason}
        )


def _read(given: Mapping[str, Any]) -> Installation | None:
    """An install from Slack's answer; None where it holds no bot token for a workspace or an organisation.

    Tokens of people and webhooks are not asked for, and not kept should they come.
    """
    organisation = bool(given.get("is_enterprise_install"))
    team, enterprise = _dict(given, "team"), _dict(given, "enterprise")
    token, ends = given.get("access_token"), given.get("expires_in")
    where = _text(enterprise, "id") if organisation else _text(team, "id")
    if not isinstance(token, str) or not token or not where or given.get("token_type", "bot") != "bot":
        return None
    return Installation(
        app_id=_text(given, "app_id"),
        enterprise_id=_text(enterprise, "id") or None,
        enterprise_name=_text(enterprise, "name") or None,
        team_id=None if organisation else where,
        team_name=None if organisation else _text(team, "name") or None,
        bot_token=token,
        bot_user_id=_text(given, "bot_user_id") or None,
        bot_scopes=_text(given, "scope", 1_000),
        bot_refresh_token=given.get("refresh_token") if isinstance(given.get("refresh_token"), str) else None,
        bot_token_expires_in=ends if isinstance(ends, int) else None,
        user_id=NOBODY,
        is_enterprise_install=organisation,
        token_type="bot",
    )


def _dict(owner: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = owner.get(key)
    return value if isinstance(value, dict) else {}


def _text(owner: Mapping[str, Any], key: str, most: int = 200) -> str:
    value = owner.get(key)
    return clean(value, limit=most) if isinstance(value, str) else ""


# ------------------------------------------------------------------------------------------ pages


def _voice(request: Request, phrases: Phrases) -> Voice:
    """The language a browser prefers; English where we do not speak it. Weights: RFC 9110, section 12.5.4."""
    best, weight = "en", 0.0
    for part in request.headers.get("accept-language", "")[:500].split(","):
        tag, _, quality = part.strip().partition(";")
        try:
            wanted = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        language = tag.strip().lower().partition("-")[0]
        if language in phrases and wanted > weight:
            best, weight = language, wanted
    return phrases[best]


def _done(installation: Installation, voice: Voice) -> Response:
    app = urllib.parse.quote(installation.app_id or "", safe="")
    if installation.is_enterprise_install:
        where = urllib.parse.quote(installation.enterprise_id or "", safe="")
        name = installation.enterprise_name or installation.enterprise_id or ""
        link = f"https://app.slack.com/manage/{where}/integrations/profile/{app}/workspaces/add"
        lines, label = ["install-done-organisation", "install-done-next"], "install-choose"
    else:
        name, where = (
            installation.team_name or installation.team_id or "",
            urllib.parse.quote(installation.team_id or "", safe=""),
        )
        link, lines, label = f"https://slack.com/app_redirect?app={app}&team={where}", ["install-done-next"], "install-open"
    said = [voice.line(line) for line in lines]
    return _html(200, voice, voice.line("install-done", workspace=name), said, link, voice.line(label))


def _page(status: int, words: str, voice: Voice, args: Mapping[str, str]) -> Response:
    given = dict(args)
    title = voice.line(words, **{key: value for key, value in given.items() if key == "workspace"})
    needed = {"install-elsewhere": ("id",), "install-setting": ("reason",)}.get(words, ())
    said = voice.line(f"{words}-next", **{key: given[key] for key in needed})
    return _html(status, voice, title, [said, voice.line("install-kept")], "/slack/install", voice.line("install-again"))


def _html(status: int, voice: Voice, title: str, lines: list[str], link: str, label: str) -> Response:
    said = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    body = (
        f'<!doctype html><html lang="{voice.locale}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f'<body><h1>{html.escape(title)}</h1>{said}<p><a href="{html.escape(link)}">{html.escape(label)}</a></p></body></html>'
    )
    return HTMLResponse(body, status, headers=HEADERS)
