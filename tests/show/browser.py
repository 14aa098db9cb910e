"""A headless Chromium, driven over its debugging pipe (the DevTools protocol): no package, no port, no network."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip
PATIENCE = 30.0  # seconds for an answer
# Chromium reads what it is told on descriptor 3 and answers on 4.
LAUNCH = "import os, sys; r, w = map(int, sys.argv[1:3]); os.dup2(r, 3); os.dup2(w, 4); os.execv(sys.argv[3], sys.argv[3:])"
KEYS = {"ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35, "Escape": 27, "Tab": 9, " ": 32}


class Browser:
    """One running browser with an empty profile of its own; `close` ends it."""

    def __init__(self) -> None:
        found = next(filter(None, map(shutil.which, EXECUTABLES)), None)
        if found is None:
            raise RuntimeError("the tests of the page need Chromium: apt-get install chromium (Debian's package)")
        self._profile = tempfile.TemporaryDirectory(prefix="wengert-chromium-", ignore_cleanup_errors=True)
        told, self._tell = _high(os.pipe())
        self._listen, answered = _high(os.pipe())
        command = [found, *FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(told), str(answered), *command],
            pass_fds=(told, answered), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(told)
        os.close(answered)
        self._buffer = b""
        self._last = 0
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """What the browser answers; events that come meanwhile are kept."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._tell, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._next(end)
            if answer is None:
                raise TimeoutError(f"Chromium gave no answer to {method} within {PATIENCE:g} s")
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def page(self, address: str, width: int = 1280, height: int = 900, scripts: bool = True, dark: bool = False) -> Page:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, target)
        page.call("Page.enable")
        page.call("Runtime.enable")
        page.call("Log.enable")
        page.call("Network.enable")
        page.size(width, height)
        page.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        page.dark(dark)
        page.open(address)
        return page

    def close(self) -> None:
        if self._process.poll() is None:
            try:
                self.call("Browser.close")
                self._process.wait(10)
            except (OSError, TimeoutError, EOFError, subprocess.TimeoutExpired):
                self._process.kill()
                self._process.wait()
        os.close(self._tell)
        os.close(self._listen)
        self._profile.cleanup()

    def _next(self, end: float) -> dict[str, Any] | None:
        """The next message, None where none comes in time."""
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._listen], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return None
            more = os.read(self._listen, 1 << 20)
            if not more:
                raise EOFError("Chromium has ended")
            self._buffer += more
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


class Page:
    """One page: what a person does there, and what can be seen."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self.browser, self.session, self.target = browser, session, target

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.browser.call(method, self.session, **parameters)

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)
        self.until(lambda: any(e["method"] == "Page.loadEventFired" for e in self._events()), "the page is loaded")

    def size(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def dark(self, dark: bool) -> None:
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def evaluate(self, expression: str) -> Any:
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        code = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
        with self._heard("keydown"):
            self.call("Input.dispatchKeyEvent", type="keyDown", **code)
            self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def click(self, selector: str) -> None:
        """A click of the mouse in the middle of the first element that matches, scrolled into sight and at rest."""
        box = self.evaluate(
            f"(async () => {{ const e = document.querySelector({json.dumps(selector)});"
            " const frame = () => new Promise(requestAnimationFrame); const place = () => {"
            " const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; };"
            " await frame(); await frame(); e.scrollIntoView({block: 'nearest', inline: 'nearest'});"
            " let before = null; let now = place();"
            " while (String(before) !== String(now)) { before = now; await frame(); await frame(); now = place(); }"
            " return now; })()"
        )
        at = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
        with self._heard("click"):
            self.call("Input.dispatchMouseEvent", type="mousePressed", **at)
            self.call("Input.dispatchMouseEvent", type="mouseReleased", **at)

    @contextmanager
    def _heard(self, event: str) -> Iterator[None]:
        """Ends when the page has dealt with the event: on a busy machine it comes some time after it was sent."""
        listening = f"addEventListener('{event}', () => setTimeout(done), {{once: true, capture: true}})"
        self.evaluate(f"window.heard = new Promise((done) => {listening}); 0")
        yield
        assert self.evaluate("Promise.race([heard.then(() => true), new Promise((r) => setTimeout(r, 20000))])"), event

    def until(self, holds: Callable[[], Any], what: str, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
            self.evaluate("1")

    def complaints(self) -> list[str]:
        """Errors and warnings of the console, exceptions, and requests for anything but files and data."""
        found = []
        for event in self._events():
            parameters = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(parameters["exceptionDetails"]))
            elif event["method"] == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                found.append(json.dumps(parameters["args"]))
            elif event["method"] == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(json.dumps(parameters["entry"]))
        return found

    def requests(self) -> list[str]:
        return [e["params"]["request"]["url"] for e in self._events() if e["method"] == "Network.requestWillBeSent"]

    def screenshot(self, path: Path, whole: bool = False) -> None:
        path.write_bytes(b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"]))

    def pdf(self) -> bytes:
        return b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def close(self) -> None:
        self.browser.call("Target.closeTarget", targetId=self.target)

    def _events(self) -> list[dict[str, Any]]:
        return [e for e in self.browser.events if e.get("sessionId") == self.session]


def _high(ends: tuple[int, int]) -> tuple[int, int]:
    """The ends of a pipe under numbers of their own: 3 and 4 are Chromium's."""
    import fcntl

    made = []
    for end in ends:
        made.append(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10))
        os.close(end)
    return made[0], made[1]
