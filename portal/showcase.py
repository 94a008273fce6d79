"""The page that shows every component with its states, for those who build and for those who judge (/fr/components/)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal import cycle, maps

LONG_TITLE = (
    "Comment une union de mutuelles de santé a négocié, centre après centre et année après année, une convention qui protège "
    "à la fois l’adhérent, le soignant et la caisse commune, puis l’a perdue, puis l’a rétablie avec l’appui des communes, des "
    "districts sanitaires et d’un réseau de gérants bénévoles formés sur place"
)
LONG_WORD = "anticonstitutionnellement" * 3 + "fini"
ROW = {
    "url": "#item",
    "language": "fr",
    "phase": 1,
    "type": _("Expérience"),
    "places": ["Togo"],
    "years": "2019–2025",
    "whole_in": ["fr", "en"],
    "title": "Un tiers payant tenu par les mutuelles elles-mêmes",
    "extract": "Neuf mutuelles garantissent ensemble les factures des centres de santé ; l’adhérent ne verse que sa part.",
    "notes": [_("Fiche complète"), "PDF"],
}
FOREIGN_ROW = ROW | {
    "type": _("Étude de cas"),
    "places": ["Ghana"],
    "years": "2023",
    "language": "en",
    "whole_in": ["en"],
    "title": "Paying the clinic, not the patient",
    "extract": mark_safe(
        "Under <mark>third-party payment</mark>, the scheme settles the bill and members pay nothing on the day."
    ),
    "notes": [],
}
ODD_ROW = ROW | {
    "title": LONG_TITLE,
    "extract": LONG_WORD,
    "places": [f"Togo {number}" for number in range(1, 61)],
}
BARE_ROW = {"url": "#item", "title": "Une fiche sans rien de facultatif"}
FILES = [
    {"url": "#file", "title": "Fiche complète", "language": "fr", "format": "PDF", "file_size": 480_000, "pages": 12},
    {"url": "#file", "title": "Summary", "language": "en", "format": "PDF", "file_size": 1_240_000, "pages": 1},
    {
        "url": "#file",
        "title": "Registre numérisé",
        "language": "pt",
        "format": "PNG",
        "file_size": 95_000,
        "text_state": "none",
    },
]
LINEAGE = {
    "before": [
        {
            "lead": _("Cette fiche dérive de :"),
            "type": _("Piste"),
            "phase": 1,
            "title": "Neuf mutuelles partageraient une garantie",
            "url": "#item",
        }
    ],
    "after": [
        {
            "relation": _("documente cette fiche"),
            "type": _("Étude de cas"),
            "phase": 1,
            "title": "Garantie commune : deux crises",
            "url": "#item",
        },
        {
            "relation": _("dérive de cette fiche"),
            "type": _("Outil"),
            "phase": 3,
            "title": "Guide de négociation",
            "url": "#item",
            "year": 2025,
        },
        {
            "relation": _("adapte cette fiche"),
            "type": _("Adaptation"),
            "phase": 4,
            "title": "Le guide, adapté au Togo",
            "url": "#item",
        },
    ],
}
FACTS = [
    {"label": _("Lieu"), "links": [("Togo", "#country")]},
    {"label": _("Période"), "value": "2019–2025"},
    {"label": _("Modalité"), "lines": [_("Micro-assurance, mutuelle"), _("Subvention de la demande")]},
    {"label": "Ce qui manque n’a pas de ligne", "value": ""},
]
OPTIONS = [
    {"value": "knowledge", "label": _("État des connaissances"), "count": 24, "checked": True},
    {"value": "creation", "label": _("Création"), "count": 0, "checked": False},
    {"value": "en", "label": "English", "count": 8, "checked": False, "language": "en"},
]
PAGES = [
    {"number": 1, "url": "?page=1"},
    {"number": 2, "url": "?page=2", "current": True},
    {"number": 3, "url": "?page=3"},
    None,
    {"number": 8, "url": "?page=8"},
]
CITED = {
    "signed_by": "Awa Ndiaye et Jean Kaboré",
    "year": 2026,
    "title": ROW["title"],
    "language": "fr",
    "kind": _("Expérience"),
    "reference": "STEP-EXP-00001",
    "address": "https://step-portal.example/fr/experiences/tiers-payant/",
    "formats": [("BibTeX", "#bibtex"), ("RIS", "#ris")],
    "licence": "CC BY 4.0",
    "licence_address": "https://creativecommons.org/licenses/by/4.0/",
}
# One near, one far, one too small for the map, one that is no country.
COUNTRIES = {"SN": 71, "BF": 63, "BJ": 12, "ML": 3, "CM": 1, "PE": 4, "CV": 2, "ZZ": 1}
COLUMNS = [_("Année"), _("Femmes"), _("Hommes"), _("Source")]
CELLS = [["2023", "4\u202f980", "5\u202f120", "STEP"], ["2024", *[_("n. d.")] * 3]]
# Two years that follow each other, one of which nothing is known, and two more.
CHART = {
    "axis": 58,
    "edge": 396,
    "grid": [(190, 0), (115, 50), (40, 100)],
    "ticks": [(84, 2019), (178, 2020), (272, 2022), (366, 2023)],
    "lines": ["84,160 178,130", "272,85 366,70"],
    "gaps": [{"start": {"x": 178, "y": 130}, "end": {"x": 272, "y": 85}, "middle": (225, 128)}],
    "points": [
        {"x": x, "y": y, "year": year, "value": value, "named": True}
        for x, y, year, value in ((84, 160, 2019, 20), (178, 130, 2020, 40), (272, 85, 2022, 70), (366, 70, 2023, 80))
    ],
    "first": {"year": 2019, "value": 20},
    "last": {"year": 2023, "value": 80},
}


class ExampleForm(forms.Form):
    """A form with each kind of field, shown with its errors."""

    title = forms.CharField(label=_("Titre"), help_text=_("Une phrase que l’on retiendrait. 90 signes au plus."))
    end_year = forms.IntegerField(
        label=_("Année de fin"),
        min_value=2019,
        error_messages={"min_value": _("2018 précède 2019, l’année de début.")},
    )
    country = forms.ChoiceField(label=_("Lieu"), choices=[("TG", "Togo"), ("BF", "Burkina Faso")])
    summary = forms.CharField(label=_("Résumé"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show all components in the visitor's language; the records among the examples are French. In production, to staff only."""
    if not (settings.DEBUG or settings.DEMO or request.user.has_perm("wagtailadmin.access_admin")):
        raise Http404
    quarters = cycle.quarters({"experience": 64, "case_study": 23, "synthesis": 9})
    context: dict[str, Any] = {
        "cycle": cycle.drawing(quarters),
        "quarters": quarters,
        "map": maps.drawn(COUNTRIES, lambda code: f"#{code}"),
        "places": maps.listed(COUNTRIES, lambda code: f"#{code}"),
        "row": ROW,
        "foreign_row": FOREIGN_ROW,
        "odd_row": ODD_ROW,
        "bare_row": BARE_ROW,
        "files": FILES,
        "lineage": LINEAGE,
        "facts": FACTS,
        "summary": {"language": "fr", "title": ROW["title"], "summary": ROW["extract"]},
        "options": OPTIONS,
        "pages": PAGES,
        "cited": CITED,
        "columns": COLUMNS,
        "cells": CELLS,
        "chart": CHART,
        "reached": [True, True, False],
        "trail": [(_("Expériences"), "#experiences"), (ROW["title"], None)],
        "chapters": [(1, {"title": "Avant l’accord"}), (3, {"title": "La première crise"})],
        "chips": [{"label": "Togo", "url": "#chip"}, {"label": LONG_WORD, "url": "#chip"}],
        "links": [
            {"label": "Burkina Faso", "url": "#country", "count": 14},
            {"label": "Togo", "url": "#country", "count": 3},
        ],
        "others": [("en", "#en", False), ("es", "#es", True)],
        "wrong_form": ExampleForm({"title": "", "end_year": "2018", "country": "TG"}),
        "free_form": ExampleForm(),
        "long_title": LONG_TITLE,
        "long_word": LONG_WORD,
    }
    return render(request, "portal/components.html", context)
