"""Reads commands word by word: `/checkin skip travelling`, `goals at-risk`, `자리비움 내일`. The slash is optional.

A command word decides who reads the rest. Each reader gives an Intent, or None where the rest is no form of its command.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from bot.model import DayPart, Goal
from bot.talk.intents.digests import read_digest
from bot.talk.intents.kinds import (
    AddGoal,
    Ambiguous,
    Away,
    BackFromAway,
    CheckInHistory,
    CheckInSettings,
    CloseGoal,
    EditGoal,
    Help,
    Intent,
    Language,
    Malformed,
    Prefer,
    Question,
    ShowCheckIn,
    ShowGoal,
    ShowGoals,
    ShowTeam,
    Skip,
    Snooze,
    TeamPost,
    UpdateGoal,
    WhichGoals,
    Why,
)
from bot.talk.intents.kinds_privacy import Concern, Privacy
from bot.talk.intents.matching import find
from bot.talk.intents.meetings import read_command as read_meeting
from bot.talk.intents.mutes import LIKE_A_RULE, read_mute, read_unmute, rule_in
from bot.talk.intents.nudges import read_nudges, unquote
from bot.talk.intents.privacy import read_export, read_forget
from bot.talk.intents.reports import read_report
from bot.talk.intents.times import part_of_day, read_days, read_half_day, read_minutes

_A_DAY = 24 * 60  # minutes
MAX_SNOOZE = 7 * _A_DAY  # minutes; a period is a week, and a longer snooze would be a skip


def _table(words: Mapping[str, str]) -> dict[str, str]:
    return {alias: name for name, aliases in words.items() for alias in aliases.split("|")}


COMMANDS = _table(
    {
        "/checkin": "checkin|check-in|check in|체크인|체크 인",
        "/goals": "goals|goal|목표",
        "/team": "team|팀",
        "/away": "away|자리비움|자리 비움|휴가|부재|연차",
        "/nudges": "nudges|알림",
        "/rondo": "rondo|론도",
        "help": "help|도움말|도움",
        "why": "why|왜",
        "skip": "skip|건너뛰기|스킵",
        "snooze": "snooze|미루기|스누즈",
        "history": "history|이력|기록",
        "settings": "settings|설정",
        "language": "language|언어",
        "privacy": "privacy|개인정보",
        "mute": "mute|음소거",
        "unmute": "unmute|음소거 해제",
    }
)
_CHECKIN = _table(
    {
        "skip": "skip|건너뛰기|스킵",
        "snooze": "snooze|later|미루기|스누즈|나중에",
        "history": "history|이력|기록",
        "settings": "settings|setting|설정",
    }
)
_GOALS = _table(
    {
        "mine": "mine|my|list|내|내 목표|목록",
        "team": "team|our|팀|팀 목표",
        "at-risk": "at-risk|at risk|atrisk|at_risk|risk|위험",
        "add": "add|new|추가",
        "update": "update|업데이트",
        "edit": "edit|change|수정|변경",
        "close": "close|grade|마감|종료",
        "show": "show|open|보기",
        "stop": "stop|stop list|stop-list|그만둘 일|중단 목록",
        "kpi": "kpi|kpis|지표",
    }
)
_GOAL_KINDS = _table(
    {
        "committed": "committed|commitment|약속|약속 목표",
        "aspirational": "aspirational|stretch|도전|도전 목표",
        "learning": "learning|학습|학습 목표",
        "cross-team": "cross-team|cross team|crossteam|팀 간|팀간|여러 팀",
        "kpo": "kpo|입사 목표",
        "kpi": "kpi|지표",
    }
)
_TEAM = _table({"post": "post|weekly post|게시|팀 게시|주간 게시"})
_TEAM_POST = _table({"here": "here|on|여기|여기에|켜기", "off": "off|stop|끄기|그만"})
_RONDO = _table(
    {
        "help": "help|도움말|도움",
        "why": "why|왜|이유",
        "privacy": "privacy|개인정보",
        "export": "export|내보내기",
        "forget": "forget|forget me|삭제|잊기|지우기",
        "concern": "concern|우려|신고|걱정",
        "language": "language|언어",
        "digest": "digest|my digest|다이제스트|요약",
        "prefer": "prefer|선호|받을 곳",
        "mute": "mute|음소거|끄기",
        "unmute": "unmute|음소거 해제|켜기",
    }
)
_LANGUAGES = _table({"en": "en|english|영어|en-us|en-gb", "ko": "ko|korean|한국어|kr|ko-kr"})
_PLATFORMS = _table(
    {
        "slack": "slack|슬랙",
        "teams": "teams|ms teams|microsoft teams|팀즈|마이크로소프트 팀즈",
        "": "auto|automatic|either|자동|아무 데나",
    }
)
_BACK = frozenset({"back", "i'm back", "복귀", "돌아옴", "돌아왔어요", "복귀했어요"})
_SKIP_LEAD = re.compile(
    r"^(?:(?:for )?(?:it|this week|this one|this time|this|today|이번 ?주는?|이번에는?)(?=[\s:,;–—-]|$))?"
    r"\s*(?:[:：,;–—-]+|because(?: of)?\s|since\s|due to\s|as\s|이유[:는]?\s)?\s*",
    re.IGNORECASE,
)


def split_command(text: str) -> tuple[str, str] | None:
    """The command a text begins with (`/away`, `skip`) and the rest of it; None where it begins with none."""
    words = text.lstrip("/").strip()
    low = words.casefold() if len(words.casefold()) == len(words) else words.lower()
    for length in (2, 1):  # `check in` before `check`
        head = " ".join(low.split(maxsplit=2)[:length])
        bare = head.rstrip(":?!.")
        if bare in COMMANDS and low.startswith(head):
            rest = words[len(head) :].strip()
            return COMMANDS[bare], rest
    return None


def read_command(command: str, rest: str, goals: Sequence[Goal], today: date) -> Intent:
    """What a command means; Malformed where its arguments are none it takes."""
    readers: dict[str, Callable[[], Intent | None]] = {
        "/checkin": lambda: _checkin(rest, goals),
        "/goals": lambda: _goals(rest, goals),
        "/team": lambda: _team(rest),
        "/away": lambda: read_away(rest, today),
        "/nudges": lambda: read_nudges(" ".join(rest.split())),
        "/rondo": lambda: _rondo(rest, today),
        "help": lambda: None if rest else Help(),
        "why": lambda: None if rest else Why(),
        "skip": lambda: skip(rest),
        "snooze": lambda: snooze(rest),
        "history": lambda: None if rest else CheckInHistory(),
        "settings": lambda: None if rest else CheckInSettings(),
        "language": lambda: _language(rest),
        "privacy": lambda: None if rest else Privacy(),
        "mute": lambda: read_mute(rest, today) if not rest or LIKE_A_RULE.fullmatch(rule_in(rest)) else None,
        "unmute": lambda: read_unmute(rest) if LIKE_A_RULE.fullmatch(rest) else None,
    }
    return readers[command]() or Malformed(command=_COMMAND_OF.get(command, command), nearest=_nearest(command, rest, today))


_COMMAND_OF = {
    "help": "/rondo help",
    "why": "/rondo why",
    "privacy": "/rondo privacy",
    "language": "/rondo language",
    "skip": "/checkin skip",
    "snooze": "/checkin snooze",
    "history": "/checkin history",
    "settings": "/checkin settings",
    "mute": "/rondo mute",
    "unmute": "/rondo unmute",
}


def _nearest(command: str, rest: str, today: date) -> str:
    """A complete form of the command, as near to what was written as can be."""
    match command:
        case "/away":
            return f"/away {_nearest_half_day(rest, today) or _nearest_days(rest, today)}"
        case "/rondo" if _head(rest, _RONDO)[0] == "mute":
            return f"/rondo mute {_rule_or_example(_head(rest, _RONDO)[1])} for 2 weeks"
        case "mute":
            return f"/rondo mute {_rule_or_example(rest)} for 2 weeks"
        case "/rondo" if _head(rest, _RONDO)[0] == "unmute":
            return "/rondo unmute goal.stalled"
        case "unmute":
            return "/rondo unmute goal.stalled"
        case "/rondo" if _head(rest, _RONDO)[0] == "language":
            return "/rondo language en"
        case "/rondo" if _head(rest, _RONDO)[0] in ("export", "forget", "privacy"):
            return f"/rondo {_head(rest, _RONDO)[0]}"
        case "/rondo" if _head(rest, _RONDO)[0] == "prefer":
            return "/rondo prefer auto"
        case "/rondo" if _head(rest, _RONDO)[0] == "digest":
            return "/rondo digest monday 9:00"
        case "/team":
            return "/team post here"
        case "/checkin" if _head(rest, _CHECKIN)[0] == "snooze":
            return "/checkin snooze 2h"
        case "/rondo":
            return "/rondo help"
        case "snooze":
            return "/checkin snooze 2h"
        case "language":
            return "/rondo language en"
        case _:
            return _COMMAND_OF.get(command, command)


def _rule_or_example(rest: str) -> str:
    named = rule_in(rest)
    return named if LIKE_A_RULE.fullmatch(named) else "goal.stalled"


def which_half(rest: str, today: date) -> Malformed:
    """Half a day was said, and not clearly which half of which day."""
    days = read_days(rest, today)
    nearest = _nearest_half_day(rest, today) or f"{days[0] if days else today} {DayPart.AFTERNOON}"
    return Malformed(command="/away", nearest=f"/away {nearest}")


def _nearest_half_day(rest: str, today: date) -> str:
    """The first day that was written as ISO, else today, with the part of the day that was named; empty where none was."""
    part = part_of_day(rest[:200])
    written = [day for day in re.findall(r"\d{4}-\d{2}-\d{2}", rest) if read_half_day(f"{day} {part}", today)]
    return f"{(written or [today.isoformat()])[0]} {part}" if part else ""


def _nearest_days(rest: str, today: date) -> str:
    """The dates that were written, in order and as ISO; else the coming seven days."""
    found: list[date] = []
    for year, month, day in re.findall(r"(\d{4})-(\d{1,2})-(\d{1,2})", rest)[:2]:
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    found.sort()
    if found and found[-1] >= today and (found[-1] - found[0]).days < 366:
        return f"{found[0]}..{found[-1]}"
    minutes = read_minutes(rest[:40]) or 0
    if _A_DAY <= minutes < 366 * _A_DAY:  # `for 3 days`: from when?
        return f"{today}..{today + timedelta(days=minutes // _A_DAY - 1)}"
    return f"{today + timedelta(days=1)}..{today + timedelta(days=7)}"


def _head(rest: str, table: Mapping[str, str]) -> tuple[str, str]:
    """The canonical sub-command that the rest begins with (empty: none), and what follows it."""
    low = rest.casefold() if len(rest.casefold()) == len(rest) else rest.lower()
    for length in (2, 1):
        head = " ".join(low.split(maxsplit=2)[:length])
        bare = head.rstrip(":?!.,")
        if bare in table and low.startswith(head):
            return table[bare], rest[len(head) :].strip()
    return "", rest


def _checkin(rest: str, goals: Sequence[Goal]) -> Intent | None:
    verb, words = _head(rest, _CHECKIN)
    match verb:
        case "skip":
            return skip(words)
        case "snooze":
            return snooze(words)
        case "history" if not words:
            return CheckInHistory()
        case "settings" if not words:
            return CheckInSettings()
        case _:
            return read_report(rest, goals) if rest else ShowCheckIn()


def skip(words: str) -> Skip:
    """What follows `skip`: `this week: travelling`, `because I travel`, `travelling`."""
    return Skip(reason=_SKIP_LEAD.sub("", words, count=1).strip(" ."))


def snooze(words: str) -> Snooze | None:
    """What follows `snooze`: `2h`, `until tomorrow`, nothing."""
    low = words.casefold().strip(" .!")
    if not low:
        return Snooze()
    if re.fullmatch(r"(?:(?:till|until|to|for)\s)?tomorrow(?: morning)?|내일(?:까지| 아침)?", low):
        return Snooze(until_tomorrow=True)
    minutes = read_minutes(low)
    return Snooze(minutes=minutes) if minutes and 0 < minutes <= MAX_SNOOZE else None


def read_away(rest: str, today: date) -> Away | BackFromAway | None:
    """What follows `/away`. A reason behind the dates is not read: it is nobody's business."""
    if rest.casefold().strip(" .!") in _BACK:
        return BackFromAway()
    stated = re.split(r"\s*[:;(—]|,(?!\s?\d)|\s(?:because|since|due to|때문에)\s", rest[:200], maxsplit=1)[0]
    half = read_half_day(rest, today) or read_half_day(stated, today)
    if half:
        return Away(first=half[0], last=half[0], part=half[1])
    days = read_days(rest, today) or read_days(stated, today)
    return Away(first=days[0], last=days[1]) if days else None


def _goals(rest: str, goals: Sequence[Goal]) -> Intent | None:
    verb, words = _head(rest, _GOALS)
    match verb:
        case "add":
            kind, title = _head(words, _GOAL_KINDS)
            return AddGoal(kind=kind, words=title.strip(" :"))
        case "kpi" if words:
            verb, name = _head(words, _GOALS)
            return AddGoal(kind="kpi", words=name if verb == "add" else words)
        case "update":
            return update_goal(words, goals)
        case "edit":
            return EditGoal(words=words)
        case "close":
            return CloseGoal(words=words)
        case "show" if words:
            return ShowGoal(words=words)
        case "show":
            return ShowGoals()
        case "mine" | "team" | "at-risk" | "stop" | "kpi" if not words:
            return ShowGoals(which=WhichGoals(verb))
        case _:
            return read_report(rest, goals) if rest else ShowGoals()


def update_goal(words: str, goals: Sequence[Goal]) -> Intent:
    """What follows `/goals update`: a goal, nothing, or already the report."""
    reported = read_report(words, goals)
    if reported is not None:
        return reported
    named = find(words, goals).goals
    if len(named) > 1:
        return Ambiguous(question=Question.GOAL, candidates=tuple(goal.id for goal in named))
    if not named and not words and len(goals) == 1:
        named = tuple(goals)
    return UpdateGoal(goal_id=named[0].id if named else None)


def _team(rest: str) -> Intent | None:
    """`/team`, `/team NAME`, `/team post here|off [TEAM]`; a team that is called like that is named in quotes."""
    verb, words = _head(rest, _TEAM)
    if not verb:
        return ShowTeam(name=unquote(rest))
    switch, name = _head(words, _TEAM_POST)
    return TeamPost(wanted=switch == "here", team=unquote(name.removeprefix("for "))) if switch else None


def _language(rest: str) -> Language | None:
    code = _LANGUAGES.get(rest.casefold().strip(" .!").removeprefix("to "))
    return Language(code=code) if code else None


def _prefer(rest: str) -> Prefer | None:
    platform = _PLATFORMS.get(" ".join(rest.casefold().strip(" .!").split()))
    return Prefer(platform=platform) if platform is not None else None


def _rondo(rest: str, today: date) -> Intent | None:
    verb, words = _head(rest, _RONDO)
    match verb:
        case "help":
            return Help()
        case "why":
            return Why()
        case "language":
            return _language(words)
        case "digest":
            return read_digest(words)
        case "prefer":
            return _prefer(words)
        case "mute":
            return read_mute(words, today)
        case "unmute":
            return read_unmute(words)
        case "concern":
            return Concern(words=words.lstrip(" :"))
        case "privacy" if not words:
            return Privacy()
        case "export":
            return read_export(words)
        case "forget":
            return read_forget(words)
        case _:
            return read_meeting(rest) if rest else Help()
