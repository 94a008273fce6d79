"""Which concepts a text names, and which it does not."""

from __future__ import annotations

import pytest

from search.analysis import is_acronym
from search.engines.base import Texts
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


def in_text(language: str, **texts: str) -> list[str]:
    return list(THESAURUS.named(Texts(**texts), language))


def test_a_text_names_a_concept_as_often_as_it_says_one_of_its_labels_and_its_title_counts_twice():
    assert in_text("fr", title="Le chômage", body="Les cotisations et la cotisation.") == [
        "unemployment", "unemployment", "contribution", "contribution",
    ]  # fmt: skip
    assert in_text("fr", body="Le suivi et une évaluation.") == ["monitoring"]
    assert in_text("fr", body="Le suivi des malades et leur évaluation.") == []


def test_a_text_names_concepts_in_the_labels_of_its_own_language_only():
    assert in_text("fr", body="Un premium de paro.") == []
    assert in_text("es", body="El paro.") == ["unemployment"]
    assert in_text("ar", body="chômage") == []


def test_a_label_with_arabic_marks_is_the_one_without():
    terms = Thesaurus([Term("insurance", {"ar": ("التَّأْمِين الصِّحِّي",)})])
    for said in ("التأمين الصحي", "التَّأْمِين الصِّحِّي"):
        assert [match.slug for match in terms.matches(f"هذا {said} جديد", "ar")] == ["insurance"]
        assert terms.named(Texts(body=f"هذا {said} جديد"), "ar") == ("insurance",)


def test_what_only_a_file_names_counts_once():
    assert in_text("fr", files="Cotisation, cotisation, chômage.", summary="Le chômage.") == [
        "unemployment",
        "contribution",
    ]


def test_an_acronym_is_named_where_it_is_written_as_one():
    assert in_text("fr", body="Plan de S&E, « S&E ».") == ["monitoring", "monitoring"]
    assert in_text("fr", body="s&e") == []
    assert in_text("fr", body="Le S&Ep et le XS&E") == []


@pytest.mark.parametrize(
    "text", ["l’AMU", "d'AMU", "(l’AMU)", "AMU…", "AMU/CSU", "CSU-AMU", "CSU–AMU", "*AMU*", "régime:AMU", "\u200bAMU"]
)
def test_an_acronym_is_read_behind_an_article_and_beside_any_sign(text):
    scheme = Thesaurus([Term("scheme", {"fr": ("AMU",)}), Term("accidents", {"fr": ("AT/MP",)})])
    assert scheme.named(Texts(body=f"Avec {text} et L'AT/MP."), "fr") == ("scheme", "accidents")
    assert [match.slug for match in scheme.matches(f"Avec {text} et L'AT/MP.", "fr")] == ["scheme", "accidents"]


def test_concepts_with_one_acronym_come_in_the_order_of_the_thesaurus():
    shared = Thesaurus([Term(slug, {"fr": ("AMU",)}) for slug in ("beta", "alpha", "gamma")])
    assert shared.named(Texts(body="L’AMU"), "fr") == ("beta", "alpha", "gamma")


def test_a_label_is_named_without_its_accents_and_across_the_atlantic():
    organised = Thesaurus(
        [Term("union", {"en": ("labour organisation",)}), Term("jobless", {"fr": ("sans-emploi régulé",)})]
    )
    for written in ("labour organisation", "labour organization", "labor organisation", "labor organization"):
        assert organised.named(Texts(body=f"A {written}."), "en") == ("union",)
        assert [match.slug for match in organised.matches(written, "en")] == ["union"]
    assert organised.named(Texts(body="Un sans emploi regule."), "fr") == ("jobless",)


def test_a_label_within_a_longer_one_is_named_too():
    insurance = Thesaurus(
        [Term("health", {"fr": ("assurance maladie",)}), Term("duty", {"fr": ("assurance maladie obligatoire",)})]
    )
    assert set(insurance.named(Texts(title="L’assurance maladie obligatoire"), "fr")) == {"health", "duty"}


def test_a_label_that_says_the_same_words_again_is_marked_once():
    dues = Thesaurus([Term("dues", {"fr": ("cotisation", "cotisations", "prime"), "en": ("dues",)})])
    found = dues.labels(
        [match.slug for match in dues.matches("cotisation des familles", "fr")], (), "cotisation des familles"
    )
    assert [(label.language, label.text) for label in found] == [("fr", "cotisation"), ("fr", "prime"), ("en", "dues")]
