"""Items as a test needs them, complete enough to be published."""

from __future__ import annotations

from typing import Any

from experiences.models import Experience, Study, StudyExperience, StudyLesson
from knowledge.models import Concept, Contributor, ItemChoice, ItemConcept, ItemIndexPage, KnowledgeItem, Person, Place
from portal.languages import State


def experience(
    *, publish: bool = True, language: str = "fr", countries: tuple[str, ...] = ("BF",), **fields: Any
) -> Experience:
    """Return a snapshot below the catalogue, written in `language`; fields named override what it would have."""
    page = Experience(live=False, original_language=language, **_texts(fields, "Une mutuelle de quartier", language))
    page.places = [Place(country=code, sort_order=number) for number, code in enumerate(countries)]
    page.choices = [ItemChoice(vocabulary="extension_modality", code="microinsurance")]
    return _add(page, "experiences", publish)


def study(*, experiences: list[Experience], publish: bool = True, **fields: Any) -> Study:
    """Return a case study in French of these experiences."""
    texts = _texts(fields, "Ce que la mutuelle apprend") | {
        "questions_fr": "Que retenir ?",
        "method_fr": "Entretiens.",
        "body_fr": fields.get("body_fr")
        or [("chapter", {"title": "Un chapitre", "content": [{"type": "paragraph", "value": "<p>Le récit.</p>"}]})],
    }
    page = Study(live=False, **texts)
    page.places = [Place(country="BF")]
    page.study_experiences = [StudyExperience(experience=experience) for experience in experiences]
    page.lessons = [StudyLesson(text_fr="Commencer petit.")]
    return _add(page, "studies", publish)


def translate(page: KnowledgeItem, language: str, state: State = State.PUBLISHED, **texts: Any) -> KnowledgeItem:
    """Give a page title and summary in another language, with a state, and publish it."""
    page = page.get_latest_revision_as_object()
    for name, text in {"title": f"Title {language}", "summary": f"Summary {language}", **texts}.items():
        setattr(page, f"{name}_{language}", text)
    setattr(page, f"language_state_{language}", state)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def _texts(fields: dict[str, Any], title: str, language: str = "fr") -> dict[str, Any]:
    texts = {f"title_{language}": title, f"summary_{language}": "Un résumé."}
    return texts | {"source": "Un rapport.", "consent_obtained": True} | fields


def _add(page: Any, catalogue: str, publish: bool) -> Any:
    page.item_concepts = [ItemConcept(concept=Concept.objects.get(slug="mutuelle-de-sante"), sort_order=0)]
    page.contributors = [Contributor(person=Person.objects.get_or_create(name="Une équipe")[0], sort_order=0)]
    ItemIndexPage.objects.get(slug=catalogue).add_child(instance=page)
    revision = page.save_revision(user=page.owner, clean=False)
    if publish:
        revision.publish()
    return type(page).objects.get(pk=page.pk)
