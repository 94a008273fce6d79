"""What changes when a concept is called otherwise: what searches understand, and what documents hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from knowledge.models import Concept
from search import concepts, indexing
from search.engines.base import EngineUnavailable
from search.models import Outbox
from tests import factories
from tests.search.asking import found


def named_by(index, slug: str) -> list[str]:
    """Who names a concept, asked in a language in which nothing else could find it."""
    return found(index, "zzz", language="pt", concepts=(slug,))


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
    assert named_by(index, "reassurance") == []
    indexing.apply_thesaurus(timedelta())
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
    looked: list[int] = []
    real = indexing.compare
    monkeypatch.setattr(indexing, "compare", lambda progress: looked.append(1) or real(progress))
    factories.experience()
    indexing.rebuild()
    indexing.apply_thesaurus(timedelta())
    assert not looked
    rename("reassurance", "Grenier solidaire")
    indexing.apply_thesaurus(timedelta())
    indexing.apply_thesaurus(timedelta())
    assert len(looked) == 1


def test_a_concept_changed_while_the_index_is_rebuilt_is_followed_afterwards(index, monkeypatch):
    page = factories.experience(description_fr="<p>Chaque famille verse au grenier solidaire.</p>")
    Outbox.objects.all().delete()  # it was saved long ago
    real = indexing.all_documents

    def and_then_renamed(broken):
        yield from list(real(broken))
        rename("reassurance", "Grenier solidaire")

    monkeypatch.setattr(indexing, "all_documents", and_then_renamed)
    indexing.rebuild()
    monkeypatch.undo()
    assert named_by(index, "reassurance") == []
    indexing.apply_thesaurus(timedelta())
    assert named_by(index, "reassurance") == [str(page.pk)]


def test_a_save_waits_for_one_batch_of_what_follows_the_thesaurus_at_most(index, monkeypatch):
    told = [factories.experience(description_fr="<p>Le grenier solidaire.</p>") for _ in range(3)]
    indexing.drain_all()
    monkeypatch.setattr(indexing, "BATCH", 1)
    real, waiting = indexing.drain, []
    monkeypatch.setattr(indexing, "drain", lambda: waiting.append(indexing.waiting()) or real())
    rename("reassurance", "Grenier solidaire")
    indexing.apply_thesaurus(timedelta())
    assert max(waiting) == 1
    assert sorted(named_by(index, "reassurance")) == sorted(str(page.pk) for page in told)


def test_what_another_process_must_drain_waits_for_it(index, monkeypatch):
    page = factories.experience(description_fr="<p>Le grenier solidaire.</p>")
    indexing.drain_all()
    rename("reassurance", "Grenier solidaire")

    def busy() -> int:
        raise EngineUnavailable("busy", "another process writes")

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "drain", busy)
        indexing.apply_thesaurus(timedelta())
    assert indexing.waiting()
    indexing.drain_all()
    assert named_by(index, "reassurance") == [str(page.pk)]


def test_following_the_thesaurus_hides_no_damage_from_the_check(index):
    page = factories.experience()
    indexing.drain_all()
    index.remove([str(page.pk)])
    rename("reassurance", "Grenier solidaire")
    indexing.apply_thesaurus(timedelta())
    assert indexing.compare().missing == (str(page.pk),)


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
