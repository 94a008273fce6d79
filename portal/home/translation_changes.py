"""What changed in the original of a page since one of its languages was translated, for who brings it up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.compare import diff_text
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Revision
from wagtail.utils.text import text_from_html

from portal import languages, publication
from portal.languages import LANGUAGES, NAMES
from portal.merging import plain
from portal.models import PortalPage

Content = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A text of the original that is no longer what was translated: its name, both texts in one, where its translation is."""

    label: str
    difference: SafeString
    anchor: str


def changes(model: type[models.Model], then: Content, now: Content, original: str, language: str) -> list[Change]:
    """Return what differs between two versions of the original: the page's own texts, then those of its tables."""
    found = []
    for name in languages.text_fields(model):
        before, after = (_text(model, name, content, original) for content in (then, now))
        if before != after:
            label = publication.label(model, name)
            found.append(Change(label, diff_text(before, after).to_html(), f"#id_{name}_{language}"))
    for table in languages.child_relations(model):
        found += _table_changes(model, table, then, now, original, language)
    return found


def _table_changes(
    model: type[models.Model], table: str, then: Content, now: Content, original: str, language: str
) -> Iterator[Change]:
    child = model._meta.get_field(table).related_model
    for name in languages.text_fields(child):
        before, after = (
            [_text(child, name, row, original) for row in content.get(table, [])] for content in (then, now)
        )
        for number, old, new in _pairs(before, after):
            label = _("%(table)s, ligne %(number)d : %(field)s") % {
                "table": publication.label(model, table),
                "number": number + 1,
                "field": publication.label(child, name),
            }
            row = min(number, max(len(after) - 1, 0))
            yield Change(label, diff_text(old, new).to_html(), f"#id_{table}-{row}-{name}_{language}")


def _pairs(before: list[str], after: list[str]) -> Iterator[tuple[int, str, str]]:
    """Give (row, text then, text now) of the rows that differ; a row that moved with its text does not."""
    for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            for step in range(max(end - start, last - first)):
                old = before[start + step] if start + step < end else ""
                new = after[first + step] if first + step < last else ""
                if old or new:
                    yield first + step, old, new


def _text(model: type[models.Model], name: str, content: Content, language: str) -> str:
    value = plain(content.get(f"{name}_{language}")) or ""
    field = model._meta.get_field(f"{name}_{language}")
    if isinstance(field, StreamField):
        return "\n".join(field.get_searchable_content(field.to_python(value))) if value else ""
    return text_from_html(value) if isinstance(field, RichTextField) else str(value)


class TranslationChangesView(WagtailAdminTemplateMixin, TemplateView):
    """The original then and now, for a page that the person may edit; 404 for the original language itself."""

    template_name = "home/admin/translation_changes.html"
    header_icon = "site"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(PortalPage.objects.select_related("live_revision"), pk=kwargs["page_id"])
        self.language = kwargs["language"]
        if not self.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        if self.language not in LANGUAGES or self.language == self.page.original_language:
            raise Http404

    def get_page_title(self) -> str:
        original, language = (languages.name_in(code) for code in (self.page.original_language, self.language))
        return _("Ce qui a changé en %(original)s depuis la traduction en %(language)s") % {
            "original": original,
            "language": language,
        }

    def get_page_subtitle(self) -> str:
        return self.page.title_in(languages.active())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Accueil")},
            {"url": reverse("translations"), "label": _("Traductions")},
            {"url": self.edit_url, "label": self.get_page_subtitle()},
            {"url": "", "label": capfirst(languages.name_in(self.language))},
        ]

    @property
    def edit_url(self) -> str:
        """The address of the page's form."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def translated_from(self) -> Revision | None:
        """Return the version that was translated; None where it is no longer known."""
        number = getattr(self.page, f"translated_from_{self.language}")
        return self.page.revisions.filter(pk=number).first() if number else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        then, now = self.translated_from(), self.page.live_revision or self.page.get_latest_revision()
        found = []
        if then and now:
            model = self.page.specific_class
            found = changes(model, then.content, now.content, self.page.original_language, self.language)
        return super().get_context_data(**kwargs) | {
            "then": then,
            "now": now,
            "changes": found,
            "original": self.page.original_language,
            "edit_url": self.edit_url,
            "language_name": NAMES[self.language],
        }
