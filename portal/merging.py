"""Bringing together what two editors wrote at the same time, from the contents of revisions.

`merge(base, theirs, mine)` takes the texts and tables that only one of them changed from that one. What both changed, each in
another way, is a conflict: the answer holds `mine` there, and says so, so that nothing typed is lost and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import COMMENTS_RELATION_NAME

Row = dict[str, Any]

# What the rich text editor adds to each paragraph, in HTML and in HTML within JSON.
BLOCK_KEY = re.compile(r' data-block-key=\\?"[^"\\]*\\?"')
_NOTHING = object()


@dataclass(frozen=True)
class Conflict:
    """A field that both changed: of the page itself, or of a row of one of its tables (`row` counts from 1)."""

    field: str
    theirs: Any
    mine: Any
    table: str = ""
    row: int = 0


@dataclass
class Merged:
    """The content after the merge, and what both changed."""

    content: Row
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Row | None, theirs: Row, mine: Row, *, fields: Iterable[str], tables: Iterable[str]) -> Merged:
    """Merge `fields` and `tables` of two contents that started from `base`; all else is theirs.

    Without a base (it was overwritten since) every difference is a conflict.
    """
    merged = Merged(dict(theirs))
    for name in fields:
        if name in mine:
            start = base.get(name) if base is not None else _NOTHING
            merged.content[name] = _value(merged, Conflict(name, theirs.get(name), mine[name]), start)
    for name in tables:
        if name in mine and name != COMMENTS_RELATION_NAME:
            start = base.get(name, []) if base is not None else None
            merged.content[name] = _table(merged, name, start, theirs.get(name, []), mine[name])
    return merged


def plain(value: Any) -> Any:
    """Return a value without what forms change by themselves: kinds of emptiness, line ends, keys of paragraphs."""
    if isinstance(value, str):
        return BLOCK_KEY.sub("", value.replace("\r\n", "\n")) or None
    return value


def _value(merged: Merged, both: Conflict, base: Any) -> Any:
    theirs, mine, start = (plain(value) for value in (both.theirs, both.mine, base))
    if mine in (theirs, start):
        return both.theirs
    if theirs != start:
        merged.conflicts.append(both)
    return both.mine


def _table(merged: Merged, table: str, base: list[Row] | None, theirs: list[Row], mine: list[Row]) -> list[Row]:
    if _bare(theirs) == _bare(mine):
        return theirs
    if base is None:
        merged.conflicts.append(Conflict("", theirs, mine, table))
        return mine
    if not any("sort_order" in row for row in [*theirs, *mine]):
        return _as_set(base, theirs, mine)
    if _have_keys(base, theirs, mine):
        return _by_key(merged, table, base, theirs, mine)
    if len(base) <= min(len(theirs), len(mine)) and not (_moved(base, theirs) or _moved(base, mine)):
        return _by_place(merged, table, base, theirs, mine)
    whole = _value(merged, Conflict("", _bare(theirs), _bare(mine), table), _bare(base))
    return theirs if whole == _bare(theirs) else mine


def _by_place(merged: Merged, table: str, base: list[Row], theirs: list[Row], mine: list[Row]) -> list[Row]:
    """Merge rows without keys, as drafts of live pages have them: each with that in its place; added rows come last."""
    count = len(base)
    rows = zip(base, theirs, mine, strict=False)
    kept = [_row(merged, table, number, *row) for number, row in enumerate(rows, start=1)]
    added = [*theirs[count:], *mine[count:]]
    return [row | {"sort_order": order} for order, row in enumerate([*kept, *added])]


def _row(merged: Merged, table: str, number: int, base: Row, theirs: Row, mine: Row) -> Row:
    return theirs | {
        name: _value(merged, Conflict(name, theirs.get(name), mine[name], table, number), base.get(name))
        for name in mine
        if name not in ("pk", "page", "sort_order")  # all rows are numbered anew
    }


def _moved(base: list[Row], rows: list[Row]) -> bool:
    """Return whether a row of `base` stands in another place among `rows`: then places do not tell which row is which."""
    was = _bare(base)
    return any(row in was and (place >= len(was) or row != was[place]) for place, row in enumerate(_bare(rows)))


def _bare(rows: list[Row]) -> list[Row]:
    """Return rows without what the database gave them: comparable between revisions."""
    hidden = ("pk", "page", "sort_order")
    return [{name: plain(value) for name, value in row.items() if name not in hidden} for row in rows]


def _as_set(base: list[Row], theirs: list[Row], mine: list[Row]) -> list[Row]:
    """Merge rows that have no order, such as multiple choices: what either added or took away."""
    was, there, now = _bare(base), _bare(theirs), _bare(mine)
    kept = [row for row, bare in zip(theirs, there, strict=True) if bare in now or bare not in was]
    return kept + [row for row, bare in zip(mine, now, strict=True) if bare not in was and bare not in there]


def _have_keys(base: list[Row], theirs: list[Row], mine: list[Row]) -> bool:
    keys = {row["pk"] for row in base}
    return None not in keys and all(
        len({row["pk"] for row in rows if row["pk"]}) == sum(bool(row["pk"]) for row in rows)
        for rows in (base, theirs, mine)
    )


def _by_key(merged: Merged, table: str, base: list[Row], theirs: list[Row], mine: list[Row]) -> list[Row]:
    """Merge rows that all have a key: changed, added and deleted rows each for themselves, in their order, mine added last."""
    was = {row["pk"]: row for row in base}
    there, here = ({row["pk"]: row for row in rows if row["pk"]} for rows in (theirs, mine))
    rows = []
    for number, row in enumerate(theirs, start=1):
        key = row["pk"]
        if key in was and key in here:
            rows.append(_row(merged, table, number, was[key], row, here[key]))
        elif key in was:  # deleted by me
            if _bare([row]) != _bare([was[key]]):
                merged.conflicts.append(Conflict("", [row], [], table, number))
        else:
            rows.append(row)
    for number, row in enumerate(mine, start=1):
        key = row["pk"]
        if key in was and key not in there:  # deleted by them
            if _bare([row]) != _bare([was[key]]):
                merged.conflicts.append(Conflict("", [], [row], table, number))
                rows.append(row | {"pk": None})
        elif key not in was and key not in there:
            rows.append(row)
    for order, row in enumerate(rows):
        row["sort_order"] = order
    return rows
