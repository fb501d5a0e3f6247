"""Secrets that lie in files: `RONDO_SECRET_KEY_FILE=/run/secrets/key` instead of `RONDO_SECRET_KEY` itself.

A file that everybody on the machine may read keeps no secret: the start is refused (RELIABILITY R15).
"""

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from adapters.settings_checks import PREFIX

SUFFIX = "_FILE"
LARGEST = 64 * 1024


class BadFile(ValueError):
    """One line: the setting and what to do about it."""


def read(fields: Iterable[str], present: Mapping[str, str]) -> dict[str, str]:
    """The values of those secret fields of which `present` (names in capitals) names a file. Raises BadFile."""
    found = {}
    for field in fields:
        name = f"{PREFIX}{field}".upper()
        place = present.get(f"{name}{SUFFIX}")
        if place is None:
            continue
        if name in present:
            raise BadFile(f"{name} and {name}{SUFFIX} are both set: remove one of them.")
        found[field] = _secret(f"{name}{SUFFIX}", place.strip())
    return found


def is_open(path: Path) -> bool:
    """Whether everybody on this machine may read a file."""
    return bool(path.stat().st_mode & stat.S_IROTH)


def _secret(name: str, place: str) -> str:
    if not place:
        raise BadFile(f"{name} is set but empty: give it the path of a file or remove it.")
    path = Path(place)
    try:
        if not path.is_file():
            raise BadFile(f"{name}: there is no file {place}.")
        if is_open(path):
            raise BadFile(f"{name}: everybody on this machine may read {place}: chmod o-r (0400 or 0440) it first.")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadFile(f"{name}: {place} cannot be read: {error.strerror}.") from None
    try:
        text = data.decode().strip()
    except UnicodeDecodeError:
        text = ""
    if not text or len(data) > LARGEST or "\0" in text:
        raise BadFile(f"{name}: {place} holds no secret: one line of text is needed.")
    return text
