"""What the code itself never does (ASVS V1, V11, V14.3.3, V15.3.6): read from its source."""

import ast
import re
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tests.house.files import ROOT, python_in, where

ROOMS = ("bot", "adapters", "scheduler", "storage", "prompts")
PAGE = ROOT / "adapters" / "local"


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Place, call, and what is called as it is written."""
    for _, path, source in python_in(*ROOMS):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                yield f"{where(path)}:{node.lineno}", node, ast.unparse(node.func)


def imported() -> set[str]:
    return {
        name
        for _, _, source in python_in(*ROOMS)
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip


def test_nothing_dangerous_is_called() -> None:
    """No text is run, no command line is made, nothing is unpickled, no XML and no YAML is read."""
    functions = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.spawnv", "builtins.eval"}
    assert [place for place, _, name in calls() if name in functions] == []
    modules = {
        "pickle",
        "marshal",
        "shelve",
        "subprocess",
        "xml",
        "lxml",
        "yaml",
        "dill",
        "jsonpickle",
        "pty",
        "commands",
        "xmlrpc",
    }
    assert {name for name in imported() if name.partition(".")[0] in modules} == set()


def _is_text_put_together(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod | ast.Add) and any(
            isinstance(end, ast.Constant | ast.JoinedStr) for end in (node.left, node.right)
        )
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


FROM_OUR_OWN_LISTS = (
    "storage/engine.py",
    "storage/imports.py",
    "storage/migrate.py",
    "storage/pulse.py",
    "storage/columns.py",
    "storage/migrations/",
    "storage/outbox.py",
    "storage/wipe.py",
)
"""Statements put together from names in the code or of the schema's tables alone: SQL has no parameter there."""


def test_no_sql_is_put_together_from_text() -> None:
    makers = ("text", "sqlalchemy.text", "sa.text", "literal_column", "exec_driver_sql", "op.execute")
    found = [
        place
        for place, node, name in calls()
        if (name in makers or name.endswith(".exec_driver_sql")) and any(map(_is_text_put_together, node.args))
    ]
    assert [place for place in found if not place.startswith(FROM_OUR_OWN_LISTS)] == []


def test_no_pattern_is_built_from_unescaped_text() -> None:
    """A pattern that is put together holds only escaped words, or parts that are constants of the module."""
    found = []
    for place, node, name in calls():
        if not re.fullmatch(r"re\.(compile|search|match|fullmatch|sub|split|findall|finditer)", name) or not node.args:
            continue
        pattern = node.args[0]
        if isinstance(pattern, ast.JoinedStr):
            inner = [part.value for part in pattern.values if isinstance(part, ast.FormattedValue)]
            written = [ast.unparse(part) for part in inner]
            found += [
                f"{place}: {one}"
                for one in written
                if "escape" not in one and not re.fullmatch(r"[A-Z_0-9]+|_?[a-z]+|.*join\(.*", one)
            ]
    assert found == []


def test_no_format_string_comes_from_outside() -> None:
    """`format` and `%` are applied to constants, so that `{0.__class__}` in a note stays a note."""
    found = []
    for place, node, _ in calls():
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "format_map"):
            owner = node.func.value
            if not (isinstance(owner, ast.Constant) or ast.unparse(owner).rpartition(".")[2].isupper()):
                found.append(f"{place}: {ast.unparse(owner)}")
    allowed = ("adapters/teams/about.py", "bot/audit/prompts.py")  # a page's and an audit's own sentences
    assert [one for one in found if not one.startswith(allowed)] == []


def test_phrases_come_from_files_alone() -> None:
    """Templates are read from `prompts/`; what people write goes in as arguments."""
    readers = {
        place.partition(":")[0] for place, _, name in calls() if name.endswith(("FluentResource", "FluentParser", "add_resource"))
    }
    assert readers <= {"prompts/loader.py", "prompts/parser.py"}


def test_urls_are_built_from_encoded_parts() -> None:
    """In an address that is put together every part that is not a constant went through `quote`, or is a host of ours."""
    source = "".join(text for _, path, text in python_in("adapters") if where(path).startswith("adapters/teams/"))
    for part in re.findall(r'f"v3/[^"]*"', source):
        for inner in re.findall(r"\{([^}]*)\}", part):
            assert inner.startswith(("quote(", "urlencode(", "'")) or inner == "chat_path", part


def test_cryptography_comes_from_known_packages() -> None:
    ours = {
        name
        for name in imported()
        if name.partition(".")[0] in ("cryptography", "jwt", "hashlib", "hmac", "secrets", "ssl", "Crypto", "rsa")
    }
    assert {name.partition(".")[0] for name in ours} <= {"cryptography", "jwt", "hashlib", "hmac", "secrets", "ssl"}
    weak = re.compile(
        r"hashlib\.(md5|sha1|new)|modes\.ECB|PKCS1v15|ARC4|TripleDES|CERT_NONE|verify\s*=\s*False|check_hostname\s*=\s*False"
    )
    found = [f"{where(path)}: {hit[0]}" for _, path, source in python_in(*ROOMS) if (hit := weak.search(source))]
    assert found == []


def test_what_must_not_be_guessed_comes_from_secrets() -> None:
    """`random` makes jitter and simulated companies; whatever opens something comes from `secrets`."""
    users = {where(path) for _, path, source in python_in(*ROOMS) if re.search(r"^(import|from) random\b", source, re.MULTILINE)}
    jitter = ("adapters/simulate/", "adapters/directories.py", "scheduler/", "storage/")
    assert {one for one in users if not one.startswith(jitter)} == set(), users
    for place in users:
        source = (ROOT / place).read_text(encoding="utf-8")
        assert not re.search(r"(token|secret|state|nonce|password)\w*\s*=\s*.*random\.", source), place


def test_an_encrypted_value_that_was_changed_is_refused() -> None:
    keys = MultiFernet([Fernet(Fernet.generate_key()), Fernet(Fernet.generate_key())])
    sealed = bytearray(keys.encrypt(b"xoxb-1"))
    for place in range(0, len(sealed), 7):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(InvalidToken):
            keys.decrypt(bytes(changed))


def scripts() -> dict[str, str]:
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(PAGE.rglob("*.js"))}
    assert found
    return found


def test_the_page_uses_no_postmessage_and_no_storage() -> None:
    for name, script in scripts().items():
        for word in (
            "postMessage",
            "sessionStorage",
            "indexedDB",
            "document.cookie",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert word not in script, (name, word)
        for kept in re.findall(r"localStorage\.setItem\((.*)", script):
            assert not re.search(r"text|note|token|email", kept), (name, kept)


def test_the_page_keeps_what_comes_from_outside_out_of_object_keys() -> None:
    for name, script in scripts().items():
        for word in ("__proto__", ".prototype", "Object.assign(window", "constructor["):
            assert word not in script, (name, word)
