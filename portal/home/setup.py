"""What an empty database needs before anybody can work: the tree, the groups, the review, the thesaurus."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext_noop
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from experiences.models import Lead
from knowledge import thesaurus
from knowledge.models import Concept, ItemIndexPage, Organisation, Person
from portal import languages
from portal.home.models import HomePage, InfoPage
from portal.languages import State
from portal.models import PortalPage

DATA = Path(__file__).parent / "data"
AUTHORS, REVIEWERS, PUBLISHERS = "Rédaction", "Relecture", "Publication"
PAGE_PERMISSIONS = {
    AUTHORS: ["add_portalpage", "change_portalpage"],  # who translates works on what others wrote
    REVIEWERS: ["add_portalpage", "change_portalpage", "lock_portalpage", "unlock_portalpage"],
    PUBLISHERS: ["add_portalpage", "change_portalpage", "lock_portalpage", "unlock_portalpage", "publish_portalpage"],
}


def translated(**texts: dict[str, str]) -> dict[str, Any]:
    """Turn {"title": {"fr": …, "en": …}} into the keyword arguments title_fr, title_en … of a model."""
    return {f"{name}_{code}": text for name, by_language in texts.items() for code, text in by_language.items()}


@transaction.atomic
def set_up() -> None:
    """Create what is missing; safe to run again: nothing that staff changed is overwritten."""
    call_command("createcachetable", verbosity=0)  # where the cache is in the database
    thesaurus.load()
    home = make_tree()
    make_groups(home)
    make_workflow(home)


def make_tree() -> HomePage:
    """Return the home page, created with the catalogues and the information pages below it where they are missing."""
    texts = yaml.safe_load((DATA / "site.yaml").read_text(encoding="utf-8"))
    home = HomePage.objects.first()
    if home is None:
        root = PortalPage.objects.get(depth=1)
        for welcome in root.get_children():  # Wagtail's own welcome page
            welcome.delete()
        Workflow.objects.all().delete()  # and its own groups and review
        Task.objects.all().delete()
        Group.objects.filter(name__in=["Moderators", "Editors"]).delete()
        home = add(PortalPage.objects.get(depth=1), HomePage(slug="home", **translated(**texts["home"])))
        address = urlsplit(settings.BASE_URL)
        site = {
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "site_name": settings.WAGTAIL_SITE_NAME,
            "root_page": home,
        }
        Site.objects.update_or_create(is_default_site=True, defaults=site)
    for catalogue in texts["catalogues"]:
        if not ItemIndexPage.objects.filter(slug=catalogue["slug"]).exists():
            add(home, ItemIndexPage(slug=catalogue["slug"], **translated(title=catalogue["title"])))
    for page in yaml.safe_load((DATA / "pages.yaml").read_text(encoding="utf-8")):
        if not InfoPage.objects.filter(slug=page["slug"]).exists():
            add(home, InfoPage(slug=page["slug"], **translated(title=page["title"], body=page["body"])))
    return home


def add(parent: Page, page: Any) -> Any:
    """Add a page that is whole in all languages below `parent` and publish it."""
    page.live = False
    for code in languages.LANGUAGES:
        setattr(page, f"language_state_{code}", State.PUBLISHED)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def make_groups(home: HomePage) -> None:
    """Create the groups of authors, reviewers and publishers, with what each may do."""
    everybody = [
        Permission.objects.get(codename="access_admin"),
        *Permission.objects.filter(
            content_type__app_label__in=["experiences", "knowledge"],
            codename__in=[
                f"{verb}_{model._meta.model_name}"
                for model in (Lead, Organisation, Person)
                for verb in ("add", "change", "view")
            ],
        ),
    ]
    root = Collection.get_first_root_node()
    for name, codenames in PAGE_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*everybody)
        for codename in codenames:
            permission = Permission.objects.get(codename=codename, content_type__app_label="portal")
            GroupPagePermission.objects.get_or_create(group=group, page_id=home.pk, permission=permission)
        # Wagtail gives the rights on files and images by the permissions of its own models, whichever are in use.
        for permission in Permission.objects.filter(
            content_type__app_label__in=["wagtaildocs", "wagtailimages"],
            content_type__model__in=["document", "image"],
            codename__regex="^(add|change|choose)_",
        ):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
    concepts = Permission.objects.filter(
        content_type__app_label="knowledge", content_type__model=Concept._meta.model_name
    )
    misses = Permission.objects.filter(codename__in=["view_searchmiss", "delete_searchmiss"])
    Group.objects.get(name=PUBLISHERS).permissions.add(*concepts, *misses)
    mails = Permission.objects.filter(codename__in=["hear_of_visitormessage", "delete_visitormessage"])
    Group.objects.get(name=PUBLISHERS).permissions.add(*mails)
    # Who decides what becomes of a lead also decides what becomes of a message.
    decide = Permission.objects.filter(codename__in=["decide_lead", "view_visitormessage", "change_visitormessage"])
    for group in Group.objects.filter(name__in=[REVIEWERS, PUBLISHERS]):
        group.permissions.add(*decide)


def make_workflow(home: HomePage) -> None:
    """Create the review of §34-35: a reviewer, then a publisher, over the whole tree.

    Their names are messages of the catalogue: staff read them in their own language (portal.editor.review).
    """
    workflow, created = Workflow.objects.get_or_create(name=gettext_noop("Capitalisation"))
    if created:
        steps = [(gettext_noop("Relecture"), REVIEWERS), (gettext_noop("Publication"), PUBLISHERS)]
        for order, (name, group) in enumerate(steps):
            task = GroupApprovalTask.objects.create(name=name)
            task.groups.set(Group.objects.filter(name=group))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    WorkflowPage.objects.update_or_create(page_id=home.pk, defaults={"workflow": workflow})
