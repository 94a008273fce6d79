"""What visitors must not see is not on pages, in the sitemap, or in other languages than those that are public."""

import pytest

from experiences.models import Condition, Experience
from knowledge.models import ItemLink
from portal.languages import State
from tests import factories


def body(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_draft_does_not_exist_for_visitors(client, tree):
    page = factories.experience(publish=False, title_fr="Canari brouillon")
    body(client, page.get_url(), 404)
    assert page.slug not in body(client, "/sitemap-1.xml")
    assert "Canari" not in body(client, "/fr/")


def test_an_unpublished_item_is_gone_at_once_although_its_page_was_cached(client, tree):
    page = factories.experience(title_fr="Canari retiré")
    assert "Canari retiré" in body(client, page.get_url())
    assert "Canari retiré" in body(client, "/fr/")
    page.unpublish()
    body(client, page.get_url(), 404)
    assert "Canari" not in body(client, "/fr/")
    assert page.slug not in body(client, "/sitemap-1.xml")


@pytest.mark.parametrize("state", [State.NONE, State.DRAFT])
def test_a_translation_under_way_is_nowhere(client, tree, state):
    page = factories.translate(factories.experience(), "en", state, title="Canary draft", summary="Canary summary")
    assert page.title_en is None
    text = body(client, page.get_url().replace("/fr/", "/en/"))
    assert "Canary" not in text
    assert "Une mutuelle de quartier" in text
    assert f"/en/experiences/{page.slug}/" not in body(client, "/sitemap-1.xml")


def test_a_translated_summary_is_public_but_the_record_stays_in_its_language(client, tree):
    page = factories.experience(problem_fr="Le problème d’origine.")
    page = factories.translate(page, "en", State.SUMMARY, title="English title", problem="Canary problem")
    assert page.problem_en is None
    text = body(client, page.get_url().replace("/fr/", "/en/"))
    assert "Le problème d’origine." in text
    assert "Canary" not in text
    assert f"/en/experiences/{page.slug}/" in body(client, "/sitemap-1.xml")


def test_child_rows_of_a_language_that_is_not_public_leave_the_live_row(client, tree):
    page = factories.experience(publish=False)
    page.conditions = [Condition(factor="trust", text_fr="La confiance.", text_es="Canario.")]
    page.language_state_es = State.DRAFT
    page.title_es = "Canario"
    page.save_revision().publish()
    page = Experience.objects.get(pk=page.pk)
    row = page.conditions.get()
    assert (row.text_fr, row.text_es) == ("La confiance.", None)
    assert page.get_latest_revision_as_object().conditions.all()[0].text_es == "Canario."


def test_an_edit_of_a_live_item_is_not_public_before_it_is_published(client, tree):
    page = factories.experience()
    draft = page.get_latest_revision_as_object()
    draft.title_fr = "Canari modifié"
    draft.save_revision()
    assert "Canari" not in body(client, page.get_url())
    draft.get_latest_revision().publish()
    assert "Canari modifié" in body(client, page.get_url())


def test_a_related_item_that_is_a_draft_is_not_named(client, tree):
    hidden = factories.experience(publish=False, title_fr="Canari caché")
    page = factories.experience(publish=False, title_fr="Visible")
    page.links = [ItemLink(link_type="derived_from", target=hidden)]
    page.save_revision().publish()
    study = factories.study(experiences=[page, hidden], title_fr="Une étude")
    assert "Canari" not in body(client, page.get_url())
    assert "Canari" not in body(client, study.get_url())
    assert "Une étude" in body(client, page.get_url())


def test_a_link_in_a_text_tells_nothing_of_a_page_that_is_not_public(client, tree):
    target = factories.experience(title_fr="Canari")
    text = f'<p>Voir <a linktype="page" id="{target.pk}">ailleurs</a>.</p>'
    page = factories.experience(description_fr=text, title_fr="Visible")
    assert f'<a href="{target.get_url()}">ailleurs</a>' in body(client, page.get_url())
    target.unpublish()
    assert "<a>ailleurs</a>" in body(client, page.get_url())
    assert "canari" not in body(client, page.get_url())


def test_a_public_page_sets_no_cookie_and_carries_no_token(client, tree):
    page = factories.experience()
    for address in ("/fr/", page.get_url(), "/fr/about/", "/sitemap-1.xml"):
        answer = client.get(address)
        assert not answer.cookies, address
        assert b"csrfmiddlewaretoken" not in answer.content, address


def test_a_page_costs_the_same_number_of_queries_with_one_item_and_with_three(
    client, tree, django_assert_max_num_queries
):
    def home(name: str) -> int:
        with django_assert_max_num_queries(20) as queries:
            body(client, f"/fr/?{name}")
        return len(queries)

    first = factories.experience()
    body(client, "/fr/?warm")
    one = home("one")
    factories.study(experiences=[factories.experience(countries=("SN", "BJ")), first])
    factories.experience(countries=("ML",))
    assert home("three") <= one + 1  # one more: studies are a second table


def test_a_translated_summary_is_withdrawn_when_its_original_is_said_to_invalidate_it(client, tree):
    page = factories.translate(factories.experience(), "en", State.SUMMARY, title="Canary title")
    draft = page.get_latest_revision_as_object()
    draft.summary_fr, draft.change_significance = "Tout autre chose.", "major"
    draft.save_revision().publish()
    assert "Canary title" not in body(client, page.get_url().replace("/fr/", "/en/"))
    page = Experience.objects.get(pk=page.pk)
    assert (page.title_en, page.language_state_en) == (None, State.DRAFT)


def test_a_translated_summary_stays_when_only_the_record_changed(client, tree):
    page = factories.translate(factories.experience(), "en", State.SUMMARY, title="English title")
    draft = page.get_latest_revision_as_object()
    draft.problem_fr, draft.change_significance = "Un autre problème.", "major"
    draft.save_revision().publish()
    assert Experience.objects.get(pk=page.pk).language_state_en == State.SUMMARY
