"""Plants a mistake into a copy of the packages and lets the simulator live there, seed after seed, until a promise breaks."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.planted.bugs import Bug

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "scheduler", "storage", "prompts")

# Runs inside the copy. An exception of the mistake itself is a find like any other: somebody would see it in the log.
_HUNT = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from adapters.simulate import run
first, last, people, weeks, faults = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
for seed in range(first, last + 1):
    try:
        broken = sorted(run(seed=seed, people=people, weeks=weeks, faults=faults).broken)
    except Exception as error:
        broken = [f"{type(error).__name__}: {error}"[:200]]
    if broken:
        print(json.dumps({"seed": seed, "broken": broken}))
        break
else:
    print(json.dumps({"seed": None, "broken": []}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first seed in which a promise broke, and which; `seed` None: none of the seeds did."""

    seed: int | None
    broken: tuple[str, ...]


@contextmanager
def planted(bug: Bug | None, root: Path = ROOT) -> Iterator[Path]:
    """A copy of the packages below `root` with one mistake in it (None: without)."""
    with tempfile.TemporaryDirectory(prefix="rondo-planted-") as folder:
        tree = Path(folder)
        for package in PACKAGES:
            shutil.copytree(root / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
        if bug is not None:
            file = tree / bug.path
            source = file.read_text()
            assert source.count(bug.old) == 1, f"{bug.name}: {bug.path} has changed"
            file.write_text(source.replace(bug.old, bug.new))
        yield tree


def hunt(bug: Bug | None, *, first: int, last: int, people: int, weeks: int, faults: str, root: Path = ROOT) -> Found:
    """Live the seeds from `first` to `last` until something breaks. Raises CalledProcessError when nothing starts."""
    with planted(bug, root) as tree:
        done = subprocess.run(
            [sys.executable, "-c", _HUNT, *map(str, (first, last, people, weeks, faults))],
            cwd=tree, check=True, capture_output=True, text=True,
        )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    return Found(seed=told["seed"], broken=tuple(told["broken"]))
