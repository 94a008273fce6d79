"""What is told about items beside their pages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from knowledge import citations
from knowledge.models import KnowledgeItem


@require_safe
def citation(request: HttpRequest, reference: str, extension: str) -> HttpResponse:
    """Answer with the citation of an item that the visitor may see, as a file; 404 for any other item or format."""
    if extension not in citations.FORMATS:
        raise Http404
    found = get_object_or_404(KnowledgeItem.objects.visible_to(request.user), reference=reference)
    item, form = found.specific, citations.FORMATS[extension]
    item.read_rows()
    content_type = f"{form.media_type}; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{reference}.{extension}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(form.write(citations.citation(item)), content_type=content_type, headers=headers)


@require_safe
def short_address(request: HttpRequest, number: int) -> HttpResponse:
    """Lead from the short address of an item that the visitor may see to its page."""
    return redirect(get_object_or_404(KnowledgeItem.objects.visible_to(request.user), pk=number).url)
