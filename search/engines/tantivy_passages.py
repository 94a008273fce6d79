"""Passages of Tantivy: the library finds the words, the portal marks and escapes as for every engine."""

from __future__ import annotations

import re
from functools import partial

import tantivy
from tantivy import Occur

from search.engines.base import PASSAGE, Passage, Texts
from search.engines.tantivy_query import Q
from search.highlighting import Highlighter, TextName, marked

#: Characters of a text that are looked through for a term, and those shown before it.
LOOKED_AT = 20_000
BEFORE = 60


class Cutter:
    """Cuts passages for one search; the generator of a language is made once."""

    def __init__(self, highlighter: Highlighter, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._highlighter = highlighter
        self._schema = schema
        self._searcher = searcher
        self._generators: dict[tuple[str, str], tantivy.SnippetGenerator | None] = {}

    def passages(self, texts: dict[str, Texts], languages: tuple[str, ...]) -> tuple[Passage, ...]:
        """The best passage of the first language that has one, the visitor's first."""
        preferred = self._highlighter.language
        for language in sorted(languages, key=lambda code: code != preferred):
            if language in texts:
                passage = self._highlighter.passage(partial(self._cut, texts[language], language), language)
                if passage is not None:
                    return (passage,)
        return ()

    def _cut(self, texts: Texts, language: str, name: TextName) -> str | None:
        text, field = getattr(texts, name), "f" if name == "files" else "s"  # files have a field of their own
        generator = self._generator(field, language) if text else None
        if generator is None:
            return None
        document = tantivy.Document()
        document.add_text(f"{field}_{language}", text)
        snippet = generator.snippet_from_doc(document)
        if not snippet.highlighted():
            return None
        encoded, window = text.encode(), snippet.fragment_range()
        start, end = _whole_words(text, len(encoded[: window.start].decode()), len(encoded[: window.end].decode()))
        html = self._highlighter.mark(text[start:end], language)
        if html is None and self._highlighter.can_mark(text):
            # The library took a single word of a term, such as « letter » of "guarantee letter", for the term.
            place = self._highlighter.place(text[:LOOKED_AT], language)
            if place is None:
                return None
            start, end = _whole_words(text, max(0, place - BEFORE), min(len(text), max(0, place - BEFORE) + PASSAGE))
            html = self._highlighter.mark(text[start:end], language)
        if html is None:
            fragment = snippet.fragment().encode()
            start, end = len(encoded[: window.start].decode()), len(encoded[: window.end].decode())
            spans = [
                (len(fragment[: s.start].decode()), len(fragment[: s.end].decode())) for s in snippet.highlighted()
            ]
            html = marked(fragment.decode(), spans)
        return f"{'… ' if text[:start].strip() else ''}{html}{' …' if text[end:].strip() else ''}"

    def _generator(self, field: str, language: str) -> tantivy.SnippetGenerator | None:
        if (field, language) not in self._generators:
            name = f"{field}_{language}"
            stems = sorted(self._highlighter.stems(language))
            terms = [(Occur.Should, Q.term_query(self._schema, name, stem)) for stem in stems]
            generator = None
            if terms:
                generator = tantivy.SnippetGenerator.create(self._searcher, Q.boolean_query(terms), self._schema, name)
                generator.set_max_num_chars(PASSAGE)
            self._generators[field, language] = generator
        return self._generators[field, language]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The same piece of ``text`` with the signs that touch it and without half words."""
    start = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    return start, end + len(re.split(r"\s", text[end:], maxsplit=1)[0])
