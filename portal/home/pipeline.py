"""Where every item stands between the lead and the reader: counts for the staff's home, and the list behind them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.models import WorkflowState
from wagtail.permissions import policy_registry

from knowledge.models import KnowledgeItem
from portal.editor.public_links import public_links
from portal.home.page_lists import PageList
from portal.models import PortalPage
from portal.users.names import name_of


class Step(models.TextChoices):
    """A step of the way of an item; one that is public and being changed stands at two."""

    WRITING = "writing", _("En rédaction")
    REVIEW = "review", _("En relecture")
    PUBLISHED = "published", _("Publiées")
    DUE = "due", _("À revoir")


def items_for(user: Any) -> QuerySet:
    """Return the items that a person may see in the editor's lists, whatever their state."""
    pages = policy_registry.get_by_type(PortalPage).explorable_instances(user)
    return KnowledgeItem.objects.filter(pk__in=pages.values("pk"))


def at(step: str) -> Q:
    """Return the condition that an item is at a step; in one more query, of the reviews under way."""
    if step == Step.PUBLISHED:
        return Q(live=True)
    if step == Step.DUE:
        return Q(live=True, review_due_on__lt=timezone.localdate())
    reviewed = Q(pk__in=under_review())
    return reviewed if step == Step.REVIEW else (Q(live=False) | Q(has_unpublished_changes=True)) & ~reviewed


def under_review() -> list[int]:
    """Return the ids of the pages that wait for a reviewer or a publisher; what was sent back waits for its author."""
    states = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, base_content_type=ContentType.objects.get_for_model(PortalPage)
    )
    return [int(number) for number in states.values_list("object_id", flat=True)]


def counts(user: Any) -> dict[str, int]:
    """Return how many items stand at each step, as a person may see them."""
    return items_for(user).aggregate(**{step.value: Count("pk", filter=at(step)) for step in Step})


def list_url(step: str) -> str:
    """Return the address of the list of what stands at a step."""
    return f"{reverse('pipeline')}?step={step}"


class PipelineFilterSet(WagtailFilterSet):
    """A step, and whose items."""

    step = django_filters.ChoiceFilter(
        label=_("Étape"), method="at_step", choices=Step.choices, empty_label=_("Toutes")
    )
    mine = django_filters.BooleanFilter(label=_("Les miennes"), method="of_mine")

    class Meta:
        model = KnowledgeItem
        fields: list[str] = []

    def at_step(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep what stands at a step."""
        return queryset.filter(at(value))

    def of_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Keep what the person asking owns, or what others do."""
        own = Q(owner=self.request.user)
        return queryset.filter(own if value else ~own)


class PublicLinksColumn(Column):
    """Where the item is public: one link per language."""

    cell_template_name = "home/admin/public_links_cell.html"

    def get_value(self, instance: PortalPage) -> Any:
        return public_links(instance)


class PipelineView(PageList):
    """All items, from the first draft to the reader."""

    title_label = _("Fiche")
    page_title = _("Fiches en cours et publiées")
    header_icon = "list-ul"
    model = KnowledgeItem
    index_url_name = "pipeline"
    index_results_url_name = "pipeline_results"
    filterset_class = PipelineFilterSet
    default_ordering = "-latest_revision_created_at"
    verbose_name_plural = _("fiches")
    list_export = ["reference", "draft_title", "live", "latest_revision_created_at", "review_due_on"]

    def get_base_queryset(self) -> QuerySet:
        return items_for(self.request.user).select_related("content_type", "owner")

    @cached_property
    def reviewed(self) -> set[int]:
        """The pages that wait for a reviewer or a publisher."""
        return set(under_review())

    def step_of(self, item: KnowledgeItem) -> str:
        """Return where an item stands, in words."""
        if item.pk in self.reviewed:
            return str(Step.REVIEW.label)
        if not item.live:
            return str(Step.WRITING.label)
        changed = _("Publiée, avec des modifications à publier")
        return str(changed if item.has_unpublished_changes else _("Publiée"))

    def more_columns(self) -> list[Column]:
        return [
            Column("step", label=_("Étape"), accessor=self.step_of),
            Column("owner", label=_("Rédigée par"), accessor=lambda item: name_of(item.owner, "—")),
            DateColumn("latest_revision_created_at", label=_("Modifiée"), sort_key="latest_revision_created_at"),
            PublicLinksColumn("public", label=_("En ligne")),
        ]
