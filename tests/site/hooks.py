"""What MkDocs is told beyond mkdocs.yml: folders in the navigation, the changelog, Korean pages, a gallery out of search."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """`folder/*` in the navigation becomes every page of that folder, in the order of their names."""
    config.nav = _spread(config.nav, Path(config.docs_dir))
    return config


def _spread(nav: Any, docs: Path) -> Any:
    match nav:
        case list():
            return [one for item in nav for one in _pages(item, docs)]
        case dict():
            return {title: _spread(under, docs) for title, under in nav.items()}
        case _:
            return nav


def _pages(item: Any, docs: Path) -> Iterator[Any]:
    if isinstance(item, str) and item.endswith("/*"):
        yield from (path.relative_to(docs).as_posix() for path in sorted((docs / item[:-2]).glob("*.md")))
    else:
        yield _spread(item, docs)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """CHANGELOG.md of the repository is a page, too; what it links to under docs/ lies beside it there."""
    words = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=re.sub(r"\]\(docs/", "](", words)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The gallery is everything Rondo says, twice: looked through, not searched. Diagrams become tables."""
    if page.file.src_uri == "gallery.md":
        page.meta["search"] = {"exclude": True}
    return re.sub(r"^```mermaid\n(.*?)^```$", _arrows, markdown, flags=re.MULTILINE | re.DOTALL)


def _arrows(diagram: re.Match[str]) -> str:
    """A state diagram as a table: the theme would fetch the script that draws it from another host."""
    found = re.findall(r"^ *(\S+) --> (\S+?)(?:: (.*))?$", diagram[1], re.MULTILINE)
    ends = ("start", "end")
    rows = [f"| {left} | {right} | {steps} |".replace("[*]", ends[left != "[*]"]) for left, right, steps in found]
    return "\n".join(["| from | to | by |", "| --- | --- | --- |", *rows])


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Names in tables may break after their signs; docs/assets/site.css lets them on narrow screens."""
    return re.sub(r"<td[^>]*>.*?</td>", lambda cell: re.sub(r"(?<=<code>)[^<]+", _breaking, cell[0]), html, flags=re.DOTALL)


def _breaking(name: re.Match[str]) -> str:
    return re.sub(r"(?<=[a-zA-Z0-9])([_./:=]+)(?=[a-zA-Z0-9{])", r"\1<wbr>", name[0])


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Any) -> dict[str, Any]:
    """Pages below ko/ are marked as Korean, and what the theme itself says is Korean there."""
    config.theme["language"] = "ko" if page.file.src_uri.startswith("ko/") else "en"
    return context
