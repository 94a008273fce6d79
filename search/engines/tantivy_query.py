"""A :class:`Query` as Tantivy reads it. The formula and its figures are in docs/search.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import tantivy
from tantivy import Occur

from search.analysis import Token, fold, label_tokens, variant_stem
from search.engines.base import PUBLIC, Query
from search.engines.formula import (
    CORRECTION,
    EXACT,
    FILES,
    PAIR,
    SLOP,
    TIE,
    fairness,
    naming,
)
from search.engines.tantivy_index import CLOSED, NOT_PUBLIC, OPEN, facet_term
from search.highlighting import content_tokens

#: Words that stand in so large a part of a language's documents, and in so many, cost most. Two of them say little by standing
#: side by side, and one says little by its ending.
COMMON_PAIR, COMMON_WORD = 0.1, 0.2
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


def all_of(queries: Iterable[tantivy.Query], but: Iterable[tantivy.Query] = ()) -> tantivy.Query:
    """Documents that all of ``queries`` find, but those that one of ``but`` finds."""
    return Q.boolean_query([*((Occur.Must, query) for query in queries), *((Occur.MustNot, query) for query in but)])


def one_of(schema: tantivy.Schema, name: str, values: Iterable[str]) -> tantivy.Query:
    """Documents whose field ``name`` has one of ``values``."""
    found = sorted({_clean(value) for value in values})
    if len(found) == 1:
        return Q.term_query(schema, name, found[0], "basic")
    return Q.term_set_query(schema, name, found)


def hidden_from(schema: tantivy.Schema, audience: frozenset[str]) -> tantivy.Query:
    """What ``audience`` may not see. Most is public: to leave out the rest is quicker than to look up what may be seen."""
    hidden = Q.term_query(schema, "audience", NOT_PUBLIC, "basic") if PUBLIC in audience else Q.all_query()
    others = audience - {PUBLIC, NOT_PUBLIC}
    return all_of([hidden], but=[one_of(schema, "audience", others)]) if others else hidden


class Reading(NamedTuple):
    """One state of the index: who searches it, in how many documents a word of a field stands, and about how many are of each
    kind, by the term of the facet.
    """

    searcher: tantivy.Searcher
    frequency: Callable[[str, str], int]
    kinds: dict[str, int]


def reading(searcher: tantivy.Searcher) -> Reading:
    """A state of the index. One search asks for seventy words, most of them those of the last one."""
    kinds = {
        kind: count
        for mark in (OPEN, CLOSED)
        for kind, count in searcher.terms_with_prefix("facet", facet_term(mark, "kind"))
    }
    return Reading(searcher, lru_cache(WORDS_KEPT)(searcher.doc_freq), kinds)


class AskedWord(NamedTuple):
    """A word of a field, in the forms of which the best one counts, and what it counts."""

    name: str
    forms: tuple[str, ...]
    weight: float


class QueryBuilder:
    """Builds the parts of one search on one state of the index."""

    def __init__(self, query: Query, schema: tantivy.Schema, read: Reading, languages: tuple[str, ...]) -> None:
        self.query = query
        self.schema = schema
        self.searcher, self._frequency, self._kinds = read
        self.languages = languages
        self._only_public = query.audience == {PUBLIC}
        self._marks = OPEN if self._only_public else OPEN + CLOSED

    def scored(self) -> tantivy.Query:
        """Words with their scores, within all filters."""
        return self._within(self._over_languages() if self.has_words else Q.all_query(), without=None)

    def matched(self) -> tantivy.Query:
        """The same documents without scores and pairs."""
        return self._within(self._matching, without=None)

    def counted(self, without: str | None) -> tuple[tantivy.Query, list[str]]:
        """The same documents without the choice of the facet ``without``, and what the terms to count for them begin with.

        For ``kind``: the documents of the kinds that are not chosen. What visitors may not see may be among the documents; it has
        none of the terms.
        """
        of_all_facets = OPEN if self._only_public else ""
        prefixes = [facet_term(mark, without) for mark in self._marks] if without else [of_all_facets]
        return self._within(self._matching, without, permitted=self._only_public), prefixes

    def _within(self, words: tantivy.Query, without: str | None, *, permitted: bool = False) -> tantivy.Query:
        """The documents of ``words`` that are chosen and may be seen; the latter is not looked up where it is ``permitted``.

        All choices together are run through quicker than each.
        """
        chosen, left_out = self._filters(without), []
        if kinds := self.query.filters.get("kind"):
            # Each document is of one kind, so the others may be left out instead, which is quicker where they are fewer.
            wanted = self._terms("kind", kinds)
            others = {term for term in self._kinds if term[0] in self._marks} - wanted
            few = sum(self._kinds.get(term, 0) for term in wanted) < sum(map(self._kinds.__getitem__, others))
            if without == "kind" or few:
                chosen.append(self._in_facet(others if without == "kind" else wanted))
            else:
                left_out.append(self._in_facet(others))
        # What visitors choose has terms of public documents only.
        if not permitted and not (chosen and self._only_public):
            left_out.append(self._hidden)
        filters = [*self._limits(), *chosen]
        limited = [Q.const_score_query(all_of(filters), 0.0)] if filters else []
        return all_of([words, *limited], but=left_out)

    @property
    def has_words(self) -> bool:
        """Whether something is asked at all (a query of signs only finds nothing rather than everything)."""
        return bool(self.query.words.strip())

    @property
    def ordered_by(self) -> str | None:
        """The field by which the hits are ordered, if not by their scores."""
        return "date" if self.query.order == "date" or not self.has_words else None

    @cached_property
    def _matching(self) -> tantivy.Query:
        """The words that find documents, each once: an exact word finds what its stem finds, if it has one."""
        if not self.has_words:
            return Q.all_query()
        words = (word for words in self._words.values() for word in words)
        found = {
            (word.name, form)
            for word in words
            if self.query.whole_words or word.name[:2] != "x_"
            for form in word.forms
        }
        return any_of(Q.term_query(self.schema, *term, "basic") for term in sorted(found)) or Q.empty_query()

    @cached_property
    def _hidden(self) -> tantivy.Query:
        return hidden_from(self.schema, self.query.audience)

    def _limits(self) -> list[tantivy.Query]:
        limits = []
        kind = tantivy.FieldType.Integer
        if self.query.year_from is not None:
            limits.append(Q.range_query(self.schema, "last_year", kind, lower_bound=_year(self.query.year_from)))
        if self.query.year_to is not None:
            limits.append(Q.range_query(self.schema, "first_year", kind, upper_bound=_year(self.query.year_to)))
        return limits

    def _filters(self, without: str | None) -> list[tantivy.Query]:
        chosen = (
            (name, values) for name, values in self.query.filters.items() if values and name not in ("kind", without)
        )
        return [self._in_facet(self._terms(name, values)) for name, values in chosen]

    def _terms(self, name: str, values: Iterable[str]) -> set[str]:
        return {_clean(facet_term(mark, name, value)) for value in values for mark in self._marks}

    def _in_facet(self, terms: Iterable[str]) -> tantivy.Query:
        return one_of(self.schema, "facet", terms)

    def _over_languages(self) -> tantivy.Query:
        parts = []
        for language in self.languages:
            part = any_of(self._in_language(language))
            if part is not None:
                parts.append(_boosted(part, self._fairness(language)))
        return Q.disjunction_max_query(parts, TIE) if parts else Q.empty_query()

    def _fairness(self, language: str) -> float:
        share = self._frequency("written", language) / max(1, self.searcher.num_docs)
        return fairness(share, own=language == self.query.language)

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

    @cached_property
    def _words(self) -> dict[str, list[AskedWord]]:
        """What the index holds of what is asked, by language."""
        return {language: list(self._asked(language)) for language in self.languages}

    def _asked(self, language: str) -> Iterator[AskedWord]:
        """What the index holds of what is asked, in texts of one language: words, corrections, concepts."""
        stems, exact = (content_tokens(self.query, language, exact=exact) for exact in (False, True))
        if self.query.whole_words:
            stems = [token for token in stems if fold(self._typed(token)) not in self.query.whole_words]
        for name, weight in ((f"s_{language}", 1.0), (f"f_{language}", FILES)):
            for token in stems:
                yield from self._forms(name, weight, token.text, variant_stem(self._typed(token), language))
        for token in exact:
            # The stem says what a common word says; an acronym has none.
            acronym = fold(self._typed(token)) in self.query.whole_words
            if acronym or not self._common(f"x_{language}", COMMON_WORD, token):
                yield from self._forms(f"x_{language}", EXACT, token.text)
        for correction in self.query.corrections:
            for token in label_tokens(correction.replacement, language):
                yield from self._forms(f"s_{language}", CORRECTION, token.text)
        names = naming(self.query, language, fair=self._fairness(language), languages=len(self.languages))
        for name, weight in names.items():
            yield from self._forms("named", weight, name)

    def _forms(self, name: str, weight: float, *forms: str) -> Iterator[AskedWord]:
        """A word in those of its forms that a field holds, if it holds any."""
        known = tuple(form for form in dict.fromkeys(forms) if form and self._exists(name, form))
        if known:
            yield AskedWord(name, known, weight)

    def _typed(self, token: Token) -> str:
        return self.query.words[token.start : token.end]

    def _pairs(self, language: str) -> Iterator[tantivy.Query]:
        """Words of one language that stand side by side where they are asked, and nearly so in the text."""
        name = f"s_{language}"
        for left, right in pairwise(content_tokens(self.query, language)):
            known = self._exists(name, left.text) and self._exists(name, right.text)
            if known and left.text != right.text and not self._common(name, COMMON_PAIR, left, right):
                yield _boosted(self._phrase(name, left, right), PAIR)

    def _term(self, name: str, word: str) -> tantivy.Query:
        return Q.term_query(self.schema, name, word)

    def _phrase(self, name: str, left: Token, right: Token) -> tantivy.Query:
        words: list[str | tuple[int, str]] = [(0, left.text), (right.position - left.position, right.text)]
        return Q.phrase_query(self.schema, name, words, SLOP)

    def _common(self, name: str, part: float, *words: Token) -> bool:
        """Whether even the rarest of ``words`` stands in such a ``part`` of the field's language."""
        rarest = min(self._frequency(name, word.text) for word in words)
        return rarest >= max(MANY, part * self._frequency("written", name[2:]))

    def _exists(self, name: str, term: str) -> bool:
        return self._frequency(name, term) > 0


def _clean(value: str) -> str:
    return value.encode("utf-8", "ignore").decode()


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else Q.boost_query(query, boost)


def _year(year: int) -> int:
    return max(-(10**9), min(10**9, year))
