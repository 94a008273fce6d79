"""Terms of the thesaurus are read behind several slips, and not where other words stand."""

from __future__ import annotations

import pytest

from search.concepts import thesaurus
from search.engines.base import Correction, Texts
from search.slips import in_terms
from search.thesaurus import Term, Thesaurus
from tests.search.asking import ids, read
from tests.search.collection import document

THESAURUS = Thesaurus(
    [
        Term("third-party-payment", {"fr": ("tiers payant",), "en": ("third-party payment",)}),
        Term("cash", {"fr": ("transferts monétaires",), "es": ("transferencias",), "pt": ("transferências de renda",)}),
        Term("women", {"fr": ("femmes rurales",)}),
        Term("floor", {"fr": ("socle de protection sociale", "socle social"), "en": ("social protection floor",)}),
    ]
)


def corrected(text: str, *unknown: str, language: str = "fr") -> dict[str, str]:
    words = [word for word in text.split() if len(word) >= 4]
    found = in_terms(text, language, doubtful=words, unknown=unknown, thesaurus=THESAURUS)
    assert all(isinstance(correction, Correction) for correction in found)
    return {correction.word: correction.replacement for correction in found}


@pytest.mark.django_db
def test_every_label_has_as_many_stems_as_words():
    """A slip is looked for by the place of a word in its label, whichever way the label is read."""
    phrases = {
        phrase
        for word in thesaurus().words()
        for language in thesaurus().languages
        for phrase, _place in thesaurus().phrases(word, language)
    }
    assert len(phrases) > 100
    assert [p for p in phrases if not len(p.written) == len(p.words) == len(p.stems)] == []


def test_words_that_exist_are_wrong_too_where_they_make_a_term_with_others():
    assert corrected("tier payan mutuele", "payan") == {"tier": "tiers", "payan": "payant"}
    assert corrected("tier payant") == {"tier": "tiers"}


def test_a_term_of_three_words_is_found_behind_three_slips():
    expected = {"socel": "socle", "protecsion": "protection", "socale": "sociale"}
    assert corrected("le socel de protecsion socale", "socel", "protecsion", "socale") == expected


def test_another_word_that_exists_is_no_slip():
    assert corrected("fermes rurales") == {}
    assert corrected("femme rural") == {}


def test_words_that_exist_do_not_both_become_others():
    assert corrected("tier payants") == {"tier": "tiers"}
    assert corrected("tier payan") == {}


def test_a_term_is_written_as_in_its_own_language():
    assert corrected("transferêrcias de renda", "transferêrcias", language="pt") == {"transferêrcias": "transferências"}


def test_words_that_stand_apart_make_no_term():
    assert corrected("tier de la cotisation payan", "payan") == {}


def test_the_concept_is_found_behind_slips_in_all_its_words_and_the_visitor_is_told(engine):
    tiers = document("tiers", {"en": Texts("A multi-tier scheme", "Three tiers, one tier for each", "Nothing else.")})
    engine.index([tiers])
    understood = read(engine, "tier payan mutuele")
    assert understood.suggestion == "tiers payant mutuele"
    assert set(understood.query.concepts) == {"third-party-payment", "mutual"}
    assert "clinic" in ids(engine.search(understood.query))
    assert read(engine, "tier payan mutuele", literal=True).suggestion == ""
