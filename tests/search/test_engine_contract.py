"""What every search engine of the portal must find: words, thesaurus, spelling, facets."""

from __future__ import annotations

import pytest

from search.analysis import variants
from search.engines.base import FACETS, MAX_HITS, Query, Texts
from search.thesaurus import Term, Thesaurus
from search.understanding import understand
from tests.search.asking import VISITOR, ask, counts, ids, read
from tests.search.collection import COLLECTION, MEMBER, document
from tests.search.engines import ENGINES, with_languages

# Words


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("fr", "mutuelle", "borgou"),
        ("fr", "MUTUELLES", "borgou"),
        ("fr", "assurance accouchement", "borgou"),
        ("fr", "l’assurance", "borgou"),
        ("fr", "l'assurance", "borgou"),
        ("fr", "d`assurance", "borgou"),
        ("fr", "beneficiaire age", "borgou"),
        ("fr", "be\u0301ne\u0301ficiaires a\u0302ge\u0301s", "borgou"),
        ("fr", "oeuvre", "borgou"),
        ("fr", "l’œuvre", "borgou"),
        ("fr", "Œuvres", "borgou"),
        ("fr", "économie informelle", "cmu-ci"),
        ("fr", "barème des remboursements", "cmu-ci"),
        ("en", "delay", "clinic"),
        ("en", "patients’ payments", "clinic"),
        ("en", "member's scheme", "clinic"),
        ("es", "cotizaciones", "campesino"),
        ("es", "cotizacion de la familia", "campesino"),
        ("es", "¿Cuál es la cotización?", "campesino"),
        ("pt", "associação", "farmacias"),
        ("pt", "farmacia comunitaria", "farmacias"),
        ("pt", "prestação", "farmacias"),
    ],
)
def test_finds_whatever_the_accents_plural_elision_case_and_ligature(engine, language, words, expected):
    assert ids(ask(engine, words, language))[0] == expected


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt"])
def test_words_of_any_language_are_found_from_any_interface(engine, language):
    assert ids(ask(engine, "xylophone clinic", language)) == ["clinic"]
    assert "farmacias" in ids(ask(engine, "farmácias", language))


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("organization", "organisation"),
        ("Formalizing", "formalising"),
        ("decentralized", "decentralised"),
        ("analyze", "analysing"),
        ("labor", "labour"),
        ("programs", "programme"),
        ("health-center", "health-centres"),
    ],
)
def test_english_is_found_however_it_is_spelt(engine, american, british):
    engine.index(
        [
            document("american", {"en": Texts("A title", "Of something", f"Zoology, {american} and more")}),
            document("british", {"en": Texts("A title", "Of something", f"Zoology, {british} and more")}),
        ]
    )
    for words in (american, british, british.upper()):
        found = engine.search(read(engine, words, "en", literal=True).query)
        assert {"american", "british"} <= set(ids(found)), words
        shown = {hit.passage.html for hit in found.hits if hit.id in ("american", "british")}
        assert all("<mark>" in html for html in shown)
        assert len(shown) == 2


@pytest.mark.parametrize("words", ["citizens", "prize", "maize", "laboratory", "horizon"])
def test_other_english_words_keep_their_spelling(words):
    assert variants(words, "en") == ""


@pytest.mark.parametrize(
    "words", ["organización", "organizacion", "ORGANIZACION", "organizaciones", "organizacion local"]
)
def test_spanish_endings_are_found_with_and_without_their_accent(engine, words):
    engine.index(
        [
            document("with", {"es": Texts("La organización", "", "Una organización local")}),
            document("without", {"es": Texts("La organizacion", "", "Una organizacion local")}),
        ]
    )
    results = ask(engine, words, "es")
    assert {"with", "without"} <= {*ids(results)}
    assert results.total == len(results.hits)
    assert all("<mark>" in hit.passage.html for hit in results.hits[:2])


def test_stop_words_alone_find_nothing_and_do_not_fail(engine):
    assert ask(engine, "le la les de des").total == 0


def test_title_weighs_more_than_body(engine):
    engine.index(
        [
            document("in-body", {"fr": Texts("Autre chose", "Rien", "Une caisse villageoise et des mots autour")}),
            document("in-title", {"fr": Texts("Une caisse villageoise", "Rien", "Autre chose et des mots autour")}),
        ]
    )
    assert ids(ask(engine, "caisse villageoise"))[:2] == ["in-title", "in-body"]


def test_visitors_language_comes_first_where_all_else_is_equal(engine):
    same = Texts("Rwanda", "Rwanda", "Kigali Huye Musanze Rubavu Rusizi " * 4)
    engine.index([document("in-en", {"en": same}), document("in-es", {"es": same}), document("in-fr", {"fr": same})])
    for language in ("en", "es", "fr"):
        assert ids(ask(engine, "Rwanda", language))[0] == f"in-{language}"


@pytest.mark.parametrize(
    "words", ["الحماية الاجتماعية", "الحماية الاجتماعيّة", "للعمال"], ids=["as written", "with a mark", "with a prefix"]
)
def test_arabic_is_a_setting(tmp_path, words):
    """A portal with one language more: its words are analysed, found and marked."""
    for name in ENGINES:
        made = with_languages(name, tmp_path, ("fr", "ar"))
        made.rebuild(
            [
                document("ar", {"ar": Texts("الحماية الاجتماعية للعمال", "نظام للتأمين", "الاقتصاد غير المنظم")}),
                document("fr", {"fr": Texts("La protection sociale", "Un régime", "")}),
            ]
        )
        results = made.search(Query(words=words, language="ar"))
        assert ids(results) == ["ar"], name
        assert counts(results, "language") == {"ar": 1}
        assert "<mark>" in results.hits[0].passage.html
        made.drop()
        made.close()


# Thesaurus


def test_french_words_find_what_only_says_it_in_english_and_portuguese(engine):
    results = ask(engine, "tiers payant mutuelle")
    assert ids(results)[0] == "borgou"
    assert {"clinic", "farmacias"} <= set(ids(results)[:5])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "third party payments"),
        ("es", "pagos por terceros"),
        ("pt", "pagamento por terceiros"),
        ("fr", "Tiers-payant"),
    ],
)
def test_a_concept_is_found_in_all_languages_from_each(engine, language, words):
    assert {"borgou", "clinic", "farmacias"} <= set(ids(ask(engine, words, language)))


def test_the_page_can_say_what_else_was_searched(engine):
    assert read(engine, "tiers payant").also == (
        ("en", "third-party payment"),
        ("es", "pago por terceros"),
        ("pt", "pagamento por terceiros"),
    )


def test_naming_a_concept_counts_the_more_the_oftener_and_a_narrower_one_less(engine):
    filler = "Rien de plus que des mots. " * 5
    engine.rebuild(
        [
            document("twice", {"en": Texts("A story", "Of social protection", f"Social protection. {filler}")}),
            document("once", {"en": Texts("A story", "Of social protection", f"Nothing else here. {filler}")}),
            document("narrower", {"en": Texts("A story", "Of third-party payment", f"Nothing else here. {filler}")}),
            *(document(f"other-{n}", {"en": Texts("A story", "Of something else", filler)}) for n in range(5)),
        ]
    )
    assert ids(ask(engine, "protection sociale")) == ["twice", "once", "narrower"]


def test_what_is_put_under_a_concept_is_found_though_it_does_not_name_it(engine):
    texts = {code: Texts("Xyz", "Xyz", "Xyz") for code in ("fr", "pt")}
    tagged = {"theme": ("third-party-payment",)}
    documents = [
        document("tagged", texts, facets=tagged),
        document("bare", {}, facets=tagged),
        document("other", texts),
    ]
    engine.index(documents)
    for language, words in (("fr", "tiers payant"), ("en", "third-party payment"), ("pt", "pagamento por terceiros")):
        results = ask(engine, words, language, limit=100)
        assert {"tagged", "bare"} <= set(ids(results))
        assert "other" not in ids(results)
        assert results.total == len(results.hits) == sum(counts(results, "kind").values())


def test_a_word_that_two_languages_share_is_said_once(engine):
    labels = {"fr": ("mutualité",), "en": ("mutualism",), "es": ("mutualismo",), "pt": ("mutualismo",)}
    understood = understand(Query("mutualité", "fr"), engine=engine, thesaurus=Thesaurus([Term("mutualism", labels)]))
    assert understood.also == (("en", "mutualism"), ("es", "mutualismo"))


def test_narrower_concepts_are_searched_too(engine):
    assert "clinic" in ids(ask(engine, "protection sociale"))


def test_words_as_they_are_leave_the_thesaurus_out(engine):
    assert ids(ask(engine, "tiers payant", literal=True)) == ["borgou"]


@pytest.mark.parametrize("words", ["CMU", "cmu", "CSU", "UHC", "uhc"])
def test_acronyms_find_each_other(engine, words):
    assert {"cmu-ci", "campesino"} <= set(ids(ask(engine, words)))


def test_acronyms_are_whole_words_only(engine):
    engine.index([document("cmus", {"fr": Texts("Les cmuses et les mases", "Rien de la csue", "")})])
    assert "cmus" not in ids(ask(engine, "CSU"))


def test_an_accent_makes_another_word_than_the_acronym(engine):
    assert read(engine, "más", "es").query.concepts == ()
    assert read(engine, "MAS", "fr").query.concepts == ("health-microinsurance",)


# Spelling


@pytest.mark.parametrize(
    ("language", "words", "suggestion", "expected"),
    [
        ("fr", "acouchement", "accouchement", "borgou"),
        ("fr", "bénéficiares âgés", "bénéficiaires âgés", "borgou"),
        ("fr", "tiers paiyant", "tiers payant", "borgou"),
        ("en", "delys", "delays", "clinic"),
        ("es", "cotzacion", "cotización", "campesino"),
        ("pt", "fermácias", "farmácias", "farmacias"),
    ],
)
def test_a_misspelt_word_is_corrected_and_written_with_its_accents(engine, language, words, suggestion, expected):
    understood = read(engine, words, language)
    assert understood.suggestion == suggestion
    assert ids(engine.search(understood.query))[0] == expected


def test_a_correction_leads_to_the_thesaurus(engine):
    assert "clinic" in ids(ask(engine, "tiers paiyant"))


def test_literal_search_corrects_nothing(engine):
    assert read(engine, "acouchement", literal=True).suggestion == ""
    assert ask(engine, "acouchement", literal=True).total == 0


@pytest.mark.parametrize(
    "words", ["accouchement", "accouchements", "clinic", "mutuelle", "CMU", "xyz", "2019", "direct billing"]
)
def test_known_inflected_short_and_numeric_words_are_left_alone(engine, words):
    assert read(engine, words).suggestion == ""


# Facets, filters, order


def test_browsing_without_words_lists_the_newest_first_with_all_counts(engine):
    results = ask(engine, "")
    assert ids(results) == ["borgou", "clinic", "farmacias", "campesino", "cmu-ci"]
    assert results.total == 5
    assert counts(results, "kind") == {"experience": 4, "case_study": 1}
    assert counts(results, "country") == {"BJ": 2, "GH": 1, "CV": 1, "EC": 1, "CI": 1}
    assert counts(results, "language") == {"fr": 2, "en": 1, "es": 1, "pt": 1}


def test_facets_count_objects_not_translations_nor_repeated_values(engine):
    text = Texts("Réseau d’entraide", "a", "b")
    engine.index([document("many", {"fr": text, "en": text, "es": text}, facets={"country": ("TG", "TG")})])
    results = ask(engine, "entraide")
    assert counts(results, "kind") == {"experience": 1}
    assert counts(results, "country") == {"TG": 1}


def test_facet_values_come_by_count_then_by_name(engine):
    assert [value.value for value in ask(engine, "").facets["country"]] == ["BJ", "CI", "CV", "EC", "GH"]


@pytest.mark.parametrize("filters", [{}, {"country": frozenset({"BJ"})}], ids=["all", "country"])
def test_what_is_public_and_what_is_not_stand_in_one_order(engine, filters):
    engine.index([document("hidden", {"fr": Texts("Caché")}, facets={"country": ("AA",)}, audience=MEMBER - VISITOR)])
    shown = [value.value for value in ask(engine, "", filters=filters, audience=MEMBER).facets["country"]]
    assert shown == ["BJ", "AA", "CI", "CV", "EC", "GH", "MN"]


def test_values_of_a_filter_are_alternatives_and_filters_add_up(engine):
    results = ask(engine, "", filters={"country": frozenset({"BJ", "GH"}), "modality": frozenset({"linkage"})})
    assert set(ids(results)) == {"clinic", "farmacias"}


def test_a_facet_ignores_its_own_choice_and_heeds_the_others(engine):
    results = ask(engine, "", filters={"country": frozenset({"BJ"}), "modality": frozenset({"linkage"})})
    assert counts(results, "country") == {"BJ": 1, "CV": 1, "GH": 1}
    assert counts(results, "modality") == {"linkage": 1, "microinsurance": 1}
    assert counts(results, "kind") == {"experience": 1}


@pytest.mark.parametrize(
    "chosen",
    [
        {"modality": {"microinsurance", "linkage"}},
        {"kind": {"experience"}},
        {"kind": {"case_study"}, "country": {"GH", "BJ"}},
        {"kind": {"experience", "case_study", "nonsense"}, "language": {"fr", "en"}},
        {"kind": {"nonsense"}},
    ],
    ids=lambda chosen: "-".join(chosen),
)
@pytest.mark.parametrize("audience", [VISITOR, MEMBER, MEMBER - VISITOR], ids=["visitor", "member", "member-alone"])
def test_every_count_is_what_choosing_the_value_shows(engine, chosen, audience):
    words = "tiers payant mutuelle cotisation"
    chosen = {name: frozenset(values) for name, values in chosen.items()}

    def choose(filters):
        return ask(engine, words, filters=filters, audience=audience)

    found = choose(chosen)
    visible = [document for document in COLLECTION if document.audience & audience]
    for facet in FACETS:
        known = {value for document in visible for value in document.facet(facet)}
        shown = counts(found, facet)
        again = {value: choose(chosen | {facet: frozenset({value})}).total for value in known}
        assert shown == {value: total for value, total in again.items() if total}, facet
        assert [*shown] == sorted(shown, key=lambda value: (-shown[value], value))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (2010, 2010, {"borgou", "clinic", "campesino"}),
        (2013, None, {"cmu-ci", "campesino"}),
        (None, 1990, {"campesino"}),
        (2000, 2004, {"farmacias", "campesino"}),
        (2030, 1970, set()),
        (-(10**30), 10**30, {"borgou", "clinic", "farmacias", "campesino", "cmu-ci"}),
    ],
)
def test_years_overlap(engine, first, last, expected):
    assert set(ids(ask(engine, "", year_from=first, year_to=last))) == expected


def test_order_by_date_with_words(engine):
    assert ids(ask(engine, "tiers payant", order="date")) == ["borgou", "clinic", "farmacias"]


def test_unknown_facets_and_values_find_nothing_or_are_ignored(engine):
    assert ask(engine, "", filters={"country": frozenset({"\0", "x" * 10_000, "' OR 1=1"})}).total == 0
    assert ask(engine, "", filters={"country": frozenset(f"v{n}" for n in range(500)) | {"BJ"}}).total == 2
    assert "nonsense" not in ask(engine, "", facets=("nonsense", "kind")).facets


def test_pages_follow_each_other_and_end_at_the_limit(engine):
    whole = ids(ask(engine, "", limit=5))
    assert [ids(ask(engine, "", limit=2, offset=at)) for at in (0, 2, 4)] == [whole[:2], whole[2:4], whole[4:]]
    for offset in (MAX_HITS, 10**9, 10**30):
        results = ask(engine, "", offset=offset)
        assert (results.total, results.hits) == (5, ())
        assert counts(results, "kind")
