"""The words of commands in English and Korean, each with its canonical name, and how a text begins with one of them."""

from collections.abc import Mapping


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
CHECKIN = _table(
    {
        "skip": "skip|건너뛰기|스킵",
        "snooze": "snooze|later|미루기|스누즈|나중에",
        "history": "history|이력|기록",
        "settings": "settings|setting|설정",
    }
)
GOALS = _table(
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
GOAL_KINDS = _table(
    {
        "committed": "committed|commitment|약속|약속 목표",
        "aspirational": "aspirational|stretch|도전|도전 목표",
        "learning": "learning|학습|학습 목표",
        "cross-team": "cross-team|cross team|crossteam|팀 간|팀간|여러 팀",
        "kpo": "kpo|입사 목표",
        "kpi": "kpi|지표",
    }
)
TEAM = _table({"post": "post|weekly post|게시|팀 게시|주간 게시"})
TEAM_POST = _table({"here": "here|on|여기|여기에|켜기", "off": "off|stop|끄기|그만"})
RONDO = _table(
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
LANGUAGES = _table({"en": "en|english|영어|en-us|en-gb", "ko": "ko|korean|한국어|kr|ko-kr"})
PLATFORMS = _table(
    {
        "slack": "slack|슬랙",
        "teams": "teams|ms teams|microsoft teams|팀즈|마이크로소프트 팀즈",
        "": "auto|automatic|either|자동|아무 데나",
    }
)
SAID_AS = {
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
"""Commands that may be said alone, and how they are said in full."""
SUB_COMMANDS: Mapping[str, Mapping[str, str]] = {"/checkin": CHECKIN, "/goals": GOALS, "/team": TEAM, "/rondo": RONDO}


def sub_command(rest: str, table: Mapping[str, str]) -> tuple[str, str]:
    """The canonical sub-command that the rest begins with (empty: none), and what follows it."""
    low = rest.casefold() if len(rest.casefold()) == len(rest) else rest.lower()
    for length in (2, 1):
        head = " ".join(low.split(maxsplit=2)[:length])
        bare = head.rstrip(":?!.,")
        if bare in table and low.startswith(head):
            return table[bare], rest[len(head) :].strip()
    return "", rest
