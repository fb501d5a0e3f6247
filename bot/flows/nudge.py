"""Nudges as messages: all that is due becomes one card, most important first; what is no longer true is marked done in place.

What was said is remembered per subject (`Nudged`), so it is not said again while it stays the same; where a rule may
repeat itself it does so ever more rarely.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.decision import NOTHING, Decision, Entry, Lane, Look, Message, Withdraw, together
from bot.events import Ticked
from bot.flows import agenda_card, readings
from bot.flows.cycle_lines import cycle_buttons, goals_of_review, grade_note
from bot.flows.duty_lines import duty_named
from bot.flows.goal_lines import answer_buttons, standing, title
from bot.flows.goal_request import request_buttons, request_elements
from bot.flows.nudge_over import TELLS_LEADER, acted, done_line, goal_named, subject_words
from bot.model import DutyKind, Goal, Nudged
from bot.rules import registry, reviews
from bot.rules.asking_again import wait_before
from bot.rules.checkin import NOW
from bot.rules.decisions import BUNDLE
from bot.rules.decisions import STAGE as DECISION
from bot.rules.finding import Finding, Offer
from bot.scene import Scene, edit
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Divider, Element, Note, Paragraph, Tone
from bot.talk.text import plain
from bot.talk.voice import Arg

MOST_PARTS = 8
"""So much fits into one message on every platform; what is more waits for the next one."""

MOST_TIMES = 4
"""Said so often about one thing that did not change, a rule falls silent about it."""

NEEDS_REPORTS = TELLS_LEADER | {"leader"}
"""Stages whose facts are other people's: known only when the desk is looked at."""


Draw = Callable[[Scene, Sequence[tuple[Nudged, Finding | None]], str], Card]
"""Draws a message from what was said in it: still true with its finding, or done; and from its key."""


def findings(scene: Scene) -> tuple[Finding, ...]:
    """What all rules find, in the order in which it would be said; said or not."""
    return _in_order([finding for rule in registry.RULES for finding in rule.find(scene)])


def found_again(scene: Scene, before: Iterable[Finding]) -> tuple[Finding, ...]:
    """As `findings`, where nothing has changed since `before` but the person's check-ins and what they were told."""
    kept: dict[str, list[Finding]] = {}
    for finding in before:
        kept.setdefault(finding.rule, []).append(finding)
    return _in_order(one for rule in registry.RULES for one in (kept.get(rule.name, ()) if rule.steady else rule.find(scene)))


def _in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: (finding.weight, finding.at, finding.until or finding.at, finding.subject)))


def when_to_say(scene: Scene, finding: Finding) -> datetime | None:
    """From when on it may be said, given what was said already; None: it was, and nothing has changed since."""
    row = scene.nudged(finding.rule, finding.stage, finding.subject)
    if row is None or row.basis != finding.basis:
        return None if _said_to_another(scene, finding) else finding.at
    if finding.again is None or row.times >= MOST_TIMES:
        return None
    return scene.calendar(scene.person).add(row.decided_at, wait_before(row.times, finding.again))


def _said_to_another(scene: Scene, finding: Finding) -> bool:
    """Whoever is or stands in for the manager hears of one thing once, also when that changes."""
    same = (finding.rule, finding.stage, finding.subject, finding.basis)
    rows = ((row.rule, row.stage, row.subject, row.basis) for row in scene.situation.nudged if row.key)
    return finding.stage in NEEDS_REPORTS and same in rows


def entry(scene: Scene, finding: Finding, what: str, outcome: str, **facts: str) -> Entry:
    """The ledger's line about a finding: `nudge:RULE:WHAT`."""
    return scene.entry(
        f"nudge:{finding.rule}:{what}",
        finding.subject,
        rule=finding.rule,
        policy=finding.policy,
        outcome=outcome,
        stage=finding.stage,
        **facts,
        **finding.facts,
    )


def said(scene: Scene, group: Sequence[Finding]) -> Decision:
    """One message for everything in `group` (not empty, most important first)."""
    person = scene.person
    first = group[0]
    rows = [row_of(scene, finding) for finding in group]
    key = f"{first.rule}.{first.stage}:{person.id}:{first.about}:{first.basis}:{rows[0].times}"
    rows = [replace(row, key=key) for row in rows]
    goal = goal_named(scene, first.subject)
    others = sorted({finding.rule for finding in group} - {first.rule})
    message = Message(
        key=key,
        to=person.id,
        card=card(scene, list(zip(rows, group, strict=True)), key),
        lane=Lane.NUDGE,
        rule=first.rule,
        subjects=tuple(dict.fromkeys(finding.subject for finding in group)),
        facts={
            **first.facts,
            "stage": first.stage,
            "goal": goal.title if goal else "",
            "parts": str(len(group)),
            "also": ",".join(others),
            **further(group[1:]),
        },
        policy=first.policy,
        expires_at=min((scene.expiry(person), *(one.until for one in group if one.until is not None))),
    )
    return together(remembered(scene, group, rows, key), Decision(messages=(message,)))


def remembered(scene: Scene, group: Sequence[Finding], rows: Sequence[Nudged], key: str) -> Decision:
    """What was said in the message under `key`, the duties that opens, and the ledger's lines."""
    entries = tuple(entry(scene, finding, "queued", "queued", message=key) for finding in group)
    duties = {finding.opens.id: finding.opens for finding in group if finding.opens is not None}
    duties |= {duty.id: duty for finding in group for duty in finding.marks}
    return Decision(changes=(*duties.values(), *rows), entries=(*entries, *readings.of_findings(scene, group)))


def further(group: Sequence[Finding], start: int = 2) -> dict[str, str]:
    """What *Why?* will tell of the second part and those after it: `2.updated`."""
    known = [{**one.facts, "rule": one.rule, "stage": one.stage, "subject": one.subject} for one in group]
    return {f"{number}.{name}": value for number, facts in enumerate(known, start=start) for name, value in facts.items()}


def row_of(scene: Scene, finding: Finding) -> Nudged:
    """That a finding is said now, in a message still to be named."""
    before = scene.nudged(finding.rule, finding.stage, finding.subject)
    again = before is not None and before.basis in ("", finding.basis)  # none: what was said last was never seen
    return Nudged(
        recipient_id=scene.person.id,
        rule=finding.rule,
        stage=finding.stage,
        subject=finding.subject,
        basis=finding.basis,
        key="",
        times=before.times + 1 if before is not None and again else 1,
        decided_at=scene.now,
    )


def settled(
    scene: Scene, found: Iterable[Finding] | None = None, *, drawn: Draw | None = None, also: Sequence[str] = ()
) -> Decision:
    """What was said and is no longer true: noted, and the message it stands in shows it; not sent if it did not leave yet.

    `found` is what all rules find, where that is known already. A look knows how every message is `drawn`, and which
    are to be drawn anew for other reasons (`also`); elsewhere digests wait for the next look, which is planned at once.
    """
    looking = isinstance(scene.event, Ticked)
    mine = [row for row in scene.situation.nudged if row.recipient_id == scene.person.id and row.key]
    told = {message.key: message for message in scene.situation.told}
    waiting = [row for row in mine if row.done_at is None and row.key in told and row.stage != DECISION]
    if not waiting and not also:
        return NOTHING
    found = findings(scene) if found is None else found
    true_now = {(one.rule, one.stage, one.subject, one.basis): one for one in found if one.at <= scene.now}

    def still(row: Nudged) -> Finding | None:
        return true_now.get((row.rule, row.stage, row.subject, row.basis))

    gone = [row for row in waiting if still(row) is None]
    unknown = {row.key for row in gone if not (looking or _known_here(scene, row))}
    # Where a part rests on somebody else's facts, the next look settles and redraws the whole message.
    digests = {row.key for row in gone if row.key.startswith(BUNDLE)} if drawn is None else set()
    over = [row for row in gone if row.key not in unknown | digests]
    done = {_name(row): replace(row, done_at=scene.now) for row in over}
    looks = others_look(scene, [row.subject for row in over])
    looks += (scene.look(scene.now, sooner=True),) if digests - unknown else ()
    decision = Decision(changes=tuple(done.values()), entries=tuple(_over(scene, row) for row in over), looks=looks)
    open_ = _asked_about(scene, true_now.values())
    moved = {
        row.key for row in waiting if still(row) and (agenda_card.has_moved(scene, row) or _name(row)[::2] in open_)
    } - unknown
    moved -= set() if drawn is not None else {key for key in moved if key.startswith(BUNDLE)}
    draw, known = drawn or card, scene.after(decision)
    naming = _named_again(scene, {row.subject for row in over}) if drawn is not None else ()
    for key in dict.fromkeys((*(row.key for row in over), *also, *naming, *sorted(moved))):
        rows = [done.get(_name(row), row) for row in mine if row.key == key]
        subjects = told[key].subjects if key in told else ()
        rows.sort(key=lambda row: _position(subjects, row.subject))
        parts = [(row, None if row.done_at else still(row)) for row in rows]
        if rows and all(row.done_at for row in rows):
            decision = together(decision, Decision(withdrawals=(Withdraw(key=key),)))
        decision = together(decision, edit(key, draw(known, parts, key)))
    return decision


def _asked_about(scene: Scene, found: Iterable[Finding]) -> set[tuple[str, str]]:
    """Announcements, by rule and subject, of reviews that are now asked about for the first time: their day is over."""
    late = (one for one in found if one.rule == reviews.OVERDUE)
    return {(reviews.NAME, one.subject) for one in late if scene.nudged(one.rule, one.stage, one.subject) is None}


def _named_again(scene: Scene, subjects: set[str]) -> tuple[str, ...]:
    """The digests that name one of these things besides the message in which it was told first."""
    told = (one for one in scene.situation.told if one.key.startswith(BUNDLE) and subjects.intersection(one.subjects))
    return tuple(sorted(one.key for one in told))


def _position(subjects: Sequence[str], subject: str) -> int:
    return subjects.index(subject) if subject in subjects else len(subjects)


def others_look(scene: Scene, subjects: Sequence[str]) -> tuple[Look, ...]:
    """A look at the desks of the others who were told about these things: their messages change at once, too."""
    told = {row.recipient_id for row in scene.situation.nudged if row.subject in subjects and row.key and row.done_at is None}
    others = (scene.situation.people.get(one) for one in sorted(told - {scene.person.id}))
    return tuple(scene.look(scene.now, sooner=True, person=other) for other in others if other is not None)


def _known_here(scene: Scene, row: Nudged) -> bool:
    """What it rests on is at hand also when the desk is not looked at: not a goal that is somebody else's now."""
    duty = duty_named(scene, row.subject)
    if row.subject.startswith("goal:") and goal_named(scene, row.subject) is None:
        return False
    return row.stage not in NEEDS_REPORTS or (duty is not None and duty.done_at is not None)


def _name(row: Nudged) -> tuple[str, str, str]:
    return row.rule, row.stage, row.subject


def _over(scene: Scene, row: Nudged) -> Entry:
    """The ledger's line about a nudge that is no longer true: because of something done since it was said, or not."""
    since = row.delivered_at or row.decided_at
    minutes = str(int((scene.now - since).total_seconds() // 60))
    what = "acted" if acted(scene, row) else "over"
    name = f"nudge:{row.rule}:{what}"
    return scene.entry(name, row.subject, rule=row.rule, outcome=what, stage=row.stage, message=row.key, minutes=minutes)


def card(scene: Scene, parts: Sequence[tuple[Nudged, Finding | None]], key: str) -> Card:
    """What is still true with its buttons, what is done as a line."""
    voice = scene.voice(scene.person)
    elements: list[Element] = []
    open_parts = [finding for _, finding in parts if finding is not None]
    for row, finding in parts:
        if finding is None:
            elements.append(Note(text=done_line(scene, row)))
            continue
        if elements:
            elements.append(Divider())
        elements.extend(section(scene, finding))
    away = None if open_parts else agenda_card.put_away(scene, [row for row, _ in parts], elements)
    if away is not None:
        return away
    if not open_parts:
        return Card(summary=voice.line("nudge-all-done"), elements=(*elements, Note(text=voice.text("nudge-all-done"))))
    offered = {offer for finding in open_parts for offer in finding.offers}
    closing = {Offer.ANSWER: "nudge-adjust", Offer.ASK_OWNER: "nudge-ask"}
    elements.extend(Note(text=voice.text(phrase)) for offer, phrase in closing.items() if offer in offered)
    elements.append(Buttons(buttons=(Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,))),)))
    summary = voice.line(f"{_phrase(open_parts[0])}-summary", more=len(open_parts) - 1, **_args(scene, open_parts[0]))
    return Card(summary=summary, elements=tuple(elements))


def _phrase(finding: Finding) -> str:
    return f"nudge-{finding.rule.replace('.', '-')}-{finding.stage}"


def _args(scene: Scene, finding: Finding) -> dict[str, Arg]:
    args: dict[str, Arg] = dict(finding.args)
    args["subject"] = subject_words(scene, finding.subject)
    if "days" in finding.args:
        args["silence"] = silence(scene, int(finding.args["days"]))
    if "due" in finding.args:
        args["due"] = scene.voice(scene.person).date(date.fromisoformat(str(finding.args["due"])))
    if finding.until is not None:
        args["when"] = scene.moment(finding.until, scene.person)
    return args


def silence(scene: Scene, days: int) -> str:
    """How long nothing was heard: whole weeks in words, otherwise days."""
    voice = scene.voice(scene.person)
    weeks, rest = divmod(days, 7)
    return voice.line("silence-weeks", weeks=weeks) if rest == 0 and 2 <= weeks <= 12 else voice.line("silence-days", days=days)


def section(scene: Scene, finding: Finding) -> Iterator[Element]:
    voice = scene.voice(scene.person)
    yield Paragraph(text=voice.text(_phrase(finding), **_args(scene, finding)))
    goal = goal_named(scene, finding.subject)
    if goal is not None:
        yield Paragraph(text=title(goal))
        yield grade_note(scene, goal) if goal.closing else Note(text=plain(standing(scene, scene.person, goal)))
    yield from goals_of_review(scene, finding)
    if Offer.APPROVE in finding.offers:
        yield from request_elements(scene, finding.about, scene.person)
    yield from agenda_card.section(scene, finding)
    buttons = tuple(button for offer in finding.offers for button in _buttons(scene, finding, offer, goal))
    if buttons:
        yield Buttons(buttons=buttons)


def _buttons(scene: Scene, finding: Finding, offer: Offer, goal: Goal | None) -> tuple[Button, ...]:
    voice = scene.voice(scene.person)
    about = subject_words(scene, finding.subject)
    match offer:
        case Offer.ANSWER:
            return answer_buttons(scene, f"{scene.person.id}/{NOW}", goal) if goal else ()
        case Offer.ASK_OWNER:
            if goal is None:
                return ()
            label = voice.line("button-ask-owner", owner=scene.name(goal.owner_id))
            return (Button(label=label, action=Action(Verb.ASK_OWNER, (goal.id,)), about=about),)
        case Offer.NEED_DECISION:
            if goal is None:
                return ()
            action = Action(Verb.NEED_DECISION, (goal.id,))
            return (Button(label=voice.line("button-need-decision"), action=action, about=about),)
        case Offer.TALK:
            return (agenda_card.talk_button(scene, goal, finding),)
        case Offer.DONE:
            label = voice.line(f"button-done-{kind_of(finding).value}")
            return (Button(label=label, action=Action(Verb.DUTY_DONE, (finding.about,)), about=about, tone=Tone.PRIMARY),)
        case Offer.SHOW_GOALS:
            return (Button(label=voice.line("button-goals"), action=Action(Verb.SHOW, ("/goals",))),)
        case Offer.APPROVE:
            return request_buttons(scene, finding.about, scene.person)
        case Offer.PROPOSE | Offer.GRADE | Offer.ADD_GOAL:
            return cycle_buttons(scene, finding, offer, goal)
        case Offer.FILL_IN:
            label = voice.line(f"button-fill-in-{kind_of(finding).value}")
            return (Button(label=label, action=Action(Verb.OPEN_DUTY, (finding.about,)), about=about, tone=Tone.PRIMARY),)


def kind_of(finding: Finding) -> DutyKind:
    """What sort of duty a finding is about: the first part of its id."""
    return DutyKind(finding.about.partition(":")[0])


def arrived(scene: Scene, key: str) -> tuple[Nudged, ...]:
    """What the message under `key` said is known to have arrived."""
    rows = (row for row in scene.situation.nudged if row.key == key and row.delivered_at is None)
    return tuple(replace(row, delivered_at=scene.now) for row in rows)


def unsaid(scene: Scene, key: str) -> tuple[Nudged, ...]:
    """Nobody ever saw the message under `key`: what it said may be said again."""
    rows = (row for row in scene.situation.nudged if row.key == key)
    return tuple(replace(row, key="", basis="", times=max(row.times - 1, 0)) for row in rows)
