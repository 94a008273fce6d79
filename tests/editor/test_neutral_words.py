"""What staff read about a kind of thing fits its gender, or has none."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from wagtail.users.models import UserProfile

from experiences.models import Experience, Lead
from tests.factories.experiences import make_snapshot

pytestmark = pytest.mark.django_db
UGLY = re.compile(r"\(la\)|\(e\)|\(te\)|\(le\)|ce/cette|El pista|este pista|Nuevo: ")


def text_of(answer) -> str:
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    titles = [tag["title"] for tag in soup.select("[title]")]
    return " ".join(" ".join([soup.text, *titles]).split())


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt-pt"])
def test_no_screen_of_leads_and_records_guesses_a_gender(log_in, administrator, language):
    UserProfile.objects.create(user=administrator, preferred_language=language)
    page, client = make_snapshot(owner=administrator), log_in(administrator)
    lead = Lead.objects.create(subject="Piste", where_heard="x", becomes=Experience.objects.get(pk=page.pk))
    note = {"kind": "document", "where_heard": "Radio", "heard_on": "2026-03-04", "language": "fr"}
    answers = [
        client.get("/admin/leads/new/"),
        client.post("/admin/leads/new/", note),
        client.post("/admin/leads/new/", note | {"subject": "Guide"}, follow=True),
        client.post(f"/admin/leads/edit/{lead.pk}/", note),
        client.get(f"/admin/pages/{page.pk}/edit/"),
        client.get(f"/admin/pages/{page.pk}/delete/"),
        client.get("/admin/organisations/new/"),
        client.post("/admin/organisations/new/", {}),
        client.post("/admin/people/new/", {"name": "Rosa"}, follow=True),
    ]
    texts = [text_of(answer) for answer in answers]
    found = [text[max(match.start() - 40, 0) : match.end() + 40] for text in texts if (match := UGLY.search(text))]
    assert found == []
