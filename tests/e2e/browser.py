"""A real Chromium, driven through its DevTools protocol: one tab, nothing that reaches beyond this machine."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--remote-debugging-port=0",
)  # fmt: skip


class Page:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = 0
        self.complaints: list[str] = []
        self.requested: list[str] = []

    def call(self, method: str, **params: Any) -> Any:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=20))
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return answer["result"]
            self._hear(answer)

    def _hear(self, event: dict[str, Any]) -> None:
        if event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(event["params"]["exceptionDetails"].get("exception", event["params"])))
        if event.get("method") == "Network.requestWillBeSent":
            self.requested.append(event["params"]["request"]["url"])
        if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
            self.complaints.append(event["params"]["entry"]["text"])

    def run(self, script: str) -> Any:
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait(self, condition: str) -> None:
        ends = time.monotonic() + 15
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < ends, f"still not true: {condition}\n{self.complaints}"
            time.sleep(0.05)

    def press(self, key: str, code: int = 0) -> None:
        text = {"Enter": "\r"}.get(key, "")
        what = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", **what, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **what)

    def type(self, words: str) -> None:
        self.call("Input.insertText", text=words)

    def look(self, width: int, height: int, scheme: str) -> None:
        mobile = width < 600
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1.5, mobile=mobile)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, name: str) -> None:
        where = os.environ.get("RONDO_SCREENSHOTS")
        if where:
            time.sleep(0.7)
            Path(where).mkdir(parents=True, exist_ok=True)
            shot = self.call("Page.captureScreenshot", format="png")
            (Path(where) / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def opened(folder: Path) -> Iterator[Page]:
    """An empty tab of a browser that ends with the context; its profile and log lie in `folder`."""
    assert CHROMIUM is not None
    said = folder / "chromium.log"
    with said.open("w") as log:
        browser = subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        ends = time.monotonic() + 30
        while (found := re.search(r"DevTools listening on ws://([^/]+)/", said.read_text())) is None:
            assert time.monotonic() < ends, said.read_text()
            assert browser.poll() is None, said.read_text()
            time.sleep(0.05)
        tabs = httpx.get(f"http://{found[1]}/json/list", trust_env=False).json()
        tab = next(one for one in tabs if one["type"] == "page")
        with connect(tab["webSocketDebuggerUrl"], max_size=None, proxy=None) as socket:
            page = Page(socket)
            for domain in ("Page", "Runtime", "Log", "Network"):
                page.call(f"{domain}.enable")
            yield page
    finally:
        os.killpg(browser.pid, signal.SIGTERM)
        browser.wait(10)
