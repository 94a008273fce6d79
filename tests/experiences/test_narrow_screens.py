"""Odd input on a screen, on paper, and in a page turned right to left: nothing is wider than the window, nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, sync_playwright

from experiences.models import Condition, Experience, ExperienceLesson, Indicator, Involvement, Weakness
from knowledge.models import ItemIndexPage
from portal import countries
from search import indexing
from search.engines import get_engine
from tests import chromium, factories
from tests.editor.screens import create

WORD = "anticonstitutionnellement" * 3 + "finir"
ARABIC = "الحماية الاجتماعية للجميع، لا استثناء"
LONG = ("Comment une union de mutuelles de santé a négocié une convention, puis l’a perdue ; " * 4)[:300]
TITLE = LONG[:255]  # what the column of titles holds; the form refuses more
WIDTHS = (320, 360, 768, 1280)
PAPER = 680  # an A4 sheet between its margins
# What a box cuts off, but for extracts, which end where their lines do, and what only a screen reader is told.
CUT_OFF = """() => [...document.querySelectorAll("main *:not(input)")]
    .map(element => [element, getComputedStyle(element)])
    .filter(([, style]) => ["hidden", "clip"].includes(style.overflowX))
    .filter(([, style]) => style.clipPath === "none" && style.webkitLineClamp === "none")
    .filter(([e]) => !e.closest("svg") && e.scrollWidth > e.clientWidth + 1)
    .map(([element]) => element.outerHTML.slice(0, 120))"""


pytestmark = pytest.mark.django_db


@pytest.fixture
def odd(tree, settings, tmp_path) -> Iterator[Experience]:
    """An experience with the longest title, words of 80 letters, Arabic, sixty countries and two hundred lessons."""
    page = factories.experience(
        countries=tuple(countries.names("fr"))[:60],
        title_fr=TITLE,
        summary_fr=f"{WORD} {ARABIC} {WORD}",
        problem_fr=WORD,
        description_fr=f"<p>{WORD}</p><ul><li>{WORD}</li></ul><p>{ARABIC}</p>",
        local_name=f"{ARABIC} {WORD}",
        source=WORD * 2,
        source_url=f"https://example.org/{WORD}",
    ).get_latest_revision_as_object()
    page.conditions = [Condition(factor="trust", rare=True, text_fr=WORD)]
    page.weaknesses = [Weakness(text_fr=WORD, remedy_fr=WORD)]
    page.involvements = [Involvement(phase="planning", level="self", who_fr=WORD)]
    page.indicators = [
        Indicator(indicator="members", year=2001, value="12345678901.5", unit=WORD[:40], source=WORD * 2)
    ]
    page.lessons = [ExperienceLesson(text_fr=f"Leçon {n} {ARABIC}", sort_order=n) for n in range(200)]
    page.save_revision().publish()
    settings.SEARCH_PATH = tmp_path / "search"
    indexing.rebuild()
    yield Experience.objects.get(pk=page.pk)
    get_engine().close()


@pytest.fixture
def study(odd):
    """A study of it, whose chapter has a title of 300 characters."""
    chapter = {"title": LONG, "content": [{"type": "paragraph", "value": f"<p>{WORD} {ARABIC}</p>"}]}
    return factories.study(experiences=[odd], title_fr=WORD, questions_fr=WORD, body_fr=[("chapter", chapter)] * 2)


@contextmanager
def window() -> Iterator[Page]:
    """Open a window with the portal's style; Django's part is over by then."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        yield browser.new_page()
        browser.close()


def faults(pages: dict[str, str]) -> list[tuple[str, str, int | str, object]]:
    """Return what is wider than the window or cut off: on screens, on paper, left to right and right to left."""
    styles = Path(finders.find("css/portal.css")).read_text(encoding="utf-8")
    found: list[tuple[str, str, int | str, object]] = []
    with window() as page:
        for path, html in pages.items():
            page.set_content(html, wait_until="domcontentloaded")
            page.add_style_tag(content=styles)
            for direction in ("ltr", "rtl"):
                page.evaluate("direction => { document.documentElement.dir = direction }", direction)
                looks: Iterable[tuple[int, str]] = [*((width, "screen") for width in WIDTHS), (PAPER, "print")]
                for width, medium in looks:
                    page.emulate_media(media=medium)
                    page.set_viewport_size({"width": width, "height": 800})
                    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    found += [(path, direction, width, fault) for fault in [wider, *page.evaluate(CUT_OFF)] if fault]
    return found


@pytest.mark.browser
def test_odd_input_fits_screen_and_paper_in_both_directions(client, odd, study):
    bare = factories.experience(title_fr="Rien")
    indexing.drain_all()
    everywhere = "&".join(f"country={code}" for code in odd.country_codes)
    paths = [
        "/fr/",
        odd.url,
        bare.url,
        study.url,
        f"{study.url}2/",
        "/fr/search/?q=convention",
        f"/fr/search/?{everywhere}",
        f"/fr/search/?q={WORD}+{ARABIC}&exact=1",
        f"/fr/search/?q={WORD * 2}",
        "/fr/search/?q=convention&view=map",
        "/fr/countries/",
        "/fr/components/",
        "/fr/nothing-here/",
    ]
    pages = {path: client.get(path).content.decode() for path in paths}
    assert f'href="{odd.url}"' in pages["/fr/search/?q=convention"]
    assert pages[f"/fr/search/?{everywhere}"].count('class="chip"') == 60
    assert faults(pages) == []


def test_a_title_of_300_characters_is_refused_beside_its_field_and_kept(log_in, author, tree):
    catalogue = ItemIndexPage.objects.get(slug="experiences")
    response = create(log_in(author), Experience, catalogue).set(title_fr=LONG).post()
    assert response.status_code == 200 and not Experience.objects.exists()
    assert "255" in str(response.context["form"].errors["title_fr"])
    assert LONG in response.content.decode()
