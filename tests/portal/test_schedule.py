"""What staff scheduled happens by itself, and what cannot happen stops nothing else."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Revision

from portal.models import PortalPage
from tests import factories


def schedule(page: PortalPage) -> None:
    """Schedule a page as staff do, then let its time come."""
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish()
    past = timezone.now() - timedelta(minutes=1)
    revision = Revision.objects.get(pk=PortalPage.objects.get(pk=page.pk).latest_revision_id)
    assert revision.approved_go_live_at is not None
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()


def test_a_scheduled_page_is_public_when_its_time_has_come(tree, client):
    page = factories.experience(publish=False)
    schedule(page)
    assert client.get(page.get_url()).status_code == 404
    call_command("keep_time", "--once")
    assert client.get(page.get_url()).status_code == 200


def test_a_page_that_expired_is_withdrawn(tree, client):
    page = factories.experience()
    PortalPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("keep_time", "--once")
    assert client.get(page.get_url()).status_code == 404


def test_a_page_that_lacks_something_when_its_time_comes_stops_no_other(tree, client):
    incomplete, complete = factories.experience(publish=False), factories.experience(publish=False)
    schedule(incomplete)
    schedule(complete)
    revision = PortalPage.objects.get(pk=incomplete.pk).latest_revision
    revision.content["summary_fr"] = ""
    revision.save()
    call_command("keep_time", "--once")
    assert client.get(complete.get_url()).status_code == 200
    assert client.get(incomplete.get_url()).status_code == 404
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_a_page_whose_address_was_taken_when_its_time_comes_stops_no_other(tree, client):
    late, complete = factories.experience(), factories.experience(publish=False)
    draft = late.get_latest_revision_as_object()
    draft.slug = "taken"
    draft.save_revision()
    factories.experience(slug="taken")
    schedule(late)
    schedule(complete)
    call_command("keep_time", "--once")
    assert client.get(complete.get_url()).status_code == 200
    late = PortalPage.objects.get(pk=late.pk)
    assert late.slug != "taken" and not late.scheduled_revision
