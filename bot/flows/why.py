"""*Why did I get this?* Answered from what was true when the message was decided: rules, facts with dates, thresholds and who
set them, who else was told, and how to hear less of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.decision import Decision, Entry, together
from bot.flows import readings
from bot.flows.desk import mute_counts
from bot.flows.hr_words import lock_words, setting_words
from bot.flows.mute_lines import mute_of, until_words
from bot.flows.mutes import cannot_words, mute_buttons
from bot.flows.why_lines import (
    QUOTED,
    WORDS,
    Part,
    about_words,
    concerned,
    escalation_of,
    fact_pairs,
    others_told,
    parts_of,
    request_args,
)
from bot.model import OVER, DutyKind, Told
from bot.rules import checkin, digest, escalated, policy, registry
from bot.rules.access import Act
from bot.rules.people import hr_admins, zone_of
from bot.rules.relations import reader_of
from bot.rules.rule import Rule
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Element, Facts, Heading, Note, Paragraph
from bot.talk.text import Text, clean, join, plain, words_of
from bot.talk.voice import Arg

NAMES_SHOWN = 3
"""So many HR admins are named."""
OTHERS_SHOWN = 5
"""So many people who were told as well are named."""

UNSAID = ("goal", "owner", "cause", "decision", "by")
"""What a rule may say of itself although this message did not record it."""
LEAD_ARGS = frozenset({*UNSAID, "stage", "requested", "subject", "days", "when", "standing", "holder"})
"""What every `why-NAME` may use besides the rule's own facts."""

WORDS_SHOWN = 100
"""So many characters of people's words are cited for each part after the first: eight parts fit on every platform."""

ESCALATION_RULES = (escalated.COMMITMENT, escalated.ACKNOWLEDGING, escalated.DECIDING)


def explained(scene: Scene, told: Told | None) -> Decision:
    """The explanation of one message; what a person asked for themselves is explained as such."""
    if told is None:
        return scene.tell("why-nothing")
    if not told.rule:
        return _asked_for(scene, told)
    voice = scene.voice(scene.actor)
    parts, noted = _readable(scene, parts_of(told))
    lead = _lead(scene, told, parts[0])
    elements: list[Element] = [
        Heading(text=voice.line("why-title")),
        Paragraph(text=lead),
        Facts(pairs=tuple(_first_part(scene, told, parts[0]))),
    ]
    if parts[1:]:
        elements.append(Paragraph(text=voice.text("why-more", count=len(parts) - 1)))
        elements.append(Facts(pairs=tuple(_further_parts(scene, parts))))
    thresholds = tuple(_thresholds(scene, told, parts))
    if thresholds:
        elements.append(Paragraph(text=_frozen(scene, parts[0]) or voice.text("why-thresholds")))
        elements.append(Facts(pairs=thresholds))
    elements.append(Note(text=_others(scene, told, parts)))
    elements.append(Note(text=_less(scene, parts)))
    elements.append(Buttons(buttons=_buttons(scene, told, parts)))
    said = scene.reply(*elements, summary=voice.line("why-summary", rule=told.rule, words=words_of(lead)))
    return together(Decision(entries=noted), said)


def _readable(scene: Scene, parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Entry, ...]]:
    """The parts as the reader may read them today, whatever they were shown then; and the lines that they read others' words."""
    found: list[Part] = []
    entries: dict[str, Entry] = {}
    for part in parts:
        whose = _quoted(scene, part)
        if whose is None or whose[0] == scene.actor.id:
            found.append(part)
            continue
        owner_id, where, asked = whose
        owner = scene.situation.people.get(owner_id)
        may = owner is not None and reader_of(scene, scene.actor, owner, asked=asked).may(Act.CHECKIN_WORDS)
        facts = part.facts if may else {name: value for name, value in part.facts.items() if name not in QUOTED}
        found.append(replace(part, facts=facts, untold=not may))
        for entry in readings.read(scene, owner_id, part.subject, where, scene.actor) if may else ():
            entries.setdefault(part.subject, entry)
    return tuple(found), tuple(entries.values())


def _quoted(scene: Scene, part: Part) -> tuple[str, str, bool] | None:
    """Whose words a part has, on what, and whether the thing waits for the reader now. None: nobody's."""
    item = escalation_of(scene, part)
    if part.facts.keys() & QUOTED:
        waits = item is not None and item.holder_id == scene.actor.id and item.state not in OVER
        return (item.owner_id if item is not None else "", "decision request", waits)
    duty = next((one for one in scene.situation.duties if part.subject == f"duty:{one.id}"), None)
    if duty is None or not duty.text or duty.answers.get("by") == scene.actor.id:
        return None
    waits = duty.done_at is None and scene.actor.id in (duty.holder_id, duty.next_holder_id)
    return (duty.person_id, "obstacle" if duty.kind is DutyKind.BLOCKER else "1:1 list", waits)


def _asked_for(scene: Scene, told: Told) -> Decision:
    """The person pressed a button or wrote something; the check-in card they asked for has a rhythm of its own."""
    if not any(subject.startswith("checkin:") for subject in told.subjects):
        return scene.tell("why-reply")
    voice = scene.voice(scene.actor)
    lead = voice.text("why-asked-for")
    part = Part(rule=checkin.PROMPT.name, stage="", subject=told.subjects[0], facts={})
    return scene.reply(
        Heading(text=voice.line("why-title")),
        Paragraph(text=lead),
        Facts(pairs=((voice.line("why-rule"), plain(part.rule)), *_thresholds(scene, told, (part,)))),
        Note(text=_who(scene)),
        summary=voice.line("why-summary", rule=part.rule, words=words_of(lead)),
    )


def _lead(scene: Scene, told: Told, part: Part) -> Text:
    """What the rule says of itself in `why-NAME`."""
    facts = part.facts
    rule = registry.rule(part.rule)
    args: dict[str, Arg] = dict.fromkeys((*UNSAID, *rule.facts), "–")
    args |= {name: int(value) if value.isdecimal() and name not in WORDS else value for name, value in facts.items() if value}
    zone = zone_of(scene.actor, scene.situation.company)
    updated = facts.get("updated", "")
    since = datetime.fromisoformat(updated) if updated else told.decided_at
    args |= {
        "stage": part.stage or "owner",
        "requested": facts.get("requested", "no"),
        "subject": about_words(scene, part),
        "days": (told.decided_at.astimezone(zone).date() - since.astimezone(zone).date()).days,
        "when": scene.moment(told.decided_at, scene.actor),
        **request_args(scene, part),
    }
    return scene.voice(scene.actor).text(f"why-{rule.phrase}", **args)


def _described(scene: Scene, rule: str) -> Text:
    """A rule's name and its one line."""
    return join(f"{rule} · ", scene.voice(scene.actor).text(f"rule-{registry.rule(rule).phrase}"))


def _first_part(scene: Scene, told: Told, part: Part) -> Iterator[tuple[str, Text]]:
    voice = scene.voice(scene.actor)
    yield voice.line("why-rule"), _described(scene, part.rule)
    about = about_words(scene, part)
    if about and not part.facts.get("goal"):
        yield voice.line("why-about"), plain(about)
    for label, words in fact_pairs(scene, part):
        yield label, plain(words)
    yield voice.line("why-decided"), plain(scene.moment(told.decided_at, scene.actor))
    if told.delivered_at is not None:
        yield voice.line("why-arrived"), plain(scene.moment(told.delivered_at, scene.actor))


def _further_parts(scene: Scene, parts: Sequence[Part]) -> Iterator[tuple[str, Text]]:
    """One line for each part after the first; a rule describes itself once."""
    described = {parts[0].rule}
    for part in parts[1:]:
        about = clean(about_words(scene, part), limit=WORDS_SHOWN)
        facts = [f"{label}: {clean(words, limit=WORDS_SHOWN)}" for label, words in fact_pairs(scene, part)]
        rule = [] if part.rule in described else [scene.voice(scene.actor).line(f"rule-{registry.rule(part.rule).phrase}")]
        described.add(part.rule)
        yield part.rule, plain(" · ".join([*([about] if about else []), *facts, *rule]))


def _rules(parts: Sequence[Part]) -> Iterator[tuple[Rule, Part]]:
    """The rules that decided it, each once, with the first part they decided."""
    seen: set[str] = set()
    for part in parts:
        own = ESCALATION_RULES if part.subject.startswith("escalation:") else (registry.rule(part.rule),)
        for rule in (*own, *((digest.RULE,) if part.stage == digest.STAGE else ())):
            if rule.name not in seen:
                seen.add(rule.name)
                yield rule, part


def _thresholds(scene: Scene, told: Told, parts: Sequence[Part]) -> Iterator[tuple[str, Text]]:
    """Every threshold of those rules as it was in force then, for whom it counted, and its lock."""
    for rule, part in _rules(parts):
        item = escalation_of(scene, part)
        at = item.opened_at if item is not None else told.decided_at
        then = tuple(change for change in scene.situation.policies if change.at <= at)
        whose = scene.actor if rule is digest.RULE else concerned(scene, part)
        for spec in rule.thresholds:
            lock = policy.lock_over(then, policy.scopes_of(whose), spec)
            words = setting_words(scene, policy.for_person(then, whose, spec))
            yield spec.full_name, join(words, *((" · ", lock_words(scene, lock)) if lock is not None else ()))


def _frozen(scene: Scene, part: Part) -> Text | None:
    """An escalation keeps the rules it was opened under."""
    item = escalation_of(scene, part)
    if item is None:
        return None
    return scene.voice(scene.actor).text("why-frozen", when=scene.moment(item.opened_at, scene.actor))


def _others(scene: Scene, told: Told, parts: Sequence[Part]) -> Text:
    voice = scene.voice(scene.actor)
    found = others_told(scene, told, parts)
    if not found:
        return voice.text("why-nobody-else")
    unnamed = voice.line("why-somebody")
    named: list[str] = []
    for name, when, arrived in found[:OTHERS_SHOWN]:
        who = voice.line("scope-person", name=name) if name else unnamed
        there = "yes" if arrived else "no"
        named.append(voice.line("why-other", name=who, when=scene.moment(when, scene.actor), arrived=there))
    more = len(found) - OTHERS_SHOWN
    return voice.text("why-others", names="; ".join(named), more=max(more, 0))


def _who(scene: Scene) -> Text:
    """Who can change the thresholds."""
    names = [admin.name for admin in hr_admins(scene.situation)[:NAMES_SHOWN]]
    return scene.voice(scene.actor).text("why-who", names=", ".join(names) or "–")


def _less(scene: Scene, parts: Sequence[Part]) -> Text:
    """How to hear less of it: what the person can do, and who can change the thresholds."""
    voice = scene.voice(scene.actor)
    words: list[Text | str] = []
    for name in dict.fromkeys(part.rule for part in parts):
        rule = registry.rule(name)
        mute = mute_of(scene, name)
        if not mute_counts(scene, name):
            standings = {request_args(scene, part)["standing"] for part in parts if part.rule == name}
            words += [cannot_words(scene, rule, standings), " "]
        elif mute is not None:
            words += [voice.text("why-muted", rule=name, until=until_words(scene, mute)), " "]
    if not words:
        words = [voice.text("why-mute", rule=parts[0].rule), " "]
    return join(*words, _who(scene))


def _buttons(scene: Scene, told: Told, parts: Sequence[Part]) -> tuple[Button, ...]:
    label = scene.voice(scene.actor).line("button-not-useful")
    rules = tuple(dict.fromkeys(part.rule for part in parts))
    mutes = (mute_buttons(scene, registry.rule(name), told.key, named=len(rules) > 1) for name in rules)
    useless = Button(label=label, action=Action(Verb.NOT_USEFUL, (told.key,)))
    return (useless, *(button for group in mutes for button in group))
