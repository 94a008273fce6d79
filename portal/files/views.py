"""How a file reaches a reader: only this way, and only if the rule of visibility says so."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from portal.files import inspection
from portal.files.models import File

INLINE = (inspection.PDF, *inspection.IMAGES)


@require_safe
def serve(request: HttpRequest, file_id: int, filename: str) -> HttpResponseBase:
    """Answer with a file that the visitor may read; 404 for any other, as if it did not exist.

    Only what a browser shows without running anything opens in it; the rest is a download. It stands in for Wagtail's view,
    whose privacy of collections would be a second rule of visibility.
    """
    file = get_object_or_404(File.objects.visible_to(request.user), pk=file_id)
    if file.filename != filename:
        raise Http404
    return answer(request, file.file, file.filename, media_type=file.media_type, etag=file.file_hash)


def answer(request: HttpRequest, content: FieldFile, filename: str, *, media_type: str, etag: str) -> HttpResponseBase:
    """Answer with a stored file that the visitor may read. Raises Http404 where the storage lacks it."""
    tag = f'"{etag}"' if etag else None
    response = (tag and get_conditional_response(request, etag=tag)) or _content(content, filename, media_type)
    headers = {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store" if request.user.is_authenticated else "no-cache",
    }
    if tag:
        headers["ETag"] = tag
    for name, value in headers.items():
        response[name] = value
    return response


def _content(content: FieldFile, filename: str, media_type: str) -> FileResponse:
    try:
        stream = content.storage.open(str(content.name), "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    media_type = media_type or inspection.UNKNOWN
    return FileResponse(
        stream, as_attachment=media_type not in INLINE, filename=filename, content_type=_content_type(media_type)
    )


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
