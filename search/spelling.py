"""How far a word may be from the one that was meant, and how that one is written."""

from __future__ import annotations

import re

from search.analysis import fold

#: Shorter words have too many neighbours.
SHORTEST = 4

#: From this length two letters may be wrong.
LONG = 8


def longest_distance(word: str) -> int:
    """Letters (added, left out, replaced, or two swapped) that may differ."""
    return 1 if len(word) < LONG else 2


def as_written(term: str, text: str) -> str:
    """The word of ``text`` that the index holds as ``term``, with its accents and in lower case."""
    for word in re.finditer(r"[^\W_]+", text):
        if len(word[0]) <= len(term) and fold(word[0]) == term:
            return word[0].lower()
    return term
