"""How good the search is, measured on judged collections: the real pipeline on an index of its own.

A collection is a folder with ``docs.jsonl`` (``id``, ``lang``, ``title``, ``text``) and ``queries.jsonl`` (``id``, ``lang``,
``text``, ``relevant``: ids of documents, or an object with the grade of each). Without ``docs.jsonl`` the questions are
about the objects of the portal itself, named by their slugs.
"""

from __future__ import annotations

import json
import math
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

from knowledge.models import KnowledgeItem
from search.concepts import thesaurus
from search.documents import Broken, all_documents
from search.engines.base import Document, Engine, Query, Texts
from search.thesaurus import Thesaurus
from search.understanding import understand

#: Results that are judged.
DEPTH = 10

#: Results of which two engines are compared.
COMPARED = 20

#: Words that get a typing error have so many letters at least.
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the documents that answer it: 2 is the answer, 1 is of use."""

    id: str
    language: str
    text: str
    relevant: Mapping[str, int]
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents with questions about them."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]

    @property
    def languages(self) -> frozenset[str]:
        """All languages that documents or questions are written in."""
        return frozenset(
            [*(language for document in self.documents for language in document.texts)]
            + [question.language for question in self.questions]
        )


@dataclass(frozen=True, slots=True)
class Score:
    """Means over questions: quality from 0 to 1, and milliseconds from the words to the results."""

    ndcg: float
    mrr: float
    recall: float
    p50: float
    p95: float

    def as_json(self) -> dict[str, float]:
        """The names under which scores are printed."""
        values = {"ndcg": self.ndcg, "mrr": self.mrr, "recall": self.recall}
        return {f"{name}@{DEPTH}": round(value, 4) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike two engines answer: the parts of the questions with the same first result and the same correction, the part of
    the first ten results that is the same, and Kendall's tau of the order of what both have among the first twenty."""

    first: float
    corrected: float
    overlap: float
    tau: float


def read(folder: Path) -> Collection:
    """The collection of a folder. Lines with one id are the languages of one document."""
    if not (folder / "docs.jsonl").exists() and (folder / "queries.jsonl").exists():
        return _about_the_portal(folder)
    terms = thesaurus()
    texts: dict[str, dict[str, Texts]] = {}
    for line in _lines(folder / "docs.jsonl"):
        text = Texts(title=line.get("title", ""), body=line["text"])
        named = terms.named(text, line["lang"])
        texts.setdefault(line["id"], {})[line["lang"]] = replace(text, named=named)
    day = datetime(2000, 1, 1, tzinfo=UTC)
    documents = (Document(id_, "document", "1", day, tuple(found), found) for id_, found in texts.items())
    return Collection(folder.name, tuple(documents), tuple(_questions(folder)))


def _about_the_portal(folder: Path) -> Collection:
    keys = {slug: str(key) for slug, key in KnowledgeItem.objects.visible_to(None).values_list("slug", "pk")}
    questions = list(_questions(folder))
    if unknown := {slug for question in questions for slug in question.relevant} - keys.keys():
        raise ValueError(f"the portal has nothing public called {', '.join(sorted(unknown))}")
    known = (replace(asked, relevant={keys[s]: grade for s, grade in asked.relevant.items()}) for asked in questions)
    broken: Broken = {}
    documents = tuple(all_documents(broken))
    if broken:
        raise ValueError(f"documents that could not be made: {broken}")
    return Collection(folder.name, documents, tuple(known))


def _questions(folder: Path) -> Iterator[Question]:
    for line in _lines(folder / "queries.jsonl"):
        judged = line["relevant"]
        relevant = judged if isinstance(judged, dict) else dict.fromkeys(judged, 1)
        yield Question(line["id"], line["lang"], line["text"], relevant, frozenset(line.get("kinds", ())))


def sample(questions: tuple[Question, ...], size: int) -> tuple[Question, ...]:
    """At most ``size`` questions, evenly taken; all of them where ``size`` is nothing."""
    if not size or len(questions) <= size:
        return questions
    return tuple(questions[number * len(questions) // size] for number in range(size))


def evaluate(
    engine: Engine,
    questions: Iterable[Question],
    thesaurus: Thesaurus,
    change: Callable[[Question], str] = lambda question: question.text,
) -> Score:
    """Ask all ``questions``, their words changed by ``change``."""
    scores: list[tuple[float, float, float]] = []
    times: list[float] = []
    for question in questions:
        started = time.perf_counter()
        query = Query(words=change(question), language=question.language, limit=DEPTH, facets=(), highlight=False)
        hits = engine.search(understand(query, engine=engine, thesaurus=thesaurus).query).hits
        times.append(1000 * (time.perf_counter() - started))
        scores.append(_judge([hit.id for hit in hits], question.relevant))
    if not scores:
        return Score(0, 0, 0, 0, 0)
    times.sort()
    ndcg, mrr, recall = (statistics.fmean(values) for values in zip(*scores, strict=True))
    return Score(ndcg, mrr, recall, times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))])


def agreement(
    engines: tuple[Engine, Engine],
    questions: Iterable[Question],
    thesaurus: Thesaurus,
    change: Callable[[Question], str] = lambda question: question.text,
) -> Agreement:
    """Ask two engines the same ``questions``."""
    rows = []
    for question in questions:
        query = Query(words=change(question), language=question.language, limit=COMPARED, facets=(), highlight=False)
        understood = [understand(query, engine=engine, thesaurus=thesaurus).query for engine in engines]
        one, other = ([hit.id for hit in e.search(q).hits] for e, q in zip(engines, understood, strict=True))
        alike = {*one[:DEPTH]} & {*other[:DEPTH]}
        part = len(alike) / max(len(one[:DEPTH]), len(other[:DEPTH]), 1) if one or other else 1.0
        corrected = understood[0].corrections == understood[1].corrections
        rows.append((one[:1] == other[:1], corrected, part, correlation(one, other)))
    return Agreement(*(statistics.fmean(column) for column in zip(*rows, strict=True)))


def correlation(one: list[str], other: list[str]) -> float:
    """Kendall's tau of what both lists hold: 1 where the order is the same, -1 where it is the reverse."""
    places = {identifier: place for place, identifier in enumerate(other)}
    pairs = list(combinations((places[identifier] for identifier in one if identifier in places), 2))
    return 2 * sum(before < after for before, after in pairs) / len(pairs) - 1 if pairs else 1.0


def without_accents(question: Question) -> str:
    """The words as somebody types them who leaves all accents out."""
    parts = unicodedata.normalize("NFD", question.text)
    return unicodedata.normalize("NFC", "".join(sign for sign in parts if not unicodedata.combining(sign)))


def with_typo(question: Question) -> str:
    """The words with one slip of the keyboard, always the same for the same question."""
    number = int.from_bytes(blake2b(f"{question.id} {question.text}".encode(), digest_size=8).digest(), "big")
    words = question.text.split(" ")
    long = [at for at, word in enumerate(words) if sum(map(str.isalpha, word)) >= SHORTEST and word.isalpha()]
    if not long:
        return question.text
    number, chosen = divmod(number, len(long))
    word = words[long[chosen]]
    number, at = divmod(number, len(word) - 2)
    number, kind = divmod(number, 4)
    at, letter = at + 1, "aeinorst"[number % 8]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    slips = (swapped, word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :], word[:at] + letter + word[at:])
    words[long[chosen]] = slips[kind] if slips[kind] != word else slips[1]
    return " ".join(words)


#: How the words of a question are changed, by the name under which the score is printed.
CHANGES: dict[str, Callable[[Question], str]] = {
    "plain": lambda question: question.text,
    "noaccent": without_accents,
    "typo": with_typo,
}


def mean(scores: Iterable[Score]) -> Score:
    """The mean over collections, each counting once."""
    rows = [(score.ndcg, score.mrr, score.recall, score.p50, score.p95) for score in scores]
    return Score(*(statistics.fmean(column) for column in zip(*rows, strict=True)))


def _judge(found: list[str], relevant: Mapping[str, int]) -> tuple[float, float, float]:
    ranks = [rank for rank, identifier in enumerate(found[:DEPTH], start=1) if identifier in relevant]
    gain = _gain(relevant.get(identifier, 0) for identifier in found[:DEPTH])
    best = _gain(sorted(relevant.values(), reverse=True)[:DEPTH])
    return (gain / best if best else 0.0, 1 / ranks[0] if ranks else 0.0, len(ranks) / max(1, len(relevant)))


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
