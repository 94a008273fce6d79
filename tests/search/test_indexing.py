"""The index follows the database: outbox, drainer, rebuild, check and repair."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from experiences.models import Experience
from knowledge.models import ItemFile, ItemOrganisation, Organisation, Person
from portal.files.signals import text_extracted
from portal.languages import State
from portal.models import File
from search import documents, indexing
from search.engines import get_engine
from search.engines.base import PUBLIC, Query
from search.models import Outbox
from tests import factories
from tests.search import nodes
from tests.search.asking import found


def run(command: str, **options) -> str:
    out = StringIO()
    call_command(command, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


# Documents


def test_a_document_holds_public_languages_only(index):
    page = factories.experience(title_fr="Titre", summary_fr="Résumé", description_fr="<p>Le récit.</p>")
    page = factories.translate(page, "en", State.SUMMARY, title="Title", summary="Summary", description="Canary")
    page = factories.translate(page, "es", State.DRAFT, title="Canario", summary="Canario")
    document = documents.item_document(Experience.objects.get(pk=page.pk))
    assert set(document.texts) == {"fr", "en"}
    assert document.languages == ("fr",)
    assert (document.texts["fr"].title, document.texts["fr"].summary) == ("Titre", "Résumé")
    assert "Le récit." in document.texts["fr"].body
    assert (document.texts["en"].title, document.texts["en"].body) == ("Title", "")
    assert "anar" not in str(document.texts)
    assert document.audience == frozenset({PUBLIC})


def test_a_document_holds_names_of_places_and_concepts_in_each_language(index):
    page = factories.translate(factories.experience(countries=("DE",)), "en", State.SUMMARY)
    document = documents.item_document(Experience.objects.get(pk=page.pk))
    assert "Allemagne" in document.texts["fr"].keywords
    assert "Germany" in document.texts["en"].keywords
    assert "mutual health organisation" in document.texts["en"].keywords
    assert document.facets["country"] == ("DE",)


def test_themes_hold_what_is_above_them(index):
    document = documents.item_document(factories.experience())
    assert document.facets["theme"][:2] == ("mutuelle-de-sante", "spsc")
    assert "mecanismes" in document.facets["theme"]


def test_paragraphs_keep_their_words_apart(index):
    document = documents.item_document(
        factories.experience(description_fr="<p>un</p><p>deux</p><ul><li>trois &amp; q</li></ul>")
    )
    assert document.texts["fr"].body.split() == ["un", "deux", "trois", "&", "q"]


def test_chapters_of_a_study_are_text(index):
    document = documents.item_document(factories.study(experiences=[factories.experience()]))
    assert "Un chapitre" in document.texts["fr"].body
    assert "Le récit." in document.texts["fr"].body


def test_the_version_is_the_same_until_something_changes(index):
    page = factories.experience()
    first = documents.item_document(Experience.objects.get(pk=page.pk))
    assert documents.item_document(Experience.objects.get(pk=page.pk)).version == first.version
    page.start_year = 1999
    assert documents.item_document(page).version != first.version


# Outbox


def test_publishing_editing_and_unpublishing_reach_the_index(index):
    page = factories.experience(title_fr="Canari jaune")
    indexing.drain_all()
    assert found(index, "canari") == [str(page.pk)]
    draft = page.get_latest_revision_as_object()
    draft.title_fr = "Perruche verte"
    draft.save_revision()
    indexing.drain_all()
    assert found(index, "perruche") == []
    draft.get_latest_revision().publish()
    indexing.drain_all()
    assert found(index, "perruche") == [str(page.pk)]
    assert found(index, "canari") == []
    Experience.objects.get(pk=page.pk).unpublish()
    indexing.drain_all()
    assert found(index) == []


def test_deleting_reaches_the_index(index):
    page = factories.experience()
    indexing.drain_all()
    page.delete()
    indexing.drain_all()
    assert found(index) == []


def test_a_draft_is_never_indexed(index):
    factories.experience(publish=False)
    indexing.drain_all()
    assert found(index) == []


def test_an_experience_that_goes_with_its_catalogue_leaves_the_index(index):
    page = factories.experience()
    indexing.drain_all()
    page.get_parent().delete()
    indexing.drain_all()
    assert found(index) == []


def test_the_outbox_is_written_in_the_transaction_of_the_change(index):
    page = factories.experience()
    indexing.drain_all()
    with pytest.raises(RuntimeError), transaction.atomic():
        Experience.objects.get(pk=page.pk).unpublish()
        assert indexing.waiting()
        raise RuntimeError
    assert indexing.waiting() == 0
    indexing.drain_all()
    assert found(index) == [str(page.pk)]


def test_the_text_of_a_file_reaches_the_index_when_it_was_read(index):
    file = File.objects.create(title="Annexe", file="annexe.pdf", language="en", text="")
    page = factories.experience(publish=False)
    page.files = [ItemFile(file=file)]
    page.save_revision().publish()
    indexing.drain_all()
    assert found(index, "actuarial") == []
    File.objects.filter(pk=file.pk).update(text="An actuarial table.")
    text_extracted.send(sender=File, file=file)
    indexing.drain_all()
    hit = index.search(Query(words="actuarial")).hits[0]
    assert (hit.id, hit.passage.field, hit.passage.language) == (str(page.pk), "files", "en")


def test_an_organisation_or_a_person_called_otherwise_reaches_its_items(index):
    organisation = Organisation.objects.create(name="Union des mutuelles", kind="mutual")
    page = factories.experience(publish=False)
    page.organisations = [ItemOrganisation(organisation=organisation)]
    page.save_revision().publish()
    indexing.drain_all()
    organisation.name = "Fédération zénithale"
    organisation.save()
    person = Person.objects.get(name="Une équipe")
    person.name = "Aminata Canari"
    person.save()
    indexing.drain_all()
    assert found(index, "zénithale") == found(index, "aminata") == [str(page.pk)]
    assert indexing.compare().ids == ()


def test_going_off_the_site_is_noted_with_the_row_itself(index):
    page = factories.experience()
    indexing.drain_all()
    page.live = False
    page.save(clean=False)  # and then the process ends, before Wagtail tells anybody
    indexing.drain_all()
    assert found(index) == []


# Drainer, rebuild, check


def test_a_rebuild_during_saves_loses_none(index, monkeypatch):
    page = factories.experience(title_fr="Avant")
    indexing.drain_all()
    whole = indexing.all_documents

    def documents_while_somebody_saves(broken):
        yield from whole(broken)
        # Saved after the rebuild read it, and drained into the old index.
        draft = page.get_latest_revision_as_object()
        draft.title_fr = "Pendant"
        draft.save_revision().publish()
        indexing.drain_all()

    monkeypatch.setattr(indexing, "all_documents", documents_while_somebody_saves)
    assert indexing.rebuild() == 1
    indexing.drain_all()
    assert found(index, "pendant") == [str(page.pk)]
    assert indexing.compare().ids == ()


def test_a_batch_overtaken_by_a_rebuild_is_done_again(index, monkeypatch):
    page = factories.experience(title_fr="Avant")
    real = index.index

    def overtaken(documents, refused=None):
        real(documents, refused)
        index.rebuild([])
        Outbox.objects.update(rebuilds=1)

    monkeypatch.setattr(index, "index", overtaken)
    indexing.drain()
    monkeypatch.undo()
    assert indexing.waiting() > 0
    indexing.drain_all()
    assert found(index) == [str(page.pk)]


@pytest.mark.parametrize("other_ends", ["first", "last"])
def test_two_drainers_at_once_leave_nothing_old_in_the_index(index, monkeypatch, other_ends):
    page = factories.experience(title_fr="Avant")
    old = documents.documents_of([str(page.pk)], {})
    real = index.index

    def beside_another(made, refused=None):
        monkeypatch.undo()
        if other_ends == "first":  # the other one has drained what was saved since these documents were made
            draft = page.get_latest_revision_as_object()
            draft.title_fr = "Pendant"
            draft.save_revision().publish()
            indexing.drain_all()
            real(made, refused)
        else:  # the other one has made its documents before, and writes them now
            real(made, refused)
            real(old)
            Outbox.objects.create(document=str(page.pk), drained_at=timezone.now())

    indexing.drain_all()
    draft = page.get_latest_revision_as_object()
    draft.title_fr = "Avant tout"
    draft.save_revision().publish()
    monkeypatch.setattr(index, "index", beside_another)
    indexing.drain()
    assert indexing.waiting()
    indexing.drain_all()
    assert indexing.compare().ids == ()


def test_a_drainer_sees_another_that_took_fewer_rows_and_wrote_last(index, monkeypatch):
    """The other one took one row, read, and was slow; meanwhile there was a second row, and this one takes both."""
    page = factories.experience(title_fr="Avant")
    old = documents.documents_of([str(page.pk)], {})
    first = list(Outbox.objects.waiting().values_list("pk", flat=True))
    draft = page.get_latest_revision_as_object()
    draft.title_fr = "Après"
    draft.save_revision().publish()
    real = index.index

    def beside_another(made, refused=None):
        monkeypatch.undo()
        real(made, refused)
        real(old)
        Outbox.objects.waiting().filter(pk__in=first).update(drained_at=timezone.now())

    monkeypatch.setattr(index, "index", beside_another)
    indexing.drain()
    assert indexing.waiting()
    indexing.drain_all()
    assert indexing.compare().ids == ()


def test_the_check_finds_missing_stale_and_extra_and_repairs_them(index):
    missing, stale = factories.experience(), factories.experience()
    indexing.drain_all()
    index.remove([str(missing.pk)])
    Experience.objects.filter(pk=stale.pk).update(start_year=1950)
    index.index(
        [documents.item_document(missing).__class__(id="999999", kind="x", version="1", date=stale.first_published_at)]
    )
    index.remove([str(missing.pk)])
    difference = indexing.compare()
    assert difference.missing == (str(missing.pk),)
    assert difference.stale == (str(stale.pk),)
    assert difference.extra == ("999999",)
    with pytest.raises(SystemExit):
        run("search_verify")
    assert run("search_verify", repair=True).splitlines() == [
        "1 missing, 1 stale, 1 extra, 0 waiting",
        "0 missing, 0 stale, 0 extra, 0 waiting",
    ]


def test_commands_say_what_they_did(index):
    factories.experience()
    assert run("search_drain", once=True).endswith("drained")
    assert run("search_rebuild").startswith("1 documents, ")
    assert run("search_verify") == "0 missing, 0 stale, 0 extra, 0 waiting"


def test_the_check_of_a_missing_index_says_how_to_build_it(tree, settings, tmp_path):
    settings.SEARCH_PATH = tmp_path / "nowhere"
    with pytest.raises(CommandError, match="search_rebuild"):
        run("search_verify")


def test_the_check_of_an_index_of_an_older_version_says_how_to_build_it(index, monkeypatch):
    monkeypatch.setattr("search.engines.tantivy_index.SCHEMA_VERSION", 999)
    monkeypatch.setattr("search.engines.elasticsearch_index.CONTENT_VERSION", 999)
    other = get_engine().__class__
    monkeypatch.setattr(indexing, "get_engine", lambda: other(other.options_of(django_settings), index.languages))
    with pytest.raises(CommandError, match="^outdated.*search_rebuild"):
        run("search_verify")


def test_the_check_advises_no_rebuild_where_the_engine_is_away(tree, settings):
    settings.SEARCH_ENGINE, settings.SEARCH_URL = "elasticsearch", [nodes.closed()]
    with pytest.raises(CommandError, match="^unreachable(?!.*search_rebuild)"):
        run("search_verify")


def test_saving_works_while_the_index_is_missing_and_it_catches_up(tree, settings, tmp_path):
    settings.SEARCH_PATH = tmp_path / "later"
    page = factories.experience()
    assert indexing.waiting()
    indexing.rebuild()
    indexing.drain_all()
    assert found(indexing.get_engine()) == [str(page.pk)]
    indexing.get_engine().close()


def test_old_rows_of_the_outbox_are_purged(index):
    factories.experience()
    indexing.drain_all()
    indexing.purge()
    assert Outbox.objects.exists()
    Outbox.objects.update(drained_at="2020-01-01T00:00:00Z")
    indexing.purge()
    assert not Outbox.objects.exists()


def test_draining_costs_the_same_number_of_queries_for_one_and_for_three(index, count_queries):
    factories.experience()
    one = count_queries(indexing.drain)
    for _ in range(3):
        factories.experience()
    assert count_queries(indexing.drain) == one
