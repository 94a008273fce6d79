"""A visitor's browser: one window that keeps what a visitor must never meet."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, Response

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
#: Milliseconds; what does not come on a busy machine in that time never does.
PATIENCE = 60_000
LOCALES = {"fr": "fr-BF", "en": "en-GB", "es": "es-PE", "pt": "pt-CV"}


class Visitor:
    """A new window on a phone; `problems` holds errors of scripts, failed requests and other hosts."""

    def __init__(self, browser: Browser, address: str, language: str, **options) -> None:
        self.address, self.language = address, language
        self.problems: list[str] = []
        self.expect_missing = False
        self.context = browser.new_context(**({"locale": LOCALES[language], "viewport": PHONE} | options))
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._hear)
        self.page.on("request", self._see)
        self.page.on("requestfailed", self._miss)
        self.page.on("response", self._receive)

    def _hear(self, message) -> None:
        if message.type in ("error", "warning") and not (self.expect_missing and "404" in message.text):
            self.problems.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(f"{self.address}/"):
            self.problems.append(f"third party: {request.url}")

    def _miss(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the visitor went on before it came
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _receive(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"answer {response.status}: {response.url}")

    def go(self, path: str) -> Page:
        """Open a path of the portal."""
        self.page.goto(self.address + path)
        return self.page

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def results(self) -> list[str]:
        """Return the addresses of the items listed, in order."""
        return self.page.locator(".results .item-title a").evaluate_all("links => links.map(a => a.pathname)")

    def close(self, cookies: set[str] = frozenset()) -> None:
        """Close the window. Fails on any problem, and on a cookie that was not expected."""
        found = {cookie["name"] for cookie in self.context.cookies()}
        self.context.close()
        assert not self.problems, self.problems
        assert found <= cookies, found
