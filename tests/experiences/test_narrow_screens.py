"""Odd input on a narrow screen: nothing is wider than the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import sync_playwright

from experiences.models import Condition, ExperienceLesson, Indicator, Involvement, Weakness
from portal import countries
from tests import chromium, factories

WORD = "anticonstitutionnellement" * 3 + "finir"
TITLE = ("Comment une union de mutuelles de santé a négocié une convention, puis l’a perdue ; " * 4)[:250]
WIDTHS = (320, 768, 1280)


@pytest.fixture
def odd_page(tree):
    """An experience with a title of 250 characters, words of 80 letters, sixty countries and two hundred lessons."""
    page = factories.experience(
        countries=tuple(countries.names("fr"))[:60],
        title_fr=TITLE,
        summary_fr=f"{WORD} {WORD}",
        problem_fr=WORD,
        description_fr=f"<p>{WORD}</p><ul><li>{WORD}</li></ul>",
        local_name=WORD,
        source=WORD * 2,
        source_url=f"https://example.org/{WORD}",
    ).get_latest_revision_as_object()
    page.conditions = [Condition(factor="trust", rare=True, text_fr=WORD)]
    page.weaknesses = [Weakness(text_fr=WORD, remedy_fr=WORD)]
    page.involvements = [Involvement(phase="planning", level="self", who_fr=WORD)]
    page.indicators = [
        Indicator(indicator="members", year=2001, value="12345678901.5", unit=WORD[:40], source=WORD * 2)
    ]
    page.lessons = [ExperienceLesson(text_fr=f"Leçon {n} مرحبا بالعالم", sort_order=n) for n in range(200)]
    page.save_revision().publish()
    return page


def overflow(html: str) -> dict[int, int]:
    """Return, by width of the window, by how many pixels a page is wider than it."""
    styles = Path(finders.find("css/portal.css")).read_text(encoding="utf-8")
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(html, wait_until="domcontentloaded")
        page.add_style_tag(content=styles)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found[width] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        browser.close()
    return found


@pytest.mark.browser
def test_a_page_full_of_odd_input_fits_the_window(client, odd_page):
    html = client.get(f"/fr/experiences/{odd_page.slug}/").content.decode()
    assert overflow(html) == dict.fromkeys(WIDTHS, 0)


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/fr/", "/fr/components/", "/fr/nothing-here/"])
def test_the_frame_fits_the_window(client, odd_page, path):
    assert overflow(client.get(path).content.decode()) == dict.fromkeys(WIDTHS, 0)
