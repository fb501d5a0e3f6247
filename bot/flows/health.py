"""`/nudges health [RULE]`: what became of nudges, as counts over everybody, and what to adjust where a rule is noise.

Nobody is named here, and nothing is told of fewer than five people, not by subtraction either (PRODUCT.md section 7).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.decision import Decision
from bot.flows.hr import refused
from bot.flows.hr_read import Reading, refusal
from bot.flows.hr_words import value_words, writable
from bot.health import FEWEST_PEOPLE, IN_TIME_DAYS, WEEKS, Tally
from bot.model import PolicyChange
from bot.rules import registry, values
from bot.rules.backtest import Comparison, compare
from bot.rules.people import zone_of
from bot.rules.policy import COMPANY, in_force
from bot.rules.threshold import Kind, Threshold
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Bar, Button, Buttons, Chart, ChartKind, Element, Facts, Heading, Note, Paragraph
from bot.talk.text import plain, words_of

BARS = 8
"""More do not fit into a picture; the words have all of them."""
NOISE_FROM, NOISE_BELOW = 20, 20
"""Fewer nudges say nothing about a rule; from this share of them on (percent) a rule is wanted enough."""
ADVISED, LIVES = 2, 80
"""So many rules are replayed with longer values, with so many people each: an answer should take a second."""
LONGER = (2.0, 1.5)
"""Times the value in force: what is tried, the longest first, as far as bounds and neighbours let it."""
_FRESH = "every goal was updated in the last days"
_REASONS = ("budget", "bundle", "paused", "muted", "fresh")


def shown(scene: Scene, name: str) -> Decision:
    """The answer to `/nudges health`, for all rules or week by week for one."""
    denied = refused(scene)
    if denied is not None:
        return denied
    if not name.strip():
        return _overview(scene)
    reading = Reading(scene, "health")
    meant = reading.rule_or_threshold(name)
    against = refusal(reading, meant)
    return against if against is not None else _week_by_week(scene, registry.rule(meant).name)


def _overview(scene: Scene) -> Decision:
    voice = scene.voice(scene.actor)
    order = {rule.name: number for number, rule in enumerate(registry.RULES)}
    tallies = [one for one in scene.situation.health if one.week is None and one.rule in order and not one.empty]
    if not tallies:
        return scene.tell("health-empty", weeks=WEEKS)
    tallies.sort(key=lambda one: order[one.rule])
    most = sorted(tallies, key=lambda one: -one.delivered if one.tells else 0)[:BARS]
    bars = [_bar(one.rule, one) for one in tallies if one in most and one.delivered and one.tells]
    lines = [(one.rule, _words(scene, one)) for one in tallies]
    example = f"/nudges health {most[0].rule}"
    elements = [
        Heading(text=voice.line("health-title")),
        Note(text=voice.text("health-weeks", weeks=WEEKS)),
        *_picture(scene, ChartKind.BARS, bars),
        Facts(pairs=tuple((rule, plain(words)) for rule, words in lines)),
    ]
    return _answered(scene, elements, tallies, lines, example)


def _week_by_week(scene: Scene, rule: str) -> Decision:
    voice = scene.voice(scene.actor)
    by_week = {one.week: one for one in scene.situation.health if one.rule == rule}
    whole = by_week.get(None)
    if whole is None or whole.empty:
        return scene.tell("health-empty-rule", rule=rule, weeks=WEEKS)
    zone = zone_of(scene.actor, scene.situation.company)
    weeks = [by_week.get(number, Tally(rule=rule, week=number)) for number in range(WEEKS)]
    days = [(scene.now - timedelta(weeks=WEEKS - number)).astimezone(zone).date() for number in range(WEEKS)]
    untold = _untold(weeks) if whole.tells else frozenset(range(WEEKS))
    bars = [_bar(f"{day:%m-%d}", Tally(rule=rule) if one.week in untold else one) for day, one in zip(days, weeks, strict=True)]
    few = voice.line("health-few", fewest=FEWEST_PEOPLE)
    lines = [
        (voice.date(day), few if one.week in untold and not one.empty else _words(scene, one))
        for day, one in zip(days, weeks, strict=True)
    ]
    total = (voice.line("health-all-weeks", weeks=WEEKS), _words(scene, whole))
    elements = [
        Heading(text=voice.line("health-title-rule", rule=rule)),
        Note(text=voice.text("health-weeks", weeks=WEEKS)),
        *(_picture(scene, ChartKind.STACKS, bars) if any(sum(bar.parts) for bar in bars) else ()),
        Facts(pairs=tuple((label, plain(words)) for label, words in (*lines, total))),
    ]
    return _answered(scene, elements, [whole], [(rule, total[1])], f"/nudges health {rule}")


def _untold(weeks: Sequence[Tally]) -> frozenset[int | None]:
    """Weeks of too few people; and one more, the smallest, where the sum of all weeks would tell theirs by subtraction."""
    few = [one for one in weeks if not one.tells]
    rest = sorted((one for one in weeks if one.tells and not one.empty), key=lambda one: one.people)
    return frozenset(one.week for one in (*few, *(rest[:1] if few else ())))


def _answered(
    scene: Scene, elements: Sequence[Element], tallies: Sequence[Tally], lines: Sequence[tuple[str, str]], example: str
) -> Decision:
    """The card: the counts, then what could be adjusted, then how to read them."""
    voice = scene.voice(scene.actor)
    how = voice.text("health-how", days=IN_TIME_DAYS, fewest=FEWEST_PEOPLE, example=example)
    advice = _advice(scene, sorted((one for one in tallies if _is_noise(one)), key=lambda one: (one.share or 0, -one.delivered)))
    rules = "; ".join(f"{label}: {words}" for label, words in lines)
    advised = [words_of(part.text) for part in advice if isinstance(part, Paragraph)]
    summary = " ".join([voice.line("health-summary", weeks=WEEKS, rules=rules), *advised])
    return scene.reply(*elements, *advice, Note(text=how), summary=summary)


# ---------------------------------------------------------------------------------------------------- the picture


def _bar(label: str, tally: Tally) -> Bar:
    parts = (tally.acted, tally.ripe - tally.acted, tally.delivered - tally.ripe)
    return Bar(label=label, parts=parts, mark=f"{tally.acted} / {tally.delivered}" if tally.delivered else "")


def _picture(scene: Scene, kind: ChartKind, bars: Sequence[Bar]) -> tuple[Element, ...]:
    """The chart with what its patterns mean; none where nothing arrived."""
    if not bars:
        return ()
    voice = scene.voice(scene.actor)
    said = (
        voice.line("health-bar", label=bar.label, delivered=sum(bar.parts), acted=bar.parts[0], waiting=bar.parts[2])
        for bar in bars
    )
    alt = voice.line("health-alt", days=IN_TIME_DAYS, bars="; ".join(said))
    chart = Chart(kind=kind, title=voice.line("health-chart"), alt=alt, bars=tuple(bars))
    return chart, Note(text=voice.text("health-legend", days=IN_TIME_DAYS))


# ------------------------------------------------------------------------------------------------------ the words


def _words(scene: Scene, tally: Tally) -> str:
    """One line of counts; what did not happen is left out."""
    voice = scene.voice(scene.actor)
    if not tally.tells:
        return voice.line("health-few", fewest=FEWEST_PEOPLE)
    parts = [voice.line("health-sent", count=tally.delivered)] if tally.delivered else []
    if tally.ripe:
        args = {"acted": tally.acted, "ripe": tally.ripe}
        share = tally.share
        parts.append(voice.line("health-acted", **args) if share is None else voice.line("health-share", share=share, **args))
    if tally.minutes is not None and tally.tells_time:
        parts.append(voice.line("health-median", time=_time(scene, tally.minutes)))
    if tally.held:
        reasons = ", ".join(_reasons(scene, tally))
        parts.append(voice.line("health-held", count=sum(tally.held.values()), reasons=reasons))
    for what in ("snoozed", "muted", "not_useful", "unreachable", "refused", "unknown"):
        count: int = getattr(tally, what)
        if count:
            parts.append(voice.line(f"health-{what}", count=count))
    return " · ".join(parts) or voice.line("health-nothing")


def _reasons(scene: Scene, tally: Tally) -> Iterator[str]:
    counts: dict[str, int] = {}
    for reason, count in tally.held.items():
        known = "fresh" if reason == _FRESH else reason if reason in _REASONS else "other"
        counts[known] = counts.get(known, 0) + count
    for reason, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        yield scene.voice(scene.actor).line("health-reason", reason=reason, count=count)


def _time(scene: Scene, minutes: int) -> str:
    """A length of time as people say it: 40 minutes, 5 hours, 2 days."""
    voice = scene.voice(scene.actor)
    if minutes < 100:
        return voice.line("health-minutes", count=max(minutes, 1))
    if minutes < 36 * 60:
        return voice.line("health-hours", count=round(minutes / 60))
    return voice.line("health-days", count=round(minutes / 1440))


# ------------------------------------------------------------------------------------------------------ the advice


def _is_noise(tally: Tally) -> bool:
    return tally.ripe >= NOISE_FROM and tally.share is not None and tally.share < NOISE_BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class _Longer:
    """A longer value of a rule's first threshold, and what the last weeks would have been with it."""

    spec: Threshold
    value: str
    found: Comparison

    @property
    def fewer(self) -> int:
        """Percent that would not have been said."""
        return round(100 * (self.found.before - self.found.after) / self.found.before) if self.found.before else 0

    @property
    def missed(self) -> int:
        """Percent of the updates that followed the rule which would have had no nudge before them."""
        found = self.found
        return round(100 * found.missed_updates / found.acted_before) if found.acted_before else 0


def _advice(scene: Scene, noise: Sequence[Tally]) -> tuple[Element, ...]:
    """What longer values would have changed, with buttons that propose them; the other rules together, without numbers."""
    voice = scene.voice(scene.actor)
    elements: list[Element] = []
    plainly: list[Tally] = []
    for number, tally in enumerate(noise):
        longer = _longer(scene, tally.rule) if number < ADVISED else None
        if longer is None:
            plainly.append(tally)
            continue
        value = value_words(scene, longer.value, longer.spec)
        counts = {"missed": longer.found.missed_updates, "updates": longer.found.acted_before, "fewer": longer.fewer}
        words = voice.text("health-noise", rule=tally.rule, share=tally.share or 0, value=value, **counts)
        propose = Action(Verb.SHOW, (f"/nudges set {longer.spec.full_name} {writable(longer.value)}",))
        button = Button(label=voice.line("button-health-try", value=value), action=propose, about=tally.rule)
        elements += [Paragraph(text=words), Buttons(buttons=(button,))]
    if plainly:
        rules = ", ".join(voice.line("health-noise-share", rule=one.rule, share=one.share or 0) for one in plainly)
        buttons = tuple(
            Button(
                label=voice.line("button-health-thresholds", rule=tally.rule),
                action=Action(Verb.SHOW, (f"/nudges show {tally.rule}",)),
            )
            for tally in plainly
        )
        words = voice.text("health-noise-plain", rules=rules)
        elements += [Paragraph(text=words), Buttons(buttons=buttons)]
    return tuple(elements)


def _longer(scene: Scene, rule: str) -> _Longer | None:
    """The longer value that spares most and misses least; None where each would miss more than it spares."""
    spec = registry.rule(rule).thresholds[0]
    tried = []
    for value in _values(scene, spec):
        change = PolicyChange(
            version=scene.company_policy + 1,
            at=scene.now,
            author=scene.actor.id,
            threshold=spec.full_name,
            scope=COMPANY,
            value=value,
        )
        tried.append(_Longer(spec=spec, value=value, found=compare(_sampled(scene), rule, change)))
    best = max(tried, key=lambda one: one.fewer - one.missed, default=None)
    return best if best is not None and best.fewer > best.missed else None


def _values(scene: Scene, spec: Threshold) -> Iterator[str]:
    """Longer values that HR could set for the company, the longest first."""
    policies = scene.situation.policies
    now = in_force(policies, (COMPANY,), spec)
    if spec.kind not in (Kind.SPAN, Kind.COUNT) or now.off:
        return
    amount, unit = (now.span.amount, now.span.unit.value) if spec.kind is Kind.SPAN else (now.count, "")
    seen = {now.value}
    for factor in LONGER:
        wanted = f"{round(amount * factor)}{unit.replace('cd', 'd')}"
        try:
            value = values.parse_value(spec.full_name, wanted, policies, (COMPANY,))
        except values.BadValue as nearest:
            value = str(nearest)
        if value not in seen and _length(value) > _length(now.value):
            seen.add(value)
            yield value


def _length(value: str) -> int:
    """To compare two values of one threshold: hours, days of eight hours, calendar days, or a count."""
    digits = "".join(c for c in value if c.isdecimal())
    return int(digits or 0) * (8 if value.endswith("d") else 1)


def _sampled(scene: Scene) -> Scene:
    """The scene with the months of a few people only; ids are digests, so the first ones are a fair sample."""
    history = scene.situation.history
    if history is None:
        return scene
    return Scene(scene.event, replace(scene.situation, history=replace(history, people=history.people[:LIVES])), scene.phrases)
