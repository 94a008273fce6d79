"""Public pages hold to WCAG 2.2 AA as far as a program can tell: four languages, light, dark, print, magnified."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.visitor import DESK, PHONE

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/fr/",
    "search": "/fr/search/?q=tiers+payant+mutuelle&country=SN",
    "results on a map": "/fr/search/?q=mutuelle&view=map",
    "nothing found": "/fr/search/?q=qxvzkw",
    "tell us": "/fr/search/not-found/?q=qxvzkw",
    "write to us": "/fr/message/?about=link&address=/fr/nulle-part/",
    "experience": "/fr/experiences/mutuelles-de-sante-rwanda/",
    "study": "/fr/studies/regler-directement-centre-soins/",
    "themes": "/fr/concepts/",
    "countries": "/fr/countries/",
    "concept": "/fr/concepts/mutuelle-de-sante/",
    "country": "/fr/countries/SN/",
    "about": "/fr/about/",
    "accessibility": "/fr/accessibility/",
    "not found": "/fr/nulle-part/",
    "components": "/fr/components/",
}
# They protect what is sent with a cookie.
FORMS = {"tell us", "write to us"}
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


# Each page in each language, on a phone and on a desk, in light, in dark and as it is printed.
LOOKS = [
    ("fr", PHONE, "light", "screen"),
    ("en", DESK, "dark", "screen"),
    ("es", DESK, "light", "print"),
    ("pt", PHONE, "dark", "screen"),
]
# What WCAG 1.4.12 lets a reader ask for.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
# What is cut off, but for an extract, which ends where its lines do, and what only a screen reader is told.
CUT_OFF = """() => [...document.querySelectorAll("main *:not(input)")]
    .map(element => [element, getComputedStyle(element)])
    .filter(([, style]) => ["hidden", "clip"].includes(style.overflowX))
    .filter(([, style]) => style.clipPath === "none" && style.webkitLineClamp === "none")
    .filter(([e]) => !e.closest("svg") && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
    .map(([element]) => element.outerHTML.slice(0, 120))"""


def in_language(path: str, language: str) -> str:
    return path.replace("/fr/", f"/{language}/", 1)


@pytest.mark.parametrize("name", PAGES)
def test_no_violation_of_wcag(visitor, name):
    cookies = {"csrftoken"} if name in FORMS else set()
    for language, viewport, scheme, medium in LOOKS:
        one = visitor(language, cookies=cookies, color_scheme=scheme, viewport=viewport)
        one.expect_missing = name == "not found"
        page = one.go(in_language(PAGES[name], language))
        page.emulate_media(media=medium)
        page.locator("details").evaluate_all("all => all.forEach(element => { element.open = true })")
        # Nobody presses a link on paper.
        options = OPTIONS | {"rules": {"target-size": {"enabled": False}}} if medium == "print" else OPTIONS
        found = Axe().run(page, options=options).response["violations"]
        told = [(rule["id"], [node["html"][:160] for node in rule["nodes"]][:5]) for rule in found]
        assert told == [], (language, scheme, medium)


@pytest.mark.parametrize("name", PAGES)
def test_a_magnified_page_with_wide_spacing_loses_nothing(visitor, name):
    # 320 pixels are a window of 1,280 at 400 %. The style of the reader comes from outside of the page's policy.
    cookies = {"csrftoken"} if name in FORMS else set()
    one = visitor("fr", cookies=cookies, viewport={"width": 320, "height": 640}, bypass_csp=True)
    one.expect_missing = name == "not found"
    page = one.go(PAGES[name])
    assert one.overflow() <= 0
    page.add_style_tag(content=SPACING)
    page.locator("details").evaluate_all("all => all.forEach(element => { element.open = true })")
    assert one.overflow() <= 0
    assert page.evaluate(CUT_OFF) == []


def test_a_screen_reader_hears_a_record_in_the_order_of_a_field_worker(visitor):
    page = visitor("fr", viewport=DESK).go(PAGES["experience"])
    landmarks = ["banner", "main", "contentinfo"]
    assert [page.get_by_role(role).count() for role in landmarks] == [1, 1, 1]
    heard = page.locator("main").aria_snapshot()
    headings = re.findall(r'heading "([^"]+)" \[level=([123])\]', heard)
    assert headings[0][1] == "1" and [level for _name, level in headings].count("1") == 1
    order = ["L’essentiel", "Récit", "Conditions", "Forces", "Faiblesses, et remèdes", "Leçons", "Résultats", "Citer"]
    names = [name for name, _level in headings]
    assert [name for name in names if name in order] == order
    assert re.search(r'img "De 7 en 2003 à 91 en 2010"', heard)
