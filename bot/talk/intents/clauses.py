"""Cuts a report into clauses and reads each by itself: a status, numbers, a blocker, a note, and what may name a goal.

Knows nothing about which goal is meant; `bot.talk.intents.reports` puts clauses and goals together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.model import Goal, Status
from bot.talk.intents import lexicon
from bot.talk.intents.amounts import Amount, amounts, hide_numbered, left_out, named_units, numbered, undated, without_calendar
from bot.talk.intents.nearly import nearly_status
from bot.talk.pattern import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What one clause says. `doubt`: its status is negated, hedged or asked, so nobody reported it.

    `left`: it holds a number that looks like a report and was not understood. `nearly`: words one letter off a status.
    `glued`: nothing but a status stands beside its percentage (`100% on track`).
    """

    raw: str
    hint: str = ""
    statuses: frozenset[Status] = frozenset()
    doubt: bool = False
    everything: bool = False
    amounts: tuple[Amount, ...] = ()
    blocker: str = ""
    note: str = ""
    condition: bool = False  # `if legal signs`: puts its neighbours in doubt
    unblocked: bool = False  # nothing is in the way any more, said for sure
    left: bool = False
    nearly: bool = False
    glued: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """Its numbers, as they go to the reader of numbers."""
        return tuple(amount.raw for amount in self.amounts)

    @property
    def informative(self) -> bool:
        """It reports something."""
        return bool(self.statuses or self.values or self.blocker)


_BREAK = re.compile(
    r"[;\n]+|,(?!\d)|(?<!\d),|、|(?<=[.!?。？！])\s+|(?:^|\s)(?:but|however|though|although|그리고|하지만|그런데|그러나|반면)(?=\s)"
)
_AND = re.compile(r"\s(?:and|&|while|whereas|plus|with)\s|(?<=[가-힣](?:고|며))\s|(?<=지만)\s|(?<=[는은인]데)\s")

_MARK = Pattern(
    r"(?:^|\n|[,;]\s)[ \t]*(?P<mark>(?P<dotted>\d{1,2})\.|\(?(?P<bracketed>\d{1,2})\)|#(?P<hashed>\d{1,2})(?:[.):])?)"
    r"(?=\s+[^\s\d])"
)
_PERCENT_SIGNS = ("%", "％", "percent", "pct", "퍼센트", "프로")
_LONGEST_PART = 200  # characters
_LONGEST_LIST = 20  # lines


def clauses(text: str, goals: Sequence[Goal]) -> Iterator[Clause]:
    """The clauses of a report, in order. `and` and its like divide only where both sides report something."""
    text, odd = _unlisted(text)
    if odd:
        yield Clause(raw="", left=True)
    masked = lexicon.lower(lexicon.hide_quotes(text))
    start = 0
    for found in (*_BREAK.finditer(masked), None):
        end = found.start() if found else len(text)
        if text[start:end].strip(" .!,"):
            yield from _divided(text[start:end], goals)
        start = found.end() if found else end


def _unlisted(text: str) -> tuple[str, bool]:
    """The text without the marks of a list (`1.`, `2)`, `#3`), and whether a number may be such a mark or a result.

    `1.` begins a list and `2.` goes on with it; a lone `5. on track` may be either, and beyond twenty it is a result.
    """
    before, odd = 0, False
    for found in _MARK.finditer(text):
        number = int(found["dotted"] or found["bracketed"] or found["hashed"])
        if found["dotted"] and number not in (1, before + 1):
            odd = odd or number <= _LONGEST_LIST
        else:
            text = text[: found.start("mark")] + " " * len(found["mark"]) + text[found.end("mark") :]
        before = number
    return text, odd


def _divided(raw: str, goals: Sequence[Goal]) -> Iterator[Clause]:
    masked = lexicon.lower(lexicon.hide_quotes(raw))
    start = 0
    for found in _AND.finditer(masked):
        left, right = raw[start : found.start()], raw[found.end() :]
        if len(left) > _LONGEST_PART:
            break  # prose, not a list of reports
        right = right[:_LONGEST_PART]
        clause = read_clause(left, goals)
        if (clause.informative or clause.unblocked) and (unblocked(right) or read_clause(right, goals).informative):
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


def _freed(low: str) -> str | None:
    """The words before those that say for sure that nothing blocks (who or what is free); None where nothing says so."""
    if found := lexicon.FREED.search(low):
        return None if lexicon.NEGATED_BEFORE.search(low[: found.start()]) else low[: found.start()]
    if found := lexicon.FREED_KOREAN.search(low):
        before = lexicon.FREED_SUBJECT.sub(" ", low[: found.start()])
        subject, _, _ = before.strip().partition(" ")
        cause = lexicon.CAUSE_KOREAN.search(before)
        return (subject if re.search(r"[은는이가도]$", subject) else "") if cause else before
    found = lexicon.BLOCKED.search(low)
    negated = lexicon.UNBLOCKED.search(low[: found.start()]) if found else None
    if found and negated and lexicon.NEGATED_BEFORE.search(low[negated.start() : found.start()]):
        return low[: negated.start()]
    return None


def read_clause(raw: str, goals: Sequence[Goal]) -> Clause:
    """What one clause says by itself."""
    raw = raw.strip(" \t.!,;")
    low = lexicon.lower(lexicon.hide_quotes(raw))
    asked = lexicon.QUESTION.search(low) is not None
    condition = lexicon.CONDITION.search(low) is not None or lexicon.DENIAL.search(low) is not None
    subject = None if asked or condition or lexicon.HEDGED.search(low) else _freed(low)
    if subject is not None or unblocked(raw):
        free = subject is not None
        if _status_at(low) is not None:
            return replace(_facts(raw, goals), unblocked=free)
        left = left_out(low, goals)
        return Clause(raw=raw, hint=subject or "", note=raw, condition=condition, unblocked=free, left=left)
    blocked = _blocker(raw, low)
    if blocked is not None:
        head, blocker = blocked
        facts = _facts(head, goals, told=True)
        if asked or condition or lexicon.HEDGED.search(lexicon.lower(head)):
            return Clause(
                raw=raw,
                hint=facts.hint,
                statuses=facts.statuses,
                doubt=bool(facts.statuses),
                note=raw,
                condition=condition,
                left=facts.left or bool(facts.amounts),
            )
        return Clause(
            raw=raw,
            hint=facts.hint,
            statuses=facts.statuses,
            doubt=facts.doubt,
            everything=facts.everything,
            amounts=facts.amounts,
            blocker=blocker,
            note=facts.note,
            left=facts.left,
            glued=facts.glued,
        )
    facts = _facts(raw, goals)
    if asked or condition:
        left = facts.left or bool(facts.amounts)
        return Clause(raw=raw, hint=facts.hint, statuses=facts.statuses, doubt=True, note=raw, condition=condition, left=left)
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
    raw, note, stated = _reason(raw, goals)
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
    hedged = lexicon.HEDGED.search(low) is not None
    said, without = amounts(bare_low, goals, numbered(bare_low, goals) if statuses or told else (), beside=bool(statuses))
    return Clause(
        raw=raw,
        hint=f"{without_calendar(without, goals)} {titles} {lexicon.quotes(raw)} {named_units(said, goals)}".strip(),
        statuses=statuses,
        doubt=doubt,
        everything=lexicon.EVERYTHING.search(low) is not None,
        amounts=() if hedged else said,
        note=note,
        left=(hedged and bool(said)) or left_out(without, goals) or (stated and left_out(lexicon.lower(note), goals)),
        nearly=not statuses and nearly_status(low),
        glued=len(said) == 1 and any(_touch(low, said[0], start, end) for _, start, end in found),
    )


def _touch(low: str, amount: Amount, start: int, end: int) -> bool:
    """Nothing stands between a bare percentage and the status."""
    between = low[amount.end : start] if amount.end <= start else low[end : amount.start]
    return low[: amount.end].endswith(_PERCENT_SIGNS) and not between.strip()


def _reason(raw: str, goals: Sequence[Goal]) -> tuple[str, str, bool]:
    """The statement, its reason (`at risk because …`, `at risk: …`, `… 때문에 위험`), and whether only a mark joins them."""
    low, _ = _hide_titles(lexicon.lower(lexicon.hide_quotes(raw)), goals)
    low = hide_numbered(undated(low, goals), numbered(low, goals))
    if found := lexicon.REASON_KOREAN.search(low):
        head, _, cause = raw[: found.start()].strip().partition(" ")
        named = re.search(r"[은는이가도]$", head) is not None and bool(cause)
        return f"{head if named else ''} {raw[found.end() :]}", cause if named else raw[: found.start()].strip(), False
    for found in islice(lexicon.REASON.finditer(low), 8):  # a ninth mark follows prose, and prose is no report
        said = low[: found.start()]
        if _status_at(said) is not None or lexicon.NUMBER.search(said):
            behind = raw[found.end() :].strip(" .()")
            if _status_at(said) is None and found[0].strip() == ":" and _only_status(lexicon.lower(behind)):
                continue  # `42%: on track`
            return raw[: found.start()], behind, not found[0].strip()[:1].isalpha()
        if found[0].strip()[:1].isalpha():
            return raw[: found.start()], raw[found.end() :].strip(" .()"), False
    return re.sub(r"(?<!\d)[:：]|[:：](?!\d)|\(", " ", raw), "", False


def _only_status(low: str) -> bool:
    """A status and nothing else."""
    return any(not (low[:start] + low[end:]).strip(" .!") for _, start, end in _statuses(low))


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
