"""Telling an editor, in words, what somebody else wrote in the same place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.fields import RichTextField, StreamField
from wagtail.utils.text import text_from_html

from portal import languages
from portal.editor.comparison import shown
from portal.merging import Conflict


@dataclass(frozen=True)
class Difference:
    """One place that two people wrote in: its name, the language of its text where it has one, and both texts."""

    label: str
    language: str
    theirs: str
    mine: str


def describe(model: type[models.Model], conflicts: Iterable[Conflict]) -> list[Difference]:
    """Return the conflicts of a page as staff read them."""
    return [_describe(model, conflict) for conflict in conflicts]


def _describe(model: type[models.Model], conflict: Conflict) -> Difference:
    place = []
    if conflict.table:
        relation = model._meta.get_field(conflict.table)
        model = relation.related_model
        place.append(capfirst(str(model._meta.verbose_name_plural)))
        if conflict.row:
            place.append(_("ligne %(number)d") % {"number": conflict.row})
    if not conflict.field:
        return Difference(", ".join(place), "", *(_rows(model, rows) for rows in (conflict.theirs, conflict.mine)))
    field = model._meta.get_field(conflict.field)
    name, _separator, code = conflict.field.rpartition("_")
    language = code if code in languages.LANGUAGES and name else ""
    base = model._meta.get_field(name) if language else field
    place.append(capfirst(str(base.verbose_name)))
    if language:
        place.append(languages.name_in(language))
    return Difference(", ".join(place), language, _text(field, conflict.theirs), _text(field, conflict.mine))


def _rows(model: type[models.Model], rows: list[dict[str, Any]]) -> str:
    lines = [
        " · ".join(
            _text(field, value)
            for name, value in row.items()
            if value not in (None, "") and (field := _field(model, name))
        )
        for row in rows
    ]
    return "\n".join(lines)


def _field(model: type[models.Model], name: str) -> models.Field | None:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    hidden = name in ("id", "pk", "page", "sort_order") or name in languages.text_fields(model)
    return None if hidden else field


def _text(field: models.Field, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, StreamField):
        return "\n".join(field.get_searchable_content(field.to_python(value)))
    if isinstance(field, RichTextField):
        return text_from_html(value)
    return shown(field.to_python(value))
