"""An experience on paper: two clean pages with its short address and a QR code, whatever it holds."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.demo import load

pytestmark = pytest.mark.browser

FULL = [data["slug"] for data in load.items() if data.get("depth") == "full"]
EXPERIENCES = [*FULL, "inam-togo"]


@pytest.mark.parametrize("slug", EXPERIENCES)
def test_an_experience_prints_on_two_pages_at_most(visitor, slug):
    page = visitor("fr").go(f"/fr/experiences/{slug}/")
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    words = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert len(paper.pages) <= 2
    assert paper.pages[0].mediabox.width == pytest.approx(595, abs=1)  # A4
    assert "/fr/r/" in words.replace(" ", "")
    assert page.locator("h1").inner_text().split()[0] in words
    for not_on_paper in ("Aller au contenu", "Copier", "Mode léger", "Fiches voisines"):
        assert not_on_paper not in words


def test_the_code_on_paper_is_not_on_the_screen(visitor):
    page = visitor("fr").go(f"/fr/experiences/{EXPERIENCES[0]}/")
    assert not page.locator("svg.qr").is_visible()
    page.emulate_media(media="print")
    assert page.locator("svg.qr").is_visible()
