"""How an item is cited: two styles for readers, three formats for their reference managers, one for search engines.

BibTeX is written by bibtexparser and RIS by rispy; CSL-JSON follows the schema of citationstyles.org 1.0.2 and JSON-LD
schema.org's "Report". Names are kept as the person is registered: what is family name and what is not cannot be known.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import rispy
from bibtexparser import write_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexEncodingMiddleware
from bibtexparser.model import Entry, Field
from django.conf import settings
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from knowledge.models import KnowledgeItem
from portal import languages

PUBLISHER = "STEP"
TEX = LatexEncodingMiddleware(keep_math=False, enclose_urls=False)
BETWEEN_NAMES = "\n"
# French typography puts the first before ; ! and ?, TeX does not know it.
NARROW_SPACE, NO_BREAK_SPACE = "\u202f", "\u00a0"

# The reference texts of the licences, by their code.
LICENCE_ADDRESSES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@dataclass(frozen=True)
class Citation:
    """What a citation says of an item, in one of the item's languages; labels are in the visitor's."""

    authors: tuple[str, ...]
    year: int | None
    title: str
    abstract: str
    language: str
    kind: str
    reference: str
    address: str
    keywords: tuple[str, ...]
    licence: str
    licence_address: str
    published: str
    modified: str

    @property
    def signed_by(self) -> str:
        """The authors as one text in the visitor's language; the programme, where nobody signed."""
        return get_text_list(list(self.authors), _("et")) or PUBLISHER

    @property
    def formats(self) -> list[tuple[str, str]]:
        """(name, address) of the files that reference managers read."""
        return [(one.name, reverse("citation", args=[self.reference, extension])) for extension, one in FORMATS.items()]


def citation(item: KnowledgeItem) -> Citation:
    """Return the citation of an item in the language in which the present visitor reads it."""
    text = item.for_visitor
    return Citation(
        authors=tuple(authors(item)),
        year=item.published_year,
        title=text.title,
        abstract=text.summary,
        language=text.language,
        kind=str(item.kind_label),
        reference=item.reference or "",
        address=settings.BASE_URL + (item.url or ""),
        keywords=tuple(str(concept) for concept in item.concepts),
        licence=str(item.get_licence_display()),
        licence_address=LICENCE_ADDRESSES.get(item.licence, ""),
        published=item.first_published_at.date().isoformat() if item.first_published_at else "",
        modified=item.last_published_at.date().isoformat() if item.last_published_at else "",
    )


def authors(item: KnowledgeItem) -> list[str]:
    """Return the names under which an item is cited: its authors, or else those who compiled it."""
    people = list(item.contributors.all())
    for role in ("author", "compiler"):
        if names := [row.person.name for row in people if row.role == role]:
            return names
    return []


# --- What reference managers read --------------------------------------------------------------------------------------


def bibtex(cited: Citation) -> str:
    """Return the entry in BibTeX; letters that are not ASCII are written as TeX commands."""
    fields = {
        "author": BETWEEN_NAMES.join(cited.authors or (PUBLISHER,)),
        "title": cited.title,
        "year": str(cited.year or ""),
        "institution": PUBLISHER,
        "type": cited.kind,
        "number": cited.reference,
        "abstract": cited.abstract,
        "keywords": ", ".join(cited.keywords),
        "url": cited.address,
    }
    filled = [Field(name, text.replace(NARROW_SPACE, NO_BREAK_SPACE)) for name, text in fields.items() if text]
    [entry] = TEX.transform(Library([Entry("techreport", cited.reference, filled)])).entries
    # Each name in braces is kept whole: BibTeX would take « du » for a particle, and the rest for a family name.
    entry["author"] = " and ".join(f"{{{name}}}" for name in str(entry["author"]).split(BETWEEN_NAMES))
    return write_string(Library([entry]))


def ris(cited: Citation) -> str:
    """Return the entry in RIS."""
    entry = {
        "type_of_reference": "RPRT",
        "authors": list(cited.authors) or [PUBLISHER],
        "title": _line(cited.title),
        "year": str(cited.year or ""),
        "publisher": PUBLISHER,
        "custom1": cited.kind,
        "number": cited.reference,
        "abstract": _line(cited.abstract),
        "keywords": list(cited.keywords),
        "language": cited.language,
        "urls": [cited.address],
        "id": cited.reference,
    }
    return rispy.dumps([{name: value for name, value in entry.items() if value}])


def csl_json(cited: Citation) -> str:
    """Return the entry in CSL-JSON: a list of one item."""
    entry = {
        "id": cited.reference,
        "type": "report",
        "title": cited.title,
        "author": [{"literal": name} for name in cited.authors or (PUBLISHER,)],
        "issued": {"date-parts": [[cited.year]]} if cited.year else None,
        "publisher": PUBLISHER,
        "genre": cited.kind,
        "number": cited.reference,
        "abstract": cited.abstract,
        "keyword": ", ".join(cited.keywords),
        "language": cited.language,
        "URL": cited.address,
    }
    return json.dumps([{name: value for name, value in entry.items() if value}], ensure_ascii=False, indent=2)


class Format(NamedTuple):
    """A format for reference managers: its name, media type and writer."""

    name: str
    media_type: str
    write: Callable[[Citation], str]


FORMATS = {
    "bib": Format("BibTeX", "application/x-bibtex", bibtex),
    "ris": Format("RIS", "application/x-research-info-systems", ris),
    "json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
}


# --- What search engines read --------------------------------------------------------------------------------------------


def linked_data(item: KnowledgeItem, cited: Citation) -> dict[str, Any]:
    """Return what JSON-LD says of an item: schema.org's "Report"."""
    whole = [code for code in item.whole_languages if code != cited.language]
    data = {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": cited.address,
        "url": cited.address,
        "name": cited.title,
        "abstract": cited.abstract,
        "inLanguage": cited.language,
        "genre": cited.kind,
        "reportNumber": cited.reference,
        "author": [_author(name) for name in cited.authors or (PUBLISHER,)],
        "publisher": {"@type": "Organization", "name": PUBLISHER, "url": settings.BASE_URL},
        "datePublished": cited.published,
        "dateModified": cited.modified,
        "license": cited.licence_address,
        "keywords": list(cited.keywords),
        "spatialCoverage": [{"@type": "Country", "name": name} for name in item.country_names],
        "workTranslation": [{"@id": address_in(cited.address, code), "inLanguage": code} for code in whole],
    }
    return {name: value for name, value in data.items() if value}


def _author(name: str) -> dict[str, str]:
    """Return an author for JSON-LD; the programme may stand among the persons who sign, and is none."""
    return {"@type": "Organization" if name == PUBLISHER else "Person", "name": name}


def address_in(address: str, language: str) -> str:
    """Return a page's full address in another language."""
    here, there = f"{settings.BASE_URL}/{languages.active()}/", f"{settings.BASE_URL}/{language}/"
    return there + address.removeprefix(here)


def _line(text: str) -> str:
    return " ".join(text.split())
