"""Marks in a text the words for which it was found: escaped HTML with ``<mark>``, the same for every engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from html import escape
from itertools import pairwise
from typing import Literal

from search.analysis import Token, label_tokens, prepare, tidy, tokens, variant_stem
from search.engines.base import MAX_WORDS, Passage, Query

Spans = list[tuple[int, int]]
TextName = Literal["summary", "body", "files", "title"]

#: The texts that say most, and those that are looked at where they say nothing.
FIRST: tuple[TextName, ...] = ("summary", "body")
THEN: tuple[TextName, ...] = ("files", "title")


class Highlighter:
    """The words and phrases of one query, ready to be marked in texts of any language."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._words: dict[str, frozenset[str]] = {}
        self._typed: dict[str, frozenset[str]] = {}
        self._phrases: dict[str, dict[str, list[tuple[str, ...]]]] = {}

    @property
    def language(self) -> str:
        """The visitor's language."""
        return self._query.language

    def passage(self, cut: Callable[[TextName], str | None], language: str) -> Passage | None:
        """The summary where it says as much as was asked, otherwise the body if that says more; then a file, then the title.

        ``cut`` gives the marked passage of a text, which costs the engine something: None where nothing is found in it.
        """
        best: Passage | None = None
        said = 0
        for name in FIRST:
            html = cut(name)
            if html and (best is None or marked_length(html) > said):
                best, said = Passage(language, name, html), marked_length(html)
            if best and said >= self.asked:
                break
        return best or next((Passage(language, name, html) for name in THEN if (html := cut(name))), None)

    @cached_property
    def asked(self) -> int:
        """The characters of the words asked: a passage that marks as many says enough."""
        return sum(token.end - token.start for token in content_tokens(self._query, self.language))

    def words(self, language: str) -> frozenset[str]:
        """Stems of the words asked and of their corrections."""
        if language not in self._words:
            found = content_tokens(self._query, language)
            fixed = [t for c in self._query.corrections for t in label_tokens(c.replacement, language)]
            self._words[language] = frozenset(t.text for t in [*found, *fixed])
            typed = frozenset(variant_stem(self._query.words[t.start : t.end], language) for t in found)
            self._typed[language] = typed - self._words[language] - {""}
        return self._words[language]

    def stems(self, language: str) -> frozenset[str]:
        """All stems that may be marked in a text."""
        phrases = (phrase for group in self._phrases_of(language).values() for phrase in group)
        return frozenset(self.words(language).union(self._typed[language], *phrases))

    def _phrases_of(self, language: str) -> dict[str, list[tuple[str, ...]]]:
        """Stems of the labels by their first: they are marked only where all their words stand together."""
        if language not in self._phrases:
            labels = (label_tokens(label.text, language) for label in self._query.labels if label.language == language)
            by_first: dict[str, list[tuple[str, ...]]] = {}
            for phrase in dict.fromkeys(tuple(token.text for token in words) for words in labels if words):
                by_first.setdefault(phrase[0], []).append(phrase)
            self._phrases[language] = by_first
        return self._phrases[language]

    def can_mark(self, text: str) -> bool:
        """Whether the words of ``text`` stand after analysis where they stood before."""
        return len(prepare(tidy(text))) == len(tidy(text)) == len(text)

    def place(self, text: str, language: str) -> int | None:
        """Where the query first stands in a text that can be marked; None where it does not."""
        spans = self._spans(text, tokens(text, language), language)
        return spans[0][0] if spans else None

    def mark(self, text: str, language: str) -> str | None:
        """``text`` escaped and marked, or None where nothing of the query stands in it."""
        text = tidy(text)
        prepared = prepare(text)
        found = tokens(text, language) if len(prepared) == len(text) else []
        spans = self._spans(text, found, language)
        return marked(text, spans) if spans else None

    def _spans(self, text: str, found: list[Token], language: str) -> Spans:
        phrases = self._phrases_of(language)
        words = self.words(language) | self._typed[language]
        typed = self._typed[language]
        stems = tuple(token.text for token in found)
        chosen: set[int] = set()
        for i, stem in enumerate(stems):
            if stem in words or (typed and variant_stem(text[found[i].start : found[i].end], language) in typed):
                chosen.add(i)
            for phrase in phrases.get(stem, ()):
                if stems[i : i + len(phrase)] == phrase:
                    chosen.update(range(i, i + len(phrase)))
        return [(found[i].start, found[i].end) for i in sorted(chosen)]


def content_tokens(query: Query, language: str, *, exact: bool = False) -> list[Token]:
    """The words of the query in ``language``, without what is a stop word where the visitor writes.

    A query of stop words only is left to the other languages: « on » is a word somewhere.
    """
    return list(_content(query.words[: MAX_WORDS * 40], language, query.language, exact))


@lru_cache(maxsize=1_000)
def _content(words: str, language: str, own: str, exact: bool) -> tuple[Token, ...]:
    """The same; one search asks for it ten times over, for its parts, its counts and its passages."""
    found = tokens(words, language, exact=exact)
    if language != own:
        kept = {t.start for t in tokens(words, own, exact=True)}
        found = [t for t in found if t.start in kept] if kept else found
    return tuple(found[:MAX_WORDS])


def marked(text: str, spans: Spans) -> str:
    """Escape ``text`` and put ``<mark>`` around ``spans``; what only a blank or a hyphen parts is one mark."""
    joined: Spans = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start] in (" ", "-", "\u00a0", "’", "'")):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    edges = [0, *(edge for span in joined for edge in span), len(text)]
    parts = [escape(text[a:b]) for a, b in pairwise(edges)]
    return "".join(f"<mark>{part}</mark>" if i % 2 else part for i, part in enumerate(parts))


def marked_length(html: str) -> int:
    """The characters of a passage that are marked: how much it says of what was asked."""
    return sum(len(part) for part in re.findall(r"<mark>(.*?)</mark>", html))
