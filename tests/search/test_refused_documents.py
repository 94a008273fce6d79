"""A document that cannot be made, or that the engine refuses, stops no other, and is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from experiences.models import Experience
from search import documents, indexing
from search.models import Outbox
from tests import factories
from tests.search.asking import found


@pytest.fixture
def poison(index, monkeypatch) -> Experience:
    """An item whose document raises while it is made."""
    page = factories.experience(title_fr="Canari empoisonné")
    made = documents.SOURCES[Experience].document

    def document(item):
        if item.title_fr == "Canari empoisonné":
            raise LookupError("no such thing")
        return made(item)

    monkeypatch.setitem(documents.SOURCES, Experience, replace(documents.SOURCES[Experience], document=document))
    return page


def test_a_document_that_cannot_be_made_waits_alone_and_ever_longer(index, poison, caplog):
    good = factories.experience(title_fr="Canari jaune")
    indexing.drain_all()
    assert found(index, "canari") == [str(good.pk)]
    row = Outbox.objects.waiting().first()
    assert (row.document, row.failures, row.reason) == (str(poison.pk), 1, "LookupError: no such thing")
    assert row.due_at > timezone.now()
    assert f"Document {poison.pk} cannot be indexed" in caplog.text
    assert indexing.drain() == 0
    Outbox.objects.waiting().update(due_at=timezone.now())
    indexing.drain_all()
    again = Outbox.objects.waiting().first()
    assert again.failures == 2
    assert again.due_at - timezone.now() > timedelta(seconds=8)


def test_a_document_that_was_mended_is_indexed_when_it_is_saved_again(index, poison):
    indexing.drain_all()
    draft = poison.get_latest_revision_as_object()
    draft.title_fr = "Canari guéri"
    draft.save_revision().publish()
    indexing.drain_all()
    assert found(index, "canari") == [str(poison.pk)]
    assert indexing.waiting() == 0


def test_a_rebuild_goes_on_without_a_document_that_cannot_be_made(index, poison):
    good = factories.experience(title_fr="Canari jaune")
    assert indexing.rebuild() == 1
    assert found(index, "canari") == [str(good.pk)]
    assert indexing.failing() == {str(poison.pk): "LookupError: no such thing"}


def test_the_check_names_documents_that_cannot_be_indexed(index, poison):
    said = StringIO()
    for repair in (False, True):
        with pytest.raises(SystemExit):
            call_command("search_verify", stdout=said, repair=repair)
    assert said.getvalue().splitlines()[1] == f"{poison.pk} cannot be indexed: LookupError: no such thing"


def test_a_document_that_the_engine_refuses_waits_alone(index, monkeypatch):
    page = factories.experience(title_fr="Canari refusé")
    good = factories.experience(title_fr="Canari jaune")
    made = documents.SOURCES[Experience].document

    def document(item):
        return replace(made(item), first_year="ten") if item.pk == page.pk else made(item)

    monkeypatch.setitem(documents.SOURCES, Experience, replace(documents.SOURCES[Experience], document=document))
    indexing.drain_all()
    assert found(index, "canari") == [str(good.pk)]
    assert list(indexing.failing()) == [str(page.pk)]
    indexing.rebuild()
    assert found(index, "canari") == [str(good.pk)]
    assert Outbox.objects.failing().filter(document=str(page.pk)).first().failures == 2


def test_a_row_that_cannot_be_read_stops_no_other(index, monkeypatch):
    poison, good = factories.experience(title_fr="Canari"), factories.experience(title_fr="Canari jaune")
    source = documents.SOURCES[Experience]

    class Unreadable(type(source.visible())):
        def __iter__(self):
            for row in super().__iter__():
                if getattr(row, "pk", None) == poison.pk:
                    raise ValueError("not a date")
                yield row

    def visible():
        rows = source.visible()
        rows.__class__ = Unreadable
        return rows

    monkeypatch.setitem(documents.SOURCES, Experience, replace(source, visible=visible))
    indexing.drain_all()
    assert found(index, "canari") == [str(good.pk)]
    assert indexing.failing() == {str(poison.pk): "ValueError: not a date"}
