"""What the address of a list asks for, and the addresses of its variations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict

from search.engines.base import FACETS, MAX_HITS, Query
from search.understanding import clean

#: A longer query is no question (docs/search.md).
MAX_QUERY = 500

PAGE_SIZE = 10
MAX_PAGE = MAX_HITS // PAGE_SIZE

MAX_VALUES = 100
MAX_VALUE = 100


class QueryTooLong(BadRequest):
    """The words are longer than any question: status 400, whose page says how many there may be."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The choices of a visitor. Whatever is no valid choice is left out, never an error."""

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    order: Literal["relevance", "date"] = "relevance"
    literal: bool = False
    view: Literal["list", "map"] = "list"
    page: int = 1

    @classmethod
    def read(cls, data: QueryDict) -> Parameters:
        """From the query string. Raises QueryTooLong."""
        if len(data.get("q", "")) > MAX_QUERY:
            raise QueryTooLong
        filters = {name: _values(data.getlist(name)) for name in FACETS}
        return cls(
            words=clean(data.get("q", "")),
            filters={name: values for name, values in filters.items() if values},
            year_from=_number(data.get("from", ""), 9999),
            year_to=_number(data.get("to", ""), 9999),
            order="date" if data.get("sort") == "date" else "relevance",
            literal=data.get("exact") == "1",
            view="map" if data.get("view") == "map" else "list",
            page=_number(data.get("page", ""), MAX_PAGE) or 1,
        )

    @property
    def narrowed(self) -> bool:
        """Whether any filter is in force."""
        return bool(self.filters or self.year_from or self.year_to)

    @property
    def plain(self) -> bool:
        """Whether this is the list itself, with nothing chosen: the only variation that robots keep."""
        return self == Parameters()

    def query(self, language: str, audience: frozenset[str], preset: frozenset[str]) -> Query:
        """The query before it is understood; ``preset`` limits the types."""
        filters = {name: frozenset(values) for name, values in self.filters.items()}
        if preset:
            filters["kind"] = (filters.get("kind", preset) & preset) or preset
        on_map = self.view == "map"
        return Query(
            words=self.words,
            language=language,
            audience=audience,
            filters=filters,
            year_from=self.year_from,
            year_to=self.year_to,
            order=self.order,
            offset=0 if on_map else (self.page - 1) * PAGE_SIZE,
            limit=1 if on_map else PAGE_SIZE,
            highlight=not on_map,
        )

    def address(self, **changes: Any) -> str:
        """The query string of a variation; it starts again at the first page unless told."""
        changed = replace(self, **({"page": 1} | changes))
        pairs: list[tuple[str, str]] = [("q", changed.words)] if changed.words else []
        pairs += [(name, value) for name in FACETS for value in changed.filters.get(name, ())]
        optional = {
            "from": changed.year_from,
            "to": changed.year_to,
            "sort": "date" if changed.order == "date" else "",
            "exact": "1" if changed.literal else "",
            "view": "map" if changed.view == "map" else "",
            "page": changed.page if changed.page > 1 else "",
        }
        pairs += [(name, str(value)) for name, value in optional.items() if value]
        return f"?{urlencode(pairs)}"

    def without(self, name: str, value: str) -> str:
        """The address without one value of a filter."""
        rest = tuple(other for other in self.filters.get(name, ()) if other != value)
        return self.address(filters={**self.filters, name: rest})


def _values(values: list[str]) -> tuple[str, ...]:
    cleaned = (clean(value)[:MAX_VALUE] for value in values[:MAX_VALUES])
    return tuple(dict.fromkeys(value for value in cleaned if value))


def _number(text: str, most: int) -> int | None:
    if not text.isascii() or not text.isdecimal() or len(text) > 20:
        return None
    return min(int(text), most) or None
