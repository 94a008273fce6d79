"""The way from the lead to the reader: figures on the staff's home, the lists behind them, links to the public pages."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup

from experiences.models import Experience, Lead
from portal.languages import State
from tests.home.test_dashboard import set_state

pytestmark = pytest.mark.django_db


def stages(client) -> dict[str, str]:
    """Return {address: number} of the figures on the staff's home."""
    links = BeautifulSoup(client.get("/admin/").content, "html.parser").select(".pipeline a")
    return {link["href"]: link.strong.text for link in links}


def titles(client, query: str) -> set[str]:
    return {item.draft_title for item in client.get(f"/admin/items/?{query}").context["object_list"]}


@pytest.fixture
def way(author, make_experience):
    """One item at each step; one is public and being changed."""
    make_experience("Brouillon", live=False, owner=author)
    submitted = make_experience("Soumise", live=False, owner=author)
    submitted.get_workflow().start(submitted, author)
    make_experience("Publiée")
    due = make_experience("À revoir")
    Experience.objects.filter(pk=due.pk).update(review_due_on=date(2020, 1, 1), has_unpublished_changes=True)


def test_the_home_counts_each_step_and_leads_to_its_list(log_in, publisher, way):
    Lead.objects.create(subject="Piste", where_heard="x")
    client = log_in(publisher)
    assert stages(client) == {
        "/admin/leads/?state=to_decide": "1",
        "/admin/items/?step=writing": "2",
        "/admin/items/?step=review": "1",
        "/admin/items/?step=published": "2",
    }
    html = client.get("/admin/").content.decode()
    assert "/admin/items/?step=due" in html and "/admin/translations/?state=outdated" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("step=writing", {"Brouillon", "À revoir"}),
        ("step=review", {"Soumise"}),
        ("step=published", {"Publiée", "À revoir"}),
        ("step=due", {"À revoir"}),
        ("mine=true", {"Brouillon", "Soumise"}),
        ("", {"Brouillon", "Soumise", "Publiée", "À revoir"}),
    ],
)
def test_the_list_keeps_what_stands_at_a_step(log_in, author, way, query, expected):
    assert titles(log_in(author), query) == expected


def test_what_was_sent_back_is_being_written_again(log_in, author, reviewer, make_experience):
    page = make_experience("Soumise", live=False, owner=author)
    page.get_workflow().start(page, author)
    page.current_workflow_state.current_task_state.reject(user=reviewer)
    client = log_in(author)
    assert titles(client, "step=writing") == {"Soumise"} and titles(client, "step=review") == set()


def test_who_has_no_right_on_pages_sees_no_item(client, log_in, make_user, make_experience):
    make_experience("Secrète", live=False)
    assert client.get("/admin/items/").status_code == 302
    stranger = make_user("anna")
    answer = log_in_without_groups(client, stranger)
    assert answer.status_code in (302, 403) and "Secrète" not in answer.content.decode()


def log_in_without_groups(client, user):
    client.force_login(user, backend="portal.users.backends.AccountBackend")
    return client.get("/admin/items/")


def test_public_languages_are_linked_from_the_list_and_the_form(log_in, publisher, make_experience):
    page = make_experience("Mutuelle", title_en="A mutual", summary_en="One.", language_state_en=State.SUMMARY)
    draft = make_experience("Brouillon", live=False)
    client = log_in(publisher)
    for address in ("/admin/items/", f"/admin/pages/{page.pk}/edit/", f"/admin/pages/{page.get_parent().pk}/"):
        found = {link["href"] for link in BeautifulSoup(client.get(address).content, "html.parser").select("a[href]")}
        assert {href for href in found if f"/experiences/{page.slug}/" in href} == {
            href for href in found if href.endswith((f"/fr/experiences/{page.slug}/", f"/en/experiences/{page.slug}/"))
        }, address
        assert [href for href in found if href.endswith(f"/en/experiences/{page.slug}/")], address
        assert not [href for href in found if f"/experiences/{draft.slug}/" in href], address


def test_the_list_costs_the_same_with_one_item_and_with_ten(log_in, publisher, make_experience, count_queries):
    client = log_in(publisher)
    make_experience("Une")
    client.get("/admin/items/")
    few = count_queries(lambda: client.get("/admin/items/"))
    for number in range(9):
        make_experience(f"Fiche {number}", owner=publisher)
    assert count_queries(lambda: client.get("/admin/items/")) <= few + 1  # the owner
    assert few < 30


def test_the_step_of_an_item_is_named(log_in, publisher, way):
    html = client_text = log_in(publisher).get("/admin/items/").content.decode()
    assert "En relecture" in html and "Publiée, avec des modifications à publier" in client_text


def test_outdated_languages_are_counted(log_in, publisher, make_experience):
    set_state(make_experience("Mutuelle"), en=State.OUTDATED)
    assert "Traductions dépassées\u00a0: 1" in log_in(publisher).get("/admin/").content.decode()
