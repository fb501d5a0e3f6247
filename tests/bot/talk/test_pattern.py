"""Patterns are compiled late, so that Rondo starts early; a wrong one must not wait for the person who types it."""

import gc
import re
import subprocess
import sys

import pytest

import bot.decide  # noqa: F401  # whatever reads what people type comes along
from bot.talk.pattern import Pattern


def test_every_pattern_can_be_compiled() -> None:
    patterns = [found for found in gc.get_objects() if isinstance(found, Pattern)]
    assert len(patterns) > 80
    for pattern in patterns:
        pattern.search("")


def test_a_wrong_pattern_says_so_when_it_is_used() -> None:
    wrong = Pattern("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_nothing_is_compiled_by_importing() -> None:
    script = (
        "import gc, bot.decide, bot.talk.pattern as p;"
        "print(sum('_made' in vars(one) for one in gc.get_objects() if isinstance(one, p.Pattern)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def test_it_reads_as_a_compiled_one_does() -> None:
    pattern, compiled = Pattern("(a)b?", re.IGNORECASE), re.compile("(a)b?", re.IGNORECASE)
    text = "xAb aB"
    assert [found.span() for found in pattern.finditer(text)] == [found.span() for found in compiled.finditer(text)]
    assert pattern.findall(text) == compiled.findall(text)
    assert pattern.sub("_", text) == compiled.sub("_", text)
    assert pattern.sub("_", text, 1) == compiled.sub("_", text, 1)
    for ours, theirs in ((pattern.search, compiled.search), (pattern.match, compiled.match)):
        assert bool(ours(text, 1)) is bool(theirs(text, 1))
    assert pattern.fullmatch(text, 4) is not None
