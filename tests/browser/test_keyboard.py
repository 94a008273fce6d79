"""The public pages for hands that have nothing but a keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import press, tab_to
from tests.browser.visitor import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_search_is_narrowed_widened_and_read_to_its_second_page(visitor, scripts):
    one = visitor("fr", java_script_enabled=scripts)
    page = one.go("/fr/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("mutuelle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=mutuelle")
    everything = one.results()
    press(page, "#filters > summary")
    press(page, "#country-SN", "Space")
    if not scripts:
        press(page, "#filters button")
    page.wait_for_url("**country=SN*")
    expect(page.locator("#country-SN")).to_be_checked()
    if scripts:
        expect(page.locator("#country-SN")).to_be_focused()
    press(page, ".chip", back=scripts)
    page.wait_for_url("**/search/?q=mutuelle")
    expect(page.locator(".chip")).to_have_count(0)
    assert one.results() == everything
    press(page, ".pagination [rel=next]")
    page.wait_for_url("**page=2*")
    expect(page.locator(".pagination [aria-current]")).to_contain_text("2")
    if scripts:
        expect(page.locator(".results-bar")).to_be_in_viewport()  # though the filters above are open
    tab_to(page, ".results .item-title a")
    title = page.locator(".results .item-title a").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
@pytest.mark.parametrize(
    "path", ["/fr/", "/fr/search/?q=mutuelle&country=SN", "/fr/experiences/mutuelles-de-sante-rwanda/"]
)
def test_every_stop_of_a_page_is_seen(visitor, path, viewport):
    page = visitor("fr", viewport=viewport).go(path)
    tab_to(page, ".site-footer button")
