"""Work under way in the demonstration, so that the staff's home shows what it is for: drafts, reviews, what is overtaken."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from experiences import leads
from experiences.models import Experience, Lead, Weakness
from portal.demo.load import staff

LEAD = "projet ARCH"
REASON = "Une fiche complète : le passage à l’obligation, et ce que deviennent les mutuelles du Borgou."
# {slug: (weakness, remedy)}: what the demonstration's author adds to a record, in the words of its story.
ADDED = {
    "mutuelles-de-sante-burkina-faso": (
        "La collecte : les cotisations sont petites, les membres dispersés, les trésoriers bénévoles.",
        "Adhérer et cotiser depuis un téléphone ordinaire, avec une animatrice qui continue de voir les membres.",
    ),
    "inam-togo": (
        "Pendant plus de dix ans, le régime est resté celui des seuls agents publics.",
        "Écrire dès la première loi la date et le chemin de l’extension.",
    ),
}
OVERTAKEN = "gratuite-soins-niger"
SAID_SINCE = (
    "<p>Pour le dispensaire, la gratuité est devenue un crédit consenti à l’État ; pour la famille, une promesse qui "
    "dépend de la pharmacie.</p>"
)
TO_REVISE = "bolsa-familia-bresil"


@transaction.atomic
def begin() -> None:
    """Leave one draft, one record with each of two steps of the review, one overtaken translation, one record to revise.

    Once: what staff make of it stays.
    """
    lead = Lead.objects.get(subject__contains=LEAD)
    if not lead.is_to_decide:
        return
    leads.decide(lead=lead, decision="to_capitalise", reason=REASON, user=staff("reviewer"), author=staff("author"))
    _waits_for_the_reviewer, approved = [propose(slug) for slug in ADDED]
    approved.current_workflow_task_state.approve(user=staff("reviewer"))
    overtaken = draft_of(OVERTAKEN)
    overtaken.description_fr += SAID_SINCE
    overtaken.save_revision(user=overtaken.owner, log_action=True).publish(user=staff("publisher"))
    old = draft_of(TO_REVISE)
    due = timezone.localdate() - timedelta(days=30)
    old.review_due_on = max(due, old.documented_on or due)
    old.save_revision(user=old.owner, log_action=True).publish(user=staff("publisher"))


def propose(slug: str) -> Experience:
    """Add a weakness to a record, as its author would, and ask for a review."""
    page, (weakness, remedy) = draft_of(slug), ADDED[slug]
    page.weaknesses.add(Weakness(text_fr=weakness, remedy_fr=remedy))
    page.save_revision(user=page.owner, log_action=True)
    page.get_workflow().start(page, page.owner)
    return page


def draft_of(slug: str) -> Experience:
    """Return the record as staff last left it."""
    return Experience.objects.get(slug=slug).get_latest_revision_as_object()
