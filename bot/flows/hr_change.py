"""What HR may change, and what speaks against it: locks, neighbours, and that it is so already. Nothing is saved here.

A change is a policy version as it would be written; `objection` says why it may not be, whoever asks and however.
"""

from itertools import chain as flat

from bot.decision import Decision
from bot.flows.hr_read import Reading, refusal
from bot.flows.hr_scope import chain, chains, covered, exactly, locks_above, pauses, profile_over, settings, threshold_of
from bot.flows.hr_words import lock_words, name_words, scope_words, set_words, source_words, value_words, writable, written_scope
from bot.model import PolicyChange, Scope
from bot.rules import policy, values
from bot.rules.threshold import PROFILES, Threshold
from bot.scene import Scene
from bot.talk.text import Text, clean, join, plain

REASON = 300
"""How long a reason may be, in characters: it travels in the buttons of the card."""


def draft(scene: Scene, name: str, scope: Scope, value: str | None, reason: str = "") -> PolicyChange:
    """The version that would be written now."""
    return PolicyChange(
        version=scene.company_policy + 1,
        at=scene.now,
        author=scene.actor.id,
        threshold=name,
        scope=scope,
        value=value,
        reason=clean(reason, limit=REASON),
    )


def own(scene: Scene, name: str, scope: Scope) -> PolicyChange | None:
    """The version in force about `name` in exactly this scope, where it gives a value."""
    return policy.value_at(scene.situation.policies, name, scope)


def paused_above(scene: Scene, scope: Scope) -> bool:
    """A wider pause holds for some people of a scope."""
    return any(policy.pause_over(scene.situation.policies, above[1:]) for above in chains(scene, scope))


def resumed_value(scene: Scene, scope: Scope) -> str | None:
    """What makes Rondo speak in a scope: its own pause is taken back; `off` where a wider one would still hold."""
    return "off" if paused_above(scene, scope) else None


def kind_of(scene: Scene, change: PolicyChange) -> str:
    """What a version does, as phrases tell them apart."""
    if change.threshold.startswith(policy.LOCK):
        return "locked" if change.value == "on" else "unlocked"
    if change.threshold == policy.PAUSE:
        if change.value is None and paused_above(scene, change.scope):
            return "back"
        return "paused" if change.value == "on" else "resumed"
    if change.value is None:
        return "back"
    return "profile" if change.threshold == policy.PROFILE else "value"


def change_args(scene: Scene, change: PolicyChange) -> dict[str, str]:
    """What phrases say of a version: its kind, name, value and scope."""
    return {
        "kind": kind_of(scene, change),
        "name": name_words(scene, change.threshold.removeprefix(policy.LOCK)),
        "value": value_words(scene, change.value or "–", threshold_of(change.threshold)),
        "scope": scope_words(scene, change.scope),
    }


def objection(scene: Scene, change: PolicyChange) -> Decision | None:
    """Why a change may not be made; None: it may. Says the nearest valid form, or who locked what."""
    name, scope = change.threshold, change.scope
    if name.startswith(policy.LOCK):
        return _against_lock(scene, change)
    if name == policy.PAUSE:
        return _against_pause(scene, change)
    if name == policy.PROFILE:
        return _against_profile(scene, change)
    before, spec = own(scene, name, scope), exactly(name)
    if spec.for_all and scope != policy.COMPANY:
        return scene.tell("nudges-for-all", name=name, form=f"/nudges set {name} {writable(change.value or spec.default)}")
    if (before.value if before else None) == change.value:
        return already(scene, change, set_words(scene, before) if before else ())
    if change.value is None:
        return _against_order(scene, change)
    locks = locks_above(scene, scope, spec)
    if all(locks) and locks[0] is not None:
        return _locked(scene, spec, locks[0])
    reading = Reading(scene, "set")
    nearest = reading.value(spec, writable(change.value), scope)
    return refusal(reading, f"{name} {writable(nearest)}", scope, change.reason)


def already(scene: Scene, change: PolicyChange, source: Text) -> Decision:
    """It is so already; nothing changed."""
    by = join(" (", source, ")") if source else plain("")
    return scene.tell("nudges-already", by=by, **change_args(scene, change))


def _against_lock(scene: Scene, change: PolicyChange) -> Decision | None:
    name, scope = change.threshold, change.scope
    if change.value is None:
        if own(scene, name, scope) is not None:
            return None
        return _not_locked(scene, change)
    held = [_lock_of_all(scene, scope, spec) for spec in covered(name)]
    if held[0] is not None and all(held):
        return already(scene, change, lock_words(scene, held[0]))
    return None


def _lock_of_all(scene: Scene, scope: Scope, spec: Threshold) -> PolicyChange | None:
    """The lock that already holds for everybody in a scope."""
    found = [policy.lock_over(scene.situation.policies, above, spec) for above in chains(scene, scope)]
    return found[0] if all(found) else None


def _not_locked(scene: Scene, change: PolicyChange) -> Decision:
    """Nothing to unlock there; where something about it is locked, how to unlock that."""
    names = dict.fromkeys(flat.from_iterable(policy.lock_names(spec) for spec in covered(change.threshold)))
    known = dict.fromkeys((one.threshold, one.scope) for one in scene.situation.policies if one.threshold in names)
    locked = [found for place in known if (found := own(scene, *place)) is not None]
    voice = scene.voice(scene.actor)
    where = ""
    if locked:
        locked.sort(key=lambda one: one.version)
        forms = [f"/nudges unlock {one.threshold.removeprefix(policy.LOCK)}{written_scope(scene, one.scope)}" for one in locked]
        where = " " + voice.line("nudges-locked-elsewhere", forms=" · ".join(forms[:5]))
    return scene.tell("nudges-not-locked", **change_args(scene, change), where=where)


def _locked(scene: Scene, spec: Threshold, lock: PolicyChange) -> Decision:
    form = f"/nudges unlock {lock.threshold.removeprefix(policy.LOCK)}{written_scope(scene, lock.scope)}"
    return scene.tell("nudges-locked", name=spec.full_name, by=lock_words(scene, lock), form=form)


def _against_pause(scene: Scene, change: PolicyChange) -> Decision | None:
    holding = pauses(scene, scene.situation.policies, change.scope)
    before = own(scene, policy.PAUSE, change.scope)
    if change.value == "on":
        return already(scene, change, set_words(scene, holding[0])) if holding[0] is not None and all(holding) else None
    if change.value is None and before is not None:
        return None
    return None if any(holding) else already(scene, change, ())


def _against_profile(scene: Scene, change: PolicyChange) -> Decision | None:
    before = own(scene, policy.PROFILE, change.scope)
    if change.value is not None and change.value not in PROFILES:
        return scene.tell("button-unknown")
    if (before.value if before else None) == change.value:
        return already(scene, change, set_words(scene, before) if before else ())
    above = profile_over(scene.situation.policies, chain(scene, change.scope))
    locks = [locks_above(scene, change.scope, spec)[0] for spec in covered(policy.PROFILE)]
    if change.value is not None and not changed(scene, change) and locks[0] is not None and all(locks):
        return _locked(scene, covered(policy.PROFILE)[0], locks[0])
    if change.value == "standard" and above is None and not changed(scene, change):
        return already(scene, change, source_words(scene, None))
    return _against_order(scene, change)


def _against_order(scene: Scene, change: PolicyChange) -> Decision | None:
    """One threshold would no longer come before another: nothing changes, and the other one is named with a value that fits."""
    scopes = chain(scene, change.scope)
    before, after = scene.situation.policies, (*scene.situation.policies, change)
    passed = values.passed_neighbour(after, scopes)
    if passed is None or values.passed_neighbour(before, scopes) is not None:
        return None
    moved = [one for one in passed if one.change is change or one.threshold.full_name == change.threshold]
    stays = next((one for one in passed if one not in moved), passed[0])
    nearest = stays.value
    try:
        values.parse_value(stays.threshold.full_name, writable(stays.value), after, scopes)
    except values.BadValue as fitting:
        nearest = str(fitting)
    first, second = (f"{one.threshold.full_name} ({value_words(scene, one.value, one.threshold)})" for one in passed)
    form = f"/nudges set {stays.threshold.full_name} {writable(nearest)}{written_scope(scene, change.scope)}"
    return scene.tell("nudges-passes", first=first, second=second, form=form)


def changed(scene: Scene, change: PolicyChange) -> tuple[tuple[Threshold, str, str], ...]:
    """Every threshold whose value in the change's own scope would differ: before and after, in words."""
    policies = scene.situation.policies
    found = []
    for spec in covered(change.threshold):
        before = settings(scene, policies, change.scope, spec)
        after = settings(scene, (*policies, change), change.scope, spec)
        if [one.value for one in before] != [one.value for one in after]:
            found.append((spec, _values(scene, before), _values(scene, after)))
    return tuple(found)


def _values(scene: Scene, settings: tuple[policy.Setting, ...]) -> str:
    return " / ".join(value_words(scene, setting.value, setting.threshold) for setting in settings)
