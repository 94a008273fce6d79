"""What is due by the clock, done one by one: a page that cannot be published stops no other."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.dispatch import Signal
from django.utils import timezone
from wagtail.models import Revision

from portal.models import PortalPage
from portal.publication import PublicationRefused
from portal.tasks import requeue_stale

logger = logging.getLogger(__name__)
# Longer than any task runs.
LOST_AFTER = timedelta(minutes=10)
# Sent at the end of each round: other apps do then what time makes due with them. One that fails stops no other.
time_passed = Signal()


def run_what_is_due() -> None:
    """Withdraw pages that expired, publish those whose time has come, queue the tasks of killed workers again."""
    now = timezone.now()
    for page in PortalPage.objects.live().filter(expire_at__lt=now).specific():
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.page_revisions.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at"):
        try:
            revision.publish(log_action="wagtail.publish.scheduled")
        except PublicationRefused as refused:
            # Staff see it as a draft again, with what is missing at their next attempt.
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            logger.warning("%s was due but is not published: %s", refused.page, "; ".join(refused.messages))
    requeue_stale(older_than=LOST_AFTER)
    time_passed.send_robust(sender=None)
