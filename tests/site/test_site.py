"""The built site: no link is broken, nothing comes from elsewhere, pages stay small, and a mistake would be noticed."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.house.files import ROOT
from tests.site.conftest import build

DOCS = ROOT / "docs"
LOADED = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src")}
NOT_FETCHED = {"canonical", "alternate", "prev", "next"}
LARGEST_SEARCH = 1_000_000
LARGEST_SITE = 12_000_000
LARGEST_PICTURE = 150_000


class Seen(HTMLParser):
    """What one page links to, loads, and can be jumped to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.pictures: list[dict[str, str]] = []
        self.language = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "img":
            self.pictures.append(given)
        if not (tag == "link" and set(given.get("rel", "").split()) & NOT_FETCHED):
            self.loads += [given[name] for of, name in LOADED if of == tag and name in given]


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, Seen]:
    return {path: Seen(path) for path in sorted(site.rglob("*.html")) if path.name != "404.html"}


def broken(pages: dict[Path, Seen], site: Path) -> Iterator[str]:
    for page, seen in pages.items():
        for link in (*seen.links, *seen.loads):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("data:"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            there = target.is_file() and (not anchor or target not in pages or anchor in pages[target].ids | {"__search", "top"})
            if not there:
                yield f"{page.relative_to(site)}: {link}"


def test_every_link_and_anchor_of_every_built_page_leads_somewhere(pages: dict[Path, Seen], site: Path) -> None:
    assert list(broken(pages, site)) == []


def test_every_page_of_docs_is_on_the_site(pages: dict[Path, Seen], site: Path) -> None:
    built = {path.relative_to(site).with_suffix("").as_posix() for path in pages}
    written = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert written - built == set()
    assert "changelog" in built


def test_nothing_is_loaded_from_another_host(pages: dict[Path, Seen]) -> None:
    assert [f"{page}: {what}" for page, seen in pages.items() for what in seen.loads if urlsplit(what).netloc] == []
    assert not any("fonts.g" in page.read_text(encoding="utf-8") or 'class="mermaid"' in page.read_text() for page in pages)


def test_korean_pages_say_so_and_speak_korean_around_the_text_too(pages: dict[Path, Seen], site: Path) -> None:
    for page, seen in pages.items():
        assert seen.language == ("ko" if page.relative_to(site).parts[0] == "ko" else "en"), page
    assert "목차" in (site / "ko" / "employees.html").read_text(encoding="utf-8")


def test_no_page_shows_the_signs_it_is_written_with(pages: dict[Path, Seen]) -> None:
    """Lists, tables and code that need a blank line or four spaces more than other readers of Markdown ask for."""
    left = re.compile(r"<(p|li)>(?:(?!</\1>).)*?(?:```|\n\s*(?:[-*] |\d+\. |\| ?-{3}))", re.DOTALL)
    assert [page.name for page in pages if left.search(page.read_text(encoding="utf-8"))] == []
    flat = [path.name for path in DOCS.rglob("*.md") if re.search(r"^ {1,3}```", path.read_text(encoding="utf-8"), re.MULTILINE)]
    assert flat == [], "code inside a list is indented by four spaces"


def test_every_picture_says_in_words_what_it_shows_and_is_light(pages: dict[Path, Seen]) -> None:
    for page, seen in pages.items():
        for picture in seen.pictures:
            assert picture.get("alt") or "logo" in picture["src"] or "mark.svg" in picture["src"], f"{page}: {picture['src']}"
    assert [path.name for path in DOCS.glob("images/*.png") if path.stat().st_size > LARGEST_PICTURE] == []


def test_every_picture_is_shown_somewhere(pages: dict[Path, Seen]) -> None:
    shown = {Path(picture["src"]).name for seen in pages.values() for picture in seen.pictures}
    shown |= set(re.findall(r"docs/images/([\w.-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {path.name for path in DOCS.glob("images/*.png")} - shown == set()


def test_search_knows_both_languages_and_leaves_the_gallery_out(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert index["config"]["lang"] == ["en", "ko"]
    found = {one["location"].split("#")[0] for one in index["docs"]}
    assert {"ko/employees.html", "guides/employees.html", "settings.html"} <= found
    assert "gallery.html" not in found


def test_long_names_in_tables_may_break_and_are_still_found_whole(site: Path) -> None:
    page = (site / "settings.html").read_text(encoding="utf-8")
    assert "<td><code>RONDO_<wbr>HEARTBEAT_<wbr>URL</code></td>" in page
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert any(one["location"].startswith("settings.html") and "RONDO_HEARTBEAT_URL" in one["text"] for one in index["docs"])


def test_the_site_stays_small(site: Path) -> None:
    assert (site / "search" / "search_index.json").stat().st_size < LARGEST_SEARCH
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < LARGEST_SITE


MISTAKES = {
    "[a page](no-such-page.md)": "no-such-page.md",
    "[a place](settings.md#no-such-place)": "#no-such-place",
    "[absolute](/settings.md)": "/settings.md",
    "![a picture](images/no-such-picture.png)": "no-such-picture.png",
}
"""What somebody may write, and what the build then names."""


def test_a_mistake_is_named_and_breaks_the_build(tmp_path: Path) -> None:
    for name in ("mkdocs.yml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "tests" / "site").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "site" / "hooks.py", tmp_path / "tests" / "site" / "hooks.py")
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("gallery.md"))
    (tmp_path / "docs" / "gallery.md").write_text("# Everything Rondo says\n\n## Help\n", encoding="utf-8")
    (tmp_path / "docs" / "orphan.md").write_text("# In no navigation\n", encoding="utf-8")
    with (tmp_path / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n" + "\n\n".join(MISTAKES) + "\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    assert [said for said in (*MISTAKES.values(), "orphan.md") if said not in done.stderr] == []
    assert done.stderr.count("WARNING") == len(MISTAKES) + 1, "each of them alone breaks it, and nothing else does"


def test_links_of_the_readme_lead_somewhere() -> None:
    words = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", words)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []
