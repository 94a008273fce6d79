"""What a revision points to: rows that are gone are left out, all of them asked for at once rather than one by one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations

Row = dict[str, Any]


def without_dangling(model: type[models.Model], content: Row) -> Row:
    """Return the content of a revision without what it points to and is no longer there; one query per model pointed to.

    A row of a child table that cannot do without it is left out, as Wagtail does; elsewhere the reference is emptied.
    """
    tables = {
        relation.get_accessor_name(): (relation.related_model, content[relation.get_accessor_name()])
        for relation in get_all_child_relations(model)
        if relation.get_accessor_name() in content
    }
    there = _existing([(model, [content]), *tables.values()])
    checked = _checked(model, content, there)
    for name, (child, rows) in tables.items():
        kept = [_checked(child, row, there) for row in rows if not _is_lost(child, row, there)]
        checked[name] = kept
    return checked


def _references(model: type[models.Model]) -> list[models.ForeignKey]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and not isinstance(field, ParentalKey)
        and not field.remote_field.parent_link
        and field.remote_field.on_delete is not models.DO_NOTHING
    ]


def _existing(sources: list[tuple[type[models.Model], list[Row]]]) -> dict[tuple[type[models.Model], str], set[Any]]:
    asked: dict[tuple[type[models.Model], str], set[Any]] = defaultdict(set)
    for model, rows in sources:
        for field in _references(model):
            asked[_target(field)] |= {row[field.name] for row in rows if row.get(field.name) is not None}
    return {
        (target, name): set(target._base_manager.filter(**{f"{name}__in": keys}).values_list(name, flat=True))
        for (target, name), keys in asked.items()
        if keys
    }


def _target(field: models.ForeignKey) -> tuple[type[models.Model], str]:
    return field.remote_field.model, field.target_field.name


def _is_gone(field: models.ForeignKey, row: Row, there: dict[Any, set[Any]]) -> bool:
    value = row.get(field.name)
    return value is not None and field.target_field.to_python(value) not in there[_target(field)]


def _is_lost(model: type[models.Model], row: Row, there: dict[Any, set[Any]]) -> bool:
    return any(not field.null and _is_gone(field, row, there) for field in _references(model))


def _checked(model: type[models.Model], row: Row, there: dict[Any, set[Any]]) -> Row:
    gone = {field.name: None for field in _references(model) if _is_gone(field, row, there)}
    return row | gone
