"""What the editor's screens are made of: one tab per language, and rows that show their languages side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db import models
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import RichTextFieldComparison
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from portal.editor.completeness import Completeness, completeness_of
from portal.editor.forms import PortalPageForm
from portal.languages import LANGUAGES, NAMES, State

# Panels with this class matter to full records only; static/js/admin.js hides them while the depth is "snapshot".
FULL_RECORD = "full-record"


class ProseComparison(RichTextFieldComparison):
    """A rich text in two versions; one that was never written is empty."""

    def __init__(self, field: models.Field, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = self.val_a or "", self.val_b or ""


class TextPanel(FieldPanel):
    """A text in one language: labelled by its field, or by its language where the languages stand side by side."""

    def __init__(self, name: str, language: str, by_language: bool = False, **kwargs: Any) -> None:
        super().__init__(f"{name}_{language}", **kwargs)
        self.name, self.language, self.by_language = name, language, by_language

    def clone_kwargs(self) -> dict[str, Any]:
        kwargs = super().clone_kwargs()
        del kwargs["field_name"]
        return kwargs | {"name": self.name, "language": self.language, "by_language": self.by_language}

    def get_comparison_class(self) -> type:
        comparison = super().get_comparison_class()
        return ProseComparison if comparison is RichTextFieldComparison else comparison

    def on_model_bound(self) -> None:
        field = self.model._meta.get_field(self.name)
        if not self.heading:
            self.heading = NAMES[self.language] if self.by_language else capfirst(field.verbose_name)
        if self.by_language and not self.help_text:
            self.help_text = field.help_text
        if self.widget is None and type(field) is models.TextField:
            self.widget = AdminAutoHeightTextInput(attrs={"lang": self.language})
        elif self.widget is None and type(field) is models.CharField:
            self.widget = forms.TextInput(attrs={"lang": self.language})


def side_by_side(name: str, heading: Any = "") -> FieldRowPanel:
    """Return a text of a row in all languages, one beside the other."""
    panels = [TextPanel(name, code, by_language=True, disable_comments=True) for code in LANGUAGES]
    return FieldRowPanel(panels, heading=heading, classname="languages")


def _advice(text: str, example: str) -> SafeString:
    return format_html('{}<span class="example"><b>{}</b> {}</span>', text, gettext("Par exemple :"), example)


# A help text that teaches: what is wanted, then what it may look like, in the staff member's language.
advice = lazy(_advice, SafeString)


def cells(*names: str, **kwargs: Any) -> FieldRowPanel:
    """Return fields of a row, side by side. Rows take no comments: Wagtail keeps none there."""
    return FieldRowPanel([FieldPanel(name, disable_comments=True, **kwargs) for name in names])


def cell(name: str, **kwargs: Any) -> FieldPanel:
    """Return a field of a row that stands alone."""
    return FieldPanel(name, disable_comments=True, **kwargs)


def texts(language: str, names: Iterable[str], helps: dict[str, Any] | None = None, **kwargs: Any) -> list[Panel]:
    """Return the panels of several texts in one language, each with its help text."""
    helps = helps or {}
    return [TextPanel(name, language, help_text=helps.get(name, ""), **kwargs) for name in names]


def language_tabs(panels: Callable[[str], list[Panel]]) -> list[ObjectList]:
    """Return one tab per language: its state, what `panels` gives for it, and what search engines show."""
    return [
        ObjectList(
            [ChangesPanel(code), state_panel(code), *panels(code), search_engines_panel(code)],
            heading=NAMES[code],
            attrs={"data-language": code},
        )
        for code in LANGUAGES
    ]


class ChangesPanel(Panel):
    """What to do with a translation that its original has overtaken; absent from every other tab."""

    def __init__(self, language: str, **kwargs: Any) -> None:
        super().__init__(**({"heading": _("L’original a changé"), "icon": "warning"} | kwargs))
        self.language = language

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"language": self.language}

    class BoundPanel(Panel.BoundPanel):
        template_name = "portal/admin/original_changed.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and self.instance.state_of(self.panel.language) == State.OUTDATED


def state_panel(language: str) -> FieldPanel:
    """Return the state of a language; the form leaves it out for the original, which is public when the page is."""
    return FieldPanel(
        f"language_state_{language}",
        heading=_("État de cette langue"),
        help_text=_(
            "Ce que les visiteurs voient dans cette langue après la prochaine publication. Une traduction en cours reste "
            "invisible ; « Titre et résumé seulement » suffit pour être trouvé dans cette langue."
        ),
    )


def search_engines_panel(language: str) -> MultiFieldPanel:
    """Return what search engines and shared links show; the title and summary serve where it is empty."""
    return MultiFieldPanel(
        texts(language, ["seo_title", "search_description"]),
        heading=_("Pour les moteurs de recherche et les réseaux"),
        classname="collapsed",
        help_text=_("Facultatif : sans cela, le titre et le résumé servent."),
    )


def publication_tab(*panels: Panel) -> ObjectList:
    """Return the tab of what decides about publication, `panels` of the page type included."""
    return ObjectList(
        [
            FieldPanel(
                "original_language",
                help_text=_("La langue dans laquelle cette page est écrite ; les autres en sont des traductions."),
            ),
            *panels,
            FieldPanel("change_significance"),
            FieldPanel(
                "slug",
                heading=_("Fin de l’adresse"),
                help_text=_("La même dans toutes les langues. Vide : tirée du titre."),
            ),
            PublishingPanel(),
            CommentPanel(),
        ],
        heading=_("Publication"),
    )


class Interface(TabbedInterface):
    """The tabs, below a bar that says how complete the item is."""

    class BoundPanel(TabbedInterface.BoundPanel):
        template_name = "portal/admin/interface.html"

        @property
        def completeness(self) -> Completeness | None:
            """How complete the item is; None for a page that is no item."""
            return completeness_of(self.instance)

        def render_html(self, parent_context: Any = None) -> SafeString:
            return without_indentation(super().render_html(parent_context))


def without_indentation(html: str) -> SafeString:
    """Return HTML without the blanks that templates leave between tags: a fifth of the form of a full record."""
    return mark_safe(re.sub(r">\s{2,}<", ">\n<", html))  # noqa: S308  (it was safe, and no text is touched)


def interface(tabs: list[ObjectList], form: type[PortalPageForm] = PortalPageForm) -> Interface:
    """Return the editor's screen of a page type. (An own edit handler ignores the model's `base_form_class`.)"""
    return Interface(tabs, base_form_class=form)
