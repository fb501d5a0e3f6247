"""Reads commands word by word: `/checkin skip travelling`, `goals at-risk`, `자리비움 내일`. The slash is optional.

A command word decides who reads the rest. Each reader gives an Intent, or None where the rest is no form of its command.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

from bot.model import Goal
from bot.talk.intents.digests import read_digest
from bot.talk.intents.kinds import (
    AddGoal,
    Ambiguous,
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
from bot.talk.intents.leave_words import read_away, read_wrong_days
from bot.talk.intents.matching import find
from bot.talk.intents.meetings import read_command as read_meeting
from bot.talk.intents.mutes import LIKE_A_RULE, read_mute, read_unmute, rule_in
from bot.talk.intents.nearest import nearest, respelt, respelt_command
from bot.talk.intents.nudges import read_nudges, unquote
from bot.talk.intents.privacy import read_export, read_forget
from bot.talk.intents.reports import read_report
from bot.talk.intents.tables import (
    CHECKIN,
    COMMANDS,
    GOAL_KINDS,
    GOALS,
    LANGUAGES,
    PLATFORMS,
    RONDO,
    SAID_AS,
    TEAM,
    TEAM_POST,
    sub_command,
)
from bot.talk.intents.times import read_days, read_minutes

MAX_SNOOZE = 7 * 24 * 60  # minutes; a period is a week, and a longer snooze would be a skip

_SKIP_LEAD = re.compile(
    r"^(?:(?:for )?(?:it|this week|this one|this time|this|today|이번 ?주는?|이번에는?)(?=[\s:,;–—-]|$))?"
    r"\s*(?:[:：,;–—-]+|because(?: of)?\s|since\s|due to\s|as\s|이유[:는]?\s)?\s*",
    re.IGNORECASE,
)
_REASON = re.compile(r"\s*[:：;]|,|\s[–—-]\s|\s(?:because|since|due to|as)\s|\s?때문에|\s이유[:는]?\s", re.IGNORECASE)
_PAST = re.compile(r"(?:last|previous|the previous) week|yesterday|the week before|(?:지난|저번|전) ?주|어제")
_AHEAD = re.compile(
    r"(?:the )?(?:coming|next|following) (?:month|one|time|(?:\w{1,5} )?weeks|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"|the (?:week after|following week)(?: next)?|week after next|다다음 ?주|다음 ?(?:달|번|에)"
)
"""Another time that has no one reading as days."""


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
        "/checkin": lambda: _checkin(rest, goals, today),
        "/goals": lambda: _goals(rest, goals),
        "/team": lambda: _team(rest),
        "/away": lambda: read_away(rest, today) or read_wrong_days(rest, today),
        "/nudges": lambda: read_nudges(" ".join(rest.split())),
        "/rondo": lambda: _rondo(rest, today),
        "help": lambda: None if rest else Help(),
        "why": lambda: None if rest else Why(),
        "skip": lambda: read_skip(rest, today),
        "snooze": lambda: snooze(rest),
        "history": lambda: None if rest else CheckInHistory(),
        "settings": lambda: None if rest else CheckInSettings(),
        "language": lambda: _language(rest),
        "privacy": lambda: None if rest else Privacy(),
        "mute": lambda: read_mute(rest, today) if not rest or LIKE_A_RULE.fullmatch(rule_in(rest)) else None,
        "unmute": lambda: read_unmute(rest) if LIKE_A_RULE.fullmatch(rest) else None,
    }
    return readers[command]() or _asked_back(command, rest, goals, today)


def read_mistyped(text: str, goals: Sequence[Goal], today: date) -> Malformed | None:
    """`/chekin skip`: begins with a slash and with no command, but nearly with one."""
    found = respelt_command(text)
    return None if found is None else _meant(*found, goals, today)


def _asked_back(command: str, rest: str, goals: Sequence[Goal], today: date) -> Malformed:
    meant = respelt(command, rest)
    said = SAID_AS.get(command, command)
    form = _meant(command, meant, goals, today).nearest if meant else nearest(command, rest, today)
    return Malformed(command=said, nearest=form)


def _meant(command: str, rest: str, goals: Sequence[Goal], today: date) -> Malformed:
    """A command and arguments that were perhaps meant, asked back."""
    intent = read_command(command, rest, goals, today)
    if isinstance(intent, Malformed):
        return intent
    return Malformed(command=command, nearest=f"{SAID_AS.get(command, command)} {rest}".strip())


def _checkin(rest: str, goals: Sequence[Goal], today: date) -> Intent | None:
    verb, words = sub_command(rest, CHECKIN)
    match verb:
        case "skip":
            return read_skip(words, today)
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


def read_skip(words: str, today: date) -> Skip | Malformed:
    """What follows `skip`. Another week or day than this one, said alone or before a reason, is no reason: asked back."""
    said = skip(words)
    lead = _SKIP_LEAD.match(words)
    if lead is not None and any(c.isalpha() for c in lead[0]):  # `this week`, `because`
        return said
    when = _REASON.split(said.reason, maxsplit=1)[0].casefold().strip(" .,!?")
    when = re.sub(r"^(?:for|on|the)\s|\splease$|(?<=[주일달])(?:에는|에|은|는)$", "", when)
    if _PAST.fullmatch(when):
        return Malformed(command="/checkin skip", nearest="/checkin skip")
    days = read_days(when, today)
    if days is not None:
        return Malformed(command="/checkin skip", nearest=f"/away {days[0]}..{days[1]}", phrase="skip-not-this-week")
    return Malformed(command="/checkin skip", nearest="/checkin skip") if _AHEAD.fullmatch(when) else said


def snooze(words: str) -> Snooze | None:
    """What follows `snooze`: `2h`, `until tomorrow`, nothing."""
    low = words.casefold().strip(" .!")
    if not low:
        return Snooze()
    if re.fullmatch(r"(?:(?:till|until|to|for)\s)?tomorrow(?: morning)?|내일(?:까지| 아침)?", low):
        return Snooze(until_tomorrow=True)
    minutes = read_minutes(low)
    return Snooze(minutes=minutes) if minutes and 0 < minutes <= MAX_SNOOZE else None


def _goals(rest: str, goals: Sequence[Goal]) -> Intent | None:
    verb, words = sub_command(rest, GOALS)
    match verb:
        case "add":
            kind, title = sub_command(words, GOAL_KINDS)
            return AddGoal(kind=kind, words=title.strip(" :"))
        case "kpi" if words:
            verb, name = sub_command(words, GOALS)
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
    verb, words = sub_command(rest, TEAM)
    if not verb:
        return ShowTeam(name=unquote(rest))
    switch, name = sub_command(words, TEAM_POST)
    return TeamPost(wanted=switch == "here", team=unquote(name.removeprefix("for "))) if switch else None


def _language(rest: str) -> Language | None:
    code = LANGUAGES.get(rest.casefold().strip(" .!").removeprefix("to "))
    return Language(code=code) if code else None


def _prefer(rest: str) -> Prefer | None:
    platform = PLATFORMS.get(" ".join(rest.casefold().strip(" .!").split()))
    return Prefer(platform=platform) if platform is not None else None


def _rondo(rest: str, today: date) -> Intent | None:
    verb, words = sub_command(rest, RONDO)
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
