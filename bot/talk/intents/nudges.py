"""Reads `/nudges …` (INTERFACES, "`/nudges` grammar"). Names and values stay as written: HR's flow checks them."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

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
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|(?<!\S)'[^']*'(?!\S)|「[^」]*」")
_FOR = re.compile(r"(?:^|\s)for(?=\s|$)", re.IGNORECASE)
_BECAUSE = re.compile(r"(?:^|\s)(?:because|이유:?|사유:?)(?=\s|$)", re.IGNORECASE)
_MENTION = re.compile(r"<@([A-Za-z0-9:._-]{1,200})(?:\|[^<>]*)?>")
_MAILTO = re.compile(r"<mailto:([^<>|\s]+)(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
EXAMPLE, EXAMPLE_VALUE = "goal.stalled", "21d"
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
            return NudgesRevert(version=unquote(version), reason=reason or "")
        case "":
            return _unknown(verb, rest)
        case _:
            return _health(rest)


def _unknown(verb: str, rest: str) -> Malformed:
    """The verb that was perhaps meant, with what was written behind it where that makes a complete form."""
    near = get_close_matches(verb.casefold(), dict.fromkeys(_VERBS.values()), n=1, cutoff=0.7)
    if not near:
        return Malformed(command="/nudges", nearest="/nudges show")
    meant = read_nudges(f"{near[0]} {rest}")
    nearest = meant.nearest if isinstance(meant, Malformed) else f"/nudges {near[0]} {rest}".strip()
    return Malformed(command="/nudges", nearest=nearest)


def _show(rest: str) -> NudgesShow | Malformed:
    head, scope_words = _cut(rest, _FOR)
    rule = unquote(head)
    scope = None if scope_words is None else _scope(scope_words)
    if " " in rule or (scope_words is not None and scope is None):
        rule = rule.split(" ")[0]
        return Malformed(command="/nudges show", nearest=f"/nudges show {rule or EXAMPLE}{_nearest(scope_words)}")
    return NudgesShow(rule=rule, scope=scope)


def _set(verb: str, rest: str) -> NudgesSet | Malformed:
    """`RULE[.THRESHOLD] VALUE [for SCOPE] [because REASON]`; `to` or `=` before the value is tolerated."""
    said = _said(rest)
    rule, _, value = said.head.partition(" ")
    rule, value = (
        unquote(rule.rstrip("=:")),
        unquote(re.sub(r"^(?:to\s|=|:)\s*", "", value.strip(), flags=re.IGNORECASE)),
    )
    if not rule or said.wrong:
        nearest = f"/nudges {verb} {rule or EXAMPLE} {value or EXAMPLE_VALUE}{said.nearest}"
        return Malformed(command=f"/nudges {verb}", nearest=nearest)
    return NudgesSet(threshold=rule, value=value, scope=said.scope, reason=said.reason or "", ahead=verb == "preview")


def _lock(verb: str, rest: str) -> NudgesLock | Malformed:
    """`RULE[.THRESHOLD] [for SCOPE] [because REASON]`."""
    said = _said(rest)
    rule = unquote(said.head)
    if not rule or " " in rule or said.wrong:
        rule = rule.split(" ")[0] or EXAMPLE
        return Malformed(command=f"/nudges {verb}", nearest=f"/nudges {verb} {rule}{said.nearest}")
    return NudgesLock(rule=rule, locked=verb == "lock", scope=said.scope, reason=said.reason or "")


def _profile(rest: str) -> NudgesProfile | Malformed:
    """`NAME [for SCOPE] [because REASON]`."""
    said = _said(rest)
    name = unquote(said.head)
    if not name or " " in name or said.wrong:
        return Malformed(command="/nudges profile", nearest=f"/nudges profile {name.split(' ')[0] or 'standard'}{said.nearest}")
    return NudgesProfile(name=name, scope=said.scope, reason=said.reason or "")


def _pause(verb: str, rest: str) -> NudgesPause | Malformed:
    """`[for SCOPE] [because REASON]`; a scope without `for` is asked back, never guessed."""
    said = _said(rest)
    if said.head or said.wrong:
        forgotten = _nearest(said.head) if said.head and said.scope_words is None else ""
        return Malformed(command=f"/nudges {verb}", nearest=f"/nudges {verb}{forgotten}{said.nearest}")
    return NudgesPause(paused=verb == "pause", scope=said.scope, reason=said.reason or "")


def _history(rest: str) -> NudgesHistory | Malformed:
    head, scope_words = _cut(rest, _FOR)
    rule = unquote(head)
    if " " in rule or scope_words is not None:
        return Malformed(command="/nudges history", nearest=f"/nudges history {rule.split(' ')[0]}".strip())
    return NudgesHistory(rule=rule)


def _health(rest: str) -> NudgesHealth | Malformed:
    head, scope_words = _cut(rest, _FOR)
    rule = unquote(head)
    if " " in rule or scope_words is not None:
        return Malformed(command="/nudges health", nearest=f"/nudges health {rule.split(' ')[0]}".strip())
    return NudgesHealth(rule=rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What stands before `for` and `because`, and behind each. None: that word was not said."""

    head: str
    scope_words: str | None
    reason: str | None

    @property
    def scope(self) -> ScopeWords | None:
        return None if self.scope_words is None else _scope(self.scope_words)

    @property
    def wrong(self) -> bool:
        """`for` without a scope, or `because` without a reason."""
        return (self.scope_words is not None and self.scope is None) or self.reason == ""

    @property
    def nearest(self) -> str:
        """The scope and the reason for a correct form."""
        because = " because …" if self.reason == "" else f" because {self.reason}" if self.reason else ""
        return _nearest(self.scope_words) + because


def _said(rest: str) -> _Said:
    head, reason = _cut(rest, _BECAUSE)
    head, scope_words = _cut(head, _FOR)
    return _Said(head=head, scope_words=scope_words, reason=reason)


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
