"""Deleting what others name: refused with a sentence that says what stands in the way, on every route of the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.pages.bulk_actions import DeleteBulkAction

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
    named = (_("%(kind)s : %(name)s") % {"kind": row._meta.verbose_name, "name": row} for row in protectors[:LISTED])
    return format_html(
        "{}<ul>{}</ul>",
        _("Rien n’est supprimé : ce qui suit y fait encore référence. Retirez d’abord ces références."),
        format_html_join("", "<li>{}</li>", ((text,) for text in named)),
    )


class DeleteView(generic.DeleteView):
    """Asks first, says what refers to the object, and refuses, with what stands in the way, where it is needed."""

    template_name = "portal/admin/confirm_delete.html"

    @cached_property
    def protectors(self) -> list[models.Model]:
        """What must not lose the object; asked of the database, not of Wagtail's index of references."""
        return what_protects([self.object])

    def form_valid(self, form: Form) -> HttpResponse:
        return self.get(self.request) if self.protectors else super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"is_protected": bool(self.protectors)}
        return context | {"refusal": refusal(self.protectors) if self.protectors else ""}


def refuse_page(request: HttpRequest, page: PortalPage) -> HttpResponse | None:
    """Refuse to delete a page that others need; nothing where it may be deleted (a hook of Wagtail's delete view)."""
    pages = page.get_descendants(inclusive=True).specific()
    if protectors := what_protects(pages):
        messages.error(request, refusal(protectors))
        return redirect("wagtailadmin_pages:usage", page.pk)
    if request.method == "GET":
        warn(request, pages)
    return None


def warn(request: HttpRequest, pages: Iterable[PortalPage]) -> None:
    """Say beside the question what else changes when the pages go; of very much, the beginning and how much more it is."""
    sentences = [sentence for page in pages for sentence in page.lost_with_it()]
    for sentence in sentences[:LISTED]:
        messages.warning(request, sentence)
    if (rest := len(sentences) - LISTED) > 0:
        messages.warning(
            request, ngettext("… et %(number)d autre.", "… et %(number)d autres.", rest) % {"number": rest}
        )


class BulkDelete(DeleteBulkAction):
    """Wagtail's bulk delete of pages, which says what stands in the way instead of "no permission"."""

    def get(self, request: HttpRequest) -> HttpResponse:
        warn(request, self.pages())
        return super().get(request)

    def pages(self) -> list[PortalPage]:
        """Return all that would go: what is chosen, and what is below it."""
        chosen, _others = self.get_actionable_objects()
        return [page for root in chosen for page in root.get_descendants(inclusive=True).specific()]

    def post(self, request: HttpRequest) -> HttpResponse:
        if protectors := what_protects(self.pages()):
            messages.error(request, refusal(protectors))
            return redirect(self.next_url)
        return super().post(request)
