"""Slack's documented limits on blocks, elements and views, as one walk that yields `(path, rule)` for each breach.

Sources: docs.slack.dev/reference/block-kit, /reference/views, /reference/methods/chat.postMessage.
"""

from collections.abc import Iterator
from typing import Any

from .loopback import Json

Breach = tuple[str, str]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
TEXT_SPLIT, TEXT_MAX = 4_000, 40_000
VIEW_BYTES = 250_000
MARKDOWN_TOTAL = 12_000

SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)
PICKERS = ("datepicker", "timepicker", "datetimepicker")
CHOICES = ("radio_buttons", "checkboxes")
TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")
IN_INPUT = {*SELECTS, *MULTI_SELECTS, *PICKERS, *CHOICES, *TYPED, "file_input"}
IN_ACTIONS = {"button", "overflow", "workflow_button", *SELECTS, *PICKERS, *CHOICES}
IN_SECTION = IN_ACTIONS | {"image", *MULTI_SELECTS}
OTHER_BLOCKS = {"divider", "rich_text", "video", "file", "table", "alert", "context_actions"}


def text_length(value: object) -> int:
    """Length as Slack counts: characters of the text as sent (UTF-16 units would differ for some emoji)."""
    return len(value) if isinstance(value, str) else 0


def _text(value: object, path: str, most: int, *, plain: bool = False) -> Iterator[Breach]:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        yield path, "a text object is needed"
        return
    if value.get("type") not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        yield path, f"text type {value.get('type')!r} is not allowed here"
    if not value["text"]:
        yield path, "must be more than 0 characters"
    if text_length(value["text"]) > most:
        yield path, f"at most {most} characters, {text_length(value['text'])} came"


def _string(owner: Json, key: str, path: str, most: int) -> Iterator[Breach]:
    value = owner.get(key)
    if value is None:
        return
    if not isinstance(value, str):
        yield f"{path}.{key}", "must be a string"
    elif len(value) > most:
        yield f"{path}.{key}", f"at most {most} characters, {len(value)} came"


def _count(items: object, path: str, most: int, least: int = 1) -> Iterator[Breach]:
    if not isinstance(items, list) or len(items) < least:
        yield path, f"at least {least} needed"
    elif len(items) > most:
        yield path, f"at most {most}, {len(items)} came"


def _options(options: object, path: str, most: int, *, plain: bool = True) -> Iterator[Breach]:
    yield from _count(options, path, most)
    seen: set[str] = set()
    for i, option in enumerate(options if isinstance(options, list) else []):
        here = f"{path}[{i}]"
        yield from _text(option.get("text"), f"{here}.text", 75, plain=plain)
        if not isinstance(option.get("value"), str):
            yield f"{here}.value", "needed"
        yield from _string(option, "value", here, 150)
        if option.get("value") in seen:
            yield f"{here}.value", f"{option['value']!r} appears twice"
        seen.add(str(option.get("value")))
        if "description" in option:
            yield from _text(option["description"], f"{here}.description", 75, plain=plain)


def all_options(element: Json) -> list[Json]:
    found = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        found += group.get("options") or []
    return found


def _initial(element: Json, path: str) -> Iterator[Breach]:
    options = all_options(element)
    wanted = element.get("initial_options") or []
    if element.get("initial_option"):
        wanted = [*wanted, element["initial_option"]]
    for option in wanted:
        if option not in options:
            yield f"{path}.initial_option", "must be exactly one of the options"


def _confirm(confirm: Json, path: str) -> Iterator[Breach]:
    yield from _text(confirm.get("title"), f"{path}.title", 100, plain=True)
    yield from _text(confirm.get("text"), f"{path}.text", 300)
    yield from _text(confirm.get("confirm"), f"{path}.confirm", 30, plain=True)
    yield from _text(confirm.get("deny"), f"{path}.deny", 30, plain=True)


def _number(element: Json, path: str) -> Iterator[Breach]:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        yield f"{path}.is_decimal_allowed", "needed, true or false"
    for key in ("initial_value", "min_value", "max_value"):
        if key not in element:
            continue
        if not isinstance(element[key], str):
            yield f"{path}.{key}", "must be a string"
            continue
        try:
            float(element[key])
        except ValueError:
            yield f"{path}.{key}", f"{element[key]!r} is not a number"


def element_breaches(element: Json, path: str, allowed: set[str]) -> Iterator[Breach]:
    kind = str(element.get("type"))
    if kind not in allowed:
        yield path, f"element {kind!r} is not allowed here"
    yield from _string(element, "action_id", path, 255)
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{path}.placeholder", 150, plain=True)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{path}.confirm")
    if kind == "button":
        yield from _text(element.get("text"), f"{path}.text", 75, plain=True)
        yield from _string(element, "value", path, 2000)
        yield from _string(element, "url", path, 3000)
        yield from _string(element, "accessibility_label", path, 75)
        if element.get("style", "primary") not in ("primary", "danger"):
            yield f"{path}.style", "primary or danger"
    elif kind in ("static_select", "multi_static_select"):
        if "option_groups" in element:
            yield from _count(element["option_groups"], f"{path}.option_groups", 100)
            for i, group in enumerate(element["option_groups"]):
                yield from _text(group.get("label"), f"{path}.option_groups[{i}].label", 75, plain=True)
                yield from _options(group.get("options"), f"{path}.option_groups[{i}].options", 100)
        else:
            yield from _options(element.get("options"), f"{path}.options", 100)
        yield from _initial(element, path)
    elif kind in CHOICES:
        yield from _options(element.get("options"), f"{path}.options", 10, plain=False)
        yield from _initial(element, path)
    elif kind == "overflow":
        yield from _options(element.get("options"), f"{path}.options", 5)
    elif kind == "image":
        yield from _image(element, path)
    elif kind == "number_input":
        yield from _number(element, path)
    elif kind == "plain_text_input":
        for key in ("min_length", "max_length"):
            if key in element and not 0 <= int(element[key]) <= 3000:
                yield f"{path}.{key}", "between 0 and 3000"
        if text_length(element.get("initial_value")) > int(element.get("max_length") or 3000):
            yield f"{path}.initial_value", "longer than max_length"


def _image(owner: Json, path: str) -> Iterator[Breach]:
    if not owner.get("image_url") and not owner.get("slack_file"):
        yield path, "image_url or slack_file is needed"
    if not owner.get("alt_text"):
        yield f"{path}.alt_text", "needed"
    yield from _string(owner, "image_url", path, 3000)
    yield from _string(owner, "alt_text", path, 2000)


def _section(block: Json, path: str) -> Iterator[Breach]:
    if "text" not in block and not block.get("fields"):
        yield path, "text or fields needed"
    if "text" in block:
        yield from _text(block["text"], f"{path}.text", 3000)
    if "fields" in block:
        yield from _count(block["fields"], f"{path}.fields", 10)
        for i, text in enumerate(block["fields"]):
            yield from _text(text, f"{path}.fields[{i}]", 2000)
    if "accessory" in block:
        yield from element_breaches(block["accessory"], f"{path}.accessory", IN_SECTION)


def _block(block: Json, path: str) -> Iterator[Breach]:
    kind = block.get("type")
    yield from _string(block, "block_id", path, 255)
    if kind == "section":
        yield from _section(block, path)
    elif kind == "header":
        yield from _text(block.get("text"), f"{path}.text", 150, plain=True)
    elif kind == "context":
        yield from _count(block.get("elements"), f"{path}.elements", 10)
        for i, element in enumerate(block.get("elements") or []):
            here = f"{path}.elements[{i}]"
            yield from _image(element, here) if element.get("type") == "image" else _text(element, here, 3000)
    elif kind == "actions":
        yield from _count(block.get("elements"), f"{path}.elements", 25)
        ids = [e.get("action_id") for e in block.get("elements") or [] if e.get("action_id")]
        if len(ids) != len(set(ids)):
            yield f"{path}.elements", "action_id must be unique inside a block"
        for i, element in enumerate(block.get("elements") or []):
            yield from element_breaches(element, f"{path}.elements[{i}]", IN_ACTIONS)
    elif kind == "input":
        yield from _text(block.get("label"), f"{path}.label", 2000, plain=True)
        if "hint" in block:
            yield from _text(block["hint"], f"{path}.hint", 2000, plain=True)
        yield from element_breaches(block.get("element") or {}, f"{path}.element", IN_INPUT)
    elif kind == "image":
        yield from _image(block, path)
        if "title" in block:
            yield from _text(block["title"], f"{path}.title", 2000, plain=True)
    elif kind == "markdown":
        if not block.get("text"):
            yield f"{path}.text", "needed"
        yield from _string(block, "text", path, MARKDOWN_TOTAL)
    elif kind not in OTHER_BLOCKS:
        yield path, f"unknown block type {kind!r}"


def elements_of(block: Json) -> list[Json]:
    """Interactive elements of a block, in the order shown."""
    if block.get("type") == "actions":
        return list(block.get("elements") or [])
    if block.get("type") == "input":
        return [block["element"]] if block.get("element") else []
    return [block["accessory"]] if block.get("accessory") else []


def block_breaches(blocks: object, most: int) -> Iterator[Breach]:
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        yield "blocks", "a list of block objects is needed"
        return
    if len(blocks) > most:
        yield "blocks", f"at most {most} blocks, {len(blocks)} came"
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        yield "blocks", f"block_id {twice!r} appears twice"
    for i, block in enumerate(blocks):
        yield from _block(block, f"blocks[{i}]")
    if sum(text_length(b.get("text")) for b in blocks if b.get("type") == "markdown") > MARKDOWN_TOTAL:
        yield "blocks", f"markdown blocks together at most {MARKDOWN_TOTAL} characters"
    if sum(bool(e.get("focus_on_load")) for b in blocks for e in elements_of(b)) > 1:
        yield "blocks", "focus_on_load on one element only"


def view_breaches(view: Any, kind: str) -> Iterator[Breach]:
    """`kind` is `modal` or `home`, whichever the method takes."""
    if not isinstance(view, dict) or view.get("type") != kind:
        yield "type", f"a view of type {kind!r} is needed"
        return
    yield from block_breaches(view.get("blocks"), VIEW_BLOCKS)
    if not view.get("blocks") and kind == "modal":
        yield "blocks", "at least 1 needed"
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        for path, rule in _string(view, key, "view", most):
            yield path.removeprefix("view."), rule
    if kind == "modal":
        yield from _text(view.get("title"), "title", 24, plain=True)
        for key in ("submit", "close"):
            if view.get(key) is not None:
                yield from _text(view[key], key, 24, plain=True)
        if any(b.get("type") == "input" for b in view.get("blocks") or []) and not view.get("submit"):
            yield "submit", "needed when an input block exists"
