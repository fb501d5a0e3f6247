"""*Why did I get this?* Answered from what was true when the message was decided: rule, facts, threshold, who set it."""

from datetime import datetime

from bot.decision import Decision
from bot.flows.hr import setting_words
from bot.model import Told
from bot.rules import policy, registry
from bot.rules.people import zone_of
from bot.scene import Scene
from bot.talk.cards import Element, Facts, Heading, Note, Paragraph
from bot.talk.text import Text, plain, words_of


def explained(scene: Scene, told: Told | None) -> Decision:
    """The explanation of one message; what a person asked for themselves is explained as such."""
    voice = scene.voice(scene.actor)
    if told is None:
        return scene.tell("why-nothing")
    rule = told.rule
    asked_for = not rule
    if asked_for and any(subject.startswith("checkin:") for subject in told.subjects):
        rule = "checkin.prompt"
    if not rule:
        return scene.tell("why-reply")
    lead = voice.text("why-asked-for") if asked_for else voice.text(f"why-{rule.replace('.', '-')}", **_args(scene, told))
    pairs = [(voice.line("why-rule"), plain(rule)), *_threshold_pairs(scene, told, rule)]
    if not asked_for:
        pairs.append((voice.line("why-decided"), plain(scene.moment(told.decided_at, scene.actor))))
    elements: list[Element] = [
        Heading(text=voice.line("why-title")),
        Paragraph(text=lead),
        Facts(pairs=tuple(pairs)),
        Note(text=voice.text("why-change")),
    ]
    summary = voice.line("why-summary", rule=rule, words=words_of(lead))
    return scene.reply(*elements, summary=summary)


def _args(scene: Scene, told: Told) -> dict[str, str | int]:
    facts = told.facts
    args: dict[str, str | int] = {name: facts.get(name, "–") for name in ("goal", "owner", "cause", "decision", "by")}
    args["stage"] = facts.get("stage", "owner")
    args["requested"] = facts.get("requested", "no")
    updated = facts.get("updated", "")
    zone = zone_of(scene.actor, scene.situation.company)
    then = told.decided_at.astimezone(zone).date()
    args["days"] = (then - datetime.fromisoformat(updated).astimezone(zone).date()).days if updated else 0
    args["when"] = scene.moment(told.decided_at, scene.actor)
    return args


def _threshold_pairs(scene: Scene, told: Told, rule: str) -> list[tuple[str, Text]]:
    goals = [goal for goal in scene.situation.goals if f"goal:{goal.id}" in told.subjects]
    whose = scene.situation.people.get(goals[0].owner_id, scene.actor) if goals else scene.actor
    pairs: list[tuple[str, Text]] = []
    for spec in registry.rule(rule).thresholds:
        then = tuple(change for change in scene.situation.policies if change.at <= told.decided_at)
        setting = policy.for_person(then, whose, spec)
        pairs.append((spec.full_name, setting_words(scene, setting)))
    return pairs
