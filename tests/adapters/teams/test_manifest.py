"""The app package is what Teams takes: by the public schema, inside the limits, and every command in it is understood."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import jsonschema
import pytest
from fastapi import FastAPI
from PIL import Image
from typer.testing import CliRunner

from adapters import mark
from adapters.cli import app as cli
from adapters.settings import ConfigurationError
from adapters.teams import manifest as made
from adapters.teams.about import about_router
from bot.talk.intents import understand
from bot.talk.intents.kinds import Malformed, Unclear
from tests.adapters.teams.conftest import APP_ID

SCHEMAS = Path(__file__).parents[2] / "schemas"
BASE = "https://rondo.example.com"


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}-{made.VERSION}.schema.json").read_text(encoding="utf-8"))
    return found


def package(base_url: str = BASE, app_id: str = APP_ID) -> bytes:
    return made.package(app_id=app_id, base_url=base_url, version="0.1.0", color=mark.colour(), outline=mark.outline())


def manifest() -> dict[str, Any]:
    return made.manifest(app_id=APP_ID, base_url=BASE, version="0.1.0")


def test_the_manifest_is_valid_by_the_public_schema() -> None:
    assert [error.message for error in jsonschema.Draft7Validator(schema("teams-app")).iter_errors(manifest())] == []
    localization = jsonschema.Draft7Validator(schema("teams-app-localization"))
    assert [error.message for error in localization.iter_errors(made.korean())] == []


def test_the_schema_would_notice_what_teams_would_refuse() -> None:
    validator = jsonschema.Draft7Validator(schema("teams-app"))
    broken = manifest()
    broken["bots"][0]["commandLists"][0]["commands"] *= 2
    assert list(validator.iter_errors(broken))
    assert list(validator.iter_errors({**manifest(), "manifestVersion": "1.29"}))


def test_the_zip_holds_the_manifest_the_korean_words_and_two_icons() -> None:
    with ZipFile(io.BytesIO(package())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["manifest.json", "ko.json", "color.png", "outline.png"]
        written = json.loads(archive.read("manifest.json"))
        assert written == manifest()
        assert written["id"] == written["bots"][0]["botId"] == APP_ID
        named = [language["file"] for language in written["localizationInfo"]["additionalLanguages"]]
        assert {*named, *written["icons"].values()} <= set(archive.namelist())


def test_the_same_input_gives_the_same_bytes() -> None:
    assert package() == package()
    assert package("https://other.example.com") != package()


def test_the_icons_have_the_sizes_and_the_transparency_teams_asks_for() -> None:
    color = Image.open(io.BytesIO(mark.colour()))
    outline = Image.open(io.BytesIO(mark.outline()))
    assert (color.format, color.size) == ("PNG", (192, 192))
    assert (outline.format, outline.size, outline.mode) == ("PNG", (32, 32), "RGBA")
    assert color.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    lowest, highest = outline.getchannel("A").getextrema()
    assert (lowest, highest) == (0, 255)
    shown = [outline.getpixel((x, y)) for x in range(32) for y in range(32)]
    assert {pixel[:3] for pixel in shown if isinstance(pixel, tuple) and pixel[3]} == {(255, 255, 255)}
    assert outline.getchannel("A").getbbox() is not None


@pytest.mark.parametrize(("scope", "commands"), made.LISTS)
def test_every_command_of_the_menus_is_understood_in_both_languages(scope: str, commands: tuple[made.Command, ...]) -> None:
    today = date(2026, 11, 20)
    for title, _, korean, _ in commands:
        english, in_korean = (understand(words, goals=(), today=today) for words in (title, korean))
        assert not isinstance(english, Malformed | Unclear), (scope, title)
        assert in_korean == english, (scope, title, korean)
        assert understand(f"/{title}", goals=(), today=today) == english


def test_every_scope_has_one_list_inside_the_limits_and_the_korean_words_for_it() -> None:
    bot, korean = manifest()["bots"][0], made.korean()
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert [one["scopes"] for one in bot["commandLists"]] == [["personal"], ["team"], ["groupChat"]]
    for number, one in enumerate(bot["commandLists"]):
        assert len(one["commands"]) <= 12
        titles = [command["title"] for command in one["commands"]]
        assert len(titles) == len(set(titles))
        for place, command in enumerate(one["commands"]):
            assert len(command["title"]) <= 32
            assert len(command["description"]) <= 128
            for field in ("title", "description"):
                assert korean[f"bots[0].commandLists[{number}].commands[{place}].{field}"]
    assert manifest()["webApplicationInfo"]["id"] == bot["botId"], "Graph lets an app install itself only"
    assert bot["isNotificationOnly"] is False
    assert bot["supportsFiles"] is False


def test_an_app_id_that_is_none_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match=r"^RONDO_TEAMS_APP_ID is no application id"):
        package(app_id="rondo")


def test_the_command_writes_the_zip_and_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RONDO_TEAMS_APP_ID", raising=False)
    run = CliRunner()
    asked = ["manifest", "teams", "--base-url", BASE]
    refused = run.invoke(cli, asked)
    assert isinstance(refused.exception, ConfigurationError)
    assert str(refused.exception).startswith("RONDO_TEAMS_APP_ID is missing")
    monkeypatch.setenv("RONDO_TEAMS_APP_ID", APP_ID)
    assert run.invoke(cli, [*asked, "--out", "app.zip"]).exit_code == 0
    assert run.invoke(cli, asked).stdout_bytes == (tmp_path / "app.zip").read_bytes()
    assert run.invoke(cli, ["manifest", "teams"]).exit_code == 2


@pytest.mark.parametrize(
    "odd", ["http://rondo.example.com", "rondo.example.com", "https://", "https://a b", "https://x/?q", "https://u@x", "ftp://x"]
)
def test_an_address_that_no_platform_could_reach_is_refused(odd: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RONDO_TEAMS_APP_ID", APP_ID)
    refused = CliRunner().invoke(cli, ["manifest", "teams", "--base-url", odd])
    assert isinstance(refused.exception, ConfigurationError)
    assert str(refused.exception).startswith("--base-url")


async def test_the_page_the_app_links_to_is_there_and_holds_nothing_foreign() -> None:
    app = FastAPI()
    app.include_router(about_router("<b>Brightwater & Co"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE) as client:
        answer = await client.get("/about")
    developer = manifest()["developer"]
    for address in (developer["websiteUrl"], developer["privacyUrl"], developer["termsOfUseUrl"]):
        path, _, anchor = address.removeprefix(BASE).partition("#")
        assert path == "/about"
        assert not anchor or f'id="{anchor}"' in answer.text
    assert answer.status_code == 200
    assert "&lt;b&gt;Brightwater &amp; Co" in answer.text
    assert "<script" not in answer.text
    assert 'lang="ko"' in answer.text
