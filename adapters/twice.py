"""A word on a card that goes out once more although it may have arrived, in its reader's language."""

from collections.abc import Callable

from bot.flows.delivery import perhaps_twice
from bot.model import Company, Person
from bot.rules.people import locale_of
from bot.talk.cards import Card
from bot.talk.voice import Phrases


def marking(person_of: Callable[[str], Person | None], company: Company, phrases: Phrases) -> Callable[[str, Card], Card]:
    """From a person's id and their card to the card that says so; for whom `person_of` does not know, the card as it is."""

    def mark(to: str, card: Card) -> Card:
        person = person_of(to)
        return card if person is None else perhaps_twice(card, phrases[locale_of(person, company)])

    return mark
