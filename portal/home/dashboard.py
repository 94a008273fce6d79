"""The staff's home: what waits for whom, each list with a plain word where it is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState, WorkflowState
from wagtail.permissions import policy_registry

from experiences.models import Lead
from knowledge.models import KnowledgeItem
from portal import languages
from portal.contact.models import VisitorMessage
from portal.home import pipeline, translations
from portal.home.pipeline import Step
from portal.languages import State
from portal.models import PortalPage
from portal.users.names import name_of

SHOWN = 8


@dataclass(frozen=True)
class Row:
    """A line of a list: a link, what to know about it, since or until when."""

    title: str
    url: str
    note: str = ""
    day: date | datetime | None = None


class ListPanel(Component):
    """A list of the staff's home: its first rows, how many there are, and where all of them are."""

    template_name = "home/admin/list_panel.html"
    name = ""
    title = ""
    empty = ""

    def __init__(self, request: HttpRequest, order: int) -> None:
        self.request, self.order = request, order

    def rows(self) -> list[Row]:
        """Return one row more than are shown, where there are more."""
        raise NotImplementedError

    def all_url(self) -> str:
        """Return the address of the whole list; empty where there is none."""
        return ""

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        rows = self.rows()
        return {"panel": self, "rows": rows[:SHOWN], "has_more": len(rows) > SHOWN, "all_url": self.all_url()}


@dataclass(frozen=True)
class Stage:
    """How many there are of something, and where all of them are."""

    label: str
    number: int
    url: str


class Pipeline(Component):
    """The way from the lead to the reader, in figures that lead to their lists."""

    template_name = "home/admin/pipeline_panel.html"
    name = "pipeline"
    title = _("De la piste au lecteur")

    def __init__(self, request: HttpRequest, order: int) -> None:
        self.request, self.order = request, order

    def stages(self) -> list[Stage]:
        """Return the steps of the cycle, in its order; leads for those who see them."""
        counts = pipeline.counts(self.request.user)
        steps = [
            Stage(str(step.label), counts[step], pipeline.list_url(step))
            for step in (Step.WRITING, Step.REVIEW, Step.PUBLISHED, Step.DUE)
        ]
        if not self.request.user.has_perm("experiences.view_lead"):
            return steps
        leads = Stage(gettext("Pistes à décider"), Lead.objects.to_decide().count(), leads_url())
        return [leads, *steps]

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        stages = self.stages()
        outdated = translations.outdated(editable(self.request.user).filter(live=True))
        behind = Stage(gettext("Traductions dépassées"), outdated, f"{reverse('translations')}?state={State.OUTDATED}")
        return {"panel": self, "stages": stages[:-1], "overdue": [stages[-1], behind]}


class MyDrafts(ListPanel):
    """What the person owns and is not public as it is."""

    name = "my-drafts"
    title = _("Mes brouillons")

    @property
    def empty(self) -> str:
        """The word for who has written nothing is not the one for who has published everything."""
        if PortalPage.objects.filter(owner=self.request.user).exists():
            return gettext("Aucun brouillon : tout ce que vous avez écrit est publié.")
        return gettext("Aucun brouillon : vous n’avez encore rien écrit.")

    def rows(self) -> list[Row]:
        unfinished = Q(live=False) | Q(has_unpublished_changes=True)
        pages = list(
            PortalPage.objects.filter(unfinished, owner=self.request.user).order_by("-latest_revision_created_at")[
                : SHOWN + 1
            ]
        )
        reviews = steps_of(pages)
        return [
            Row(
                page.draft_title,
                edit_url(page.pk),
                reviews.get(page.pk) or note_of(page),
                page.latest_revision_created_at,
            )
            for page in pages
        ]


def note_of(page: PortalPage) -> str:
    """Return in what state a draft is, outside a review."""
    return gettext("Publiée, avec des modifications à publier") if page.live else gettext("Brouillon")


def steps_of(pages: list[PortalPage]) -> dict[int, str]:
    """Return {page id: the step of the review that it is at} for the pages that are being reviewed."""
    states = (
        WorkflowState.objects.active()
        .filter(
            object_id__in=[str(page.pk) for page in pages],
            base_content_type=ContentType.objects.get_for_model(PortalPage),
        )
        .select_related("current_task_state__task")
    )
    return {
        int(state.object_id): gettext("À reprendre")
        if state.status == WorkflowState.STATUS_NEEDS_CHANGES
        else gettext("Chez : %(step)s") % {"step": gettext(state.current_task_state.task.name)}
        for state in states
        if state.current_task_state
    }


class WaitingForMe(ListPanel):
    """What is at a step of the review that the person decides."""

    name = "waiting-for-me"
    title = _("En attente de moi")
    empty = _("Personne n’attend votre relecture.")

    def rows(self) -> list[Row]:
        states = (
            TaskState.objects.reviewable_by(self.request.user)
            .select_related("revision", "task", "workflow_state__requested_by")
            .order_by("started_at")[: SHOWN + 1]
        )
        return [
            Row(
                state.revision.object_str,
                edit_url(state.revision.object_id),
                f"{gettext(state.task.name)} · {name_of(state.workflow_state.requested_by)}",
                state.started_at,
            )
            for state in states
        ]


class LeadsToDecide(ListPanel):
    """The queue of leads, the oldest first."""

    name = "leads-to-decide"
    title = _("Pistes à décider")
    empty = _("Toutes les pistes ont reçu une décision.")

    def rows(self) -> list[Row]:
        leads = Lead.objects.to_decide().select_related("noted_by").order_by("heard_on", "pk")[: SHOWN + 1]
        return [
            Row(
                lead.subject,
                reverse("lead:decide", args=[lead.pk]),
                " · ".join(
                    filter(None, [lead.get_kind_display(), lead.get_country_display(), lead.get_decision_display()])
                ),
                lead.heard_on,
            )
            for lead in leads
        ]

    def all_url(self) -> str:
        return leads_url()


class MessagesToRead(ListPanel):
    """What visitors wrote and nobody has dealt with, the oldest first; the heading says how many there are."""

    name = "messages-to-read"
    empty = _("Chaque message de visiteur a été traité.")

    @property
    def title(self) -> str:
        """The heading, with the number where there is one."""
        number = VisitorMessage.objects.open().count()
        return f"{gettext('Messages à lire')} ({number})" if number else gettext("Messages à lire")

    def rows(self) -> list[Row]:
        messages = VisitorMessage.objects.open().order_by("created_at", "pk")[: SHOWN + 1]
        return [
            Row(
                str(message),
                reverse("visitor_message:edit", args=[message.pk]),
                " · ".join(filter(None, [message.get_about_display(), message.reference])),
                message.created_at,
            )
            for message in messages
        ]

    def all_url(self) -> str:
        return reverse("visitor_message:index") + "?state=open"


class TranslationsToDo(ListPanel):
    """The languages of public pages that are missing, begun or overtaken by their original; what is overtaken comes first."""

    name = "translations-to-do"
    title = _("Traductions à faire")
    template_name = "home/admin/translations_panel.html"

    @cached_property
    def pages(self) -> QuerySet:
        """The public pages that the person may change."""
        return editable(self.request.user).filter(live=True, depth__gt=1)

    @property
    def empty(self) -> str:
        """That nothing is left to translate is no news for who may change nothing."""
        if self.pages.exists():
            return gettext(
                "Chaque fiche publiée a au moins un titre et un résumé dans les quatre langues, et rien n’est dépassé."
            )
        return gettext("Vous ne pouvez modifier aucune page publiée : rien ne vous attend ici.")

    def rows(self) -> list[Row]:
        found: list[Row] = []
        for state in (State.OUTDATED, State.DRAFT, State.NONE):
            if len(found) <= SHOWN:
                found += [
                    Row(
                        page.title_in(languages.active()),
                        url,
                        f"{language} · {State(state).label}",
                        page.last_published_at,
                    )
                    for page, language, url in translations.to_do(self.pages, state, SHOWN + 1 - len(found))
                ]
        return found

    def all_url(self) -> str:
        return reverse("translations")

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return super().get_context_data(parent_context) | {"counts": translations.counts(self.pages)}


class ToReview(ListPanel):
    """Items whose date of review has passed, the oldest first."""

    name = "to-review"
    title = _("À revoir")
    empty = _("Aucune fiche que vous pouvez modifier n’a dépassé sa date de révision.")

    def rows(self) -> list[Row]:
        items = KnowledgeItem.objects.filter(
            pk__in=editable(self.request.user).values("pk"), live=True, review_due_on__lt=timezone.localdate()
        ).order_by("review_due_on")[: SHOWN + 1]
        return [Row(item.draft_title, edit_url(item.pk), item.reference or "", item.review_due_on) for item in items]


def editable(user: Any) -> QuerySet:
    """Return the pages that a person may change."""
    return policy_registry.get_by_type(PortalPage).instances_user_has_permission_for(user, "change")


def leads_url() -> str:
    """Return the address of the queue of leads."""
    return reverse("lead:index") + "?state=to_decide"


def edit_url(page_id: int | str) -> str:
    """Return the address of a page's form."""
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def panels_for(request: HttpRequest) -> list[Component]:
    """Return what concerns a person, in the order in which it is read."""
    kinds: list[type[Component]] = [WaitingForMe, MyDrafts, TranslationsToDo, ToReview]
    if request.user.has_perm("experiences.decide_lead"):
        kinds.insert(1, LeadsToDecide)
    if request.user.has_perm("contact.change_visitormessage"):
        kinds.insert(1, MessagesToRead)
    kinds.insert(1, Pipeline)
    return [kind(request, 100 + number) for number, kind in enumerate(kinds)]
