"""The words of the review on the editor's screen: those of the programme, in the staff member's language.

Workflows and steps are rows that an administrator may rename; the names given by set-up are messages of the catalogue, so that
`gettext(task.name)` shows them in every language and leaves a name of the administrator's as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PublishMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)
from wagtail.admin.views.pages.history import WorkflowHistoryDetailView, WorkflowHistoryView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView
from wagtail.forms import TaskStateCommentForm
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Task, Workflow, WorkflowState

from portal.pages import translate_name

# Wagtail's own sentences about the review: the project's catalogues come before Wagtail's, and say them in our words.
WORDS = (
    gettext_noop("In Moderation"),
    gettext_noop("in moderation"),
    gettext_noop("live + in moderation"),
    gettext_noop("Page '%(page_title)s' has been submitted for moderation."),
    gettext_noop("Workflow on page '%(page_title)s' has been cancelled."),
    gettext_noop("No pages/snippets have been submitted for moderation yet"),
)

# (name of the action, asks for a remark, last step of the review): what the button says.
STEPS = {
    ("reject", True, False): _("Renvoyer à l’auteur, avec une remarque"),
    ("reject", True, True): _("Renvoyer à l’auteur, avec une remarque"),
    ("approve", False, False): _("Approuver et transmettre"),
    ("approve", True, False): _("Approuver et transmettre, avec une remarque"),
    ("approve", False, True): _("Approuver et publier"),
    ("approve", True, True): _("Approuver et publier, avec une remarque"),
}


class SendBackForm(TaskStateCommentForm):
    """What goes with a record that is sent back: its author must learn what to do."""

    comment = forms.CharField(
        label=_("Remarque"),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Dites à l’auteur ce qu’il faut reprendre.")},
    )


def problem_of(action: str, data: Any) -> str:
    """Return what keeps a step of the review from being taken with the data sent; empty where nothing does."""
    if action != "reject":
        return ""
    form = SendBackForm(data if isinstance(data, Mapping) else {})
    return "" if form.is_valid() else form.errors["comment"][0]


class AsksForRemark:
    """A window of a step of the review: sending back asks for a remark."""

    def get_form_class(self) -> type[forms.Form]:
        return SendBackForm if self.action_name == "reject" else super().get_form_class()


class CollectRemark(AsksForRemark, CollectWorkflowActionDataView):
    """The window that opens over the editor's form."""


class SendToReview(SubmitForModerationMenuItem):
    """Sends a draft to the first step, or back to the step that asked for changes."""

    label = _("Envoyer en relecture")

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        review = review_of(parent_context)
        again = review and review.status == WorkflowState.STATUS_NEEDS_CHANGES
        return super().get_context_data(parent_context) | {
            "label": _("Renvoyer en relecture") if again else self.label,
        }


class RestartReview(RestartWorkflowMenuItem):
    """Begins again with the first step."""

    label = _("Recommencer la relecture")


class CancelReview(CancelWorkflowMenuItem):
    """Takes a draft back from the review."""

    label = _("Retirer de la relecture")


class Publish(PublishMenuItem):
    """Publishes without the review; says so where one is under way."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        under_way = review_of(parent_context)
        label = _("Publier sans attendre la relecture") if under_way else self.label
        return super().get_context_data(parent_context) | {"label": label}


OURS: dict[type[ActionMenuItem], type[ActionMenuItem]] = {
    SubmitForModerationMenuItem: SendToReview,
    RestartWorkflowMenuItem: RestartReview,
    CancelWorkflowMenuItem: CancelReview,
    PublishMenuItem: Publish,
}


def review_of(context: Any) -> WorkflowState | None:
    """Return the review that the page of an action menu is in."""
    page = context.get("page")
    return page.current_workflow_state if page else None


def name_actions(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Put the programme's words in the menu of the main button; where approving publishes, nothing else offers to."""
    review = review_of(context)
    is_last = bool(review and review.is_at_final_task)
    steps = [item for item in items if isinstance(item, WorkflowMenuItem)]
    for item in steps:
        item.label = STEPS.get((item.name, bool(item.launch_modal), is_last), item.label)
    steps.sort(key=lambda item: (item.name != "approve", bool(item.launch_modal)))
    decides_last = is_last and any(item.name == "approve" for item in steps)
    others = [
        OURS[type(item)](order=item.order) if type(item) in OURS else item
        for item in items
        if item not in steps and not (decides_last and isinstance(item, PublishMenuItem))
    ]
    items[:] = [*others[:1], *steps, *others[1:]]  # the first is the main button


# --- Histories and reports, in which Wagtail shows the names as they are kept --------------------------------------------


def name_everywhere() -> None:
    """Have reviews and steps called by their names in the reader's language wherever Wagtail writes them out."""

    def shown(named: Task | Workflow) -> str:
        return gettext(named.name)

    Task.__str__ = Workflow.__str__ = shown
    steps = WorkflowState.all_tasks_with_status

    @wraps(steps)
    def named_steps(review: WorkflowState) -> list[Task]:
        return [translate_name(step) for step in steps(review)]

    WorkflowState.all_tasks_with_status = named_steps


def name_in_logs(actions: LogActionRegistry) -> None:
    """Have the entries of histories say the names in the reader's language; they hold them as they were kept."""
    for action, formatter in actions.formatters.items():
        if action.startswith("wagtail.workflow."):
            formatter.format_message = _in_words(formatter)


def _in_words(formatter: LogFormatter) -> Any:
    message = formatter.format_message
    return lambda entry: message(SimpleNamespace(data=_titles_translated(entry.data)))


def _titles_translated(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {
        key: gettext(value) if key == "title" and value else _titles_translated(value) for key, value in data.items()
    }


class ReviewHistory(WorkflowHistoryView):
    """The reviews of a page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for review in context["workflow_states"]:
            translate_name(review.workflow)
        return context


class ReviewDetail(WorkflowHistoryDetailView):
    """One review of a page, step by step."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        translate_name(context["workflow_state"].workflow)
        return context
