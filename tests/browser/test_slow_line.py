"""What a visitor on a slow phone meets: 400 kbit/s, 400 ms there and back, and the light mode."""

from __future__ import annotations

import re

import pytest

from portal.bench.web import SLOW_LINE
from tests.browser.visitor import LOCALES, PHONE

pytestmark = pytest.mark.browser

PATHS = {
    "home": "/fr/",
    "search": "/fr/search/?q=tiers+payant+mutuelle",
    "experience": "/fr/experiences/mutuelles-de-sante-rwanda/",
    "study": "/fr/studies/regler-directement-centre-soins/",
    "countries": "/fr/countries/",
}
# Seconds. A busy machine only adds to them: the best of some visits is what the page itself takes.
READABLE, LOADED, LOADED_AGAIN = 1.6, 3, 1.2
VISITS = 6
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime / 1000"
COMPLETE = "performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"


def visit(browser, address: str) -> tuple[float, float, float]:
    """Return, in seconds, when a page is readable and loaded on a new device, and loaded on the second visit."""
    context = browser.new_context(locale=LOCALES["fr"], viewport=PHONE, bypass_csp=True)  # to ask for times
    page = context.new_page()
    page.set_default_timeout(60_000)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto(address)
    page.wait_for_function(f"{PAINTED} > 0 && {COMPLETE} > 0")
    first = page.evaluate(PAINTED), page.evaluate(COMPLETE)
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function(f"{COMPLETE} > 0")
    again = page.evaluate(COMPLETE)
    context.close()
    return *first, again


@pytest.mark.parametrize("name", PATHS)
def test_a_page_is_there_soon(browser, site, name):
    limits = (READABLE, LOADED, LOADED_AGAIN)
    best = (float("inf"),) * 3
    for _visit in range(VISITS):
        best = tuple(map(min, best, visit(browser, site(PATHS[name]))))
        if all(time <= limit for time, limit in zip(best, limits, strict=True)):
            return
    pytest.fail(f"readable, loaded, loaded again after {best} s; at most {limits}")


@pytest.mark.parametrize("scripts", [True, False])
def test_one_button_leaves_out_pictures_and_charts_until_it_is_pressed_again(visitor, scripts):
    one = visitor("fr", java_script_enabled=scripts, cookies={"light"})
    page = one.go(PATHS["experience"])
    assert page.locator("svg.chart").count() > 0
    page.get_by_role("button", name="Mode léger").click()
    page.get_by_text("Cette page pèse").wait_for()
    assert page.url.endswith(PATHS["experience"])
    assert page.locator("svg.chart").count() == 0 and page.locator("img").count() == 0
    assert page.get_by_role("table", name="Taux de pénétration").is_visible()
    page = one.go(PATHS["home"])
    assert re.search(r"Cette page pèse \d+\sko", page.locator(".light-switch").inner_text())
    assert page.locator(".map-africa").count() == 0
    page.get_by_role("button", name="Revenir au mode complet").click()
    page.get_by_role("button", name="Mode léger").wait_for()
    assert page.locator(".map-africa").count() > 0
