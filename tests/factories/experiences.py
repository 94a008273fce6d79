"""Experiences as an editor leaves them: a draft snapshot that may be published."""

from __future__ import annotations

from typing import Any

from experiences.models import Condition, Experience
from knowledge import vocabularies
from knowledge.models import Concept, ItemChoice, ItemConcept, ItemIndexPage, Place


def make_snapshot(language: str = "fr", **fields: Any) -> Experience:
    """Return the saved draft of a snapshot that has all that publication needs, written in `language`."""
    page = Experience(live=False, original_language=language, source="Visite de mars 2024", consent_obtained=True)
    for name, value in {f"title_{language}": "Mutuelle de Thiès", f"summary_{language}": "Une mutuelle."}.items():
        setattr(page, name, value)
    for name, value in fields.items():
        setattr(page, name, value)
    page.places = [Place(country="SN", sort_order=0)]
    page.item_concepts = [ItemConcept(concept=Concept.objects.first(), sort_order=0)]
    page.choices = [ItemChoice(vocabulary="extension_modality", code=extension_modality())]
    ItemIndexPage.objects.get(slug="experiences").add_child(instance=page)
    page.save_revision(clean=False)
    return Experience.objects.get(pk=page.pk)


def extension_modality() -> str:
    """Return a code of that vocabulary."""
    return vocabularies.codes("extension_modality")[0]


def publish(page: Experience) -> Experience:
    """Publish the latest revision and return the live page."""
    Experience.objects.get(pk=page.pk).get_latest_revision().publish()
    return Experience.objects.get(pk=page.pk)


def add_conditions(page: Experience, count: int, **texts: str) -> Experience:
    """Save a revision with `count` conditions, each with the texts given (`text_fr` …)."""
    page = Experience.objects.get(pk=page.pk).get_latest_revision_as_object()
    page.conditions = [
        Condition(factor="trust", effect="enabling", **{name: f"{text} {n}" for name, text in texts.items()})
        for n in range(count)
    ]
    if not page.live:
        page.save()
    page.save_revision(clean=False)
    return Experience.objects.get(pk=page.pk)
