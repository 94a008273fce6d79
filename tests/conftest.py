"""What several test modules start from: the tree as a new portal has it, and people named by role."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.models import Experience
from knowledge.models import Concept, ItemChoice, ItemConcept, ItemIndexPage, Place
from knowledge.vocabularies import codes
from portal.home import setup
from portal.models import PortalPage
from tests import chromium

PASSWORD = "demonstration-2026"


def pytest_configure(config: pytest.Config) -> None:
    chromium.require_in_ci()


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [] if chromium.find() else [chromium.MISSING]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chromium.deselect_where_missing(config, items)


@pytest.fixture(autouse=True)
def empty_caches():
    """No test sees what another has cached."""
    for name in ("default", "pages"):
        caches[name].clear()


@pytest.fixture
def count_queries():
    """Return a function that says how many queries a call makes."""

    def count_queries(call) -> int:
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count_queries


@pytest.fixture
def tree(db) -> PortalPage:
    """The home page of a portal just set up: catalogues, groups, review, thesaurus."""
    setup.set_up()
    return PortalPage.objects.get(slug="home")


@pytest.fixture
def make_user(tree, django_user_model):
    """Return a function that creates a person in the groups named."""

    def make(username: str, *groups: str, **fields):
        user = django_user_model.objects.create_user(username, f"{username}@example.org", PASSWORD, **fields)
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def author(make_user):
    return make_user("awa", setup.AUTHORS)


@pytest.fixture
def reviewer(make_user):
    return make_user("rokia", setup.REVIEWERS)


@pytest.fixture
def publisher(make_user):
    return make_user("pierre", setup.PUBLISHERS)


@pytest.fixture
def administrator(make_user):
    return make_user("ada", is_superuser=True, is_staff=True)


@pytest.fixture
def log_in(client):
    """Return a function that logs a person in through the log-in page."""

    def log_in(user):
        answer = client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return log_in


@pytest.fixture
def make_experience(tree):
    """Return a function that creates an experience, whole in French; live unless told otherwise."""

    def make(title: str = "Mutuelle de Dangbo", live: bool = True, owner=None, **fields) -> Experience:
        texts = {"title_fr": title, "summary_fr": f"Résumé de {title}.", "source": "Visite de terrain, 2025"}
        page = Experience(live=False, owner=owner, consent_obtained=True, **(texts | fields))
        page.places = [Place(country="BJ")]
        page.item_concepts = [ItemConcept(concept=Concept.objects.first())]
        page.choices = [ItemChoice(vocabulary="extension_modality", code=codes("extension_modality")[0])]
        ItemIndexPage.objects.get(slug="experiences").add_child(instance=page)
        revision = page.save_revision(user=owner)
        if live:
            revision.publish()
        return Experience.objects.get(pk=page.pk)

    return make
