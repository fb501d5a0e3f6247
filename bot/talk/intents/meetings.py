"""Reads what people say about their 1:1s: an item for the next one, the list, and when they take place.

Taken is only what names a 1:1 or the person's manager (`read_meeting`); `talk to Dana about the handover` (`read_talk`)
only where nothing is reported in it. Who is meant stays as written: names are the flow's business.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import time

from bot.talk.intents.kinds import Malformed, OneOnOne, OneOnOneSlot
from bot.talk.pattern import Pattern

MY_MANAGER = "my manager"
"""Who is meant by these words, in whatever language they were said."""

Meeting = OneOnOne | OneOnOneSlot | Malformed

_LONGEST = 3000  # characters, as everything people say
_MAILTO = Pattern(r"<mailto:[^|<>]*\|([^|<>]*)>")
_ONE = r"(?:1\s?[:：]\s?1s?|1-1s?|1\s?on\s?1s?|1대\s?1|one[-\s](?:on|to)[-\s]ones?|원\s?온\s?원|일대일)(?![\d%])"
_ANY = Pattern(_ONE, re.IGNORECASE)
_LEAD = (
    r"(?:(?:please|let['’]?s|let\sme|i(?:['’]d|\swould)\slike\sto|i\swant\sto|i\sneed\sto|remind\sme\sto|can\swe)\s)?"
    r"(?:(?:please)\s)?"
)
_MINE = r"(?:(?:my|our|the)\s)?(?:next\s)?"
_LIST = r"(?:\s(?:list|agenda|items?|topics?))?"
_WITH = r"(?:\swith\s(?P<who>[^:：\n]{1,80}?))?"
_WORDS = r"(?P<words>\S.*)"
_COLON = r"(?:(?<!\d)[:：]|[:：](?!\d\d))"  # not the one of 14:00
_BOSS = r"my\s(?:manager|boss|lead|team\slead|supervisor)"
_KO_WHO = r"(?P<who>[^\s:：][^:：\n]{0,60}?)(?:\s?님)?(?:과의|와의|이랑|하고|과|와|랑)\s?"
_KO_ONE = rf"(?:(?:내|제|우리|다음)\s?)*{_ONE}(?:\s?(?:미팅|회의|면담))?"
_KO_ABOUT = r"(?:을|를|에\s?대해서?|에\s?대한|에\s?관해서?)?"
_KO_TALK = (
    r"(?:이야기|얘기|논의|상의|의논)"
    r"(?:하기|하고\s?싶[가-힣]*|해요|할게요|할래요|합시다|해야[가-힣\s]*|나누기|[을를]?\s?나누[가-힣\s]*)?"
)


def _patterns(*texts: str) -> tuple[Pattern, ...]:
    return tuple(Pattern(text, re.IGNORECASE | re.DOTALL) for text in texts)


_ITEMS = _patterns(
    rf"{_LEAD}{_MINE}{_ONE}{_LIST}{_WITH}(?:\s?{_COLON}|\s[-–—]\s|\sabout\s|\sto\s(?:discuss|talk\sabout)\s)\s*{_WORDS}",
    rf"{_LEAD}(?:add|put|note)\s(?:to|on|onto|in|for)\s{_MINE}{_ONE}{_LIST}{_WITH}\s?(?:{_COLON}|,|\s[-–—]\s)\s*{_WORDS}",
    rf"{_LEAD}(?:add|put|note)\s(?P<words>\S.{{0,1000}}?)\s(?:to|on|onto|in|for)\s{_MINE}{_ONE}{_LIST}{_WITH}",
    rf"for\s{_MINE}{_ONE}{_WITH}\s?(?:{_COLON}|,)\s*{_WORDS}",
    rf"{_LEAD}(?:talk|speak|chat)\s(?:to|with)\s(?P<who>[^:：\n]{{1,80}}?)\s(?:in|at)\s{_MINE}{_ONE}\s(?:about|on)\s{_WORDS}",
    rf"(?:{_KO_WHO})?{_KO_ONE}(?:\s?(?:안건|목록))?(?:에서|에|때)?\s?(?:(?:추가|넣기|올리기)\s?)?{_COLON}\s*{_WORDS}",
    rf"(?:{_KO_WHO})?{_KO_ONE}(?:에서|에|때)\s(?P<words>\S.*?){_KO_ABOUT}\s?{_KO_TALK}",
    rf"(?:{_KO_WHO})?{_KO_ONE}(?:\s?(?:안건|목록))?에\s(?P<words>\S.*?)(?:을|를)?\s(?:추가|넣|올리|올려)[가-힣\s]*",
    rf"{_ONE}\s(?!with\s|at\s|on\s|is\s|was\s)(?P<who>[^\s:：][^:：\n]{{0,60}}?)(?:\s?님)?\s?{_COLON}\s*{_WORDS}",
)
_TO_MANAGER = _patterns(
    rf"{_LEAD}(?:talk|speak|chat)\s(?:to|with)\s{_BOSS}\s(?:about|regarding)\s{_WORDS}",
    rf"{_LEAD}(?:discuss|raise|talk|speak)\swith\s{_BOSS}\s?{_COLON}\s*{_WORDS}",
    rf"{_LEAD}(?:discuss|raise)\s(?P<words>\S[^:：]{{0,1000}}?)\swith\s{_BOSS}",
    rf"(?:(?:제|내|우리)\s)?(?:매니저|팀장|상사|관리자)(?:님)?(?:과|와|이랑|랑|하고|께)\s(?P<words>\S.*?){_KO_ABOUT}\s?{_KO_TALK}",
)
_TALKS = _patterns(
    rf"{_LEAD}(?:talk|speak|chat)\s(?:to|with)\s(?P<who>[^:：\n]{{1,80}}?)\sabout\s{_WORDS}",
    rf"{_LEAD}(?:discuss|raise|talk|speak)\swith\s(?P<who>[^:：\n]{{1,80}}?)\s?{_COLON}\s*{_WORDS}",
    rf"{_LEAD}discuss\s(?P<words>\S[^:：]{{0,1000}}?)\swith\s(?P<who>[^:：\n]{{1,80}}?)",
    rf"{_KO_WHO}(?:이야기|얘기|논의|상의|의논)(?:하기|할\s?것)?\s?{_COLON}\s*{_WORDS}",
)
_LISTS = _patterns(
    rf"(?:(?:show|list|see|open)\s(?:me\s)?)?{_MINE}{_ONE}{_LIST}{_WITH}",
    rf"what(?:['’]s|\sis)\s(?:on|in|for)\s{_MINE}{_ONE}{_LIST}{_WITH}",
    rf"(?:{_KO_WHO})?{_KO_ONE}(?:\s?(?:목록|안건|주제))?(?:을|를)?(?:\s?(?:보기|보여[가-힣\s]*|볼래요))?",
)
_SLOTS = _patterns(
    rf"(?:(?:set|move)\s)?{_MINE}{_ONE}{_WITH}(?:\sis|\sto)?\s(?P<when>(?:on\s|every|each|weekly|biweekly|fortnightly|off$|no\sfixed"
    r"|none$|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\s|매주|매\s주|격주|2주|다음\s?주부터|[월화수목금토일]요일).*)",
    rf"(?P<when>no)(?:\sfixed\stime\sfor)?\s{_MINE}{_ONE}{_WITH}(?:\sany\s?more)?",
    rf"(?:{_KO_WHO})?{_KO_ONE}(?:은|는)?\s(?P<when>(?:매주|매\s주|격주|2주|다음\s?주부터|[월화수목금토일]요일|없|끄기|해제|취소|on\s|every).*)",
)
_COMMAND = _patterns(
    rf"{_ONE}\swith\s(?P<who>\S.*)",
    rf"{_ONE}\s(?P<who>\S{{1,40}}?)\s?님(?:과|와|이랑|랑|하고)\s?(?P<words>.*)",
    rf"{_ONE}\s{_WORDS}",
)

_DAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed weds",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for word in words.split()
}
_DAY = "(?P<day>" + "|".join(sorted(_DAYS, key=len, reverse=True)) + ")(?P<plural>s)?"
_OTHER = r"(?:every\s(?:other|second|two|2)(?:\sweeks?)?|biweekly|fortnightly)"
_TIME = r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s?(?P<half>am|pm|a\.m\.?|p\.m\.?|h|o'clock)?"
_FROM = r"(?:from|starting|beginning)\snext\sweek"
_WHEN = Pattern(
    rf"(?:(?P<other>{_OTHER})\s|(?P<each>every(?:\sweek)?|each|weekly)\s)?(?:on\s)?{_DAY},?\s(?:at\s|from\s)?{_TIME}"
    rf"(?:,?\s(?P<then>{_OTHER}))?(?:,?\s(?P<late>{_FROM}))?"
)
_KO_WHEN = Pattern(
    r"(?:(?P<late>다음\s?주부터)\s)?(?P<each>매\s?주|격주로?|2주마다|2주에\s?한\s?번)?\s?(?P<day>[월화수목금토일])요일(?P<plural>마다)?(?:에)?"
    r"\s?(?P<half>오전|오후)?\s?(?P<hour>\d{1,2})(?:시(?:\s?(?P<minute>\d{1,2})분|\s?(?P<thirty>반))?|:(?P<minutes>\d{2}))(?:에)?"
    r"(?:\s(?P<later>다음\s?주부터))?(?:\s?(?:입니다|이에요|예요|해요))?"
)
_HAS_DAY = Pattern(r"(?<![a-z])(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?![a-z])|[월화수목금토일]요일")
_NO = Pattern(r"off|no|none|no fixed time(?: any ?more)?|없[가-힣]*|끄기|해제|취소")

EARLIEST = 8
"""`at 2` on a Tuesday is hardly two at night: an hour before eight counts only with a zero in front, `am` or `오전`."""


def read_meeting(said: str) -> Meeting | None:
    """What is said about a 1:1; None where the words are about something else."""
    text = _plain(said)
    if text is None:
        return None
    if found := _match(_TO_MANAGER, text):
        return OneOnOne(who=MY_MANAGER, words=found["words"])
    if not _ANY.search(text[:200]) and not _ANY.search(text[-200:]):
        return None
    slot = _slot(text)
    if slot is not None:
        return slot
    if found := _match(_ITEMS, text):
        return OneOnOne(who=_who(found), words=found["words"])
    asked = text.rstrip("?？ ")
    if (found := _match(_LISTS, asked)) is not None:
        return OneOnOne(who=_who(found))
    return None


def read_talk(said: str) -> OneOnOne | None:
    """`talk to Dana about the handover`, where nothing is reported by it."""
    text = _plain(said)
    found = _match(_TALKS, text) if text is not None else None
    return OneOnOne(who=_who(found), words=found["words"]) if found else None


def read_command(rest: str) -> Meeting | None:
    """What follows `/rondo`: also `1:1 with NAME TEXT` and `1:1 TEXT`. Where a name ends that has no colon, the flow knows."""
    text = _plain(rest)
    if text is None or not _ANY.match(text):
        return None
    meant = read_meeting(text)
    if meant is not None and not (isinstance(meant, OneOnOne) and not meant.words):
        return meant
    found = _match(_COMMAND, text)
    if found is None:
        return meant
    return OneOnOne(who=_who(found), words=found.get("words", ""))


def _plain(said: str) -> str | None:
    if len(said) > _LONGEST:
        return None
    text = _MAILTO.sub(r"\1", said).strip(" .!\n\t")
    return text or None


def _match(patterns: tuple[Pattern, ...], text: str) -> Mapping[str, str] | None:
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            return {name: (value or "").strip() for name, value in found.groupdict().items()}
    return None


def _who(found: Mapping[str, str]) -> str:
    """Whom the words name, without politeness; the speaker's own manager where they say so."""
    who = re.sub(r"\s?님$", "", found.get("who", "").strip(" ,."))
    if re.fullmatch(_BOSS, who, re.IGNORECASE) or re.fullmatch(r"(?:(?:제|내|우리)\s)?(?:매니저|팀장|상사|관리자)", who):
        return MY_MANAGER
    return who


def _slot(text: str) -> OneOnOneSlot | Malformed | None:
    for found in _matches(_SLOTS, text):
        when = " ".join(found["when"].casefold().split()).strip(" .,!")
        who = _who(found)
        if _NO.fullmatch(when):
            return OneOnOneSlot(who=who)
        read = _english(who, when) or _korean(who, when)
        if read is not None:
            return read
        if _HAS_DAY.search(when):
            return Malformed(command="/rondo 1:1", nearest=nearest_slot(who, when))
    return None


def _matches(patterns: tuple[Pattern, ...], text: str) -> Iterator[Mapping[str, str]]:
    for pattern in patterns:
        found = _match((pattern,), text)
        if found is not None:
            yield found


def _english(who: str, when: str) -> OneOnOneSlot | None:
    found = _WHEN.fullmatch(when)
    # `on Tuesday` may be one single Tuesday.
    if found is None or not (found["other"] or found["each"] or found["plural"] or found["then"]):
        return None
    half = (found["half"] or "")[:1]
    at = _time(found["hour"], found["minute"] or "", half if half in ("a", "p") else "")
    if at is None:
        return None
    return OneOnOneSlot(
        who=who,
        weekday=_DAYS[found["day"]],
        at=at,
        every_other_week=bool(found["other"] or found["then"]),
        from_next_week=bool(found["late"]),
    )


def _korean(who: str, when: str) -> OneOnOneSlot | None:
    found = _KO_WHEN.fullmatch(when)
    if found is None or not (found["each"] or found["plural"]):
        return None
    half = {"오전": "a", "오후": "p"}.get(found["half"] or "", "")
    at = _time(found["hour"], found["minute"] or found["minutes"] or ("30" if found["thirty"] else ""), half)
    if at is None:
        return None
    each = found["each"] or ""
    return OneOnOneSlot(
        who=who,
        weekday="월화수목금토일".index(found["day"]),
        at=at,
        every_other_week=each.startswith(("격주", "2주")),
        from_next_week=bool(found["late"] or found["later"]),
    )


def _time(hour: str, minute: str, half: str) -> time | None:
    """A time of day with one reading; None for `2:00` without more, and for what no clock shows."""
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "p" else 0)
    elif hours < EARLIEST and len(hour) < 2:
        return None
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def nearest_slot(who: str, when: str) -> str:
    """A complete form, with the day, the person and as far as can be told the time that were written."""
    korean = re.search(r"([월화수목금토일])요일", when)
    day = next((number for word, number in _DAYS.items() if len(word) > 4 and word in when), 1)
    day = "월화수목금토일".index(korean[1]) if korean else day
    clock = re.search(r"(\d{1,2})(?:[:.](\d{2})|시(?:\s?(\d{1,2})분)?)?", when)
    hours, minutes = (int(clock[1]), int(clock[2] or clock[3] or 0)) if clock else (14, 0)
    hours = hours + 12 if hours < EARLIEST else hours
    at = f"{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else "14:00"
    other = re.search(rf"{_OTHER}|격주|2주", when) is not None
    name = "" if who == MY_MANAGER else who
    return slot_form(name, day, at, korean=korean is not None, every_other_week=other)


def slot_form(
    who: str, weekday: int, at: str, *, korean: bool = False, every_other_week: bool = False, from_next_week: bool = False
) -> str:
    """How a time is said so that it is understood: `1:1 with dana every Tuesday 14:00`, `다나 님과 1:1 매주 화요일 14:00`."""
    if korean:
        late = "다음 주부터 " if from_next_week else ""
        words = f"1:1 {late}{'격주' if every_other_week else '매주'} {'월화수목금토일'[weekday]}요일 {at}"
        return f"{who} 님과 {words}" if who else words
    name = next(word for word, number in _DAYS.items() if number == weekday).title()
    every = "every other" if every_other_week else "every"
    words = f"1:1 with {who} {every} {name} {at}" if who else f"1:1 {every} {name} {at}"
    return f"{words} starting next week" if from_next_week else words
