"""What each group may do to what others wrote: authors translate it, and neither publish, withdraw nor delete it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from experiences.models import Experience
from tests.editor.screens import create, edit
from tests.factories.experiences import make_snapshot, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(publisher) -> Experience:
    """A live record that somebody else wrote."""
    return publish(make_snapshot(owner=publisher))


def fresh(page) -> Experience:
    return Experience.objects.get(pk=page.pk)


def bulk(action: str, *pages) -> str:
    address = reverse("wagtail_bulk_action", args=["portal", "portalpage", action])
    return f"{address}?{'&'.join(f'id={page.pk}' for page in pages)}&next=/admin/"


def test_an_author_translates_what_another_wrote_as_a_draft(log_in, author, other):
    answer = edit(log_in(author), other).set(title_en="Mutual of Thiès").post()
    assert answer.status_code == 302
    page = fresh(other)
    assert page.get_latest_revision_as_object().title_en == "Mutual of Thiès"
    assert page.has_unpublished_changes and not page.title_en and page.owner != author


@pytest.mark.parametrize("mine", [True, False])
def test_no_route_lets_an_author_publish(log_in, author, publisher, mine):
    page = make_snapshot(owner=author if mine else publisher)
    client = log_in(author)
    edit(client, page).post("action-publish")
    client.post(bulk("publish", page), follow=True)
    edit(client, page).post("action-submit")
    task = fresh(page).current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk]))
    assert fresh(page).current_workflow_task_state == task
    assert not fresh(page).live


def test_a_new_record_of_an_author_is_never_live(log_in, author, tree):
    catalogue = make_snapshot().get_parent()
    create(log_in(author), Experience, catalogue).set(title_fr="Union de Kaya").post("action-publish")
    assert not Experience.objects.get(owner=author).live


@pytest.mark.parametrize("mine", [True, False])
def test_no_route_lets_an_author_withdraw_delete_or_move_what_is_live(log_in, author, publisher, mine):
    page = publish(make_snapshot(owner=author if mine else publisher))
    client, home = log_in(author), page.get_parent().get_parent()
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home.pk]))
    for action in ("unpublish", "delete", "move"):
        client.post(bulk(action, page), {"chooser": home.pk}, follow=True)
    after = fresh(page)
    assert after.live and after.path == page.path


def test_an_author_deletes_own_drafts_and_not_those_of_others(log_in, author, reviewer):
    mine, theirs = make_snapshot(owner=author), make_snapshot(owner=reviewer)
    client = log_in(author)
    client.post(reverse("wagtailadmin_pages:delete", args=[theirs.pk]))
    client.post(bulk("delete", theirs), follow=True)
    assert fresh(theirs)
    assert client.post(reverse("wagtailadmin_pages:delete", args=[mine.pk])).status_code == 302
    assert not Experience.objects.filter(pk=mine.pk).exists()


def test_an_author_does_not_delete_what_was_published_once(log_in, author):
    page = publish(make_snapshot(owner=author))
    page.unpublish()
    client = log_in(author)
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    client.post(bulk("delete", page), follow=True)
    assert fresh(page)


@pytest.mark.parametrize("mine", [True, False])
def test_what_is_under_review_is_the_reviewers(log_in, author, reviewer, publisher, mine):
    page = make_snapshot(owner=author if mine else publisher)
    page.get_workflow().start(page, page.owner)
    client, revision = log_in(author), fresh(page).latest_revision_id
    edit(client, page).set(title_fr="Autre titre").post()
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    client.post(bulk("delete", page), follow=True)
    assert fresh(page).latest_revision_id == revision
    assert edit(log_in(reviewer), page).set(title_fr="Titre relu").post().status_code == 302
    assert fresh(page).get_latest_revision_as_object().title_fr == "Titre relu"


def test_what_a_reviewer_locked_stays_as_it_is(log_in, author, reviewer, other):
    Experience.objects.filter(pk=other.pk).update(locked=True, locked_by=reviewer)
    revision = fresh(other).latest_revision_id
    client = log_in(author)
    edit(client, other).set(title_fr="Autre titre").post()
    client.post(reverse("wagtailadmin_pages:unlock", args=[other.pk]))
    assert fresh(other).locked and fresh(other).latest_revision_id == revision
