"""What experiences add to Wagtail's admin: leads, and where an experience comes from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.log_actions import LogActionRegistry, LogFormatter

from experiences import lead_views
from experiences.leads import Lead


class LeadViewSet(ModelViewSet):
    """Leads: the queue, a note, its history, and the decision."""

    model = Lead
    name = "lead"
    url_prefix = "leads"
    icon = "pick"
    menu_label = _("Pistes")
    menu_order = 110
    add_to_admin_menu = True
    edit_handler = ObjectList(
        [
            FieldPanel("subject"),
            FieldPanel("where_heard", widget=AdminAutoHeightTextInput(attrs={"rows": 1})),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("country"), FieldPanel("heard_on"), FieldPanel("language")]),
            FieldPanel("interest", widget=AdminAutoHeightTextInput(attrs={"rows": 1})),
            FieldPanel("contact", widget=AdminAutoHeightTextInput(attrs={"rows": 1})),
        ]
    )
    index_view_class = lead_views.LeadIndexView
    add_view_class = lead_views.LeadCreateView
    edit_view_class = lead_views.LeadEditView
    edit_template_name = lead_views.LeadEditView.template_name
    delete_view_class = lead_views.LeadDeleteView
    filterset_class = lead_views.LeadFilterSet
    copy_view_enabled = False
    list_export = [
        "subject",
        "kind",
        "country",
        "where_heard",
        "heard_on",
        "noted_by",
        "decision",
        "reason",
        "decided_by",
    ]

    @cached_property
    def decision_view(self) -> Any:
        return self.construct_view(lead_views.DecisionView)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("<int:pk>/decide/", self.decision_view, name="decide")]


@hooks.register("register_admin_viewset")
def leads() -> LeadViewSet:
    """Offer leads in the menu."""
    return LeadViewSet()


@hooks.register("register_permissions")
def permissions() -> QuerySet:
    """Let an administrator give the permissions of leads to groups."""
    return Permission.objects.filter(content_type__app_label="experiences", content_type__model="lead")


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name decisions, answers to a question, and what undid a decision, in the history of a lead."""
    actions.register_action("experiences.decide", _("Décider"), _("Décision prise"))
    actions.register_action("experiences.answer", _("Compléter"), _("Précisions données à qui les demandait"))
    actions.register_action("experiences.reopen")(Reopened)


class Reopened(LogFormatter):
    """Says why a lead is to be decided again."""

    label = _("Remettre à décider")

    def format_message(self, log_entry: Any) -> str:
        title = log_entry.data["experience"]
        return gettext("Remise à décider : l’expérience « %(title)s » est supprimée") % {"title": title}
