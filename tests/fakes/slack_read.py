"""Reading Block Kit as a person does: what it says, which buttons there are, which fields a form has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .loopback import ClientRefused, Json
from .slack_limits import CHOICES, MULTI_SELECTS, all_options, elements_of
from .slack_state import Message, View

STATEFUL = {"button": False, "overflow": False, "image": False, "workflow_button": False}
Wanted = str | Callable[[Json], bool]
FieldKey = str | tuple[str, str] | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something one can press, pick or fill."""

    label: str
    near: str  # the text above and around it
    section: str  # the nearest header or section text above
    block: Json
    element: Json
    option: Json | None = None  # an entry of an overflow menu


def text_of(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def block_text(block: Json) -> str:
    match block.get("type"):
        case "section":
            return "\n".join([t for t in (text_of(block.get("text")), *map(text_of, block.get("fields") or [])) if t])
        case "header":
            return text_of(block.get("text"))
        case "context":
            return " ".join(str(e.get("text") or e.get("alt_text") or "") for e in block.get("elements") or [])
        case "input":
            return text_of(block.get("label"))
        case "markdown":
            return str(block.get("text", ""))
        case "rich_text":
            return _rich(block)
        case _:
            return ""


def _rich(node: Any) -> str:
    if isinstance(node, dict):
        if node.get("type") == "text":
            return str(node.get("text", ""))
        return "".join(map(_rich, node.get("elements") or []))
    return ""


def controls(blocks: list[Json]) -> list[Control]:
    """Every control in the order shown. `near` reaches back to the last divider or row of buttons."""
    found: list[Control] = []
    above: list[str] = []
    section = ""
    for block in blocks:
        text = block_text(block)
        if block.get("type") == "divider":
            above = []
        if block.get("type") in ("header", "section", "markdown", "rich_text") and text:
            section = text
        if text:
            above.append(text)
        for element in elements_of(block):
            around: Json = {"near": "\n".join(above), "section": section, "block": block, "element": element}
            if element.get("type") == "overflow":
                found += [Control(label=text_of(o.get("text")), option=o, **around) for o in element["options"]]
            elif element.get("type") != "image":
                found.append(Control(label=_label(block, element), **around))
        if block.get("type") == "actions":
            above = []
    return found


def _label(block: Json, element: Json) -> str:
    if element.get("type") in ("button", "workflow_button"):
        return text_of(element.get("text"))
    if block.get("type") == "input":
        return text_of(block.get("label"))
    if block.get("type") == "section":
        return text_of(block.get("text"))
    return text_of(element.get("placeholder"))


def is_field(control: Control) -> bool:
    return STATEFUL.get(str(control.element.get("type")), True)


def choose_one(found: list[Control], index: int | None, asked: str, everything: list[Control]) -> Control:
    if index is not None and index < len(found):
        return found[index]
    if len(found) == 1 and index is None:
        return found[0]
    names = [c.label for c in (found or everything)]
    raise AssertionError(f"{len(found)} matches for {asked}; there are {names}")


def find_button(blocks: list[Json], wanted: Wanted, near: str | None, index: int | None) -> Control:
    everything = [c for c in controls(blocks) if not is_field(c)]
    if callable(wanted):
        found = [c for c in everything if wanted(c.option or c.element)]
    else:
        found = [c for c in everything if c.label == wanted]
    if near is not None:
        found = [c for c in found if near in c.near]
    return choose_one(found, index, f"button {wanted!r} near {near!r}", everything)


def split_key(key: FieldKey) -> tuple[str, str | None, int | None]:
    """Label, section text and index of a field's name."""
    if isinstance(key, str):
        return key, None, None
    first, second = key
    if isinstance(second, int):
        return first, None, second
    return second, first, None


def find_field(blocks: list[Json], key: FieldKey) -> Control:
    """By label, `(text of a section above, label)` or `(label, index)`; exact label first, then a part of it."""
    everything = [c for c in controls(blocks) if is_field(c)]
    label, section, index = split_key(key)
    here = [c for c in everything if section is None or section in c.section]
    found = [c for c in here if c.label == label] or [c for c in here if label in c.label]
    return choose_one(found, index, f"field {key!r}", everything)


def option_called(element: Json, wanted: object) -> Json:
    for option in all_options(element):
        if wanted in (text_of(option.get("text")), option.get("value")):
            return option
    raise ClientRefused(f"no option {wanted!r}; there are {[text_of(o.get('text')) for o in all_options(element)]}")


def initial_state(element: Json) -> Json:
    """The state of an element nobody touched, in the shape of `state.values[block][action]`."""
    kind = str(element["type"])
    state: Json = {"type": kind}
    if kind in CHOICES or kind in MULTI_SELECTS or kind == "static_select":
        if kind == "checkboxes" or kind == "multi_static_select":
            state["selected_options"] = element.get("initial_options") or []
        elif kind in ("radio_buttons", "static_select"):
            state["selected_option"] = element.get("initial_option")
        else:
            plural = kind.removeprefix("multi_").removesuffix("_select")
            state[f"selected_{plural}"] = element.get(f"initial_{plural}") or []
    elif kind.endswith("_select"):
        single = kind.removesuffix("s_select").removesuffix("_select")
        state[f"selected_{single}"] = element.get(f"initial_{single}")
    elif kind == "datepicker":
        state["selected_date"] = element.get("initial_date")
    elif kind == "timepicker":
        state["selected_time"] = element.get("initial_time")
    elif kind == "datetimepicker":
        state["selected_date_time"] = element.get("initial_date_time")
    else:
        state["value"] = element.get("initial_value")
    return state


def filled_state(element: Json, value: Any) -> Json:
    """The state after a person filled the element. Choices are named by their visible text or their value."""
    state = initial_state(element)
    kind = state["type"]
    slot = next(key for key in state if key != "type")
    if value is None:
        state[slot] = [] if isinstance(state[slot], list) else None
    elif slot == "selected_option":
        state[slot] = option_called(element, value)
    elif slot == "selected_options":
        state[slot] = [option_called(element, v) for v in ([value] if isinstance(value, str) else value)]
    elif isinstance(state[slot], list):
        state[slot] = [value] if isinstance(value, str) else list(value)
    elif slot == "selected_date_time":
        state[slot] = int(value)
    else:
        state[slot] = _typed(element, kind, str(value))
    return state


def _typed(element: Json, kind: str, value: str) -> str:
    if kind == "number_input":
        try:
            number = float(value)
        except ValueError:
            raise ClientRefused(f"{value!r} is not a number") from None
        if not element["is_decimal_allowed"] and not number.is_integer():
            raise ClientRefused(f"{value!r}: no decimals allowed")
        if "min_value" in element and number < float(element["min_value"]):
            raise ClientRefused(f"{value!r} is below {element['min_value']}")
        if "max_value" in element and number > float(element["max_value"]):
            raise ClientRefused(f"{value!r} is above {element['max_value']}")
    elif kind == "plain_text_input":
        if value and len(value) < int(element.get("min_length") or 0):
            raise ClientRefused(f"shorter than {element['min_length']} characters")
        if len(value) > int(element.get("max_length") or 3000):
            raise ClientRefused(f"longer than {element.get('max_length') or 3000} characters")
        if "\n" in value and not element.get("multiline"):
            raise ClientRefused("one line only")
    return value


def state_values(blocks: list[Json], filled: dict[tuple[str, str], Json]) -> Json:
    """`state.values` of a message or view: every stateful element, touched or not."""
    values: Json = {}
    for control in controls(blocks):
        if is_field(control):
            key = (control.block["block_id"], control.element["action_id"])
            values.setdefault(key[0], {})[key[1]] = filled.get(key) or initial_state(control.element)
    return values


def missing_fields(blocks: list[Json], values: Json) -> list[str]:
    """Labels of required inputs left empty: Slack's app does not submit then."""
    missing = []
    for block in blocks:
        if block.get("type") == "input" and not block.get("optional"):
            state = values[block["block_id"]][block["element"]["action_id"]]
            if not any(content for key, content in state.items() if key != "type"):
                missing.append(text_of(block.get("label")))
    return missing


def dump(what: Message | View) -> str:
    """The message or view as text: `# header`, `[button]`, `label: ____`, `~ context`."""
    lines = [f"({what.text})"] if isinstance(what, Message) else [f"== {what.title} =="]
    for block in what.blocks:
        kind, text = block.get("type"), block_text(block)
        if kind == "header":
            lines.append(f"# {text}")
        elif kind == "context":
            lines.append(f"~ {text}")
        elif kind == "divider":
            lines.append("---")
        elif kind == "input":
            lines.append(f"{text}: {_shown(block['element'])}")
        elif kind == "image":
            lines.append(f"<{block.get('alt_text')}>")
        else:
            if text:
                lines.append(text)
            row = [_shown(e) for e in elements_of(block)]
            if row:
                lines.append("  ".join(row))
    if not isinstance(what, Message):
        lines.append("  ".join(f"[{text_of(what.body[k])}]" for k in ("submit", "close") if what.body.get(k)))
    return "\n".join(lines)


def _shown(element: Json) -> str:
    kind = element.get("type")
    if kind == "button":
        return f"[{text_of(element.get('text'))}]"
    if kind == "image":
        return f"<{element.get('alt_text')}>"
    options = "/".join(text_of(o.get("text")) for o in all_options(element))
    state = {k: v for k, v in initial_state(element).items() if k != "type" and v} if kind != "overflow" else {}
    now = "".join(text_of(v.get("text")) if isinstance(v, dict) else str(v) for v in state.values())
    return f"{{{options}}}" + (f"={now}" if now else "") if options else f"____{now}"
