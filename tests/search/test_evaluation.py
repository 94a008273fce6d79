"""Measuring the search: changes of questions, scores, and the command."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search import evaluation
from search.evaluation import Question
from tests.search.engines import ENGINES, NODE

DOCUMENTS = [
    {"id": "d1", "lang": "fr", "title": "La caisse villageoise", "text": "Les cotisations des familles."},
    {"id": "d2", "lang": "fr", "title": "Le marché", "text": "Vendre des légumes à la ville."},
    {"id": "d3", "lang": "ar", "title": "السوق", "text": "بيع الخضار في المدينة"},
    {"id": "d1", "lang": "en", "title": "The village fund", "text": "What families pay."},
]
QUERIES = [
    {"id": "q1", "lang": "fr", "text": "cotisations des familles", "relevant": ["d1"]},
    {"id": "q2", "lang": "fr", "text": "légumes", "relevant": ["d2"]},
    {"id": "q3", "lang": "ar", "text": "الخضار", "relevant": ["d3"]},
    {"id": "q4", "lang": "en", "text": "zeppelin", "relevant": ["d1"]},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A judged collection of three documents."""
    for name, rows in (("docs", DOCUMENTS), ("queries", QUERIES)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


@pytest.mark.django_db
def test_lines_with_one_id_are_the_languages_of_one_document(folder):
    collection = evaluation.read(folder)
    assert [document.id for document in collection.documents] == ["d1", "d2", "d3"]
    assert collection.documents[0].languages == ("fr", "en")
    assert collection.languages == {"fr", "en", "ar"}


def test_accents_are_left_out_and_slips_are_the_same_each_time():
    question = Question("q", "fr", "Où sont les bénéficiaires âgés ?", {})
    assert evaluation.without_accents(question) == "Ou sont les beneficiaires ages ?"
    slipped = evaluation.with_typo(question)
    assert slipped != question.text
    assert slipped == evaluation.with_typo(question)
    assert len([pair for pair in zip(slipped.split(), question.text.split(), strict=True) if pair[0] != pair[1]]) == 1
    assert evaluation.with_typo(Question("q", "fr", "CMU ? a b 12", {})) == "CMU ? a b 12"


def test_a_sample_is_taken_evenly():
    questions = tuple(Question(str(n), "fr", "", {}) for n in range(10))
    assert [question.id for question in evaluation.sample(questions, 5)] == ["0", "2", "4", "6", "8"]
    assert evaluation.sample(questions, 0) == questions


@pytest.mark.parametrize(
    ("found", "ndcg", "mrr", "recall"),
    [(["a", "b"], 1, 1, 1), (["x", "a"], 0.387, 0.5, 0.5), (["x"] * 9 + ["b"], 0.177, 0.1, 0.5), (["x"], 0, 0, 0)],
)
def test_scores_are_those_of_the_literature(found, ndcg, mrr, recall):
    assert evaluation._judge(found, {"a": 1, "b": 1}) == pytest.approx((ndcg, mrr, recall), abs=0.001)


@pytest.mark.parametrize(("found", "ndcg"), [(["a", "b"], 1), (["b", "a"], 0.860), (["x", "b", "a"], 0.619)])
def test_what_answers_best_counts_most(found, ndcg):
    assert evaluation._judge(found, {"a": 2, "b": 1})[0] == pytest.approx(ndcg, abs=0.001)


@pytest.mark.parametrize(
    ("one", "other", "tau"),
    [("abc", "abc", 1), ("abc", "cba", -1), ("abcd", "abdc", 2 / 3), ("axb", "bya", -1), ("a", "", 1)],
)
def test_orders_are_compared_by_what_both_hold(one, other, tau):
    assert evaluation.correlation(list(one), list(other)) == pytest.approx(tau)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_command_says_how_alike_two_engines_answer(tree, settings, folder, engine):
    settings.SEARCH_URL, settings.SEARCH_TIMEOUT = [NODE], 10
    out = StringIO()
    call_command("search_evaluate", str(folder), engine="tantivy", against=engine, stdout=out)
    *_table, plain, _noaccent, _typo = out.getvalue().splitlines()
    assert plain.endswith(f"plain    as {engine}: first 1.000, correction 1.000, ten 1.000, tau 1.000")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_command_prints_a_table_and_one_object(tree, settings, folder, engine):
    settings.SEARCH_URL, settings.SEARCH_TIMEOUT = [NODE], 10
    out = StringIO()
    call_command("search_evaluate", str(folder), engine=engine, json=True, stdout=out)
    *table, last = out.getvalue().splitlines()
    assert len(table) == 4
    scores = json.loads(last)
    assert set(scores) == {"plain", "noaccent", "typo"}
    assert all(set(found) == {"ndcg@10", "mrr@10", "recall@10"} for found in scores.values())
    assert scores["plain"]["ndcg@10"] == scores["plain"]["mrr@10"] == scores["plain"]["recall@10"] == 0.75
    assert scores["noaccent"]["ndcg@10"] == 0.75


def test_a_folder_without_a_collection_is_named(tree, tmp_path):
    with pytest.raises(CommandError, match="docs.jsonl"):
        call_command("search_evaluate", str(tmp_path), engine="tantivy")


def test_questions_alone_are_about_the_objects_of_the_portal(make_experience, tmp_path):
    slug = make_experience("Mutuelle de Dangbo").slug
    question = {"id": "q1", "lang": "fr", "text": "mutuelle de Dangbo", "relevant": {slug: 2}, "kinds": ["scheme"]}
    (tmp_path / "queries.jsonl").write_text(json.dumps(question), encoding="utf-8")
    out = StringIO()
    call_command("search_evaluate", str(tmp_path), engine="tantivy", json=True, stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1])["plain"]["ndcg@10"] == 1


def test_an_object_that_the_portal_does_not_show_is_named(make_experience, tmp_path):
    slug = make_experience("Mutuelle de Dangbo", live=False).slug
    question = {"id": "q1", "lang": "fr", "text": "mutuelle de Dangbo", "relevant": [slug]}
    (tmp_path / "queries.jsonl").write_text(json.dumps(question), encoding="utf-8")
    with pytest.raises(CommandError, match=slug):
        call_command("search_evaluate", str(tmp_path), engine="tantivy")
