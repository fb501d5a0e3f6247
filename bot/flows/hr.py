"""Thresholds from chat: HR sees what is in force, proposes a value, sees what it means, and confirms.

Wrong input gets the nearest valid form and changes nothing.
"""

from difflib import get_close_matches

from bot.decision import Decision, Lane, LookAtAll, Message, together
from bot.flows.escalation_card import span_words
from bot.flows.people import is_hr, rhythm_words
from bot.model import Person, PolicyChange, Scope, ScopeKind
from bot.rules import policy, registry, values
from bot.rules.threshold import Kind, Threshold
from bot.scene import Scene, edit
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Facts, Heading, Note, Paragraph, Tone
from bot.talk.intents import ScopeWords
from bot.talk.text import Text, clean, fold_email, join, plain, words_of


def value_words(scene: Scene, value: str) -> str:
    """A canonical value as the actor reads it: `two days`, `Thursday 10:00`, `off`."""
    words = span_words(scene, scene.actor, value)
    if words != value:
        return words
    if value == "on":
        return scene.voice(scene.actor).line("value-on")
    try:
        return rhythm_words(scene, value)
    except (ValueError, IndexError):
        return value


def scope_words(scene: Scene, scope: Scope) -> str:
    """`the company`, `team Sales`, `Dana Fox`."""
    voice = scene.voice(scene.actor)
    person = _person_of(scene, scope)
    name = scope.name if scope.kind is not ScopeKind.PERSON else person.name if person else scene.name(scope.name)
    return voice.line(f"scope-{scope.kind.value}", name=name)


def _person_of(scene: Scene, scope: Scope) -> Person | None:
    """Whom a person's scope means, where HR named them by e-mail or mention; None for other scopes."""
    if scope.kind is not ScopeKind.PERSON:
        return None
    return next((person for person in scene.situation.by_email.values() if person.id == scope.name), None)


def refused(scene: Scene) -> Decision | None:
    """Only HR changes thresholds; everybody else is told who can."""
    return None if is_hr(scene) else scene.tell("nudges-hr-only")


def _scope(scene: Scene, words: ScopeWords | None) -> Scope | Decision:
    """The scope that is meant, or what to say when there is none of that name."""
    if words is None or words.kind is ScopeKind.COMPANY:
        return Scope()
    wanted = words.name.strip()
    if words.kind is ScopeKind.PERSON:
        person = scene.situation.by_email.get(fold_email(wanted)) or scene.situation.by_email.get(wanted)
        if person is None:
            return scene.tell("nudges-no-person", name=wanted)
        return Scope(ScopeKind.PERSON, person.id)
    names = {unit.name.casefold(): unit.name for unit in scene.situation.units if unit.kind is words.kind}
    if wanted.casefold() in names:
        return Scope(words.kind, names[wanted.casefold()])
    near = get_close_matches(wanted.casefold(), list(names), n=1, cutoff=0.4)
    kind = words.kind.value
    if near:
        return scene.tell("nudges-no-unit-near", name=wanted, near=f'{kind} "{names[near[0]]}"')
    return scene.tell("nudges-no-unit", name=wanted, kind=kind)


def _threshold(scene: Scene, name: str) -> Threshold | Decision:
    try:
        return registry.threshold(name)
    except KeyError:
        known = [threshold.full_name for threshold in registry.THRESHOLDS] + [rule.name for rule in registry.RULES]
        near = get_close_matches(name.casefold(), known, n=1, cutoff=0.3)
        return scene.tell("nudges-no-rule", name=name, near=f"/nudges show {near[0]}" if near else "/nudges show")


def _scopes(scene: Scene, scope: Scope) -> tuple[Scope, ...]:
    person = _person_of(scene, scope)
    return policy.scopes_of(person) if person else policy.scopes_above(scope)


def shown(scene: Scene, rule: str, words: ScopeWords | None) -> Decision:
    """`/nudges show [RULE] [for SCOPE]`: every value in force there, where it comes from and since when."""
    denied = refused(scene)
    if denied is not None:
        return denied
    scope = _scope(scene, words)
    if isinstance(scope, Decision):
        return scope
    wanted = registry.THRESHOLDS
    if rule.strip():
        found = _threshold(scene, rule.strip())
        if isinstance(found, Decision):
            return found
        exact = found.full_name == rule.strip().casefold() and found.name
        wanted = tuple(t for t in registry.THRESHOLDS if t == found or (not exact and t.rule == found.rule))
    voice = scene.voice(scene.actor)
    pairs = tuple((threshold.full_name, _in_force_words(scene, threshold, scope)) for threshold in wanted)
    first = wanted[0]
    return scene.reply(
        Heading(text=voice.line("nudges-title")),
        Paragraph(text=voice.text("nudges-scope", scope=scope_words(scene, scope))),
        Facts(pairs=pairs),
        Note(text=voice.text("nudges-how", example=f"/nudges set {first.full_name} {_example(first)}")),
        summary=voice.line(
            "nudges-summary",
            scope=scope_words(scene, scope),
            values="; ".join(f"{name}: {_value_alone(words)}" for name, words in pairs),
        ),
    )


def _value_alone(words: Text) -> str:
    return words_of(words).split(" · ")[0]


def _in_force_words(scene: Scene, threshold: Threshold, scope: Scope) -> Text:
    setting = policy.in_force(scene.situation.policies, _scopes(scene, scope), threshold)
    reason = setting.change.reason if setting.change else ""
    return join(setting_words(scene, setting), *([f" · {reason}"] if reason else []))


def setting_words(scene: Scene, setting: policy.Setting) -> Text:
    """A value with where it comes from: the default, or who set it, when and for whom."""
    voice = scene.voice(scene.actor)
    change = setting.change
    source = (
        voice.text("nudges-default")
        if change is None
        else voice.text(
            "nudges-set-by",
            who=scene.name(change.author) or "–",
            when=scene.moment(change.at, scene.actor),
            scope=scope_words(scene, change.scope),
            version=change.version,
        )
    )
    return join(value_words(scene, setting.value), " · ", source)


def _example(threshold: Threshold) -> str:
    match threshold.kind:
        case Kind.WEEKLY:
            return "Thursday 10:00"
        case Kind.SPAN | Kind.COUNT | Kind.SWITCH | Kind.HOURS:
            return _writable(threshold.default)


def proposed(scene: Scene, name: str, value: str, words: ScopeWords | None, reason: str) -> Decision:
    """`/nudges set`: what would change and for how many people, with *Confirm* and *Cancel*; nothing is saved yet."""
    denied = refused(scene)
    if denied is not None:
        return denied
    threshold = _threshold(scene, name)
    if isinstance(threshold, Decision):
        return threshold
    scope = _scope(scene, words)
    if isinstance(scope, Decision):
        return scope
    if not value:
        form = f"/nudges set {threshold.full_name} {_example(threshold)}{_written_scope(scene, scope)}"
        return scene.tell("words-malformed", form=form)
    try:
        canonical = values.parse_value(threshold.full_name, value, scene.situation.policies, scope)
    except values.BadValue as nearest:
        return _bad_value(scene, threshold, value, str(nearest), scope, reason)
    return _preview(scene, threshold, canonical, scope, clean(reason, limit=300), key=f"reply:{scene.event.id}")


def _written_scope(scene: Scene, scope: Scope) -> str:
    """A scope as it is written in a command."""
    if scope.kind is ScopeKind.COMPANY:
        return ""
    if scope.kind is ScopeKind.PERSON:
        person = _person_of(scene, scope)
        return f" for person {person.email}" if person else ""
    return f' for {scope.kind.value} "{scope.name}"'


def _bad_value(scene: Scene, threshold: Threshold, value: str, nearest: str, scope: Scope, reason: str) -> Decision:
    voice = scene.voice(scene.actor)
    bounds = values.valid_range(threshold.full_name, scene.situation.policies, scope)
    span = ""
    if bounds is not None:
        span = voice.line("nudges-range", low=value_words(scene, bounds[0]), high=value_words(scene, bounds[1])) + " "
    because = f" because {reason}" if reason else ""
    form = f"/nudges set {threshold.full_name} {_writable(nearest)}{_written_scope(scene, scope)}{because}"
    args = {"value": value, "threshold": threshold.full_name, "form": form, "range": span}
    return scene.reply(Paragraph(text=voice.text("nudges-bad-value", **args)), summary=voice.line("nudges-bad-value", **args))


def _latest(scene: Scene, threshold: str) -> PolicyChange | None:
    return next((change for change in reversed(scene.situation.policies) if change.threshold == threshold), None)


def _people_in(scene: Scene, scope: Scope) -> int:
    if scope.kind is ScopeKind.PERSON:
        return 1
    if scope.kind is ScopeKind.COMPANY:
        return scene.situation.headcount
    return sum(unit.people for unit in scene.situation.units if unit.kind is scope.kind and unit.name == scope.name)


def _preview(
    scene: Scene,
    threshold: Threshold,
    value: str,
    scope: Scope,
    reason: str,
    *,
    key: str,
    changed: Text | None = None,
) -> Decision:
    voice = scene.voice(scene.actor)
    before = policy.in_force(scene.situation.policies, _scopes(scene, scope), threshold)
    latest = _latest(scene, threshold.full_name)
    seen = str(latest.version if latest else 0)
    args = (threshold.full_name, value, scope.kind.value, scope.name, seen, reason, key)
    elements: list[Element] = [Heading(text=voice.line("nudges-preview-title"))]
    if changed is not None:
        elements.append(Paragraph(text=changed))
    people = _people_in(scene, scope)
    pairs: list[tuple[str, Text]] = [
        (threshold.full_name, plain(f"{value_words(scene, before.value)} → {value_words(scene, value)}")),
        (voice.line("nudges-preview-scope"), plain(scope_words(scene, scope))),
        (voice.line("nudges-preview-people"), voice.text("nudges-preview-count", people=people)),
    ]
    if reason:
        pairs.append((voice.line("nudges-preview-reason"), plain(reason)))
    elements.append(Facts(pairs=tuple(pairs)))
    elements.append(Note(text=voice.text("nudges-preview-note")))
    elements.append(
        Buttons(
            buttons=(
                Button(label=voice.line("button-confirm"), action=Action(Verb.SET_POLICY, args), tone=Tone.PRIMARY),
                Button(label=voice.line("button-cancel"), action=Action(Verb.CANCEL, (key, threshold.full_name, seen))),
            )
        )
    )
    summary = voice.line(
        "nudges-preview-summary",
        threshold=threshold.full_name,
        before=value_words(scene, before.value),
        after=value_words(scene, value),
        scope=scope_words(scene, scope),
        people=people,
    )
    card = Card(summary=summary, elements=tuple(elements))
    return Decision(messages=(Message(key=key, to=scene.actor.id, card=card, lane=Lane.REPLY),))


def confirmed(scene: Scene, args: tuple[str, ...]) -> Decision:
    """*Confirm* was pressed: a new policy version, unless somebody else changed the same threshold in between."""
    denied = refused(scene)
    if denied is not None:
        return denied
    try:
        name, value, kind, scope_name, seen, reason, key = args
        threshold, scope = registry.threshold(name), Scope(ScopeKind(kind), scope_name)
        known = int(seen)
    except (ValueError, KeyError):
        return scene.tell("button-unknown")
    voice = scene.voice(scene.actor)
    latest = _latest(scene, threshold.full_name)
    if latest is not None and latest.version != known:
        if latest.author == scene.actor.id and latest.value == value and latest.scope == scope:
            return edit(key, _saved_card(scene, latest))
        who = scene.name(latest.author) or "–"
        changed = voice.text("nudges-changed-meanwhile", who=who, value=value_words(scene, latest.value or "–"))
        return _preview(scene, threshold, value, scope, reason, key=key, changed=changed)
    try:
        canonical = values.parse_value(threshold.full_name, _writable(value), scene.situation.policies, scope)
    except values.BadValue as nearest:
        return _bad_value(scene, threshold, value_words(scene, value), str(nearest), scope, reason)
    change = PolicyChange(
        version=scene.company_policy + 1,
        at=scene.now,
        author=scene.actor.id,
        threshold=threshold.full_name,
        scope=scope,
        value=canonical,
        reason=reason,
    )
    before = policy.in_force(scene.situation.policies, _scopes(scene, scope), threshold)
    entry = scene.entry(
        "policy:changed",
        f"policy:{threshold.full_name}",
        rule=threshold.rule,
        policy=change.version,
        outcome=canonical,
        before=before.value,
        scope=f"{scope.kind.value} {scope.name}".strip(),
        author=scene.actor.email,
        reason=reason,
    )
    saved = Decision(changes=(change,), looks=(LookAtAll(scope=scope, at=scene.now),), entries=(entry,))
    return together(saved, edit(key, _saved_card(scene.after(saved), change)))


def _writable(value: str) -> str:
    """A canonical value as people write it: `14cd` is `14d` in a command."""
    return value.removesuffix("cd") + "d" if value.endswith("cd") else value


def _saved_card(scene: Scene, change: PolicyChange) -> Card:
    voice = scene.voice(scene.actor)
    args = {
        "threshold": change.threshold,
        "value": value_words(scene, change.value or "–"),
        "scope": scope_words(scene, change.scope),
    }
    elements: tuple[Element, ...] = (
        Paragraph(text=voice.text("nudges-saved", **args)),
        Note(text=voice.text("nudges-saved-note", version=change.version)),
    )
    return Card(summary=voice.line("nudges-saved", **args), elements=elements)


def cancelled(scene: Scene, args: tuple[str, ...]) -> Decision:
    """*Cancel* was pressed: nothing changed, and the card says so; after *Confirm* there is nothing to cancel."""
    voice = scene.voice(scene.actor)
    if scene.situation.asked_about is None or len(args) != 3:
        return scene.tell("button-unknown")
    key, threshold, seen = args
    latest = _latest(scene, threshold)
    if latest is not None and str(latest.version) != seen and latest.author == scene.actor.id:
        return scene.tell("nudges-confirmed-already")
    return edit(key, Card(summary=voice.line("nudges-cancelled"), elements=(Note(text=voice.text("nudges-cancelled")),)))
