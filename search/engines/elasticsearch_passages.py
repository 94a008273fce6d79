"""Passages of Elasticsearch: the cluster cuts, the portal marks and escapes as for every engine."""

from __future__ import annotations

import re
from typing import Any

from elasticsearch.dsl import Search

from search.engines.base import PASSAGE, Passage
from search.engines.elasticsearch_index import PASSAGES
from search.engines.elasticsearch_query import QueryBuilder
from search.highlighting import Highlighter, marked

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
            passage = self._passage(found, language)
            if passage is not None:
                return (passage,)
        return ()

    def _passage(self, found: dict[str, list[str]], language: str) -> Passage | None:
        """The summary or the body, whichever says more of what was asked; otherwise a file, otherwise the title."""
        fragments = ((name, found.get(f"{name}_{language}")) for name in PASSAGES)
        cut: dict[Any, str] = {name: fragment[0] for name, fragment in fragments if fragment}
        texts = [name for name in ("summary", "body") if name in cut]
        best = max(texts, key=lambda name: _found_length(cut[name])) if texts else None
        name: Any = best or next((name for name in ("files", "title") if name in cut), None)
        return Passage(language, name, self._html(cut[name], language, whole=name == "title")) if name else None

    def _html(self, fragment: str, language: str, *, whole: bool) -> str:
        text = fragment.replace(OPEN, "").replace(CLOSE, "").strip()
        html = self._highlighter.mark(text, language) or marked(text, _spans(fragment.strip()))
        if whole:
            return html
        # Fragments are sentences, or parts of long ones.
        before = "" if re.match(r"[\W\d]*[^\W\d_a-zà-ÿ]", text) else "… "
        after = "" if re.search(r"[.!?…]\W*$", text) else " …"
        return f"{before}{html}{after}"


def _found_length(fragment: str) -> int:
    return sum(len(part) for part in re.findall(f"{OPEN}(.*?){CLOSE}", fragment))


def _spans(fragment: str) -> list[tuple[int, int]]:
    spans, removed = [], 0
    for found in re.finditer(f"{OPEN}(.*?){CLOSE}", fragment, re.DOTALL):
        start = found.start() - removed
        spans.append((start, start + len(found[1])))
        removed += 2
    return spans
