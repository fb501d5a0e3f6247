"""Noise control in a person's own hands: a rule muted for a while or for good, and messages marked as not useful.

What others wait for cannot be muted, nor what HR locked; a refusal says why, who and since when. All of it can be undone.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from bot.decision import NOTHING, Decision, Entry, together
from bot.flows.desk import mute_counts
from bot.flows.hr_words import scope_words
from bot.flows.mute_lines import lasts, mute_of, until_words
from bot.model import Mute, Nudged, PolicyChange
from bot.rules import digest, escalated, policy, registry
from bot.rules.people import local_now, zone_of
from bot.rules.rule import Recipient, Rule, silent
from bot.rules.worktime import localize
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Element, Facts, Heading, Note, Paragraph
from bot.talk.text import Text, join
from bot.talk.voice import Arg

WEEK, FOR_GOOD, OFF = "week", "", "off"
"""How long, in a button; `/rondo mute` may also name the day from which on the rule is heard again, as `2026-12-10`."""

NOT_USEFUL = "not_useful"
DECISIONS = frozenset({escalated.COMMITMENT.name, escalated.ACKNOWLEDGING.name, escalated.DECIDING.name})


def locked_for(scene: Scene, rule: Rule) -> PolicyChange | None:
    """HR's lock of a rule, where it holds for the person."""
    return policy.lock_over(scene.situation.policies, policy.scopes_of(scene.person), rule.thresholds[0])


def muted(scene: Scene, name: str, how_long: str, key: str = "") -> Decision:
    """A person mutes a rule (`how_long` is `week`, a day, or empty for good) or wants to hear of it again (`off`).

    `key` is the message whose explanation they pressed the button on; empty where they wrote it.
    """
    if not name.strip():
        return listed(scene)
    rule = _named(name)
    if rule is None:
        return _no_such_rule(scene, name)
    if how_long == OFF:
        return _unmuted(scene, rule)
    if not mute_counts(scene, rule.name):
        return _refused(scene, rule)
    until = _until(scene, how_long)
    if isinstance(until, Decision):
        return until
    wanted = Mute(rule=rule.name, until=until)
    done = NOTHING
    if mute_of(scene, rule.name) != wanted:
        person = replace(scene.person, mutes=(*_others(scene, rule), wanted))
        what = "snoozed" if how_long == WEEK else "muted"  # only *Snooze a week* is one: a mute may have an end, too
        facts = {"until": until.isoformat()} if until else {}
        done = Decision(changes=(person,), entries=(_entry(scene, rule, what, key, **facts),))
    voice = scene.voice(scene.person)
    args: dict[str, Arg] = {"rule": rule.name, "about": voice.line(f"rule-{rule.phrase}"), "until": until_words(scene, wanted)}
    undo = Button(label=voice.line("button-unmute"), action=Action(Verb.MUTE, (rule.name, OFF)), about=rule.name)
    reply = scene.reply(
        Paragraph(text=voice.text("mute-done", **args)),
        Note(text=voice.text("mute-undo", rule=rule.name)),
        Buttons(buttons=(undo,)),
        summary=voice.line("mute-done", **args),
    )
    return together(done, reply)


def _named(name: str) -> Rule | None:
    try:
        return registry.rule(name)
    except KeyError:
        return None


def _others(scene: Scene, rule: Rule) -> tuple[Mute, ...]:
    return tuple(mute for mute in scene.person.mutes if mute.rule != rule.name and lasts(scene, mute))


def _until(scene: Scene, how_long: str) -> datetime | Decision | None:
    """The start of the day on which the rule is heard again."""
    if how_long == FOR_GOOD:
        return None
    today = local_now(scene.person, scene.situation).date()
    try:
        day = today + timedelta(weeks=1) if how_long == WEEK else date.fromisoformat(how_long)
    except ValueError:
        return scene.tell("button-unknown")
    if day <= today:
        return scene.tell("button-unknown")
    return localize(day, time(0), zone_of(scene.person, scene.situation.company))


def _entry(scene: Scene, rule: Rule, what: str, key: str, **facts: str) -> Entry:
    """The ledger's line about what a person did to a rule, with the message it began with where there is one."""
    told = next((told for told in scene.situation.told if told.key == key), None)
    if told is not None:
        since = told.delivered_at or told.decided_at
        facts |= {"message": key, "minutes": str(int((scene.now - since).total_seconds() // 60))}
    subject = f"person:{scene.person.id}"
    return scene.entry(f"nudge:{rule.name}:{what}", subject, rule=rule.name, policy=scene.company_policy, outcome=what, **facts)


def _unmuted(scene: Scene, rule: Rule) -> Decision:
    if mute_of(scene, rule.name) is None:
        return scene.tell("mute-none", rule=rule.name)
    person = replace(scene.person, mutes=_others(scene, rule))
    done = Decision(changes=(person,), entries=(_entry(scene, rule, "unmuted", ""),), looks=(scene.look(scene.now, sooner=True),))
    return together(done, scene.tell("mute-over", rule=rule.name))


def _no_such_rule(scene: Scene, name: str) -> Decision:
    names = [rule.name for rule in registry.RULES if rule.mutable]
    near = get_close_matches(name.strip().casefold(), names, n=1, cutoff=0.3)
    return scene.tell("mute-no-rule", name=name.strip(), near=f"/rondo mute {near[0]}" if near else "/rondo mute")


def _refused(scene: Scene, rule: Rule) -> Decision:
    """Kindly: why this cannot be muted, and who can change it."""
    voice = scene.voice(scene.person)
    words = cannot_words(scene, rule)
    return scene.reply(
        Paragraph(text=words), Note(text=voice.text("mute-talk-to-hr")), summary=voice.line("mute-refused", words=words)
    )


def cannot_words(scene: Scene, rule: Rule, standings: Collection[str] = ()) -> Text:
    """Why a person cannot mute a rule. `standings`: what its requests are to them now, see `why_lines.request_args`."""
    voice = scene.voice(scene.person)
    lock = locked_for(scene, rule)
    if not rule.mutable or lock is None:
        kind = _of_decisions(standings) if rule.name in DECISIONS else "silent" if rule.find is silent else "awaited"
        kind = "team" if rule.recipients == (Recipient.TEAM,) else kind
        kind = "digest" if rule.name == digest.NAME else kind
        return voice.text("mute-cannot", kind=kind, rule=rule.name)
    return voice.text(
        "mute-locked",
        rule=rule.name,
        who=scene.name(lock.author) or "–",
        when=scene.moment(lock.at, scene.person),
        scope=scope_words(scene, lock.scope),
    )


def _of_decisions(standings: Collection[str]) -> str:
    """Only who holds a request can decide it; its owner hears what becomes of it; to others it was one."""
    if "holder" in standings:
        return "deciding"
    return "deciding_owner" if set(standings) == {"owner"} else "decision"


def listed(scene: Scene) -> Decision:
    """`/rondo mute` alone: what can be muted, and what is."""
    voice = scene.voice(scene.person)
    pairs: list[tuple[str, Text]] = []
    buttons: list[Button] = []
    for rule in registry.RULES:
        if not rule.mutable:
            continue
        about = voice.text(f"rule-{rule.phrase}")
        mute = mute_of(scene, rule.name)
        if locked_for(scene, rule) is not None:
            about = join(about, " ", voice.text("mute-state-locked"))
        elif mute is not None:
            about = join(voice.text("mute-state", until=until_words(scene, mute)), " · ", about)
            label = voice.line("button-unmute-rule", rule=rule.name)
            buttons.append(Button(label=label, action=Action(Verb.MUTE, (rule.name, OFF))))
        pairs.append((rule.name, about))
    elements: list[Element] = [Heading(text=voice.line("mute-title")), Facts(pairs=tuple(pairs))]
    elements.append(Note(text=voice.text("mute-how", example="/rondo mute goal.stalled for 2 weeks")))
    elements.extend([Buttons(buttons=tuple(buttons))] if buttons else [])
    return scene.reply(*elements, summary=voice.line("mute-summary", count=len(buttons)))


def not_useful(scene: Scene) -> Decision:
    """*Not useful* was pressed on a message: noted once, and the way to hear less of it stands beside the thanks."""
    told = scene.situation.asked_about
    rule = _named(told.rule) if told is not None and told.rule else None
    if told is None or rule is None:
        return scene.tell("button-unknown")
    subject = f"message:{told.key}"
    done = NOTHING
    if scene.nudged(rule.name, NOT_USEFUL, subject) is None:
        noted = Nudged(
            recipient_id=scene.person.id,
            rule=rule.name,
            stage=NOT_USEFUL,
            subject=subject,
            basis=NOT_USEFUL,
            key="",
            decided_at=scene.now,
        )
        done = Decision(changes=(noted,), entries=(_entry(scene, rule, NOT_USEFUL, told.key),))
    voice = scene.voice(scene.person)
    buttons = mute_buttons(scene, rule, told.key)
    words = Paragraph(text=voice.text("not-useful-thanks", offer="yes" if buttons else "no"))
    rows = (Buttons(buttons=buttons),) if buttons else ()
    return together(done, scene.reply(words, *rows, summary=voice.line("not-useful-thanks", offer="no")))


def mute_buttons(scene: Scene, rule: Rule, key: str, *, named: bool = False) -> tuple[Button, ...]:
    """*Snooze a week* and *Mute*, or *Unmute*; none where the rule cannot be muted. `named`: the rule stands in the label."""
    voice = scene.voice(scene.person)
    if not mute_counts(scene, rule.name):
        return ()
    is_muted = mute_of(scene, rule.name) is not None
    choices = {"button-unmute": OFF} if is_muted else {"button-snooze-week": WEEK, "button-mute": FOR_GOOD}
    return tuple(
        Button(
            label=voice.line(f"{phrase}-rule", rule=rule.name) if named else voice.line(phrase),
            action=Action(Verb.MUTE, (rule.name, how_long, key)),
            about="" if named else rule.name,
        )
        for phrase, how_long in choices.items()
    )
