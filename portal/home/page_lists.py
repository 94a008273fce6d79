"""What the staff's lists of pages share: who may see them, and the title that leads to the form."""

from __future__ import annotations

from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from portal import languages


class PageList(ReportView):
    """A list of pages with their title in the reader's language and their type."""

    any_permission_required = ["add", "change", "publish"]
    title_label: str | Promise

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=self.title_label,
                accessor=lambda page: page.title_in(languages.active()),
                get_url=lambda page: reverse("wagtailadmin_pages:edit", args=[page.pk]),
            ),
            Column("type", label=_("Type"), accessor=lambda page: page.page_type_display_name),
            *self.more_columns(),
        ]

    def more_columns(self) -> list[Column]:
        """Return what a list tells beside title and type."""
        raise NotImplementedError
