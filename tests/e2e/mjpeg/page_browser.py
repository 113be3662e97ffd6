# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium through playwright-core, for tests of shm-mjpeg's page: one browser for a script, with a
context of its own for each page. Skips where there is no Chromium, no node, or no playwright-core."""
import atexit
import json
import os
import shutil
import subprocess

from e2e import Failure, check, skip, wait_until

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "browser")
_browser = None


class Browser:
    """The driver, which runs until this script ends."""

    def __init__(self):
        node = shutil.which("node") or skip("node is not installed")
        chromium = shutil.which("chromium") or skip("chromium is not installed")
        folder = os.environ.get("SHMVIDEO_BROWSER", "")
        if not os.path.isdir(os.path.join(folder, "node_modules", "playwright-core")):
            skip("playwright-core is not installed: script/bootstrap-browser does it")
        self._process = subprocess.Popen([node, os.path.join(FOLDER, "driver.mjs"), folder, chromium],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        atexit.register(self._end)

    def _end(self):
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def call(self, method, **values):
        self._process.stdin.write(json.dumps({"method": method, **values}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        check(line, "the browser has ended")
        answer = json.loads(line)
        check("error" not in answer, lambda: f"{method} {values}: {answer['error']}")
        return answer["value"]


class Page:
    """A page in a context of its own: nothing that another one kept is known to it."""

    def __init__(self, url, width=1280, height=800, **options):
        global _browser
        _browser = _browser or Browser()
        self._index = _browser.call("open", url=url, width=width, height=height, **options)

    def call(self, method, **values):
        return _browser.call(method, page=self._index, **values)

    def value(self, expression):
        """What a JavaScript expression comes to."""
        return self.call("value", expression=expression)

    def text(self, selector):
        return self.value(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def count(self, selector):
        return self.value(f"document.querySelectorAll({json.dumps(selector)}).length")

    def is_shown(self, selector):
        return self.value(f"!!document.querySelector({json.dumps(selector)})?.checkVisibility()")

    def wait_for(self, expression, seconds=40, what=None):
        """Waits until the expression is true, and gives its value."""
        return wait_until(lambda: self.value(expression), seconds,
                          lambda: f"{what or expression}; the page says: {self.text('body')!r} {self.told()}")

    def wait_for_text(self, selector, text, seconds=40):
        wait_until(lambda: text in self.text(selector), seconds,
                   lambda: f"'{text}' in {selector}, which says '{self.text(selector)}'")

    def told(self):
        """What went to the console, but for what a server that is away and drawn() make the browser say."""
        expected = ("Failed to load resource", "willReadFrequently")
        return [line for line in self.call("told") if not any(each in line for each in expected)]

    def close(self):
        self.call("close")


def tile(name):
    """A selector for the tile of that stream."""
    return f'.tile[data-id="{name}"]'


def drawn(selector):
    """An expression: a number that changes with the picture on a canvas, 0 for none."""
    return ("(() => { const canvas = document.querySelector(%s); if (!canvas || canvas.width <= 16) return 0;"
            " const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
            " let sum = 0; for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] + data[i + 1]) | 0;"
            " return sum || 1; })()" % json.dumps(selector + " canvas"))


def check_moves(page, selector, times=2):
    """The picture there is another one, and again."""
    before = page.wait_for(drawn(selector), what=f"a picture in {selector}")
    for _ in range(times):
        before = page.wait_for(f"{drawn(selector)} !== {before} && {drawn(selector)}", what=f"{selector} to move")


__all__ = ["Failure", "Page", "check_moves", "drawn", "tile"]
