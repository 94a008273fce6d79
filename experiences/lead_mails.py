"""Mails about a lead: to who reported it, what was decided and why; to who is to write the experience, that it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from portal.editor.notifications import name_of, tell

if TYPE_CHECKING:
    from experiences.leads import Lead


def tell_decision(*, lead: Lead, user: Any, author: Any = None) -> None:
    """Queue one mail for each person whom a decision of `user` concerns, but for `user`.

    `author` is who is to write the experience that was opened just now, None where none was.
    """
    context = {"lead": lead, "person": name_of(user), "lead_url": reverse("lead:edit", args=[lead.pk])}
    concerned = {"entrusted": author, "decided": lead.noted_by if lead.noted_by != author else None}
    for name, person in concerned.items():
        if person and person != user:
            tell(person, template=f"experiences/mail/{name}", context=context)
