"""`rondo demo` in a browser, for pictures: be somebody, write, press, let time pass, and photograph what is seen."""

import base64
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from PIL import Image

from tests.e2e.browser import Page, opened

MAX_BYTES = 150_000
"""Of one picture: a page with five of them is there in a second also over a phone."""
COLOURS = 96
LAST = "document.querySelector('#lines').lastElementChild"


class Playground:
    """One tab of the playground. Names of people as the page shows them."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page, self._folder = page, folder

    def be(self, name: str) -> None:
        self._page.run(f"[...document.querySelectorAll('#people li')].find((one) => one.textContent.includes({name!r})).click()")
        self._page.wait(f"document.querySelector('#who-name').textContent === {name!r}")
        self._rest()

    def see_as(self, platform: str) -> None:
        """`slack`, `teams` or `rondo`: how cards are drawn from now on."""
        self._page.run(f"document.querySelector('#skin [data-value={platform}]').click()")
        self._rest()

    def say(self, words: str) -> None:
        before = self._seen()
        self._page.run("document.querySelector('#composer-text').focus()")
        self._page.type(words)
        self._page.press("Escape", 27)
        self._page.run("document.querySelector('#composer').requestSubmit()")
        self._page.wait(f"({_SEEN}) !== {json.dumps(before)} && {LAST}.classList.contains('theirs')")
        self._rest()

    def press(self, label: str, card: str = "") -> None:
        """A button of the newest card that has it and, where `card` is given, these words."""
        before = self._seen()
        found = (
            f"[...document.querySelectorAll('#lines .surface')].filter((one) => one.textContent.includes({card!r}))"
            f".flatMap((one) => [...one.querySelectorAll('button')]).filter((one) => one.textContent === {label!r}).pop()"
        )
        self._page.wait(found)
        self._page.run(f"{found}.click()")
        self._page.wait(f"({_SEEN}) !== {json.dumps(before)} || document.querySelector('#form').open")
        self._rest()

    def choose(self, field: str, value: str) -> None:
        """In the open form: what stands in a field, by its name."""
        self._page.run(
            f"(() => {{ const one = document.querySelector('#form [data-field={json.dumps(field)}]'); one.value = {value!r};"
            " one.dispatchEvent(new Event('change', {bubbles: true})); })()"
        )

    def fields(self) -> list[str]:
        return list(self._page.run("[...document.querySelectorAll('#form [data-field]')].map((one) => one.dataset.field)"))

    def send(self) -> None:
        """Submit the open form."""
        before = self._seen()
        self._page.run("document.querySelector('#form form').requestSubmit()")
        self._page.wait(f"!document.querySelector('#form').open && ({_SEEN}) !== {json.dumps(before)}")
        self._rest()

    def close(self) -> None:
        self._page.press("Escape", 27)
        self._page.wait("!document.querySelector('#form').open")
        self._rest()

    def until(self, name: str, words: str, moves: int = 60) -> None:
        """Lets time pass until somebody reads these words in their conversation."""
        for _ in range(moves):
            self.be(name)
            if words in str(self._page.run("document.querySelector('#lines').textContent")):
                return
            self._page.run("document.querySelector('.next').click()")
            self._page.wait("document.body.classList.contains('moving') || true")
            self._page.wait("!document.body.classList.contains('moving')")
        raise AssertionError(f"{name} never read “{words}”; the last was: {self._page.run(f'{LAST}?.textContent')}")

    def in_sight(self, label: str) -> bool:
        """Whether a button with this label can be seen, on a screen as large as the playground was given, without scrolling."""
        return bool(
            self._page.run(
                f"[...document.querySelectorAll('#lines button')].filter((one) => one.textContent === {label!r}).some((one) =>"
                " { const b = one.getBoundingClientRect();"
                " return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2) === one; })"
            )
        )

    def last(self) -> str:
        return str(self._page.run(f"{LAST}.textContent"))

    def picture_of_card(self, name: str, words: str = "") -> None:
        """The newest card that has these words."""
        found = f"filter((one) => one.textContent.includes({words!r})).pop()"
        self._picture(name, f"[...document.querySelectorAll('#lines .surface')].{found}")

    def picture_of_form(self, name: str) -> None:
        self._picture(name, "document.querySelector('#form')")

    def picture_of_page(self, name: str) -> None:
        self._page.run("document.querySelector('#toasts').replaceChildren()")
        self._picture(name, "document.body")

    def _picture(self, name: str, element: str) -> None:
        self._page.run(f"{element}.scrollIntoView({{block: 'start'}})")
        self._rest()
        box = self._page.run(
            f"(() => {{ const b = {element}.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; }})()"
        )
        clip = {"x": box[0], "y": box[1], "width": box[2], "height": box[3], "scale": 1}
        shot = self._page.call("Page.captureScreenshot", format="png", clip=clip)
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{name}.png").write_bytes(small(base64.b64decode(shot["data"])))

    def _seen(self) -> str:
        return str(self._page.run(_SEEN))

    def _rest(self) -> None:
        self._page.run("new Promise((done) => setTimeout(done, 350))")


_SEEN = "[...document.querySelectorAll('#lines li[data-id]')].map((one) => one.dataset.id + '@' + one.dataset.revision).join()"


def small(png: bytes) -> bytes:
    """The same picture with a palette; fewer colours where it is larger than it may be."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (COLOURS, 48, 24):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= MAX_BYTES:
            break
    return out.getvalue()


@contextmanager
def playground(scratch: Path, pictures: Path, *, width: int = 1180, height: int = 1500, scale: float = 2) -> Iterator[Playground]:
    """A fresh playground that nobody has touched yet, in light colours; it ends with the context."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("rondo")), "demo", "--port", str(port)]
    with (scratch / "demo.log").open("w") as log:
        demo = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        _listening(f"{address}/readyz", scratch / "demo.log", time.monotonic() + 60)
        with opened(scratch) as page:
            page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)
            page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
            page.call("Page.navigate", url=address)
            page.wait("document.querySelectorAll('#people li').length > 5")
            yield Playground(page, pictures)
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(15)


def _listening(address: str, log: Path, ends: float) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=3), trust_env=False) as client:
        while True:
            try:
                if client.get(address).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < ends, log.read_text()
