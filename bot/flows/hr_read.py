"""What HR wrote, checked against what there is. Every part is mended on its own, so that the nearest form is valid whole.

The first part that was wrong says why; nothing has changed by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.decision import Decision
from bot.flows.hr_scope import chain
from bot.flows.hr_words import value_words, written_scope
from bot.model import Scope, ScopeKind
from bot.rules import policy, registry, values
from bot.rules.threshold import PROFILES, Kind, Threshold
from bot.scene import Scene
from bot.talk.intents import ScopeWords
from bot.talk.text import fold_email
from bot.talk.voice import Arg

_PROFILES = {"가볍게": "light", "가벼움": "light", "표준": "standard", "기본": "standard", "적극": "active", "활발": "active"}


@dataclass(slots=True)
class Reading:
    """Reads the parts of one command; remembers the first that was wrong."""

    scene: Scene
    verb: str
    wrong: tuple[str, dict[str, Arg]] | None = field(default=None, init=False)

    def mistaken(self, phrase: str, **args: Arg) -> None:
        """A part is wrong: `phrase` will say so, with the complete nearest form as `form`."""
        self.wrong = self.wrong or (phrase, args)

    def scope(self, words: ScopeWords | None) -> Scope:
        """The scope that is meant, or the nearest there is."""
        if words is None or words.kind is ScopeKind.COMPANY:
            return Scope()
        wanted = words.name.strip()
        if words.kind is ScopeKind.PERSON:
            return self._person(wanted)
        names = {unit.name.casefold(): unit.name for unit in self.scene.situation.units if unit.kind is words.kind}
        if wanted.casefold() in names:
            return Scope(words.kind, names[wanted.casefold()])
        self.mistaken("nudges-no-unit", name=wanted, kind=words.kind.value)
        near = get_close_matches(wanted.casefold(), list(names), n=1, cutoff=0.0)
        return Scope(words.kind, names[near[0]]) if near else Scope()

    def _person(self, wanted: str) -> Scope:
        known = self.scene.situation.by_email
        person = known.get(fold_email(wanted)) or known.get(wanted)
        if person is None:
            self.mistaken("nudges-no-person", name=wanted)
            people = {one.email: one for one in self.scene.situation.people.values()}
            near = get_close_matches(wanted, list(people), n=1, cutoff=0.0)
            person = people[near[0]] if near else self.scene.actor
        return Scope(ScopeKind.PERSON, person.id)

    def threshold(self, name: str) -> Threshold:
        """The threshold that is meant (a rule's first one by the rule's name), or the nearest there is."""
        return registry.threshold(self.rule_or_threshold(name))

    def rule_or_threshold(self, name: str) -> str:
        """The name of the rule or threshold that is meant, or the nearest there is."""
        wanted = name.strip().casefold().rstrip(":")
        known = list(dict.fromkeys([rule.name for rule in registry.RULES] + [spec.full_name for spec in registry.THRESHOLDS]))
        if wanted in known:
            return wanted
        self.mistaken("nudges-no-rule", name=name)
        return _nearest(wanted, known, fallback="goal.stalled")

    def value(self, spec: Threshold, words: str, scope: Scope) -> str:
        """The canonical value, or the nearest that is valid in the scope."""
        scene, scopes = self.scene, chain(self.scene, scope)
        policies = scene.situation.policies
        if not words:
            self.mistaken("words-malformed")
            return example(scene, spec, scope)
        try:
            return values.parse_value(spec.full_name, words, policies, scopes)
        except values.BadValue as nearest:
            bounds = values.valid_range(spec.full_name, policies, scopes)
            span = ""
            if bounds is not None:
                low, high = (value_words(scene, bound, spec) for bound in bounds)
                span = scene.voice(scene.actor).line("nudges-range", low=low, high=high) + " "
            self.mistaken("nudges-bad-value", value=words, threshold=spec.full_name, range=span)
            return str(nearest)

    def profile(self, name: str) -> str:
        """The profile that is meant, or the nearest there is."""
        wanted = name.casefold()
        wanted = _PROFILES.get(wanted, wanted)
        if wanted in PROFILES:
            return wanted
        self.mistaken("nudges-no-profile", name=name, profiles=", ".join(PROFILES))
        return _nearest(wanted, PROFILES, fallback="standard")


def refusal(reading: Reading, words: str, scope: Scope = policy.COMPANY, reason: str = "") -> Decision | None:
    """What to say if something was wrong; `words` are those of the form behind the verb, as they should be."""
    if reading.wrong is None:
        return None
    phrase, args = reading.wrong
    because = f" because {reason}" if reason else ""
    form = " ".join(f"/nudges {reading.verb} {words}".split()) + written_scope(reading.scene, scope) + because
    return reading.scene.tell(phrase, form=form, **args)


def _nearest(wanted: str, known: Sequence[str], fallback: str) -> str:
    near = get_close_matches(wanted, known, n=1, cutoff=0.3)
    return near[0] if near else fallback


def example(scene: Scene, spec: Threshold, scope: Scope) -> str:
    """A value that could be set there, canonical."""
    if spec.kind is Kind.WEEKLY:
        return "thu 10:00"
    return values.nearest_default(spec, scene.situation.policies, chain(scene, scope))
