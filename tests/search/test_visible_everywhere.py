"""What visitors may not see, on every surface on which it could show: pages, lists, counts, feed, sitemap, exports, files."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile

from experiences.models import Experience
from knowledge.models import ItemFile
from portal.languages import State
from portal.models import File
from search import indexing
from tests import factories

SURFACES = (
    "/{0}/", "/{0}/search/", "/{0}/search/?q=canari+canary", "/{0}/search/?view=map", "/{0}/experiences/",
    "/{0}/concepts/", "/{0}/concepts/mutuelle-de-sante/", "/{0}/countries/",
    "/{0}/countries/MN/", "/{0}/feed/", "/{0}/search/export.csv", "/sitemap-1.xml",
)  # fmt: skip


def surfaces(client, *pages: Experience) -> dict[str, str]:
    """Return {address: what stands there} of all surfaces in both languages, and of the pages named."""
    addresses = [surface.format(code) for surface in SURFACES for code in ("fr", "en")]
    addresses += [page.get_url().replace("/fr/", f"/{code}/") for page in pages for code in ("fr", "en")]
    found = {}
    for address in dict.fromkeys(addresses):
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = (answer.getvalue() if answer.streaming else answer.content).decode()
    return found


@pytest.fixture
def hidden(tree) -> Experience:
    """A draft on the only country of its own, whole in two languages, beside a public item with the same concept."""
    page = factories.experience(publish=False, title_fr="Canari caché", slug="canari", countries=("MN",))
    draft = page.get_latest_revision_as_object()
    draft.title_en, draft.summary_en, draft.language_state_en = "Canary hidden", "A bird.", State.PUBLISHED
    draft.save_revision()
    return Experience.objects.get(pk=page.pk)


@pytest.mark.parametrize("unpublished", [False, True], ids=["draft", "unpublished"])
def test_an_item_that_is_not_public_is_nowhere(client, index, hidden, unpublished):
    public = factories.experience(title_fr="Publique")
    file = File.objects.create(title="Étude", file=ContentFile(b"%PDF-1.4 x", "canari.pdf"))
    ItemFile.objects.create(page=hidden, file=file)
    if unpublished:
        hidden.get_latest_revision().publish()
        indexing.drain_all()
        shown = surfaces(client, public, hidden)
        assert sum("anari" in text or "Canary" in text for text in shown.values()) > 20
        Experience.objects.get(pk=hidden.pk).unpublish()
    indexing.drain_all()
    for address, text in surfaces(client, public).items():
        if "/countries/MN/" not in address:
            assert "/MN/" not in text and 'value="MN"' not in text, address
        text = re.sub(r'(?:canari\+canary|value="canari canary"|<b>canari canary</b>|canari canary)', "", text)
        assert "anari" not in text and "anary" not in text, address
    assert client.get(hidden.get_url() or "/fr/experiences/canari/").status_code == 404
    assert client.get(file.url).status_code == 404


def test_a_language_that_is_withdrawn_is_nowhere_and_one_that_is_outdated_stays(client, index, hidden):
    hidden.get_latest_revision().publish()
    draft = Experience.objects.get(pk=hidden.pk).get_latest_revision_as_object()
    draft.title_fr = "Un titre que l’on a changé"
    draft.save_revision().publish()
    page = Experience.objects.get(pk=hidden.pk)
    assert page.language_state_en == State.OUTDATED
    indexing.drain_all()
    english = {address for address, text in surfaces(client, page).items() if "Canary hidden" in text}
    assert {"/en/", "/en/feed/", "/en/countries/MN/", "/en/experiences/canari/"} <= english
    draft = page.get_latest_revision_as_object()
    draft.language_state_en = State.DRAFT
    draft.save_revision().publish()
    indexing.drain_all()
    shown = surfaces(client, page)
    assert [address for address, text in shown.items() if "Canary hidden" in text] == []
    assert "/en/experiences/canari/" not in shown["/sitemap-1.xml"]
