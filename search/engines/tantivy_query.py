"""A :class:`Query` as Tantivy reads it. The formula and its figures are in docs/search.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import tantivy
from tantivy import Occur

from search.analysis import Token, fold, label_tokens, unaccented_stem
from search.engines.base import Alternative, Query
from search.engines.formula import (
    ALTERNATIVE,
    CORRECTION,
    EXACT,
    EXACT_PAIR,
    FILES,
    NARROWER,
    PAIR,
    SLOP,
    TAGGED,
    TIE,
    fairness,
)
from search.engines.tantivy_index import facet_term
from search.highlighting import content_tokens

#: Two words that stand in more than this part of all documents say nothing by standing side by side, and cost most.
COMMON = 0.2

Q = tantivy.Query


def any_of(queries: Iterable[tantivy.Query]) -> tantivy.Query | None:
    """Documents that one of ``queries`` finds; scores add up."""
    found = list(queries)
    if not found:
        return None
    return found[0] if len(found) == 1 else Q.boolean_query([(Occur.Should, query) for query in found])


def all_of(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    """Documents that all of ``queries`` find."""
    found = list(queries)
    return found[0] if len(found) == 1 else Q.boolean_query([(Occur.Must, query) for query in found])


class QueryBuilder:
    """Builds the parts of one search on one state of the index."""

    def __init__(
        self, query: Query, schema: tantivy.Schema, searcher: tantivy.Searcher, languages: tuple[str, ...]
    ) -> None:
        self.query = query
        self.schema = schema
        self.searcher = searcher
        self.languages = languages

    def scored(self) -> tantivy.Query:
        """Words with their scores, within all filters."""
        words = self._over_languages(scored=True) if self.has_words else Q.all_query()
        return all_of([words, *self._limits(), *self._filters(without=None)])

    def counted(self, without: str | None) -> tantivy.Query:
        """The same documents without scores and pairs, and without the filter of the facet ``without``."""
        words = [self._matching] if self.has_words else []
        return all_of([*words, *self._limits(), *self._filters(without=without)])

    @property
    def has_words(self) -> bool:
        """Whether something is asked at all (a query of signs only finds nothing rather than everything)."""
        return bool(self.query.words.strip())

    @cached_property
    def _matching(self) -> tantivy.Query:
        return self._over_languages(scored=False)

    def _limits(self) -> list[tantivy.Query]:
        limits = [self._one_of("audience", self.query.audience)]
        kind = tantivy.FieldType.Integer
        if self.query.year_from is not None:
            limits.append(Q.range_query(self.schema, "last_year", kind, lower_bound=_year(self.query.year_from)))
        if self.query.year_to is not None:
            limits.append(Q.range_query(self.schema, "first_year", kind, upper_bound=_year(self.query.year_to)))
        return [Q.const_score_query(limit, 0.0) for limit in limits]

    def _filters(self, without: str | None) -> list[tantivy.Query]:
        chosen = ((name, values) for name, values in self.query.filters.items() if values and name != without)
        return [Q.const_score_query(self._in_facet(name, values), 0.0) for name, values in chosen]

    def _in_facet(self, name: str, values: Iterable[str]) -> tantivy.Query:
        return self._one_of("facet", (facet_term(name, value) for value in values))

    def _one_of(self, name: str, values: Iterable[str]) -> tantivy.Query:
        """Documents that have one of ``values``; a single one is a term, which costs nothing where all have it."""
        clean = sorted({value.encode("utf-8", "ignore").decode() for value in values})
        if len(clean) == 1:
            return Q.term_query(self.schema, name, clean[0], "basic")
        return Q.term_set_query(self.schema, name, clean)

    def _over_languages(self, *, scored: bool) -> tantivy.Query:
        parts = []
        for language in self.languages:
            part = any_of(self._in_language(language, scored=scored))
            if part is not None:
                parts.append(_boosted(part, self._fairness(language)) if scored else part)
        if not scored:
            return any_of([*parts, *self._tagged()]) or Q.empty_query()
        best = [Q.disjunction_max_query(parts, TIE)] if parts else []
        return any_of([*best, *self._tagged()]) or Q.empty_query()

    def _fairness(self, language: str) -> float:
        share = self.searcher.doc_freq("written", language) / max(1, self.searcher.num_docs)
        return fairness(share, own=language == self.query.language)

    def _tagged(self) -> list[tantivy.Query]:
        if not self.query.concepts:
            return []
        return [Q.const_score_query(self._in_facet("theme", self.query.concepts), TAGGED)]

    def _in_language(self, language: str, *, scored: bool) -> list[tantivy.Query]:
        stems = content_tokens(self.query, language)
        found = self._words(f"s_{language}", stems, 1.0, language)
        found += self._words(f"f_{language}", stems, FILES, language)
        for correction in self.query.corrections:
            for token in label_tokens(correction.replacement, language):
                found += self._words(f"s_{language}", [token], CORRECTION)
        if scored:
            exact = content_tokens(self.query, language, exact=True)
            found += self._words(f"x_{language}", exact, EXACT)
            found += self._pairs(f"s_{language}", stems, PAIR)
            found += self._pairs(f"x_{language}", exact, EXACT_PAIR)
        elif self.query.whole_words:
            found += self._words(f"x_{language}", content_tokens(self.query, language, exact=True), EXACT)
        return found + self._alternatives(language, scored=scored)

    def _words(self, name: str, words: list[Token], boost: float, language: str = "") -> list[tantivy.Query]:
        """One query per word; given the language, the word's stem without accents counts as the same word."""
        found = []
        for token in words:
            typed = self.query.words[token.start : token.end]
            if not name.startswith("x_") and fold(typed) in self.query.whole_words:
                continue
            forms = dict.fromkeys((token.text, unaccented_stem(typed, language) if language else ""))
            terms = [Q.term_query(self.schema, name, form) for form in forms if form and self._exists(name, form)]
            if terms:
                either = terms[0] if len(terms) == 1 else Q.disjunction_max_query(terms)
                found.append(_boosted(either, boost))
        return found

    def _pairs(self, name: str, words: list[Token], boost: float) -> list[tantivy.Query]:
        pairs = (
            (left, right)
            for left, right in zip(words, words[1:], strict=False)
            if left.text != right.text and 0 < self._rarer(name, left.text, right.text) < COMMON
        )
        return [_boosted(self._phrase(name, list(pair), SLOP), boost) for pair in pairs]

    def _alternatives(self, language: str, *, scored: bool) -> list[tantivy.Query]:
        groups: dict[str, list[tantivy.Query]] = {}
        for alternative in self.query.alternatives:
            if alternative.language == language:
                groups.setdefault(alternative.concept, []).extend(self._alternative(alternative, scored=scored))
        filled = [group for group in groups.values() if group]
        return [Q.disjunction_max_query(group, TIE) if len(group) > 1 else group[0] for group in filled]

    def _alternative(self, alternative: Alternative, *, scored: bool) -> list[tantivy.Query]:
        """All words must be there and score better side by side; a narrower label must stand as it is."""
        language = alternative.language
        words = label_tokens(alternative.text, language, exact=alternative.exact)
        boost = NARROWER if alternative.narrower else ALTERNATIVE
        fields = [(f"{'x' if alternative.exact else 's'}_{language}", boost)]
        if not alternative.exact:
            fields.append((f"f_{language}", boost * FILES))
        found = []
        for name, weight in fields:
            if not words or not all(self._exists(name, token.text) for token in words):
                continue
            terms = [Q.term_query(self.schema, name, token.text) for token in words]
            together = self._phrase(name, words, 0) if len({token.text for token in words}) > 1 else None
            if together is None:
                query = terms[0]
            elif alternative.narrower or alternative.exact:
                query = together
            elif scored:
                must = [(Occur.Must, term) for term in terms]
                query = Q.boolean_query([*must, (Occur.Should, together)])
            else:
                query = all_of(terms)
            found.append(_boosted(query, weight))
        return found

    def _phrase(self, name: str, words: Sequence[Token], slop: int) -> tantivy.Query:
        first = words[0].position
        return Q.phrase_query(self.schema, name, [(t.position - first, t.text) for t in words], slop)

    def _rarer(self, name: str, left: str, right: str) -> float:
        """The part of all documents that hold the rarer of two words."""
        documents = max(1, self.searcher.num_docs)
        return min(self.searcher.doc_freq(name, left), self.searcher.doc_freq(name, right)) / documents

    def _exists(self, name: str, term: str) -> bool:
        return self.searcher.doc_freq(name, term) > 0


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else Q.boost_query(query, boost)


def _year(year: int) -> int:
    return max(-(10**9), min(10**9, year))
