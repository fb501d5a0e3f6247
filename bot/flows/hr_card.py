"""The one card on which HR sees a change before it is saved, and what stands in its place afterwards."""

from bot.decision import Decision, Lane, Message
from bot.flows.hr_change import change_args, changed, own
from bot.flows.hr_scope import chain, covered, inside, locks_above, newest, pauses, people_in, profile_over, settings
from bot.flows.hr_words import lock_words, name_words, scope_words, set_words, value_words, writable, written_scope
from bot.flows.preview import foreseen
from bot.model import PolicyChange, Scope
from bot.rules import policy
from bot.rules.threshold import Threshold
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Facts, Heading, Note, Paragraph, Tone
from bot.talk.text import Text, join, plain

LISTED = 10
"""How many scopes or values a preview names before it says how many more there are."""

Pair = tuple[str, Text]


def proposal(
    scene: Scene, change: PolicyChange, *, key: str, ahead: bool = False, meanwhile: PolicyChange | None = None
) -> Decision:
    """What would change, for whom, and what that would have meant; with *Confirm* and *Cancel*.

    `ahead`: a look ahead, that can only be proposed. `meanwhile`: what somebody else changed since the card was first seen.
    """
    voice = scene.voice(scene.actor)
    args = {**change_args(scene, change), "people": people_in(scene, change.scope), "ahead": "yes" if ahead else "no"}
    elements: list[Element] = [Heading(text=voice.line("nudges-preview-title", **args))]
    if meanwhile is not None:
        said = voice.line("nudges-saved", **change_args(scene, meanwhile))
        who = scene.name(meanwhile.author) or "–"
        elements.append(Paragraph(text=voice.text("nudges-changed-meanwhile", who=who, change=said)))
    rows = _rows(scene, change)
    elements.append(Facts(pairs=(*rows, *_for_whom(scene, change))))
    if change.threshold == policy.PAUSE:
        elements.append(Paragraph(text=voice.text("nudges-pause-means")))
    elements.extend(_beside(scene, change))
    past = foreseen(scene, change)
    elements.extend(past.elements)
    elements.append(Note(text=voice.text("nudges-preview-note", **args)))
    elements.append(_buttons(scene, change, key, ahead=ahead))
    summary = voice.line(
        "nudges-preview-summary",
        **args,
        rows="; ".join(f"{label}: {_plain(value)}" for label, value in rows),
        forecast=f"{past.words} " if past.words else "",
    )
    card = Card(summary=summary, elements=tuple(elements))
    return Decision(messages=(Message(key=key, to=scene.actor.id, card=card, lane=Lane.REPLY),))


def _plain(text: Text) -> str:
    return "".join(span.text for span in text)


def _arrow(before: str, after: str) -> Text:
    return plain(f"{before} → {after}")


def _rows(scene: Scene, change: PolicyChange) -> tuple[Pair, ...]:
    """What changes: before → after, a line each."""
    voice = scene.voice(scene.actor)
    name = name_words(scene, change.threshold)
    policies, after = scene.situation.policies, (*scene.situation.policies, change)
    if change.threshold == policy.PAUSE:
        states = (_pause_words(scene, pauses(scene, known, change.scope)) for known in (policies, after))
        return ((name, _arrow(*states)),)
    if change.threshold.startswith(policy.LOCK):
        states = (voice.line("nudges-state", state=state) for state in _lock_states(change))
        kept = tuple((spec.full_name, plain(_now(scene, spec, change.scope))) for spec in covered(change.threshold))
        return ((name, _arrow(*states)), *kept)
    moved = tuple((spec.full_name, _arrow(before, then)) for spec, before, then in changed(scene, change))
    if change.threshold == policy.PROFILE:
        profiles = (profile_over(known, chain(scene, change.scope)) for known in (policies, after))
        names = [profile.value or "standard" if profile else "standard" for profile in profiles]
        return ((name, _arrow(*names)), *moved)
    now = _now(scene, covered(change.threshold)[0], change.scope)
    return moved or ((name, _arrow(now, now)),)


def _lock_states(change: PolicyChange) -> tuple[str, str]:
    return ("open", "locked") if change.value == "on" else ("locked", "open")


def _now(scene: Scene, spec: Threshold, scope: Scope) -> str:
    found = settings(scene, scene.situation.policies, scope, spec)
    return " / ".join(value_words(scene, setting.value, spec) for setting in found)


def _pause_words(scene: Scene, found: tuple[PolicyChange | None, ...]) -> str:
    states = dict.fromkeys("speaking" if pause is None else "paused" for pause in found)
    return " / ".join(scene.voice(scene.actor).line("nudges-state", state=state) for state in states)


def _for_whom(scene: Scene, change: PolicyChange) -> tuple[Pair, ...]:
    voice = scene.voice(scene.actor)
    pairs: list[Pair] = [
        (voice.line("nudges-preview-scope"), plain(scope_words(scene, change.scope))),
        (voice.line("nudges-preview-people"), voice.text("nudges-preview-count", people=people_in(scene, change.scope))),
    ]
    if change.reason:
        pairs.append((voice.line("nudges-preview-reason"), plain(change.reason)))
    return tuple(pairs)


def _beside(scene: Scene, change: PolicyChange) -> list[Element]:
    """What else follows: values that become void or come back, scopes that stay different, thresholds that stay as they are."""
    found: list[Element] = []
    if change.threshold.startswith(policy.LOCK):
        found += _listed(scene, "nudges-void" if change.value == "on" else "nudges-returns", _shifted(scene, change))
    else:
        found += _listed(scene, "nudges-stays", _staying(scene, change))
    if change.threshold == policy.PROFILE and change.value is not None:
        found += _listed(scene, "nudges-untouched", _untouched(scene, change))
    if change.threshold != policy.PAUSE:
        found += _listed(scene, "nudges-locked-there", _locked_there(scene, change))
    return found


def _listed(scene: Scene, phrase: str, pairs: list[Pair]) -> list[Element]:
    if not pairs:
        return []
    voice = scene.voice(scene.actor)
    elements: list[Element] = [Paragraph(text=voice.text(phrase)), Facts(pairs=tuple(pairs[:LISTED]))]
    if len(pairs) > LISTED:
        elements.append(Note(text=voice.text("nudges-more", count=len(pairs) - LISTED)))
    return elements


def _shifted(scene: Scene, change: PolicyChange) -> list[Pair]:
    """More specific scopes whose own values no longer count under the lock (or count again without it)."""
    policies, pairs = scene.situation.policies, []
    for scope in inside(scene, change.scope):
        for spec in covered(change.threshold):
            before = settings(scene, policies, scope, spec)
            after = settings(scene, (*policies, change), scope, spec)
            theirs = [one.change for one in (*before, *after) if one.change is not None and one.change.scope == scope]
            if theirs and [one.change for one in before] != [one.change for one in after]:
                words = (" / ".join(value_words(scene, one.value, spec) for one in some) for some in (before, after))
                pairs.append((scope_words(scene, scope), join(f"{spec.full_name}: ", _arrow(*words))))
    return pairs


def _staying(scene: Scene, change: PolicyChange) -> list[Pair]:
    """More specific scopes for which somebody decided otherwise: the change does not reach them."""
    after = (*scene.situation.policies, change)
    pairs: list[Pair] = []
    for scope in inside(scene, change.scope):
        if change.threshold == policy.PAUSE:
            mine = policy.value_at(after, policy.PAUSE, scope)
            if mine is not None and mine.value != (change.value or "off"):
                pairs.append((scope_words(scene, scope), plain(_pause_words(scene, pauses(scene, after, scope)))))
            continue
        for spec in covered(change.threshold):
            for setting in settings(scene, after, scope, spec):
                if setting.change is not None and setting.change.scope == scope:
                    words = join(f"{spec.full_name}: ", value_words(scene, setting.value, spec))
                    pairs.append((scope_words(scene, scope), words))
    return pairs


def _untouched(scene: Scene, change: PolicyChange) -> list[Pair]:
    """What HR set by itself in the very scope wins over the profile."""
    found = ((spec, own(scene, spec.full_name, change.scope)) for spec in covered(change.threshold))
    return [
        (spec.full_name, join(value_words(scene, mine.value or "–", spec), " · ", set_words(scene, mine)))
        for spec, mine in found
        if mine is not None
    ]


def _locked_there(scene: Scene, change: PolicyChange) -> list[Pair]:
    """What a wider lock keeps from counting, for all or some people of the scope."""
    if change.threshold.startswith(policy.LOCK):
        return []
    pairs: list[Pair] = []
    for spec in covered(change.threshold):
        locks = {lock.version: lock for lock in locks_above(scene, change.scope, spec) if lock is not None}
        pairs += [(spec.full_name, lock_words(scene, lock)) for lock in locks.values()]
    return pairs


def _buttons(scene: Scene, change: PolicyChange, key: str, *, ahead: bool) -> Buttons:
    voice = scene.voice(scene.actor)
    if ahead:
        because = f" because {change.reason}" if change.reason else ""
        value = writable(change.value or "")
        words = f"/nudges set {change.threshold} {value}{written_scope(scene, change.scope)}{because}"
        propose = Button(label=voice.line("button-propose"), action=Action(Verb.SHOW, (words,)), tone=Tone.PRIMARY)
        return Buttons(buttons=(propose,))
    latest = newest(scene, change.threshold)
    seen = str(latest.version if latest else 0)
    place = (change.scope.kind.value, change.scope.name)
    saving = Action(Verb.SET_POLICY, (change.threshold, change.value or "", *place, seen, change.reason, key))
    giving_up = Action(Verb.CANCEL, (key, change.threshold, *place, seen))
    return Buttons(
        buttons=(
            Button(label=voice.line("button-confirm"), action=saving, tone=Tone.PRIMARY),
            Button(label=voice.line("button-cancel"), action=giving_up),
        )
    )


def saved_card(scene: Scene, change: PolicyChange) -> Card:
    """What stands in place of the preview once it is saved."""
    voice = scene.voice(scene.actor)
    args = change_args(scene, change)
    elements: list[Element] = [Paragraph(text=voice.text("nudges-saved", **args))]
    if change.threshold == policy.PAUSE and change.value == "on":
        elements.append(Paragraph(text=voice.text("nudges-pause-means")))
    back = f"/nudges revert {change.version}"
    elements.append(Note(text=voice.text("nudges-saved-note", version=change.version, back=back)))
    return Card(summary=voice.line("nudges-saved", **args), elements=tuple(elements))
