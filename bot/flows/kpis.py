"""Health numbers: watched beside goals, never graded. How one becomes a key result: `bot.flows.kpi_promotion`."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.decision import Decision, FieldErrors, ShowForm, together
from bot.flows.checkin_typed import not_a_number
from bot.flows.goal_drafts import writable
from bot.flows.goal_lines import amount
from bot.model import Goal, GoalState, GoalType, KeyResult, Kpi
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import (
    Button,
    Buttons,
    Element,
    Form,
    Heading,
    Note,
    Paragraph,
    TextField,
    Tone,
)
from bot.talk.numbers import NotANumber, parse_number
from bot.talk.text import Span, Style, clean, join

NEW = "new"
SHOWN = 10
LONGEST_NAME, LONGEST_UNIT, LONGEST_NUMBER = 120, 40, 40
NUMBERS = ("current", "low", "high")


def listed(scene: Scene) -> Decision:
    """`/goals kpi`: every number with its value and whether it is where it should be, in words."""
    voice, kpis = scene.voice(scene.person), scene.situation.kpis
    if not kpis:
        lead = Paragraph(text=voice.text("kpi-none"))
        return scene.reply(lead, Buttons(buttons=(_new_button(scene, ""),)), summary=voice.line("kpi-none"))
    elements: list[Element] = [Heading(text=voice.line("kpi-title")), Note(text=voice.text("kpi-lead"))]
    for kpi in kpis[:SHOWN]:
        elements += _shown(scene, kpi)
    if len(kpis) > SHOWN:
        elements.append(Note(text=voice.text("kpi-more", count=len(kpis) - SHOWN)))
    elements.append(Buttons(buttons=(_new_button(scene, ""),)))
    return scene.reply(*elements, summary=voice.line("kpi-summary", count=len(kpis)))


def begun(scene: Scene, words: str) -> Decision:
    """`/goals kpi [add] NAME`: one that is watched already is shown; otherwise a button opens the form."""
    known = next((kpi for kpi in scene.situation.kpis if kpi.name.casefold() == words.strip().casefold()), None)
    voice = scene.voice(scene.person)
    if known is not None:
        return scene.reply(*_shown(scene, known), summary=voice.line("kpi-one-summary", name=known.name))
    lead = Paragraph(text=voice.text("kpi-begin"))
    return scene.reply(lead, Buttons(buttons=(_new_button(scene, words),)), summary=voice.line("kpi-begin"))


def _new_button(scene: Scene, words: str) -> Button:
    args = (NEW, clean(words, limit=LONGEST_NAME)) if words.strip() else (NEW,)
    return Button(label=scene.voice(scene.person).line("button-kpi-new"), action=Action(Verb.EDIT_KPI, args))


def goals_for_numbers(scene: Scene) -> tuple[Goal, ...]:
    """The person's goals that may get another key result: drafts, and approved ones with a reason and an approval."""
    states = (GoalState.DRAFT, GoalState.ACTIVE)
    return tuple(goal for goal in writable(scene) if goal.state in states and goal.type is not GoalType.LEARNING)


def _shown(scene: Scene, kpi: Kpi) -> tuple[Element, ...]:
    voice = scene.voice(scene.person)
    verbs = {"button-update": Verb.EDIT_KPI, "button-kpi-promote": Verb.OPEN_PROMOTION, "button-kpi-drop": Verb.DROP_KPI}
    buttons = [
        Button(
            label=voice.line(label),
            action=Action(verb, (kpi.id,)),
            about=kpi.name,
            tone=Tone.PRIMARY if verb is Verb.EDIT_KPI else Tone.PLAIN,
        )
        for label, verb in verbs.items()
        if verb is not Verb.OPEN_PROMOTION or goals_for_numbers(scene)
    ]
    lines = [standing(scene, kpi)]
    if any(result.id == kpi.promoted_to for goal in scene.situation.goals for result in goal.key_results):
        lines.append(voice.line("kpi-promoted"))
    return (
        Paragraph(text=(Span(kpi.name, Style.BOLD),)),
        Note(text=join("\n".join(lines))),
        Buttons(buttons=tuple(buttons)),
    )


def standing(scene: Scene, kpi: Kpi) -> str:
    """Its value, whether that lies in its healthy range, and how old it is; no grade and no colour."""
    voice, person = scene.voice(scene.person), scene.person
    if kpi.current is None:
        return voice.line("kpi-unreported")
    limits = {
        name: amount(scene, person, value, kpi.unit)
        for name, value in (("low", kpi.low), ("high", kpi.high))
        if value is not None
    }
    span = {(): "none", ("low",): "low", ("high",): "high"}.get(tuple(limits), "both")
    place = "inside"
    if kpi.low is not None and kpi.current < kpi.low:
        place = "below"
    elif kpi.high is not None and kpi.current > kpi.high:
        place = "above"
    return voice.line(
        "kpi-standing",
        value=amount(scene, person, kpi.current, kpi.unit),
        place=place if limits else "free",
        range=voice.line("kpi-range", span=span, low=limits.get("low", ""), high=limits.get("high", "")),
        days=scene.days_since(kpi.updated_at, person),
    )


def named(scene: Scene, kpi_id: str) -> Kpi | None:
    """The number of that id, if the person watches it."""
    return next((kpi for kpi in scene.situation.kpis if kpi.id == kpi_id), None)


def form_asked(scene: Scene, kpi_id: str, words: str) -> Decision:
    """The form of a number; `new` for another one."""
    kpi = named(scene, kpi_id)
    if kpi is None and kpi_id != NEW:
        return scene.tell("kpi-unknown")
    voice = scene.voice(scene.person)
    given = {"name": clean(words, limit=LONGEST_NAME)}
    if kpi is not None:
        values = {name: getattr(kpi, name) for name in NUMBERS}
        given = {"name": kpi.name, "unit": kpi.unit}
        given |= {name: voice.number(value) for name, value in values.items() if value is not None}
    return Decision(reply=ShowForm(form=_form(scene, kpi_id, given)))


def _form(scene: Scene, kpi_id: str, given: Mapping[str, str]) -> Form:
    voice = scene.voice(scene.person)
    limits = {"name": LONGEST_NAME, "unit": LONGEST_UNIT}
    fields = tuple(
        TextField(
            id=name,
            label=voice.line(f"kpi-field-{name}"),
            value=given.get(name, ""),
            hint=voice.line(f"kpi-hint-{name}") if name in ("unit", "low") else "",
            required=name == "name",
            max_length=limits.get(name, LONGEST_NUMBER),
        )
        for name in ("name", "unit", *NUMBERS)
    )
    return Form(
        action=Action(Verb.SAVE_KPI, (kpi_id,)),
        title=voice.line("kpi-form-title"),
        submit=voice.line("form-submit"),
        cancel=voice.line("button-cancel"),
        parts=(Paragraph(text=voice.text("kpi-lead")), *fields),
    )


def saved(scene: Scene, kpi_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in: all of it is understood and kept, or errors stand at the fields."""
    known = named(scene, kpi_id)
    if known is None and kpi_id != NEW:
        return scene.tell("kpi-unknown")
    voice = scene.voice(scene.person)
    typed = {name: clean(value, limit=300) for name, value in values.items()}
    name, unit = clean(typed.get("name", ""), limit=LONGEST_NAME), clean(typed.get("unit", ""), limit=LONGEST_UNIT)
    errors: dict[str, str] = {}
    others = (kpi for kpi in scene.situation.kpis if kpi.id != kpi_id)
    if not name:
        errors["name"] = voice.line("kpi-name-needed")
    elif any(kpi.name.casefold() == name.casefold() for kpi in others):
        errors["name"] = voice.line("kpi-known-already")
    before = {field: getattr(known, field) if known is not None else None for field in NUMBERS}
    numbers = {field: number_in(scene, field, typed.get(field, ""), unit, before[field], errors) for field in NUMBERS}
    low, high = numbers["low"], numbers["high"]
    if low is not None and high is not None and low > high:
        errors["high"] = voice.line("kpi-range-turned")
    if errors:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, kpi_id, typed)))
    new = Kpi(id=_new_id(scene), owner_id=scene.person.id, name=name, updated_at=scene.now)
    kpi = replace(known or new, name=name, unit=unit, current=numbers["current"], low=low, high=high, updated_at=scene.now)
    entry = scene.entry(
        "kpi:saved" if known is None else "kpi:changed",
        f"kpi:{kpi.id}",
        outcome="" if kpi.current is None else str(kpi.current),
        title=name,
    )
    lead = Paragraph(text=voice.text("kpi-saved", name=name))
    told = scene.reply(lead, *_shown(scene, kpi), summary=voice.line("kpi-saved", name=name))
    return together(Decision(changes=(kpi,), entries=(entry,)), told)


def _new_id(scene: Scene) -> str:
    """The instant makes it different from one that was dropped, the number from one saved at the same instant."""
    first = f"kpi-{scene.person.id}-{scene.now:%Y%m%dT%H%M%S%f}"
    same = sum(kpi.id.startswith(first) for kpi in scene.situation.kpis)
    return f"{first}-{same + 1}" if same else first


def number_in(scene: Scene, field: str, typed: str, unit: str, before: Decimal | None, errors: dict[str, str]) -> Decimal | None:
    """What stands in a field; an untouched one is what it was."""
    if not typed:
        return None
    if before is not None and typed == scene.voice(scene.person).number(before):
        return before
    try:
        return parse_number(typed, unit=unit)
    except NotANumber as error:
        errors[field] = not_a_number(scene, error, KeyResult(id="", goal_id="", text="", unit=unit))
        return None


def dropped(scene: Scene, kpi_id: str) -> Decision:
    """*Stop watching* was pressed."""
    kpi = named(scene, kpi_id)
    if kpi is None:
        return scene.tell("kpi-unknown")
    gone = replace(kpi, dropped_at=scene.now)
    entry = scene.entry("kpi:dropped", f"kpi:{kpi.id}", title=kpi.name)
    return together(Decision(changes=(gone,), entries=(entry,)), scene.tell("kpi-dropped", name=kpi.name))
