"""Passages of Elasticsearch: the cluster cuts, the portal marks and escapes as for every engine."""

from __future__ import annotations

import re
from functools import partial

from elasticsearch.dsl import Search

from search.engines.base import PASSAGE, Passage
from search.engines.elasticsearch_index import PASSAGES
from search.engines.elasticsearch_query import QueryBuilder
from search.highlighting import Highlighter, TextName, marked

#: Around what the cluster found; characters that no text has (private use).
OPEN, CLOSE = "\ue000", "\ue001"

#: Characters of one text in which the cluster looks for passages.
ANALYSED = 100_000


class Cutter:
    """Asks for the fragments of one search and makes passages of them."""

    def __init__(self, builder: QueryBuilder) -> None:
        self._builder = builder
        self._highlighter = Highlighter(builder.query)

    def asked(self, search: Search) -> Search:
        """The search, with fragments."""
        for language in self._builder.languages:
            shown = self._builder.shown(language)
            if shown is not None:
                names = [f"{name}_{language}" for name in PASSAGES]
                search = search.highlight(*names, highlight_query=shown.to_dict())
        return search.highlight_options(
            type="unified",
            order="score",
            number_of_fragments=1,
            fragment_size=PASSAGE,
            require_field_match=False,
            max_analyzed_offset=ANALYSED,
            pre_tags=[OPEN],
            post_tags=[CLOSE],
        )

    def passages(self, found: dict[str, list[str]], languages: tuple[str, ...]) -> tuple[Passage, ...]:
        """The best passage of the first language that has one, the visitor's first."""
        preferred = self._highlighter.language
        for language in sorted(languages, key=lambda code: code != preferred):
            passage = self._highlighter.passage(partial(self._cut, found, language), language)
            if passage is not None:
                return (passage,)
        return ()

    def _cut(self, found: dict[str, list[str]], language: str, name: TextName) -> str | None:
        fragments = found.get(f"{name}_{language}")
        return self._html(fragments[0], language, whole=name == "title") if fragments else None

    def _html(self, fragment: str, language: str, *, whole: bool) -> str:
        text = fragment.replace(OPEN, "").replace(CLOSE, "").strip()
        html = self._highlighter.mark(text, language) or marked(text, _spans(fragment.strip()))
        if whole:
            return html
        # Fragments are sentences, or parts of long ones.
        before = "" if re.match(r"[\W\d]*[^\W\d_a-zà-ÿ]", text) else "… "
        after = "" if re.search(r"[.!?…]\W*$", text) else " …"
        return f"{before}{html}{after}"


def _spans(fragment: str) -> list[tuple[int, int]]:
    spans, removed = [], 0
    for found in re.finditer(f"{OPEN}(.*?){CLOSE}", fragment, re.DOTALL):
        start = found.start() - removed
        spans.append((start, start + len(found[1])))
        removed += 2
    return spans
