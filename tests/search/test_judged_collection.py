"""How well the search answers questions about the demonstration content, judged by reading it: a floor on every engine.

``judged/queries.jsonl``: 146 questions in four languages. ``relevant`` names items by slug, 2 being the answer and 1 of use;
``kinds`` says what is hard about a question. The kind ``cross`` is asked in a language in which no item judged has its
whole record. ``manage.py search_evaluate tests/search/judged --queries 0`` prints the same figures on a demonstration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from django.db import transaction
from wagtail.signals import page_published

from experiences.models import Experience
from experiences.receivers import queue_sheets
from portal.demo import load
from portal.languages import LANGUAGES
from search import concepts, evaluation
from search.engines.base import Engine
from search.evaluation import Collection, Question, Score
from search.thesaurus import Thesaurus
from tests.search.engines import ENGINES

pytestmark = pytest.mark.django_db  # without a test that names it, no database is made
FOLDER = Path(__file__).parent / "judged"

#: Kinds of questions beside those that cross languages, and how many of each there are at least.
KINDS = {
    "acronym": 15, "misspelt": 10, "unaccented": 12, "upper": 5, "elision": 5, "plural": 12, "long": 15, "country": 25,
    "scheme": 15, "theme": 35,
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """The collection, and the thesaurus that its questions are understood with."""

    collection: Collection
    thesaurus: Thesaurus

    @cached_property
    def crossing(self) -> tuple[Question, ...]:
        """The questions that are answered in other languages only."""
        return tuple(question for question in self.collection.questions if "cross" in question.kinds)


@pytest.fixture(scope="module")
def judged(django_db_setup, django_db_blocker) -> Judged:
    """Read from the demonstration content once it is loaded and published, as staff's work is; then taken back."""
    page_published.disconnect(queue_sheets, sender=Experience)
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            load.load()
            found = Judged(evaluation.read(FOLDER), concepts.thesaurus())
            transaction.set_rollback(True)
    finally:
        page_published.connect(queue_sheets, sender=Experience)
    return found


@pytest.fixture(scope="module")
def engines(judged, tmp_path_factory) -> Iterator[tuple[Engine, ...]]:
    """All engines, each with the demonstration content."""
    made = tuple(make(tmp_path_factory.mktemp(name)) for name, make in ENGINES.items())
    for engine in made:
        engine.rebuild(judged.collection.documents)
    yield made
    for engine in made:
        engine.drop()
        engine.close()


@pytest.fixture(scope="module", params=ENGINES)
def measure(request, judged, tmp_path_factory) -> Iterator[Callable[..., Score]]:
    """Ask an engine that holds the demonstration content; each engine in turn."""
    engine: Engine = ENGINES[request.param](tmp_path_factory.mktemp("judged"))
    engine.rebuild(judged.collection.documents)

    def measure(questions: tuple[Question, ...], change: str = "plain") -> Score:
        return evaluation.evaluate(engine, questions, judged.thesaurus, evaluation.CHANGES[change])

    yield measure
    engine.drop()
    engine.close()


def test_the_questions_are_as_many_and_as_varied_as_promised(judged):
    questions = judged.collection.questions
    assert len({question.id for question in questions}) == len(questions)
    assert len({(question.language, question.text) for question in questions}) == len(questions)
    assert len(questions) >= 120
    spoken = Counter(question.language for question in questions)
    assert set(spoken) == set(LANGUAGES)
    assert min(spoken.values()) >= 36
    assert 3 * len(judged.crossing) >= len(questions)
    kinds = Counter(kind for question in questions for kind in question.kinds)
    assert set(kinds) == {"cross", *KINDS}
    assert all(kinds[kind] >= least for kind, least in KINDS.items()), kinds
    for question in questions:
        assert set(question.relevant.values()) <= {1, 2}
        assert 2 in question.relevant.values()
        assert "long" not in question.kinds or len(question.text.split()) >= 15, question.text


def test_questions_that_cross_languages_are_answered_in_others_only(judged):
    whole = {document.id: document.languages for document in judged.collection.documents}
    for question in judged.collection.questions:
        elsewhere = all(question.language not in whole[identifier] for identifier in question.relevant)
        assert elsewhere == ("cross" in question.kinds), question.text


# Measured, Tantivy and Elasticsearch: nDCG@10 .892 and .891, MRR@10 .915 and .911, recall@10 .943 and .943;
# of the questions that cross languages .792 and .787, .798 and .788, .908 and .908.
@pytest.mark.parametrize(
    ("part", "ndcg", "mrr", "recall"), [("all", 0.872, 0.893, 0.921), ("cross", 0.769, 0.774, 0.879)]
)
def test_the_demonstration_is_found_as_well_as_measured(judged, measure, part, ndcg, mrr, recall):
    score = measure(judged.crossing if part == "cross" else judged.collection.questions)
    assert score.ndcg >= ndcg, score
    assert score.mrr >= mrr, score
    assert score.recall >= recall, score


# Measured, as asked and with a slip: .993 and .986, .998 and 1, .997 and .998; all and all but one corrected alike.
@pytest.mark.skipif(len(ENGINES) < 2, reason="needs a node of Elasticsearch")
@pytest.mark.parametrize("change", evaluation.CHANGES)
def test_engines_answer_nearly_in_the_same_order(judged, engines, change):
    questions = judged.collection.questions
    found = evaluation.agreement(engines, questions, judged.thesaurus, evaluation.CHANGES[change])
    assert found.first >= 0.95, found
    assert found.overlap >= 0.99, found
    assert found.tau >= 0.98, found
    assert found.corrected >= 0.97, found


# Measured: accents lose .001 on Tantivy and nothing on Elasticsearch; one slip per question .044 on both, three
# quarters of it in acronyms, which are not corrected where they are typed in capitals.
@pytest.mark.parametrize(("change", "loss"), [("noaccent", 0.01), ("typo", 0.06)])
def test_accents_left_out_and_slips_of_the_keyboard_cost_little(judged, measure, change, loss):
    questions = judged.collection.questions
    assert measure(questions, change).ndcg >= measure(questions).ndcg - loss
