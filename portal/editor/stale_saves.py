"""Saving a page from a form that somebody else's save has overtaken: nothing is overwritten unseen, nothing typed is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.models import EditingSession
from wagtail.models import COMMENTS_RELATION_NAME, Revision

from portal.editor import conflicts
from portal.languages import child_relations
from portal.merging import Merged, merge
from portal.models import PortalPage
from portal.publication import PublicationRefused
from portal.users.names import name_of

# A window of the same person that was seen so lately is still open.
OPEN = timedelta(minutes=2)
# How long it is known which form an automatic save came from.
KNOWN = 24 * 3600
# What the form calls the rows of COMMENTS_RELATION_NAME.
COMMENTS_FORMSET = "comments"


def tell_problems(request: HttpRequest, form: Any) -> None:
    """Say once, at the top, what is wrong in the form, each thing with a link to its field: they stand in several tabs."""
    problems = [(f"#id_{problem.field}", problem.text) for problem in form.problems]
    text = format_html(
        "{}<ul>{}</ul>",
        _("À corriger ou à compléter :"),
        format_html_join("", '<li><a href="{}" data-jump>{}</a></li>', problems),
    )
    messages.error(request, text)


def remember_automatic_save(request: HttpRequest, response: HttpResponse) -> None:
    """Note which open form a version came from: the same form pressed afterwards is no other editor, another window is."""
    key = request.POST.get("form_key")
    saved = json.loads(response.content) if isinstance(response, JsonResponse) else {}
    if key and saved.get("success"):
        name = f"form/{key}"[:200]
        versions = [*cache.get(name, []), (saved["revision_id"], saved["revision_created_at"])]
        cache.set(name, versions[-20:], KNOWN)


class StaleSaves:
    """A save that started from an older version: different fields are put together, the same field is a person's decision."""

    differences: list[conflicts.Difference] = []
    others: list[Revision] = []

    def dispatch(self, request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponse:
        """Save one form of a page after the other, so that each is compared with what the last one left.

        A publication that is refused undoes only itself: the draft saved just before stays.
        """
        if request.method != "POST":
            return super().dispatch(request, page_id, **kwargs)
        with transaction.atomic():
            # `no_key`: rows that only name the page need not wait.
            get_object_or_404(PortalPage.objects.select_for_update(no_key=True).only("pk"), pk=page_id)
            try:
                return super().dispatch(request, page_id, **kwargs)
            except PublicationRefused as refused:
                refusal = refused
        raise refusal

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        made_meanwhile = "creation_key" in request.POST and not request.POST.get("loaded_revision_id")
        overtaken = (self.is_out_of_date or made_meanwhile) and not (
            self.page.alias_of_id or self.expects_json_response or self.locked_for_user or self.is_cancelling_workflow
        )
        if overtaken and not self.overtaken_by_own_automatic_save():
            return self.save_together()
        if overtaken:
            self.page = self.before_own_automatic_save()
        if self.expects_json_response and self.others_are_here():
            # What they loaded is the base of the comparison: it must not be overwritten.
            request.POST = request.POST.copy()
            request.POST.pop("overwrite_revision_id", None)
        return super().post(request, *args, **kwargs)

    def save_action(self) -> HttpResponse:
        response = super().save_action()
        if self.expects_json_response:
            remember_automatic_save(self.request, response)
        return response

    def others_are_here(self) -> bool:
        """Return whether this page was opened of late by somebody else, or by the same person in another window."""
        sessions = EditingSession.objects.available().filter(object_id=str(self.page.pk))
        mine = sessions.filter(user=self.request.user, last_seen_at__gt=timezone.now() - OPEN)
        return sessions.exclude(user=self.request.user).exists() or mine.count() > 1

    def loaded_revision(self) -> Revision | None:
        """Return the version that the form was filled from; None where an automatic save has overwritten it since."""
        data = self.request.POST
        saved = data.get("overwrite_revision_id", "")
        number = saved or data.get("loaded_revision_id", "")
        revision = self.real_page_record.revisions.filter(pk=number).first() if number.isdecimal() else None
        if revision and not saved and revision.created_at.isoformat() != data.get("loaded_revision_created_at"):
            return None
        return revision

    def overtaken_by_own_automatic_save(self) -> bool:
        """Return whether all that was saved since came from this very form, by itself, while a button was being pressed."""
        known = cache.get(f"form/{self.request.POST.get('form_key', '')}"[:200], [])
        revisions = self.revisions_since(self.loaded_revision())
        return all((one.pk, one.created_at.isoformat()) in known for one in revisions)

    def before_own_automatic_save(self) -> PortalPage:
        """Return the page that the form was filled from, without the rows that the automatic save has added since."""
        page = (self.loaded_revision() or self.latest_revision).as_object()
        posted = self.request.POST
        for table in self.form_class.formsets:
            if table != COMMENTS_FORMSET and f"{table}-TOTAL_FORMS" in posted:
                numbers = {
                    value for name, value in posted.items() if name.startswith(f"{table}-") and name.endswith("-id")
                }
                rows = getattr(page, table).all()
                setattr(page, table, [row for row in rows if row.pk is None or str(row.pk) in numbers])
        return page

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
            "Rien n’est enregistré : les mêmes champs ont été modifiés entre-temps par %(others)s. Comparez, puis enregistrez."
        )
        messages.error(self.request, text % {"others": self.names_since(base)})
        return self.render_to_response(self.get_context_data())

    def revisions_since(self, base: Revision | None) -> list[Revision]:
        """Return what was saved since the form was opened, the newest first."""
        revisions = self.real_page_record.revisions.select_related("user").order_by("-created_at")
        return list(revisions.filter(created_at__gt=base.created_at)) if base else list(revisions[:1])

    def names_since(self, base: Revision | None) -> str:
        """Return the names of those who saved since the form was opened, as the person at it calls them."""
        users = dict.fromkeys(revision.user for revision in self.revisions_since(base))
        mine, task = _("vous-même, dans une autre fenêtre"), _("une tâche")
        return ", ".join(mine if user == self.request.user else name_of(user, unknown=task) for user in users)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.expects_json_response or self.locked_for_user or self.is_cancelling_workflow:
            return super().form_invalid(form)
        tell_problems(self.request, form)
        self.has_unsaved_changes = True
        return self.render_to_response(self.get_context_data())

    def get_template_names(self) -> list[str]:
        names = super().get_template_names()
        return ["portal/admin/edit.html"] if names == ["wagtailadmin/pages/edit.html"] else names

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"differences": self.differences, "others": self.others}
