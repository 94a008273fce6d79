"""What changed in the original since a language was translated: who may see it, what it shows, where it leads."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission

from experiences.models import Experience
from portal.home.translation_changes import _pairs
from portal.languages import State
from tests.factories.experiences import add_conditions, make_snapshot, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def outdated(tree, author):
    """A page whole in French and English, whose French then changed in substance: a summary, and one of two conditions."""
    page = make_snapshot(
        title_en="Thiès mutual", summary_en="A mutual.", language_state_en=State.PUBLISHED, owner=author
    )
    page = publish(add_conditions(page, 2, text_fr="Confiance", text_en="Trust"))
    draft = page.get_latest_revision_as_object()
    draft.summary_fr = "Une mutuelle rurale."
    rows = list(draft.conditions.all())
    rows[1].text_fr = "Confiance ancienne"
    draft.conditions = rows
    draft.save_revision(clean=False)
    return publish(page)


def address(page, language="en") -> str:
    return f"/admin/translations/{page.pk}/{language}/changes/"


def test_the_changes_of_the_original_are_shown_with_links_to_the_translation(log_in, author, outdated):
    assert outdated.language_state_en == State.OUTDATED
    html = BeautifulSoup(log_in(author).get(address(outdated)).content, "html.parser")
    rows = {row.th.text: row for row in html.select(".changes tbody tr")}
    assert list(rows) == ["Résumé", "Conditions, ligne 2\u00a0: Explication"]
    assert "".join(part.text for part in rows["Résumé"].select(".addition")).strip(" .") == "rurale"
    assert rows["Résumé"].a["href"] == f"/admin/pages/{outdated.pk}/edit/#id_summary_en"
    assert rows["Conditions, ligne 2\u00a0: Explication"].a["href"].endswith("#id_conditions-1-text_en")
    assert rows["Résumé"].select_one("td")["lang"] == "fr"


@pytest.mark.parametrize("screen", ["list", "form"])
def test_they_are_reached_from_the_list_of_translations_and_from_the_tab_of_the_language(
    log_in, author, outdated, screen
):
    where = "/admin/translations/?state=outdated" if screen == "list" else f"/admin/pages/{outdated.pk}/edit/"
    html = log_in(author).get(where).content.decode()
    assert html.count(address(outdated)) == 1 and address(outdated, "es") not in html


def test_who_may_not_edit_the_page_is_refused_and_sees_no_link(log_in, make_user, outdated):
    reader = make_user("fatou")
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = log_in(reader)
    answer = client.get(address(outdated))
    assert answer.status_code == 302 or answer.status_code == 403
    assert "Une mutuelle rurale." not in answer.content.decode()
    assert address(outdated) not in client.get("/admin/translations/").content.decode()


def test_visitors_are_sent_to_log_in(client, outdated):
    assert client.get(address(outdated)).status_code == 302


@pytest.mark.parametrize("language", ["fr", "xx"])
def test_the_original_and_unknown_languages_have_no_such_page(log_in, author, outdated, language):
    assert log_in(author).get(address(outdated, language), follow=True).status_code == 404


def test_a_version_that_is_no_longer_known_is_said(log_in, author, outdated):
    Experience.objects.filter(pk=outdated.pk).update(translated_from_en=None)
    assert "n’est plus conservée" in log_in(author).get(address(outdated)).content.decode()


def test_the_page_costs_few_queries(log_in, author, outdated, count_queries):
    client = log_in(author)
    client.get(address(outdated))
    assert count_queries(lambda: client.get(address(outdated))) <= 20


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["a", "b"], ["b", "a"], 2),
        (["a"], ["a", "b"], 1),
        (["a", "b"], ["b"], 1),
        (["a", ""], ["a"], 0),
        (["a"], ["c"], 1),
    ],
)
def test_rows_are_matched_by_their_text(before, after, found):
    assert len(list(_pairs(before, after))) == found
