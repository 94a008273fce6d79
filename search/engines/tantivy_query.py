"""A :class:`Query` as Tantivy reads it. The formula and its figures are in docs/search.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import tantivy
from tantivy import Occur

from search.analysis import Token, fold, label_tokens, variant_stem
from search.engines.base import Query
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

#: Two words that stand in more than this part of a language's documents say nothing by standing side by side, and cost most.
COMMON = 0.2

#: Labels of common words are worth their cost in fewer documents than these.
MANY = 1_000

#: Frequencies of words that are kept while the index stays as it is.
WORDS_KEPT = 20_000

Q = tantivy.Query

#: Words of a field, each with its place among them.
Words = tuple[tuple[int, str], ...]


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
    """One state of the index: who searches it, in how many documents a word of a field stands, and whether a label does."""

    searcher: tantivy.Searcher
    frequency: Callable[[str, str], int]
    stands: Callable[[str, Words], bool]


def reading(searcher: tantivy.Searcher, schema: tantivy.Schema) -> Reading:
    """A state of the index. One search asks for seventy words and thirty labels, most of them those of the last one."""

    def stands(name: str, words: Words) -> bool:
        return bool(searcher.search(Q.phrase_query(schema, name, list(words), 0), 1, count=False).hits)

    return Reading(searcher, lru_cache(WORDS_KEPT)(searcher.doc_freq), lru_cache(WORDS_KEPT)(stands))


class Label(NamedTuple):
    """An alternative in one field: all its words must be there, or stand ``together`` as they do in the label."""

    concept: str
    name: str
    words: tuple[Token, ...]
    weight: float
    together: bool

    @property
    def terms(self) -> frozenset[str]:
        """Its words, whatever their order."""
        return frozenset(token.text for token in self.words)

    def is_found_by(self, others: Iterable[Label]) -> bool:
        """Whether one of ``others`` finds all that it finds, and does not look where its words stand."""
        found = (other.terms for other in others if other.name == self.name and not other.together)
        return any(terms < self.terms or (self.together and terms == self.terms) for terms in found)


class QueryBuilder:
    """Builds the parts of one search on one state of the index."""

    def __init__(self, query: Query, schema: tantivy.Schema, read: Reading, languages: tuple[str, ...]) -> None:
        self.query = query
        self.schema = schema
        self.searcher, self._frequency, self._stands = read
        self.languages = languages

    def scored(self) -> tantivy.Query:
        """Words with their scores, within all filters."""
        words = self._over_languages() if self.has_words else Q.all_query()
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
        found = [query for language in self.languages for query in self._finding(language)]
        return any_of([*found, *self._tagged()]) or Q.empty_query()

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
        if not self.query.concepts:
            return []
        return [Q.const_score_query(self._in_facet("theme", self.query.concepts), TAGGED)]

    def _in_language(self, language: str) -> list[tantivy.Query]:
        stems, exact = (content_tokens(self.query, language, exact=exact) for exact in (False, True))
        words = self._words(f"s_{language}", stems, 1.0, language)
        words += self._words(f"f_{language}", stems, FILES, language)
        for correction in self.query.corrections:
            words += self._words(f"s_{language}", label_tokens(correction.replacement, language), CORRECTION)
        words += self._words(f"x_{language}", exact, EXACT)
        pairs = [*self._pairs(f"s_{language}", stems, PAIR), *self._pairs(f"x_{language}", exact, EXACT_PAIR)]
        # Words by themselves are added up much quicker than words and phrases.
        together = any_of(words)
        return [*([] if together is None else [together]), *pairs, *self._alternatives(language)]

    def _finding(self, language: str) -> Iterator[tantivy.Query]:
        """What finds the documents of one language: words, and labels of which no word and no shorter label finds all."""
        stems, exact = (content_tokens(self.query, language, exact=exact) for exact in (False, True))
        forms = [*self._forms(f"s_{language}", stems, language), *self._forms(f"f_{language}", stems, language)]
        for correction in self.query.corrections:
            forms += self._forms(f"s_{language}", label_tokens(correction.replacement, language))
        if self.query.whole_words:
            forms += self._forms(f"x_{language}", exact)
        words = {(name, form) for name, known in forms for form in known}
        labels = list(self._labels(language))
        words |= {(label.name, label.words[0].text) for label in labels if len(label.words) == 1}
        yield from (Q.term_query(self.schema, name, word, "basic") for name, word in sorted(words))
        labels = [label for label in labels if not any((label.name, term) in words for term in label.terms)]
        for label in labels:
            if not label.is_found_by(labels):
                yield self._phrase(label.name, label.words, 0) if label.together else all_of(self._terms(label))

    def _forms(self, name: str, words: Iterable[Token], language: str = "") -> Iterator[tuple[str, list[str]]]:
        """The field, and per word its forms that it holds; given the language, the stem without accents is one of them."""
        for token in words:
            typed = self.query.words[token.start : token.end]
            if not name.startswith("x_") and fold(typed) in self.query.whole_words:
                continue
            forms = dict.fromkeys((token.text, variant_stem(typed, language) if language else ""))
            known = [form for form in forms if form and self._exists(name, form)]
            if known:
                yield name, known

    def _words(self, name: str, words: Iterable[Token], boost: float, language: str = "") -> list[tantivy.Query]:
        """One query per word: its forms count as the same word."""
        found = []
        for _name, forms in self._forms(name, words, language):
            terms = [Q.term_query(self.schema, name, form) for form in forms]
            found.append(_boosted(terms[0] if len(terms) == 1 else Q.disjunction_max_query(terms), boost))
        return found

    def _pairs(self, name: str, words: list[Token], boost: float) -> list[tantivy.Query]:
        pairs = (
            (left, right)
            for left, right in zip(words, words[1:], strict=False)
            if left.text != right.text and self._hold(name, (left, right)) and not self._common(name, (left, right))
        )
        return [_boosted(self._phrase(name, pair, SLOP), boost) for pair in pairs]

    def _labels(self, language: str) -> Iterator[Label]:
        """The alternatives of one language, in each field that holds all their words, side by side where that is asked."""
        for alternative in self.query.alternatives:
            if alternative.language != language:
                continue
            words = label_tokens(alternative.text, language, exact=alternative.exact)
            weight = NARROWER if alternative.narrower else ALTERNATIVE
            together = alternative.narrower or alternative.exact
            for field in "x" if alternative.exact else "sf":
                name = f"{field}_{language}"
                if words and self._hold(name, words) and (not together or self._stand(name, words)):
                    boost = weight * FILES if field == "f" else weight
                    yield Label(alternative.concept, name, words, boost, together)

    def _alternatives(self, language: str) -> list[tantivy.Query]:
        """The best label of each concept counts."""
        groups: dict[str, list[tantivy.Query]] = {}
        labels = list(self._labels(language))
        for label in labels:
            costly = len(label.terms) > 1 and self._common(label.name, label.words, MANY)
            if not (costly and label.is_found_by(labels)):
                query = _boosted(self._label(label, costly=costly), label.weight)
                groups.setdefault(label.concept, []).append(query)
        return [Q.disjunction_max_query(group, TIE) if len(group) > 1 else group[0] for group in groups.values()]

    def _label(self, label: Label, *, costly: bool) -> tantivy.Query:
        """Words score better side by side, unless it is ``costly`` to look where they stand, or they never do."""
        if len(label.words) == 1:
            return self._terms(label)[0]
        if not label.together and (costly or not self._stand(label.name, label.words)):
            return all_of(self._terms(label))
        phrase = self._phrase(label.name, label.words, 0)
        if label.together:
            return phrase
        return Q.boolean_query([*((Occur.Must, term) for term in self._terms(label)), (Occur.Should, phrase)])

    def _terms(self, label: Label) -> list[tantivy.Query]:
        return [Q.term_query(self.schema, label.name, token.text) for token in label.words]

    def _phrase(self, name: str, words: Sequence[Token], slop: int) -> tantivy.Query:
        return Q.phrase_query(self.schema, name, list(_places(words)), slop)

    def _stand(self, name: str, words: Sequence[Token]) -> bool:
        """Whether some words that the index holds stand side by side anywhere."""
        return len(words) == 1 or self._stands(name, _places(words))

    def _common(self, name: str, words: Iterable[Token], least: int = 0) -> bool:
        """Whether even the rarest of some words stands in many documents of the field's language, in ``least`` anyway."""
        rarest = min(self._frequency(name, token.text) for token in words)
        return rarest >= max(least, COMMON * self._frequency("written", name[2:]))

    def _hold(self, name: str, words: Iterable[Token]) -> bool:
        """Whether the index holds all of some words."""
        return all(self._exists(name, token.text) for token in words)

    def _exists(self, name: str, term: str) -> bool:
        return self._frequency(name, term) > 0


def _places(words: Sequence[Token]) -> Words:
    return tuple((word.position - words[0].position, word.text) for word in words)


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else Q.boost_query(query, boost)


def _year(year: int) -> int:
    return max(-(10**9), min(10**9, year))
