"""The site in a real Chromium, narrow and wide, light and dark: nothing is fetched elsewhere, and search finds Korean."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.browser import CHROMIUM, Page, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: the site is not looked at"),
]

LOOKS = (("wide", 1400, 1000), ("narrow", 360, 740))
LOOKED_AT = (
    "index", "quick-start", "guides/managers", "ko/employees", "install", "troubleshooting", "settings", "operations", "rules",
    "commands", "api", "escalation", "architecture", "reliability", "how-to/add-a-rule",
)  # fmt: skip
COLOURS = (Path(__file__).parent / "colours.js").read_text(encoding="utf-8")
ENOUGH, ENOUGH_OF_A_LINE = 4.5, 3.0
"""WCAG 2.2 AA: text against what is behind it; the line around what has the keyboard."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with opened(tmp_path) as page:
        yield page
        assert page.complaints == []


def seen(what: str) -> str:
    """A script that asks one of the functions of colours.js."""
    return f"(() => {{ {COLOURS}\nreturn {what}; }})()"


def visit(page: Page, address: str, name: str) -> None:
    page.call("Page.navigate", url=f"{address}/{name}.html")
    page.wait(f"location.pathname === '/{name}.html' && document.readyState === 'complete'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_narrow_and_wide_in_light_and_dark(page: Page, address: str, scheme: str) -> None:
    for look, width, height in LOOKS:
        page.look(width, height, scheme)
        for name in LOOKED_AT:
            visit(page, address, name)
            assert page.run("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways, {look}"
            drawn = page.run("document.body.dataset.mdColorScheme")
            assert drawn == ("slate" if scheme == "dark" else "default"), f"{name}, {look}"
            pale = page.run(seen(f"pale({ENOUGH})"))
            assert pale == [], f"{name}, {look}, {scheme}"
            page.picture(f"{name.replace('/', '-')}-{look}-{scheme}")
    elsewhere = [one for one in page.requested if not one.startswith((address, "data:"))]
    assert elsewhere == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_can_see_where_the_keyboard_is(page: Page, address: str, scheme: str) -> None:
    page.look(1400, 1000, scheme)
    visit(page, address, "quick-start")
    found = set()
    for _ in range(60):
        page.press("Tab", 9)
        where, style, ratio = page.run(seen("focused()"))
        if where.startswith("BODY"):
            break  # round the page once
        found.add(where)
        assert style not in ("none", "hidden"), where
        assert ratio >= ENOUGH_OF_A_LINE, f"{where}: {ratio:.2f}"
    assert {"md-tabs__link", "md-nav__link", "headerlink"} <= {name for where in found for name in where.split()}


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("ko/index", "걸림돌", "ko/employees.html"),
        ("ko/index", "건너뛰", "ko/employees.html"),
        ("index", "quiet hours", "rules.html"),
        ("index", "RONDO_HEARTBEAT_URL", "settings.html"),
    ],
)
def test_search_finds_words_of_both_languages(page: Page, address: str, name: str, words: str, found: str) -> None:
    page.look(1400, 1000, "light")
    visit(page, address, name)
    page.run("document.querySelector('.md-search__input').focus()")
    page.type(words)
    page.wait(f"[...document.querySelectorAll('.md-search-result__link')].some((one) => one.href.includes({found!r}))")
