"""Wagtail's page views with the portal's rules (portal.editor.stale_saves, portal.publication)."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.actions.copy_page import CopyPageAction
from wagtail.admin import messages
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.preview import PreviewOnCreateView, PreviewOnEditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet

from portal.editor.completeness import completeness_of
from portal.editor.forms import PortalCopyForm
from portal.editor.notifications import remarks_on
from portal.editor.public_links import public_links
from portal.editor.review import AsksForRemark, CollectRemark, ReviewDetail, ReviewHistory, problem_of
from portal.editor.stale_saves import StaleSaves, remember_automatic_save, tell_problems
from portal.middleware import tell_refusal
from portal.models import PortalPage
from portal.publication import PublicationRefused


def tell_date(request: HttpRequest, form: Any) -> None:
    """Say when a version that waits for its date will be public: Wagtail's message says only that it waits."""
    day = form.cleaned_data.get("go_live_at")
    if day and day > timezone.now():
        when = date_format(timezone.localtime(day), "DATETIME_FORMAT")
        messages.info(request, _("Date de parution : %(date)s.") % {"date": when})


class PortalEditView(StaleSaves, EditView):
    """The editor's screen."""

    partials_template_name = "portal/admin/edit_partials.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for page in (self.page, self.real_page_record):
            page.keep_review()
        return super().get(request, *args, **kwargs)

    @property
    def action_name(self) -> str:
        """Name the action; sending back to the author is a save: it needs nothing that publication needs."""
        name = super().action_name
        sends_back = name == "perform_workflow_action" and self.workflow_action == "reject"
        return "save" if sends_back else name

    def perform_workflow_action(self) -> HttpResponse:
        """Take a step of the review with the remark typed in its window; without one, nothing is sent back."""
        try:
            data = json.loads(self.request.POST.get("workflow-action-extra-data", ""))
        except ValueError:
            data = {}
        if problem := problem_of(self.workflow_action, data):
            self.form.add_error(None, problem)
            return self.form_invalid(self.form)
        return super().perform_workflow_action()

    def publish_action(self) -> HttpResponse:
        response = super().publish_action()
        tell_date(self.request, self.form)
        return response

    def add_save_confirmation_message(self) -> None:
        """Say what a step of the review has done: that the page "was updated" would be true, and tell nobody anything."""
        step = getattr(self, "workflow_action", None)
        if not step:
            return super().add_save_confirmation_message()
        page = PortalPage.objects.get(pk=self.page.pk)
        buttons = [messages.button(link.url, link.name) for link in public_links(page)]
        if step == "reject":
            text, buttons = _("« %(title)s » est renvoyée à son auteur."), []
        elif page.current_workflow_state:
            text, buttons = _("« %(title)s » est transmise à l’étape suivante."), []
        else:
            text = _("« %(title)s » est publiée.")
        messages.success(self.request, text % {"title": page.get_admin_display_title()}, buttons=buttons)
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review = self.page.current_workflow_state
        return super().get_context_data(**kwargs) | {
            "remarks": remarks_on(review) if review else [],
            "completeness": completeness_of(self.page),
            "public_links": [] if self.expects_json_response else public_links(self.real_page_record),
        }


class PortalRevertView(StaleSaves, RevisionsRevertView):
    """The editor's screen on an older version."""


class PortalCreateView(CreateView):
    """The editor's screen of a new page; posted again with the same key, it goes on with the page that is there."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            with transaction.atomic():
                return self.page_made() or super().post(request)
        except IntegrityError:
            if response := self.page_made():
                return response
            raise

    def page_made(self) -> HttpResponse | None:
        """Return the answer of the edit view where an automatic save has made the page already."""
        try:
            key = forms.UUIDField(required=False).to_python(self.request.POST.get("creation_key"))
        except forms.ValidationError:
            return None
        page = PortalPage.objects.filter(translation_key=key, owner=self.request.user).first() if key else None
        return PortalEditView.as_view()(self.request, page.pk) if page else None

    def publish_action(self) -> HttpResponse:
        # Added as a draft, then published: the live row holds public languages only, the revision holds all.
        self.form.instance.live = False
        response = super().publish_action()
        tell_date(self.request, self.form)
        return response

    def save_action(self) -> HttpResponse:
        response = super().save_action()
        if self.expects_json_response:
            remember_automatic_save(self.request, response)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.expects_json_response:
            return super().form_invalid(form)
        tell_problems(self.request, form)
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data())


class TitledPreview:
    """A preview of a page that has no title yet shows one, and the posted languages."""

    def get_form(self, query_dict: Any) -> Any:
        if query_dict:
            query_dict = query_dict.copy()
            original = query_dict.get("original_language") or self.object.original_language
            if not query_dict.get(f"title_{original}"):
                query_dict[f"title_{original}"] = _("Sans titre")
        return super().get_form(query_dict)


class PortalPreviewOnEdit(TitledPreview, PreviewOnEditView):
    """The preview of a page that is being edited."""


class PortalPreviewOnCreate(TitledPreview, PreviewOnCreateView):
    """The preview of a page that is not saved yet."""


class PortalCopyView(CopyView):
    """Copies a page with all its languages, as a draft."""

    def get_form_class(self) -> type[PortalCopyForm]:
        return PortalCopyForm

    def form_valid(self, form: PortalCopyForm) -> HttpResponse:
        parent = form.cleaned_data["new_parent_page"] or self.parent_page
        action = CopyPageAction(
            page=self.page,
            to=parent,
            recursive=form.cleaned_data.get("copy_subpages", False),
            update_attrs={
                f"title_{self.page.original_language}": form.cleaned_data["new_title"],
                "slug": form.cleaned_data["new_slug"],
            },
            keep_live=False,
            user=self.request.user,
        )
        copy = action.execute()
        title = self.page.specific_deferred.get_admin_display_title()
        button = messages.button(reverse("wagtailadmin_pages:edit", args=[copy.pk]), _("Modifier"))
        messages.success(self.request, _("« %(title)s » est copiée.") % {"title": title}, buttons=[button])
        return self.redirect_to(parent)

    def redirect_to(self, parent: PortalPage) -> HttpResponse:
        """Return to where the copy was asked for, or to the pages beside it."""
        return redirect(self.next_url) if self.next_url else redirect("wagtailadmin_explore", parent.pk)


class PortalWorkflowActionView(AsksForRemark, WorkflowActionView):
    """A step of the review, taken from a list; a refused publication leaves the review where it was and says why."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        in_window = request.headers.get("x-requested-with") == "XMLHttpRequest"
        if not in_window and (problem := problem_of(self.action_name, request.POST)):
            messages.error(request, problem)
        try:
            return super().post(request, *args, **kwargs)
        except PublicationRefused as refused:
            if not in_window:
                raise
            tell_refusal(request, refused)
            url = reverse("wagtailadmin_pages:edit", args=[self.object.pk])
            return self.render_modal_json(request, {"step": "success", "redirect": url})


class PortalPageViewSet(PageViewSet):
    """The admin's views of every page type."""

    add_view_class = PortalCreateView
    edit_view_class = PortalEditView
    copy_view_class = PortalCopyView
    revisions_revert_view_class = PortalRevertView
    preview_on_add_view_class = PortalPreviewOnCreate
    preview_on_edit_view_class = PortalPreviewOnEdit
    collect_workflow_action_data_view_class = CollectRemark
    workflow_action_view_class = PortalWorkflowActionView
    workflow_history_view_class = ReviewHistory
    workflow_history_detail_view_class = ReviewDetail
