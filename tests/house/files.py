"""The files the house rules are about: what a clone holds, without what tools leave behind."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.rules import ROOMS

ROOT = Path(__file__).parents[2]
_LEFT_BEHIND = frozenset({"__pycache__", "build", "dist", "node_modules"})
_BINARY = frozenset({".png", ".jpg", ".ico", ".db", ".gz", ".woff2", ".webp", ".gif"})


@cache
def everything() -> tuple[Path, ...]:
    """Text files of the clone; hidden folders other than `.ci` belong to tools."""
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path == ROOT / "site":  # what `make site` built, the theme's scripts included
            continue
        if path.name in _LEFT_BEHIND or path.suffix in _BINARY or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            if not path.name.startswith(".") or path.name == ".ci":
                yield from _walk(path)
        elif path.name not in (".env", ".git"):
            yield path


def python_in(*rooms: str) -> Iterator[tuple[str, Path, str]]:
    """Dotted name, path and source of every Python file of some rooms (none named: of all)."""
    for path in everything():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if path.suffix == ".py" and parts[0] in (rooms or ROOMS):
            names = parts[:-1] if parts[-1] == "__init__" else parts
            yield ".".join(names), path, path.read_text(encoding="utf-8")


def where(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()
