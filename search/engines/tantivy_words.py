"""The words that a Tantivy index holds, to find those near a misspelt one."""

from __future__ import annotations

import time

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import fold
from search.spelling import longest_distance

#: A vocabulary may take this part of the time at most: a large one is read again less often than a small one.
SHARE = 0.05

CANDIDATES = 20


class Vocabulary:
    """Words per language and length, read again when the index has changed."""

    def __init__(self) -> None:
        self._words: dict[str, dict[int, list[str]]] = {}
        self._read: dict[str, tuple[tuple[int, ...], float]] = {}

    def near(
        self, searcher: tantivy.Searcher, stamp: tuple[int, ...], word: str, language: str
    ) -> list[tuple[str, int]]:
        """Words few letters away from ``word``, with their distance. They may be private: count before showing."""
        wanted = fold(word)
        distance = longest_distance(wanted)
        by_length = self._vocabulary(searcher, stamp, language)
        found: list[tuple[str, int]] = []
        for length in range(len(wanted) - distance, len(wanted) + distance + 1):
            near = process.extract(
                wanted, by_length.get(length, []), scorer=OSA.distance, score_cutoff=distance, limit=CANDIDATES
            )
            found += [(match, int(steps)) for match, steps, _position in near]
        return sorted(found, key=lambda match: match[1])[:CANDIDATES]

    def _vocabulary(self, searcher: tantivy.Searcher, stamp: tuple[int, ...], language: str) -> dict[int, list[str]]:
        known, until = self._read.get(language, ((), 0.0))
        if known != stamp and time.monotonic() >= until:
            started = time.monotonic()
            by_length: dict[int, list[str]] = {}
            for term, _count in searcher.terms_with_prefix(f"x_{language}", ""):
                if term.isalpha():
                    by_length.setdefault(len(term), []).append(term)
            self._words[language] = by_length
            ended = time.monotonic()
            self._read[language] = (stamp, ended + (ended - started) / SHARE)
        return self._words[language]
