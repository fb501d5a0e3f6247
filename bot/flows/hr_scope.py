"""For whom a policy version counts: the people of a scope, what lies above it and inside it, and what it is about."""

from collections.abc import Iterator, Sequence

from bot.flows.hr_words import person_of
from bot.model import PolicyChange, Scope, ScopeKind, Unit
from bot.rules import policy, registry
from bot.rules.threshold import Threshold
from bot.scene import Scene

Chain = tuple[Scope, ...]
"""A scope, then the scopes above it."""

_RANKS = tuple(ScopeKind)


def is_wider(one: Scope, other: Scope) -> bool:
    """`one` is less specific than `other`."""
    return _RANKS.index(one.kind) < _RANKS.index(other.kind)


def unit_of(scene: Scene, scope: Scope) -> Unit | None:
    """The department or team of a scope; None for other scopes and names nobody has."""
    return next((unit for unit in scene.situation.units if (unit.kind, unit.name) == (scope.kind, scope.name)), None)


def people_in(scene: Scene, scope: Scope) -> int:
    """How many people a scope has."""
    if scope.kind is ScopeKind.PERSON:
        return 1
    if scope.kind is ScopeKind.COMPANY:
        return scene.situation.headcount
    unit = unit_of(scene, scope)
    return unit.people if unit else 0


def chains(scene: Scene, scope: Scope) -> tuple[Chain, ...]:
    """What holds for the people of a scope: one chain, or for a team that spans departments one per department."""
    if scope.kind is ScopeKind.COMPANY:
        return ((scope,),)
    if scope.kind is ScopeKind.DEPARTMENT:
        return ((scope, policy.COMPANY),)
    if scope.kind is ScopeKind.PERSON:
        person = person_of(scene, scope)
        return (policy.scopes_of(person) if person else (scope, policy.COMPANY),)
    unit = unit_of(scene, scope)
    departments = sorted(unit.departments) if unit else []
    spread = (tuple(Scope(ScopeKind.DEPARTMENT, name) for name in [department] if name) for department in departments)
    return tuple((scope, *within, policy.COMPANY) for within in spread) or ((scope, policy.COMPANY),)


def chain(scene: Scene, scope: Scope) -> Chain:
    """What holds for all people of a scope."""
    every = chains(scene, scope)
    return every[0] if len(every) == 1 else (scope, policy.COMPANY)


def inside(scene: Scene, scope: Scope) -> tuple[Scope, ...]:
    """More specific scopes whose people are (also) in this one and about which there is some version, widest first."""
    known = dict.fromkeys(change.scope for change in scene.situation.policies if is_wider(scope, change.scope))
    found = (other for other in known if any(scope in above for above in chains(scene, other)))
    return tuple(sorted(found, key=lambda other: (_RANKS.index(other.kind), other.name)))


def settings(scene: Scene, policies: Sequence[PolicyChange], scope: Scope, spec: Threshold) -> tuple[policy.Setting, ...]:
    """What is in force in a scope: one setting, several only where its people's departments differ."""
    found = {setting.value: setting for above in chains(scene, scope) for setting in [policy.in_force(policies, above, spec)]}
    return tuple(found.values())


def locks_above(scene: Scene, scope: Scope, spec: Threshold) -> tuple[PolicyChange | None, ...]:
    """For each group of the scope's people the lock of a wider scope that makes values set here void; None: there is none."""
    found = (policy.lock_over(scene.situation.policies, above[1:], spec) for above in chains(scene, scope))
    return tuple(found)


def pauses(scene: Scene, policies: Sequence[PolicyChange], scope: Scope) -> tuple[PolicyChange | None, ...]:
    """For each group of the scope's people the pause that holds; None: Rondo speaks."""
    return tuple(policy.pause_over(policies, above) for above in chains(scene, scope))


def profile_over(policies: Sequence[PolicyChange], scopes: Chain) -> PolicyChange | None:
    """The version that set the profile in force; None: the defaults."""
    return next((found for scope in scopes if (found := policy.value_at(policies, policy.PROFILE, scope))), None)


def covered(name: str) -> tuple[Threshold, ...]:
    """The thresholds that a version about `name` may change. KeyError for a name that is none."""
    if name == policy.PAUSE:
        return ()
    if name == policy.PROFILE:
        return tuple(spec for spec in registry.THRESHOLDS if spec.under("light") is not None)
    if not name.startswith(policy.LOCK):
        return (exactly(name),)
    locked = name.removeprefix(policy.LOCK)
    rule = registry.rule(locked)
    return rule.thresholds if rule.name == locked else (exactly(locked),)


def exactly(name: str) -> Threshold:
    """The threshold of that full name. KeyError where there is none."""
    spec = registry.threshold(name)
    if spec.full_name != name:
        raise KeyError(name)
    return spec


def threshold_of(name: str) -> Threshold | None:
    """The threshold of that full name; None for locks, profile, pause and names of an earlier release."""
    try:
        return exactly(name)
    except KeyError:
        return None


def related(name: str) -> frozenset[str]:
    """Names whose versions change what a version about `name` would mean; its own is among them."""
    return frozenset((name, *_related(name)))


def _related(name: str) -> Iterator[str]:
    for spec in covered(name):
        yield spec.full_name
        yield from policy.lock_names(spec)
        if spec.under("light") is not None:
            yield policy.PROFILE


def newest(scene: Scene, name: str) -> PolicyChange | None:
    """The newest version that matters for a change about `name`, in any scope."""
    names = related(name)
    return next((change for change in reversed(scene.situation.policies) if change.threshold in names), None)
