"""*Confirm* and *Cancel* on HR's card. What was proposed is checked anew: somebody may have changed something in between."""

from bot.decision import Decision, LookAtAll, together
from bot.flows.hr_card import proposal, saved_card
from bot.flows.hr_change import draft, objection, own
from bot.flows.hr_scope import chain, covered, newest, related
from bot.model import PolicyChange, Scope, ScopeKind
from bot.rules import policy
from bot.scene import Scene, edit
from bot.talk.cards import Card, Note


def confirmed(scene: Scene, args: tuple[str, ...]) -> Decision:
    """A new policy version, unless something speaks against it by now or somebody else changed the same in between."""
    try:
        name, value, kind, scope_name, seen, reason, key = args
        change = draft(scene, name, Scope(ScopeKind(kind), scope_name), value or None, reason)
        known = int(seen)
        related(name)
    except (ValueError, KeyError):
        return scene.tell("button-unknown")
    twice = _mine(scene, change, known)
    if twice is not None and twice.value == change.value:
        return edit(key, saved_card(scene, twice))
    against = objection(scene, change)
    if against is not None:
        return against
    latest = newest(scene, name)
    if latest is not None and latest.version > known:
        return proposal(scene, change, key=key, meanwhile=latest)
    saved = Decision(
        changes=(change,),
        looks=(LookAtAll(scope=change.scope, at=scene.now),),
        entries=(
            scene.entry(
                "policy:changed",
                f"policy:{name}",
                rule=_rule(name),
                policy=change.version,
                outcome=change.value or "taken back",
                before=_before(scene, change),
                scope=f"{change.scope.kind.value} {change.scope.name}".strip(),
                author=scene.actor.email,
                reason=change.reason,
            ),
        ),
    )
    return together(saved, edit(key, saved_card(scene.after(saved), change)))


def _mine(scene: Scene, change: PolicyChange, known: int) -> PolicyChange | None:
    """The version about the same in the same scope that the actor wrote after `known`, if it is the newest there."""
    found = policy.latest(scene.situation.policies, change.threshold, change.scope)
    return found if found is not None and found.version > known and found.author == change.author else None


def _rule(name: str) -> str:
    """The rule a version is about; profile and pause are about none."""
    return "" if name in (policy.PROFILE, policy.PAUSE) else covered(name)[0].rule


def _before(scene: Scene, change: PolicyChange) -> str:
    """What held before, canonical."""
    if change.threshold in (policy.PROFILE, policy.PAUSE) or change.threshold.startswith(policy.LOCK):
        before = own(scene, change.threshold, change.scope)
        return before.value or "" if before else ""
    (spec,) = covered(change.threshold)
    return policy.in_force(scene.situation.policies, chain(scene, change.scope), spec).value


def cancelled(scene: Scene, args: tuple[str, ...]) -> Decision:
    """Nothing changed, and the card says so; after *Confirm* there is nothing to cancel."""
    voice = scene.voice(scene.actor)
    try:
        key, name, kind, scope_name, seen = args
        change = draft(scene, name, Scope(ScopeKind(kind), scope_name), None)
        known = int(seen)
    except ValueError:
        return scene.tell("button-unknown")
    if scene.situation.asked_about is None:
        return scene.tell("button-unknown")
    mine = _mine(scene, change, known)
    if mine is not None:
        return scene.tell("nudges-confirmed-already", back=f"/nudges revert {mine.version}")
    return edit(key, Card(summary=voice.line("nudges-cancelled"), elements=(Note(text=voice.text("nudges-cancelled")),)))
