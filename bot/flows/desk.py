"""A look at one desk: which rules hold now, what may be said within politeness and budget, and when to look again.

Nothing is remembered between looks but the state itself, so a look too early, too late or twice does no harm.
To ask all rules is most of what a look costs: they are asked once, and again only when the look changed something.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.decision import NOTHING, Decision, Lane, Message, together
from bot.flows import checkin as checkins
from bot.flows import decisions, digest, leave, nudge
from bot.flows.checkin_card import checkin_card, moved_card
from bot.model import CheckIn, CheckInState, Escalation
from bot.rules import budget, policy, registry
from bot.rules import checkin as checkin_rules
from bot.rules.digest import digest_at, gathered_at
from bot.rules.finding import Finding, Weight
from bot.rules.people import has_left, is_away, local_now
from bot.rules.worktime import localize
from bot.scene import Scene, edit
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Note, Paragraph, Tone

CHECKIN_WEIGHTS = (Weight.CHECKIN, Weight.REMINDER)
"""What is about the week's check-in has its own card; everything else shares one."""


def pending(scene: Scene, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """What of `found` was not said yet, with the instant from which on it may be said."""
    unsaid = ((finding, nudge.when_to_say(scene, finding)) for finding in found)
    waiting = ((finding, gathered_at(scene, finding, at)) for finding, at in unsaid if at is not None)
    ahead = [_from(finding, max(at, _muted_until(scene, finding) or at)) for finding, at in waiting]
    return tuple(sorted(ahead, key=lambda finding: (finding.weight, finding.at, finding.until or finding.at, finding.subject)))


def _from(finding: Finding, at: datetime) -> Finding:
    return finding if finding.at == at else replace(finding, at=at)


def _muted_until(scene: Scene, finding: Finding) -> datetime | None:
    """The person put this rule off until then; what they asked for themselves comes all the same."""
    mutes = scene.person.mutes
    if not mutes or not finding.says or finding.stage == "snooze" or not mute_counts(scene, finding.rule):
        return None
    return max((mute.until for mute in mutes if mute.rule == finding.rule and mute.until), default=None)


def mute_counts(scene: Scene, rule: str) -> bool:
    """A person's own mute is heeded: the rule allows it, and HR did not lock it for them."""
    spec = registry.rule(rule)
    scopes = policy.scopes_of(scene.person)
    return spec.mutable and policy.lock_over(scene.situation.policies, scopes, spec.thresholds[0]) is None


def why_silent(scene: Scene, finding: Finding) -> str:
    """Why a finding is not said at all for now: `paused` by HR, `muted` by the person; empty: it may be."""
    if policy.pause_over(scene.situation.policies, policy.scopes_of(scene.person)) is not None:
        return "paused"
    for_good = any(mute.rule == finding.rule and mute.until is None for mute in scene.person.mutes)
    own_wish = finding.stage == "snooze"
    return "muted" if for_good and not own_wish and mute_counts(scene, finding.rule) else ""


def looked_at(scene: Scene) -> Decision:
    """Everything due at the desk is done or held with a reason; the next look is planned."""
    person = scene.person
    if has_left(person, local_now(person, scene.situation).date()):
        return together(leave.kept_back(scene), leave.handed_up(scene), Decision(looks=(scene.look(None),)))
    over = leave.passed_over(scene)
    scene = scene.after(over)
    found = nudge.findings(scene)
    changed, keys = decisions.changed(scene)
    settled = nudge.settled(scene.after(changed), found, drawn=digest.drawn, also=keys)
    decision = together(changed, settled, _silent(scene, found))
    scene, found = _after(scene, found, decision)
    step, held = NOTHING, False
    if is_away(person, scene.situation):
        step = together(leave.silenced(scene), _deputy_wakes(scene, found))
    elif scene.calendar(person).is_polite(scene.now):
        step, held = _spoken(scene, found)
    moved = {f"escalation:{change.id}" for change in step.changes if isinstance(change, Escalation)}
    older = decisions.naming(scene, moved)
    scene, found = _after(scene, found, step)
    step = together(step, nudge.settled(scene, found, drawn=digest.drawn, also=older)) if older else step
    return together(over, decision, step, Decision(looks=(scene.look(_next_look(scene, found, held=held)),)))


def _after(scene: Scene, found: tuple[Finding, ...], step: Decision) -> tuple[Scene, tuple[Finding, ...]]:
    """The scene once `step` is true, and what the rules find then."""
    scene = scene.after(step)
    if all(isinstance(change, CheckIn) for change in step.changes):
        return scene, nudge.found_again(scene, found) if step.changes else found
    return scene, nudge.findings(scene)


def planned(scene: Scene, found: Sequence[Finding]) -> Decision:
    """Look again when the first of `found` is due, or sooner where that was planned: these begin to hold only now."""
    return Decision(looks=(scene.look(_next_look(scene, found, held=False), sooner=True),)) if found else NOTHING


def _silent(scene: Scene, found: Iterable[Finding]) -> Decision:
    """Rules that change something and say nothing: grace times that ended."""
    decision = NOTHING
    for finding in found:
        checkin = checkin_rules.found_in(scene, finding)
        if finding.says or finding.at > scene.now or checkin is None:
            continue
        missed = replace(checkin, state=CheckInState.MISSED)
        entry = scene.entry(
            "checkin:missed", finding.subject, rule=finding.rule, policy=finding.policy, outcome="missed", **finding.facts
        )
        decision = together(decision, Decision(changes=(missed,), entries=(entry,)))
    return decision


def _deputy_wakes(scene: Scene, found: Iterable[Finding]) -> Decision:
    """While a manager is away, their deputy hears what they would have heard."""
    deputy = scene.situation.people.get(scene.person.deputy_id or "")
    waits = (finding.stage in nudge.NEEDS_REPORTS and finding.at <= scene.now for finding in pending(scene, found))
    if deputy is None or not any(waits):
        return NOTHING
    return Decision(looks=(scene.look(scene.now, sooner=True, person=deputy),))


def _spoken(scene: Scene, found: Sequence[Finding]) -> tuple[Decision, bool]:
    """What is said now, most important first, and whether anything had to wait for the budget.

    A check-in's messages stand alone; everything else that is due is one message.
    """
    decision, held = NOTHING, False
    due = [finding for finding in pending(scene, found) if finding.says and finding.at <= scene.now]
    rest: list[Finding] = []
    for finding in due:
        silent = why_silent(scene, finding)
        if silent:
            step = Decision(entries=(nudge.entry(scene, finding, "held", silent),))
        elif finding.weight not in CHECKIN_WEIGHTS:
            rest.append(finding)
            continue
        elif finding.rule == checkin_rules.PROMPT.name and checkin_rules.everything_fresh(scene):
            step = _not_needed(scene, finding)
        elif budget.left(scene) <= 0 and finding.stage != "snooze":
            held = True
            step = Decision(entries=(nudge.entry(scene, finding, "held", "budget"),))
        else:
            step = _asked(scene, finding) if finding.rule == checkin_rules.PROMPT.name else _reminded(scene, finding)
        decision, scene = together(decision, step), scene.after(step)
    room = budget.left(scene) > 0
    # What is for one hour of today (an agenda) is not folded into a digest, where there is room for both.
    timed = [finding for finding in rest if finding.until is not None] if budget.left(scene) > 1 else []
    later = [finding for finding in rest if finding not in timed]
    if room and digest.is_wanted(scene, later, found):
        if timed:
            decision = together(decision, nudge.said(scene, timed[: nudge.MOST_PARTS]))
            scene = scene.after(decision)
        told = digest.said(scene, later, found)
        return together(decision, told, decisions.shown(scene.after(told))), held
    fits = nudge.MOST_PARTS if room else 0
    if rest[:fits]:
        decision = together(decision, nudge.said(scene, rest[:fits]))
    waits = tuple(nudge.entry(scene, one, "held", "bundle" if fits else "budget") for one in rest[fits:])
    return together(decision, Decision(entries=waits) if waits else NOTHING, decisions.shown(scene)), held or bool(waits)


def _not_needed(scene: Scene, finding: Finding) -> Decision:
    """Everything is up to date: no question this week (the digest says so)."""
    checkin = checkin_rules.found_in(scene, finding) or checkins.current(scene)
    quiet = replace(checkin, state=CheckInState.SKIPPED, skip_reason="up to date")
    held = nudge.entry(scene, finding, "held", "every goal was updated in the last days")
    done = Decision(changes=(quiet,), entries=(held,))
    return together(done, checkins.let_go(scene.after(done), quiet.period))


def _asked(scene: Scene, finding: Finding) -> Decision:
    before = checkins.current(scene)
    number = before.shown + 1
    asked = replace(
        before,
        asked_at=scene.now,
        grace_ends_at=checkin_rules.grace_end(scene, scene.now),
        card=f"checkin:{before.id}:{number}",
        shown=number,
        policy=finding.policy,
    )
    known = scene.after(Decision(changes=(asked,)))
    message = _message(scene, finding, asked.card, checkin_card(known, asked))
    queued = nudge.entry(scene, finding, "queued", "queued", message=message.key)
    moved = edit(before.card, moved_card(scene)) if before.card else NOTHING
    done = Decision(changes=(asked,), messages=(message,), entries=(queued,))
    return together(done, moved, checkins.let_go(known, asked.period))


def _message(scene: Scene, finding: Finding, key: str, card: Card) -> Message:
    return Message(
        key=key,
        to=scene.person.id,
        card=card,
        lane=Lane.NUDGE,
        rule=finding.rule,
        subjects=(finding.subject,),
        facts={**finding.facts, "stage": finding.stage},
        policy=finding.policy,
        expires_at=scene.expiry(scene.person),
    )


def _reminded(scene: Scene, finding: Finding) -> Decision:
    checkin = checkin_rules.found_in(scene, finding)
    if checkin is None:
        return NOTHING
    voice = scene.voice(scene.person)
    snoozed = finding.stage == "snooze"
    key = f"reminder:{checkin.id}:{len(checkin.reminders) + 1}" + (f":{scene.now:%d%H%M}" if snoozed else "")
    phrase = "reminder-snoozed" if snoozed else f"reminder-{finding.stage}"
    left = sum(checkin.answer_for(goal.id) is None for goal in scene.active_goals())
    buttons = [
        Button(label=voice.line("button-open-form"), action=Action(Verb.OPEN_FORM, (checkin.id,)), tone=Tone.PRIMARY),
        Button(label=voice.line("button-skip"), action=Action(Verb.SKIP, (checkin.id,))),
        Button(label=voice.line("button-snooze"), action=Action(Verb.SNOOZE, (checkin.id,))),
        Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,))),
    ]
    if left:
        report = Button(label=voice.line("button-all-on-track"), action=Action(Verb.REPORT_ALL, (checkin.id, "on_track")))
        buttons.insert(1, report)
    card = Card(
        summary=voice.line(phrase, left=left),
        elements=(
            Paragraph(text=voice.text(phrase, left=left)),
            Note(text=voice.text("reminder-words")),
            Buttons(buttons=tuple(buttons)),
        ),
    )
    reminded = replace(checkin, reminders=(*checkin.reminders, key), snoozed_until=None)
    queued = nudge.entry(scene, finding, "queued", "queued", message=key)
    return Decision(changes=(reminded,), messages=(_message(scene, finding, key, card),), entries=(queued,))


def _next_look(scene: Scene, found: Iterable[Finding], *, held: bool) -> datetime | None:
    """The next instant at which something may hold: in the future, and polite where something is to be said."""
    person = scene.person
    calendar = scene.calendar(person)
    later: list[datetime] = []
    waiting = False
    for finding in pending(scene, found):
        if finding.at > scene.now:
            # A manager's desk with a deputy is looked at even on leave: the deputy then hears what the manager would have.
            covered = finding.stage in nudge.NEEDS_REPORTS and person.deputy_id is not None
            polite = calendar.next_polite(finding.at) if finding.says and not covered else finding.at
            later.extend([polite] if polite is not None else [])
        else:
            waiting = waiting or (finding.says and not why_silent(scene, finding))
    if waiting:
        window = calendar.polite_window(calendar.local(scene.now).date())
        after = window[1] if held and window is not None and window[1] > scene.now else scene.now + timedelta(minutes=1)
        polite = calendar.next_polite(after)
        later.extend([polite] if polite is not None else [])
    if not later or scene.situation.reports:
        # Nothing ahead, or things ahead at other people's desks: once a week is often enough to see.
        back = calendar.next_polite(scene.now + timedelta(days=7))
        later.append(back if back is not None else scene.now + timedelta(days=30))
    digest = digest_at(scene, scene.now + timedelta(minutes=1)) if scene.situation.reports else None
    later.extend([digest] if digest is not None else [])
    if person.end_date is not None:  # when they have left, whoever reports to them needs another manager
        later.append(localize(person.end_date + timedelta(days=1), time(0), calendar.zone))
    return min(later)
