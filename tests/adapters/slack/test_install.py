"""The pages of an install: in the browser's language, nothing of a stranger's in them as markup, never a server error."""

import html
import re

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import Engine
from starlette.responses import Response

from adapters.installs import SqlInstalls
from adapters.slack.client import Client
from adapters.slack.install import NOBODY, _done, _page, _read, authorize_url_of, install_router
from adapters.slack.manifest import SCOPES
from adapters.slack.tokens import Tokens
from prompts import loader
from prompts.loader import ROOT, read
from tests.adapters.slack.test_installs import KEY

PHRASES = loader.load()
ENDS = sorted(name.removesuffix("-next") for name in read(ROOT / "en").needs if re.fullmatch("install-.*-next", name))
EVIL = "<script>alert(1)</script>"


def _text(page: Response) -> str:
    return bytes(page.body).decode()


@pytest.mark.parametrize("locale", ["en", "ko"])
@pytest.mark.parametrize("words", [one for one in ENDS if one != "install-done"])
def test_each_page_says_what_happened_what_was_kept_and_what_to_do(words: str, locale: str) -> None:
    voice = PHRASES[locale]
    page = _text(_page(400, words, voice, {"workspace": EVIL, "id": "T1", "reason": EVIL}))
    for name in (f"{words}-next", "install-kept", "install-again"):
        said = re.sub(r"\{.*?\}", "", voice.line(name, **dict.fromkeys(read(ROOT / locale).needs[name], "T1")))
        assert said.split(".")[0].split("T1")[0][:20] in html.unescape(page)
    assert EVIL not in page and f'lang="{locale}"' in page and 'href="/slack/install"' in page


@pytest.mark.parametrize("locale", ["en", "ko"])
def test_the_last_page_leads_into_slack(locale: str) -> None:
    one = Installation(app_id="A1", team_id="T1", team_name=EVIL, user_id="U1")
    page = _text(_done(one, PHRASES[locale]))
    assert "https://slack.com/app_redirect?app=A1&amp;team=T1" in page and EVIL not in page
    all_ = Installation(app_id="A1", enterprise_id="E1", enterprise_name="Acme", user_id="U1", is_enterprise_install=True)
    assert "https://app.slack.com/manage/E1/integrations/profile/A1/workspaces/add" in _text(_done(all_, PHRASES[locale]))


@pytest.mark.parametrize(
    "given",
    [
        {}, {"access_token": "x"}, {"access_token": 5, "team": {"id": "T1"}}, {"access_token": "x", "team": {"id": ""}},
        {"access_token": "x", "team": {"id": "T1"}, "token_type": "user"}, {"access_token": "x", "is_enterprise_install": True},
    ],
)  # fmt: skip
def test_an_answer_without_a_bot_token_for_a_workspace_is_no_install(given: dict[str, object]) -> None:
    assert _read(given) is None


def test_tokens_of_people_and_webhooks_are_not_kept() -> None:
    given = {
        "access_token": "xoxb-1", "team": {"id": "T1"}, "authed_user": {"id": "U1", "access_token": "xoxp-1"},
        "incoming_webhook": {"url": "https://hooks.slack.com/1"},
    }  # fmt: skip
    made = _read(given)
    assert made is not None and made.user_token is None and made.incoming_webhook_url is None
    assert made.user_id == NOBODY


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,en;q=0.5", "ko"),
        ("en;q=0.2,ko;q=0.1", "en"),
        ("de,ko;q=0.3", "ko"),
        ("ko;q=x,,;;", "en"),
    ],
)
async def test_the_page_is_in_the_browsers_language_and_the_cookie_is_guarded(
    engine: Engine, accepts: str, language: str
) -> None:
    client = Client("https://slack.com/api/")
    tokens = Tokens(SqlInstalls(engine, "1.2", [KEY]), client, client_id="1.2", client_secret="s")

    async def installed(installation: Installation) -> None:
        raise AssertionError("nothing is installed here")

    app = FastAPI()
    url = authorize_url_of("https://slack.com/api/")
    app.include_router(install_router(tokens, client, phrases=PHRASES, authorize_url=url, secure=True, installed=installed))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://rondo.example") as browser:
        browser.headers["Accept-Language"] = accepts
        first = await browser.get("/slack/install")
        where = httpx.URL(first.headers["location"])
        assert (first.status_code, where.host, where.path) == (302, "slack.com", "/oauth/v2/authorize")
        assert where.params["scope"].split(",") == list(SCOPES) and where.params["client_id"] == "1.2"
        cookie = first.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/;", "Max-Age=600"))
        assert cookie.startswith("__Host-") and where.params["state"] in cookie
        refused = await browser.get("/slack/oauth_redirect?state=guessed&code=1")
        assert refused.status_code == 400 and f'<html lang="{language}">' in refused.text
        assert refused.headers["cache-control"] == "no-store" and "script" not in refused.headers["content-security-policy"]
    await client.close()
