"""The bar that says how complete an item is, before and after each save; what it names are the rules of publication."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from experiences.models import Experience, Study
from knowledge.models import ItemIndexPage
from portal.editor.completeness import Completeness, completeness_of
from portal.home.models import InfoPage
from tests.editor.screens import create, edit
from tests.factories.experiences import make_snapshot, publish

pytestmark = pytest.mark.django_db


def links(html: str) -> dict[str, str]:
    """Return {address: words} of what the bar says is missing."""
    return dict(re.findall(r'<a href="([^"]*)" data-jump>([^<]*)</a>', html))


@pytest.mark.parametrize("model", [Experience, Study])
@pytest.mark.parametrize("depth", ["snapshot", "full"])
def test_what_is_required_is_what_publication_refuses(tree, model, depth):
    page = model(original_language="es", record_depth=depth) if model is Experience else model(original_language="es")
    required = {part.field for part in Completeness(page).required_missing}
    assert required == {missing.field for missing in page.publication_errors()}


def test_the_share_grows_with_what_is_there_and_is_whole_only_when_nothing_is_missing(tree):
    empty, page = Completeness(Experience()), make_snapshot()
    assert empty.percent < Completeness(page).percent < 100
    assert not Completeness(page).required_missing
    wanted = {part.field for part in Completeness(page).wanted_missing}
    assert wanted == {"evidence_strength", "organisations", "start_year", "scheme_status", "membership_mode"}


def test_boxes_to_tick_are_called_as_on_the_form(tree):
    labels = {part.field: str(part.label) for part in Completeness(Experience(record_depth="full")).parts}
    assert labels["modalities"] == "Modalités d’extension" and labels["summary_fr"] == "Résumé"


def test_a_page_that_is_no_item_has_no_bar(log_in, administrator, tree):
    page = InfoPage.objects.first()
    assert completeness_of(page) is None
    assert 'id="completeness"' not in log_in(administrator).get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_the_form_shows_what_is_missing_with_links_to_its_fields(log_in, author, tree):
    page = make_snapshot(owner=author, source="")
    html = log_in(author).get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert links(html)["#id_source"] == "Source" and "#id_summary_fr" not in links(html)
    assert 'id="id_source"' in html
    wanted = BeautifulSoup(html, "html.parser").select_one("#completeness details")
    assert wanted.has_attr("open") and wanted.select("a[data-jump]")  # both lists, whatever is required
    catalogue = ItemIndexPage.objects.get(slug="experiences")
    html = log_in(author).get(f"/admin/pages/add/experiences/experience/{catalogue.pk}/").content.decode()
    assert {"#id_title_fr", "#id_places", "#id_modalities"} <= links(html).keys()


def test_an_automatic_save_brings_the_bar_up_to_date(log_in, author, tree):
    page = make_snapshot(owner=author, source="")
    screen = edit(log_in(author), page).set(source="Visite de mars 2024", record_depth="full")
    html = screen.post(headers={"accept": "application/json"}).json()["html"]
    assert 'data-w-teleport-target-value="#completeness"' in html
    assert "#id_source" not in links(html) and "#id_conditions" in links(html)


def test_a_refused_publication_says_it_once_and_links_every_field(log_in, publisher, tree):
    page = make_snapshot(source="", consent_obtained=False)
    response = edit(log_in(publisher), page).post("action-publish")
    [message] = list(response.context["messages"])
    assert links(str(message)).keys() == {"#id_source", "#id_consent_obtained"}
    assert response.context["completeness"].required_missing


def test_a_new_page_that_lacks_its_title_says_it_once(log_in, author, tree):
    screen = create(log_in(author), Experience, ItemIndexPage.objects.get(slug="experiences"))
    [message] = list(screen.set(summary_fr="Un résumé").post().context["messages"])
    assert links(str(message)).keys() == {"#id_title_fr"}


def test_the_form_of_a_record_costs_the_same_with_one_row_and_with_twelve(log_in, publisher, tree, count_queries):
    page = publish(make_snapshot())
    page.get_latest_revision_as_object().save_revision(clean=False)
    client, address = log_in(publisher), f"/admin/pages/{page.pk}/edit/"
    client.get(address)
    few = count_queries(lambda: client.get(address))
    draft = page.get_latest_revision_as_object()
    concept = draft.item_concepts.first().concept
    draft.item_concepts = [type(draft.item_concepts.first())(concept=concept) for _number in range(12)]
    draft.save_revision(clean=False)
    assert count_queries(lambda: client.get(address)) <= few
    assert few <= 60


def test_a_draft_that_names_a_deleted_concept_is_opened_without_it(log_in, publisher, tree):
    page = make_snapshot()
    revision = page.get_latest_revision()
    revision.content["item_concepts"].append(revision.content["item_concepts"][0] | {"pk": None, "concept": 999_999})
    revision.save()
    draft = Experience.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [row.concept_id for row in draft.item_concepts.all()] == [revision.content["item_concepts"][0]["concept"]]
    assert log_in(publisher).get(f"/admin/pages/{page.pk}/edit/").status_code == 200
