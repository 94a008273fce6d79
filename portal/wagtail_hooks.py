"""What the foundation adds to Wagtail's admin: its page views, the rules of publication, its style and script."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.ui.editing_sessions import EditingSessionsList
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.rich_text.feature_registry import FeatureRegistry

from portal import publication, review
from portal.admin_views import PortalPageViewSet
from portal.exports import inert
from portal.models import PortalPage
from portal.rich_text import PublicPageLinkHandler

# In no table that staff download is what somebody wrote read as a formula.
SpreadsheetExportMixin.custom_value_preprocess[str] = dict.fromkeys(SpreadsheetExportMixin.FORMATS, inert)

# The list of who is here has no hook: its template is that of a component.
EditingSessionsList.template_name = "portal/admin/editing_sessions.html"


@hooks.register("register_admin_viewset")
def page_views() -> PortalPageViewSet:
    """Use the portal's views for every page type (registered after Wagtail's own, whose order is lower)."""
    return PortalPageViewSet()


class PagesToRead(PagesAdminAPIViewSet):
    """The pages that Wagtail's screens list. Its actions by API would publish and copy past the rules of publication."""

    actions: dict[str, type] = {}


@hooks.register("construct_admin_api")
def pages_to_read(router: WagtailAPIRouter) -> None:
    """Take the place of Wagtail's own endpoint."""
    router.register_endpoint("pages", PagesToRead)


@hooks.register("register_rich_text_features", order=10)
def links(features: FeatureRegistry) -> None:
    """Take the place of Wagtail's own links to pages, registered before."""
    features.register_link_type(PublicPageLinkHandler)


hooks.register("construct_page_action_menu", review.name_actions)
hooks.register("register_log_actions", review.name_in_logs, order=10)  # after Wagtail's own
review.name_everywhere()


@hooks.register("before_publish_page")
def check_publication(request: HttpRequest, page: PortalPage) -> None:
    """Apply the rules to the editor's button, which calls Wagtail's action without `page.publish()`."""
    publication.prepare(page, page.latest_revision)


@hooks.register("insert_global_admin_css")
def style() -> str:
    """Add the portal's style of the editor's screens."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_editor_js")
def script() -> str:
    """Add the script that hides what a snapshot does not need."""
    return format_html('<script src="{}"></script>', static("js/admin.js"))
