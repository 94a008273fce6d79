"""Public pages hold to WCAG 2.2 AA as far as a program can tell, in light and dark; and the keyboard finds its way."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visitor import DESK

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/fr/",
    "search": "/fr/search/?q=tiers+payant+mutuelle&country=SN",
    "results on a map": "/fr/search/?q=mutuelle&view=map",
    "nothing found": "/fr/search/?q=qxvzkw",
    "tell us": "/fr/search/not-found/?q=qxvzkw",
    "experience": "/fr/experiences/mutuelles-de-sante-rwanda/",
    "study": "/fr/studies/regler-directement-centre-soins/",
    "themes": "/fr/concepts/",
    "countries": "/fr/countries/",
    "concept": "/fr/concepts/mutuelle-de-sante/",
    "country": "/fr/countries/SN/",
    "about": "/fr/about/",
    "not found": "/fr/nulle-part/",
}
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize("name", PAGES)
def test_no_violation_of_wcag(visitor, name):
    cookies = {"csrftoken"} if name == "tell us" else set()
    for viewport, scheme in ((None, "light"), (DESK, "dark")):
        one = visitor("fr", cookies=cookies, color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
        one.expect_missing = name == "not found"
        page = one.go(PAGES[name])
        page.locator("details").evaluate_all("all => all.forEach(element => { element.open = true })")
        found = Axe().run(page, options=OPTIONS).response["violations"]
        told = [(rule["id"], [node["html"][:160] for node in rule["nodes"]][:5]) for rule in found]
        assert told == [], scheme


def test_the_keyboard_reaches_content_search_and_results(visitor):
    one = visitor("fr", viewport=DESK)
    page = one.go("/fr/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("tiers payant")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=tiers+payant")
    link = page.locator(".results .item-title a").first
    link.focus()
    assert link.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
