"""Publication is refused on every route while something required is missing, and goes through on each when nothing is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from experiences.models import Condition, Experience
from portal.languages import State
from portal.publication import PublicationRefused
from tests.editor.screens import edit, messages
from tests.factories.experiences import make_snapshot, publish

pytestmark = pytest.mark.django_db
SOURCE = "Indiquez la source."


def incomplete() -> Experience:
    return make_snapshot(source="")


def conditions(texts) -> list[Condition]:
    return [Condition(factor="trust", text_fr=french, text_en=english) for french, english in texts]


def fresh(page) -> Experience:
    return Experience.objects.get(pk=page.pk)


def change_live(page, **fields) -> Experience:
    """Save a draft of a live page."""
    draft = fresh(page).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False)
    return fresh(page)


def start_review(page, author):
    page.get_workflow().start(page, author)
    return fresh(page)


def approve(client, page, **headers):
    task = fresh(page).current_workflow_task_state
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk]), **headers)


def test_the_button_names_the_field(log_in, publisher, tree):
    page = incomplete()
    response = edit(log_in(publisher), page).post("action-publish")
    assert response.context["form"].errors["source"] == [SOURCE]
    assert SOURCE in messages(response)
    assert not fresh(page).live


def test_what_was_typed_is_still_there_after_a_refusal(log_in, publisher, tree):
    page = incomplete()
    response = edit(log_in(publisher), page).set(summary_fr="Un nouveau résumé.").post("action-publish")
    assert "Un nouveau résumé." in response.content.decode()
    assert edit(log_in(publisher), page).set(summary_fr="Un nouveau résumé.").post().status_code == 302
    assert fresh(page).get_latest_revision_as_object().summary_fr == "Un nouveau résumé."


def test_submitting_an_incomplete_draft_names_the_field(log_in, author, tree):
    page = make_snapshot(source="", owner=author)
    response = edit(log_in(author), page).post("action-submit")
    assert response.context["form"].errors["source"] == [SOURCE]
    assert not fresh(page).workflow_in_progress


def test_the_review_goes_from_author_to_reviewer_to_publisher(client, log_in, author, reviewer, publisher, tree):
    page = make_snapshot(owner=author)
    assert edit(log_in(author), page).post("action-submit").status_code == 302
    assert fresh(page).current_workflow_task.name == "Relecture"
    assert approve(log_in(reviewer), page).status_code == 302
    assert fresh(page).current_workflow_task.name == "Publication"
    assert not fresh(page).live
    assert approve(log_in(publisher), page).status_code == 302
    assert fresh(page).live


def test_a_refused_approval_leaves_the_review_where_it_was(log_in, author, reviewer, publisher, tree):
    page = start_review(incomplete(), author)
    approve(log_in(reviewer), page)
    task = fresh(page).current_workflow_task_state
    response = approve(log_in(publisher), page, follow=True)
    assert SOURCE in messages(response)
    page = fresh(page)
    assert not page.live and page.current_workflow_task_state == task
    assert TaskState.objects.get(pk=task.pk).status == TaskState.STATUS_IN_PROGRESS
    assert page.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS


def test_a_refused_approval_in_a_dialogue_leads_to_the_form(log_in, author, reviewer, publisher, tree):
    page = start_review(incomplete(), author)
    approve(log_in(reviewer), page)
    response = approve(log_in(publisher), page, headers={"x-requested-with": "XMLHttpRequest"})
    assert response.json() == {"step": "success", "redirect": reverse("wagtailadmin_pages:edit", args=[page.pk])}
    assert SOURCE in messages(log_in(publisher).get(response.json()["redirect"]))


def test_a_reviewer_can_send_an_incomplete_draft_back(log_in, author, reviewer, tree):
    page = start_review(make_snapshot(source="", owner=author), author)
    screen = edit(log_in(reviewer), page)
    extra = '{"comment": "Il manque la source."}'
    screen.set(**{"workflow-action-name": "reject", "workflow-action-extra-data": extra})
    assert screen.post("action-workflow-action").status_code == 302
    assert fresh(page).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


@pytest.mark.parametrize("comment", ["", "   ", None])
def test_nothing_is_sent_back_without_a_remark(log_in, author, reviewer, tree, comment):
    page = start_review(make_snapshot(owner=author), author)
    task, client, sentence = fresh(page).current_workflow_task_state, log_in(reviewer), "Dites à l’auteur"
    typed = {} if comment is None else {"comment": comment}
    xhr = {"x-requested-with": "XMLHttpRequest"}
    for name in ("collect_workflow_action_data", "workflow_action"):
        address = reverse(f"wagtailadmin_pages:{name}", args=[page.pk, "reject", task.pk])
        assert sentence in client.post(address, typed, headers=xhr).json()["html"]
    assert sentence in messages(client.post(address, typed, follow=True))
    screen = edit(client, page)
    screen.set(**{"workflow-action-name": "reject", "workflow-action-extra-data": json.dumps(typed)})
    assert sentence in messages(screen.post("action-workflow-action"))
    assert fresh(page).current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert fresh(page).current_workflow_task_state == task


def test_a_record_is_sent_back_from_a_list_with_a_remark(log_in, author, reviewer, tree):
    page = start_review(make_snapshot(owner=author), author)
    task = fresh(page).current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", task.pk])
    log_in(reviewer).post(address, {"comment": "Précisez l’année."})
    assert fresh(page).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert TaskState.objects.get(pk=task.pk).comment == "Précisez l’année."


def test_bulk_publication_names_the_field(log_in, administrator, tree):
    page = incomplete()
    url = reverse("wagtail_bulk_action", args=["portal", "portalpage", "publish"])
    response = log_in(administrator).post(f"{url}?id={page.pk}", follow=True)
    assert SOURCE in messages(response)
    assert not fresh(page).live


def test_an_address_that_another_page_has_taken_meanwhile_is_a_refusal(
    log_in, author, reviewer, publisher, administrator, tree
):
    page = change_live(publish(make_snapshot()), slug="taken", summary_fr="Un autre résumé.")
    publish(make_snapshot(slug="taken"))
    url = reverse("wagtail_bulk_action", args=["portal", "portalpage", "publish"])
    assert "taken" in messages(log_in(administrator).post(f"{url}?id={page.pk}", follow=True))
    page = start_review(page, author)
    approve(log_in(reviewer), page)
    assert "taken" in messages(approve(log_in(publisher), page, follow=True))
    assert fresh(page).summary_fr == "Une mutuelle." and fresh(page).workflow_in_progress


def test_a_scheduled_change_is_checked_at_once_and_settled_when_it_goes_live(log_in, publisher, tree):
    page = publish(make_snapshot(title_en="Mutual", summary_en="A mutual.", language_state_en="published"))
    later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    client = log_in(publisher)
    refused = edit(client, page).set(source="", go_live_at=later).post("action-publish")
    assert refused.context["form"].errors["source"] == [SOURCE]
    screen = edit(client, page).set(title_fr="Union de Thiès", go_live_at=later, change_significance="minor")
    answer = screen.post("action-publish", follow=True)
    assert "Date de parution" in messages(answer) and later[-5:] in messages(answer)
    page = fresh(page)
    assert page.live and page.title_fr == "Mutuelle de Thiès"
    revision = page.scheduled_revision
    assert revision.content["change_significance"] == "minor"
    past = timezone.now() - timedelta(minutes=1)
    revision.approved_go_live_at = past
    revision.content = revision.content | {"go_live_at": past.isoformat()}
    revision.save()
    call_command("publish_scheduled")
    page = fresh(page)
    assert page.title_fr == "Union de Thiès"
    assert page.language_state_en == State.PUBLISHED


@pytest.mark.parametrize("action", ["publish", "copy", "create_alias", "revert_to_page_revision"])
def test_the_api_of_the_admin_only_reads(log_in, administrator, tree, action):
    page, client = make_snapshot(), log_in(administrator)
    address = f"{reverse('wagtailadmin_api:pages:listing')}{page.pk}/"
    assert client.get(address).json()["id"] == page.pk
    assert client.post(f"{address}action/{action}/", {"slug": "copy"}, follow=True).status_code == 404
    assert not Experience.objects.live().exists() and Experience.objects.count() == 1


@pytest.mark.parametrize(
    ("significance", "state"), [("minor", State.PUBLISHED), ("medium", State.OUTDATED), ("major", State.DRAFT)]
)
def test_the_button_settles_what_becomes_of_translations(log_in, publisher, tree, significance, state):
    page = publish(make_snapshot(title_en="Mutual", summary_en="A mutual.", language_state_en="published"))
    screen = edit(log_in(publisher), page).set(summary_fr="Tout a changé.", change_significance=significance)
    assert screen.post("action-publish").status_code == 302
    page = fresh(page)
    assert page.language_state_en == state
    assert page.get_latest_revision_as_object().language_state_en == state
    assert bool(page.title_en) == (state != State.DRAFT)
    assert page.get_latest_revision_as_object().title_en == "Mutual"


@pytest.mark.parametrize(
    "rows", [[("Un", "One")], [("Deux", "Two"), ("Un", "One")], [("Un", "One"), ("Deux", "Two"), ("", "")]]
)
@pytest.mark.parametrize(("problem", "state"), [("Avant", State.PUBLISHED), ("Après", State.OUTDATED)])
def test_rows_that_move_go_or_say_nothing_are_no_translation_and_need_none(tree, rows, problem, state):
    texts = {"title_en": "Mutual", "summary_en": "A mutual.", "language_state_en": "published"}
    page = make_snapshot(problem_fr="Avant", problem_en="Before", **texts).get_latest_revision_as_object()
    page.conditions = conditions([("Un", "One"), ("Deux", "Two")])
    page.save_revision()
    draft = publish(page).get_latest_revision_as_object()
    draft.problem_fr, draft.conditions = problem, conditions(rows)
    draft.save_revision(clean=False)
    assert publish(draft).language_state_en == state


def test_the_draft_of_a_live_page_may_be_incomplete_and_never_shows(log_in, publisher, tree):
    page = publish(make_snapshot())
    screen = edit(log_in(publisher), page).set(source="", title_pt="Rascunho", language_state_pt="draft")
    assert screen.post().status_code == 302
    page = fresh(page)
    assert page.source == "Visite de mars 2024" and not page.title_pt
    draft = page.get_latest_revision_as_object()
    assert draft.title_pt == "Rascunho" and draft.source == ""
    change_live(page, source="Visite")
    page = publish(page)
    assert not page.title_pt and page.get_latest_revision_as_object().title_pt == "Rascunho"


def test_a_second_editor_keeps_the_translation_that_another_has_begun(log_in, publisher, administrator, tree):
    page = publish(make_snapshot())
    edit(log_in(publisher), page).set(title_es="Borrador", language_state_es="draft").post()
    edit(log_in(administrator), page).set(title_pt="Rascunho").post()
    draft = fresh(page).get_latest_revision_as_object()
    assert (draft.title_es, draft.title_pt, draft.language_state_pt) == ("Borrador", "Rascunho", State.DRAFT)


def test_a_row_that_waits_for_its_figure_is_saved_and_keeps_the_page_from_readers(log_in, publisher, tree):
    page = publish(make_snapshot())
    screen = edit(log_in(publisher), page)
    screen.add_row("indicators", indicator="members", year="2012", value="", unit="", source="")
    assert screen.set(summary_fr="Un autre résumé.").post().status_code == 302
    draft = fresh(page).get_latest_revision_as_object()
    assert draft.summary_fr == "Un autre résumé." and draft.indicators.get().value is None
    assert draft.indicator_series() == []
    with pytest.raises(PublicationRefused) as refused:
        draft.get_latest_revision().publish()
    assert [item.message for item in refused.value.missing] == [
        "Indicateurs par année, ligne 1\xa0: «\u202fValeur\u202f» est vide.",
        "Indicateurs par année, ligne 1\xa0: «\u202fSource\u202f» est vide.",
    ]
    assert fresh(page).summary_fr != "Un autre résumé."
