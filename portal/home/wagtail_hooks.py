"""What the staff's home and menu hold."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import (
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from portal.home import dashboard
from portal.home.pipeline import PipelineView
from portal.home.translation_changes import TranslationChangesView
from portal.home.translations import TranslationsView

# What our own lists say already.
REPLACED = (RecentEditsPanel, UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list) -> None:
    """Show what waits for whom, once."""
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)] + dashboard.panels_for(request)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Address the lists of items and of translations."""
    return [
        path("translations/", TranslationsView.as_view(), name="translations"),
        path("translations/results/", TranslationsView.as_view(results_only=True), name="translations_results"),
        path(
            "translations/<int:page_id>/<str:language>/changes/",
            TranslationChangesView.as_view(),
            name="translation_changes",
        ),
        path("items/", PipelineView.as_view(), name="pipeline"),
        path("items/results/", PipelineView.as_view(results_only=True), name="pipeline_results"),
    ]


@hooks.register("register_admin_menu_item")
def translations_item() -> MenuItem:
    """Offer the list of translations in the menu."""
    return MenuItem(_("Traductions"), reverse("translations"), name="translations", icon_name="site", order=130)


@hooks.register("register_admin_menu_item")
def items_item() -> MenuItem:
    """Offer the list of items in the menu."""
    return MenuItem(_("Fiches"), reverse("pipeline"), name="items", icon_name="list-ul", order=105)


@hooks.register("construct_main_menu")
def shorten_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out what leads away from the portal."""
    items[:] = [item for item in items if item.name != "help"]
