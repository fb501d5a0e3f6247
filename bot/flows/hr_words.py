"""How values, scopes, settings and policy versions read in front of HR, and how they are written in a command."""

from bot.flows.digest_words import rhythm_words
from bot.flows.escalation_card import span_words
from bot.model import Person, PolicyChange, Scope, ScopeKind
from bot.rules import policy
from bot.rules.threshold import Threshold
from bot.scene import Scene
from bot.talk.text import Text, join

_DAYS = {day[:3].casefold(): day for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")}
_QUOTES = ('""', "“”", "「」", "‘’")


def value_words(scene: Scene, value: str, spec: Threshold | None = None) -> str:
    """A canonical value as the actor reads it: `two days`, `Thursday 10:00`, `off`; with its threshold also `3 check-ins`."""
    if spec is not None and spec.counts and value.isdecimal():
        return scene.voice(scene.actor).line("nudges-count", what=spec.counts, count=int(value))
    words = span_words(scene, scene.actor, value)
    if words != value:
        return words
    if value == "on":
        return scene.voice(scene.actor).line("value-on")
    try:
        return rhythm_words(scene, value)
    except (ValueError, IndexError):
        return value


def writable(value: str) -> str:
    """A canonical value as people write it in a command: `14cd` is `14d`, `thu 10:00` is `Thursday 10:00`."""
    day, _, at = value.partition(" ")
    if day in _DAYS:
        return f"{_DAYS[day]} {at}"
    return value.removesuffix("cd") + "d" if value.endswith("cd") else value


def person_of(scene: Scene, scope: Scope) -> Person | None:
    """Whom a person's scope means; None for other scopes, and where the situation does not hold them."""
    return scene.situation.people.get(scope.name) if scope.kind is ScopeKind.PERSON else None


def scope_words(scene: Scene, scope: Scope) -> str:
    """`the whole company`, `team Sales`, `Dana Fox`."""
    person = person_of(scene, scope)
    name = scope.name if scope.kind is not ScopeKind.PERSON else person.name if person else "–"
    return scene.voice(scene.actor).line(f"scope-{scope.kind.value}", name=name)


def written_scope(scene: Scene, scope: Scope) -> str:
    """A scope as it is written in a command: ` for team "Sales"`; nothing for the company."""
    if scope.kind is ScopeKind.COMPANY:
        return ""
    if scope.kind is ScopeKind.PERSON:
        person = person_of(scene, scope)
        return f" for person {person.email}" if person else ""
    pair = next((pair for pair in _QUOTES if not set(pair) & set(scope.name)), _QUOTES[0])
    return f" for {scope.kind.value} {pair[0]}{scope.name}{pair[1]}"


def setting_words(scene: Scene, setting: policy.Setting) -> Text:
    """A value with where it comes from: the default, a profile, or who set it, when and for whom."""
    return join(value_words(scene, setting.value, setting.threshold), " · ", source_words(scene, setting.change))


def source_words(scene: Scene, change: PolicyChange | None) -> Text:
    """Where a value comes from: the default, or the version that gave it."""
    voice = scene.voice(scene.actor)
    if change is None:
        return voice.text("nudges-default")
    if change.threshold == policy.PROFILE:
        return voice.text("nudges-set-by-profile", profile=change.value or "–", **_by(scene, change))
    return set_words(scene, change)


def set_words(scene: Scene, change: PolicyChange) -> Text:
    """Who set it, when and for whom."""
    return scene.voice(scene.actor).text("nudges-set-by", **_by(scene, change))


def lock_words(scene: Scene, lock: PolicyChange) -> Text:
    """Who locked it, since when and for whom."""
    return scene.voice(scene.actor).text("nudges-locked-by", **_by(scene, lock))


def pause_words(scene: Scene, pause: PolicyChange | None) -> Text:
    """Whether Rondo is paused, and by whom; None: it is not."""
    voice = scene.voice(scene.actor)
    if pause is None:
        return voice.text("nudges-state", state="speaking")
    return join(voice.text("nudges-state", state="paused"), " · ", set_words(scene, pause))


def profile_words(scene: Scene, profile: PolicyChange | None) -> Text:
    """The profile in force, and by whom; None: the defaults hold."""
    if profile is None:
        return join("standard", " · ", scene.voice(scene.actor).text("nudges-default"))
    return join(profile.value or "–", " · ", set_words(scene, profile))


def _by(scene: Scene, change: PolicyChange) -> dict[str, str | int]:
    return {
        "who": scene.name(change.author) or "–",
        "when": scene.moment(change.at, scene.actor),
        "scope": scope_words(scene, change.scope),
        "version": change.version,
    }


def name_words(scene: Scene, name: str) -> str:
    """What a version is about: `goal.stalled.owner`, `lock of goal.stalled`, `profile`, `pause`."""
    if name.startswith(policy.LOCK):
        return scene.voice(scene.actor).line("nudges-lock-of", name=name.removeprefix(policy.LOCK))
    if name in (policy.PROFILE, policy.PAUSE):
        return scene.voice(scene.actor).line(f"nudges-{name}-label")
    return name
