"""What the foundation adds to Wagtail's admin: its page views, the rules of publication and deletion, its style and script."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.ui.editing_sessions import EditingSessionsList
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.rich_text.feature_registry import FeatureRegistry

from portal import publication
from portal.editor import deletion, public_links, review
from portal.editor.views import PortalPageViewSet
from portal.exports import inert
from portal.models import PortalPage
from portal.rich_text import PublicPageLinkHandler

# In no table that staff download is what somebody wrote read as a formula.
SpreadsheetExportMixin.custom_value_preprocess[str] = dict.fromkeys(SpreadsheetExportMixin.FORMATS, inert)

# The list of who is here has no hook: its template is that of a component.
EditingSessionsList.template_name = "portal/admin/editing_sessions.html"

# Wagtail translates this label of all choosers when it is loaded, not when it is read.
ChooserViewSet.search_tab_label = gettext_lazy("Chercher")


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

hooks.register("before_delete_page", deletion.refuse_page)
hooks.register("register_bulk_action", deletion.BulkDelete, order=100)  # the last one registered counts

hooks.register("register_page_listing_more_buttons", public_links.buttons)
hooks.register("register_page_header_buttons", public_links.header_buttons)


@hooks.register("before_publish_page")
def check_publication(request: HttpRequest, page: PortalPage) -> None:
    """Apply the rules to the editor's button, which calls Wagtail's action without `page.publish()`."""
    publication.prepare(page, page.latest_revision)


@hooks.register("insert_global_admin_css")
def style() -> str:
    """Add the portal's style of the editor's screens."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_editor_js")
def scripts() -> str:
    """Add the scripts of the forms: what a snapshot does without, jumps to a field; saving what is typed."""
    return format_html(
        '<script src="{}"></script>'
        '<script src="{}" data-address="{}" data-logged-out="{}" data-unreachable="{}"></script>',
        static("js/admin.js"),
        static("js/saving.js"),
        reverse("session"),
        _(
            "Votre session est finie, et rien n’a été envoyé : votre texte est encore là. Connectez-vous dans un autre onglet, "
            "puis enregistrez ici."
        ),
        _(
            "Le portail ne répond pas, et rien n’a été envoyé : votre texte est encore là. Enregistrez de nouveau plus tard."
        ),
    )


def session(request: HttpRequest) -> JsonResponse:
    """Answer a form that asks whether its log-in still holds: with the key to send it with. Wagtail answers 403 where not."""
    return JsonResponse({"token": get_token(request)})


@hooks.register("register_admin_urls")
def session_url() -> list[URLPattern]:
    """Address what forms ask before they are sent."""
    return [path("session/", session, name="session")]
