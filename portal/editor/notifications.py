"""Mails of the review steps (§34-35): what waits for whom, with the remarks of those who read it before."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.admin import mail
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected
from wagtail.users.models import UserProfile

from portal.users.names import name_of


class PortalTemplates:
    """Takes the texts from the portal's own templates and adds the remarks made so far."""

    def get_template_set(self, instance: TaskState | WorkflowState, **kwargs: Any) -> dict[str, str]:
        name = f"portal/mail/{self.notification}"
        return {"subject": f"{name}_subject.txt", "text": f"{name}.txt", "html": ""}

    def get_context(self, instance: TaskState | WorkflowState, **kwargs: Any) -> dict[str, Any]:
        review = instance if isinstance(instance, WorkflowState) else instance.workflow_state
        return super().get_context(instance, **kwargs) | {"remarks": remarks_on(review)}


class Submitted(PortalTemplates, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    """Tells a group that a page waits for it."""


class Approved(PortalTemplates, mail.WorkflowStateApprovalEmailNotifier):
    """Tells an author that the page is published."""


class Rejected(PortalTemplates, mail.WorkflowStateRejectionEmailNotifier):
    """Tells an author that the page has to be worked on again."""

    def get_context(self, instance: WorkflowState, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(instance, **kwargs)
        return context | {"person": name_of(context["task_state"].finished_by)}


def remarks_on(review: WorkflowState) -> list[dict[str, Any]]:
    """Return the remarks of the last round of a review, the oldest first: who, at which step, what.

    A round ends when a page is sent back. Its remarks stand until a step is decided anew: then they are answered.
    """
    finished = review.task_states.filter(status__in=(TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED))
    states: list[TaskState] = []
    for state in finished.select_related("finished_by", "task").order_by("finished_at", "pk"):
        if states and states[-1].status == TaskState.STATUS_REJECTED:
            states = []
        states.append(state)
    return [
        {"person": name_of(state.finished_by), "step": state.task.name, "text": state.comment}
        for state in states
        if state.comment
    ]


def can_be_told(person: Any) -> bool:
    """Return whether a mail would reach `person`: an open account with an address."""
    return bool(person and person.is_active and person.email)


def tell(person: Any, *, template: str, context: dict[str, Any]) -> None:
    """Queue a mail in the language of `person`, from `<template>_subject.txt` and `<template>.txt`; none without an address."""
    if not can_be_told(person):
        return
    context = context | {"user": person}
    with override(UserProfile.get_for_user(person).get_preferred_language()):
        subject = render_to_string(f"{template}_subject.txt", context).strip()
        text = render_to_string(f"{template}.txt", context).strip()
    mail.send_mail(subject, text, [person.email])


def connect() -> None:
    """Take the place of Wagtail's own receivers.

    The portal's applications come first, and a second receiver with the same `dispatch_uid` is ignored: Wagtail's are.
    """
    for signal, sender, notifier, uid in (
        (task_submitted, TaskState, Submitted, "group_approval_task_submitted_email_notification"),
        (workflow_approved, WorkflowState, Approved, "workflow_state_approved_email_notification"),
        (workflow_rejected, WorkflowState, Rejected, "workflow_state_rejected_email_notification"),
    ):
        signal.connect(notifier(), sender=sender, weak=False, dispatch_uid=uid)
