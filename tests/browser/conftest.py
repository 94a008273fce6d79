"""A real browser on the portal as it runs, with a database of its own."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from tests import chromium
from tests.browser.site import fill, serve
from tests.browser.visitor import PATIENCE, Visitor
from tests.portals import made_once

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def browser_page(live_server, tree, monkeypatch):
    """A window, in French; an error of the page's own scripts fails the test.

    It is opened after the database is set up and closed before it is emptied: while sync Playwright runs its event loop,
    Django uses another connection, without what it keeps of the database's first state. Nobody else would close that one.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        page = browser.new_page(locale="fr-FR", viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        browser.close()
        wait_for_requests_under_way()
        connections.close_all()
    assert not errors, errors


def wait_for_requests_under_way() -> None:
    """Let the live server end what a browser that is gone had asked for: the database is about to be emptied under it."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE / 1000)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory, portal_template):
    """The folder of a demonstration, made once for all processes of the tests."""
    return made_once(tmp_path_factory, "demonstration", partial(fill, template=portal_template))


@pytest.fixture(scope="module")
def browser():
    """One browser for the tests of a module that leave the database of the tests alone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(demonstration, tmp_path_factory):
    """The demonstration, running, to be read (and told what was not found): nobody writes the index, and no task is done."""
    with serve(demonstration, tmp_path_factory.mktemp("site") / "var") as site:
        yield site


@pytest.fixture
def visitor(browser, site):
    """Return a function that opens a visitor's window; at the end, none may have had a problem or got a cookie."""
    opened: list[tuple[Visitor, set[str]]] = []

    def visitor(language="fr", *, cookies=frozenset(), **options) -> Visitor:
        opened.append((Visitor(browser, site.address, language, **options), set(cookies)))
        return opened[-1][0]

    yield visitor
    for one, cookies in opened:
        one.close(cookies)
