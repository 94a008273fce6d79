"""Mails about a lead: to who reported it, what was decided and why, or what is to be told; to who is to write the experience,
that it waits; to who asked for details, that there are some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from portal.editor.notifications import can_be_told, tell
from portal.users.names import name_of

if TYPE_CHECKING:
    from experiences.leads import Lead


def tell_decision(*, lead: Lead, user: Any, author: Any = None) -> None:
    """Queue one mail for each person whom a decision of `user` concerns, but for `user`.

    `author` is who is to write the experience that was opened just now, None where none was.
    """
    context = {"lead": lead, "person": name_of(user), "lead_url": reverse("lead:edit", args=[lead.pk])}
    told = "asked" if lead.is_to_be_completed else "decided"
    concerned = {"entrusted": author, told: lead.noted_by if lead.noted_by != author else None}
    for name, person in concerned.items():
        if reaches(person, user=user):
            tell(person, template=f"experiences/mail/{name}", context=context)


def reaches(person: Any, *, user: Any) -> bool:
    """Return whether `person` gets a mail about what `user` decided: nobody is told what they did themselves."""
    return person != user and can_be_told(person)


def tell_answer(*, lead: Lead, user: Any) -> None:
    """Queue a mail to who asked for details about a lead that `user` has just changed."""
    context = {"lead": lead, "person": name_of(user), "decision_url": reverse("lead:decide", args=[lead.pk])}
    tell(lead.decided_by, template="experiences/mail/answered", context=context)
