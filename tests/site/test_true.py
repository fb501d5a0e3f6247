"""What pages say is so: settings, commands, routes, labels of buttons, the command line."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.settings import Settings
from adapters.settings_checks import PREFIX
from adapters.settings_files import SUFFIX
from bot.talk.intents import commands, nudges, tables
from bot.talk.intents.kinds import Malformed
from bot.talk.intents.meetings import read_meeting
from prompts.loader import load
from tests.house.files import ROOT
from tests.site.commandline import PAGE, page

DOCS = ROOT / "docs"
TODAY = date(2026, 11, 26)
GUIDES = {
    **{DOCS / "guides" / f"{name}.md": "en" for name in ("employees", "managers", "hr")},
    **{DOCS / "ko" / f"{name}.md": "ko" for name in ("index", "employees", "managers", "hr")},
    DOCS / "quick-start.md": "en",
}
NOT_LABELS = {"Rondo", "Slack", "Teams", "Next thing that happens"}
"""Of the playground's own page."""
OF_TESTS = {"RONDO_LAW_EXAMPLES", "RONDO_SCREENSHOTS", "RONDO_SIMULATE_SEEDS"}
SAID_BY_OTHERS = {"invalid_auth", "401 invalid_client", "400", "connection failed"}
PREFIXES = {"api.py": "/api/v1", "scim/routes.py": "/scim/v2"}
FORMS = {"GOAL": "", "SCOPE": "company"}
"""What words in capitals stand for, where an example is read."""


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _spoken(path: Path) -> list[str]:
    """What a page shows as something to write to Rondo."""
    found = re.findall(r"`([^`\n]+)`", _read(path)) + re.findall(r"^(/\w[^\n]*)$", _read(path), re.MULTILINE)
    return [one for one in found if one.startswith("/") and not one.endswith("…") and one.split()[0] in commands_by_name()]


def commands_by_name() -> set[str]:
    return {name for name in tables.COMMANDS.values() if name.startswith("/")}


def _understood(words: str) -> bool:
    for form, meant in FORMS.items():
        words = words.replace(form, meant)
    split = commands.split_command(words)
    intent = read_meeting(words) if split is None else commands.read_command(*split, [], TODAY)
    return intent is not None and not isinstance(intent, Malformed)


def test_the_page_of_the_command_line_is_what_the_code_says() -> None:
    assert _read(PAGE) == page(), "run `make docs`"


def test_every_setting_is_on_its_page_and_no_other() -> None:
    written = set(re.findall(rf"`({PREFIX}[A-Z0-9_]+)`", _read(DOCS / "settings.md")))
    assert written == {f"{PREFIX}{field}".upper() for field in Settings.model_fields}


def test_the_defaults_on_the_settings_page_are_those_of_the_code() -> None:
    rows = [line.split("|") for line in _read(DOCS / "settings.md").splitlines() if line.startswith(f"| `{PREFIX}")]
    for field, about in Settings.model_fields.items():
        (row,) = (one for one in rows if f"`{PREFIX}{field}`".upper() in one[1])
        default = about.get_default()
        if isinstance(default, bool):
            assert row[2].strip() in (("`true`", "`on`") if default else ("`false`", "`off`")), field
        elif default and field != "slack_api_url":
            plain = default.get_secret_value() if isinstance(default, SecretStr) else default
            assert row[2].strip() == f"`{plain}`", field


def test_every_setting_is_in_the_example_file() -> None:
    written = set(re.findall(rf"^#?({PREFIX}[A-Z0-9_]+)=", _read(ROOT / ".env.example"), re.MULTILINE))
    assert written == {f"{PREFIX}{field}".upper() for field in Settings.model_fields}


def test_settings_that_other_pages_name_exist() -> None:
    names = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}
    known = names | {f"{name}{SUFFIX}" for name in names} | OF_TESTS
    for path in (*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", ".env.example", "compose.yaml"))):
        if path.parent.name != "decisions":
            named = set(re.findall(rf"\b({PREFIX}[A-Z0-9_]*[A-Z0-9])\b", _read(path)))
            assert named <= known, f"{path.name}: {named - known}"


@pytest.mark.parametrize("path", [DOCS / "commands.md", *GUIDES], ids=lambda path: path.relative_to(DOCS).as_posix())
def test_what_a_page_shows_as_a_command_is_understood(path: Path) -> None:
    assert [words for words in _spoken(path) if not _understood(words)] == []


def test_the_korean_words_of_the_command_page_are_understood_as_the_same() -> None:
    rows = [line.split("|")[1:3] for line in _read(DOCS / "commands.md").splitlines() if line.startswith("| `/")]
    assert len(rows) > 30
    for english, korean in rows:
        meant = {type(_intent(words)) for words in re.findall(r"`([^`]+)`", english)}
        said = {type(_intent(words)) for words in re.findall(r"`([^`]+)`", korean)}
        assert said, english
        assert said <= meant, f"{korean} is not {english}"


def _intent(words: str) -> object:
    split = commands.split_command(words)
    return read_meeting(words) if split is None else commands.read_command(*split, [], TODAY)


def test_every_command_and_subcommand_is_on_the_command_page() -> None:
    words = _read(DOCS / "commands.md")
    known: Mapping[str, Mapping[str, str]] = {
        **tables.SUB_COMMANDS,
        "/nudges": nudges._VERBS,
    }
    forms = {f"{name} {verb}" for name, table in known.items() for verb in table.values()}
    assert sorted(form for form in forms - {"/goals mine"} if form not in words) == []
    assert commands_by_name() <= set(re.findall(r"/\w+", words))


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.relative_to(DOCS).as_posix())
def test_labels_in_a_guide_are_those_on_the_buttons_and_fields(path: Path) -> None:
    written = set(re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)|<em>([^<]+)</em>", _read(path)))
    named = {(one or other).strip() for one, other in written}
    assert named, "no label at all: is the pattern still right?"
    known = {_plain(text) for text in _labels(GUIDES[path])} | {_plain(one) for one in NOT_LABELS}
    assert sorted(one for one in named if _plain(one) not in known) == []


def _plain(label: str) -> str:
    return re.sub(r"\{[^}]*\}|…", "", label).strip().casefold()


def _labels(locale: str) -> set[str]:
    """Every phrase of one line."""
    found = set()
    for file in sorted((ROOT / "prompts" / locale).glob("*.ftl")):
        found |= {line.partition("=")[2].strip() for line in _read(file).splitlines() if re.match(r"[a-z][\w-]* = \S", line)}
    return found


def test_the_lines_that_troubleshooting_explains_are_lines_that_rondo_prints() -> None:
    sources = " ".join(_read(path) for room in ("adapters", "scheduler", "storage") for path in (ROOT / room).rglob("*.py"))
    printed = re.sub(r"\{[^{}]*\}", "…", re.sub(r'"\s*\)?\s*f?"', "", sources))
    own = _read(DOCS / "troubleshooting.md").partition("\n## On Slack's and Teams' side")[0]
    first = [line.split(" | ")[0] for line in own.splitlines() if line.startswith("| ")]
    parts = [part for cell in first for line in re.findall(r"`([^`]+)`", cell) for part in re.split(r"…\??|: ", line)]
    assert len(parts) > 40
    assert [part for part in map(str.strip, parts) if part not in SAID_BY_OTHERS and part not in printed] == []


def test_every_route_is_on_the_api_page() -> None:
    words = _read(DOCS / "api.md")
    found = 0
    for file in sorted((ROOT / "adapters").rglob("*.py")):
        prefix = PREFIXES.get(file.relative_to(ROOT / "adapters").as_posix(), "")
        if "local" not in file.parts:
            for method, path in re.findall(r"^ *@router\.(get|post|put|patch|delete)\(\"([^\"]+)\"", _read(file), re.MULTILINE):
                found += 1
                route = f"{method.upper()} {prefix}{path.replace(':path}', '}')}"
                assert f"`{route}`" in words, f"{file.name}: {route}"
    assert found > 20


def test_every_locale_has_its_guides() -> None:
    assert set(load()) == set(GUIDES.values())
