"""Single words in Elasticsearch: whether they are known, what is near them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from elasticsearch.dsl import Search
from elasticsearch.dsl import query as dsl
from rapidfuzz.distance import OSA

from search.analysis import fold, tokens
from search.engines.base import MAX_WORDS, Candidate
from search.engines.elasticsearch_query import any_of, forms, match, terms
from search.spelling import as_written, longest_distance

#: Characters of one word that are looked at.
LONGEST = 100

#: Words that the cluster names as near, per language; those that are counted; those that are given.
NAMED = 20
COUNTED = 12
GIVEN = 5


class Words:
    """Searches about words, and what their answers mean, for one audience."""

    def __init__(self, languages: tuple[str, ...], language: str, audience: frozenset[str]) -> None:
        self._languages = sorted(languages, key=lambda code: code != language)
        self._language = language
        self._allowed = terms("audience", audience)

    def existence(self, words: Iterable[str]) -> dict[str, Search]:
        """Per word a search that ends at the first document with it."""
        searches = {}
        for word in list(words)[:MAX_WORDS]:
            either = any_of(self._forms(word[:LONGEST]))
            if either is not None:
                search = Search().query(dsl.Bool(filter=[either, self._allowed]))
                searches[word] = search.extra(size=0, terminate_after=1, track_total_hits=True)
        return searches

    def neighbours(self, word: str) -> Search | None:
        """Words of the index near ``word``, in each language. They may be private: count before showing."""
        wanted = fold(word[:LONGEST])
        if not wanted.strip():
            return None
        search = Search().extra(size=0, track_total_hits=False)
        options = {
            "suggest_mode": "always",
            "max_edits": longest_distance(wanted),
            "prefix_length": 0,
            "min_word_length": 1,
            "size": NAMED,
            "shard_size": NAMED * 2,
            "max_inspections": 20,
            "string_distance": "damerau_levenshtein",
            "accuracy": 0.1,
        }
        for language in self._languages:
            search = search.suggest(language, wanted, term={"field": f"x_{language}", **options})
        return search

    def near(self, word: str, answer: dict[str, Any]) -> list[Candidate]:
        """What :meth:`neighbours` found, the likeliest first."""
        wanted = fold(word)
        limit = longest_distance(wanted)
        found = []
        for language, entries in answer.get("suggest", {}).items():
            for option in (option for entry in entries[:1] for option in entry["options"]):
                distance = OSA.distance(wanted, option["text"], score_cutoff=limit)
                if 0 < distance <= limit and option["text"].isalpha():
                    found.append(Candidate(option["text"], language, distance, option["freq"]))
        return sorted(found, key=self._rank)[:COUNTED]

    def evidence(self, near: list[Candidate]) -> list[Search]:
        """Per word a search that counts its documents and shows how one of them writes it."""
        searches = []
        for candidate in near:
            holds = dsl.Term(f"x_{candidate.language}", {"value": candidate.word})
            search = Search().query(dsl.Bool(filter=[holds, self._allowed])).extra(size=1, track_total_hits=True)
            searches.append(search.source([f"texts.{candidate.language}"]))
        return searches

    def counted(self, near: list[Candidate], answers: list[dict[str, Any]]) -> tuple[Candidate, ...]:
        """The words that the audience may know of, as they are written, best first."""
        found = []
        for candidate, answer in zip(near, answers, strict=True):
            frequency = answer["hits"]["total"]["value"]
            if frequency:
                texts = answer["hits"]["hits"][0]["_source"]["texts"][candidate.language]
                written = as_written(candidate.word, " ".join(texts.values()))
                found.append((candidate.word, Candidate(written, candidate.language, candidate.distance, frequency)))
        found.sort(key=lambda pair: (*self._rank(pair[1])[:3], pair[0]))
        return tuple(candidate for _folded, candidate in found[:GIVEN])

    def _rank(self, candidate: Candidate) -> tuple[int, bool, int, str]:
        foreign = candidate.language != self._language
        return (candidate.distance, foreign, -candidate.frequency, candidate.word)

    def _forms(self, word: str) -> Iterable[dsl.Query]:
        for language in self._languages:
            if tokens(word, language, exact=True):
                yield match(f"x_{language}", word)
                for form in forms(word, language):
                    yield match(f"s_{language}", form)
                    yield match(f"f_{language}", form)
