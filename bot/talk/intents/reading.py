"""The door: one text in, one Intent out. Phrases and commands first, then reports; a slash makes it a command for sure."""

import re
from collections.abc import Sequence
from datetime import date

from bot.model import Goal
from bot.talk.intents import commands, lexicon
from bot.talk.intents.as_typed import as_typed
from bot.talk.intents.kinds import Ambiguous, Away, Intent, Malformed, Pleasantry, ShowTeam, Skip, Unclear
from bot.talk.intents.leave_words import which_half
from bot.talk.intents.matching import find
from bot.talk.intents.meetings import read_meeting, read_talk
from bot.talk.intents.mutes import LIKE_A_RULE
from bot.talk.intents.phrases import away_words, is_half, read_phrase
from bot.talk.intents.reports import read_report
from bot.talk.text import clean, readable

_LIKE_DATES = re.compile(
    r"(?:(?:from|till|until|through|on|for|the|next|this)\s)*(?:\d|tomorrow|today|week|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\s\d"
    r"|morning|afternoon|내일|모레|오늘|오전|오후|.요일|(?:다음|이번) ?주)"
)
_PLAIN_SKIP = re.compile(r"(?:skip|건너뛰기|스킵)\s*(?:this|it\b|[:,–—-]|because|이번)", re.IGNORECASE)
_UPDATE = re.compile(r"(?:update|edit)\s", re.IGNORECASE)
_SHORT = 3  # words; what is longer after a bare command word is a sentence, not wrong arguments
_MAX_LIKE_ARGUMENTS = 60  # characters


def understand(text: str, *, goals: Sequence[Goal], today: date) -> Intent:
    """What somebody means. Never raises; what lies beyond 3,000 characters is not read.

    `goals` are the person's active goals, `today` is their local date. The leading slash is optional and case does not
    matter; a text that begins with a slash is a command and nothing else. Dates: see `bot.talk.intents.times.read_days`
    (`till Monday` means back on Monday; `A..B` includes both).
    """
    typed = clean(text)
    said, places = readable(typed)
    if said == typed:
        return _read(said, goals, today)
    intent = _read(said.strip(), goals, today)
    if isinstance(intent, Unclear | Malformed):  # something unseen may stand for a blank: `all<U+200B>on<U+200B>track`
        spaced, apart = readable(typed, gap=" ")
        again = _read(spaced.strip(), goals, today)
        if not isinstance(again, Unclear | Malformed):
            return as_typed(again, spaced, apart, typed)
    return as_typed(intent, said, places, typed)


def _read(said: str, goals: Sequence[Goal], today: date) -> Intent:
    if said.startswith("/"):
        found = commands.split_command(said)
        return commands.read_command(*found, goals, today) if found else _mistyped(said, goals, today)
    if lexicon.is_pleasantry(said):
        return Pleasantry()
    return read_meeting(said) or read_phrase(said, today) or _read_words(said, goals, today)


def _mistyped(said: str, goals: Sequence[Goal], today: date) -> Intent:
    return commands.read_mistyped(said, goals, today) or Unclear(text=said)


def _read_words(said: str, goals: Sequence[Goal], today: date) -> Intent:
    """A command without its slash, unless the text reads better as a report: a goal may be called `Team spirit`."""
    found = commands.split_command(said)
    if found is None:
        return _read_sentence(said, goals, today)
    intent = commands.read_command(*found, goals, today)
    match intent:
        case Skip(reason=reason) if found[0] == "skip" and reason and not _PLAIN_SKIP.match(said):
            about_goal = find(reason, goals)
            return Unclear(text=said) if read_report(reason, goals) or (about_goal.goals and not about_goal.rest) else intent
        case ShowTeam(name=name) if name:
            reported = read_report(said, goals)
            return intent if reported is None or isinstance(reported, Ambiguous) else reported
        case Malformed(command=command) if not command.startswith("/nudges "):  # nobody says `nudges set` by chance
            fallback = intent if _like_arguments(*found) else Unclear(text=said)
            return read_report(said, goals) or fallback
        case _:
            return intent


def _read_sentence(said: str, goals: Sequence[Goal], today: date) -> Intent:
    """Words that begin with no command."""
    if update := _UPDATE.match(said):
        return commands.update_goal(said[update.end() :], goals)
    away = away_words(said)
    if away and _like_arguments("/away", away[1]) and not find(away[0], goals).goals:
        intent = commands.read_command("/away", away[1], goals, today)
        unsaid = is_half(away[0]) and not (isinstance(intent, Away) and intent.part)  # which half?
        return which_half(away[1], today) if unsaid else intent
    return read_report(said, goals) or read_talk(said) or Unclear(text=said)


def _like_arguments(command: str, rest: str) -> bool:
    """Wrong arguments, or the rest of a sentence that only begins with a command word (`away from my desk`)?"""
    if len(rest) > _MAX_LIKE_ARGUMENTS:
        return False
    match command:
        case "/away":
            return not rest or _LIKE_DATES.match(rest.casefold()) is not None
        case "snooze" | "/rondo":
            return True
        case "mute" | "unmute":
            return LIKE_A_RULE.match(rest) is not None
        case "help" | "why":
            return False
        case _:
            return len(rest.split()) <= _SHORT
