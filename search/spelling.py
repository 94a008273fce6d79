"""How far a word may be from the one that was meant."""

from __future__ import annotations

#: Shorter words have too many neighbours.
SHORTEST = 4

#: From this length two letters may be wrong.
LONG = 8


def longest_distance(word: str) -> int:
    """Letters (added, left out, replaced, or two swapped) that may differ."""
    return 1 if len(word) < LONG else 2
