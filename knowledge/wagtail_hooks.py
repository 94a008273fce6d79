"""What knowledge adds to Wagtail's admin: the thesaurus, organisations and persons, and how each is chosen in a form."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from knowledge import thesaurus_views
from knowledge.models import Concept, Organisation, Person
from portal import countries
from portal.editor.deletion import DeleteView
from portal.languages import LANGUAGES

ORGANISATION_FIELDS = ["name", "acronym", "kind", "country", "website"]


class ConceptViewSet(ModelViewSet):
    """The thesaurus."""

    model = Concept
    name = "concept"
    url_prefix = "concepts"
    icon = "tag"
    menu_label = _("Thésaurus")
    list_per_page = 1_000  # a tree is not read in pages
    index_view_class = thesaurus_views.ConceptIndexView
    delete_view_class = DeleteView
    copy_view_enabled = False
    list_export = ["slug", "broader", *(f"label_{code}" for code in LANGUAGES)]

    @cached_property
    def edit_handler(self) -> TabbedInterface:
        return thesaurus_views.concept_panels()


class OrganisationIndexView(generic.IndexView):
    """Organisations by name."""

    add_item_label = _("Ajouter une organisation")

    def get_base_queryset(self) -> QuerySet:
        return Organisation.objects.order_by("name")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("name"),
            Column("acronym", label=_("Sigle"), sort_key="acronym"),
            Column("kind", label=_("Nature"), accessor="get_kind_display"),
            Column("country", label=_("Pays"), accessor=lambda row: row.country and countries.name(row.country)),
        ]


class OrganisationViewSet(ModelViewSet):
    """Organisations of the field."""

    model = Organisation
    name = "organisation"
    url_prefix = "organisations"
    icon = "group"
    menu_label = _("Organisations")
    index_view_class = OrganisationIndexView
    delete_view_class = DeleteView
    copy_view_enabled = False
    list_filter = ["kind"]
    edit_handler = ObjectList([FieldPanel(name) for name in ORGANISATION_FIELDS])


class PersonIndexView(generic.IndexView):
    """Persons by name, with their organisation."""

    add_item_label = _("Ajouter une personne")

    def get_base_queryset(self) -> QuerySet:
        return Person.objects.select_related("organisation").order_by("name")

    @cached_property
    def columns(self) -> list[Column]:
        return [self._get_title_column("name"), Column("organisation", label=_("Organisation"))]


class PersonViewSet(ModelViewSet):
    """Persons who contribute."""

    model = Person
    name = "person"
    url_prefix = "people"
    icon = "user"
    menu_label = _("Personnes")
    index_view_class = PersonIndexView
    delete_view_class = DeleteView
    copy_view_enabled = False
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("organisation"), FieldPanel("email")])


class ReferenceGroup(ViewSetGroup):
    """One place in the menu for what items refer to."""

    menu_label = _("Référentiel")
    menu_icon = "list-ul"
    menu_order = 120
    items = (ConceptViewSet, OrganisationViewSet, PersonViewSet)


class ConceptChooserViewSet(ChooserViewSet):
    """Chooses a concept in the tree."""

    model = Concept
    icon = "tag"
    per_page = 30
    choose_one_text = _("Choisir un concept")
    choose_another_text = _("Choisir un autre concept")
    edit_item_text = _("Modifier ce concept")
    choose_view_class = thesaurus_views.ConceptChooseView
    choose_results_view_class = thesaurus_views.ConceptChooseResultsView


class OrganisationChooserViewSet(ChooserViewSet):
    """Chooses an organisation, or notes a new one on the spot."""

    model = Organisation
    icon = "group"
    choose_one_text = _("Choisir une organisation")
    choose_another_text = _("Choisir une autre organisation")
    edit_item_text = _("Modifier cette organisation")
    form_fields = ["name", "acronym", "kind", "country"]
    creation_tab_label = _("Nouvelle organisation")
    create_action_label = _("Ajouter")


class PersonChooserViewSet(ChooserViewSet):
    """Chooses a person, or notes a new one on the spot."""

    model = Person
    icon = "user"
    choose_one_text = _("Choisir une personne")
    choose_another_text = _("Choisir une autre personne")
    edit_item_text = _("Modifier cette personne")
    form_fields = ["name", "email"]
    creation_tab_label = _("Nouvelle personne")
    create_action_label = _("Ajouter")


@hooks.register("register_admin_viewset")
def viewsets() -> list:
    """Offer the reference lists in the menu, and the windows in which their rows are chosen."""
    return [
        ReferenceGroup(),
        ConceptChooserViewSet("concept_chooser", url_prefix="concept-chooser"),
        OrganisationChooserViewSet("organisation_chooser", url_prefix="organisation-chooser"),
        PersonChooserViewSet("person_chooser", url_prefix="person-chooser"),
    ]


@hooks.register("register_permissions")
def permissions() -> QuerySet:
    """Let an administrator give the permissions of the reference lists to groups."""
    models = [model._meta.model_name for model in (Concept, Organisation, Person)]
    return Permission.objects.filter(content_type__app_label="knowledge", content_type__model__in=models)
