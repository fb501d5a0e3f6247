"""What the rules would have said in the last weeks under other policies: people's months are lived again, rule by rule.

At every instant at which facts changed a rule's own `find` is asked what holds; what it finds is said at the next polite
time, unless something changes before. Budgets are left out: counted is what a rule would like to say. People do in it
what they did; what answered the replayed rule they do as long after it as they did then, or not at all where it is not said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.history import History, Past, Sent
from bot.model import PolicyChange
from bot.rules import registry
from bot.rules.access import FEWEST
from bot.rules.checkin import GRACE_TIME, PROMPT
from bot.rules.digest import NAME as DIGEST
from bot.rules.lived import Then, then_under
from bot.rules.policy import LOCK, PAUSE, PROFILE
from bot.rules.relived import Nudge, relive
from bot.rules.rule import Rule, silent
from bot.scene import Scene

WEEKS = 8
"""How far a backtest looks back (PRODUCT.md section 6)."""
SMALLEST_TEAM = FEWEST
"""Smaller teams are never named."""
MOST_LIVES = 720
"""People times rules replayed for one answer at most: Slack wants it in three seconds."""
COSTS = {PROMPT.name: 3}
"""What counts as several lives: a prompt asks every week of everybody."""
UNASKED = frozenset({"asked", "snooze"})
"""Stages that people ask for themselves: no rule fires, no threshold changes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What rules said under the policies as they are (`before`) and as they would be (`after`), in the last `weeks` weeks.

    Counts are scaled up from `sampled` to `population` people. `sent` is what the ledger says was really said (before
    budgets it may be less than `before`; under other policies it may be anything). `acted_before` of the nudges before
    were followed by an update or answer within three days; `missed_updates` of those would not have been said any more.
    `teams`: how many before and after, by the team of who was told; teams of at least five people, most changed first.
    """

    rules: tuple[str, ...]
    weeks: int
    sampled: int
    population: int
    before: int = 0
    after: int = 0
    people_before: int = 0
    people_after: int = 0
    sent: int = 0
    acted_before: int = 0
    missed_updates: int = 0
    messages_before: float = 0.0  # of all rules, per person and week, as they were really sent
    messages_after: float = 0.0
    teams: tuple[tuple[str, int, int], ...] = ()

    @property
    def is_estimate(self) -> bool:
        """Not everybody was looked at."""
        return self.sampled < self.population


def rules_of(change: PolicyChange) -> tuple[Rule, ...]:
    """The rules whose nudges a change may alter: its own; all of a profile; whatever waits for the digest."""
    if change.threshold == PROFILE:
        wanted = {spec.rule for spec in registry.THRESHOLDS if spec.under("light") is not None}
        return tuple(rule for rule in registry.RULES if rule.name in wanted and is_said(rule))
    if change.threshold.startswith(LOCK) or change.threshold == PAUSE:
        return ()
    rule = registry.rule(change.threshold)
    names = _DIGESTED if rule.name == DIGEST else frozenset({rule.name})
    return tuple(one for one in registry.RULES if one.name in names and is_said(one))


def is_said(rule: Rule) -> bool:
    """The rule sends something by itself. (Grace times end in silence.)"""
    return rule.find is not silent and rule.name != GRACE_TIME.name


_DIGESTED = frozenset({"checkin.missed", "goal.off_pace"})
"""Rules that have something to say in the manager's digest."""


def weeks_known(scene: Scene) -> int:
    """Whole weeks of history there are, at most eight."""
    history = scene.situation.history
    return 0 if history is None else max(0, min(WEEKS, (scene.now - history.since).days // 7))


def sample(history: History, change: PolicyChange, rules: Sequence[Rule] = ()) -> tuple[tuple[Past, ...], int]:
    """Whose months are looked at, and how many people work in the scope of a change."""
    within = {place.person_id for place in history.places if place.lies_in(change.scope)}
    people = tuple(past for past in history.people if past.person.id in within)
    return people[: MOST_LIVES // max(1, sum(COSTS.get(rule.name, 1) for rule in rules))], len(within)


def compare(scene: Scene, rule_name: str, change: PolicyChange) -> Comparison:
    """One rule before and after a change, for `health`. Without a history all counts are 0."""
    return compared(scene, (registry.rule(rule_name),), change)


def compared(scene: Scene, rules: Sequence[Rule], change: PolicyChange) -> Comparison:
    """Some rules before and after a change. Without a history all counts are 0. Takes about 2 ms for a person and rule."""
    history, weeks = scene.situation.history, weeks_known(scene)
    names = tuple(rule.name for rule in rules)
    if history is None or not weeks:
        return Comparison(rules=names, weeks=weeks, sampled=0, population=0)
    people, population = sample(history, change, rules)
    since = scene.now - timedelta(weeks=weeks)
    policies = scene.situation.policies
    before = tuple(_lived(then_under(scene, history, policies), people, rules, since))
    after = tuple(_lived(then_under(scene, history, (*policies, change)), people, rules, since))
    scale = population / len(people) if people else 0.0
    sent = [one for past in people for one in sent_to(past, since) if one.rule in names and one.stage not in UNASKED]
    told = len({one for past in people for one in messages_to(past, since)}) / (len(people) * weeks) if people else 0.0
    more = (_messages(after) - _messages(before)) / (len(people) * weeks) if people else 0.0
    still = {nudge.name for nudge in after}
    acted = [nudge for nudge in before if nudge.acted]
    return Comparison(
        rules=names,
        weeks=weeks,
        sampled=len(people),
        population=population,
        before=round(len(before) * scale),
        after=round(len(after) * scale),
        people_before=_people(history, before, scale),
        people_after=_people(history, after, scale),
        sent=round(len(sent) * scale),
        acted_before=round(len(acted) * scale),
        missed_updates=round(sum(nudge.name not in still for nudge in acted) * scale),
        messages_before=told,
        messages_after=max(0.0, told + more),
        teams=_teams(history, before, after, scale),
    )


def _lived(then: Then, people: Iterable[Past], rules: Sequence[Rule], since: datetime) -> Iterator[Nudge]:
    for past in people:
        for rule in rules:
            yield from (nudge for nudge in relive(then, past, rule, since) if nudge.stage not in UNASKED)


def sent_to(past: Past, since: datetime) -> Iterator[Sent]:
    """What was really said to a person."""
    return (one for one in past.sent if not one.held and one.at >= since)


def messages_to(past: Past, since: datetime) -> dict[str, datetime]:
    """The messages a person really got from Rondo's own accord, by key, oldest first."""
    found: dict[str, datetime] = {}
    for one in sent_to(past, since):
        if one.stage not in UNASKED:
            found.setdefault(one.message or f"{one.rule}:{one.subject}:{one.at.isoformat()}", one.at)
    return found


def _people(history: History, nudges: Iterable[Nudge], scale: float) -> int:
    """How many were told; scaled up, but never more than there are."""
    found = len({nudge.to for nudge in nudges})
    return max(found, min(len(history.places), round(found * scale)))


def _messages(nudges: Iterable[Nudge]) -> int:
    """What falls due for a person at one instant is one message."""
    return len({(nudge.to, nudge.at) for nudge in nudges})


def _teams(history: History, before: Sequence[Nudge], after: Sequence[Nudge], scale: float) -> tuple[tuple[str, int, int], ...]:
    """Counts by team, most changed first; small teams and those in which nothing changes are left out.

    Where so few people are in none of them that the company's count would tell theirs, the smallest one is not named either.
    """
    team_of = {place.person_id: place.team for place in history.places}
    sizes = Counter(team_of.values())
    then, now = (Counter(team_of.get(nudge.to, "") for nudge in nudges) for nudges in (before, after))
    named = sorted((team for team in sizes if team and sizes[team] >= SMALLEST_TEAM), key=lambda team: (sizes[team], team))
    left_over = sum(sizes.values()) - sum(sizes[team] for team in named)
    named = named[1:] if 0 < left_over < SMALLEST_TEAM else named
    large = [team for team in named if then[team] != now[team]]
    large.sort(key=lambda team: (-abs(now[team] - then[team]), team))
    return tuple((team, round(then[team] * scale), round(now[team] * scale)) for team in large)
