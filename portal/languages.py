"""The languages of an item: which are public, which one a visitor gets, and the item's texts in it.

One item is one page; a translation is a set of fields (`title_fr`, `title_en` …). Each language has a state, and an item is
always shown in one language as a whole: django-modeltranslation's fallback, which works field by field, is turned off.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from babel import Locale
from django.conf import settings
from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations
from modeltranslation.translator import NotRegistered, translator

if TYPE_CHECKING:
    from portal.pages import PortalPage

LANGUAGES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)
NAMES: dict[str, str] = dict(settings.LANGUAGES)
# Portuguese as it is written where most of its readers here live.
NORMS = {"pt": "pt_PT"}
# What Open Graph knows: a language never stands there without a region. Our English is British.
REGIONS = {"fr": "fr_FR", "en": "en_GB", "es": "es_ES", "pt": "pt_PT"}


class State(models.TextChoices):
    """How far an item is public in a language."""

    NONE = "none", _("Pas de traduction")
    DRAFT = "draft", _("Traduction en cours, non visible")
    SUMMARY = "summary", _("Titre et résumé seulement")
    PUBLISHED = "published", _("Publiée")
    OUTDATED = "outdated", _("Publiée, mais l’original a changé")


WHOLE = (State.PUBLISHED, State.OUTDATED)
PUBLIC = (State.SUMMARY, *WHOLE)
# What a language in the state "summary" shows.
SUMMARY_FIELDS = frozenset({"title", "summary", "seo_title", "search_description"})
# Translated fields that speak of a translation and are no text of it.
STATE_FIELDS = frozenset({"language_state", "translated_from"})


def active() -> str:
    """Return the visitor's language: always one of `LANGUAGES`."""
    code = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return code if code in LANGUAGES else settings.LANGUAGE_CODE


@cache
def locale(language: str) -> Locale:
    """Return CLDR's data for a language."""
    return Locale.parse(NORMS.get(language, language))


def name_in(code: str, language: str | None = None) -> str:
    """Return the name of language `code` in `language` (default: the visitor's), e.g. "anglais"."""
    return locale(language or active()).languages.get(code, code)


@cache
def text_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of the translated texts of a model, parents included; empty where none is registered."""
    try:
        names = translator.get_options_for_model(model).get_field_names()
    except NotRegistered:
        return ()
    return tuple(name for name in names if name not in STATE_FIELDS)


@cache
def child_relations(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of the child tables (conditions, lessons …) of a model; empty for one that has none."""
    return tuple(relation.get_accessor_name() for relation in get_all_child_relations(model))


def clear(instance: models.Model, names: Iterable[str], language: str) -> None:
    """Empty the texts `names` of an instance in one language, in memory."""
    for name in names:
        field = instance._meta.get_field(f"{name}_{language}")
        setattr(instance, field.attname, field.to_python(None if field.null else ""))


def keep_public_texts(page: PortalPage) -> None:
    """Empty, in memory, all texts of a page and its child rows that are not public: the live row holds nothing else."""
    for language in LANGUAGES:
        state = page.state_of(language)
        if state in WHOLE:
            continue
        names = text_fields(type(page))
        clear(page, names if state != State.SUMMARY else set(names) - SUMMARY_FIELDS, language)
        for relation in child_relations(type(page)):
            rows = list(getattr(page, relation).all())
            for row in rows:
                clear(row, text_fields(type(row)), language)
            if rows and text_fields(type(rows[0])):
                setattr(page, relation, rows)


class InLanguage:
    """A read-only view of an instance whose translated texts, and those of its child rows, are in one language.

    `InLanguage(experience, "en").conditions[0].text` is the English text. Everything else is the instance's own.
    """

    def __init__(self, instance: models.Model, language: str) -> None:
        self._instance = instance
        self.language = language

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        instance = self._instance
        model = type(instance)
        if name in text_fields(model):
            value = getattr(instance, f"{name}_{self.language}")
            return "" if value is None else value
        value = getattr(instance, name)
        if name in child_relations(model):
            value = [InLanguage(row, self.language) for row in value.all()]
            self.__dict__[name] = value
        return value

    def __str__(self) -> str:
        with override(self.language):
            return str(self._instance)
