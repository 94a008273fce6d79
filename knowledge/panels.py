"""The editor's screens of what all items of knowledge share."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import TextFieldComparison
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel

from portal.editor.panels import advice, cell, cells, interface, language_tabs, publication_tab, texts

# What a good text looks like; the examples are ours, and speak of nobody.
TEXT_HELP = {
    "title": advice(
        _("Ce qui a été fait, où, par qui : un lecteur pressé doit savoir si la fiche est pour lui."),
        _("« Des potières cotisent à chaque fournée pour accoucher au centre de santé »"),
    ),
    "summary": advice(
        _(
            "600 caractères au plus, sans sigle inexpliqué : le problème, ce qui a été fait, pour qui, avec quel résultat. "
            "C’est ce que montre la recherche."
        ),
        _(
            "« Avant la récolte, les saisonniers du coton ne peuvent payer l’hôpital. Depuis 2004, leur union avance les "
            "frais et se rembourse sur la vente. 610 familles sur 900 ont adhéré ; on se soigne plus tôt, mais l’avance "
            "s’épuise les années de sécheresse. »"
        ),
    ),
}

CATALOGUE_HANDLER = interface([*language_tabs(lambda code: texts(code, ["title"])), publication_tab()])


class ChoicesComparison(TextFieldComparison):
    """What was ticked in one version and in another, in words."""

    def __init__(self, name: str, heading: str, obj_a: Any, obj_b: Any) -> None:
        self.heading = heading
        vocabulary = obj_a.MULTIPLE_CHOICES[name]
        self.val_a, self.val_b = (", ".join(item.labels(vocabulary)) for item in (obj_a, obj_b))

    def field_label(self) -> str:
        return self.heading


class ChoicesPanel(FieldPanel):
    """The boxes to tick of a multiple choice (knowledge.forms): no field of the model, but compared like one."""

    class BoundPanel(FieldPanel.BoundPanel):
        def get_comparison(self) -> list[Any]:
            return [partial(ChoicesComparison, self.panel.field_name, self.panel.heading)]


def choices_panel(name: str, heading: str, help_text: str = "", classname: str = "") -> ChoicesPanel:
    """Return the boxes to tick of a multiple choice."""
    return ChoicesPanel(name, heading=heading, help_text=help_text, classname=f"choices {classname}")


def places_panel() -> InlinePanel:
    """Return the places: the country is enough, area and point make the map better."""
    return InlinePanel(
        "places",
        [
            cells("country", "area", "area_kind"),
            cells("latitude", "longitude"),
        ],
        heading=_("Lieux"),
        label=_("lieu"),
        help_text=_(
            "Au moins un pays. Ajoutez la région ou la localité si l’expérience n’est pas nationale ; un point en degrés "
            "décimaux la place sur la carte."
        ),
    )


def concepts_panel() -> InlinePanel:
    """Return the concepts, the main one first."""
    return InlinePanel(
        "item_concepts",
        [cell("concept")],
        heading=_("Concepts du thésaurus"),
        label=_("concept"),
        help_text=_("Deux à cinq, le principal en premier : grâce à eux la fiche est trouvée dans toutes les langues."),
    )


def actors_tab(*panels: Panel) -> ObjectList:
    """Return the tab of people, sources, files and links; `panels` of the type come first."""
    return ObjectList(
        [
            *panels,
            InlinePanel(
                "contributors",
                [cells("person", "role")],
                heading=_("Auteurs et contributeurs"),
                label=_("contributeur"),
                help_text=_("Qui a écrit, relu ou apporté les faits : ils sont cités dans l’ordre de cette liste."),
            ),
            InlinePanel(
                "organisations",
                [cells("organisation", "role")],
                heading=_("Organisations"),
                label=_("organisation"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("source"),
                    FieldPanel("source_url"),
                    FieldPanel(
                        "evidence_strength",
                        help_text=_("Ce sur quoi reposent les faits : le lecteur en juge la portée."),
                    ),
                ],
                heading=_("Source"),
            ),
            InlinePanel(
                "files",
                [cell("file")],
                heading=_("Fichiers"),
                label=_("fichier"),
                help_text=_("Leur texte est cherchable ; donnez à chacun sa langue."),
            ),
            InlinePanel(
                "links",
                [cells("link_type", "target")],
                heading=_("Liens vers d’autres fiches"),
                label=_("lien"),
                help_text=_(
                    "De quoi cette fiche est tirée, ce qu’elle documente : le lien inverse s’affiche de lui-même."
                ),
            ),
        ],
        heading=_("Acteurs, sources, fichiers, liens"),
    )


def item_publication_tab() -> ObjectList:
    """Return the tab of licence, consent and review, with what every page has."""
    return publication_tab(
        MultiFieldPanel(
            [FieldPanel("licence"), FieldPanel("consent_obtained"), FieldPanel("review_due_on")],
            heading=_("Droits et révision"),
        )
    )
