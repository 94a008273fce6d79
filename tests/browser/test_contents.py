"""The table of contents of a record says where the reader is, in sections that it leaves out too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_contents_follow_the_reader_through_every_section(visitor, size):
    page = visitor("fr", viewport=size).go("/fr/experiences/mutuelles-de-sante-rwanda/")
    for section, named in (("people", "Qui prend part"), ("values", "Résultats"), ("sources", "Fichiers")):
        page.evaluate("(id) => document.getElementById(id).scrollIntoView({block: 'start'})", section)
        expect(page.locator(".jump [aria-current]")).to_have_text(named)
        expect(page.locator(".jump [aria-current]")).to_be_in_viewport()
