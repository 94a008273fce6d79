"""Passages of Elasticsearch: the cluster cuts, the portal marks and escapes as for every engine."""

from __future__ import annotations

import re
from typing import Any, Literal

from elasticsearch.dsl import Search

from search.engines.base import PASSAGE, Passage
from search.engines.elasticsearch_index import PASSAGES
from search.engines.elasticsearch_query import QueryBuilder
from search.highlighting import Highlighter, marked, marked_length

#: Around what the cluster found; characters that no text has (private use).
OPEN, CLOSE = "\ue000", "\ue001"

#: The texts that say most, and those that are looked at where they say nothing.
FIRST: tuple[Literal["summary", "body"], ...] = ("summary", "body")
THEN: tuple[Literal["files", "title"], ...] = ("files", "title")

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
            passage = self._passage(found, language)
            if passage is not None:
                return (passage,)
        return ()

    def _passage(self, found: dict[str, list[str]], language: str) -> Passage | None:
        """The summary where it says as much as was asked, otherwise the body if that says more; then a file, then the title."""
        fragments = ((name, found.get(f"{name}_{language}")) for name in PASSAGES)
        cut: dict[Any, str] = {name: fragment[0] for name, fragment in fragments if fragment}
        best: Passage | None = None
        said = 0
        for first in FIRST:
            html = self._html(cut[first], language) if first in cut else ""
            if html and (best is None or marked_length(html) > said):
                best, said = Passage(language, first, html), marked_length(html)
            if best and said >= self._highlighter.asked:
                break
        if best:
            return best
        name: Any = next((name for name in THEN if name in cut), None)
        return Passage(language, name, self._html(cut[name], language, whole=name == "title")) if name else None

    def _html(self, fragment: str, language: str, *, whole: bool = False) -> str:
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
