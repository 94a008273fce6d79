"""The filters of a list: values with labels in the visitor's language, counts, and what is chosen."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from experiences.models import Experience, Study
from knowledge import vocabularies
from portal import countries, languages
from search.concepts import held_thesaurus
from search.engines.base import FacetValue, Results
from search.parameters import Parameters

LEGENDS = {
    "kind": gettext_lazy("Type"),
    "country": gettext_lazy("Pays"),
    "modality": gettext_lazy("Modalité d’extension"),
    "theme": gettext_lazy("Thème"),
    "language": gettext_lazy("Langue"),
    "status": gettext_lazy("État actuel"),
}

#: Values shown before the rest is folded away, and all that are offered.
SHOWN = 6
OFFERED = {"theme": 24}


def label(name: str, value: str, language: str | None = None) -> str:
    """What a value of a facet is called, in the visitor's language unless told; the value itself where nobody knows it."""
    language = language or languages.active()
    if name == "kind":
        kinds = {"experience": capfirst(Experience._meta.verbose_name), **dict(Study.Kind.choices)}
        return str(kinds.get(value, value))
    if name == "country":
        return countries.name(value, language)
    if name == "theme":
        return capfirst(held_thesaurus().preferred(value, language) or value)
    if name == "language":
        return languages.NAMES.get(value, value)
    vocabulary = {"modality": "extension_modality", "status": "scheme_status"}[name]
    return vocabularies.label(vocabulary, value, language)


def facets(results: Results, parameters: Parameters, preset: frozenset[str]) -> list[dict[str, Any]]:
    """The groups of filters as components/facet.html shows them; none that could not narrow anything."""
    groups, language = [], languages.active()
    for name, legend in LEGENDS.items():
        values = list(results.facets.get(name, ()))
        if name == "kind" and preset:
            values = [value for value in values if value.value in preset]
        chosen = parameters.filters.get(name, ())
        values += [FacetValue(value, 0) for value in chosen if value not in {v.value for v in values}]
        if len(values) < 2 and not chosen:
            continue
        options = [_option(name, value, chosen, language) for value in values[: OFFERED.get(name)]]
        # The engines order equal counts by code, which a reader does not know.
        options.sort(key=lambda option: (-option["count"], countries.collation(option["label"])))
        first = options[:SHOWN] if len(options) > SHOWN + 1 else options
        rest = options[len(first) :]
        rest_open = any(option["checked"] for option in rest)
        groups.append({"legend": legend, "name": name, "options": first, "rest": rest, "rest_open": rest_open})
    return groups


def chips(parameters: Parameters, preset: frozenset[str]) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    found = [
        {"label": label(name, value), "url": parameters.without(name, value)}
        for name, values in parameters.filters.items()
        for value in values
        if not (name == "kind" and len(preset) == 1)
    ]
    if parameters.year_from:
        text = _("depuis %(year)d") % {"year": parameters.year_from}
        found.append({"label": text, "url": parameters.address(year_from=None)})
    if parameters.year_to:
        text = _("jusqu’en %(year)d") % {"year": parameters.year_to}
        found.append({"label": text, "url": parameters.address(year_to=None)})
    return found


def described(parameters: Parameters) -> str:
    """The filters in words, for people who read what was not found."""
    return ", ".join(chip["label"] for chip in chips(parameters, frozenset()))


def _option(name: str, value: FacetValue, chosen: tuple[str, ...], language: str) -> dict[str, Any]:
    return {
        "value": value.value,
        "label": label(name, value.value, language),
        "count": value.count,
        "checked": value.value in chosen,
        "language": value.value if name == "language" else "",
    }
