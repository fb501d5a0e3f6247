"""docs/rules.md as it follows from the code: every rule, and every threshold with all there is to know about it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.rules.registry import RULES
from bot.rules.rule import Rule
from bot.rules.threshold import PROFILES, Kind, Threshold
from bot.rules.worktime import Unit
from prompts.loader import LOCALES, load

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"

UNITS = {Unit.HOURS: "working hours", Unit.DAYS: "working days", Unit.CALENDAR_DAYS: "calendar days"}
HEAD = """# Rules and thresholds

Written by `make docs` from `bot/rules/registry.py` and the texts in `prompts/`; edit those, not this page. How to add a
rule: [how-to](how-to/add-a-rule.md).

Values are written as HR writes them: `4h` working hours, `2d` working days, `14cd` calendar days (plain `14` takes the
threshold's unit), `thu 10:00` a weekday and local time. `light`, `standard` (the defaults) and `active` are the
profiles; where a profile column is empty, profiles leave the threshold alone.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, "## Rules\n", *_table(_rules()), "\n## Thresholds\n", *_table(_thresholds()), ""])


def _table(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    head = next(rows)
    yield _row(head)
    yield _row("---" for _ in head)
    for row in rows:
        yield _row(row)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rules() -> Iterator[tuple[str, ...]]:
    yield "rule", "who hears of it", "facts it keeps", "may be muted", "text", "텍스트"
    for rule in RULES:
        recipients = ", ".join(recipient.value for recipient in rule.recipients)
        facts = ", ".join(f"`{fact}`" for fact in rule.facts) or "–"
        yield f"`{rule.name}`", recipients, facts, "yes" if rule.mutable else "no", *_texts(f"rule-{rule.phrase}")


def _thresholds() -> Iterator[tuple[str, ...]]:
    yield "threshold", "kind", "unit", "bounds", *PROFILES, "off", "who hears of it", "text", "텍스트"
    for rule in RULES:
        for threshold in rule.thresholds:
            yield _about(rule, threshold)


def _about(rule: Rule, threshold: Threshold) -> tuple[str, ...]:
    values = (threshold.under(profile) for profile in PROFILES)
    profiles = [f"`{value}`" if value is not None else "" for value in values]
    if not any(profiles):
        profiles = ["", f"`{threshold.default}`", ""]
    return (
        f"`{threshold.full_name}`",
        threshold.kind.value,
        unit_words(threshold),
        bounds_words(threshold),
        *profiles,
        "yes" if threshold.may_be_off else "no",
        ", ".join(recipient.value for recipient in rule.recipients),
        *_texts(phrase_of(threshold)),
    )


def phrase_of(threshold: Threshold) -> str:
    """The name of its text."""
    return f"threshold-{threshold.full_name.replace('.', '-')}"


def unit_words(threshold: Threshold) -> str:
    """What its number counts, or how it is written."""
    match threshold.kind:
        case Kind.SPAN:
            return UNITS[threshold.unit]
        case Kind.COUNT:
            return threshold.counts
        case Kind.WEEKLY:
            return "weekday and local time"
        case Kind.HOURS:
            return "local time of day"
        case Kind.SWITCH:
            return "on or off"


def bounds_words(threshold: Threshold) -> str:
    """The least and the greatest value, and the neighbour it may not pass."""
    match threshold.kind:
        case Kind.SPAN:
            words = f"`{threshold.low}{threshold.unit}` to `{threshold.high}{threshold.unit}`"
        case Kind.COUNT:
            words = f"`{threshold.low}` to `{threshold.high}`"
        case Kind.WEEKLY | Kind.HOURS | Kind.SWITCH:
            words = "any"
    less = f", less than `{threshold.below}`" if threshold.below else ""
    more = f", more than `{threshold.above}`" if threshold.above else ""
    return words + less + more


def _texts(phrase: str) -> tuple[str, ...]:
    phrases = load()
    return tuple(phrases[locale].line(phrase) for locale in LOCALES)
