"""The nearest complete form of a command whose arguments are none it takes, and the word that was mistyped in it."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from bot.talk.intents.leave_words import nearest_days
from bot.talk.intents.mutes import LIKE_A_RULE, rule_in
from bot.talk.intents.tables import COMMANDS, SAID_AS, SUB_COMMANDS, sub_command

_NEAR = 0.7  # of difflib's ratio: `forgett`, `priavcy`, `upate`; not `nonsense`
_SHORTEST = 3  # characters; a shorter word is near to too many


def nearest(command: str, rest: str, today: date) -> str:
    """A complete form of the command, as near to what was written as can be."""
    if command == "/away":
        return f"/away {nearest_days(rest, today)}"
    if command == "/team":
        return "/team post here"
    said = SAID_AS.get(command, command)
    verb, words = sub_command(rest, SUB_COMMANDS[command]) if command in SUB_COMMANDS else ("", rest)
    match f"{said} {verb}".strip():
        case "/rondo mute":
            named = rule_in(words)
            return f"/rondo mute {named if LIKE_A_RULE.fullmatch(named) else 'goal.stalled'} for 2 weeks"
        case "/rondo unmute":
            return "/rondo unmute goal.stalled"
        case "/rondo language":
            return "/rondo language en"
        case "/rondo prefer":
            return "/rondo prefer auto"
        case "/rondo digest":
            return "/rondo digest monday 9:00"
        case "/checkin snooze":
            return "/checkin snooze 2h"
        case "/rondo export" | "/rondo forget" | "/rondo privacy" as form:
            return form
        case _:
            return "/rondo help" if command == "/rondo" else said


def respelt(command: str, rest: str) -> str:
    """The rest of a command with its sub-command as it was perhaps meant; empty: nothing is near, or it is right."""
    table = SUB_COMMANDS.get(command)
    if table is None or sub_command(rest, table)[0]:
        return ""
    written, _, words = rest.partition(" ")
    near = _near(written, table)
    return f"{table[near]} {words}".strip() if near else ""


def respelt_command(text: str) -> tuple[str, str] | None:
    """`/chekin history` as the command that was perhaps meant and the rest; None: nothing is near."""
    written, _, rest = text.lstrip("/").strip().partition(" ")
    near = _near(written.rstrip(":?!."), COMMANDS)
    return (COMMANDS[near], rest.strip()) if near else None


def _near(written: str, words: Iterable[str]) -> str:
    known = [word for word in words if " " not in word]
    low = written.casefold()
    if len(low) < _SHORTEST or len(low) > 40:
        return ""
    return next(iter(get_close_matches(low, known, n=1, cutoff=_NEAR)), "")
