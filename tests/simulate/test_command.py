"""`rondo simulate` prints a summary, and for what broke the promise, the virtual time, the message and how to see it again."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters import cli
from adapters.simulate import run, simulation
from adapters.simulate.command import Command, seeds_of
from adapters.simulate.judge import Violation
from adapters.simulate.outcome import Outcome


def test_one_seed_is_told_in_full(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    words = ["simulate", "--people", "6", "--weeks", "1", "--seed", "2", "--faults", "crash,loss", "--trace", str(trace)]
    done = CliRunner().invoke(cli.app, words)
    assert done.exit_code == 0, done.output
    assert "6 people, 1 weeks, seed 2" in done.output and "violations: 0" in done.output and "times real time" in done.output
    assert "post welcome:" in trace.read_text(encoding="utf-8")


def test_many_seeds_are_summed_up() -> None:
    done = CliRunner().invoke(cli.app, ["simulate", "--people", "4", "--weeks", "1", "--seeds", "1..3"])
    assert done.exit_code == 0, done.output
    assert "seeds 1 to 3, 4 people x 1 weeks, faults all: 3 of 3 clean" in done.output


@pytest.mark.parametrize("words", [["--seeds", "5..2"], ["--seeds", "x"], ["--faults", "rain"]])
def test_what_cannot_be_understood_is_wrong_usage(words: list[str]) -> None:
    assert CliRunner().invoke(cli.app, ["simulate", *words]).exit_code == 2


def test_seeds_are_written_with_two_dots() -> None:
    assert list(seeds_of("3..5")) == [3, 4, 5] and list(seeds_of("7")) == [7]


def test_a_violation_comes_with_the_command_that_lives_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Violation(promise="one-copy", at=datetime(2026, 11, 5, 9, tzinfo=UTC), key="checkin:p1/2026-W45:1", words="twice")
    clean = run(seed=5, people=4, weeks=1, faults="loss")

    def breaks(**_asked: object) -> Outcome:
        return replace(clean, violations=(broken,), broken={"one-copy": 1})

    monkeypatch.setattr(simulation, "run", breaks)
    command = Command(people=4, weeks=1, faults="loss")
    lines = list(command.one(5))
    assert not command.clean
    assert "seed 5: violation of one-copy: 2026-11-05 09:00:00 checkin:p1/2026-W45:1: twice" in lines
    assert "again: rondo simulate --people 4 --weeks 1 --seed 5 --faults loss" in lines
