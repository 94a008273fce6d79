"""What several test modules start from: the tree as a new portal has it, and people named by role."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import activate
from pytest_django.plugin import blocking_manager_key
from wagtail.signals import page_published

from experiences.models import Experience
from experiences.receivers import queue_sheets
from portal.home import setup
from portal.models import PortalPage
from tests import chromium, factories
from tests.portals import made_once, make_template

PASSWORD = "demonstration-2026"


def pytest_configure(config: pytest.Config) -> None:
    chromium.require_in_ci()


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [] if chromium.find() else [chromium.MISSING]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]):
    """Mark before pytest chooses by marks; then let the longest begin, first of all those that need no demonstration."""
    chromium.deselect_where_missing(config, items)
    for item in items:
        if "portal_template" in item.fixturenames:
            item.add_marker("own_site")
    result = yield
    items.sort(key=lambda item: ("browser_page" not in item.fixturenames, "portal_template" not in item.fixturenames))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None):
    """Put back what a test with real transactions, which cannot be rolled back, has emptied."""
    result = yield
    marker = item.get_closest_marker("django_db")
    emptied = "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction"))
    if emptied and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock():
            call_command(
                "flush",
                verbosity=0,
                interactive=False,
                allow_cascade=True,
                inhibit_post_migrate=True,
                reset_sequences=False,  # what is put back keeps its numbers: new rows come after them
            )
            ContentType.objects.clear_cache()
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
    return result


@pytest.fixture(autouse=True)
def empty_caches():
    """No test sees what another has cached."""
    for name in ("default", "pages"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def first_language():
    """No test begins in the language that another's request left behind."""
    activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def no_sheets_unless_asked_for(request):
    """Draw field sheets only in the tests about them: tasks run at once here, and a sheet takes longer than most tests."""
    if "sheets" not in request.fixturenames:
        page_published.disconnect(queue_sheets, sender=Experience)
    yield
    page_published.connect(queue_sheets, sender=Experience)


@pytest.fixture
def sheets():
    """Have field sheets drawn at publication, as in use."""


@pytest.fixture
def count_queries():
    """Return a function that says how many queries a call makes."""

    def count_queries(call) -> int:
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count_queries


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, tmp_path_factory):
    """A portal just set up, from which each test starts; what a test changes is rolled back.

    It is made once; each process of the tests has a copy. Of PostgreSQL the one that is copied stays until the next run.
    """
    creation, worker = connection.creation, getattr(request.config, "workerinput", {}).get("workerid", "main")
    own, made = connection.settings_dict["NAME"], creation._get_test_db_name()
    with django_db_blocker.unblock():
        rows = made_once(tmp_path_factory, "database", make_database)
        connection.settings_dict["NAME"] = made
        creation.clone_test_db(worker, verbosity=0)
        connection.close()
        connection.settings_dict.update(creation.get_test_db_clone_settings(worker))
        # What Django puts back before a test with `serialized_rollback`, and we after one with real transactions.
        connection._test_serialized_contents = rows.read_text(encoding="utf-8")
    yield
    with django_db_blocker.unblock():
        connection.settings_dict["NAME"] = made
        creation.destroy_test_db(own, verbosity=0, suffix=worker)


def make_database(rows: Path) -> None:
    """Make the database that is copied, and write what stands in it into a file."""
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    setup.set_up()
    found = json.loads(connection.creation.serialize_db_to_string())
    # Types first: saving a row that speaks of a type which is not there would create it under another number.
    found.sort(key=lambda row: row["model"] != "contenttypes.contenttype")
    rows.write_text(json.dumps(found), encoding="utf-8")
    connection.close()


@pytest.fixture(scope="session")
def portal_template(tmp_path_factory) -> Path:
    """The data of a portal just set up, with its own database."""
    return made_once(tmp_path_factory, "template", make_template)


@pytest.fixture
def tree(db) -> PortalPage:
    """The home page of a portal just set up: catalogues, groups, review, thesaurus."""
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
        texts = {"title_fr": title, "summary_fr": f"Résumé de {title}."}
        return factories.experience(publish=live, countries=("BJ",), owner=owner, **(texts | fields))

    return make
