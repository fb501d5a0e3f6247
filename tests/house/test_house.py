"""The house as it stands keeps its rules (`rules.py`); `test_rules_bite.py` shows that each of them would notice."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import rules
from tests.house.files import ROOT, everything, python_in, where

CODE = ("bot", "adapters", "scheduler", "storage", "prompts")

READS_THE_CLOCK = {
    "adapters/app.py": "the instant at which deliveries and leases are reckoned, whatever the clock of the playground says",
    "adapters/clock.py": "the one clock of the running bot",
    "adapters/installs.py": "an install under way is good for ten real minutes, and Slack's tokens for twelve real hours",
    "adapters/local/gateway.py": "when a message was really posted, to read it back after a doubt",
    "adapters/slack/meaning.py": "Retry-After may be a date, set by a server's wall clock",
    "adapters/slack/routes.py": "a signature is valid for five real minutes",
    "adapters/slack/kept.py": "Slack's tokens run out in real time",
    "adapters/slack/renewing.py": "whether a token has run out already, for whoever reads of it",
    "adapters/tracing.py": "a span says when in the real world it was",
    "adapters/web.py": "the Date of an answer is of the real world",
    "adapters/teams/tokens.py": "Retry-After may be a date, set by a server's wall clock",
    "tests/pacing/platform.py": "a Retry-After that is a date is held against wall time by our client",
    "scheduler/heartbeat.py": "the first run of an APScheduler job is a wall time; nothing is decided by it",
}
"""Files that may, and why."""

REAL_TIME = (
    "tests/upgrade/",
    "tests/adapters/",
    "tests/chaos/",
    "tests/e2e/",
    "tests/fakes/",
    "tests/hostile/",
    "tests/scheduler/",
    "tests/security/",
    "tests/storage/",
    "benchmarks/",
)
"""Where signatures, tokens, leases or processes are real, and so is their time. What is decided is tested by hand-set time."""

REAL_PROCESSES = ("tests/upgrade/", "tests/chaos/", "tests/e2e/", "benchmarks/")
"""Where processes of their own run, which nobody can wake by hand."""


def violations(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{place}:{one}" for place, some in found.items() for one in some)


def over(check: Callable[[str, str], list[str]], *rooms: str) -> str:
    return violations({where(path): check(source, module) for module, path, source in python_in(*rooms)})


def test_every_room_imports_what_the_table_allows() -> None:
    found = {
        where(path): rules.foreign_imports(source, module, package=path.name == "__init__.py")
        for module, path, source in python_in(*CODE)
    }
    assert not violations(found)


def test_every_row_of_the_table_has_files() -> None:
    seen = {rules.room_of(module) for module, _, _ in python_in(*CODE)} - {""}
    assert seen == set(rules.MAY_IMPORT)


def test_nothing_imports_the_composition_root() -> None:
    assert not over(rules.roots_imported, *CODE)


def test_only_the_composition_root_reaches_across() -> None:
    assert not over(rules.crossings, "adapters")


def test_no_log_line_takes_a_field_that_logging_keeps_for_itself() -> None:
    assert not over(lambda source, _: rules.taken_fields(source), *CODE)


def test_the_core_is_pure() -> None:
    assert not over(rules.impurities, "bot")


def test_only_the_clock_reads_the_clock() -> None:
    found = {
        where(path): rules.clock_reads(source)
        for _, path, source in python_in()
        if where(path) not in READS_THE_CLOCK and not where(path).startswith(REAL_TIME)
    }
    assert not violations(found)


def test_no_file_is_excused_from_the_clock_rule_in_vain() -> None:
    assert all(rules.clock_reads((ROOT / place).read_text(encoding="utf-8")) for place in READS_THE_CLOCK)


def test_tests_use_no_mocks() -> None:
    assert not over(lambda source, _module: rules.mocks(source))


def test_only_tests_of_real_processes_sleep() -> None:
    found = {where(path): rules.sleeps(source) for _, path, source in python_in() if not where(path).startswith(REAL_PROCESSES)}
    assert not violations(found)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert not over(lambda source, _module: rules.too_long(source))


def test_every_module_says_what_it_is_for() -> None:
    assert not over(lambda source, _module: rules.bad_docstring(source))


def test_nothing_names_a_registry_or_a_path_of_one_machine() -> None:
    assert not violations({where(path): rules.addresses(path.read_text(encoding="utf-8")) for path in everything()})


@pytest.mark.slow
def test_import_linter_agrees() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
