"""What is in force for a scope and where it comes from, and what was changed when, by whom and why."""

from bot.decision import Decision
from bot.flows.hr_card import LISTED
from bot.flows.hr_read import Reading, example, refusal
from bot.flows.hr_scope import chain, inside, profile_over, settings, threshold_of
from bot.flows.hr_words import (
    lock_words,
    name_words,
    pause_words,
    profile_words,
    scope_words,
    setting_words,
    value_words,
    writable,
    written_scope,
)
from bot.model import PolicyChange, Scope
from bot.rules import policy, registry, values
from bot.rules.rule import Rule
from bot.rules.threshold import Threshold
from bot.scene import Scene
from bot.talk.cards import Element, Facts, Heading, Note, Paragraph
from bot.talk.intents import NudgesHistory, NudgesShow
from bot.talk.text import Text, join, plain, words_of

REMEMBERED = 15
"""How many versions `/nudges history` shows."""


def shown(scene: Scene, intent: NudgesShow) -> Decision:
    """`/nudges show [RULE] [for SCOPE]`: every value in force there, where it comes from and since when."""
    reading = Reading(scene, "show")
    name = reading.rule_or_threshold(intent.rule) if intent.rule.strip() else ""
    scope = reading.scope(intent.scope)
    return refusal(reading, name, scope) or (_one(scene, name, scope) if name else _all(scene, scope))


def _all(scene: Scene, scope: Scope) -> Decision:
    voice = scene.voice(scene.actor)
    scopes, policies = chain(scene, scope), scene.situation.policies
    standing = Facts(
        pairs=(
            (voice.line("nudges-profile-label"), profile_words(scene, profile_over(policies, scopes))),
            (voice.line("nudges-pause-label"), pause_words(scene, policy.pause_over(policies, scopes))),
        )
    )
    rules = tuple(Facts(pairs=_pairs(scene, rule.thresholds, scope)) for rule in registry.RULES)
    return scene.reply(
        Heading(text=voice.line("nudges-title")),
        Paragraph(text=voice.text("nudges-scope", scope=scope_words(scene, scope))),
        standing,
        *rules,
        Note(text=voice.text("nudges-how", example=_example(scene, registry.THRESHOLDS[0], scope), rule="goal.stalled")),
        summary=_summary(scene, scope, (standing, *rules)),
    )


def _one(scene: Scene, name: str, scope: Scope) -> Decision:
    """One rule, or one of its thresholds: also what it is for, its bounds, and where it is set otherwise."""
    voice = scene.voice(scene.actor)
    rule = registry.rule(name)
    specs = rule.thresholds if name == rule.name else (registry.threshold(name),)
    facts = Facts(pairs=_pairs(scene, specs, scope, reasons=True))
    pause = policy.pause_over(scene.situation.policies, chain(scene, scope))
    paused = [Facts(pairs=((voice.line("nudges-pause-label"), pause_words(scene, pause)),))] if pause is not None else []
    elsewhere = _elsewhere(scene, specs, scope)
    return scene.reply(
        Heading(text=voice.line("nudges-title")),
        Paragraph(text=voice.text(f"rule-{rule.phrase}")),
        Paragraph(text=voice.text("nudges-scope", scope=scope_words(scene, scope))),
        *paused,
        facts,
        *(Note(text=_meaning(scene, rule, spec, scope)) for spec in specs),
        *elsewhere,
        Note(text=voice.text("nudges-history-how", example=f"/nudges history {name}")),
        Note(text=voice.text("nudges-how-one", example=_example(scene, specs[0], scope))),
        summary=_summary(scene, scope, (*paused, facts)),
    )


def _summary(scene: Scene, scope: Scope, facts: tuple[Facts, ...]) -> str:
    """Names and values without where they come from."""
    pairs = (pair for part in facts for pair in part.pairs)
    listed = "; ".join(f"{name}: {words_of(words).split(' · ')[0]}" for name, words in pairs)
    return scene.voice(scene.actor).line("nudges-summary", scope=scope_words(scene, scope), values=listed)


def _example(scene: Scene, spec: Threshold, scope: Scope) -> str:
    return f"/nudges set {spec.full_name} {writable(example(scene, spec, scope))}{written_scope(scene, scope)}"


def _pairs(scene: Scene, specs: tuple[Threshold, ...], scope: Scope, *, reasons: bool = False) -> tuple[tuple[str, Text], ...]:
    return tuple((spec.full_name, _in_force(scene, spec, scope, reasons=reasons)) for spec in specs)


def _in_force(scene: Scene, spec: Threshold, scope: Scope, *, reasons: bool) -> Text:
    """The value, its source, its lock; several where the scope's people sit in departments that differ."""
    policies = scene.situation.policies
    found = settings(scene, policies, scope, spec)
    parts: list[Text | str] = [part for setting in found for part in (" / ", _sourced(scene, setting, brief=not reasons))][1:]
    if reasons and found[0].change is not None and found[0].change.reason:
        parts += [" · ", found[0].change.reason]
    lock = policy.lock_over(policies, chain(scene, scope), spec)
    if lock is not None:
        parts += [" · ", lock_words(scene, lock)]
    return join(*parts)


def _sourced(scene: Scene, setting: policy.Setting, *, brief: bool) -> Text:
    """A value with its source. `brief`: who chose the profile stands above the list once."""
    if brief and setting.change is not None and setting.change.threshold == policy.PROFILE:
        profile = scene.voice(scene.actor).text("nudges-from-profile", profile=setting.change.value or "–")
        return join(value_words(scene, setting.value, setting.threshold), " · ", profile)
    return setting_words(scene, setting)


def _meaning(scene: Scene, rule: Rule, spec: Threshold, scope: Scope) -> Text:
    """What a threshold means, and between what it may lie."""
    voice = scene.voice(scene.actor)
    said = voice.text(f"threshold-{spec.full_name.replace('.', '-')}")
    bounds = values.valid_range(spec.full_name, scene.situation.policies, chain(scene, scope))
    words = join(f"{spec.full_name}: ", said) if len(rule.thresholds) > 1 else said
    if bounds is None:
        return words
    low, high = (value_words(scene, bound, spec) for bound in bounds)
    return join(words, ". ", voice.text("nudges-range", low=low, high=high))


def _elsewhere(scene: Scene, specs: tuple[Threshold, ...], scope: Scope) -> list[Element]:
    """More specific scopes with a value or a lock of their own."""
    voice = scene.voice(scene.actor)
    policies = scene.situation.policies
    pairs: list[tuple[str, Text]] = []
    for other in inside(scene, scope):
        for spec in specs:
            own = policy.value_at(policies, spec.full_name, other)
            locks = [lock for name in policy.lock_names(spec) if (lock := policy.value_at(policies, name, other)) is not None]
            if own is None and not locks:
                continue
            held = settings(scene, policies, other, spec)
            parts: list[Text | str] = [
                f"{spec.full_name}: ",
                value_words(scene, own.value if own and own.value else held[0].value, spec),
            ]
            if own is not None and own not in [setting.change for setting in held]:
                parts += [" · ", voice.text("nudges-void-now")]
            for lock in locks[:1]:
                parts += [" · ", lock_words(scene, lock)]
            pairs.append((scope_words(scene, other), join(*parts)))
    if not pairs:
        return []
    more = [Note(text=voice.text("nudges-more", count=len(pairs) - LISTED))] if len(pairs) > LISTED else []
    return [Paragraph(text=voice.text("nudges-elsewhere")), Facts(pairs=tuple(pairs[:LISTED])), *more]


def history(scene: Scene, intent: NudgesHistory) -> Decision:
    """`/nudges history [RULE]`: the last versions, newest first, and how to go back to one."""
    reading = Reading(scene, "history")
    name = reading.rule_or_threshold(intent.rule) if intent.rule.strip() else ""
    against = refusal(reading, name)
    if against is not None:
        return against
    voice = scene.voice(scene.actor)
    found = [change for change in reversed(scene.situation.policies) if not name or change.threshold in _about(name)]
    if not found:
        return scene.tell("nudges-history-none", what=name or "–", all="no" if name else "yes")
    entries = [(voice.line("nudges-version", version=change.version), _entry(scene, change)) for change in found[:REMEMBERED]]
    older = len(found) - len(entries)
    notes = [Note(text=voice.text("nudges-history-older", count=older))] if older else []
    return scene.reply(
        Heading(text=voice.line("nudges-history-title", what=name or "–", all="no" if name else "yes")),
        *(Facts(pairs=(entry,)) for entry in entries),
        *notes,
        Note(text=voice.text("nudges-revert-how", example=f"/nudges revert {found[0].version}")),
        summary=voice.line(
            "nudges-history-summary",
            what=name or "–",
            all="no" if name else "yes",
            entries="; ".join(f"{label}: {words_of(words)}" for label, words in entries[:3]),
            count=len(found),
        ),
    )


def _about(name: str) -> frozenset[str]:
    """Everything that decides about a rule or a threshold: its values, its locks, and profiles that contain it."""
    rule = registry.rule(name)
    specs = rule.thresholds if name == rule.name else (registry.threshold(name),)
    names = {part for spec in specs for part in (spec.full_name, *policy.lock_names(spec))}
    return frozenset(names | ({policy.PROFILE} if any(spec.under("light") for spec in specs) else set()))


def _entry(scene: Scene, change: PolicyChange) -> Text:
    """When, who, for whom, before → after, why."""
    who, when = scene.name(change.author) or "–", scene.moment(change.at, scene.actor)
    before, after = transition(scene, change)
    what = f"{name_words(scene, change.threshold)}: {before} → {after}"
    said = plain(" · ".join((what, scope_words(scene, change.scope), when, who)))
    return join(said, f" · {change.reason}") if change.reason else said


def transition(scene: Scene, change: PolicyChange) -> tuple[str, str]:
    """What a version changed in its scope: before and after, in words."""
    voice = scene.voice(scene.actor)
    known = tuple(one for one in scene.situation.policies if one.version < change.version)
    states = []
    for policies in (known, (*known, change)):
        scopes = chain(scene, change.scope)
        mine = policy.value_at(policies, change.threshold, change.scope)
        if change.threshold.startswith(policy.LOCK):
            states.append(voice.line("nudges-state", state="locked" if mine else "open"))
        elif change.threshold == policy.PAUSE:
            states.append(voice.line("nudges-state", state="paused" if policy.pause_over(policies, scopes) else "speaking"))
        elif change.threshold == policy.PROFILE:
            profile = profile_over(policies, scopes)
            states.append(profile.value or "–" if profile else "standard")
        else:
            states.append(_value_then(scene, change, policies, mine))
    return states[0], states[1]


def _value_then(scene: Scene, change: PolicyChange, policies: tuple[PolicyChange, ...], mine: PolicyChange | None) -> str:
    """The scope's own value, or what was in force there; a threshold of an earlier release has only its own."""
    if mine is not None:
        return value_words(scene, mine.value or "–", threshold_of(change.threshold))
    spec = threshold_of(change.threshold)
    if spec is None:
        return "–"
    return value_words(scene, policy.in_force(policies, chain(scene, change.scope), spec).value, spec)
