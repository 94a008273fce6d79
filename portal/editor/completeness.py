"""How complete an item is: what its readers would miss, from the declaration that publication is checked against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import cached_property
from django.utils.text import capfirst
from wagtail.admin.panels import Panel

from portal import publication


@dataclass(frozen=True)
class Part:
    """Something that readers look for: its field or table in the form, its name, and whether it is there."""

    field: str
    label: str
    is_there: bool
    is_required: bool

    @property
    def anchor(self) -> str:
        """Where its link leads in the form (static/js/admin.js)."""
        return f"#id_{self.field}"


class Completeness:
    """What is there and what is missing of an item, as it is in memory, in its original language."""

    def __init__(self, item: Any) -> None:
        self.item = item

    @cached_property
    def parts(self) -> list[Part]:
        """What publication requires, then what readers would miss beside that, each once."""
        item, required = self.item, self.item.required_parts()
        found = [self._text(name, True) for name in item.required_texts()]
        found += [self._part(name, there, True) for name, (there, _sentence) in required.items()]
        found += [self._text(name, False) for name in item.wanted_texts()]
        wanted = item.wanted_parts().items()
        return found + [self._part(name, there, False) for name, there in wanted if name not in required]

    def _text(self, name: str, is_required: bool) -> Part:
        field = f"{name}_{self.item.original_language}"
        return Part(field, publication.label(type(self.item), name), bool(getattr(self.item, field)), is_required)

    def _part(self, name: str, there: bool, is_required: bool) -> Part:
        return Part(name, label(type(self.item), name), bool(there), is_required)

    @property
    def percent(self) -> int:
        """The share of the parts that are there; 100 only when all are."""
        return 100 * sum(part.is_there for part in self.parts) // len(self.parts)

    @property
    def required_missing(self) -> list[Part]:
        """What publication waits for."""
        return [part for part in self.parts if part.is_required and not part.is_there]

    @property
    def wanted_missing(self) -> list[Part]:
        """What readers would miss, although publication does without."""
        return [part for part in self.parts if not part.is_required and not part.is_there]


def completeness_of(page: Any) -> Completeness | None:
    """Return how complete a page is; None for a type that declares nothing."""
    return Completeness(page) if hasattr(page, "required_parts") else None


def label(model: type, name: str) -> str:
    """Return how the form calls a field or a table; boxes to tick are no field of the model, and have a heading."""
    try:
        return publication.label(model, name)
    except FieldDoesNotExist:
        return capfirst(str(headings(model).get(name, name)))


@cache
def headings(model: Any) -> dict[str, Any]:
    """Return {field: heading} of the panels of a model's form."""
    return {panel.field_name: panel.heading for panel in _panels(model.get_edit_handler()) if _is_field(panel)}


def _is_field(panel: Panel) -> bool:
    return hasattr(panel, "field_name")


def _panels(panel: Panel) -> Iterator[Panel]:
    yield panel
    for child in getattr(panel, "children", ()):
        yield from _panels(child)
