"""The staff's home and the list of translations."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Permission

from experiences.models import Experience, Lead
from portal.contact.models import VisitorMessage
from portal.languages import State

HOME = "/admin/"


def panel(client, name: str):
    """Return the rows of a list of the staff's home: (title, address, note); None where it is not shown."""
    panels = {getattr(panel, "name", ""): panel for panel in client.get(HOME).context["panels"]}
    if name not in panels:
        return None
    return [(row.title, row.url, row.note) for row in panels[name].rows()]


def set_state(page: Experience, **states: str) -> None:
    Experience.objects.filter(pk=page.pk).update(**{f"language_state_{code}": state for code, state in states.items()})


def test_empty_lists_say_so(log_in, author):
    text = log_in(author).get(HOME).content.decode()
    for sentence in (
        "Aucun brouillon",
        "Personne n’attend votre relecture",
        "Chaque fiche publiée a au moins",
        "Aucune fiche que vous pouvez modifier n’a dépassé",
    ):
        assert sentence in text
    assert "Vos modifications récentes" not in text


def test_an_author_sees_own_drafts_and_at_which_step_they_are(log_in, author, reviewer, make_experience):
    draft = make_experience("Brouillon d’Awa", live=False, owner=author)
    submitted = make_experience("Soumise par Awa", live=False, owner=author)
    submitted.get_workflow().start(submitted, author)
    make_experience("D’une autre", live=False, owner=reviewer)
    make_experience("Publiée", owner=author)
    rows = panel(log_in(author), "my-drafts")
    assert {(title, note) for title, _url, note in rows} == {
        ("Brouillon d’Awa", "Brouillon"),
        ("Soumise par Awa", "Chez\u00a0: Relecture"),
    }
    assert f"/admin/pages/{draft.pk}/edit/" in {url for _title, url, _note in rows}
    submitted.current_workflow_state.current_task_state.reject(user=reviewer)
    assert ("Soumise par Awa", "À reprendre") in {
        (title, note) for title, _url, note in panel(log_in(author), "my-drafts")
    }


def test_what_waits_goes_from_the_reviewer_to_the_publisher(
    client, log_in, author, reviewer, publisher, make_experience
):
    page = make_experience("Mutuelle", live=False, owner=author)
    page.get_workflow().start(page, author)

    def waiting(user):
        log_in(user)
        return [(title, note) for title, _url, note in panel(client, "waiting-for-me")]

    assert waiting(reviewer) == [("Mutuelle", "Relecture · awa")]
    assert waiting(publisher) == waiting(author) == []
    page.current_workflow_state.current_task_state.approve(user=reviewer)
    assert waiting(publisher) == [("Mutuelle", "Publication · awa")]
    assert waiting(reviewer) == []


def test_leads_to_decide_are_shown_to_who_decides(client, log_in, author, reviewer):
    lead = Lead.objects.create(subject="Piste", where_heard="x", country="SN")
    Lead.objects.create(subject="Décidée", where_heard="x", decision="no", reason="y")
    log_in(author)
    assert panel(client, "leads-to-decide") is None
    log_in(reviewer)
    assert panel(client, "leads-to-decide") == [("Piste", f"/admin/leads/{lead.pk}/decide/", "Expérience · Sénégal")]


def test_translations_to_do_begin_with_what_is_overtaken_and_lead_to_the_tab(log_in, publisher, make_experience):
    page = make_experience("Mutuelle")
    set_state(page, en=State.NONE, es=State.OUTDATED, pt=State.SUMMARY)
    client = log_in(publisher)
    rows = panel(client, "translations-to-do")
    assert [note for _title, _url, note in rows] == [
        f"espagnol · {State.OUTDATED.label}",
        f"anglais · {State.NONE.label}",
    ]
    address, anchor = rows[0][1].split("#")
    assert f'id="{anchor}"' in client.get(address).content.decode()
    assert "?language=es&amp;state=outdated" in client.get(HOME).content.decode()


def test_an_author_is_asked_to_translate_what_others_wrote_too(log_in, author, publisher, make_experience):
    own, other = make_experience("Mienne", owner=author), make_experience("D’une autre", owner=publisher)
    for page in (own, other):
        set_state(page, en=State.OUTDATED, es=State.PUBLISHED, pt=State.PUBLISHED)
    rows = panel(log_in(author), "translations-to-do")
    assert {title for title, _url, _note in rows} == {"Mienne", "D’une autre"}


def test_who_may_change_nothing_is_not_told_that_everything_is_translated(log_in, make_user, make_experience):
    reader = make_user("lea")
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    set_state(make_experience(), en=State.OUTDATED)
    text = log_in(reader).get(HOME).content.decode()
    assert "Vous ne pouvez modifier aucune page publiée" in text and "Chaque fiche publiée" not in text


def test_who_has_written_nothing_is_not_told_that_all_of_it_is_published(log_in, author, make_experience):
    client = log_in(author)
    assert "vous n’avez encore rien écrit" in client.get(HOME).content.decode()
    make_experience(owner=author)
    assert "tout ce que vous avez écrit est publié" in client.get(HOME).content.decode()


def test_items_to_review_are_those_whose_date_has_passed(log_in, publisher, make_experience):
    old, recent = make_experience("Ancienne"), make_experience("Récente")
    Experience.objects.filter(pk=old.pk).update(review_due_on=date(2020, 1, 1))
    Experience.objects.filter(pk=recent.pk).update(review_due_on=date(2999, 1, 1))
    assert [title for title, _url, _note in panel(log_in(publisher), "to-review")] == ["Ancienne"]


def test_the_home_costs_the_same_with_one_row_and_with_seven(log_in, publisher, author, make_experience, count_queries):
    def add(number: int) -> None:
        Lead.objects.create(subject=f"Piste {number}", where_heard="x", noted_by=author)
        VisitorMessage.objects.create(text=f"Message {number}", sent_as=f"{number}")
        live = make_experience(f"Publiée {number}", owner=publisher)
        set_state(live, en=State.OUTDATED, es=State.DRAFT, pt=State.NONE)
        Experience.objects.filter(pk=live.pk).update(review_due_on=date(2020, 1, 1))
        make_experience(f"Brouillon {number}", live=False, owner=publisher)
        page = make_experience(f"Soumise {number}", live=False, owner=publisher)
        page.get_workflow().start(page, author)
        page.current_workflow_state.current_task_state.approve(user=publisher)

    client = log_in(publisher)
    add(0)
    client.get(HOME)
    few = count_queries(lambda: client.get(HOME))
    for number in range(1, 7):
        add(number)
    assert count_queries(lambda: client.get(HOME)) <= few
    assert few < 60


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Une", "Deux"}),
        ("language=en&state=outdated", {"Une"}),
        ("state=outdated", {"Une", "Deux"}),
        ("language=en&state=none", {"Deux"}),
        ("language=fr&state=published", set()),
        ("state=draft", set()),
    ],
)
def test_the_list_of_translations_is_filtered_by_language_and_state(log_in, author, make_experience, query, titles):
    first, second = make_experience("Une"), make_experience("Deux")
    set_state(first, en=State.OUTDATED, es=State.PUBLISHED, pt=State.PUBLISHED)
    set_state(second, en=State.NONE, es=State.OUTDATED, pt=State.SUMMARY)
    answer = log_in(author).get(f"/admin/translations/?{query}")
    assert answer.status_code == 200
    assert {page.draft_title for page in answer.context["object_list"]} & {"Une", "Deux"} == titles


def test_the_list_of_translations_costs_the_same_with_one_page_and_with_ten(
    log_in, author, make_experience, count_queries
):
    client = log_in(author)
    make_experience("Une")
    client.get("/admin/translations/")
    few = count_queries(lambda: client.get("/admin/translations/"))
    for number in range(9):
        make_experience(f"Page {number}")
    assert count_queries(lambda: client.get("/admin/translations/")) == few


def test_visitors_do_not_see_the_list_of_translations(client, tree):
    assert client.get("/admin/translations/").status_code == 302
