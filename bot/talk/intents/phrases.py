"""Whole sentences that people say instead of a command: `I'm back`, `내일 휴가`, `remind me in 2 hours`.

A phrase is taken only where it is the whole text, so that none of them can swallow a report.
"""

import re
from datetime import date

from bot.talk.intents import commands, lexicon
from bot.talk.intents.kinds import (
    Away,
    BackFromAway,
    Help,
    Intent,
    Language,
    ShowCheckIn,
    ShowGoals,
    ShowTeam,
    Skip,
    Snooze,
    WhichGoals,
    Why,
)
from bot.talk.intents.leave_words import read_away
from bot.talk.pattern import Pattern

_LONGEST = 300  # characters; a longer text is no phrase


def _pattern(text: str) -> Pattern:
    """Verbose: blanks in the pattern count only where they are written `\\ ` or `\\s`."""
    return Pattern(text, re.VERBOSE)


_SEE = r"(?:(?:show|list|see)\s)?(?:me\s)?"
_KO_SEE = r"(?:\s?보[가-힣\s]*)?"
_PHRASES: tuple[tuple[Pattern, Intent], ...] = (
    (
        _pattern(
            r"what\scan\s(?:you|i)\s(?:do|say) | how\sdoes\sthis\swork | commands | 도와\s?(?:줘|주세요) | 사용법"
            r"| (?:어떤|무슨)\s말을?\s할\s수\s있(?:나요|어요|어) | \?+"
        ),
        Help(),
    ),
    (
        _pattern(
            r"why\s(?:did|do|am|are|have|was)\s(?:i|you)(?:\s\w+){0,8} | why\sthis(?:\s(?:message|card|nudge|question))?"
            r"| 왜\s(?:저|나|이|받|보내|알림|묻|물어)[\w\s]{0,30} | 이유가?\s?(?:뭐|무엇)\w*"
        ),
        Why(),
    ),
    (
        _pattern(
            r"(?:i'?m|i\sam|we're)\sback(?:\s(?:now|today|again|at\swork|from\s[\w\s]{1,20}))? | back(?:\sfrom\s[\w\s]{1,20})?"
            r"| 복귀[가-힣]* | (?:휴가에서\s)?돌아왔[가-힣]*"
        ),
        BackFromAway(),
    ),
    (_pattern(r"한국어(?:로)?(?:\s?(?:해|말해|부탁)[가-힣\s]*)? | (?:(?:speak|in)\s)?korean(?:\splease)?"), Language(code="ko")),
    (_pattern(r"영어(?:로)?(?:\s?(?:해|말해|부탁)[가-힣\s]*)? | (?:(?:speak|in)\s)?english(?:\splease)?"), Language(code="en")),
    (_pattern(rf"{_SEE}my\s(?:goals|okrs|objectives) | show\sgoals | 내\s목표{_KO_SEE} | 목표\s?보[가-힣\s]*"), ShowGoals()),
    (_pattern(rf"{_SEE}(?:(?:my|our|the)\s)?team(?:'s)?\sgoals | 팀\s?목표{_KO_SEE}"), ShowGoals(which=WhichGoals.TEAM)),
    (_pattern(rf"{_SEE}at[-\s]risk\sgoals | 위험한?\s?목표{_KO_SEE}"), ShowGoals(which=WhichGoals.AT_RISK)),
    (_pattern(rf"{_SEE}(?:my|our)\steam | (?:내|우리)\s?팀{_KO_SEE}"), ShowTeam()),
    (
        _pattern(
            r"(?:i(?:'d|\swould)?\s(?:want|like)\sto|let\sme|start|open|show)\s(?:(?:my|the)\s)?check[-\s]?in"
            r"| check[-\s]?in\snow | 지금\s체크인 | 체크인\s?(?:할게요|하기|시작|열기|보기|하고\s싶[가-힣]*)"
        ),
        ShowCheckIn(),
    ),
    (_pattern(r"later | not\snow | remind\sme\slater | 나중에[가-힣\s]*"), Snooze()),
    (_pattern(r"tomorrow | 내일(?:까지)?(?:\s미루기)? | 내일\s?(?:다시\s)?(?:알려|물어)[가-힣\s]*"), Snooze(until_tomorrow=True)),
)
_REMIND = _pattern(
    r"(?:remind|ask|ping)(?:\sme)?(?:\sagain)?\s(?P<after>(?:in\s|tomorrow).{0,30})"
    r"| (?P<before>.{1,20}?)\s?(?:뒤|후)에?\s?(?:다시\s?)?(?:(?:알려|물어|리마인드)[가-힣\s]*)?"
    r"| (?P<put_off>.{1,20}?)\s?(?:미루기|미룰게요|미뤄\s?주세요|미뤄줘|스누즈)"
)
_SKIP = _pattern(
    r"(?:(?:please|let's|let\sme|i'?ll|i\swill|i\swant\sto)\s)?skip(?:ping)?(?=\s(?:this\s(?:week|time|one)|it$|it\W))"
)
_SKIP_KOREAN = _pattern(
    r"이번(?:\s?주|에)?는?\s?(?:건너뛰|건너뛸|스킵|쉬|쉴|패스)[가-힣]*(?:\s?[:：,]\s?(?P<reason>.*))?"
    r"| (?P<why>.{1,200}?)(?:\s때문에|로|으로)\s이번(?:\s?주|에)?는?\s?(?:건너뛰|건너뛸|스킵|쉬|쉴)[가-힣]*"
)
_AWAY = _pattern(
    r"(?:^|(?<=\s))(?:(?:i'?m|i\sam|i'?ll\sbe|i\swill\sbe|am|will\sbe)\s)?"
    r"(?:away | ooo | (?:(?:on|taking|going\son)\s)?(?:a\s)?(?:holidays?|vacation|leave|pto)"
    r"| (?:(?:on|taking)\s)?(?:a\s)?half[-\s]day(?:\s(?:off|leave))? | out\sof\s(?:the\s)?office"
    r"| (?:out|off)(?=\s(?:till|until|from|on\s|tomorrow|today|next|this|through)))(?=\s|$|[.!:,;])"
    r"| (?:^|(?<=\s))(?:자리\s?비(?:움|웁니다|워요|울게요) | 휴가(?:입니다|예요|이에요)? | 휴가를?\s?(?:갑니다|가요|써요|씁니다)"
    r"| 부재(?:중)?(?:입니다|이에요|예요)? | 연차(?:입니다|예요|이에요)?)(?=\s|$|[.!:,;])"
    r"| (?:^|(?<=[\s전후]))반차(?:입니다|예요|이에요|를?\s?(?:냅니다|내요|씁니다|써요))?(?=\s|$|[.!:,;])"
)
_HALF = Pattern(r"half|반차")


def read_phrase(said: str, today: date) -> Intent | None:
    """The intent of a whole sentence, or None."""
    bare = " ".join(lexicon.lower(said).split()).strip(" .!")
    if len(bare) > _LONGEST:
        return None
    asked = bare.rstrip("?？ ") or bare
    for pattern, intent in _PHRASES:
        if pattern.fullmatch(asked):
            return intent
    if found := _REMIND.fullmatch(bare):
        return commands.snooze(found["after"] or found["before"] or found["put_off"])
    return _skip(said) or (None if asked != bare else _away(bare, today))


def away_words(said: str) -> tuple[str, str] | None:
    """A text that begins with being away (`on holiday from …`): those words, and what follows."""
    bare = " ".join(lexicon.lower(said).split())
    found = _AWAY.match(bare) if len(bare) <= _LONGEST else None
    return (found[0], bare[found.end() :].strip()) if found else None


def is_half(words: str) -> bool:
    """These words of being away mean half a day, whichever half it is."""
    return _HALF.search(words) is not None


def _skip(said: str) -> Skip | None:
    low = lexicon.lower(said)
    if found := _SKIP.match(low):
        return commands.skip(said[found.end() :].strip())
    korean = _SKIP_KOREAN.fullmatch(said.rstrip(" .!"))
    return Skip(reason=(korean["reason"] or korean["why"] or "").strip()) if korean else None


def _away(bare: str, today: date) -> Away | None:
    """An away-word somewhere and nothing else but dates: `내일 휴가`, `next week I'm on holiday`."""
    found = _AWAY.search(bare)
    if found is None:
        return None
    rest = f"{bare[: found.start()]} {bare[found.end() :]}".strip(" ,")
    intent = read_away(rest, today) if rest else None
    clear = isinstance(intent, Away) and (intent.part or not is_half(found[0]))
    return intent if clear and isinstance(intent, Away) else None
