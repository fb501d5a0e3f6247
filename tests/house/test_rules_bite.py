"""Each house rule finds the violation it is for, and leaves what is allowed alone."""

import pytest

from tests.house import rules

DOC = '"""What it is for."""\n'


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.decide", "import sqlalchemy"),
        ("bot.decide", "from storage.store import SqlStore"),
        ("bot.flows.goals", "from adapters.slack import render"),
        ("bot.flows.goals", "def f():\n    import httpx"),
        ("prompts.loader", "from bot.model import Goal"),
        ("prompts.loader", "import bot.model"),
        ("prompts.loader", "from bot import model"),
        ("prompts.loader", "import sqlalchemy"),
        ("storage.store", "from scheduler.sweep import Sweep"),
        ("storage.store", "import apscheduler"),
        ("storage.store", "from adapters import clock"),
        ("scheduler.sweep", "from storage.agenda import SqlAgenda"),
        ("scheduler.sweep", "from adapters.slack import gateway"),
        ("scheduler.sweep", "import sqlalchemy"),
        ("adapters.slack.routes", "from storage.store import SqlStore"),
        ("adapters.slack.routes", "from adapters.teams import render"),
        ("adapters.slack.routes", "from ..teams import render"),
        ("adapters.slack.routes", "import botbuilder.core"),
        ("adapters.teams.routes", "import slack_sdk"),
        ("adapters.teams.routes", "from scheduler import deliver"),
        ("adapters.local.routes", "from adapters.app import build"),
        ("adapters.api", "from storage.reports import SqlReports"),
        ("adapters.api", "from adapters.slack import render"),
        ("adapters.simulate.chat", "from adapters.slack import gateway"),
        ("adapters.simulate.server", "import slack_sdk"),
        ("adapters.simulate.server", "from adapters import app"),
    ],
)
def test_a_foreign_import_is_found(module: str, line: str) -> None:
    assert rules.foreign_imports(DOC + line, module)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot.decide", "from bot.model import Goal\nimport re"),
        ("bot.flows.goals", "from . import checkin"),
        ("prompts.loader", "from bot.talk.text import Span\nfrom bot.talk import voice\nimport fluent.runtime"),
        ("storage.store", "from bot.ports import Store\nfrom sqlalchemy import Engine"),
        ("adapters.slack.routes", "from adapters.slack import render\nfrom . import inbound\nfrom fastapi import APIRouter"),
        ("adapters.app", "from storage.store import SqlStore"),
    ],
)
def test_an_allowed_import_is_left_alone(module: str, line: str) -> None:
    assert not rules.foreign_imports(DOC + line, module)


def test_an_import_of_the_composition_root_is_found() -> None:
    assert rules.roots_imported("from adapters.app import build", "adapters.web")
    assert rules.roots_imported("from adapters import cli", "scheduler.sweep")
    assert rules.roots_imported("from adapters.reader import DatabaseReader", "adapters.web")
    assert not rules.roots_imported("from adapters.app import build", "adapters.cli")
    assert rules.roots_imported("from adapters.simulate import run", "adapters.web")
    assert rules.roots_imported("from adapters.app import build", "adapters.simulate.server")
    assert not rules.roots_imported("from adapters.simulate import run", "adapters.cli")
    assert not rules.roots_imported("from adapters import importer", "adapters.simulate.simulation")


def test_a_file_beside_the_platforms_that_reaches_across_is_found() -> None:
    assert rules.crossings("from storage.store import SqlStore", "adapters.web")
    assert rules.crossings("from adapters.slack import render", "adapters.web")
    assert not rules.crossings("from storage.store import SqlStore", "adapters.app")


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "import os.path",
        "from uuid import uuid4",
        "import asyncio",
        "import time",
        "import logging",
        "from pathlib import Path",
        "import secrets",
        "x = open('f')",
        "print('x')",
        "exec('x')",
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.date.today()",
        "async def f(): ...",
        "def f():\n    global x\n    x = 1",
    ],
)
def test_an_impure_core_is_found(line: str) -> None:
    assert rules.impurities(DOC + line, "bot.flows.goals")


def test_a_pure_core_is_left_alone() -> None:
    assert not rules.impurities(
        "import re\nfrom datetime import datetime\nx = scene.now\ny = scene.open_goals()", "bot.flows.goals"
    )
    assert not rules.impurities("import logging", "bot.turn")


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.utcnow()",
        "datetime.today()",
        "date.today()",
        "datetime.datetime.now()",
        "dt.datetime.now()",
        "time.time()",
        "clock = time.time",
        "from time import time",
    ],
)
def test_a_read_clock_is_found(line: str) -> None:
    assert rules.clock_reads(line)


@pytest.mark.parametrize("line", ["clock.now()", "self._clock.now()", "scene.now", "time.monotonic()"])
def test_a_clock_that_was_handed_in_is_left_alone(line: str) -> None:
    assert not rules.clock_reads(line)


@pytest.mark.parametrize("line", ["time.sleep(1)", "from time import sleep", "pause = time.sleep"])
def test_a_sleep_is_found(line: str) -> None:
    assert rules.sleeps(line)
    assert not rules.sleeps("await asyncio.sleep(0)")


@pytest.mark.parametrize(
    "line", ["from unittest import mock", "from unittest.mock import Mock", "import mock", "import pytest_mock"]
)
def test_a_mock_is_found(line: str) -> None:
    assert rules.mocks(line)


def test_a_long_file_is_found() -> None:
    assert rules.too_long("x = 1\n" * 401)
    assert not rules.too_long("x = 1\n" * 400)


def test_a_missing_or_endless_docstring_is_found() -> None:
    assert rules.bad_docstring("x = 1")
    assert rules.bad_docstring("")
    assert rules.bad_docstring('"""' + "line\n" * 7 + '"""')
    assert not rules.bad_docstring('"""' + "line\n" * 5 + 'line"""')


@pytest.mark.parametrize(
    "parts",
    [
        ("https://", "pypi", ".org/simple"),
        ("files.", "pythonhosted", ".org/x.whl"),
        ("--index", "-url https://mirror.example/simple"),
        ("see ", "/work", "/main/bot"),
        ('open("', "/home", '/somebody/x")'),
        ("COPY ", "/Users", "/somebody ."),
    ],
)
def test_a_registry_or_a_path_of_one_machine_is_found(parts: tuple[str, ...]) -> None:
    assert rules.addresses("".join(parts))


@pytest.mark.parametrize(
    "line",
    [
        "COPY . /app",
        "GET /api/workers/items",
        "--no-emit-index-url --generate-hashes",
        "https://docs.slack.dev",
    ],
)
def test_ordinary_addresses_are_left_alone(line: str) -> None:
    assert not rules.addresses(line)


def test_a_field_that_logging_keeps_for_itself_is_found() -> None:
    assert rules.taken_fields('log.info("people", extra={"created": 1, "changed": 2})') == ["1: created"]
    assert rules.taken_fields('facts = {"name": 1}\nlog.info("people", extra=facts)') == ["2: name"]
    assert not rules.taken_fields('log.info("people", extra={"joined": 1, **more})\nlog.info("x", extra=given)')
