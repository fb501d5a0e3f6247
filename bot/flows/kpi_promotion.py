"""A watched number becomes a key result as well: of a draft at once, of an approved goal with a reason and an approval."""

from collections.abc import Mapping
from dataclasses import replace

from bot.decision import Decision, FieldErrors, ShowForm, together
from bot.flows import goal_changes, goal_drafts
from bot.flows.goal_history import adding
from bot.flows.goal_typed import due_of
from bot.flows.kpis import LONGEST_NUMBER, goals_for_numbers, named, number_in, standing
from bot.model import Goal, GoalState, KeyResult, Kpi
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import ChoiceField, DateField, Form, FormPart, Note, Option, Paragraph, TextField
from bot.talk.text import clean, plain

GOALS_OFFERED = 12
LONGEST_REASON = 1000


def form_asked(scene: Scene, kpi_id: str) -> Decision:
    """*Make it a key result* was pressed."""
    kpi = named(scene, kpi_id)
    if kpi is None:
        return scene.tell("kpi-unknown")
    if not goals_for_numbers(scene):
        return scene.tell("kpi-no-goal", name=kpi.name)
    return Decision(reply=ShowForm(form=_form(scene, kpi, {})))


def _form(scene: Scene, kpi: Kpi, typed: Mapping[str, str]) -> Form:
    voice, goals = scene.voice(scene.person), goals_for_numbers(scene)[:GOALS_OFFERED]
    only = goals[0].id if len(goals) == 1 else ""
    options = tuple(
        Option(
            value=goal.id,
            label=voice.line("kpi-goal-option", goal=goal.title, cycle=goal.cycle, state=goal.state.value),
        )
        for goal in goals
    )
    parts: list[FormPart] = [
        ChoiceField(id="goal", label=voice.line("kpi-field-goal"), options=options, value=typed.get("goal", only), required=True),
        TextField(
            id="target",
            label=voice.line("kpi-field-target"),
            value=typed.get("target", ""),
            required=True,
            max_length=LONGEST_NUMBER,
        ),
        DateField(id="due", label=voice.line("kpi-field-due"), value=typed.get("due", ""), hint=voice.line("kpi-hint-due")),
    ]
    if any(goal.state is GoalState.ACTIVE for goal in goals):
        parts.append(
            TextField(
                id="reason",
                label=voice.line("kpi-field-reason"),
                value=typed.get("reason", ""),
                hint=voice.line("kpi-hint-reason"),
                multiline=True,
                max_length=LONGEST_REASON,
            )
        )
    return Form(
        action=Action(Verb.PROMOTE_KPI, (kpi.id,)),
        title=voice.line("kpi-promotion-title"),
        submit=voice.line("form-submit"),
        cancel=voice.line("button-cancel"),
        parts=(
            Paragraph(text=voice.text("kpi-promotion-lead", name=kpi.name)),
            Note(text=plain(standing(scene, kpi))),
            *parts,
        ),
    )


def promoted(scene: Scene, kpi_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in: the number is a key result of the goal as well, and starts where it stands now."""
    kpi = named(scene, kpi_id)
    if kpi is None:
        return scene.tell("kpi-unknown")
    goals = goals_for_numbers(scene)
    if not goals:
        return scene.tell("kpi-no-goal", name=kpi.name)
    voice = scene.voice(scene.person)
    typed = {name: clean(value, limit=LONGEST_REASON) for name, value in values.items()}
    errors: dict[str, str] = {}
    goal = next((goal for goal in goals if goal.id == typed.get("goal")), None)
    if goal is None:
        errors["goal"] = voice.line("error-choose-one")
    elif any(result.id == _id(kpi, goal) for result in goal.key_results):
        errors["goal"] = voice.line("kpi-result-already")
    elif goal.state is GoalState.ACTIVE and not typed.get("reason"):
        errors["reason"] = voice.line("change-needs-reason")
    target = number_in(scene, "target", typed.get("target", ""), kpi.unit, None, errors)
    if target is None and "target" not in errors:
        errors["target"] = voice.line("kpi-target-needed")
    elif target is not None and target == kpi.current:
        errors["target"] = voice.line("kpi-target-same")
    due = goal_changes.day_from(scene, typed.get("due", ""), errors, "due")
    if errors or goal is None:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, kpi, typed)))
    result = KeyResult(
        id=_id(kpi, goal),
        goal_id=goal.id,
        text=kpi.name,
        unit=kpi.unit,
        start=kpi.current,
        target=target,
        current=kpi.current,
        due=due or due_of(scene, goal),
        position=max((one.position for one in goal.key_results), default=-1) + 1,
    )
    return _made(scene, kpi, goal, result, typed.get("reason", ""))


def _id(kpi: Kpi, goal: Goal) -> str:
    return f"{kpi.id}~{goal.id}"


def _made(scene: Scene, kpi: Kpi, goal: Goal, result: KeyResult, reason: str) -> Decision:
    """The words that answer it come from the goal, where its approval is asked for."""
    entry = scene.entry("kpi:promoted", f"kpi:{kpi.id}", outcome=result.id, goal=goal.id, target=str(result.target))
    done = Decision(changes=(replace(kpi, promoted_to=result.id),), entries=(entry,))
    known = scene.after(done)
    if goal.state is GoalState.ACTIVE:
        return together(done, goal_changes.stored(known, goal, goal, (adding(result),), reason))
    moved = replace(goal, key_results=(*goal.key_results, result), updated_at=scene.now)
    told = scene.tell("kpi-now-result", name=kpi.name, goal=goal.title)
    return together(done, told, goal_drafts.kept(known, moved, None))
