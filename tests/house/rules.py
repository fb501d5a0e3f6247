"""Each house rule as a function from a source text to the violations in it, so that every rule can be shown to bite.

A violation is `line: words`. `room` is the dotted name of the package a file lives in (`adapters.slack`).
"""

import ast
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping

MAX_LINES = 400
TAKEN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
MAX_DOCSTRING = 6

ROOMS = frozenset({"bot", "adapters", "scheduler", "storage", "prompts", "tests", "benchmarks"})
PLATFORMS = ("adapters.slack", "adapters.teams", "adapters.local")
ROOTS = ("adapters.app", "adapters.cli", "adapters.door")
"""What may see everything."""
PARTS_OF_THE_ROOT = (
    "adapters.auditing",
    "adapters.backups",
    "adapters.mount",
    "adapters.server",
    "adapters.pulses",
    "adapters.checks",
    "adapters.checks_slack",
    "adapters.directories",
    "adapters.health",
    "adapters.importer",
    "adapters.installs",
    "adapters.manifests",
    "adapters.mount_slack",
    "adapters.reader",
    "adapters.upkeep",
    "adapters.exporter",
    "adapters.personal",
)
"""What `app` and `cli` are cut into: they reach across as well, and only the root may import them."""
SIMULATOR = "adapters.simulate"
"""A composition root of its own, without any platform's SDK; `adapters.cli` alone starts it."""


MAY_IMPORT: Mapping[str, frozenset[str]] = {
    "bot": frozenset({"bot"}),
    "prompts": frozenset({"prompts", "bot.talk", "fluent", "babel"}),
    "storage": frozenset({"storage", "bot", "sqlalchemy", "alembic"}),
    "scheduler": frozenset({"scheduler", "bot", "apscheduler"}),
    "adapters.slack": frozenset({"adapters.slack", "bot", "slack_bolt", "slack_sdk", "aiohttp", "fastapi", "starlette"}),
    "adapters.teams": frozenset(
        {"adapters.teams", "bot", "botbuilder", "botframework", "msrest", "httpx", "jwt", "cryptography", "fastapi", "starlette"}
    ),
    "adapters.local": frozenset({"adapters.local", "bot", "fastapi", "starlette", "pydantic"}),
    "adapters.api": frozenset({"adapters.answers", "bot", "fastapi", "starlette", "pydantic"}),
    "adapters.scim": frozenset({"adapters.scim", "adapters.answers", "bot", "fastapi", "starlette", "pydantic"}),
    "adapters.answers": frozenset({"bot", "fastapi", "starlette"}),
    "adapters.simulate": frozenset(
        {
            "adapters.simulate",
            "adapters.calendars",
            "adapters.door",
            "adapters.importer",
            "bot",
            "prompts",
            "scheduler",
            "storage",
            "sqlalchemy",
        }
    ),
}
"""ARCHITECTURE section 2, beside the standard library. A platform's own SDK includes what that SDK is made of."""

IMPURE_MODULES = frozenset(
    {
        "asyncio", "builtins", "ctypes", "getpass", "glob", "http", "importlib", "inspect", "locale", "multiprocessing", "os",
        "pathlib", "pickle", "platform", "queue", "random", "sched", "secrets", "select", "shelve", "shutil", "signal", "socket",
        "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
    }
)  # fmt: skip
IMPURE_CALLS = frozenset(
    {"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint", "globals", "id", "hash"}
)
CLOCKS = frozenset({"now", "utcnow", "today"})
REGISTRIES = "|".join(
    re.escape(".".join(parts))
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("unpkg", "com"), ("jsdelivr", "net"),
        ("anaconda", "org"), ("proxy", "golang", "org"), ("crates", "io"), ("rubygems", "org"), ("docker", "io"), ("ghcr", "io"),
    )
)  # fmt: skip
MACHINE = "|".join(re.escape(f"/{name}/") for name in ("work", "root", "home", "Users")) + r"|[A-Za-z]:\\Users"
_ADDRESS = re.compile(rf"(?P<registry>(?<![\w-])(?:{REGISTRIES})(?![\w-]))|(?<![\w./*])(?P<machine>(?:{MACHINE}))\w")
_INDEX = re.compile(r"--(?:extra-)?index-url[= ]\S|--find-links[= ]\S|registry\s*=\s*http", re.IGNORECASE)


def imports(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of every import; relative ones resolved against `package`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _lies_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def room_of(module: str) -> str:
    """The row of the table a module belongs to; empty: none."""
    rows = [row for row in MAY_IMPORT if _lies_in(module, row)]
    return max(rows, key=len, default="")


def foreign_imports(source: str, module: str, *, package: bool = False) -> list[str]:
    """Imports that the table does not allow to a module. `package`: its `__init__`."""
    room = room_of(module)
    if not room:
        return []
    found = []
    owner = module if package else module.rpartition(".")[0]
    for line, name in imports(source, owner):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or any(_lies_in(name, allowed) for allowed in MAY_IMPORT[room]):
            continue
        if any(_lies_in(allowed, name) for allowed in MAY_IMPORT[room] if "." in allowed) and _names_more(source, line):
            continue  # `from bot import talk`: the longer name is judged by itself
        found.append(f"{line}: {module} may not import {name}")
    return found


def _names_more(source: str, line: int) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.lineno == line for node in ast.walk(ast.parse(source)))


def roots_imported(source: str, module: str) -> list[str]:
    """Imports of the composition root, or of a part of it, from outside it."""
    if module in (*ROOTS, *PARTS_OF_THE_ROOT):
        return []
    wanted: tuple[str, ...] = (ROOTS[0], ROOTS[1], *PARTS_OF_THE_ROOT, SIMULATOR)
    if _lies_in(module, SIMULATOR):
        wanted = tuple(one for one in wanted if one not in (SIMULATOR, "adapters.importer"))  # HR imports, there as here
    return [f"{line}: {module} imports {name}" for line, name in _reaching(source, module, wanted)]


def crossings(source: str, module: str) -> list[str]:
    """Other files of `adapters` that reach across: storage, scheduler, prompts or a platform."""
    if not module.startswith("adapters.") or room_of(module) or module in (*ROOTS, *PARTS_OF_THE_ROOT):
        return []
    across = ("storage", "scheduler", "prompts", *PLATFORMS)
    return [f"{line}: {module} imports {name}" for line, name in _reaching(source, module, across)]


def _reaching(source: str, module: str, packages: Iterable[str]) -> Iterator[tuple[int, str]]:
    own = module.rpartition(".")[0]
    for line, name in imports(source, own):
        if any(_lies_in(name, package) for package in packages):
            yield line, name


def impurities(source: str, module: str) -> list[str]:
    """What the core may not do: clock, chance, environment, files, threads, output; logging outside `bot.turn`."""
    found = []
    for line, name in imports(source, module.rpartition(".")[0]):
        top = name.partition(".")[0]
        if top in IMPURE_MODULES or (top == "logging" and module != "bot.turn"):
            found.append(f"{line}: imports {name}")
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=called)) if called in IMPURE_CALLS:
                found.append(f"{node.lineno}: calls {called}()")
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                if module != "bot.ports":  # ports describe gateways, which await; nothing in the core does
                    found.append(f"{node.lineno}: is async")
            case ast.Global() | ast.Nonlocal():
                found.append(f"{node.lineno}: changes what lies outside")
            case _:
                pass
    return found + clock_reads(source)


def clock_reads(source: str) -> list[str]:
    """`datetime.now()` and its like, `time.time()`: called, or handed on as a function."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in CLOCKS and _is_datetime(owner):
                found.append(f"{node.lineno}: reads the clock with {ast.unparse(node.func)}()")
            case ast.Attribute(value=ast.Name(id="time"), attr="time" | "time_ns" as attr):
                found.append(f"{node.lineno}: reads the clock with time.{attr}")
            case ast.ImportFrom(module="time", names=names) if {"time", "time_ns"} & {alias.name for alias in names}:
                found.append(f"{node.lineno}: imports time.time")
            case _:
                pass
    return found


def _is_datetime(owner: ast.expr) -> bool:
    """`datetime`, `date`, `datetime.datetime`, `dt`, `dt.date`: a class that tells the time, not a clock that was handed in."""
    words = ast.unparse(owner).split(".")
    return words[-1] in ("datetime", "date", "dt", "Timestamp")


def sleeps(source: str) -> list[str]:
    """`time.sleep`, also under another name."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="time"), attr="sleep"):
                found.append(f"{node.lineno}: time.sleep")
            case ast.ImportFrom(module="time", names=names) if any(alias.name == "sleep" for alias in names):
                found.append(f"{node.lineno}: imports time.sleep")
            case _:
                pass
    return found


def taken_fields(source: str) -> list[str]:
    """Fields of a log line that `logging` keeps for itself: it raises KeyError, and only where the line is written at all."""
    tree = ast.parse(source)
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.keyword) or node.arg != "extra":
            continue
        fields = named.get(node.value.id) if isinstance(node.value, ast.Name) else node.value
        if isinstance(fields, ast.Dict):
            keys = {key.value for key in fields.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
            found += [f"{node.value.lineno}: {key}" for key in sorted(keys & TAKEN_FIELDS)]
    return found


def mocks(source: str) -> list[str]:
    """`unittest.mock` and its relatives."""
    return [f"{line}: {name}" for line, name in imports(source, "") if re.match(r"unittest\.mock|mock\b|pytest_mock", name)]


def too_long(source: str) -> list[str]:
    """Files above 400 lines ask for a redesign."""
    lines = len(source.splitlines())
    return [f"{lines}: more than {MAX_LINES} lines"] if lines > MAX_LINES else []


def bad_docstring(source: str) -> list[str]:
    """Every module says what it is for, briefly."""
    said = ast.get_docstring(ast.parse(source))
    if not said:
        return ["1: no module docstring"]
    lines = len(said.splitlines())
    return [f"1: a docstring of {lines} lines, at most {MAX_DOCSTRING}"] if lines > MAX_DOCSTRING else []


def addresses(text: str) -> list[str]:
    """Package registries and paths of one machine, in any file."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for match in _ADDRESS.finditer(line):
            found.append(f"{number}: {'a registry' if match['registry'] else 'a path of one machine'}: {match[0]}")
        if _INDEX.search(line):
            found.append(f"{number}: an index address")
    return found
