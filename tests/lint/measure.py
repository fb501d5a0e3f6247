"""Precision and recall of `activity` over the hand-labelled key results, per language and half, and the worst mistakes."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bot.rules.lint import Label, weigh

LABELS = Path(__file__).with_name("labels.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One key result, what a person called it and why, and what the rules make of it."""

    row: int
    source: str
    language: str
    text: str
    label: Label
    why: str
    score: int
    """Above 0: the rules call it an activity."""

    @property
    def half(self) -> str:
        """The rules were tuned while looking at even rows only; hard ones were written afterwards (two small mends since)."""
        if self.source == "hard":
            return "hard"
        return "even" if self.row % 2 == 0 else "odd"

    @property
    def found(self) -> Label:
        return Label.ACTIVITY if self.score > 0 else Label.OUTCOME

    @property
    def mistaken(self) -> bool:
        return self.found is not self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How well `activity` was found: of those called so, how many are; of those that are, how many were called so."""

    count: int
    precision: float
    recall: float


def labelled() -> tuple[Labelled, ...]:
    """All rows of labels.csv."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return tuple(_read(number, row) for number, row in enumerate(csv.DictReader(file)))


def _read(number: int, row: dict[str, str]) -> Labelled:
    start, target = (Decimal(row[name]) if row[name] else None for name in ("start", "target"))
    return Labelled(
        row=number,
        source=row["source"],
        language=row["lang"],
        text=row["text"],
        label=Label(row["label"]),
        why=row["why"],
        score=weigh(row["text"], row["unit"], start, target).score,
    )


def rates(rows: Iterable[Labelled]) -> Rates:
    """Precision and recall of `activity`."""
    some = tuple(rows)
    right = sum(row.found is row.label is Label.ACTIVITY for row in some)
    called = sum(row.found is Label.ACTIVITY for row in some)
    are = sum(row.label is Label.ACTIVITY for row in some)
    return Rates(count=len(some), precision=right / called if called else 1.0, recall=right / are if are else 1.0)


def worst(rows: Iterable[Labelled], count: int = 10) -> tuple[Labelled, ...]:
    """The mistakes the rules were surest of."""
    return tuple(sorted((row for row in rows if row.mistaken), key=lambda row: (-abs(row.score), row.row))[:count])


def report(rows: tuple[Labelled, ...]) -> Iterator[str]:
    """What `python -m tests.lint` prints."""
    yield f"{len(rows)} key results: {sum(row.label is Label.ACTIVITY for row in rows)} activities by hand"
    yield f"{'':24}{'rows':>6}{'precision':>11}{'recall':>8}"
    for language in ("en", "ko"):
        spoken = tuple(row for row in rows if row.language == language)
        for half, note in (("even", "tuned on"), ("odd", "held out"), ("hard", "afterwards")):
            yield _line(f"{language} {half} ({note})", (row for row in spoken if row.half == half))
        yield _line(f"{language} all", spoken)
    for source in ("goals.csv", "written", "hard"):
        yield _line(source, (row for row in rows if row.source == source))
    yield _line("all", rows)
    yield "the worst mistakes (score above 0: called an activity)"
    for row in worst(rows):
        yield f"{row.score:+4} {row.label:9} {row.half:5}{row.text}  [{row.why}]"


def _line(name: str, rows: Iterable[Labelled]) -> str:
    found = rates(rows)
    return f"{name:24}{found.count:6}{found.precision:11.2f}{found.recall:8.2f}"
