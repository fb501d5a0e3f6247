"""Cuts a report into clauses and reads each by itself: a status, numbers, a blocker, a note, and what may name a goal.

Knows nothing about which goal is meant; `bot.talk.intents.reports` puts clauses and goals together.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from bot.model import Goal, Status
from bot.talk.intents import lexicon
from bot.talk.intents.matching import KEY_RESULT, bare, stops, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What one clause says. `doubt`: its status is negated, hedged or asked, so nobody reported it."""

    raw: str
    hint: str = ""
    statuses: frozenset[Status] = frozenset()
    doubt: bool = False
    everything: bool = False
    values: tuple[str, ...] = ()
    blocker: str = ""
    note: str = ""
    condition: bool = False  # `if legal signs`: puts its neighbours in doubt

    @property
    def informative(self) -> bool:
        """It reports something."""
        return bool(self.statuses or self.values or self.blocker)


_BREAK = re.compile(
    r"[;\n]+|,(?!\d)|(?<!\d),|、|(?<=[.!?。？！])\s+|(?:^|\s)(?:but|however|though|although|그리고|하지만|그런데|그러나|반면)(?=\s)"
)
_AND = re.compile(r"\s(?:and|&|while|whereas|plus|with)\s|(?<=[가-힣](?:고|며))\s|(?<=지만)\s|(?<=[는은인]데)\s")

_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+#?$")
_WORD_BEHIND = re.compile(r"%?\s+([^\W\d_]+)")

_NEAR = 60  # characters
_LONGEST_PART = 200  # characters

_Numbered = tuple[str, str, str]
"""The word before a number, the number, the word behind it."""


def clauses(text: str, goals: Sequence[Goal]) -> Iterator[Clause]:
    """The clauses of a report, in order. `and` and its like divide only where both sides report something."""
    masked = lexicon.lower(lexicon.hide_quotes(text))
    start = 0
    for found in (*_BREAK.finditer(masked), None):
        end = found.start() if found else len(text)
        if text[start:end].strip(" .!,"):
            yield from _divided(text[start:end], goals)
        start = found.end() if found else end


def _divided(raw: str, goals: Sequence[Goal]) -> Iterator[Clause]:
    masked = lexicon.lower(lexicon.hide_quotes(raw))
    start = 0
    for found in _AND.finditer(masked):
        left, right = raw[start : found.start()], raw[found.end() :]
        if len(left) > _LONGEST_PART:
            break  # prose, not a list of reports
        right = right[:_LONGEST_PART]
        clause = read_clause(left, goals)
        if clause.informative and (unblocked(right) or read_clause(right, goals).informative):
            yield clause
            start = found.end()
    yield read_clause(raw[start:], goals)


def unblocked(text: str) -> bool:
    """It says that nothing blocks: `no blockers`, `not blocked`, `막힌 것 없음`."""
    low = lexicon.lower(text)
    found = lexicon.BLOCKED.search(low)
    if found and (lexicon.UNBLOCKED.search(low[: found.start()]) or lexicon.UNBLOCKED_KOREAN.match(low, found.end())):
        return True
    if "unblocked" in low or re.search(r"(?:nothing|no ?one|nobody)(?: is)? blocking", low):
        return True
    korean = lexicon.BLOCKED_KOREAN.search(low)
    return bool(korean and lexicon.UNBLOCKED_KOREAN.search(low, korean.start()))


def read_clause(raw: str, goals: Sequence[Goal]) -> Clause:
    """What one clause says by itself."""
    raw = raw.strip(" \t.!,;")
    low = lexicon.lower(lexicon.hide_quotes(raw))
    asked = lexicon.QUESTION.search(low) is not None
    condition = lexicon.CONDITION.search(low) is not None or lexicon.DENIAL.search(low) is not None
    if unblocked(raw):
        return Clause(raw=raw, note=raw, condition=condition) if _status_at(low) is None else _facts(raw, goals)
    blocked = _blocker(raw, low)
    if blocked is not None:
        head, blocker = blocked
        facts = _facts(head, goals, told=True)
        if asked or condition or lexicon.HEDGED.search(lexicon.lower(head)):
            return Clause(
                raw=raw, hint=facts.hint, statuses=facts.statuses, doubt=bool(facts.statuses), note=raw, condition=condition
            )
        return Clause(
            raw=raw,
            hint=facts.hint,
            statuses=facts.statuses,
            doubt=facts.doubt,
            everything=facts.everything,
            values=facts.values,
            blocker=blocker,
            note=facts.note,
        )
    facts = _facts(raw, goals)
    if asked or condition:
        return Clause(raw=raw, hint=facts.hint, statuses=facts.statuses, doubt=True, note=raw, condition=condition)
    return facts


def _blocker(raw: str, low: str) -> tuple[str, str] | None:
    """What stands before the blocker (goal, status), and the blocker; the verb itself where no more is said."""
    if found := lexicon.IS_BLOCKING.search(low):
        return raw[found.end() :], raw[: found.start()].strip()
    if found := lexicon.BLOCKED.search(low):
        words = raw[found.end() :].strip(" .!")
        return raw[: found.start()].rstrip(" :-–—("), words or raw[found.start() : found.end()].strip(" :")
    if found := lexicon.BLOCKED_KOREAN.search(low):
        before = raw[: found.start()]
        cause = lexicon.CAUSE_KOREAN.sub("", before).strip()
        head, _, rest = cause.partition(" ")
        if re.search(r"[은는이가도]$", head) and (rest or cause == before.strip()):
            return head, rest.strip() or raw[found.start() : found.end()].strip()
        return "", cause or found[0].strip()
    return None


def _facts(raw: str, goals: Sequence[Goal], *, told: bool = False) -> Clause:
    """Status, numbers, note and hint of a clause without a blocker. `told`: a blocker stood behind it."""
    raw, note = _reason(raw, goals)
    low, titles = _hide_titles(lexicon.lower(lexicon.hide_quotes(raw)), goals)
    found = list(_statuses(low))
    bare_low = low
    for _, start, end in found:
        bare_low = bare_low[:start] + " " * (end - start) + bare_low[end:]
    statuses = frozenset(status for status, _, _ in found)
    doubt = bool(found) and (
        lexicon.NEGATED_BEFORE.search(low[: found[-1][1]]) is not None
        or lexicon.NEGATED_AFTER.search(low, found[0][2]) is not None
        or lexicon.HEDGED.search(low) is not None
        or any(re.search(r"지$|지 ?[않못]", low[start:end]) for _, start, end in found)
    )
    values, without = _values(bare_low, goals, _numbered(bare_low, goals) if statuses or told else ())
    return Clause(
        raw=raw,
        hint=f"{without} {titles} {lexicon.quotes(raw)}".strip(),
        statuses=statuses,
        doubt=doubt,
        everything=lexicon.EVERYTHING.search(low) is not None,
        values=values if not lexicon.HEDGED.search(low) else (),
        note=note,
    )


def _reason(raw: str, goals: Sequence[Goal]) -> tuple[str, str]:
    """The statement and its reason: `at risk because …`, `at risk: …`, `… 때문에 위험`."""
    low, _ = _hide_titles(lexicon.lower(lexicon.hide_quotes(raw)), goals)
    low = _hide_numbered(low, _numbered(low, goals))
    if found := lexicon.REASON_KOREAN.search(low):
        head, _, cause = raw[: found.start()].strip().partition(" ")
        named = re.search(r"[은는이가도]$", head) is not None and bool(cause)
        return f"{head if named else ''} {raw[found.end() :]}", cause if named else raw[: found.start()].strip()
    for found in islice(lexicon.REASON.finditer(low), 8):  # a ninth mark follows prose, and prose is no report
        said = low[: found.start()]
        if _status_at(said) is not None or lexicon.NUMBER.search(said):
            return raw[: found.start()], raw[found.end() :].strip(" .()")
        if found[0].strip()[:1].isalpha():
            return raw[: found.start()], raw[found.end() :].strip(" .()")
    return re.sub(r"[:：(]", " ", raw), ""


def _status_at(low: str) -> Status | None:
    return next((status for status, _, _ in _statuses(low)), None)


def _statuses(low: str) -> Iterator[tuple[Status, int, int]]:
    """Every status in a clause and where it stands; a weak one only as the last word that carries anything."""
    strong = False
    for found in lexicon.STATUS.finditer(low):
        strong = True
        yield Status((found.lastgroup or "").removeprefix("ko_")), found.start(), found.end()
    words = list(re.finditer(r"[^\W\d_]+", low))
    while words and words[-1][0] in lexicon.FILLERS and words[-1][0] not in lexicon.LAST_WORD:
        words.pop()
    if not strong and words and words[-1][0] in lexicon.LAST_WORD and (len(words) > 1 or words[-1][0] in lexicon.ALONE):
        yield lexicon.LAST_WORD[words[-1][0]], words[-1].start(), words[-1].end()


def _hide_titles(low: str, goals: Sequence[Goal]) -> tuple[str, str]:
    """The clause without titles that are written out in it (`Identify at risk customers is on track`), and those titles."""
    titles: list[str] = []
    for goal in goals:
        for title in (goal.title, *(result.text for result in goal.key_results)):
            plain = lexicon.lower(title).strip()
            if len(plain) >= 4 and plain in low and (_status_at(plain) is not None or any(c.isdigit() for c in plain)):
                low = low.replace(plain, " " * len(plain))
                titles.append(title)
    return low, " ".join(titles)


def _values(low: str, goals: Sequence[Goal], titled: Collection[_Numbered]) -> tuple[tuple[str, ...], str]:
    """The numbers that may be a key result's value, raw, and the clause without them.

    A number is a value where nothing but its unit and words without weight follow (`40%`, `45 customers so far`), so that
    `3 days late` and `2 people left` are none. Nor is one of `titled`: it stands there as it does in a title.
    """
    kept = KEY_RESULT.sub(_blank, lexicon.DATE.sub(_blank, low))
    known = _known_words(goals)
    found = list(lexicon.NUMBER.finditer(kept))[:20]
    values: list[str] = []
    spans: list[tuple[int, int]] = []
    for index, number in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(kept)
        after = kept[number.end() : end]
        unit = _unit(number["unit"])
        carrying = [token for token in tokens(after) if not lexicon.is_filler(token) and bare(token) not in known]
        foreign = unit and unit not in known and not re.fullmatch("[가-힣]", unit)
        before = kept[: number.start()]
        if carrying or foreign or number[0].lstrip().startswith("+") or lexicon.NEGATED_BEFORE.search(before):
            continue
        if lexicon.NO_VALUE.search(before) and not (spans and lexicon.OUT_OF.fullmatch(before, spans[-1][1])):
            continue
        figure = number[0][: len(number[0]) - len(number["unit"])].strip().rstrip(".,")
        if titled and _stands_in(titled, before, figure, low[number.end() :]):
            continue
        raw = lexicon.PERCENT_WORD.sub("%", figure) + unit
        between = kept[spans[-1][1] : number.start()] if spans else ""
        if spans and lexicon.UP_TO.fullmatch(between):
            values.pop()
        if spans and lexicon.OUT_OF.fullmatch(between):
            raw = f"{values.pop()} of {raw}"  # no number: the reader of numbers will ask
        values.append(raw)
        spans.append(number.span())
    for start, end in spans:
        low = low[:start] + " " * (end - start) + low[end:]
    return tuple(values), low


def _numbered(low: str, goals: Sequence[Goal]) -> Collection[_Numbered]:
    """The numbers in titles and key results; none where the clause has no number itself."""
    if not lexicon.NUMBER.search(low):
        return ()
    texts = (text for goal in goals for text in (goal.title, *(result.text for result in goal.key_results)))
    return frozenset(number for text in texts for number in _numbers_of(text))


@lru_cache(maxsize=4096)
def _numbers_of(title: str) -> tuple[_Numbered, ...]:
    """The numbers in a title, each with the word before it and the word behind it, where those say something."""
    text = lexicon.lower(title)
    return tuple(
        (_word(_WORD_BEFORE.search(text[: found.start()][-_NEAR:])), found[0], _word(_WORD_BEHIND.match(text[found.end() :])))
        for found in _FIGURE.finditer(text)
    )


def _stands_in(titled: Collection[_Numbered], before: str, figure: str, after: str) -> bool:
    """`product 2 at risk` where the title is `Ship product 2 to Asia`: a piece of the name, nobody's result."""
    said = _FIGURE.search(figure)
    left, right = _word(_WORD_BEFORE.search(before[-_NEAR:])), _word(_WORD_BEHIND.match(after[:_NEAR]))
    return said is not None and any(
        number == said[0] and ((left and left == word) or (right and right == behind)) for word, number, behind in titled
    )


def _hide_numbered(low: str, titled: Collection[_Numbered]) -> str:
    """The clause without the numbers that stand in it as in a title."""
    for found in list(islice(lexicon.NUMBER.finditer(low), 20)) if titled else ():
        if _stands_in(titled, low[: found.start()], found[0], low[found.end() :]):
            low = low[: found.start()] + _blank(found) + low[found.end() :]
    return low


def _word(found: re.Match[str] | None) -> str:
    """A word beside a number; empty where it carries nothing (`to 40`, `at 40`)."""
    return found[1] if found and not stops(found[1]) and not lexicon.is_filler(found[1]) else ""


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _unit(glued: str) -> str:
    """What is written at the end of a number without a blank (`45명입니다`), without a copula or particle."""
    return lexicon.COPULA.sub("", glued)


def _known_words(goals: Sequence[Goal]) -> frozenset[str]:
    """Everything that titles, key results and units are made of."""
    return frozenset(
        word
        for goal in goals
        for text in (goal.title, *(f"{result.text} {result.unit}" for result in goal.key_results))
        for token in tokens(text)
        for word in (token, bare(token))
    )
