"""A :class:`Query` as Elasticsearch reads it. The formula and its figures are in docs/search.md.

Words go to the cluster as they were typed, prepared as the texts were, and are analysed there; here they are only told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from elasticsearch.dsl import query as dsl

from search.analysis import Token, fold, variants
from search.engines.base import MAX_FACET_VALUE, Query
from search.engines.elasticsearch_index import analysable
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
from search.highlighting import content_tokens

#: Pairs of a query that are looked at: a longer text is told apart by its words.
MAX_PAIRS = 20


def any_of(queries: Iterable[dsl.Query], **values: Any) -> dsl.Query | None:
    """Documents that one of ``queries`` finds; scores add up."""
    found = list(queries)
    if len(found) == 1 and not values:
        return found[0]
    return dsl.Bool(should=found, minimum_should_match=1, **values) if found else None


def match(name: str, text: str, boost: float = 1.0, **values: Any) -> dsl.Query:
    """Documents whose field ``name`` holds the words of ``text``."""
    return dsl.Match(name, {"query": analysable(text, name[2:]), "boost": boost, **values})


def phrase(name: str, text: str, boost: float = 1.0, slop: int = 0) -> dsl.Query:
    """Documents whose field ``name`` holds the words of ``text`` side by side."""
    return dsl.MatchPhrase(name, {"query": analysable(text, name[2:]), "boost": boost, "slop": slop})


def forms(word: str, language: str) -> list[str]:
    """The word as typed, and as it is indexed beside words with accents."""
    return list(dict.fromkeys([word, *filter(None, [variants(word, language)])]))


def terms(name: str, values: Iterable[str]) -> dsl.Query:
    """Documents that have one of ``values``."""
    clean = {value.encode("utf-8", "ignore").decode()[:MAX_FACET_VALUE] for value in values}
    return dsl.Terms(name, sorted(clean))


class QueryBuilder:
    """Builds the parts of one search; ``shares`` says which part of all documents is written in each language."""

    def __init__(self, query: Query, languages: tuple[str, ...], shares: Mapping[str, float]) -> None:
        self.query = query
        self.languages = languages
        self._shares = shares

    @property
    def has_words(self) -> bool:
        """Whether something is asked at all (a query of signs only finds nothing rather than everything)."""
        return bool(self.query.words.strip())

    def scored(self) -> dsl.Query:
        """Words with their scores, within all filters."""
        words = self._scored() if self.has_words else dsl.MatchAll()
        return dsl.Bool(must=[words], filter=[*self._limits(), self.chosen(without=None)])

    def counted(self) -> dsl.Query:
        """The same documents without scores and pairs, and without the filters chosen."""
        words = [self._matching()] if self.has_words else []
        return dsl.Bool(filter=[*words, *self._limits()])

    def found(self) -> dsl.Query:
        """The documents of :meth:`scored` where their order is another one."""
        return dsl.Bool(filter=[self.counted(), self.chosen(without=None)])

    def chosen(self, without: str | None) -> dsl.Query:
        """The filters chosen, but for that of the facet ``without``."""
        pairs = ((name, values) for name, values in self.query.filters.items() if values and name != without)
        filters = [terms(name, values) for name, values in pairs]
        return dsl.Bool(filter=filters) if filters else dsl.MatchAll()

    def _limits(self) -> list[dsl.Query]:
        limits = [terms("audience", self.query.audience)]
        if self.query.year_from is not None:
            limits.append(dsl.Range("last_year", {"gte": _year(self.query.year_from)}))
        if self.query.year_to is not None:
            limits.append(dsl.Range("first_year", {"lte": _year(self.query.year_to)}))
        return limits

    def _scored(self) -> dsl.Query:
        parts = []
        for language in self.languages:
            part = any_of(self._in_language(language, scored=True), boost=self._fairness(language))
            if part is not None:
                parts.append(part)
        return dsl.DisMax(queries=parts, tie_breaker=TIE) if parts else dsl.MatchNone()

    def _matching(self) -> dsl.Query:
        parts = [part for language in self.languages for part in self._in_language(language, scored=False)]
        return any_of(parts) or dsl.MatchNone()

    def _in_language(self, language: str, *, scored: bool) -> list[dsl.Query]:
        words = content_tokens(self.query, language)
        found = [*self._words(f"s_{language}", words, 1.0), *self._words(f"f_{language}", words, FILES)]
        found += [match(f"s_{language}", c.replacement, CORRECTION) for c in self.query.corrections]
        if scored or self.query.whole_words:
            found += [match(f"x_{language}", self._typed(token), EXACT) for token in words]
        if scored:
            found += self._pairs(language, words)
        return found + self._named(language)

    def _named(self, language: str) -> list[dsl.Query]:
        """The concepts asked for, by the names that count in one language."""
        weights = naming(self.query, language, fair=self._fairness(language), languages=len(self.languages))
        return [dsl.Term("named", {"value": name, "boost": weight}) for name, weight in weights.items()]

    def _fairness(self, language: str) -> float:
        return fairness(self._shares.get(language, 0.0), own=language == self.query.language)

    def _typed(self, token: Token) -> str:
        return self.query.words[token.start : token.end]

    def _words(self, name: str, words: list[Token], boost: float) -> list[dsl.Query]:
        """One query per word; the word's stem without accents counts as the same word."""
        language = name[2:]
        found: list[dsl.Query] = []
        for token in words:
            typed = self._typed(token)
            if fold(typed) in self.query.whole_words:
                continue
            either = [match(name, form) for form in forms(typed, language)]
            found.append(match(name, typed, boost) if len(either) == 1 else dsl.DisMax(queries=either, boost=boost))
        return found

    def _pairs(self, language: str, words: list[Token]) -> list[dsl.Query]:
        found = []
        for left, right in list(pairwise(words))[:MAX_PAIRS]:
            if left.text == right.text:
                continue
            # Stop words between the two keep their places; in another language they might be words.
            own = language == self.query.language
            text = self.query.words[left.start : right.end] if own else f"{self._typed(left)} {self._typed(right)}"
            found.append(phrase(f"s_{language}", text, PAIR, SLOP))
        return found


def _year(year: int) -> int:
    return max(-(10**9), min(10**9, year))
