"""The goal lint's English: how the signs in a text (`lint_en_words.py`) are weighed, and what else its words say.

The first verb counts most, unless what is measured further on says otherwise. The weights were tuned on half of
tests/lint/labels.csv; docs/lint.md has the measured result.
"""

import re

from bot.rules.lint_en_words import (
    BEHAVIOUR,
    BETTER,
    BOTH,
    CHANGE,
    CHANGES,
    COMPOUND,
    DELIVERABLE,
    DOING,
    DOINGS,
    GENERAL,
    HELD,
    MEASURED,
    NOUN_LIKE,
    OBJECTS,
    PEOPLE,
    STATES,
    STILL,
)
from bot.rules.lint_signs import Family, Numbers, Signs
from bot.talk.pattern import Pattern

NUMBER = r"(?:[$€£₩]\s?)?\d[\d,.]*\s?(?:%|[kmb]\b|percent\b)?"
_MONTH = r"(?:(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?|may)"
_PERIOD = r"(?:year|quarter|month|cycle|week)"
_FILLERS = (
    r"to|we will|we'll|will|please|also|at least|up to|successfully|fully|further|regularly|actively|quarterly|weekly|monthly|"
    r"and|then|timely|proactively|jointly|kr\s?\d+[:.]?"
)


def _pattern(*alternatives: str) -> Pattern:
    return Pattern("|".join(alternatives), re.IGNORECASE)


_DATES = _pattern(
    r"\d{4}-\d\d",
    r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}",
    rf"\b{_MONTH}\s+\d",
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\b",
    rf"\b(?:by|until|till|before|in|end of)\s+(?:the\s+end\s+of\s+)?{_MONTH}\b",
    r"\bq[1-4]\b|\b[1-4]q\b|\bh[12]\b",
    rf"\b(?:end of|by|this|next|within the)\s+(?:the\s+)?(?:end\s+of\s+)?(?:the\s+)?{_PERIOD}\b",
    r"\byear[- ]end\b|\bby\s+(?:mon|tues|wednes|thurs|fri)day\b|\bby\s+20\d\d\b",
)
_NUMBERS = _pattern(
    r"\d",
    r"\b(?:zero|no|none|nobody|never|half|double|triple|twice)\b",
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b",
    r"^\W*(?:all|every|everybody)\b",
)
_BASELINES = _pattern(
    rf"\bfrom\s+(?:about\s+|around\s+)?{NUMBER}",
    rf"{NUMBER}\s?\w*\s*(?:→|->|=>)",
    r"\binstead of\b|\b(?:currently|today|now|was|baseline)\b",
)
_LEVEL = _pattern(rf"\b(?:to|at|above|below|under|over)\s+(?:at least\s+)?{NUMBER}", rf"\bfrom\s+{NUMBER}")
_CHANGES = _pattern(
    rf"^\W*(?:{CHANGES})\b[^.]*?{NUMBER}",
    rf"\bby\s+{NUMBER}",
    r"[+−-]\s?\d[\d.,]*\s?(?:%|points)",
    rf"{NUMBER}\s+(?:more|fewer|less|higher|lower)\b",
)
_SOMEBODY = _pattern(
    rf"\b(?:{PEOPLE}|we|us|our|they|them|their|who|women|men|children|sponsors|human resources|hr|legal|operations|product)\b",
    r"\bthe (?:company|business|board|team)\b",
    r"\b[a-z]{3,}(?:ers|ors|ees|ists|ants|ents)\b",
)
_FILLER = Pattern(rf"^(?:[\s•*–—-]+|(?:{_FILLERS})\s+)+", re.IGNORECASE)
_WORD = Pattern(r"[A-Za-z][A-Za-z'’-]*")


def _forms(verb: str) -> tuple[str, str, str]:
    """Base, -ing and -ed form."""
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    past = f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2] not in "aeo" else f"{stem}ed"
    if verb in ("run", "ship", "plan", "map", "set", "submit"):
        stem, past = verb + verb[-1], f"{verb}{verb[-1]}ed"
    return verb, f"{stem}ing", past


_ACTS = {form: family for family, verbs in DOING.items() for verb in verbs.split() for form in _forms(verb)[:2]}
_DONE = {_forms(verb)[2]: family for family, verbs in DOING.items() for verb in verbs.split()} | HELD
_MORE_VERBS = Pattern(rf"^\s*(?:(?:,\s*(?:and\s+)?|and\s+|or\s+|&\s*)(?:{'|'.join(_ACTS)})\b\s*)+", re.IGNORECASE)
"""The rest of "help, analyze and consult on …"."""

_AIMED = _pattern(
    # a purpose with a number: "execute the plan to increase subscribers by 50 %"
    rf"\b(?:to|so that|in order to|that)\s+(?:we\s+|they\s+)?(?!(?:be|have|get)\b)(?:{CHANGES})\b[^.]*\d",
    # what customers sign, what people feel
    r"^\W*(?:close|sign|win)\b[^.]*\b(?:deals|contracts|customers|clients|accounts)\b",
    r"^\W*make (?:\w+ )?(?:customers|users|people)\b",
    # a service level: "resolve 90 % of tickets within 24 hours"
    rf"(?:%|\bevery|\ball)[^.;]*\bwithin\s+{NUMBER}\s*(?:\w+\s+)?(?:minutes?|hours?|days?)\b",
    rf"\bwithin\s+{NUMBER}\s*(?:\w+\s+)?(?:minutes?|hours?|days?)\s+(?:for|in|of)\s+\d+\s?%",
    # a state to be kept, a use to be seen: "ensure that no customer waits", "dashboards that are used every week"
    r"^\W*(?:ensure|make sure)\s+(?:that\s+)?(?:no|nobody|every|all|\d)\b",
    r"\b(?:that|which)\s+(?:is|are)\s+used\b",
)
"""What is measured later in the sentence: it counts, not the doing that the sentence begins with."""

_SIGNS = (
    (-4, _pattern(rf"\bfrom\s+(?:\w+\s+)?{NUMBER}[^,;]{{0,25}}?\bto\s+(?:\w+\s+)?{NUMBER}")),
    (-4, _pattern(rf"{NUMBER}\s?\w*\s*(?:→|->|=>)\s*{NUMBER}")),
    (  # "80 % of new hires commit …", "all teams use …"
        -4,
        _pattern(
            rf"^\W*(?:{NUMBER}|\d+ (?:of|out of) \d+)?\s*(?:of\s+)?(?:[\w&'-]+\s+){{0,4}}?(?:{PEOPLE})\s+"
            rf"(?:[\w'-]+\s+){{0,3}}?(?:{BEHAVIOUR})\b"
        ),
    ),
    (  # "approved by the board", "completed by 100 % of staff"
        -4,
        _pattern(
            r"\b(?:approved|granted|certified|adopted|used|recommended|rated|chosen|completed|accepted)\s+by\s+(?:the\s+)?"
            rf"(?:{NUMBER}|all|every|[\w-]+\s+)?(?:\s*of\s+)?(?:{PEOPLE}|board|auditors?|authority|regulators?)\b"
        ),
    ),
    (
        -3,
        _pattern(
            r"\b(?:reach(?:es)?|falls?|drops?|rises?|grows?|leads? to|exceeds?|stays?|down|up|saves?)\s+"
            rf"(?:\w+\s+){{0,2}}{NUMBER}"
        ),
    ),
    (
        -3,
        _pattern(
            r"(?:\b(?:under|below|above|over|fewer than|less than|more than|at most|no more than|within|not? longer than)|[<>≤≥])"
            rf"\s*(?:\w+\s+)?{NUMBER}"
        ),
    ),
    (
        -3,
        _pattern(
            r"\b(?:zero|no)\s+(?:\w+[ -]){0,3}"
            r"(?:incidents?|outages?|defects?|complaints?|accidents?|errors?|findings|bugs|losses)\b"
        ),
    ),
    (-3, _pattern(r"\b(?:shorter|longer|faster|fewer|higher|lower|cheaper|quicker)\b")),
    (-3, _pattern(r"^\W*(?:get|obtain|receive|achieve|reach|earn)\b[^.]*\b(?:certifi\w+|accreditation|approval)\b")),
    (5, _pattern(r"\b(?:ability|capability|possibility) to\b")),
    (-2, _pattern(rf"\b(?:{MEASURED})\b")),
    (-1, _pattern(rf":\s*{NUMBER}", rf"\b(?:of|at)\s+{NUMBER}(?:\W|$)")),
)


def weigh(text: str, numbers: Numbers) -> Signs:
    """Every sign in the text and its numbers, added up."""
    head, family, rest = _head(text)
    verb = head.lower()
    score = sum(weight for weight, pattern in _SIGNS if pattern.search(text))
    if _AIMED.search(text):
        score -= 6
    word = thing = ""
    if family is not None and verb in BOTH and _measures(rest, Numbers()):
        score -= 3
    elif family is not None:
        # a measured word is no excuse for the verb before it: "analyze churn", "publish 4 case studies within 60 days"
        score = (score if _AIMED.search(text) else max(score, -3)) + (7 if verb in STILL else 5)
        word, thing = head, rest
    elif verb in CHANGE:
        if verb in BETTER and not _measures(rest, numbers) and re.search(rf"\b(?:{DELIVERABLE})\b", rest, re.IGNORECASE):
            score, word, thing = score + 3, head, rest
        else:
            score -= 3 if has_number(text) or numbers.target is not None else 1
    counted = _counted(text, verb)
    if counted:
        score, word = score + 5, word or counted
    if family is None and verb not in CHANGE:
        if finished := _finished(text):
            word, family = finished.group(), _DONE[finished.group().lower()]
            score, thing = score + 4, text[: finished.start()]
        if made := re.search(rf"\b(?:{DELIVERABLE})\b", text, re.IGNORECASE):
            score, word = score + 3, word or made.group()
    thing = _trimmed(thing) or _trimmed(text)
    return Signs(score=score + _of(numbers, family is not None), word=word, family=_fitting(family, thing), thing=thing)


def _measures(text: str, numbers: Numbers) -> bool:
    """A number or something measured follows the verb; how much of the work is done is no such number."""
    if numbers.target is not None and not numbers.counts_doneness:
        return True
    return bool(re.search(rf"\b(?:{MEASURED})\b|{NUMBER}", text, re.IGNORECASE))


def _fitting(family: Family | None, thing: str) -> Family:
    """The form for a general verb is chosen by what it is done to."""
    if family is None or family in GENERAL:
        for other, pattern in OBJECTS.items():
            if re.search(rf"\b(?:{pattern})\b", thing, re.IGNORECASE):
                return other
    return family or Family.FINISH


def doing(text: str) -> Signs | None:
    """The activity that the words alone name; None: none. A thing that is made, without a word for making it, is none."""
    signs = weigh(text, Numbers())
    is_doing = _head(text)[1] is not None or _finished(text) is not None or bool(_counted(text, ""))
    return signs if signs.score > 0 and signs.word and is_doing else None


def names_somebody(why: str) -> bool:
    """The reason says who experiences the value."""
    return bool(_SOMEBODY.search(why))


def has_number(text: str) -> bool:
    """Digits, or a number in words; "no customer waits" has one."""
    return bool(_NUMBERS.search(text))


def has_baseline(text: str) -> bool:
    """The words say where it stands today."""
    return bool(_BASELINES.search(text))


def only_a_change(text: str) -> bool:
    """ "By 20 %", and neither from where nor to where."""
    return bool(_CHANGES.search(text)) and not _LEVEL.search(text) and not has_baseline(text)


def has_date(text: str) -> bool:
    """A day, a month, a quarter, the end of something."""
    return bool(_DATES.search(text))


def _head(text: str) -> tuple[str, Family | None, str]:
    """The verb a text begins with (or the part after its colon), its family, and what follows it."""
    for part in (text, *re.split(r":\s+", text, maxsplit=1)[1:]):
        plain = _FILLER.sub("", part)
        first = _WORD.match(plain)
        if first is None:
            continue
        word, rest = first.group(), plain[first.end() :].strip()
        if word.lower() in CHANGE and word.lower() not in _ACTS:
            return word, None, rest
        family = _ACTS.get(word.lower())
        if family is not None and not _is_noun(word, rest):
            return word, family, rest
    return "", None, text


def _is_noun(word: str, rest: str) -> bool:
    """ "Review time", "Support requests", "Run rate", "Training developed": the first word names a thing."""
    following = [found.lower() for found in _WORD.findall(rest)[:2]]
    named = word.lower().endswith("ing")
    if not following:
        return named
    if following[0] in _DONE and (named or word.lower() in NOUN_LIKE):
        return True
    if named and following[0] in ("and", "is", "for"):
        return True
    compound = re.fullmatch(COMPOUND, following[0]) or (len(following) > 1 and re.fullmatch(COMPOUND, following[1]))
    return bool(compound) and (named or word.lower() in NOUN_LIKE) and following[0] not in ("the", "a", "an", "all", "our", "on")


def _counted(text: str, head: str) -> str:
    """The doing that is counted: "2 content assets", "the number of workshops"."""
    number = re.search(rf"\bnumber of (?:\w+\s+){{0,2}}?({DOINGS})\b", text, re.IGNORECASE)
    if number:
        return number[1]
    starts = re.match(
        rf"\W*(?:at least\s+|up to\s+)?(?:{NUMBER}|one|two|three|four|five|six)\s+(?:[\w-]+\s+){{0,2}}?({DOINGS})\b",
        text,
        re.IGNORECASE,
    )
    return starts[1] if starts and not head else ""


def _finished(text: str) -> re.Match[str] | None:
    """The first past participle that tells of something done, not by somebody else."""
    for found in _WORD.finditer(text):
        word, after = found.group().lower(), text[found.end() :]
        if word not in _DONE or re.match(rf"\s+by\s+(?:{NUMBER}|the|all|every)", after, re.IGNORECASE):
            continue
        if word not in STATES or re.match(r"\s*(?:$|[.,;])|\s+(?:in|for|to|on|and)\b", after):
            return found
    return None


def _of(numbers: Numbers, does: bool) -> int:
    """What unit, start and target add."""
    unit = numbers.unit.strip().lower()
    score = 2 if re.fullmatch(DOINGS, unit) else 0
    if re.fullmatch(r"ms|s|sec|seconds|minutes|hours|usd|eur|krw|gbp|points?|[$€£₩]", unit):
        score -= 2
    if numbers.counts_doneness:
        score += 2
    if numbers.moves_a_level:
        score -= 1 if does else 3
    return score


def _trimmed(thing: str) -> str:
    """The part of a text that a suggestion can be built from."""
    thing = _MORE_VERBS.sub("", thing)
    cut = re.split(
        r"[;:(,]|\s(?:so that|in order to|to (?=[a-z]))|\sby (?=\d|[A-Z])", _FILLER.sub("", thing.strip()), maxsplit=1
    )[0]
    cut = re.sub(r"^(?:on|out|in|up|with|for)\s+", "", _FILLER.sub("", cut.strip())).rstrip(" .")
    return cut if len(cut) <= 80 else f"{cut[:79].rstrip()}…"
