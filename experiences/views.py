"""What visitors read of experiences beside their pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from experiences.models import FieldSheet
from portal import languages
from portal.files import inspection
from portal.files.views import answer


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Answer with the field sheet of an experience that the visitor may see, in the language of the address."""
    sheets = FieldSheet.objects.visible_to(request.user)
    found = get_object_or_404(sheets, page__slug=slug, language=languages.active())
    name, etag = f"{slug}-{found.language}.pdf", f"{found.pk}-{found.made_at.timestamp()}"
    return answer(request, found.file, name, media_type=inspection.PDF, etag=etag)
