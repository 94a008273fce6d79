"""A whole list of results as a table for spreadsheets: also what lies behind the last page, sent while it is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from knowledge import presentation
from knowledge.models import KnowledgeItem
from portal import languages
from portal.exports import inert
from portal.throttling import exceeded
from portal.views import too_many_attempts
from search.analysis import tidy
from search.documents import audience_of
from search.finding import scan
from search.parameters import Parameters
from search.rows import specific_items
from search.views import EVERYTHING, Catalogue

#: Items read at once.
BATCH = 200

#: What one address may ask for in an hour: a whole list costs as much as many pages.
PER_HOUR = 30


@require_safe
def export(request: HttpRequest, catalogue: Catalogue = EVERYTHING) -> HttpResponseBase:
    """The results of a list's address as CSV, in its order, whole; cells that look like formulas are none."""
    parameters = Parameters.read(request.GET)
    if exceeded("export", request, PER_HOUR):
        return too_many_attempts(request)
    language = languages.active()
    query = parameters.query(language, audience_of(request.user), catalogue.kinds)
    ids = () if request.method == "HEAD" else scan(query, request.user, literal=parameters.literal)
    response = StreamingHttpResponse(_lines(ids, request.user, language), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="step-{catalogue.name}-{language}.csv"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _lines(ids: Iterable[str], user: Any, language: str) -> Iterator[str]:
    """The lines of the table, its header first; what ``user`` may not see now is left out."""
    writer = csv.writer(_Line())
    with override(language):
        header = writer.writerow(_header())
    # Spreadsheets read it as UTF-8 for this mark only.
    yield "\ufeff" + header
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        items = specific_items((int(identifier) for identifier in batch if identifier.isdecimal()), user)
        found = [items[int(identifier)] for identifier in batch if identifier.isdecimal() and int(identifier) in items]
        prefetch_related_objects(found, "places")
        with override(language):
            lines = [writer.writerow([inert(cell) for cell in _cells(item)]) for item in found]
        yield "".join(lines)


def _header() -> list[str]:
    return [
        _("Référence"), _("Type"), _("Titre"), _("Résumé"), _("Langue du titre et du résumé"),
        _("Fiche entière en"), _("Pays"), _("Années"), _("Publié le"), _("Adresse"),
    ]  # fmt: skip


def _cells(item: KnowledgeItem) -> list[str]:
    row = presentation.row(item)
    published = item.first_published_at
    return [
        item.reference or "",
        str(row["type"]),
        tidy(row["title"]),
        tidy(row["extract"]),
        languages.name_in(row["language"]),
        ", ".join(languages.name_in(code) for code in row["whole_in"]),
        ", ".join(row["places"]),
        row["years"],
        published.date().isoformat() if published else "",
        settings.BASE_URL + item.url,
    ]


class _Line:
    """A file whose `write` gives back the line that the writer of CSV made."""

    def write(self, line: str) -> str:
        return line
