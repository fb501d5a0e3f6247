"""The next cycle as it follows from the answers about this one: goals carried forward as drafts, and what stops.

A draft is nothing anybody else sees; its owner changes it, sends it for approval or drops it.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.decision import NOTHING, Decision, together
from bot.flows.goal_words import draft_buttons
from bot.model import Duty, DutyKind, Goal, GoalState, KeyResult, Next
from bot.rules.cycle_end import cycle_named, today
from bot.rules.cycles import bounds, cycle_after, cycle_of
from bot.rules.next_cycle import NAME, is_waiting
from bot.scene import Scene
from bot.talk.cards import Buttons, Element, Note, Paragraph
from bot.talk.text import clean

CARRIED = "~"
"""Stands between an id and the cycle it was carried into: `O1~2027-Q1`. Imports hardly ever have it."""
LONGEST_WHY = 3000


def opened(scene: Scene, before: Goal, graded: Goal) -> Decision:
    """What follows from a grade: a draft for the next cycle, or a line on the stop list. Changed with the grade."""
    closing = graded.closing
    if closing is None:
        return NOTHING
    earlier = before.closing.next if before.closing is not None else None
    draft = _draft(scene, before, graded, earlier)
    return together(draft, _stopped(scene, graded))


def _draft(scene: Scene, before: Goal, graded: Goal, earlier: Next | None) -> Decision:
    wanted = graded.closing.next if graded.closing is not None else None
    known = next((goal for goal in scene.situation.goals if goal.id == _carried_id(graded)), None)
    if wanted in (Next.CARRY, Next.REVISE):
        if known is None or (known.state is GoalState.DISCARDED and wanted is not earlier):
            draft = _carried(scene, graded)
            entry = scene.entry("goal:carried", f"goal:{draft.id}", rule=NAME, outcome=wanted, source=before.id)
            return Decision(changes=(draft,), entries=(entry,))
        noted = replace(known, why=_why(scene, graded, known.why))
        return Decision(changes=(noted,)) if known.state is GoalState.DRAFT and noted != known else NOTHING
    if known is not None and known.state is GoalState.DRAFT:
        entry = scene.entry("goal:discarded", f"goal:{known.id}", rule=NAME, outcome="not carried forward any more")
        return Decision(changes=(replace(known, state=GoalState.DISCARDED),), entries=(entry,))
    return NOTHING


def _carried_id(goal: Goal) -> str:
    return _renamed(goal, goal.id)


def _renamed(goal: Goal, name: str) -> str:
    """The name in the cycle after the goal's own."""
    return f"{name.removesuffix(f'{CARRIED}{goal.cycle}')}{CARRIED}{cycle_after(goal.cycle)}"


def _carried(scene: Scene, goal: Goal) -> Goal:
    """The same goal one cycle later: it starts where it stands now, and ends with that cycle."""
    cycle, draft_id = cycle_after(goal.cycle), _carried_id(goal)
    _, last = bounds(cycle, scene.situation.company.fiscal_month)
    # What a machine reports goes to the key result it was told about; nobody told it about the new one.
    results = tuple(
        KeyResult(
            id=_renamed(goal, result.id),
            goal_id=draft_id,
            text=result.text,
            unit=result.unit,
            start=result.current if result.current is not None else result.start,
            target=result.target,
            current=result.current,
            due=last,
            position=result.position,
        )
        for result in goal.key_results
    )
    return replace(
        goal,
        id=draft_id,
        cycle=cycle,
        why=_why(scene, goal, goal.why),
        status=None,
        updated_at=scene.now,
        answered_at=None,
        key_results=results,
        state=GoalState.DRAFT,
        contributions=tuple(replace(one, due=last) for one in goal.contributions if not one.delivered),
        revisions=(),
        closing=None,
        carried_from=goal.id,
        approved_at=None,
        approved_by="",
    )


def _why(scene: Scene, goal: Goal, why: str) -> str:
    """With what was learned, where the goal is to be revised."""
    closing = goal.closing
    if closing is None or closing.next is not Next.REVISE:
        return why
    words = closing.explanation or closing.learned
    note = scene.voice(scene.person).line("carry-note", cycle=goal.cycle, words=words)
    return why if note in why else clean(f"{why}\n{note}", limit=LONGEST_WHY)


def _stopped(scene: Scene, goal: Goal) -> Decision:
    """On the stop list, unless it came to all it was to come to: that is finished, not given up."""
    closing = goal.closing
    wanted = closing is not None and closing.next is Next.STOP and closing.reached is not True
    return stop_listed(scene, f"{DutyKind.STOP}:{goal.id}:{goal.cycle}", goal.title if wanted else "")


def stop_listed(scene: Scene, duty_id: str, words: str) -> Decision:
    """The desk owner's stop list has these words under that id; none: no longer."""
    known = next((duty for duty in scene.situation.duties if duty.id == duty_id), None)
    person = scene.person.id
    if words:
        new = Duty(id=duty_id, kind=DutyKind.STOP, person_id=person, holder_id=person, opened_at=scene.now)
        listed = replace(known or new, text=clean(words), done_at=None, done_by="")
        entry = scene.entry("duty:stop:opened", f"duty:{duty_id}")
        return Decision(changes=(listed,), entries=(entry,)) if listed != known else NOTHING
    if known is None or known.done_at is not None:
        return NOTHING
    gone = replace(known, done_at=scene.now, done_by=scene.actor.id)
    entry = scene.entry("duty:stop:closed", f"duty:{duty_id}", outcome="no longer wanted")
    return Decision(changes=(gone,), entries=(entry,))


def leading_words(scene: Scene, cycle: str = "") -> str:
    """What the manager said matters most in a cycle (empty: in the newest one they spoke of); empty: nothing was said.

    A manager answers before a cycle ends, about the one after it.
    """
    now = cycle_of(today(scene), scene.situation.company.fiscal_month)
    for duty in scene.situation.leading:
        found = cycle_named(duty.id)
        if found is None or not duty.answers.get("matters"):
            continue
        about = cycle_after(found)
        if about in ((cycle,) if cycle else (now, cycle_after(now))):
            leader, words = scene.name(duty.holder_id) or "–", duty.answers["matters"]
            return scene.voice(scene.person).line("leading-words", leader=leader, cycle=about, words=words)
    return ""


def draft_elements(scene: Scene, drafts: Sequence[Goal]) -> tuple[Element, ...]:
    """The drafts that wait, each with what can be done about it."""
    voice = scene.voice(scene.person)
    elements: list[Element] = []
    for goal in drafts:
        elements.append(Paragraph(text=voice.text("carried-draft", goal=goal.title, cycle=goal.cycle)))
        elements.append(Buttons(buttons=draft_buttons(scene, goal)))
    return (*elements, *((Note(text=voice.text("carried-note")),) if drafts else ()))


def waiting(scene: Scene, graded: Sequence[Goal]) -> tuple[Goal, ...]:
    """The drafts that came out of these goals and still wait."""
    sources = {goal.id for goal in graded}
    return tuple(goal for goal in scene.situation.goals if is_waiting(scene, goal) and goal.carried_from in sources)
