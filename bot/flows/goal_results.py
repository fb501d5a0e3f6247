"""One key result, written or changed in a form of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.decision import Decision, FieldErrors, ShowForm
from bot.flows import goal_changes
from bot.flows.goal_drafts import kept
from bot.flows.goal_fields import LONGEST_TITLE, next_number, number_from
from bot.flows.goal_forms import NEW, result_form
from bot.flows.goal_history import adding
from bot.flows.goal_typed import due_of
from bot.model import Changed, Goal, GoalState, KeyResult
from bot.scene import Scene
from bot.talk.results import LONGEST_UNIT
from bot.talk.text import clean


def form_asked(scene: Scene, goal: Goal, result_id: str) -> Decision:
    """The form of one of a goal's key results; `new` for one more."""
    result = _named(goal, result_id)
    if result is None and result_id != NEW:
        return scene.tell("button-unknown")
    return Decision(reply=ShowForm(form=result_form(scene, goal, result, reason=goal.state is GoalState.ACTIVE)))


def _named(goal: Goal, result_id: str) -> KeyResult | None:
    return next((one for one in goal.key_results if one.id == result_id), None)


def saved(scene: Scene, goal: Goal, result_id: str, typed: Mapping[str, str]) -> Decision:
    """The form came in: kept at once in a draft; in an approved goal only its words are."""
    before = _named(goal, result_id)
    if before is None and result_id != NEW:
        return scene.tell("button-unknown")
    active = goal.state is GoalState.ACTIVE
    errors: dict[str, str] = {}
    result = _read(scene, goal, before, typed, errors)
    changes = tuple(_changes(before, result)) if active else ()
    reason = clean(typed.get("reason", ""), limit=3000)
    if changes and not reason:
        errors["reason"] = scene.voice(scene.person).line("change-needs-reason")
    if errors:
        form = result_form(scene, goal, before, reason=active, typed=typed)
        return Decision(reply=FieldErrors(errors=errors, form=form))
    if not active:
        known = [result if one.id == result.id else one for one in goal.key_results]
        results = tuple(known) if before is not None else (*goal.key_results, result)
        return kept(scene, replace(goal, key_results=results, updated_at=scene.now), None)
    if before is None:
        return goal_changes.stored(scene, goal, goal, changes, reason)
    named = replace(before, text=result.text)
    edited = replace(goal, key_results=tuple(named if one.id == named.id else one for one in goal.key_results))
    return goal_changes.stored(scene, goal, edited, changes, reason)


def _read(scene: Scene, goal: Goal, before: KeyResult | None, typed: Mapping[str, str], errors: dict[str, str]) -> KeyResult:
    voice = scene.voice(scene.person)
    text = " ".join(clean(typed.get("text", ""), limit=LONGEST_TITLE).split())
    if not text:
        errors["text"] = voice.line("error-needed")
    unit = " ".join(clean(typed.get("unit", ""), limit=LONGEST_UNIT).split())
    start, start_unit = number_from(scene, clean(typed.get("start", ""), limit=100), unit, errors, "start")
    target, target_unit = number_from(scene, clean(typed.get("target", ""), limit=100), unit or start_unit, errors, "target")
    due = goal_changes.day_from(scene, typed.get("due", ""), errors, "due")
    base = before or KeyResult(id=f"{goal.id}-{_free(goal)}", goal_id=goal.id, text="", position=len(goal.key_results))
    return replace(
        base,
        text=text,
        unit=unit or target_unit or start_unit,
        start=start,
        target=target,
        due=due or due_of(scene, goal),
    )


def _free(goal: Goal) -> int:
    """The next number, past those that changes asked for in the meantime would take."""
    asked = [
        one.field.rpartition("-")[2] for revision in goal.revisions for one in revision.changes if one.field.startswith("result:")
    ]
    return max([next_number(goal), *(int(tail) + 1 for tail in asked if tail.isdecimal() and len(tail) < 6)])


def _changes(before: KeyResult | None, after: KeyResult) -> Iterator[Changed]:
    """What of an approved goal needs a reason and an approval."""
    if before is None:
        yield adding(after)
        return
    if after.unit != before.unit:
        yield Changed(field=f"unit:{before.id}", before=before.unit, after=after.unit)
    yield from goal_changes.changed_number("start", before, before.start, after.start)
    yield from goal_changes.changed_number("target", before, before.target, after.target)
    if after.due != before.due:
        yield goal_changes.changed_day(before, after.due)
