"""Reads rendered messages back: what a person sees, what a button sends, and whether anything could be parsed."""

from collections.abc import Iterator
from typing import Any

from bot.talk.actions import Action, decode
from bot.talk.cards import Buttons, Card, Chart, Divider, Facts, Form, Heading, Note, Paragraph
from bot.talk.text import words_of

Json = dict[str, Any]

SLACK_TYPES = {
    "actions", "button", "context", "datepicker", "divider", "header", "home", "input", "modal", "plain_text",
    "plain_text_input", "rich_text", "rich_text_section", "static_select", "text",
}  # fmt: skip
"""Everything a Slack message of ours is made of; none of these is parsed."""
TEAMS_TYPES = {
    "Action.Execute", "Action.Submit", "ActionSet", "AdaptiveCard", "Input.ChoiceSet", "Input.Date", "Input.Text",
    "RichTextBlock", "TextRun", "message", "task/fetch",
}  # fmt: skip


def objects(item: object) -> Iterator[Json]:
    """Every object in a JSON value."""
    if isinstance(item, dict):
        yield item
        for value in item.values():
            yield from objects(value)
    elif isinstance(item, list):
        for value in item:
            yield from objects(value)


def types_in(item: object) -> set[str]:
    return {str(found["type"]) for found in objects(item) if "type" in found}


def slack_actions(rendered: Json) -> list[Action]:
    return [decode(found["value"]) for found in objects(rendered["blocks"]) if found.get("type") == "button"]


def slack_words(rendered: Json) -> str:
    """Every character somebody can read, in order."""
    return "\n".join(_slack_lines(rendered["blocks"]))


def _slack_lines(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        match str(block["type"]):
            case "rich_text":
                yield "".join(span["text"] for section in block["elements"] for span in section["elements"])
            case "header":
                yield block["text"]["text"]
            case "context":
                yield from (element["text"] for element in block["elements"])
            case "actions":
                yield from (element["text"]["text"] for element in block["elements"])
            case "input":
                yield block["label"]["text"]
            case _:
                pass


def teams_actions(card: Json) -> list[Action]:
    """What each button sends, in both of its forms."""
    found = []
    for block in card["body"]:
        for press in block.get("actions", ()):
            found.append(decode(press["data"]["rondo"]))
            assert "fallback" not in press or press["fallback"]["data"] == press["data"]
    return found


def teams_words(card: Json) -> str:
    lines = []
    for block in card["body"]:
        if block["type"] == "RichTextBlock":
            lines.append("".join(run["text"] for run in block["inlines"]))
        else:
            lines += [press["title"] for press in block.get("actions", ())] + [block.get("label", "")]
    return "\n".join(lines)


def texts_of(card: Card | Form) -> Iterator[tuple[str, bool]]:
    """The lines of a card that have words on them, and whether they are small print."""
    for part in card.elements if isinstance(card, Card) else card.parts:
        match part:
            case Heading(text=text):
                yield text, False
            case Paragraph(text=spans):
                yield from ((line, False) for line in words_of(spans).split("\n") if line.strip())
            case Note(text=spans):
                yield from ((line, True) for line in words_of(spans).split("\n") if line.strip())
            case Facts(pairs=pairs):
                yield from ((line, False) for _, value in pairs for line in words_of(value).split("\n") if line.strip())
            case Buttons() | Divider() | Chart():
                pass
            case field:
                yield field.label, False
