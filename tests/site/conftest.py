"""The site, built once for all tests of this folder, the way `make site` builds it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.files import ROOT


def build(root: Path, into: Path) -> subprocess.CompletedProcess[str]:
    """`mkdocs build --strict` of the sources in `root`."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(into)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site. A warning (a broken link or anchor, a page outside the navigation) is a failure."""
    into = tmp_path_factory.mktemp("site")
    done = build(ROOT, into)
    assert done.returncode == 0, "\n".join(line for line in done.stderr.splitlines() if not line.startswith("INFO"))
    return into
