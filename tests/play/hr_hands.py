"""HR at the keyboard: says a command, reads the answer, confirms."""

from collections.abc import Sequence

from bot.model import Role
from tests.play.company import Play, person


def hr_company(play: Play) -> None:
    """Max and Mina are Web in Product; Hana is HR as well, in Korean."""
    play.with_people(
        person("max", manager="dana", team="Web", department="Product"),
        person("mina", manager="dana", language="ko", team="Web", department="Product"),
        person("hana", manager="boss", role=Role.HR_ADMIN, language="ko"),
    )


def said(play: Play, words: str, who: str = "boss") -> str:
    play.say(who, words)
    return play.chat(who)[-1].words


def confirmed(play: Play, *commands: str, who: str = "boss") -> str:
    for words in commands:
        shown = said(play, words, who)
        assert len(play.chat(who)[-1].labels) == 2, shown
        play.act(who, next(iter(play.chat(who)[-1].card.buttons())).action)
    return play.chat(who)[-1].words


def in_order(words: str, parts: Sequence[str]) -> bool:
    places = [words.find(part) for part in parts]
    return -1 not in places and places == sorted(places)
