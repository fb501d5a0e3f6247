"""HR in charge from chat (`/nudges …`): who may, and which module answers what.

`hr_read` mends what was written, `hr_change` says what speaks against a change, `hr_card` shows it before it is saved,
`hr_save` saves it, `hr_show` shows what is in force and what was changed. Wrong input changes nothing.
"""

from typing import assert_never

from bot.decision import Decision
from bot.flows import hr_save, hr_show
from bot.flows.hr_card import proposal
from bot.flows.hr_change import already, draft, objection, resumed_value
from bot.flows.hr_read import Reading, refusal
from bot.flows.hr_scope import covered
from bot.flows.hr_words import source_words, writable
from bot.flows.people import is_hr
from bot.model import PolicyChange
from bot.rules import policy
from bot.scene import Scene
from bot.talk.intents import (
    NudgesHistory,
    NudgesLock,
    NudgesPause,
    NudgesProfile,
    NudgesRevert,
    NudgesSet,
    NudgesShow,
)

Asked = NudgesShow | NudgesSet | NudgesLock | NudgesProfile | NudgesPause | NudgesHistory | NudgesRevert


def refused(scene: Scene) -> Decision | None:
    """Only HR changes thresholds; everybody else is told who can."""
    return None if is_hr(scene) else scene.tell("nudges-hr-only")


def asked(scene: Scene, intent: Asked) -> Decision:
    """The answer to a `/nudges` command. Changes are proposed on a card; nothing is saved before *Confirm*."""
    denied = refused(scene)
    if denied is not None:
        return denied
    match intent:
        case NudgesShow():
            return hr_show.shown(scene, intent)
        case NudgesHistory():
            return hr_show.history(scene, intent)
        case NudgesSet():
            return _set(scene, intent)
        case NudgesLock():
            return _lock(scene, intent)
        case NudgesProfile():
            return _profile(scene, intent)
        case NudgesPause():
            return _pause(scene, intent)
        case NudgesRevert():
            return _revert(scene, intent)
        case _:
            assert_never(intent)


def confirmed(scene: Scene, args: tuple[str, ...]) -> Decision:
    """*Confirm* was pressed."""
    return refused(scene) or hr_save.confirmed(scene, args)


def cancelled(scene: Scene, args: tuple[str, ...]) -> Decision:
    """*Cancel* was pressed."""
    return hr_save.cancelled(scene, args)


def _proposed(scene: Scene, change: PolicyChange, *, ahead: bool = False) -> Decision:
    return objection(scene, change) or proposal(scene, change, key=f"reply:{scene.event.id}", ahead=ahead)


def _set(scene: Scene, intent: NudgesSet) -> Decision:
    reading = Reading(scene, "preview" if intent.ahead else "set")
    spec, scope = reading.threshold(intent.threshold), reading.scope(intent.scope)
    value = reading.value(spec, intent.value, scope)
    against = refusal(reading, f"{spec.full_name} {writable(value)}", scope, intent.reason)
    return against or _proposed(scene, draft(scene, spec.full_name, scope, value, intent.reason), ahead=intent.ahead)


def _lock(scene: Scene, intent: NudgesLock) -> Decision:
    reading = Reading(scene, "lock" if intent.locked else "unlock")
    name, scope = reading.rule_or_threshold(intent.rule), reading.scope(intent.scope)
    against = refusal(reading, name, scope, intent.reason)
    value = "on" if intent.locked else None
    return against or _proposed(scene, draft(scene, policy.LOCK + name, scope, value, intent.reason))


def _profile(scene: Scene, intent: NudgesProfile) -> Decision:
    reading = Reading(scene, "profile")
    name, scope = reading.profile(intent.name), reading.scope(intent.scope)
    against = refusal(reading, name, scope, intent.reason)
    return against or _proposed(scene, draft(scene, policy.PROFILE, scope, name, intent.reason))


def _pause(scene: Scene, intent: NudgesPause) -> Decision:
    reading = Reading(scene, "pause" if intent.paused else "resume")
    scope = reading.scope(intent.scope)
    against = refusal(reading, "", scope, intent.reason)
    value = "on" if intent.paused else resumed_value(scene, scope)
    return against or _proposed(scene, draft(scene, policy.PAUSE, scope, value, intent.reason))


def _revert(scene: Scene, intent: NudgesRevert) -> Decision:
    """Back to what was before a version, where it is the newest of its name and scope; else back to that version's value."""
    policies = scene.situation.policies
    if not policies:
        return scene.tell("nudges-history-none", what="–", all="yes")
    words = intent.version.casefold().removeprefix("version").removeprefix("버전").strip(" #v")
    wanted = int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None
    found = next((change for change in policies if change.version == wanted), None)
    if found is None:
        near = min(
            (change.version for change in policies), key=lambda number: abs(number - (10**9 if wanted is None else wanted))
        )
        return scene.tell("nudges-no-version", version=intent.version or "–", form=f"/nudges revert {near}")
    try:
        covered(found.threshold)
    except KeyError:  # a threshold of an earlier release
        return scene.tell("nudges-no-rule", name=found.threshold, form="/nudges history")
    chain = [change for change in policies if (change.threshold, change.scope) == (found.threshold, found.scope)]
    newest = chain[-1]
    value = found.value
    if newest is found:
        value = chain[-2].value if len(chain) > 1 else None
    change = draft(scene, found.threshold, found.scope, value, intent.reason or f"revert {found.version}")
    if value == newest.value:
        return already(scene, change, source_words(scene, newest))
    return _proposed(scene, change)
