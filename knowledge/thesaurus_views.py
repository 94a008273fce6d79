"""The staff's views of the thesaurus: the tree, a concept in its languages, and the window in which one is chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import chooser

from knowledge.thesaurus import Concept
from portal import languages
from portal.countries import collation


def tree() -> list[Concept]:
    """Return all concepts, each below its broader one, sorted as a reader would, with `depth` from 0; in one query."""
    below: dict[int | None, list[Concept]] = {}
    for concept in sorted(Concept.objects.all(), key=lambda concept: collation(str(concept))):
        below.setdefault(concept.broader_id, []).append(concept)
    ordered: list[Concept] = []
    waiting = [(concept, 0) for concept in reversed(below.get(None, []))]
    while waiting:
        concept, concept.depth = waiting.pop()
        ordered.append(concept)
        waiting += [(narrower, concept.depth + 1) for narrower in reversed(below.get(concept.pk, []))]
    return ordered


def matching(concepts: list[Concept], words: str) -> list[Concept]:
    """Return the concepts of which some label, in any language, holds all of `words`; accents do not matter."""
    wanted = collation(words).split()
    return [
        concept
        for concept in concepts
        if any(all(word in label for word in wanted) for label in map(collation, concept.all_labels()))
    ]


def indented(concept: Concept) -> SafeString:
    """Return the label of a concept of `tree`, set in by its depth."""
    return format_html("{}{}", "\u2003" * concept.depth, concept)


class ConceptForm(WagtailAdminModelForm):
    """A concept needs a label in some language; its identifier, once used in addresses, stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].disabled = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        label = next((text for code in languages.LANGUAGES if (text := data.get(f"label_{code}"))), "")
        if not label:
            raise ValidationError(_("Donnez un libellé dans une langue au moins."))
        if not data.get("slug"):
            data["slug"] = slugify(label)[:80]
        return data


class ConceptIndexView(generic.IndexView):
    """The whole tree on one page, or what matches the words looked for."""

    is_searchable = True
    add_item_label = _("Ajouter un concept")

    @cached_property
    def columns(self) -> list[Column]:
        others = [code for code in languages.LANGUAGES if code != languages.active()]
        return [
            self._get_title_column_class(TitleColumn)(
                "label", label=_("Libellé"), accessor=indented, get_url=lambda concept: self.get_edit_url(concept)
            ),
            *(Column(f"label_{code}", label=languages.NAMES[code]) for code in others),
        ]

    def get_queryset(self) -> list[Concept]:
        concepts = tree()
        return matching(concepts, self.search_query) if self.is_searching else concepts


class ConceptFilterForm(BaseFilterForm):
    """Finds concepts by any label in any language."""

    q = forms.CharField(
        label=_("Libellé, dans toute langue"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Rechercher")}),
    )

    def filter(self, objects: list[Concept]) -> list[Concept]:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return matching(objects, self.search_query) if self.is_searching else objects


class ConceptChooseMixin:
    """Shows the tree in the window in which a concept is chosen."""

    filter_form_class = ConceptFilterForm

    def get_object_list(self) -> list[Concept]:
        return tree()

    def apply_object_list_ordering(self, objects: list[Concept]) -> list[Concept]:
        return objects

    @property
    def title_column(self) -> Column:
        column = super().title_column
        column.accessor = indented
        return column


class ConceptChooseView(ConceptChooseMixin, chooser.ChooseView):
    """The window."""


class ConceptChooseResultsView(ConceptChooseMixin, chooser.ChooseResultsView):
    """What the window shows after a search."""


def concept_panels() -> TabbedInterface:
    """Return the form of a concept: its place in the tree, then a tab for each language."""
    place = ObjectList([FieldPanel("broader"), FieldPanel("slug")], heading=_("Place dans l’arbre"))
    tabs = [
        ObjectList(
            [
                FieldPanel(f"label_{code}", heading=_("Libellé")),
                FieldPanel(f"alt_labels_{code}", heading=_("Autres libellés")),
            ],
            heading=name,
        )
        for code, name in languages.NAMES.items()
    ]
    return TabbedInterface([*tabs, place], base_form_class=ConceptForm)
