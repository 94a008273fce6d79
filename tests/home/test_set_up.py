"""What an empty database gets, and that asking twice changes nothing."""

from django.contrib.auth.models import Group
from wagtail.models import Site, Workflow

from knowledge.models import Concept, ItemIndexPage
from portal.home import setup
from portal.home.models import InfoPage
from portal.languages import LANGUAGES
from portal.models import PortalPage
from search.concepts import thesaurus


def test_an_empty_database_gets_tree_groups_review_and_thesaurus(tree):
    assert Site.objects.get(is_default_site=True).root_page_id == tree.pk
    assert set(ItemIndexPage.objects.live().values_list("slug", flat=True)) == {"experiences", "studies"}
    assert set(InfoPage.objects.live().values_list("slug", flat=True)) == {
        "about",
        "contact",
        "legal",
        "privacy",
        "accessibility",
    }
    assert set(Group.objects.values_list("name", flat=True)) >= {setup.AUTHORS, setup.REVIEWERS, setup.PUBLISHERS}
    assert [task.name for task in Workflow.objects.get(name="Capitalisation").tasks] == ["Relecture", "Publication"]
    assert Concept.objects.count() == 205
    assert Concept.objects.get(slug="tiers-payant").label_en == "third-party payment"


def test_every_page_of_the_tree_is_whole_in_four_languages(tree):
    for page in tree.get_descendants(inclusive=True).specific():
        assert all(getattr(page, f"title_{code}") for code in LANGUAGES), page
        assert page.public_languages == list(LANGUAGES), page


def test_concepts_that_are_added_are_known_at_once(tree, client):
    Concept.objects.get(slug="tiers-payant").delete()
    assert "Tiers payant" not in client.get("/fr/concepts/").content.decode()
    setup.set_up()
    assert thesaurus().preferred("tiers-payant", "fr") == "tiers payant"
    assert "Tiers payant" in client.get("/fr/concepts/").content.decode()


def test_asking_twice_keeps_what_staff_changed(tree):
    about = InfoPage.objects.get(slug="about")
    about.title_fr = "Qui nous sommes"
    about.save_revision().publish()
    before = PortalPage.objects.count()
    setup.set_up()
    assert PortalPage.objects.count() == before
    assert InfoPage.objects.get(slug="about").title_fr == "Qui nous sommes"


def test_a_label_points_to_one_concept_only(tree):
    labels = [label for concept in Concept.objects.all() for label in concept.all_labels()]
    assert len(labels) == len(set(labels))


def test_asking_twice_keeps_what_staff_changed_in_the_thesaurus(tree):
    concept = Concept.objects.get(slug="tiers-payant")
    concept.label_fr, concept.broader = "tiers payant généralisé", None
    concept.save()
    setup.set_up()
    concept.refresh_from_db()
    assert (concept.label_fr, concept.broader) == ("tiers payant généralisé", None)
