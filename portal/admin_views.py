"""Wagtail's page views with the portal's rules: no save overwrites another's unseen, a copy is a draft, refusals are told."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.actions.copy_page import CopyPageAction
from wagtail.admin import messages
from wagtail.admin.models import EditingSession
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.preview import PreviewOnCreateView, PreviewOnEditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import COMMENTS_RELATION_NAME, Revision

from portal import conflicts
from portal.forms import PortalCopyForm
from portal.languages import child_relations
from portal.merging import Merged, merge
from portal.middleware import tell_refusal
from portal.models import PortalPage
from portal.publication import PublicationRefused


def tell_problems(request: HttpRequest, form: Any) -> None:
    """Say at the top what is wrong in the form: its fields stand in several tabs."""
    if problems := form.problems:
        text = format_html(
            "{}<ul>{}</ul>",
            _("À corriger ou à compléter :"),
            format_html_join("", "<li>{}</li>", ((problem,) for problem in problems)),
        )
        messages.error(request, text)


class StaleSaves:
    """A save that started from an older version: different fields are put together, the same field is a person's decision."""

    differences: list[conflicts.Difference] = []
    others: list[Revision] = []

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        out_of_date = self.is_out_of_date and not self.page.alias_of_id
        if (
            out_of_date
            and not self.expects_json_response
            and not self.locked_for_user
            and not self.is_cancelling_workflow
        ):
            return self.save_together()
        if self.expects_json_response and self.others_are_here():
            # What they loaded is the base of the comparison: it must not be overwritten.
            request.POST = request.POST.copy()
            request.POST.pop("overwrite_revision_id", None)
        return super().post(request, *args, **kwargs)

    def others_are_here(self) -> bool:
        """Return whether somebody else has opened this page of late."""
        sessions = EditingSession.objects.available().filter(object_id=str(self.page.pk))
        return sessions.exclude(user=self.request.user).exists()

    def loaded_revision(self) -> Revision | None:
        """Return the version that the form was filled from; None where an automatic save has overwritten it since."""
        data = self.request.POST
        saved = data.get("overwrite_revision_id", "")
        number = saved or data.get("loaded_revision_id", "")
        revision = self.real_page_record.revisions.filter(pk=number).first() if number.isdecimal() else None
        if revision and not saved and revision.created_at.isoformat() != data.get("loaded_revision_created_at"):
            return None
        return revision

    def form_on(self, page: PortalPage, bound: bool) -> Any:
        """Return the form on a page, with what was posted or without."""
        data = (self.request.POST, self.request.FILES) if bound else ()
        return self.form_class(
            *data,
            instance=page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=self.request.user,
        )

    def save_together(self) -> HttpResponse:
        """Merge what was posted with what others saved meanwhile; save it as a draft, or ask where both changed the same."""
        base = self.loaded_revision()
        started = (base or self.latest_revision).as_object()
        self.form = self.form_on(started, bound=True)
        self.form.defer_required_fields()
        if not self.form.is_valid():
            return self.refuse_stale(started)
        mine = self.form.save(commit=False)
        merged = self.merged_with(base, mine)
        page = self.latest_revision.content_object.with_content_json(merged.content)
        if merged.conflicts:
            return self.ask(page, mine, base, merged)
        return self.save_merged(page, mine, base)

    def merged_with(self, base: Revision | None, mine: PortalPage) -> Merged:
        """Return the merge of the latest revision with the page as posted."""
        content = json.loads(json.dumps(mine.serializable_data(), cls=DjangoJSONEncoder))
        model = type(mine)
        names = {field.name for field in model._meta.concrete_fields}
        fields = [name for name in self.form.fields if name in names]
        start = base.content if base else None
        return merge(start, self.latest_revision.content, content, fields=fields, tables=child_relations(model))

    def refuse_stale(self, page: PortalPage) -> HttpResponse:
        """Show a stale form that has errors of its own, still as the form of the version that it started from."""
        self.form.restore_required_fields()
        self.page = page
        response = self.form_invalid(self.form)
        data = self.request.POST
        page.latest_revision_id = data.get("overwrite_revision_id") or data.get("loaded_revision_id")
        response.context_data["loaded_revision_created_at"] = data.get("loaded_revision_created_at")
        if revision := self.loaded_revision():
            response.context_data["loaded_revision_created_at"] = revision.created_at.isoformat()
        return response

    def save_merged(self, page: PortalPage, mine: PortalPage, base: Revision | None) -> HttpResponse:
        """Save the merge as a draft: whatever else was asked for is asked again, on the sight of the whole."""
        with transaction.atomic():
            setattr(page, COMMENTS_RELATION_NAME, list(getattr(mine, COMMENTS_RELATION_NAME).all()))
            if not page.live:
                page.save()
            revision = page.save_revision(user=self.request.user, log_action=True, clean=False)
            self.subscription.save()
        self.page = page
        if "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)
        text = _("Vos modifications et celles de %(others)s sont réunies dans un même brouillon.") % {
            "others": self.names_since(base)
        }
        messages.success(self.request, text)
        if self.action_name != "save":
            messages.warning(
                self.request, _("Rien n’est encore publié ni transmis : relisez, puis demandez-le de nouveau.")
            )
        return self.redirect_and_remain()

    def ask(self, page: PortalPage, mine: PortalPage, base: Revision | None, merged: Merged) -> HttpResponse:
        """Show both texts of each conflict above the form, which holds what was typed; saving again is a decision."""
        for comment in getattr(mine, COMMENTS_RELATION_NAME).all():
            if comment.pk is None:
                comment.page = self.real_page_record
                comment.save()
        self.page = page
        self.form = self.form_on(page, bound=False)
        self.differences = conflicts.describe(type(page), merged.conflicts)
        self.others = self.revisions_since(base)
        self.has_unsaved_changes = True
        self.autosave_enabled = False
        text = _(
            "Rien n’est enregistré : %(others)s a modifié les mêmes champs entre-temps. Comparez, puis enregistrez."
        )
        messages.error(self.request, text % {"others": self.names_since(base)})
        return self.render_to_response(self.get_context_data())

    def revisions_since(self, base: Revision | None) -> list[Revision]:
        """Return what was saved since the form was opened, the newest first."""
        revisions = self.real_page_record.revisions.select_related("user").order_by("-created_at")
        return list(revisions.filter(created_at__gt=base.created_at)) if base else list(revisions[:1])

    def names_since(self, base: Revision | None) -> str:
        """Return the names of those who saved since the form was opened."""
        users = dict.fromkeys(revision.user for revision in self.revisions_since(base))
        return ", ".join(user.get_full_name() or user.get_username() if user else _("une tâche") for user in users)

    def form_invalid(self, form: Any) -> HttpResponse:
        if not self.expects_json_response:
            tell_problems(self.request, form)
        return super().form_invalid(form)

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()
        return ["portal/admin/edit.html"] if names == ["wagtailadmin/pages/edit.html"] else names

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"differences": self.differences, "others": self.others}


class PortalEditView(StaleSaves, EditView):
    """The editor's screen."""

    @property
    def action_name(self) -> str:
        """Name the action; sending back to the author is a save: it needs nothing that publication needs."""
        name = super().action_name
        sends_back = name == "perform_workflow_action" and self.workflow_action == "reject"
        return "save" if sends_back else name


class PortalRevertView(StaleSaves, RevisionsRevertView):
    """The editor's screen on an older version."""


class PortalCreateView(CreateView):
    """The editor's screen of a new page."""

    def publish_action(self) -> HttpResponse:
        # Added as a draft, then published: the live row holds public languages only, the revision holds all.
        self.form.instance.live = False
        return super().publish_action()

    def form_invalid(self, form: Any) -> HttpResponse:
        if not self.expects_json_response:
            tell_problems(self.request, form)
        return super().form_invalid(form)


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


class PortalWorkflowActionView(WorkflowActionView):
    """A step of the review, taken from a list; a refused publication leaves the review where it was and says why."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except PublicationRefused as refused:
            if request.headers.get("x-requested-with") != "XMLHttpRequest":
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
    workflow_action_view_class = PortalWorkflowActionView
