"""The playground in a real Chromium, driven through its DevTools protocol. Skipped, with a reason, where there is none.

With RONDO_SCREENSHOTS=DIRECTORY it also leaves pictures there: light, dark, phone, and each look.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from bot.events import Closed, Pressed, Said, Submitted
from tests.adapters.local.stage import LENA, MINA, Stage
from tests.e2e.browser import CHROMIUM, Page, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: the playground's page is not driven"),
]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def serve() -> None:
        async def main() -> None:
            await stage.play()
            await server.serve()

        asyncio.run(main())

    config = uvicorn.Config(stage.app(), host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    stage.ending = server.should_exit = True
    thread.join(10)
    assert not thread.is_alive(), "the open stream kept the server from ending"


@pytest.fixture
def page(address: str, tmp_path: Path) -> Iterator[Page]:
    with opened(tmp_path) as page:
        page.look(1440, 940, "light")
        page.call("Page.navigate", url=address)
        page.wait("document.body?.dataset.ready && document.querySelectorAll('#lines .surface').length > 1")
        yield page
        assert page.complaints == []


LABELS = "[...document.querySelectorAll('#lines li[data-id=m1] .surface button')].map((one) => one.textContent)"


def _click(label: str, within: str = "#lines") -> str:
    return f"""[...document.querySelectorAll({within + " button"!r})].find((one) => one.textContent === {label!r}).click()"""


def _seen(stage: Stage, kind: type, count: int) -> None:
    ends = time.monotonic() + 10
    while sum(isinstance(event, kind) for event in stage.inbound.events) < count:
        assert time.monotonic() < ends, stage.inbound.events
        time.sleep(0.02)


def test_a_card_has_the_same_buttons_in_all_three_looks_and_they_work(page: Page, stage: Stage) -> None:
    labels = page.run(LABELS)
    assert labels[-4:] == ["Open form", "Skip", "Snooze", "Why?"]
    for look, number in (("rondo", 1), ("slack", 2), ("teams", 3)):
        page.run(f"document.querySelector('#skin [data-value={look}]').click()")
        page.wait(f"document.querySelector('li[data-id=m1] .in-{look} button')")
        assert page.run(LABELS) == labels
        page.run(_click("At risk"))
        _seen(stage, Pressed, number)
        page.picture(f"look-{look}")
    pressed = [event.action for event in stage.inbound.events if isinstance(event, Pressed)]
    assert len(set(pressed)) == 1
    assert pressed[0].args == ("c1", "G-03", "at_risk")


def test_what_people_wrote_is_shown_and_never_run(page: Page) -> None:
    for look in ("rondo", "slack", "teams"):
        page.run(f"document.querySelector('#skin [data-value={look}]').click()")
        page.wait(f"document.querySelector('li[data-id=m1] .in-{look} button')")
        shown = page.run("document.querySelector('li[data-id=m1] .surface').textContent")
        assert "<img src=x onerror=" in shown
        assert page.run("document.querySelectorAll('.surface img, .surface script, .surface a').length") == 0
    assert page.run("document.title") == "Rondo playground"


def test_a_form_can_be_filled_in_every_look_keeps_a_draft_and_shows_its_errors(page: Page, stage: Stage) -> None:
    for number, look in enumerate(("rondo", "slack", "teams"), start=1):
        page.run(f"document.querySelector('#skin [data-value={look}]').click()")
        page.wait(f"document.querySelector('li[data-id=m1] .in-{look} button')")
        page.run(_click("Open form"))
        page.wait("document.querySelector('#form').open")
        page.run("document.querySelector('#form [data-field=\"confidence:G-03\"]').focus()")
        page.type("11")
        page.run(_click("Save", "#form"))
        page.wait("document.querySelector('#form [aria-invalid=true]')")
        assert "Confidence is a number from 0 to 10." in page.run("document.querySelector('#form').textContent")
        assert page.run("document.querySelector('#form [data-field=\"confidence:G-03\"]').value") == "11"
        page.picture(f"form-{look}")
        page.press("Escape", 27)
        page.wait("!document.querySelector('#form').open")
        _seen(stage, Closed, number)
    closed = [event for event in stage.inbound.events if isinstance(event, Closed)]
    assert {event.values["confidence:G-03"] for event in closed} == {"11"}
    assert {event.values["value:G-03-1"] for event in closed} == {"46"}
    page.run(_click("Open form"))
    page.wait("document.querySelector('#form').open")
    page.run(_click("Save", "#form"))
    page.wait("!document.querySelector('#form').open")
    submitted = [event for event in stage.inbound.events if isinstance(event, Submitted)]
    assert submitted[-1].values["status:G-03"] == "on_track"


def test_everything_works_from_the_keyboard(page: Page, stage: Stage) -> None:
    page.run("document.querySelector('#composer-text').focus()")
    page.type("/go")
    page.wait("!document.querySelector('#commands').hidden")
    page.press("ArrowDown", 40)
    page.press("Enter", 13)
    assert page.run("document.querySelector('#composer-text').value") == "/goals"
    page.press("Enter", 13)
    _seen(stage, Said, 1)
    page.wait("[...document.querySelectorAll('.bubble')].some((one) => one.textContent === '/goals')")
    page.run("document.querySelector('#people [aria-selected=true]').focus()")
    page.press("ArrowDown", 40)
    page.wait("document.querySelector('#who-name').textContent === '서미나'")
    page.wait("document.documentElement.lang === 'ko'")
    page.wait("document.querySelector('.in-rondo h3')")
    page.picture("korean")
    by = [event.by.user for event in stage.inbound.events]
    assert by == [LENA]


def test_the_next_thing_that_happens_is_told_and_one_press_away(page: Page, stage: Stage) -> None:
    page.run("document.querySelector('.next').click()")
    page.wait("document.querySelector('.toast button')")
    assert "서미나" in page.run("document.querySelector('.toast').textContent")
    assert page.run("document.querySelector('#who-name').textContent") == "Lena Fischer"
    page.picture("toast")
    page.run("document.querySelector('.toast button').click()")
    page.wait(f"document.querySelector('#people [aria-selected=true]').dataset.email === {MINA!r}")
    page.wait("document.querySelector('#clock-local').textContent.includes('10:00')")
    page.picture("next")
    assert len(stage.moves) == 2


def test_it_is_pleasant_in_light_dark_and_on_a_phone(page: Page) -> None:
    for name, width, height, scheme in (
        ("light", 1440, 940, "light"),
        ("dark", 1440, 940, "dark"),
        ("phone", 390, 844, "light"),
        ("phone-dark", 390, 844, "dark"),
        ("tablet", 1000, 800, "light"),
    ):
        page.look(width, height, scheme)
        page.call("Page.reload")
        page.wait(f"innerWidth === {width} && document.body?.dataset.ready")
        assert page.run("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
        page.picture(name)
    page.look(1440, 940, "light")
    page.run("document.querySelector('[data-email^=tobias]').click()")
    page.wait("document.querySelector('#who-name').textContent === 'Tobias Renner'")
    page.wait("document.querySelectorAll('#lines .surface').length > 1")
    page.picture("escalation")
    page.run("document.querySelector('#lines').lastElementChild.querySelector('details summary').click()")
    page.picture("json")
