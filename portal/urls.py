"""The portal's addresses. Lists are search views and come before Wagtail's pages."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.views import serve as serve_page

from portal import light, sitemap, views
from portal.files.views import serve as serve_file
from search.overviews import lists_for

urlpatterns = [
    path("", views.choose_language, name="choose_language"),
    path("admin/", include(wagtailadmin_urls)),
    path("files/<int:file_id>/<str:filename>", serve_file, name="wagtaildocs_serve"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap.index, {"lists_for": lists_for}, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.part, {"lists_for": lists_for}, name="sitemap_part"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security, name="security"),
]
if settings.DEMO:
    # In production the web server before the portal serves renditions, and nothing else of MEDIA_ROOT: uploads wait there.
    urlpatterns += [path("media/images/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "images"})]
urlpatterns += i18n_patterns(
    path("light/", light.switch, name="light"),
    path("", include("search.urls")),
    path("", include("portal.contact.urls")),
    path("", include("knowledge.urls")),
    path("", include("experiences.urls")),
    path("", include("portal.home.urls")),
    re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve"),  # without Wagtail's own log-in of visitors
)

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"
