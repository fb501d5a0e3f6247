"""docs/cli.md as it follows from the code: every command of `rondo` with its arguments and options."""

from collections.abc import Iterator
from enum import EnumMeta
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.main import get_command

from adapters.cli import app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
HEAD = """# Command line

Written by `make docs` from `adapters/cli.py`; edit that, not this page. `rondo --help` and `rondo COMMAND --help` say the same.

Every command reads its [settings](settings.md) from the environment and from `.env` in the working directory. Exit 0: done. 1: it
failed, with one line on standard error that says what to do. 2: wrong usage. `rondo demo` and `rondo simulate` need no settings.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_commands(get_command(app), "rondo")])


def _commands(group: Any, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        elif not command.hidden:
            yield from _command(command, f"{path} {name}")


def _command(command: Any, path: str) -> Iterator[str]:
    arguments = [one for one in command.params if not one.opts[0].startswith("-")]
    options = [one for one in command.params if one.opts[0].startswith("-")]
    choices = _choices(command.callback)
    written = "".join(f" {_argument(one, choices)}" for one in arguments)
    yield f"## `{path}`\n"
    yield f"```\n{path}{written}{' [OPTIONS]' if options else ''}\n```\n"
    yield " ".join((command.help or "").split()) + "\n"
    if options:
        yield "| option | default | what it does |\n| --- | --- | --- |"
        for one in options:
            yield f"| {_flags(one)} | {_default(one)} | {_cell(_help(one, choices))} |"
        yield ""


def _argument(argument: Any, choices: dict[str, str]) -> str:
    return str(argument.metavar or choices.get(argument.name) or argument.name.upper())


def _flags(option: Any) -> str:
    metavar = "" if option.is_flag else f" {option.metavar or option.name.upper().replace('_', '-')}"
    return ", ".join(f"`{flag}{metavar}`" for flag in (*option.opts, *option.secondary_opts))


def _default(option: Any) -> str:
    value = option.default
    if option.is_flag:
        return f"`{(option.opts if value else option.secondary_opts)[0]}`" if value or option.secondary_opts else "off"
    return "none" if value in (None, "", ()) else f"`{getattr(value, 'value', value)}`"


def _help(option: Any, choices: dict[str, str]) -> str:
    known = choices.get(option.name)
    return f"{option.help or ''}{f' One of `{known}`.' if known else ''}".strip()


def _choices(callback: Any) -> dict[str, str]:
    """What may stand where the code has a fixed choice, by the name of the parameter."""
    found = {}
    for name, hint in get_type_hints(callback).items():
        kinds = [one for one in (hint, *get_args(hint)) if isinstance(one, EnumMeta)]
        if kinds:
            members: list[Any] = list(kinds[0])
            found[name] = "|".join(str(one.value) for one in members)
    return found


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
