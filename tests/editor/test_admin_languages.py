"""The staff's screens speak Spanish and Portuguese: what a package leaves untranslated would be said in French."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import django
import polib
import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.utils.text import capfirst
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageLogEntry, Task, Workflow
from wagtail.users.models import UserProfile

from experiences.models import Lead
from knowledge.models import ItemIndexPage
from portal.contact.models import VisitorMessage
from portal.models import File, PortalImage, PortalPage
from tests.factories.experiences import make_snapshot, publish
from tests.source_files import ROOT
from tests.test_locales import PLACEHOLDERS

# A language of the staff: the folders that its texts come from, best first.
FOLDERS = {"es": ("es",), "pt-pt": ("pt_PT", "pt")}
DOMAINS = ("django", "djangojs")
OF_PACKAGES = ROOT / "portal" / "locale_of_packages"
# Wagtail translates these when it is loaded, not when they are read: labels of a filter and of the permissions of a group.
TRANSLATED_TOO_EARLY = {
    "Temporaire",
    "Tous",
    "Ajouter",
    "Choisir",
    "Modifier",
    "Supprimer",
    "Ajouter des collections",
    "Modifier des collections",
    "Supprimer des collections",
    "Ajouter/modifier vos images",
    "Modifier n’importe quelle image",
    "Sélectionner une image dans le sélecteur d'images",
}
THREE_WORDS = re.compile(r"([^\W\d_]{2,}[^\w/-]* ){2}[^\W\d_]{2,}")


def names_of(entries: Iterable[polib.POEntry]) -> set[tuple[str, str]]:
    return {(entry.msgctxt or "", entry.msgid) for entry in entries}


def said_by_packages(domain: str, *folders: str) -> list[polib.POEntry]:
    """Return what Django and the installed packages say in a language."""
    places = [Path(django.__file__).parent / "conf" / "locale"]
    places += [Path(app.path) / "locale" for app in apps.get_app_configs()]
    files = [place / folder / "LC_MESSAGES" / f"{domain}.mo" for place in places for folder in folders]
    return [entry for file in files if file.exists() for entry in polib.mofile(str(file))]


def our_own(language: str) -> polib.POFile:
    """Return our own sentences."""
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


def said_for_packages(domain: str, language: str) -> polib.POFile:
    """Return what we say in the packages' place."""
    return polib.pofile(str(OF_PACKAGES / language[:2] / "LC_MESSAGES" / f"{domain}.po"))


@pytest.mark.parametrize("language", FOLDERS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_what_the_packages_say_in_french_is_said_in_the_other_languages(domain, language):
    ours = names_of(said_for_packages(domain, language).translated_entries())
    if domain == "django":
        ours |= names_of(our_own(language[:2]))
    theirs = names_of(said_by_packages(domain, *FOLDERS[language]))
    missing = names_of(said_by_packages(domain, "fr")) - ours - theirs
    assert sorted(missing) == []


@pytest.mark.parametrize("language", FOLDERS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_said_for_the_packages_is_theirs_and_keeps_the_placeholders(domain, language):
    entries = said_for_packages(domain, language)
    assert names_of(entries) - names_of(said_by_packages(domain, "fr")) == set()
    wrong = [
        entry.msgid
        for entry in entries
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if set(PLACEHOLDERS.findall(text)) - set(PLACEHOLDERS.findall(entry.msgid + entry.msgid_plural))
    ]
    assert wrong == []


@pytest.fixture
def speak(log_in, administrator):
    """Return a function that sets the administrator's language, and the client of the administrator."""
    profile = UserProfile.objects.create(user=administrator)
    client = log_in(administrator)

    def speak(language: str):
        profile.preferred_language = language
        profile.save()
        return client

    return speak


@pytest.fixture
def screens(tree, author, administrator) -> list[str]:
    """Return the addresses of the staff's screens, with something on each."""
    page = publish(make_snapshot(owner=author))
    page.get_workflow().start(page, author)
    studies = ItemIndexPage.objects.get(slug="studies").pk
    lead = Lead.objects.create(subject="Une piste", where_heard="x", country="SN").pk
    message = VisitorMessage.objects.create(about="experience", text="x", email="x@example.org").pk
    image = PortalImage.objects.create(title="img", file=get_test_image_file()).pk
    document = File.objects.create(title="doc", file=ContentFile(b"a,b\n", name="a.csv")).pk
    workflow, group = page.get_workflow().pk, Group.objects.first().pk
    edited = ["edit", "history", "usage", "copy", "move", "unpublish", "delete", "workflow_history"]
    paths = [
        *("", "account", "items", "translations", "search-misses", "pages/search", "choose-page", "leads"),
        *("messages", f"messages/edit/{message}", f"messages/history/{message}"),
        *(f"pages/{page.pk}/{screen}" for screen in edited),
        *(f"pages/{tree.pk}", f"pages/{page.pk}/revisions/compare/earliest...latest"),
        *(f"pages/add/experiences/study/{studies}", f"pages/add/home/infopage/{tree.pk}"),
        *("reports/aging-pages", "reports/locked", "reports/workflow", "reports/workflow_tasks"),
        *("reports/site-history", "reports/page-types-usage", "workflows/list", f"workflows/edit/{workflow}"),
        *(
            "images",
            f"images/{image}",
            "images/chooser",
            "documents",
            f"documents/edit/{document}",
            "documents/chooser",
        ),
        *(
            "images/multiple/add",
            "documents/multiple/add",
            "collections",
            "redirects",
            "sites",
            "people",
            "concepts/new",
        ),
        *("users", f"users/edit/{administrator.pk}", f"groups/edit/{group}", f"leads/{lead}/decide", "person-chooser"),
        "organisations",
    ]
    bulk = [
        *(f"portal/portalpage/{action}/?id={page.pk}" for action in ("move", "delete", "publish", "unpublish")),
        *(f"portal/portalimage/add_tags/?id={image}", f"portal/file/delete/?id={document}"),
        f"users/user/assign_role/?id={administrator.pk}",
    ]
    return [f"/admin/{path}/".replace("//", "/") for path in paths] + [f"/admin/bulk/{path}" for path in bulk]


def texts(response) -> set[str]:
    """Return what a screen says, in its words and in the attributes that are read out, without the texts of items."""
    assert response.status_code == 200, response
    html = response.content.decode() if "html" in response["Content-Type"] else response.json()["html"]
    soup = BeautifulSoup(html, "lxml")
    for element in soup(["script", "style", "textarea"]):
        element.decompose()
    attributes = ("title", "aria-label", "placeholder")
    said = {element[name] for name in attributes for element in soup.find_all(attrs={name: True})}
    return {" ".join(text.split()) for text in [*soup.stripped_strings, *said]}


def french_sentences() -> set[str]:
    """Return the sentences of the packages in French, and ours; not those that are English as well."""
    theirs = {entry.msgid: entry.msgstr for entry in said_by_packages("django", "fr")}
    return ({entry.msgid for entry in our_own("fr")} | set(theirs.values())) - theirs.keys()


def sentences_in(language: str) -> set[str]:
    """Return the sentences of another language: some are written as in French."""
    entries = [*said_by_packages("django", *FOLDERS[language]), *said_for_packages("django", language)]
    entries += our_own(language[:2])
    return {form for entry in entries for form in (entry.msgstr, capfirst(entry.msgstr))}


def content() -> set[str]:
    """Return the names that rows have: they are in the language of those who wrote them."""
    named = [*PortalPage.objects.all(), *Group.objects.all(), *Workflow.objects.all(), *Task.objects.all()]
    titles = {getattr(row, "title", None) or row.name for row in named} | {name for _code, name in settings.LANGUAGES}
    logged = PageLogEntry.objects.values_list("label", flat=True)
    return titles.union(logged, Permission.objects.values_list("name", flat=True))


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # Wagtail's, of the renditions it makes
def test_no_screen_of_the_staff_speaks_french_to_those_who_read_another_language(screens, speak):
    client, french = speak("fr"), french_sentences()
    in_french = {address: texts(client.get(address)) for address in screens}
    left = {}
    for language in FOLDERS:
        client = speak(language)
        own = sentences_in(language) | content() | TRANSLATED_TOO_EARLY
        for address in screens:
            shared = (texts(client.get(address)) & in_french[address]) - own
            for text in shared:
                if text in french or THREE_WORDS.search(text):
                    left.setdefault((language, text), address)
    assert left == {}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("es", "Guardado automático en curso…"), ("pt-pt", "Gravação automática em curso…")],
)
def test_the_scripts_of_the_screens_speak_the_language_too(speak, language, sentence):
    catalogue = speak(language).get("/admin/jsi18n/").content.decode()
    assert sentence.encode("unicode_escape").decode().replace("\\x", "\\u00") in catalogue
