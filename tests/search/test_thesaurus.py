"""Which concepts a text names, and which it does not."""

from __future__ import annotations

from search.analysis import is_acronym
from search.thesaurus import Term, Thesaurus

THESAURUS = Thesaurus(
    [
        Term("unemployment", {"fr": ("chômage",), "es": ("desempleo", "paro")}),
        Term("monitoring", {"fr": ("suivi et évaluation", "S&E"), "en": ("monitoring and evaluation", "M&E")}),
        Term("contribution", {"fr": ("cotisation",), "en": ("contribution", "premium")}),
    ]
)


def named(text: str, language: str) -> set[str]:
    return {match.slug for match in THESAURUS.matches(text, language)}


def test_a_stop_word_of_the_visitor_is_no_term_of_another_language():
    assert named("cotisations par téléphone", "fr") == {"contribution"}
    assert named("subsidio de paro", "es") == {"unemployment"}
    assert named("paro forzoso", "fr") == {"unemployment"}


def test_an_acronym_with_an_ampersand_is_one_word():
    assert is_acronym("S&E") and is_acronym("M&E") and is_acronym("AT/MP")
    assert not is_acronym("S") and not is_acronym("Un")
    assert named("seca e criadores de gado", "pt") == set()
    assert named("e", "fr") == set()
    assert named("plan de S&E", "es") == {"monitoring"}


def test_labels_of_other_languages_are_found_in_what_the_visitor_writes():
    assert named("premium des mutuelles", "fr") == {"contribution"}


def test_a_label_that_says_the_same_words_again_is_searched_once():
    dues = Thesaurus([Term("dues", {"fr": ("cotisation", "cotisations", "prime"), "en": ("dues",)})])
    found = dues.alternatives(dues.matches("cotisation des familles", "fr"), "cotisation des familles")
    assert [(label.language, label.text) for label in found] == [("fr", "cotisation"), ("fr", "prime"), ("en", "dues")]
