"""The gallery itself: all scenes, played once per language and variant, as values."""

import functools
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType

from sqlalchemy import event

from storage.engine import open_engine
from storage.migrate import migrate
from tests.gallery import (
    scenes_checkin,
    scenes_cycle,
    scenes_digest,
    scenes_duties,
    scenes_escalation,
    scenes_goals,
    scenes_grading,
    scenes_health,
    scenes_hr,
    scenes_kpis,
    scenes_lint,
    scenes_noise,
    scenes_one_on_one,
    scenes_people,
    scenes_policies,
    scenes_preview,
    scenes_privacy,
    scenes_team_post,
    scenes_views,
    scenes_writing,
)
from tests.gallery.markdown import said_in
from tests.gallery.stage import Entry, Stage
from tests.gallery.words import Variant, Words

LOCALES = ("en", "ko")
SECTIONS: Mapping[str, tuple[Callable[[Stage], None], ...]] = {
    "First contact and people": scenes_people.SCENES,
    "What is stored, and trust": scenes_privacy.SCENES,
    "Check-in": scenes_checkin.SCENES,
    "Goals": scenes_goals.SCENES,
    "Goals seen": scenes_views.SCENES,
    "Goals written and approved": scenes_writing.SCENES,
    "Goal lint": scenes_lint.SCENES,
    "Goals over weeks and cycles": scenes_cycle.SCENES,
    "Goals that are closed": scenes_grading.SCENES,
    "Numbers watched": scenes_kpis.SCENES,
    "Escalation": scenes_escalation.SCENES,
    "Obstacles, 1:1s and reviews": scenes_duties.SCENES,
    "A team's channel": scenes_team_post.SCENES,
    "Manager's digest": scenes_digest.SCENES,
    "1:1s": scenes_one_on_one.SCENES,
    "Less noise, and why": scenes_noise.SCENES,
    "HR": scenes_hr.SCENES,
    "HR: what became of nudges": scenes_health.SCENES,
    "HR: locks, profiles, pauses, history": scenes_policies.SCENES,
    "HR: what a change would have meant": scenes_preview.SCENES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Everything that was kept; which phrases stand in it; which functions of the core ran for it."""

    entries: tuple[Entry, ...]
    phrases: frozenset[str]
    functions: frozenset[tuple[str, str]]
    """File and qualified name."""


@functools.cache
def gallery(locale: str, variant: Variant = Variant.PLAIN) -> Gallery:
    """One language's gallery. Buttons are rehearsed in all but the merely long variant."""
    entries: list[Entry] = []
    phrases: set[str] = set()
    with (
        tempfile.TemporaryDirectory(prefix="rondo-gallery-") as folder,
        _listening((locale, variant) == ("en", Variant.PLAIN)) as called,
    ):
        template = Path(folder, "template.db")
        engine = open_engine(f"sqlite:///{template}")
        migrate(engine)
        engine.dispose()
        for section, scenes in SECTIONS.items():
            for number, scene in enumerate(scenes):
                path = Path(folder, f"{section[:5]}-{number}.db")
                shutil.copyfile(template, path)
                stage = _played(path, scene, section, locale, variant)
                entries += stage.entries
                words = "\n".join(said_in(entry) for entry in stage.entries)
                phrases |= {name for name, said in stage.heard if said in words}
                path.unlink()
    assert len({str(entry) for entry in entries}) == len(entries), "two entries of one name"
    functions = frozenset((code.co_filename, code.co_qualname) for code in called)
    return Gallery(entries=tuple(entries), phrases=frozenset(phrases), functions=functions)


def _played(path: Path, scene: Callable[[Stage], None], section: str, locale: str, variant: Variant) -> Stage:
    engine = open_engine(f"sqlite:///{path}")
    # nothing here outlives the process
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    try:
        stage = Stage(engine, locale, Words(locale, variant), section, rehearse=variant is not Variant.LONG)
        scene(stage)
        return stage
    finally:
        engine.dispose()


@contextmanager
def _listening(wanted: bool) -> Iterator[set[CodeType]]:
    """Which functions of Python were called; none if not `wanted` (it takes time)."""
    called: set[CodeType] = set()

    def listen(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    before = sys.getprofile()
    if wanted:
        sys.setprofile(listen)
    try:
        yield called
    finally:
        sys.setprofile(before)
