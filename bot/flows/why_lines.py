"""What an explanation is made of: a message's parts with their facts in words, whose thresholds counted, who else was told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.flows.hr_words import value_words
from bot.flows.nudge_over import subject_words
from bot.model import OVER, DutyKind, Escalation, Person, Told
from bot.rules.escalation_states import shown_on
from bot.rules.people import managers_of
from bot.rules.worktime import period_start
from bot.scene import Scene

NOT_FACTS = frozenset({"stage", "parts", "also", "requested", "threshold", "other"})
"""Facts that are said elsewhere in an explanation, or in no other words."""

WORDS = frozenset({"goal", "owner", "cause", "by", "zone", "obstacle"})
"""Facts that are people's words or names: never read as a date or a value."""

QUOTED = frozenset({"cause", "obstacle"})
"""Facts that quote the person they are about."""

SHARES = frozenset({"progress", "elapsed"})
"""Facts that are whole percent."""

_PART = re.compile(r"(\d+)\.(\w+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WEEK = re.compile(r"\d{4}-W\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One finding of a message: the rule, its case, what it was about, and what was true then."""

    rule: str
    stage: str
    subject: str
    facts: Mapping[str, str]
    untold: bool = False  # others' words in it are not the reader's to read, or no longer


def parts_of(told: Told) -> tuple[Part, ...]:
    """What a message said, in its order; facts of the second part and those after it carry its number: `2.updated`."""
    own = {name: value for name, value in told.facts.items() if not _PART.fullmatch(name)}
    subject = told.subjects[0] if told.subjects else ""
    parts = [Part(rule=told.rule, stage=own.get("stage", ""), subject=subject, facts=own)]
    more: dict[int, dict[str, str]] = {}
    for name, value in told.facts.items():
        found = _PART.fullmatch(name)
        if found:
            more.setdefault(int(found[1]), {})[found[2]] = value
    for _, facts in sorted(more.items()):
        rule, stage, about = (facts.pop(name, "") for name in ("rule", "stage", "subject"))
        parts.append(Part(rule=rule, stage=stage, subject=about, facts=facts))
    return tuple(parts)


def fact_pairs(scene: Scene, part: Part) -> Iterator[tuple[str, str]]:
    """The facts of a part as label and words, in the reader's language and zone."""
    voice = scene.voice(scene.actor)
    for name, value in part.facts.items():
        if value and name not in NOT_FACTS and not (part.untold and name in QUOTED):
            yield voice.line(f"fact-{name.replace('_', '-')}"), fact_words(scene, name, value)


def fact_words(scene: Scene, name: str, value: str) -> str:
    """One fact as the reader reads it: an instant, a day, a week, a policy value, or words."""
    voice = scene.voice(scene.actor)
    if name in WORDS:
        return value
    if name in SHARES:
        return f"{value} %"
    if name == "decision":
        return voice.line(f"choice-{value}")
    if _WEEK.fullmatch(value):
        return voice.line("fact-week", day=voice.date(period_start(value)))
    if _DAY.fullmatch(value):
        return voice.date(date.fromisoformat(value))
    try:
        return scene.moment(datetime.fromisoformat(value), scene.actor)
    except ValueError:
        return value_words(scene, value)


def about_words(scene: Scene, part: Part) -> str:
    """What a part is about, where that has a name of its own (a check-in has none)."""
    kind = part.subject.partition(":")[0]
    if part.untold and kind == "duty":
        return ""
    if kind == "escalation":
        return part.facts.get("goal", "")
    return "" if kind == "checkin" else subject_words(scene, part.subject)


def concerned(scene: Scene, part: Part) -> Person:
    """Whose thresholds counted: the goal's owner, the person it is about, otherwise the reader."""
    people = scene.situation.people
    kind, _, name = part.subject.partition(":")
    found: str | None = None
    if kind == "goal":
        found = next((goal.owner_id for goal in scene.situation.goals if goal.id == name), None)
    elif kind == "person":
        found = name
    elif kind == "duty":
        duties = (duty for duty in scene.situation.duties if duty.id == name and duty.kind is not DutyKind.ONE_ON_ONE)
        found = next((duty.person_id for duty in duties), None)
    elif kind == "escalation":
        item = escalation_of(scene, part)
        found = item.owner_id if item else None
    return people.get(found or "", scene.actor)


def escalation_of(scene: Scene, part: Part) -> Escalation | None:
    """The escalation a part is about."""
    return next((one for one in scene.situation.escalations if part.subject == f"escalation:{one.id}"), None)


def request_args(scene: Scene, part: Part) -> dict[str, str]:
    """What a request for a decision is to the reader now (`standing`), and with whom it is (`holder`).

    `holder`: it waits for them. `passed`: for somebody else now. `over`: for nobody any more. `owner`: they own the goal.
    `unknown`: nothing is known of it any more, or the part is about something else.
    """
    item = escalation_of(scene, part)
    holder = (scene.name(item.holder_id) if item is not None else "") or "–"
    if item is None:
        standing = "unknown"
    elif item.owner_id == scene.actor.id:
        standing = "owner"
    elif item.state in OVER:
        standing = "over"
    else:
        standing = "holder" if item.holder_id == scene.actor.id else "passed"
    return {"standing": standing, "holder": holder}


def others_told(scene: Scene, told: Told, parts: Sequence[Part]) -> tuple[tuple[str, datetime, bool], ...]:
    """Who else was told about the same things: name, when, and whether it arrived.

    Nameless: somebody of whom the reader need not know, such as the manager they had then.
    """
    found: dict[tuple[str, str], tuple[str, datetime, bool]] = {}
    may_know = _known_to(scene, parts)
    mine = {(row.rule, row.subject): row.basis for row in scene.situation.nudged if row.key == told.key}
    for row in scene.situation.nudged:
        same = mine.get((row.rule, row.subject)) == row.basis
        if row.recipient_id != scene.actor.id and row.key and same:
            name = scene.name(row.recipient_id) if row.recipient_id in may_know else ""
            found[row.recipient_id, row.key] = (name, row.delivered_at or row.decided_at, row.delivered_at is not None)
    item = escalation_of(scene, parts[0])
    for shown in item.cards if item is not None else ():
        if shown.person_id != scene.actor.id and scene.name(shown.person_id):
            found[shown.person_id, shown.key] = (scene.name(shown.person_id), shown_on(shown) or told.decided_at, True)
    return tuple(sorted(found.values(), key=lambda one: (one[1], one[0])))


def _known_to(scene: Scene, parts: Sequence[Part]) -> frozenset[str]:
    """Ids of the reader's managers, of those a part is about or who owe it, of their managers, and of all these' deputies."""
    people = scene.situation.people
    subjects = {part.subject for part in parts}
    near = {scene.actor.id, *(concerned(scene, part).id for part in parts)}
    for duty in scene.situation.duties:
        if f"duty:{duty.id}" in subjects:
            near |= {duty.person_id, duty.holder_id, duty.next_holder_id}
    for goal in scene.situation.goals:
        if f"goal:{goal.id}" in subjects:
            near |= {goal.owner_id, goal.coordinator_id or ""}
    known = set(near)
    for one in sorted(near & people.keys()):
        known |= {manager.id for manager in managers_of(people[one], people)}
    known |= {people[one].deputy_id or "" for one in known & people.keys()}
    return frozenset(known)
