"""What plays about 1:1s share."""

from bot.model import DutyKind, Person
from tests.play.company import Play, email_of, person
from tests.play.owed import owed

AGENDA = "one_on_one.agenda."


def items(play: Play) -> list[tuple[str, str, str, bool]]:
    """Who leads, who reports, the words, and whether it is still open."""
    name = {person(one).id: one for one in ("boss", "dana", "max", "mina", "tom")}
    return [
        (name[one.holder_id], name[one.person_id], one.text, one.done_at is None)
        for one in owed(play)
        if one.kind is DutyKind.ONE_ON_ONE
    ]


def stored(play: Play, name: str) -> Person:
    return next(one for one in play.imports.read_people() if one.email == email_of(name))


def last(play: Play, name: str) -> str:
    return play.chat(name)[-1].words


def met(play: Play, words: str = "1:1 with Dana every Tuesday 14:00") -> Play:
    """On Monday Max agrees on a time; the first 1:1 is on Tuesday 24 November."""
    play.say("max", words)
    return play
