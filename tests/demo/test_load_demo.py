"""The demonstration content: complete, in four languages, and loaded once however often it is asked for."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from wagtail.models import TaskState
from wagtail.signals import page_published

from experiences.models import Experience, Lead, Study
from experiences.receivers import queue_sheets
from knowledge.models import KnowledgeItem
from portal.contact import messages
from portal.contact.models import VisitorMessage
from portal.demo import accounts, load
from portal.home import pipeline, translations
from portal.languages import LANGUAGES
from portal.models import File
from tests.editor.screens import edit


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demonstration, loaded once and taken back at the end; what each test changes is taken back before."""
    page_published.disconnect(queue_sheets, sender=Experience)
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True):
            accounts.make()
            load.load()
        page_published.connect(queue_sheets, sender=Experience)
        yield
        transaction.set_rollback(True)


def test_the_demonstration_is_as_large_and_as_spread_as_promised(demo, db):
    written = load.items()
    experiences = [data for data in written if data["type"] == "experience"]
    assert Experience.objects.live().count() == len(experiences) >= 40
    full = Experience.objects.live().filter(record_depth="full")
    assert full.count() == sum(data["depth"] == "full" for data in experiences) >= 15
    assert Study.objects.live().count() == len(written) - len(experiences) >= 15
    items = KnowledgeItem.objects.live()
    for item in items:
        assert item.public_languages == list(LANGUAGES), f"{item.slug}: title and summary in four languages"
    whole = [item.whole_languages for item in items]
    assert sum(len(codes) == len(LANGUAGES) for codes in whole) >= 10
    assert sum(len(codes) == 1 and codes[0] in ("en", "es") for codes in whole) >= 3
    assert {lead.decision for lead in Lead.objects.all()} == {
        "", "to_capitalise", "snapshot_only", "watch", "ask", "duplicate", "no",
    }  # fmt: skip
    assert File.objects.count() >= 3
    for experience in Experience.objects.live():
        assert all(row.source and row.year for row in experience.indicators.all()), experience.slug
    owners = set(items.values_list("owner__username", flat=True))
    assert owners == {"author", "reviewer", "publisher"}, "staff translate what others wrote"
    lead = Lead.objects.filter(decision="to_capitalise").first()
    assert lead.becomes.live
    assert list(lead.becomes.leads.all()) == [lead]
    decided = {data["subject"]: data["decided_on"] for data in load.read("leads.yaml") if "decision" in data}
    assert {lead.subject: lead.decided_at.date() for lead in Lead.objects.exclude(decision="")} == decided


def test_nothing_that_stands_in_the_data_is_left_out():
    """Rows of tables are checked by their models; a comma in a name, unquoted, would make a key that nobody reads."""
    read = {"slug", "type", "original_language", "languages", "depth", "description", "chapters", "choices", "concepts"}
    read |= {"places", "contributors", "organisations", "files", "lessons", "links", "experiences"}
    read |= {*load.SIMPLE, *load.TEXTS, *load.ROWS}
    for data in load.items():
        assert set(data) <= read, data["slug"]
        for entry in data.get("organisations", []):
            assert set(entry) <= {"name", "acronym", "kind", "country", "website", "role"}, data["slug"]
        for entry in data["contributors"]:
            assert set(entry) == {"person", "role"} and set(entry["person"]) == {"name"}, data["slug"]
    lead = {"kind", "subject", "country", "where_heard", "heard_on", "interest", "decision", "reason", "decided_on"}
    for data in load.read("leads.yaml"):
        assert set(data) <= lead | {"becomes"}, data["subject"]


def test_loading_twice_adds_nothing_and_keeps_what_staff_changed(demo, db):
    page = Experience.objects.get(slug="mutuelles-de-sante-rwanda").get_latest_revision_as_object()
    page.summary_fr = "Un autre résumé."
    page.save_revision().publish()
    before = KnowledgeItem.objects.count(), Lead.objects.count(), File.objects.count(), page.links.count()
    written = VisitorMessage.objects.count()
    messages.settle(
        message=VisitorMessage.objects.done().get(), is_done=False, note="Rouvert", user=load.staff("author")
    )
    load.load()
    page = Experience.objects.get(slug="mutuelles-de-sante-rwanda")
    assert (KnowledgeItem.objects.count(), Lead.objects.count(), File.objects.count(), page.links.count()) == before
    assert page.summary_fr == "Un autre résumé."
    assert (VisitorMessage.objects.count(), VisitorMessage.objects.open().count()) == (written, written)


def test_visitors_have_written_in_each_language_and_one_is_answered(demo, db):
    assert set(VisitorMessage.objects.values_list("language", flat=True)) == set(LANGUAGES)
    assert set(VisitorMessage.objects.values_list("about", flat=True)) == set(VisitorMessage.About.values)
    done = VisitorMessage.objects.done().get()
    assert done.note and done.done_by == load.staff("reviewer") and done.reference


def test_work_is_under_way_at_each_step_and_is_begun_once(demo, db):
    reviewer, publisher = load.staff("reviewer"), load.staff("publisher")
    with override_settings(DEMO=True):
        for _time in range(2):
            call_command("load_demo", stdout=StringIO())
    assert pipeline.counts(publisher) == {"writing": 1, "review": 2, "published": 55, "due": 1}
    for user, slug in ((reviewer, "mutuelles-de-sante-burkina-faso"), (publisher, "inam-togo")):
        assert [state.revision.content_object.slug for state in TaskState.objects.reviewable_by(user)] == [slug]
    assert translations.outdated(KnowledgeItem.objects.live()) == 1
    assert Lead.objects.get(subject__contains="ARCH").becomes.owner == load.staff("author")


def test_every_full_record_can_be_saved_and_published_from_its_form(demo, log_in, administrator):
    client = log_in(administrator)
    pages = [
        *Experience.objects.filter(record_depth="full"),
        Experience.objects.filter(record_depth="snapshot")[0],
    ]
    for page in pages:
        form_class = page.get_edit_handler().get_form_class()
        screen = edit(client, page)
        form = form_class(screen.data, instance=page.get_latest_revision_as_object(), parent_page=page.get_parent())
        assert form.is_valid(), (page, form.problems)


def test_a_synthetic_corpus_has_the_shape_of_real_items_and_says_that_it_is_synthetic(tree):
    call_command("corpus", 30, verbosity=0)
    experiences = Experience.objects.live().filter(slug__startswith="synthetic-")
    assert experiences.count() == 30
    assert Experience.find_problems() == ([], [], [], [], [])
    for experience in experiences:
        title = experience.title_in(experience.original_language)
        assert title.startswith(("Fiche synthétique", "Synthetic record", "Ficha sintética"))
        assert experience.publication_errors() == [] or experience.record_depth == "full"
        assert experience.places.exists()
