"""A :class:`Query` as Tantivy reads it. The formula and its figures are in docs/search.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import tantivy
from tantivy import Occur

from search.analysis import Token, fold, label_tokens, variant_stem
from search.engines.base import Query, concept_term
from search.engines.formula import (
    CORRECTION,
    EXACT,
    EXACT_PAIR,
    FILES,
    PAIR,
    SLOP,
    TAGGED,
    TIE,
    fairness,
    naming,
)
from search.engines.tantivy_index import facet_term
from search.highlighting import content_tokens

#: Two words that each stand in more than this part of a language's documents, and in so many, say little by standing side by
#: side, and cost most.
COMMON = 0.1
MANY = 1_000

#: Frequencies of words that are kept while the index stays as it is.
WORDS_KEPT = 20_000

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


class Reading(NamedTuple):
    """One state of the index: who searches it, and in how many documents a word of a field stands."""

    searcher: tantivy.Searcher
    frequency: Callable[[str, str], int]


def reading(searcher: tantivy.Searcher) -> Reading:
    """A state of the index. One search asks for seventy words, most of them those of the last one."""
    return Reading(searcher, lru_cache(WORDS_KEPT)(searcher.doc_freq))


class Word(NamedTuple):
    """A word of a field, in the forms of which the best one counts, and what it counts."""

    name: str
    forms: tuple[str, ...]
    weight: float


class QueryBuilder:
    """Builds the parts of one search on one state of the index."""

    def __init__(self, query: Query, schema: tantivy.Schema, read: Reading, languages: tuple[str, ...]) -> None:
        self.query = query
        self.schema = schema
        self.searcher, self._frequency = read
        self.languages = languages

    def scored(self) -> tantivy.Query:
        """Words with their scores, within all filters."""
        words = self._over_languages() if self.has_words else Q.all_query()
        limits = [*self._limits(), *self._filters(without=None)]
        return all_of([words, *(Q.const_score_query(limit, 0.0) for limit in limits)])

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
        found = [query for language in self.languages for query in self._finding(language)]
        return any_of([*found, *self._tags()]) or Q.empty_query()

    def _limits(self) -> list[tantivy.Query]:
        limits = [self._one_of("audience", self.query.audience)]
        kind = tantivy.FieldType.Integer
        if self.query.year_from is not None:
            limits.append(Q.range_query(self.schema, "last_year", kind, lower_bound=_year(self.query.year_from)))
        if self.query.year_to is not None:
            limits.append(Q.range_query(self.schema, "first_year", kind, upper_bound=_year(self.query.year_to)))
        return limits

    def _filters(self, without: str | None) -> list[tantivy.Query]:
        chosen = ((name, values) for name, values in self.query.filters.items() if values and name != without)
        return [self._in_facet(name, values) for name, values in chosen]

    def _in_facet(self, name: str, values: Iterable[str]) -> tantivy.Query:
        return self._one_of("facet", (facet_term(name, value) for value in values))

    def _one_of(self, name: str, values: Iterable[str]) -> tantivy.Query:
        """Documents that have one of ``values``; a single one is a term, which costs nothing where all have it."""
        clean = sorted({value.encode("utf-8", "ignore").decode() for value in values})
        if len(clean) == 1:
            return Q.term_query(self.schema, name, clean[0], "basic")
        return Q.term_set_query(self.schema, name, clean)

    def _over_languages(self) -> tantivy.Query:
        parts = []
        for language in self.languages:
            part = any_of(self._in_language(language))
            if part is not None:
                parts.append(_boosted(part, self._fairness(language)))
        best = [Q.disjunction_max_query(parts, TIE)] if parts else []
        return any_of([*best, *self._tagged()]) or Q.empty_query()

    def _fairness(self, language: str) -> float:
        share = self._frequency("written", language) / max(1, self.searcher.num_docs)
        return fairness(share, own=language == self.query.language)

    def _tagged(self) -> list[tantivy.Query]:
        tags = any_of(self._tags())
        return [] if tags is None else [Q.const_score_query(tags, TAGGED)]

    def _tags(self) -> list[tantivy.Query]:
        """What was put under the concepts; one term each: with other terms they are run through much quicker than a set."""
        tags = (facet_term("theme", slug) for slug in self.query.concepts)
        return [Q.term_query(self.schema, "facet", tag, "basic") for tag in tags if self._exists("facet", tag)]

    def _in_language(self, language: str) -> list[tantivy.Query]:
        words = self._words[language]
        single = any_of(
            _boosted(self._term(word.name, word.forms[0]), word.weight) for word in words if len(word.forms) == 1
        )
        several = [
            _boosted(Q.disjunction_max_query([self._term(word.name, form) for form in word.forms]), word.weight)
            for word in words
            if len(word.forms) > 1
        ]
        # Terms by themselves are added up much quicker than terms and other queries.
        return [*filter(None, [single]), *several, *self._pairs(language)]

    def _finding(self, language: str) -> Iterator[tantivy.Query]:
        """The words that find the documents of one language: an exact word finds what its stem finds, if it has one."""
        words = (word for word in self._words[language] if self.query.whole_words or word.name != f"x_{language}")
        terms = {(word.name, form) for word in words for form in word.forms}
        yield from (Q.term_query(self.schema, name, term, "basic") for name, term in sorted(terms))

    @cached_property
    def _words(self) -> dict[str, list[Word]]:
        """What the index holds of what is asked, by language."""
        return {language: list(self._asked(language)) for language in self.languages}

    def _asked(self, language: str) -> Iterator[Word]:
        """What the index holds of what is asked, in texts of one language: words, corrections, concepts."""
        stems, exact = (content_tokens(self.query, language, exact=exact) for exact in (False, True))
        if self.query.whole_words:
            stems = [token for token in stems if fold(self._typed(token)) not in self.query.whole_words]
        for name, weight in ((f"s_{language}", 1.0), (f"f_{language}", FILES)):
            for token in stems:
                yield from self._forms(name, weight, token.text, variant_stem(self._typed(token), language))
        for token in exact:
            yield from self._forms(f"x_{language}", EXACT, token.text)
        for correction in self.query.corrections:
            for token in label_tokens(correction.replacement, language):
                yield from self._forms(f"s_{language}", CORRECTION, token.text)
        for slug, weight in naming(self.query, language).items():
            if self._exists("named", concept_term(slug, language)):
                # In one field for all, so nothing is given back to a rare language.
                yield Word("named", (concept_term(slug, language),), weight / self._fairness(language))

    def _forms(self, name: str, weight: float, *forms: str) -> Iterator[Word]:
        """A word in those of its forms that a field holds, if it holds any."""
        known = tuple(form for form in dict.fromkeys(forms) if form and self._exists(name, form))
        if known:
            yield Word(name, known, weight)

    def _typed(self, token: Token) -> str:
        return self.query.words[token.start : token.end]

    def _pairs(self, language: str) -> Iterator[tantivy.Query]:
        """Words of one language that stand side by side where they are asked, and nearly so in the text."""
        for name, exact, weight in ((f"s_{language}", False, PAIR), (f"x_{language}", True, EXACT_PAIR)):
            words = content_tokens(self.query, language, exact=exact)
            for left, right in pairwise(words):
                known = self._exists(name, left.text) and self._exists(name, right.text)
                if known and left.text != right.text and not self._common(name, left, right):
                    yield _boosted(self._phrase(name, left, right), weight)

    def _term(self, name: str, word: str) -> tantivy.Query:
        return Q.term_query(self.schema, name, word)

    def _phrase(self, name: str, left: Token, right: Token) -> tantivy.Query:
        words: list[str | tuple[int, str]] = [(0, left.text), (right.position - left.position, right.text)]
        return Q.phrase_query(self.schema, name, words, SLOP)

    def _common(self, name: str, left: Token, right: Token) -> bool:
        """Whether even the rarer of two words stands in many documents of the field's language."""
        rarer = min(self._frequency(name, left.text), self._frequency(name, right.text))
        return rarer >= max(MANY, COMMON * self._frequency("written", name[2:]))

    def _exists(self, name: str, term: str) -> bool:
        return self._frequency(name, term) > 0


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else Q.boost_query(query, boost)


def _year(year: int) -> int:
    return max(-(10**9), min(10**9, year))
