"""A look at one desk: which rules hold now, what may be said within politeness and budget, and when to look again.

Nothing is remembered between looks but the state itself, so a look too early, too late or twice does no harm.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.decision import NOTHING, Decision, Entry, Lane, Message, together
from bot.flows import checkin as checkins
from bot.flows.checkin_card import checkin_card, moved_card
from bot.flows.stalled_card import stalled_manager_card, stalled_owner_card
from bot.model import CheckInState, Goal
from bot.rules import budget, stalled
from bot.rules import checkin as checkin_rules
from bot.rules.finding import Finding
from bot.rules.people import has_left, is_away, local_now
from bot.scene import Scene, edit
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Note, Paragraph, Tone

RULES = (
    checkin_rules.prompt,
    checkin_rules.reminder,
    checkin_rules.snooze,
    checkin_rules.grace,
    stalled.manager,
    stalled.owner,
)
"""Every rule that is looked at when a desk is; each yields what holds now and what will hold later."""


def findings(scene: Scene) -> tuple[Finding, ...]:
    """What all rules find, in the order in which it would be said."""
    found: Iterator[Finding] = (finding for rule in RULES for finding in rule(scene))
    return tuple(sorted(found, key=lambda finding: (finding.weight, finding.at, finding.about)))


def looked_at(scene: Scene) -> Decision:
    """Everything due at the desk is done or held with a reason; the next look is planned."""
    person = scene.person
    if has_left(person, local_now(person, scene.situation).date()):
        return Decision(looks=(scene.look(None),))
    decision = _silent(scene)
    scene = scene.after(decision)
    if is_away(person, scene.situation):
        decision = together(decision, *(checkins.excused(scene, checkin) for checkin in scene.situation.checkins))
        decision = together(decision, _deputy_wakes(scene))
        return together(decision, Decision(looks=(scene.look(_next_look(scene.after(decision), held=False)),)))
    held = False
    if scene.calendar(person).is_polite(scene.now):
        spoken, held = _spoken(scene)
        decision = together(decision, spoken)
        scene = scene.after(spoken)
    return together(decision, Decision(looks=(scene.look(_next_look(scene, held=held)),)))


def planned(scene: Scene) -> Decision:
    """Only the next look: something that rules depend on has changed."""
    return Decision(looks=(scene.look(_next_look(scene, held=False)),))


def _silent(scene: Scene) -> Decision:
    """Rules that change something and say nothing: grace times that ended."""
    decision = NOTHING
    for finding in findings(scene):
        if finding.says or finding.at > scene.now:
            continue
        checkin = checkin_rules.checkin_of(scene, finding.about)
        if checkin is not None:
            missed = replace(checkin, state=CheckInState.MISSED)
            entry = scene.entry(
                "checkin:missed",
                f"checkin:{checkin.id}",
                rule=finding.rule,
                policy=finding.policy,
                outcome="missed",
                **finding.facts,
            )
            decision = together(decision, Decision(changes=(missed,), entries=(entry,)))
    return decision


def _deputy_wakes(scene: Scene) -> Decision:
    """While a manager is away, their deputy hears what they would have heard."""
    deputy = scene.situation.people.get(scene.person.deputy_id or "")
    if deputy is None or not any(finding.stage == "manager" and finding.at <= scene.now for finding in findings(scene)):
        return NOTHING
    return Decision(looks=(scene.look(scene.now, sooner=True, person=deputy),))


def _spoken(scene: Scene) -> tuple[Decision, bool]:
    """What is said now, most important first, and whether anything had to be held for the budget."""
    due = [finding for finding in findings(scene) if finding.says and finding.at <= scene.now]
    decision, held = NOTHING, False
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in due:
        bundle = "" if finding.rule == "goal.stalled" else finding.about
        groups.setdefault((f"{finding.rule}.{finding.stage}", bundle), []).append(finding)
    for group in groups.values():
        first = group[0]
        asked = first.stage == "snooze"
        if first.rule == "checkin.prompt" and checkin_rules.everything_fresh(scene):
            step = _not_needed(scene, first)
        elif budget.left(scene) <= 0 and not asked:
            held = True
            step = Decision(entries=tuple(_held(scene, finding, "budget") for finding in group))
        else:
            step = _said(scene, group)
        decision, scene = together(decision, step), scene.after(step)
    return decision, held


def _held(scene: Scene, finding: Finding, reason: str) -> Entry:
    return scene.entry(
        f"nudge:{finding.rule}:held",
        _subject(scene, finding),
        rule=finding.rule,
        policy=finding.policy,
        outcome=reason,
        **finding.facts,
    )


def _subject(scene: Scene, finding: Finding) -> str:
    return f"goal:{finding.about}" if finding.rule == "goal.stalled" else f"checkin:{scene.person.id}/{finding.about}"


def _said(scene: Scene, group: list[Finding]) -> Decision:
    first = group[0]
    match first.rule, first.stage:
        case "checkin.prompt", _:
            return _asked(scene, first)
        case "checkin.reminder", _:
            return _reminded(scene, first)
        case "goal.stalled", "owner":
            return _stalled_owner(scene, group)
        case _:
            return _stalled_manager(scene, group)


def _queued(scene: Scene, finding: Finding, key: str) -> Entry:
    return scene.entry(
        f"nudge:{finding.rule}:queued",
        _subject(scene, finding),
        rule=finding.rule,
        policy=finding.policy,
        outcome="queued",
        message=key,
        **finding.facts,
    )


def _not_needed(scene: Scene, finding: Finding) -> Decision:
    """Everything is up to date: no question this week (the digest says so)."""
    checkin = checkin_rules.checkin_of(scene, finding.about) or checkins.current(scene)
    quiet = replace(checkin, state=CheckInState.SKIPPED, skip_reason="up to date")
    return Decision(changes=(quiet,), entries=(_held(scene, finding, "every goal was updated in the last days"),))


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
    message = Message(
        key=asked.card,
        to=scene.person.id,
        card=checkin_card(known, asked),
        lane=Lane.NUDGE,
        rule=finding.rule,
        subjects=(f"checkin:{asked.id}",),
        facts=finding.facts,
        policy=finding.policy,
        expires_at=scene.expiry(scene.person),
    )
    moved = edit(before.card, moved_card(scene))
    return together(Decision(changes=(asked,), messages=(message,), entries=(_queued(scene, finding, message.key),)), moved)


def _reminded(scene: Scene, finding: Finding) -> Decision:
    checkin = checkin_rules.checkin_of(scene, finding.about)
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
    message = Message(
        key=key,
        to=scene.person.id,
        card=card,
        lane=Lane.NUDGE,
        rule=finding.rule,
        subjects=(f"checkin:{checkin.id}",),
        facts=finding.facts,
        policy=finding.policy,
        expires_at=scene.expiry(scene.person),
    )
    return Decision(changes=(reminded,), messages=(message,), entries=(_queued(scene, finding, key),))


def _goals_of(group: list[Finding], goals: tuple[Goal, ...]) -> tuple[Goal, ...]:
    wanted = {finding.about for finding in group}
    return tuple(goal for goal in goals if goal.id in wanted)


def _stalled_owner(scene: Scene, group: list[Finding]) -> Decision:
    goals = _goals_of(group, scene.situation.goals)
    key = f"stalled:{scene.person.id}:{goals[0].id}:{goals[0].updated_at:%Y%m%dT%H%M%S}"
    told = tuple(replace(goal, stall=replace(goal.stall, owner_key=key)) for goal in goals)
    return _stalled(scene, group, goals, told, key, stalled_owner_card(scene, told, key))


def _stalled_manager(scene: Scene, group: list[Finding]) -> Decision:
    goals = _goals_of(group, scene.situation.reports_goals)
    key = f"stalled:{scene.person.id}:reports:{goals[0].id}:{goals[0].updated_at:%Y%m%dT%H%M%S}"
    told = tuple(replace(goal, stall=replace(goal.stall, manager_key=key)) for goal in goals)
    return _stalled(scene, group, goals, told, key, stalled_manager_card(scene, goals, key))


def _stalled(
    scene: Scene, group: list[Finding], goals: tuple[Goal, ...], told: tuple[Goal, ...], key: str, card: Card
) -> Decision:
    message = Message(
        key=key,
        to=scene.person.id,
        card=card,
        lane=Lane.NUDGE,
        rule="goal.stalled",
        subjects=tuple(f"goal:{goal.id}" for goal in goals),
        facts={**group[0].facts, "stage": group[0].stage, "goal": goals[0].title, "goals": str(len(goals))},
        policy=group[0].policy,
        expires_at=scene.expiry(scene.person),
    )
    entries = tuple(_queued(scene, finding, key) for finding in group)
    return Decision(changes=told, messages=(message,), entries=entries)


def _next_look(scene: Scene, *, held: bool) -> datetime | None:
    """The next instant at which something may hold: in the future, and polite where something is to be said."""
    person = scene.person
    calendar = scene.calendar(person)
    later: list[datetime] = []
    waiting = False
    for finding in findings(scene):
        if finding.at > scene.now:
            # A manager's desk with a deputy is looked at even on leave: the deputy then hears what the manager would have.
            covered = finding.stage == "manager" and person.deputy_id is not None
            polite = calendar.next_polite(finding.at) if finding.says and not covered else finding.at
            later.extend([polite] if polite is not None else [])
        else:
            waiting = waiting or finding.says
    if waiting:
        window = calendar.polite_window(calendar.local(scene.now).date())
        after = window[1] if held and window is not None and window[1] > scene.now else scene.now + timedelta(minutes=1)
        polite = calendar.next_polite(after)
        later.extend([polite] if polite is not None else [])
    if not later:
        back = calendar.next_polite(scene.now + timedelta(days=7))
        later.append(back if back is not None else scene.now + timedelta(days=30))
    return min(later)
