"""Results replaced in place: the line is cut, the map, nothing that jumps."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifts = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifts += entry.hadRecentInput ? 0 : entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


def test_a_cut_line_is_told_and_what_was_chosen_is_kept(visitor):
    one = visitor("fr", viewport=DESK)
    page = one.go("/fr/search/?q=mutuelle")
    page.wait_for_load_state("networkidle")
    shown, address = one.results(), page.url
    page.route("**/search/**", lambda route: route.abort("internetdisconnected"))
    page.locator("#country-SN").check()
    message = page.locator("#unreachable")
    expect(message).to_be_visible()
    expect(page.locator("#q")).to_have_value("mutuelle")
    expect(page.locator("#country-SN")).to_be_checked()
    assert (one.results(), page.url) == (shown, address)
    page.unroute("**/search/**")
    one.problems.clear()  # the browser's own words about the cut line
    message.locator("a").click()
    page.wait_for_url("**country=SN*")
    assert one.results() != shown


@pytest.mark.parametrize("scripts", [True, False])
def test_the_map_leads_to_the_list_of_a_country(visitor, scripts):
    one = visitor("fr", java_script_enabled=scripts)
    page = one.go("/fr/search/?q=mutuelle")
    page.locator(".tabs a", has_text="Carte").click()
    page.wait_for_url("**view=map*")
    assert one.overflow() <= 0 if scripts else True
    page.locator(".map-africa a:has(text)").first.click()
    page.wait_for_url("**country=*")
    assert "view=map" not in page.url
    expect(page.locator(".chips .chip")).to_have_count(1)
    assert one.results()
    page.go_back()
    page.wait_for_url("**view=map*")
    expect(page.locator(".map-africa")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/fr/", "/fr/countries/", "/fr/concepts/", "/fr/search/?q=mutuelle", "/fr/search/?view=map"]
)
def test_nothing_jumps_while_a_page_comes(visitor, path):
    for viewport in (PHONE, DESK):
        one = visitor("fr", viewport=viewport)
        one.page.add_init_script(SHIFTS)
        one.go(path).wait_for_load_state("networkidle")
        assert one.page.evaluate("window.shifts") < 0.02
