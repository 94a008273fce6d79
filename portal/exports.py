"""Tables that people download and open in a spreadsheet."""

from __future__ import annotations

# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe stands before what looks like a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
