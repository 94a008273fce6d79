"""What changes when a concept is called otherwise: what searches understand, and what documents hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from knowledge.models import Concept
from search import concepts, indexing
from search.engines.base import Query
from tests import factories


def found(index, words: str = "") -> list[str]:
    return [hit.id for hit in index.search(Query(words=words)).hits]


def named_by(index, slug: str) -> list[str]:
    """Who names a concept, asked in a language in which nothing else could find it."""
    return [hit.id for hit in index.search(Query(words="zzz", language="pt", concepts=(slug,))).hits]


def rename(slug: str, label: str) -> None:
    concept = Concept.objects.get(slug=slug)
    concept.label_fr = label
    concept.save()


def test_a_concept_called_otherwise_reaches_the_items_below_it(index):
    page = factories.experience()
    indexing.drain_all()
    rename("mutuelle-de-sante", "Caisse villageoise")
    indexing.drain_all()
    assert found(index, "villageoise") == [str(page.pk)]


def test_texts_that_name_a_concept_by_its_new_label_follow_although_nobody_touched_them(index):
    page = factories.experience(description_fr="<p>Chaque famille verse au grenier solidaire.</p>")
    indexing.drain_all()
    indexing.apply_thesaurus(timedelta())
    rename("reassurance", "Grenier solidaire")
    indexing.drain_all()
    assert named_by(index, "reassurance") == []
    indexing.apply_thesaurus()  # who changed it may go on
    assert not indexing.waiting()
    indexing.apply_thesaurus(timedelta())
    indexing.drain_all()
    assert named_by(index, "reassurance") == [str(page.pk)]
    assert indexing.compare().ids == ()


def test_what_is_saved_while_documents_follow_the_thesaurus_does_not_wait_for_that(index, monkeypatch):
    first, second = factories.experience(title_fr="Avant"), factories.experience(title_fr="Autre")
    indexing.drain_all()
    monkeypatch.setattr(indexing, "BATCH", 1)
    real = indexing.all_documents
    seen = []

    def while_somebody_saves(broken):
        documents = real(broken)
        yield next(documents)
        draft = first.get_latest_revision_as_object()
        draft.title_fr = "Pendant"
        draft.save_revision().publish()
        yield next(documents)
        seen.append(found(index, "pendant"))

    monkeypatch.setattr(indexing, "all_documents", while_somebody_saves)
    rename("reassurance", "Grenier solidaire")
    indexing.apply_thesaurus(timedelta())
    assert seen == [[str(first.pk)]]
    indexing.drain_all()
    assert sorted(found(index)) == sorted([str(first.pk), str(second.pk)])


def test_documents_are_looked_through_once_after_a_change_and_not_after_a_rebuild(index, monkeypatch):
    factories.experience()
    indexing.rebuild()
    monkeypatch.setattr(indexing, "compare", lambda *_: pytest.fail("looked through for nothing"))
    indexing.apply_thesaurus(timedelta())
    rename("reassurance", "Grenier solidaire")
    monkeypatch.undo()
    indexing.apply_thesaurus(timedelta())
    monkeypatch.setattr(indexing, "compare", lambda *_: pytest.fail("looked through twice"))
    indexing.apply_thesaurus(timedelta())


def test_a_concept_that_changes_on_one_host_reaches_the_thesaurus_of_every_other(index, settings):
    before = concepts.thesaurus()
    assert concepts.thesaurus() is before
    # What each host has for itself: its cache and its memory. What all share: the database.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    rename("mutuelle-de-sante", "Caisse villageoise")
    assert concepts.thesaurus().preferred("mutuelle-de-sante", "fr") == "Caisse villageoise"
    assert concepts.held_thesaurus() is concepts.thesaurus()


def test_a_change_of_a_concept_that_is_taken_back_leaves_the_thesaurus_as_it_was(index):
    with pytest.raises(RuntimeError), transaction.atomic():
        rename("mutuelle-de-sante", "Caisse villageoise")
        concepts.thesaurus()
        raise RuntimeError
    assert concepts.thesaurus().preferred("mutuelle-de-sante", "fr") != "Caisse villageoise"
