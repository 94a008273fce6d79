"""How good the search is, measured on judged collections: the real pipeline on an index of its own.

A collection is a folder with ``docs.jsonl`` (``id``, ``lang``, ``title``, ``text``) and ``queries.jsonl`` (``id``, ``lang``,
``text``, ``relevant``: ids of documents).
"""

from __future__ import annotations

import json
import math
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from search.engines.base import Document, Engine, Query, Texts
from search.thesaurus import Thesaurus
from search.understanding import understand

#: Results that are judged.
DEPTH = 10

#: Words that get a typing error have so many letters at least.
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the documents that answer it."""

    id: str
    language: str
    text: str
    relevant: frozenset[str]


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
        scores = {f"{name}@{DEPTH}": round(value, 4) for name, value in values.items()}
        return scores | {"p50_ms": round(self.p50, 2), "p95_ms": round(self.p95, 2)}


def read(folder: Path) -> Collection:
    """The collection of a folder. Lines with one id are the languages of one document."""
    texts: dict[str, dict[str, Texts]] = {}
    for line in _lines(folder / "docs.jsonl"):
        texts.setdefault(line["id"], {})[line["lang"]] = Texts(title=line.get("title", ""), body=line["text"])
    day = datetime(2000, 1, 1, tzinfo=UTC)
    documents = (Document(id_, "document", "1", day, tuple(found), found) for id_, found in texts.items())
    questions = (
        Question(line["id"], line["lang"], line["text"], frozenset(line["relevant"]))
        for line in _lines(folder / "queries.jsonl")
    )
    return Collection(folder.name, tuple(documents), tuple(questions))


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


def _judge(found: list[str], relevant: frozenset[str]) -> tuple[float, float, float]:
    ranks = [rank for rank, identifier in enumerate(found[:DEPTH], start=1) if identifier in relevant]
    gain = sum(1 / math.log2(rank + 1) for rank in ranks)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), DEPTH) + 1))
    return (gain / best if best else 0.0, 1 / ranks[0] if ranks else 0.0, len(ranks) / max(1, len(relevant)))


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
