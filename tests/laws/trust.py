"""What always holds of people's words (PRODUCT section 7): who is shown somebody else's is in the ledger, and no concern is."""

from collections.abc import Iterator

from bot.model import CheckIn, Person
from tests.laws.walk import Taken
from tests.play.company import card_words

SHORTEST = 6
"""Shorter texts stand on cards by chance."""


def readings_are_noted(taken: Taken) -> None:
    """A new card that cites the desk's owner to somebody else has its line; nobody is noted as a reader of their own words."""
    people, owner = taken.situation.people, taken.situation.person
    noted: set[tuple[str, str]] = set()
    for entry in taken.decision.entries:
        if entry.name == "privacy:read":
            noted.add((entry.person, entry.facts["by"]))
            reader = next(one for one in people.values() if one.email == entry.facts["by"])
            assert entry.person not in ("", reader.id), f"nobody reads their own words: {entry}"
        if entry.name == "privacy:concern":
            assert set(entry.facts) <= {"to", "by", "reason"}, f"words of a concern: {entry}"
    known = {told.key for told in taken.situation.told}
    for message in taken.decision.messages:
        reader_here = people.get(message.to)
        if owner is None or reader_here is None or reader_here.id == owner.id or message.key in known:
            continue
        shown = card_words(message.card)
        cited = [words for words in _written(owner, taken.situation.checkins) if words in shown]
        asked = message.key.startswith(("escalation:", "decisions:"))
        assert not (cited and asked) or (owner.id, reader_here.email) in noted, f"{reader_here.name} reads {cited}: not noted"


def _written(owner: Person, checkins: tuple[CheckIn, ...]) -> Iterator[str]:
    for checkin in checkins:
        if checkin.person_id == owner.id:
            answers = (text for one in checkin.answers for text in (one.note, one.blocker.text if one.blocker else ""))
            yield from (text for text in (*answers, checkin.adjust) if len(text) >= SHORTEST)
