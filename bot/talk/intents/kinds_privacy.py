"""What people may ask about what is stored of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """`/rondo privacy`: what is stored about the person, and who read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMine:
    """`/rondo export [PAGE]`: everything stored about the person; pages count from 1."""

    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """`/rondo forget [confirm | cancel]`: erase everything about the person; an empty step asks first."""

    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """`/rondo concern TEXT`: something to tell the named contact, the text as written."""

    words: str = ""
