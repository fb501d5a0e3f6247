"""Reads `/nudges …` (INTERFACES, "`/nudges` grammar"). Names and values stay as written: HR's flow checks them."""

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import assert_never

from bot.model import ScopeKind
from bot.talk.intents.kinds import (
    Malformed,
    NudgesHealth,
    NudgesHistory,
    NudgesLock,
    NudgesPause,
    NudgesProfile,
    NudgesRevert,
    NudgesSet,
    NudgesShow,
    ScopeWords,
)

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
_NEARLY_KINDS = {
    word: kind
    for kind, words in {
        ScopeKind.COMPANY: "all",
        ScopeKind.DEPARTMENT: "departments depts",
        ScopeKind.TEAM: "teams",
        ScopeKind.PERSON: "persons people employees",
    }.items()
    for word in words.split()
} | _KINDS
"""Also words that are asked back."""
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|(?<!\S)'[^']*'(?!\S)|「[^」]*」")
_LOOSE = re.compile(
    rf"(?:^|\s)(?:(?:in|on|at|of|within|across)\s+)?(?:the\s+|whole\s+)*(?P<kind>{'|'.join(_NEARLY_KINDS)})(?::|\s|$)"
    r"|(?:^|\s)(?P<named>[^\s\d]\S*\s?(?:팀|부서))(?:에서|에|만)?$|\s(?:in|within|across)\s+(?!a\srow)(?=\S)",
    re.IGNORECASE,
)
"""A scope without `for`: `in team Sales`, `팀 영업`, `영업 팀`, `in Sales`."""
_BEHIND = re.compile(r"(?P<name>\S.*?)\s?(?P<kind>team|department|dept|팀|부서)(?:에서|에|만)?", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:(?:the|our|my|whole|entire)\s+)+", re.IGNORECASE)
_FOR = re.compile(r"(?:^|\s)for(?=\s|$)", re.IGNORECASE)
_BECAUSE = re.compile(r"(?:^|\s)(?:because|이유:?|사유:?)(?=\s|$)", re.IGNORECASE)
_MENTION = re.compile(r"<@([A-Za-z0-9:._-]{1,200})(?:\|[^<>]*)?>")
_MAILTO = re.compile(r"<mailto:([^<>|\s]+)(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_STOPS = " .,;:!–—-"
"""What may end a part without belonging to it."""
_RULE_AND_VALUE = re.compile(r"(?P<rule>\"[^\"]*\"|“[^”]*”|[^\s=:]+)\s*(?:(?:[=:]|to(?=\s|$))\s*)?(?P<value>.*)", re.IGNORECASE)
_SPACED_RULE = re.compile(r"(?P<rule>[a-z]+(?:\s[a-z_]+){1,2})\s(?:to\s)?(?P<value>(?:\d|on$|off$).*)", re.IGNORECASE)
"""`goal stalled 10d`: rules have dots, no blanks."""
_SPACED = {"잠금 해제": "잠금해제", "일시 중지": "일시중지"}
"""Korean verbs that people also write as two words."""

Nudges = NudgesShow | NudgesSet | NudgesLock | NudgesProfile | NudgesPause | NudgesHistory | NudgesRevert | NudgesHealth


def read_nudges(words: str) -> Nudges | Malformed:
    """What follows `/nudges`; nothing at all means `show`."""
    words = words.strip()
    for spaced, verb in _SPACED.items():
        words = re.sub(rf"^{spaced}(?=\s|$)", verb, words)
    verb, _, rest = words.partition(" ")
    rest = rest.strip()
    match _VERBS.get(verb.casefold(), "show" if not verb else ""):
        case "show":
            return _show(rest)
        case "set" | "preview" as known:
            return _set(known, rest)
        case "lock" | "unlock" as known:
            return _lock(known, rest)
        case "profile":
            return _profile(rest)
        case "pause" | "resume" as known:
            return _pause(known, rest)
        case "history":
            return _history(rest)
        case "revert":
            version, reason = _cut(rest, _BECAUSE)
            return NudgesRevert(version=unquote(version.rstrip(_STOPS)), reason=reason or "")
        case "":
            return _unknown(verb, rest)
        case _:
            return _health(rest)


def _unknown(verb: str, rest: str) -> Malformed:
    """The verb that was perhaps meant, with what was written behind it where that makes a complete form."""
    near = get_close_matches(verb.casefold(), _VERBS, n=1, cutoff=0.7)
    if not near:
        return Malformed(command="/nudges", nearest="/nudges show")
    meant = read_nudges(f"{_VERBS[near[0]]} {rest}")
    return Malformed(command="/nudges", nearest=meant.nearest if isinstance(meant, Malformed) else _form(meant))


def _show(rest: str) -> NudgesShow:
    said = _said(rest)
    return NudgesShow(rule=unquote(said.head), scope=said.scope)


def _set(verb: str, rest: str) -> Nudges | Malformed:
    """`RULE[.THRESHOLD] VALUE [for SCOPE] [because REASON]`; `to` or `=` before the value is tolerated."""
    first = _VERBS.get(rest.partition(" ")[0].casefold())
    if first in ("profile", "pause", "resume", "lock", "unlock"):  # `set profile active`: no rule is called like that
        return read_nudges(rest)
    said = _said(rest)
    found = _SPACED_RULE.fullmatch(said.head) or _RULE_AND_VALUE.fullmatch(said.head)
    rule, value = (found["rule"], found["value"]) if found else (said.head, "")
    if said.reason == "":
        return Malformed(command=f"/nudges {verb}", nearest=f"/nudges {verb} {rest} …")
    return NudgesSet(
        threshold=unquote(rule), value=unquote(value), scope=said.scope, reason=said.reason or "", ahead=verb == "preview"
    )


def _lock(verb: str, rest: str) -> NudgesLock | Malformed:
    """`RULE[.THRESHOLD] [for SCOPE] [because REASON]`."""
    said = _said(rest)
    if said.reason == "":
        return Malformed(command=f"/nudges {verb}", nearest=f"/nudges {verb} {rest} …")
    return NudgesLock(rule=unquote(said.head), locked=verb == "lock", scope=said.scope, reason=said.reason or "")


def _profile(rest: str) -> NudgesProfile | Malformed:
    """`NAME [for SCOPE] [because REASON]`."""
    said = _said(rest)
    if said.reason == "":
        return Malformed(command="/nudges profile", nearest=f"/nudges profile {rest} …")
    return NudgesProfile(name=unquote(said.head), scope=said.scope, reason=said.reason or "")


def _pause(verb: str, rest: str) -> NudgesPause | Malformed:
    """`[for SCOPE] [because REASON]`; a scope without `for` is asked back, never guessed."""
    said = _said(rest)
    if said.reason == "":
        return Malformed(command=f"/nudges {verb}", nearest=f"/nudges {verb} {rest} …")
    scope = said.scope
    if said.head:
        scope = replace(scope, unsure=True) if scope else replace(_scope(said.head), unsure=True)
    return NudgesPause(paused=verb == "pause", scope=scope, reason=said.reason or "")


def _history(rest: str) -> NudgesHistory | Malformed:
    said = _said(rest)
    rule = unquote(said.head)
    if said.scope is not None:
        return Malformed(command="/nudges history", nearest=f"/nudges history {rule.replace(' ', '.')}".strip())
    return NudgesHistory(rule=rule)


def _health(rest: str) -> NudgesHealth | Malformed:
    said = _said(rest)
    rule = unquote(said.head)
    if said.scope is not None:
        return Malformed(command="/nudges health", nearest=f"/nudges health {rule.replace(' ', '.')}".strip())
    return NudgesHealth(rule=rule)


def _form(meant: Nudges) -> str:
    """A command in words again."""
    match meant:
        case NudgesShow(rule=rule, scope=scope):
            return _written("show", rule, scope)
        case NudgesSet(threshold=rule, value=value, scope=scope, reason=reason, ahead=ahead):
            return _written("preview" if ahead else "set", f"{rule} {value}", scope, reason)
        case NudgesLock(rule=rule, locked=locked, scope=scope, reason=reason):
            return _written("lock" if locked else "unlock", rule, scope, reason)
        case NudgesProfile(name=name, scope=scope, reason=reason):
            return _written("profile", name, scope, reason)
        case NudgesPause(paused=paused, scope=scope, reason=reason):
            return _written("pause" if paused else "resume", "", scope, reason)
        case NudgesHistory(rule=rule):
            return _written("history", rule)
        case NudgesRevert(version=version, reason=reason):
            return _written("revert", version, reason=reason)
        case NudgesHealth(rule=rule):
            return _written("health", rule)
        case _:
            assert_never(meant)


def _written(verb: str, words: str, scope: ScopeWords | None = None, reason: str = "") -> str:
    where = f" for {scope.kind.value} {scope.name}".rstrip() if scope else ""
    return " ".join(f"/nudges {verb} {words}".split()) + where + (f" because {reason}" if reason else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What stands before `for` and `because`, and behind each. None: that word was not said."""

    head: str
    scope: ScopeWords | None
    reason: str | None


def _said(rest: str) -> _Said:
    head, reason = _cut(rest, _BECAUSE)
    head, words = _cut(head, _FOR)
    if words is not None:
        return _Said(head=head.rstrip(_STOPS), scope=_scope(words), reason=reason)
    loose = _LOOSE.search(_masked(head))
    if loose is None:
        return _Said(head=head.rstrip(_STOPS), scope=None, reason=reason)
    start = loose.start("kind") if loose["kind"] else loose.start("named") if loose["named"] else loose.end()
    scope = replace(_scope(head[start:]), unsure=True)
    return _Said(head=head[: loose.start()].rstrip(_STOPS), scope=scope, reason=reason)


def _masked(text: str) -> str:
    """The text with everything in quotes hidden."""
    return _QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), text)


def _cut(text: str, mark: re.Pattern[str]) -> tuple[str, str | None]:
    """The text before and after the first mark that stands outside quotes; None: there is no mark."""
    found = mark.search(_masked(text))
    return (text.strip(), None) if found is None else (text[: found.start()].strip(), text[found.end() :].strip())


def _scope(words: str) -> ScopeWords:
    """What follows `for`. An e-mail or a mention alone is a person; what has no kind, or no name, the flow asks back."""
    words = words.rstrip(" ,;:–—-")  # a name may end in a full stop
    bare = _ARTICLE.sub("", words)
    kind_word, _, name = bare.partition(" ")
    kind = _NEARLY_KINDS.get(kind_word.rstrip(":").casefold())
    if kind is None:
        alone = read_person(words)
        known = _EMAIL.fullmatch(alone) or _MENTION.fullmatch(alone) or re.fullmatch(r"@\S.*", alone)
        behind = None if known or _QUOTED.fullmatch(bare) else _BEHIND.fullmatch(bare)
        if behind is not None:  # `the Sales team`
            return ScopeWords(kind=_KINDS[behind["kind"].casefold()], name=unquote(behind["name"]), unsure=True)
        return ScopeWords(kind=ScopeKind.PERSON if known else ScopeKind.TEAM, name=alone, unsure=not known)
    name = read_person(name) if kind is ScopeKind.PERSON else unquote(name)
    written = words == bare and kind_word.casefold() in _KINDS
    if kind is ScopeKind.COMPANY:
        return ScopeWords(kind=kind, unsure=bool(name) or not written)
    return ScopeWords(kind=kind, name=name, unsure=not written)


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
