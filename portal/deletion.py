"""Deleting what others name: refused with a sentence that says what stands in the way, on every route of the admin."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic

from portal.models import PortalPage

LISTED = 10


def what_protects(instances: Iterable[models.Model]) -> list[models.Model]:
    """Return what names `instances` and must not lose them, each object once; empty where they may be deleted."""
    rows: dict[tuple[type, object], models.Model] = {}
    for instance in instances:
        collector = Collector(using=router.db_for_write(type(instance)), origin=instance)
        try:
            collector.collect([instance])
        except ProtectedError as error:
            for row in error.protected_objects:
                owner = getattr(row, "page", row)  # a child row is known by its page
                rows[type(owner), owner.pk] = owner
    return list(rows.values())


def refusal(protectors: list[models.Model]) -> SafeString:
    """Return the sentence that names what has to change first."""
    return format_html(
        "{}<ul>{}</ul>",
        _("Rien n’est supprimé : ce qui suit y fait encore référence. Retirez d’abord ces références."),
        format_html_join("", "<li>{}\u00a0: {}</li>", ((row._meta.verbose_name, row) for row in protectors[:LISTED])),
    )


class DeleteView(generic.DeleteView):
    """Asks first, says what refers to the object, and refuses where it is needed."""

    def form_valid(self, form: Form) -> HttpResponse:
        if protectors := what_protects([self.object]):
            messages.error(self.request, refusal(protectors))
            return HttpResponseRedirect(self.get_usage_url() or self.get_success_url())
        return super().form_valid(form)


def refuse_page(request: HttpRequest, page: PortalPage) -> HttpResponse | None:
    """Refuse to delete a page that others need; nothing where it may be deleted (a hook of Wagtail's delete view)."""
    pages = page.get_descendants(inclusive=True).specific()
    if protectors := what_protects(pages):
        messages.error(request, refusal(protectors))
        return redirect("wagtailadmin_pages:usage", page.pk)
    return None


def refuse_bulk(request: HttpRequest, action_type: str, objects: Iterable[models.Model], action) -> HttpResponse | None:
    """Refuse a bulk delete that holds something others need (a hook of Wagtail's bulk actions)."""
    if action_type != "delete" or request.method != "POST":
        return None
    instances: list[models.Model] = []
    for instance in objects:
        is_page = isinstance(instance, PortalPage)
        instances += instance.get_descendants(inclusive=True).specific() if is_page else [instance]
    if protectors := what_protects(instances):
        messages.error(request, refusal(protectors))
        return redirect(action.next_url or reverse("wagtailadmin_home"))
    return None
