"""Whom words about a 1:1 mean: the speaker's manager or a direct report; several are asked back, nobody is guessed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.decision import Decision
from bot.model import DutyKind, Person
from bot.rules import agenda
from bot.rules.meetings import partner_pairs
from bot.scene import Scene
from bot.talk.actions import MAX_ENCODED, Action, Verb
from bot.talk.cards import Button, Buttons, Element, Note, Paragraph
from bot.talk.intents.meetings import MY_MANAGER
from bot.talk.names import is_named, named_at_start
from bot.talk.text import clean, fold_email

CHOICES = 8
"""So many people are offered as buttons; with more the name is quicker written."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Who leads a 1:1, and who reports."""

    lead: Person
    report: Person

    def other(self, person: Person) -> Person:
        """The one a person meets."""
        return self.report if self.lead.id == person.id else self.lead


def partners(scene: Scene) -> tuple[Pair, ...]:
    """With whom the actor has 1:1s: their manager first, then who reports to them."""
    return tuple(Pair(lead, report) for lead, report in partner_pairs(scene))


def has_reports(scene: Scene) -> bool:
    """The actor leads 1:1s."""
    return any(pair.lead.id == scene.person.id for pair in partners(scene))


def everybody(scene: Scene) -> tuple[Pair, ...]:
    """The actor's 1:1s and those with whom else something waits to be talked about (*Talk first* of a request)."""
    pairs = list(partners(scene))
    for item in scene.situation.duties:
        lead = scene.situation.people.get(agenda.leader_of(scene, item)) if item.kind is DutyKind.ONE_ON_ONE else None
        report = scene.situation.people.get(item.person_id)
        if lead is None or report is None or item.done_at is not None or scene.person.id not in (lead.id, report.id):
            continue
        if Pair(lead, report) not in pairs:
            pairs.append(Pair(lead, report))
    return tuple(pairs)


def meant(scene: Scene, who: str, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The 1:1s that words name: by mention, e-mail, full or first name. No words: all of them."""
    if not who:
        return tuple(pairs)
    if who == MY_MANAGER:
        return tuple(pair for pair in pairs if pair.report.id == scene.person.id and pair.lead.id == scene.person.manager_id)
    named = scene.situation.by_email.get(who) or scene.situation.by_email.get(fold_email(who))
    if named is not None:
        return tuple(pair for pair in pairs if pair.other(scene.person).id == named.id)
    return tuple(pair for pair in pairs if is_named(who, pair.other(scene.person).name, pair.other(scene.person).email))


def split(scene: Scene, who: str, pairs: Sequence[Pair]) -> tuple[str, str]:
    """`Dana budget` as name and words, where exactly one person's name stands at its beginning."""
    found = [(named_at_start(who, pair.other(scene.person).name, pair.other(scene.person).email), pair) for pair in pairs]
    lengths = [length for length, _ in found if length]
    if meant(scene, who, pairs) or len(lengths) != 1:
        return who, ""
    return who[: lengths[0]].strip(), who[lengths[0] :].strip()


def called(scene: Scene, pair: Pair) -> str:
    """How the other one is named so that nobody else is meant: by name, or by e-mail where two share it."""
    other = pair.other(scene.person)
    alike = [one for one in partners(scene) if is_named(other.name, one.other(scene.person).name, "")]
    return other.name if len(alike) == 1 else other.email


def item_form(scene: Scene, name: str, words: str = "") -> str:
    """How an item, or the list, is asked for in the actor's language; particles follow names of any ending."""
    form = f"{name} 님과 1:1" if scene.voice(scene.person).locale == "ko" else f"1:1 with {name}"
    return f"{form}: {words}" if words else form


def nobody(scene: Scene, who: str, form: Callable[[str], str]) -> Decision:
    """Nobody of that name: said with the nearest form that works. `form`: what to write, for a name."""
    pairs = partners(scene)
    if not pairs:
        return scene.tell("one-on-one-nobody")
    names = {called(scene, pair): pair for pair in pairs}
    near = get_close_matches(who, names, n=1, cutoff=0.3) or list(names)[:1]
    return scene.tell("one-on-one-unknown", name=clean(who, limit=100) or "–", form=form(near[0]))


def which(scene: Scene, pairs: Sequence[Pair], form: Callable[[str], str], words: str = "") -> Decision:
    """Several people are meant: one button for each, as if it had been written out."""
    voice = scene.voice(scene.person)
    actions = [(pair, Action(Verb.SHOW, (form(pair.other(scene.person).email),))) for pair in pairs]
    fits = len(pairs) <= CHOICES and all(_fits(action) for _, action in actions)
    elements: list[Element] = [Paragraph(text=voice.text("one-on-one-which"))]
    if words:
        elements.append(Note(text=voice.text("one-on-one-which-words", words=clean(words, limit=300))))
    if fits:
        buttons = tuple(Button(label=called(scene, pair), action=action) for pair, action in actions)
        elements.append(Buttons(buttons=buttons))
    else:
        elements.append(Note(text=voice.text("one-on-one-which-form", form=clean(form(called(scene, pairs[0])), limit=300))))
    return scene.reply(*elements, summary=voice.line("one-on-one-which"))


def _fits(action: Action) -> bool:
    try:
        return len(action.encode()) <= MAX_ENCODED
    except ValueError:
        return False
