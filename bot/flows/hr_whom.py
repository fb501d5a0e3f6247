"""Whom HR means by the words of a scope: a unit, a person, or the nearest there is. Nobody is suggested who is not near."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bot.model import Person, Scope, ScopeKind
from bot.rules.people import works_here
from bot.scene import Scene
from bot.talk.intents import ScopeWords
from bot.talk.names import names_of
from bot.talk.text import fold_email
from bot.talk.voice import Arg

_NEAR = 0.75  # of difflib's ratio: a slip of the hand or two; unrelated names of some length stay below
_UNITS = (ScopeKind.TEAM, ScopeKind.DEPARTMENT)
_NAMED = 5
"""So many people of one name are listed with their e-mails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """`scope`: the one that is meant, or the nearest; None: nothing is near. `phrase`: what is wrong; empty: nothing."""

    scope: Scope | None
    phrase: str = ""
    args: Mapping[str, Arg] = field(default_factory=dict)


def whom(scene: Scene, words: ScopeWords) -> Whom:
    """The scope that is meant. Where the kind was not written, everything of that name is looked through."""
    if words.kind is ScopeKind.COMPANY:
        return Whom(scope=Scope(), phrase="words-malformed" if words.unsure else "")
    name = words.name.strip()
    if not name:
        example = _any(scene, words.kind)
        none = {"name": "–", "kind": words.kind.value}
        return Whom(scope=example, phrase="words-malformed") if example else Whom(scope=None, phrase="nudges-no-unit", args=none)
    found = _person(scene, name) if words.kind is ScopeKind.PERSON else _unit(scene, words.kind, name)
    if words.unsure and found.phrase in ("nudges-no-person", "nudges-no-unit"):
        others = [_unit(scene, kind, name) for kind in _UNITS if kind is not words.kind]
        others += [] if words.kind is ScopeKind.PERSON else [_person(scene, name)]
        found = next((other for other in others if not other.phrase), None) or found
    if words.unsure and not found.phrase:
        return Whom(scope=found.scope, phrase="words-malformed")
    return found


def _any(scene: Scene, kind: ScopeKind) -> Scope | None:
    """Some scope of a kind, as an example that exists: the team of most people, or whoever asks."""
    if kind is ScopeKind.PERSON:
        return Scope(kind, scene.actor.id)
    units = [unit for unit in scene.situation.units if unit.kind is kind]
    most = max(units, key=lambda unit: (unit.people, unit.name), default=None)
    return Scope(kind, most.name) if most else None


def _unit(scene: Scene, kind: ScopeKind, wanted: str) -> Whom:
    names = {fold_email(unit.name): unit.name for unit in scene.situation.units if unit.kind is kind}
    for written in (wanted, wanted.rstrip(" .!?")):
        if fold_email(written) in names:
            return Whom(scope=Scope(kind, names[fold_email(written)]))
    near = _nearest(fold_email(wanted), names)
    scope = Scope(kind, names[near]) if near else None
    return Whom(scope=scope, phrase="nudges-no-unit", args={"name": wanted, "kind": kind.value})


def _person(scene: Scene, wanted: str) -> Whom:
    """By e-mail or mention; by full name or the local part of the e-mail, where exactly one is called so."""
    situation = scene.situation
    bare = wanted.rstrip(" .!?")
    known = situation.by_email
    exact = known.get(fold_email(wanted)) or known.get(wanted) or known.get(fold_email(bare))
    if exact is not None:
        return Whom(scope=Scope(ScopeKind.PERSON, exact.id))
    if not wanted.startswith("<@") and "@" not in wanted.strip("@"):
        called = _called(scene, bare.lstrip("@"))
        if len(called) == 1:
            return Whom(scope=Scope(ScopeKind.PERSON, called[0].id))
        if called:
            emails = ", ".join(one.email for one in called[:_NAMED])
            scope = Scope(ScopeKind.PERSON, called[0].id)
            return Whom(scope=scope, phrase="nudges-several-people", args={"name": wanted, "emails": emails})
    near = _nearest_person(scene, fold_email(bare.lstrip("@")))
    return Whom(scope=near, phrase="nudges-no-person", args={"name": wanted})


def _called(scene: Scene, wanted: str) -> list[Person]:
    """Those whose full name this is, else those whose e-mail begins like this; who left counts only where nobody else is."""
    folded = fold_email(" ".join(wanted.split()))
    everybody = scene.situation.people.values()
    found = [one for one in everybody if fold_email(" ".join(one.name.split())) == folded]
    found = found or [one for one in everybody if fold_email(one.email).partition("@")[0] == folded]
    return sorted([one for one in found if works_here(one, scene.situation)] or found, key=lambda one: one.email)


def _nearest_person(scene: Scene, wanted: str) -> Scope | None:
    """Who is really near by name, or by e-mail: then the part before the @ alone is compared, colleagues share the rest."""
    local, at, domain = wanted.partition("@")
    best: tuple[float, str] = (0.0, "")
    for one in scene.situation.people.values():
        theirs, _, place = fold_email(one.email).partition("@")
        if at:
            near = min(_ratio(local, theirs), _ratio(domain, place))
        else:
            whole = fold_email(" ".join(one.name.split()))
            first = 1.0 if wanted in names_of(one.name) else 0.0
            near = max(_ratio(wanted, whole), _ratio(wanted, theirs), first)
        if near >= _NEAR and (near, one.id) > best and one.email:
            best = (near, one.id)
    return Scope(ScopeKind.PERSON, best[1]) if best[1] else None


def _nearest(wanted: str, names: Iterable[str]) -> str:
    """The name that is near, or that holds the words; in a short name one slip is near. Empty: none."""
    rated = [(max(_ratio(wanted, name), _NEAR if len(wanted) > 2 and wanted in name else 0.0), name) for name in names]
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= min(_NEAR, 0.99 - 1 / max(len(wanted), 2)) else ""


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(a=one, b=other, autojunk=False).ratio()
