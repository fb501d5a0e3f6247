"""Goal lint: what a goal's words leave open, found by rules in English and Korean. It suggests and never blocks.

Not a rule that sends something: whoever shows a goal while it is written asks for `notes` (or `findings` and `said`).
What an activity is, and how well it is found, stands in docs/lint.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.model import Goal, GoalType, KeyResult
from bot.rules import lint_en, lint_ko
from bot.rules.lint_signs import Family, Numbers, Signs
from bot.talk.text import Text, join
from bot.talk.voice import Voice

OBJECTIVE = "objective"
"""`LintFinding.where` of a finding about the objective itself; else it is the key result's id."""


LONGEST = 500
"""So many characters of a text are read; who writes more has said it by then."""


class Check(StrEnum):
    """What was looked for. Its phrase is `lint-CHECK`."""

    ACTIVITY = "activity"
    NO_NUMBER = "no-number"
    NO_BASELINE = "no-baseline"
    NO_DATE = "no-date"
    LOW_VALUE = "low-value"


class Label(StrEnum):
    """What a key result names: a change that can be seen, or something that will be done."""

    OUTCOME = "outcome"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One thing to think about. `said` puts it into words; nothing follows from it."""

    where: str  # `objective` or a key result's id
    check: Check
    word: str  # what gave it away, as typed; empty: nothing did, something is missing
    suggestion: str  # which outcome form fits: the argument `suggestion` of the phrase `lint-suggestion`
    text: str  # the objective or key result it is about
    thing: str  # what the outcome form is made from: the part of `text` that something is done to


def findings(goal: Goal, locale: str) -> tuple[LintFinding, ...]:
    """What could be said better: the objective first, then the key results in their order.

    Each text is read in the language it is written in; `locale` decides for a text without letters only.
    """
    found = [*_of_objective(goal, locale)]
    for result in goal.key_results:
        found += _of_result(goal, result, locale)
    return tuple(found)


def said(finding: LintFinding, voice: Voice) -> Text:
    """The reason and the suggested form, for one note on a card."""
    return join(_reason(finding, voice), " ", _form(finding, voice))


def notes(goal: Goal, voice: Voice) -> tuple[tuple[str, Text], ...]:
    """What a card shows while a goal is written: per objective or key result its reasons in one note, with one form."""
    told: dict[str, list[LintFinding]] = {}
    for finding in findings(goal, voice.locale):
        told.setdefault(finding.where, []).append(finding)
    return tuple((where, _note(some, voice)) for where, some in told.items())


def _note(some: list[LintFinding], voice: Voice) -> Text:
    reasons = [part for finding in some for part in (_reason(finding, voice), " ")]
    first = some[0]
    several = len(some) > 1 and first.check is Check.NO_BASELINE  # and no date: the form of a number asks for both
    return join(*reasons, _form(replace(first, suggestion=Family.NUMBER) if several else first, voice))


def _reason(finding: LintFinding, voice: Voice) -> Text:
    return voice.text(f"lint-{finding.check}", word=finding.word or finding.text, text=finding.text)


def _form(finding: LintFinding, voice: Voice) -> Text:
    return voice.text("lint-suggestion", suggestion=str(finding.suggestion), thing=finding.thing or finding.text)


def classify(text: str, unit: str = "", start: Decimal | None = None, target: Decimal | None = None) -> Label:
    """Whether a key result names an outcome or an activity; this is what `python -m tests.lint` measures."""
    return Label.ACTIVITY if weigh(text, unit, start, target).score > 0 else Label.OUTCOME


def weigh(text: str, unit: str = "", start: Decimal | None = None, target: Decimal | None = None, *, locale: str = "en") -> Signs:
    """The signs behind `classify`."""
    numbers = Numbers(unit=unit, start=start, target=target)
    text = text[:LONGEST]
    return lint_ko.weigh(text, numbers) if language(text, locale) == "ko" else lint_en.weigh(text, numbers)


def language(text: str, locale: str = "en") -> str:
    """`ko` where there is a Hangul letter, `en` where there are only others; a text without letters: the reader's."""
    if re.search("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]", text):
        return "ko"
    return "en" if any(c.isalpha() for c in text) else locale


def _of_objective(goal: Goal, locale: str) -> Iterator[LintFinding]:
    if language(goal.title, locale) == "ko":
        signs = lint_ko.doing(goal.title)
    else:
        signs = lint_en.doing(goal.title)
    to_learn = goal.type is GoalType.LEARNING and signs is not None and signs.family is Family.STUDY
    if signs is not None and not to_learn:  # to find out is what a learning goal is for
        yield _activity(OBJECTIVE, goal, goal.title, signs)
    names_somebody = lint_ko.names_somebody if language(goal.why, locale) == "ko" else lint_en.names_somebody
    if not names_somebody(goal.why):
        yield LintFinding(
            where=OBJECTIVE,
            check=Check.LOW_VALUE,
            word="",
            suggestion=Family.VALUE,
            text=goal.why or goal.title,
            thing=goal.title,
        )


def _of_result(goal: Goal, result: KeyResult, locale: str) -> Iterator[LintFinding]:
    text = result.text
    signs = weigh(text, result.unit, result.start, result.target, locale=locale)
    if signs.score > 0:
        yield _activity(result.id, goal, text, signs)
    reader = lint_ko if language(text, locale) == "ko" else lint_en
    if goal.type is not GoalType.LEARNING:  # a lesson is told in words, not in a number
        if result.target is None and not reader.has_number(text):
            yield _missing(result, Check.NO_NUMBER, Family.NUMBER)
        elif signs.score > 0:
            pass  # a count of doings begins at none
        elif (result.start is None and not reader.has_baseline(text)) or (not result.start and reader.only_a_change(text)):
            yield _missing(result, Check.NO_BASELINE, Family.BASELINE)
    if result.due is None and not reader.has_date(text):
        yield _missing(result, Check.NO_DATE, Family.DATE)


def _activity(where: str, goal: Goal, text: str, signs: Signs) -> LintFinding:
    if where == OBJECTIVE:
        family = Family.VALUE  # an objective says what for; the numbers are its key results'
    else:
        family = Family.LEARN if goal.type is GoalType.LEARNING else signs.family
    return LintFinding(
        where=where,
        check=Check.ACTIVITY,
        word=signs.word,
        suggestion=family,
        text=text,
        thing=text if where == OBJECTIVE else signs.thing,
    )


def _missing(result: KeyResult, check: Check, family: Family) -> LintFinding:
    return LintFinding(where=result.id, check=check, word="", suggestion=family, text=result.text, thing=result.text)
