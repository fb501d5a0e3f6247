"""Reads `/nudges …` (INTERFACES, "`/nudges` grammar"). Names and values stay as written: HR's flow checks them."""

import re

from bot.model import ScopeKind
from bot.talk.intents.kinds import Malformed, NudgesLater, NudgesSet, NudgesShow, ScopeWords

_VERBS = {
    verb: canonical
    for canonical, verbs in {
        "show": "show 보기 표시",
        "set": "set 설정 변경",
        "preview": "preview 미리보기",
        "lock": "lock 잠금",
        "unlock": "unlock 잠금해제",
        "history": "history 이력 기록",
        "revert": "revert 되돌리기",
        "profile": "profile 프로필",
        "pause": "pause 일시중지 중지",
        "resume": "resume 재개",
        "health": "health 상태",
    }.items()
    for verb in verbs.split()
}
_KINDS = {
    word: kind
    for kind, words in {
        ScopeKind.COMPANY: "company everyone everybody 회사 전사",
        ScopeKind.DEPARTMENT: "department dept 부서",
        ScopeKind.TEAM: "team 팀",
        ScopeKind.PERSON: "person employee 사람 직원 개인",
    }.items()
    for word in words.split()
}
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|(?<!\S)'[^']*'(?!\S)|「[^」]*」")
_FOR = re.compile(r"(?:^|\s)for(?=\s|$)", re.IGNORECASE)
_BECAUSE = re.compile(r"(?:^|\s)(?:because|이유:?|사유:?)(?=\s|$)", re.IGNORECASE)
_MENTION = re.compile(r"<@([A-Z0-9]{1,40})(?:\|[^<>]*)?>")
_MAILTO = re.compile(r"<mailto:([^<>|\s]+)(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
EXAMPLE, EXAMPLE_VALUE = "goal.stalled", "21d"


def read_nudges(words: str) -> NudgesShow | NudgesSet | NudgesLater | Malformed:
    """What follows `/nudges`; nothing at all means `show`."""
    verb, _, rest = words.strip().partition(" ")
    rest = rest.strip()
    match _VERBS.get(verb.casefold(), "show" if not verb else ""):
        case "show":
            return _show(rest)
        case "set":
            return _set(rest)
        case "":
            return Malformed(command="/nudges", nearest="/nudges show")
        case known:
            return NudgesLater(verb=known, words=rest)


def _show(rest: str) -> NudgesShow | Malformed:
    head, scope_words = _cut(rest, _FOR)
    rule = unquote(head)
    scope = None if scope_words is None else _scope(scope_words)
    if " " in rule or (scope_words is not None and scope is None):
        rule = rule.split(" ")[0]
        return Malformed(command="/nudges show", nearest=f"/nudges show {rule or EXAMPLE}{_nearest(scope_words)}")
    return NudgesShow(rule=rule, scope=scope)


def _set(rest: str) -> NudgesSet | Malformed:
    """`RULE[.THRESHOLD] VALUE [for SCOPE] [because REASON]`; `to` or `=` before the value is tolerated."""
    head, reason = _cut(rest, _BECAUSE)
    head, scope_words = _cut(head, _FOR)
    rule, _, value = head.partition(" ")
    rule, value = (
        unquote(rule.rstrip("=:")),
        unquote(re.sub(r"^(?:to\s|=|:)\s*", "", value.strip(), flags=re.IGNORECASE)),
    )
    scope = None if scope_words is None else _scope(scope_words)
    if not rule or (scope_words is not None and scope is None) or reason == "":
        nearest = f"/nudges set {rule or EXAMPLE} {value or EXAMPLE_VALUE}"
        because = " because …" if reason == "" else f" because {reason}" if reason else ""
        return Malformed(command="/nudges set", nearest=nearest + _nearest(scope_words) + because)
    return NudgesSet(threshold=rule, value=value, scope=scope, reason=reason or "")


def _cut(text: str, mark: re.Pattern[str]) -> tuple[str, str | None]:
    """The text before and after the first mark that stands outside quotes; None: there is no mark."""
    masked = _QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), text)
    found = mark.search(masked)
    return (text.strip(), None) if found is None else (text[: found.start()].strip(), text[found.end() :].strip())


def _scope(words: str) -> ScopeWords | None:
    """What follows `for`; None where it names no scope. An e-mail or a mention alone is a person."""
    kind_word, _, name = words.partition(" ")
    kind = _KINDS.get(kind_word.casefold())
    name = read_person(name) if kind is ScopeKind.PERSON else unquote(name)
    if kind is None:
        alone = read_person(words)
        known = _EMAIL.fullmatch(alone) or _MENTION.fullmatch(alone) or re.fullmatch(r"@\S.*", alone)
        return ScopeWords(kind=ScopeKind.PERSON, name=alone) if known else None
    if (kind is ScopeKind.COMPANY) == bool(name):
        return None
    return ScopeWords(kind=kind, name=name)


def read_person(words: str) -> str:
    """A person as written: platform wrapping around an e-mail goes, a mention loses its display name."""
    bare = unquote(words)
    if found := _MAILTO.fullmatch(bare):
        return found[1]
    if found := _MENTION.fullmatch(bare):
        return f"<@{found[1]}>"
    return bare


def unquote(words: str) -> str:
    """Without the one pair of quotes around all of it."""
    text = words.strip()
    return text[1:-1].strip() if len(text) >= 2 and _QUOTED.fullmatch(text) else text


def _nearest(scope_words: str | None) -> str:
    """The scope for a correct form: as written where that was right, as a team of that name where no kind was given."""
    if scope_words is None:
        return ""
    scope = _scope(scope_words)
    if scope is not None:
        return f" for {scope_words}"
    match _KINDS.get(scope_words.partition(" ")[0].casefold()):
        case ScopeKind.COMPANY:
            return " for company"
        case ScopeKind.PERSON:
            return " for person ana@example.com"
        case ScopeKind.DEPARTMENT | ScopeKind.TEAM as kind:
            return f" for {kind} Sales"
        case None:
            bare = unquote(scope_words).replace('"', "")
            return f' for team "{bare}"' if bare else " for team Sales"
