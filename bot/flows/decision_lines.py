"""Requests for a decision as parts of one message: each with its own buttons, or a line of what became of it."""

from collections.abc import Iterator, Sequence

from bot.flows.escalation_card import cause_words, may_talk_first
from bot.flows.goal_lines import title, type_words
from bot.model import OVER, Escalation, EscalationState, Goal
from bot.rules.decisions import is_live
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Divider, Element, Facts, Note, Paragraph, Tone
from bot.talk.text import Text, clean, join, plain
from bot.talk.voice import Arg

FULL = 5
"""So many requests stand in one message with all that can be done about them; the others have a button for their whole card."""

SHOWN_WORDS = 300
"""So many characters of a cause or a loss are cited; the whole card has all of them."""


def goal_of(scene: Scene, item: Escalation) -> Goal | None:
    """The goal a request is about."""
    return next((goal for goal in scene.situation.goals if goal.id == item.goal_id), None)


def title_of(scene: Scene, item: Escalation) -> str:
    """What that goal is called; a dash where it is no longer known."""
    goal = goal_of(scene, item)
    return goal.title if goal is not None else "–"


def sections(scene: Scene, items: Sequence[Escalation], key: str, full: int = FULL) -> Iterator[Element]:
    """First what became of those that are over, then those that wait: `full` of them whole, the others by name."""
    live = [item for item in items if is_live(item, scene.person.id, key)]
    for item in items:
        if item not in live:
            yield Note(text=done_line(scene, item))
    for number, item in enumerate(live[:full]):
        if number:
            yield Divider()
        yield from _section(scene, item)
    rest = live[full:]
    if rest:
        yield Divider()
        yield from _by_name(scene, rest)


def done_line(scene: Scene, item: Escalation) -> Text:
    """What became of a request that cannot be decided from here any more."""
    holder = item.decided_by if item.state is EscalationState.DECIDED else item.holder_id
    moved = "newer" if item.holder_id == scene.person.id else "passed"
    return scene.voice(scene.person).text(
        "decision-over",
        kind=item.state.value if item.state in OVER else moved,
        goal=title_of(scene, item),
        owner=scene.name(item.owner_id) or "–",
        holder=scene.name(holder) or "–",
        choice=scene.voice(scene.person).line(f"choice-{item.choice.value}") if item.choice else "–",
    )


def _section(scene: Scene, item: Escalation) -> Iterator[Element]:
    voice = scene.voice(scene.person)
    goal = goal_of(scene, item)
    again = item.state is EscalationState.OPEN and item.reopened > 0
    args: dict[str, Arg] = {"owner": scene.name(item.owner_id) or "–", "state": "reopened" if again else item.state.value}
    yield Paragraph(text=voice.text("decision-part", **args))
    if goal is not None:
        yield Paragraph(text=join(title(goal), f" · {type_words(scene, scene.person, goal)}"))
    loss = item.loss or voice.line("escalation-loss-none")
    cause = cause_words(scene, item, scene.person) or voice.line("escalation-cause-none")
    remover = scene.name(item.suggested_id) if item.suggested_id != item.holder_id else ""
    pairs = [(voice.line("escalation-cause"), cause), (voice.line("field-loss"), loss)]
    pairs += [(voice.line("escalation-remover"), remover)] if remover else []
    yield Facts(pairs=tuple((label, plain(clean(words, limit=SHOWN_WORDS))) for label, words in pairs))
    yield Buttons(buttons=tuple(_buttons(scene, item)))


def _buttons(scene: Scene, item: Escalation) -> Iterator[Button]:
    voice = scene.voice(scene.person)
    about = title_of(scene, item)
    verbs = [
        (Verb.ACKNOWLEDGE, "button-acknowledge", item.state is EscalationState.OPEN),
        (Verb.OPEN_DECISION, "button-decide", True),
        (Verb.OPEN_HAND_OVER, "button-hand-over", True),
        (Verb.TALK_FIRST, "button-talk-first", may_talk_first(scene, item)),
        (Verb.SHOW_DECISION, "button-decision-details", True),
    ]
    for verb, label, offered in verbs:
        if offered:
            tone = Tone.PRIMARY if verb is Verb.ACKNOWLEDGE else Tone.PLAIN
            yield Button(label=voice.line(label), action=Action(verb, (item.id,)), about=about, tone=tone)


def _by_name(scene: Scene, items: Sequence[Escalation]) -> Iterator[Element]:
    """The requests for which there is no room: one button each, for the whole card."""
    voice = scene.voice(scene.person)
    yield Paragraph(text=voice.text("decisions-more", count=len(items)))
    yield Buttons(
        buttons=tuple(
            Button(
                label=voice.line(
                    "button-decision-of", goal=clean(title_of(scene, item), limit=40), owner=scene.name(item.owner_id) or "–"
                ),
                action=Action(Verb.SHOW_DECISION, (item.id,)),
                about=title_of(scene, item),
            )
            for item in items
        )
    )
