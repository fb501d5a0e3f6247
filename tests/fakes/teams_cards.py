"""Adaptive Cards as Teams takes them and as a person sees them: limits, actions, inputs, text."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .loopback import ClientRefused, Json

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = Path(__file__).with_name("adaptive-card-1.5.schema.json")
HIGHEST = (1, 5)  # learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
PRIMARY_ACTIONS = 6  # Teams' host config `maxActions`; `mode: secondary` goes to the overflow menu

Validator = Callable[[Json], list[str]]
Wanted = str | Callable[[Json], bool]
FieldKey = str | tuple[str, str] | tuple[str, int]
Breach = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An action or an input with what stands around it."""

    label: str
    near: str  # text above, back to the last row of actions
    section: str  # the nearest heading-like text above (any TextBlock)
    item: Json
    path: str


def schema_validator() -> Validator:
    """Checks cards against the public 1.5 schema (`adaptive-card-1.5.schema.json` beside this file)."""
    import jsonschema  # a development dependency, needed here alone

    checker = jsonschema.Draft6Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))

    def errors(card: Json) -> list[str]:
        plain = {key: value for key, value in card.items() if key != "msteams"}  # Teams' own, not in the schema
        return [_deepest(error) for error in checker.iter_errors(plain)]

    def _deepest(error: Any) -> str:
        """The schema's `anyOf` hides the cause: drop the branches of other element types, then take the deepest."""
        leaves, waiting = [], [error]
        while waiting:
            now = waiting.pop()
            waiting += now.context or []
            if not now.context:
                leaves.append(now)
        own = [leaf for leaf in leaves if not _of_another_type(leaf)]
        best = max(own or leaves, key=lambda leaf: len(leaf.absolute_path))
        return f"{best.json_path}: {best.message[:300]}"

    def _of_another_type(leaf: Any) -> bool:
        if leaf.validator == "enum" and leaf.absolute_path and leaf.absolute_path[-1] == "type":
            return True
        kinds = (leaf.schema.get("properties") or {}).get("type", {}).get("enum") if isinstance(leaf.schema, dict) else None
        return kinds is not None and isinstance(leaf.instance, dict) and leaf.instance.get("type") not in kinds

    return errors


def schema_errors(card: Json) -> list[str]:
    """Errors of one card against the 1.5 schema; empty when valid."""
    return schema_validator()(card)


def children(item: Json) -> Iterator[tuple[str, Json]]:
    """Elements inside an element, in the order shown, with their key."""
    for key in ("body", "items", "columns", "rows", "cells", "images", "inlines"):
        for i, child in enumerate(item.get(key) or []):
            if isinstance(child, dict):
                yield f"{key}[{i}]", child


def text_of(item: Json) -> str:
    match item.get("type"):
        case "TextBlock" | "TextRun":
            return str(item.get("text", ""))
        case "RichTextBlock":
            return "".join(i if isinstance(i, str) else str(i.get("text", "")) for i in item.get("inlines") or [])
        case "FactSet":
            return "\n".join(f"{f.get('title')}: {f.get('value')}" for f in item.get("facts") or [])
        case "Image":
            return str(item.get("altText") or "")
        case _:
            return ""


def is_input(item: Json) -> bool:
    return str(item.get("type", "")).startswith("Input.")


def inputs(card: Json) -> list[Spot]:
    return [spot for spot in _walk(card) if is_input(spot.item)]


def actions(card: Json) -> list[Spot]:
    return [spot for spot in _walk(card) if not is_input(spot.item)]


def _walk(card: Json) -> list[Spot]:
    found: list[Spot] = []
    above: list[str] = []

    def add(item: Json, label: str, path: str) -> None:
        section = above[-1] if above else ""
        found.append(Spot(label=label, near="\n".join(above), section=section, item=item, path=path))

    def row(owner: Json, path: str) -> None:
        for i, action in enumerate(owner.get("actions") or []):
            here = f"{path}.actions[{i}]"
            add(action, str(action.get("title", "")), here)
            if action.get("type") == "Action.ShowCard":
                visit(action.get("card") or {}, f"{here}.card")
        if owner.get("actions"):
            above.clear()

    def visit(item: Json, path: str) -> None:
        if item.get("isVisible") is False:
            return
        if is_input(item):
            add(item, str(item.get("label") or item.get("title") or item.get("placeholder") or ""), path)
        elif text := text_of(item):
            above.append(text)
        if item.get("type") not in ("RichTextBlock",):
            for key, child in children(item):
                visit(child, f"{path}.{key}")
        if select := item.get("selectAction"):
            add(select, str(select.get("title", "")), f"{path}.selectAction")
        for key in ("action", "inlineAction"):
            if isinstance(item.get(key), dict):
                add(item[key], str(item[key].get("title", "")), f"{path}.{key}")
        row(item, path)

    visit(card, "card")
    return found


def choose_one(found: list[Spot], index: int | None, asked: str, everything: list[Spot]) -> Spot:
    if index is not None and index < len(found):
        return found[index]
    if len(found) == 1 and index is None:
        return found[0]
    raise AssertionError(f"{len(found)} matches for {asked}; there are {[s.label for s in found or everything]}")


def find_action(card: Json, wanted: Wanted, near: str | None, index: int | None) -> Spot:
    everything = actions(card)
    if callable(wanted):
        found = [s for s in everything if wanted(s.item)]
    else:
        found = [s for s in everything if s.label == wanted]
    if near is not None:
        found = [s for s in found if near in s.near]
    return choose_one(found, index, f"action {wanted!r} near {near!r}", everything)


def find_input(card: Json, key: FieldKey) -> Spot:
    """By label, `(text above, label)` or `(label, index)`; exact label first, then a part of it."""
    label, section, index = split_key(key)
    everything = inputs(card)
    here = [s for s in everything if section is None or section in s.near]
    found = [s for s in here if s.label == label] or [s for s in here if label in s.label]
    if section is not None and len(found) > 1:
        found = [s for s in found if section in s.section] or found
    return choose_one(found, index, f"input {key!r}", everything)


def split_key(key: FieldKey) -> tuple[str, str | None, int | None]:
    if isinstance(key, str):
        return key, None, None
    first, second = key
    if isinstance(second, int):
        return first, None, second
    return second, first, None


def collect(card: Json, filled: dict[FieldKey, Any], action: Json) -> Json:
    """The inputs as the client sends them: strings, choices by value, empty ones left out."""
    chosen = {find_input(card, key).path: value for key, value in filled.items()}
    if action.get("associatedInputs") == "none":
        return {}
    values: Json = {}
    for spot in inputs(card):
        given = chosen.get(spot.path)
        value = _typed(spot.item, given) if spot.path in chosen else spot.item.get("value")
        if spot.item["type"] == "Input.Toggle" and value is None:
            value = spot.item.get("valueOff", "false")
        if value in (None, ""):
            if spot.item.get("isRequired"):
                raise ClientRefused(f"required and empty: {spot.label}")
            continue
        values[spot.item["id"]] = str(value)
    return values


def _typed(item: Json, value: Any) -> str | None:
    if value is None:
        return None
    match item["type"]:
        case "Input.ChoiceSet":
            many = [value] if isinstance(value, str) else list(value)
            if len(many) > 1 and not item.get("isMultiSelect"):
                raise ClientRefused("one choice only")
            return ",".join(_choice(item, one) for one in many)
        case "Input.Toggle":
            on = item.get("valueOn", "true"), item.get("valueOff", "false")
            return str(on[0] if value in (True, on[0]) else on[1])
        case "Input.Number":
            return _number(item, str(value))
        case "Input.Date" if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            raise ClientRefused(f"{value!r} is not a date")
        case "Input.Text":
            return _line(item, str(value))
        case _:
            return str(value)


def _choice(item: Json, wanted: str) -> str:
    for choice in item.get("choices") or []:
        if wanted in (choice.get("title"), choice.get("value")):
            return str(choice["value"])
    raise ClientRefused(f"no choice {wanted!r}; there are {[c.get('title') for c in item.get('choices') or []]}")


def _number(item: Json, value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        raise ClientRefused(f"{value!r} is not a number") from None
    if not float(item.get("min", number)) <= number <= float(item.get("max", number)):
        raise ClientRefused(f"{value!r} is outside {item.get('min')}..{item.get('max')}")
    return value


def _line(item: Json, value: str) -> str:
    if len(value) > int(item.get("maxLength") or 1 << 30):
        raise ClientRefused(f"longer than {item['maxLength']} characters")
    if item.get("regex") and not re.search(item["regex"], value):
        raise ClientRefused(f"{value!r} does not match {item['regex']}")
    if "\n" in value and not item.get("isMultiline"):
        raise ClientRefused("one line only")
    return value


def card_breaches(card: Any, validator: Validator | None) -> Iterator[Breach]:
    """What Teams would refuse, or silently not show."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        yield "card", "an AdaptiveCard is needed"
        return
    numbers = re.fullmatch(r"(\d+)\.(\d+)", str(card.get("version", "")))
    if numbers is None:
        yield "card.version", "needed, like 1.5"
    elif (int(numbers[1]), int(numbers[2])) > HIGHEST:
        yield "card.version", f"1.5 or lower, {card['version']} came"
    seen: set[str] = set()
    for spot in inputs(card):
        name = spot.item.get("id")
        if not name:
            yield spot.path, "an input without id is not sent"
        elif name in seen:
            yield spot.path, f"input id {name!r} appears twice: one overwrites the other"
        seen.add(str(name))
    yield from _action_rows(card, "card")
    for error in validator(card) if validator else []:
        yield "card", f"1.5 schema: {error}"


def _action_rows(item: Json, path: str) -> Iterator[Breach]:
    primary = [a for a in item.get("actions") or [] if a.get("mode", "primary") == "primary"]
    if len(primary) > PRIMARY_ACTIONS:
        yield f"{path}.actions", f"at most {PRIMARY_ACTIONS} primary actions are shown, {len(primary)} came"
    for key, child in children(item):
        yield from _action_rows(child, f"{path}.{key}")
    for i, action in enumerate(item.get("actions") or []):
        if action.get("type") == "Action.ShowCard":
            yield from _action_rows(action.get("card") or {}, f"{path}.actions[{i}].card")


def dump_card(card: Json) -> str:
    """The card as text: `[action]`, `label: ____`."""
    lines: list[str] = []

    def visit(item: Json) -> None:
        if item.get("isVisible") is False:
            return
        if is_input(item):
            choices = "/".join(str(c.get("title")) for c in item.get("choices") or [])
            label = item.get("label") or item.get("title") or item.get("placeholder") or ""
            now = f"={item['value']}" if item.get("value") not in (None, "") else ""
            lines.append(f"{label}: {'{' + choices + '}' if choices else '____'}{now}")
        elif text := text_of(item):
            lines.append(text)
        if item.get("type") != "RichTextBlock":
            for _, child in children(item):
                visit(child)
        if item.get("actions"):
            lines.append("  ".join(f"[{a.get('title', '')}]" for a in item["actions"]))

    visit(card)
    return "\n".join(lines)
