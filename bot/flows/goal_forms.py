"""The forms in which a goal and a key result are written, filled from what was typed, else from what is kept."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.flows.goal_fields import NONE, parents_for
from bot.flows.goal_typed import ROOM, contribution_line, due_of, fits, number_text, results_text
from bot.model import Goal, GoalType, KeyResult
from bot.rules import prepare
from bot.rules.cycle_end import today
from bot.rules.cycles import bounds
from bot.rules.limits import asks_what_goes, next_cycle, stop_for, this_cycle
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import ChoiceField, DateField, Form, FormPart, Note, Option, TextField

MOST_PARENTS = 40
"""A list that one can still look through; Slack allows 100."""
LONGEST_LABEL = 70
NEW = "new"


def default_cycle(scene: Scene) -> str:
    """The cycle that runs, or the next one from when on leaders prepare it."""
    setting = scene.setting(scene.person, prepare.BEFORE)
    days = 30 if setting.off else setting.span.amount
    current = this_cycle(scene)
    _, last = bounds(current, scene.situation.company.fiscal_month)
    return next_cycle(scene) if today(scene) >= last - timedelta(days=days) else current


def goal_form(
    scene: Scene, goal: Goal, kind: str, *, new: bool, typed: Mapping[str, str] | None = None, notes: Sequence[Note] = ()
) -> Form:
    """The form of a draft. `typed`: what was typed, where it comes back with errors."""
    voice = scene.voice(scene.person)
    given = _given(scene, goal) if typed is None else typed
    return Form(
        action=Action(Verb.SAVE_GOAL, (NEW if new else goal.id, kind)),
        title=voice.line("write-form", kind=kind),
        submit=voice.line("write-submit"),
        cancel=voice.line("button-cancel"),
        parts=(Note(text=voice.text(f"write-kind-{kind}")), *notes, *_parts(scene, goal, kind, given, new=new)),
    )


def _given(scene: Scene, goal: Goal) -> dict[str, str]:
    """The fields as the goal has them."""
    stop = stop_for(scene, goal.id)
    return {
        "title": goal.title,
        "why": goal.why,
        "question": goal.question,
        "type": goal.type.value,
        "results": results_text(scene, goal),
        "contributions": "\n".join(map(contribution_line, goal.contributions)),
        "who": scene.name(goal.coordinator_id or ""),
        "parent": goal.parent_id or NONE,
        "cycle": goal.cycle,
        "stop": stop.text if stop is not None else "",
    }


def _parts(scene: Scene, goal: Goal, kind: str, given: Mapping[str, str], *, new: bool) -> Iterator[FormPart]:
    yield text_field(scene, "title", given, required=True, max_length=500)
    yield text_field(scene, "why", given, multiline=True, hint=True, max_length=ROOM)
    if goal.type is GoalType.LEARNING and kind != "cross-team":
        yield text_field(scene, "question", given, multiline=True, hint=True, required=True, max_length=ROOM)
    if kind == "cross-team":
        yield text_field(scene, "contributions", given, multiline=True, hint=True, required=True, max_length=ROOM)
        yield text_field(scene, "who", given, hint=True, required=True, max_length=200)
    if kind != "kpo" and (kind == "cross-team" or not new):
        yield type_field(scene, goal, kind, given)
    needed = kind not in ("cross-team",) and goal.type is not GoalType.LEARNING
    written = given.get("results", "")
    if len(written) <= ROOM and (written or fits(scene, goal)):
        yield text_field(scene, "results", given, multiline=True, hint=True, required=needed, max_length=ROOM)
    else:
        yield Note(text=scene.voice(scene.person).text("write-results-many", count=len(goal.key_results)))
    yield from parent_field(scene, goal, given)
    cycles = dict.fromkeys((this_cycle(scene), next_cycle(scene), goal.cycle))
    yield ChoiceField(
        id="cycle",
        label=scene.voice(scene.person).line("write-cycle"),
        options=tuple(Option(value=cycle, label=cycle) for cycle in sorted(cycles)),
        value=given.get("cycle") or goal.cycle,
        required=True,
    )
    if asks_what_goes(scene, goal) or given.get("stop"):
        yield text_field(scene, "stop", given, multiline=True, hint=True, required=asks_what_goes(scene, goal))


def text_field(
    scene: Scene,
    name: str,
    given: Mapping[str, str],
    *,
    multiline: bool = False,
    hint: bool = False,
    required: bool = False,
    max_length: int = 1000,
) -> TextField:
    """One field of text, labelled by its name."""
    voice = scene.voice(scene.person)
    return TextField(
        id=name,
        label=voice.line(f"write-{name}"),
        value=given.get(name, ""),
        hint=voice.line(f"write-{name}-hint") if hint else "",
        multiline=multiline,
        required=required,
        max_length=max_length,
    )


def type_field(scene: Scene, goal: Goal, kind: str, given: Mapping[str, str]) -> ChoiceField:
    """How the goal is meant; across teams it is a promise or a stretch."""
    voice = scene.voice(scene.person)
    types = [one for one in GoalType if kind != "cross-team" or one is not GoalType.LEARNING]
    return ChoiceField(
        id="type",
        label=voice.line("write-type-label"),
        options=tuple(Option(value=one.value, label=voice.line(f"goal-type-{one.value}")) for one in types),
        value=given.get("type") or goal.type.value,
        required=True,
    )


def parent_field(scene: Scene, goal: Goal, given: Mapping[str, str]) -> Iterator[ChoiceField]:
    """What it belongs to, where there is anything it may belong to."""
    parents = parents_for(scene, goal)[:MOST_PARENTS]
    if not parents:
        return
    voice = scene.voice(scene.person)
    none = Option(value=NONE, label=voice.line("write-parent-none"))
    options = (Option(value=one.id, label=f"{one.title[:LONGEST_LABEL]}") for one in parents)
    chosen = given.get("parent") or goal.parent_id or NONE
    yield ChoiceField(id="parent", label=voice.line("write-parent"), options=(none, *options), value=chosen)


def result_form(
    scene: Scene, goal: Goal, result: KeyResult | None, *, reason: bool, typed: Mapping[str, str] | None = None
) -> Form:
    """The form of one key result (None: a new one). `reason`: the goal is approved, and a change of it needs one."""
    voice = scene.voice(scene.person)
    kept = (
        {
            "text": result.text,
            "unit": result.unit,
            "start": number_text(result.start, ""),
            "target": number_text(result.target, ""),
            "due": result.due.isoformat() if result.due else "",
        }
        if result is not None
        else {"due": due_of(scene, goal).isoformat()}
    )
    given = kept if typed is None else typed
    parts: list[FormPart] = [
        text_field(scene, "text", given, required=True, max_length=500),
        text_field(scene, "unit", given, hint=True, max_length=40),
        text_field(scene, "start", given, max_length=40),
        text_field(scene, "target", given, max_length=40),
        DateField(id="due", label=voice.line("write-due"), value=given.get("due", "")),
    ]
    if reason:
        parts.append(text_field(scene, "reason", given, multiline=True, hint=True, max_length=ROOM))
    return Form(
        action=Action(Verb.SAVE_RESULT, (goal.id, result.id if result is not None else NEW)),
        title=voice.line("write-result-title"),
        submit=voice.line("write-submit"),
        cancel=voice.line("button-cancel"),
        parts=tuple(parts),
    )
