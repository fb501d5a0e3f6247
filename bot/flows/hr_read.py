"""What HR wrote, checked against what there is. Every part is mended on its own, so that the nearest form is valid whole.

The first part that was wrong says why; nothing has changed by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.decision import Decision
from bot.flows.hr_likely import likely
from bot.flows.hr_scope import Chain, chain
from bot.flows.hr_whom import whom
from bot.flows.hr_words import value_words, written_scope
from bot.model import Scope
from bot.rules import policy, registry, values
from bot.rules.threshold import PROFILES, Kind, Threshold
from bot.scene import Scene
from bot.talk.intents import ScopeWords
from bot.talk.voice import Arg

_PROFILES = {"가볍게": "light", "가벼움": "light", "표준": "standard", "기본": "standard", "적극": "active", "활발": "active"}


@dataclass(slots=True)
class Reading:
    """Reads the parts of one command; remembers what was wrong, the first of it first."""

    scene: Scene
    verb: str
    mistakes: list[tuple[str, dict[str, Arg]]] = field(default_factory=list, init=False)

    def mistaken(self, phrase: str, **args: Arg) -> None:
        """A part is wrong: `phrase` will say so, with the complete nearest form as `form`."""
        self.mistakes.append((phrase, args))

    def scope(self, words: ScopeWords | None) -> Scope:
        """The scope that is meant, or the nearest there is. Where nothing is near, no form is offered: it would widen it."""
        if words is None:
            return Scope()
        found = whom(self.scene, words)
        if found.phrase:
            self.mistaken(found.phrase, near="yes" if found.scope else "no", **found.args)
        return found.scope or Scope()

    def threshold(self, name: str) -> Threshold:
        """The threshold that is meant (a rule's first one by the rule's name), or the nearest there is."""
        return registry.threshold(self.rule_or_threshold(name))

    def rule_or_threshold(self, name: str) -> str:
        """The name of the rule or threshold that is meant, or the nearest there is."""
        wanted = name.strip().casefold().rstrip(" .,:;!?")
        known = list(dict.fromkeys([rule.name for rule in registry.RULES] + [spec.full_name for spec in registry.THRESHOLDS]))
        if wanted in known:
            return wanted
        self.mistaken("nudges-no-rule" if wanted else "words-malformed", name=name)
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
            return self._meant(spec, words, scopes) or str(nearest)

    def _meant(self, spec: Threshold, words: str, scopes: Chain) -> str:
        """The value that is perhaps meant by words that are none: what was given of it stays. Empty: nothing was."""
        policies = self.scene.situation.policies
        today = policy.in_force(policies, scopes, spec).value
        for form in likely(spec, words, today):
            try:
                return values.parse_value(spec.full_name, form, policies, scopes)
            except values.BadValue as nearest:
                if spec.kind in (Kind.SPAN, Kind.COUNT) and str(nearest) != spec.default:
                    return str(nearest)  # a number beyond its bounds
        return ""

    def profile(self, name: str) -> str:
        """The profile that is meant, or the nearest there is."""
        wanted = name.casefold()
        wanted = _PROFILES.get(wanted, wanted)
        if wanted in PROFILES:
            return wanted
        self.mistaken("nudges-no-profile" if wanted else "words-malformed", name=name, profiles=", ".join(PROFILES))
        return _nearest(wanted, PROFILES, fallback="standard")


def refusal(reading: Reading, words: str, scope: Scope = policy.COMPANY, reason: str = "") -> Decision | None:
    """What to say if something was wrong; `words` are those of the form behind the verb, as they should be."""
    if not reading.mistakes:
        return None
    lost = (one for one in reading.mistakes if one[1].get("near") == "no")  # there is no form for a scope that is none
    phrase, args = next(lost, reading.mistakes[0])
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
