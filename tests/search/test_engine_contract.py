"""What every search engine of the portal must do, asked through the whole path from typed words to results."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.engines.base import FACETS, MAX_HITS, PUBLIC, Document, Engine, EngineUnavailable, Query, Results, Texts
from search.understanding import Understanding, understand
from tests.search.collection import COLLECTION, MEMBER, THESAURUS, document
from tests.search.engines import ENGINES

VISITOR = frozenset({PUBLIC})


@pytest.fixture(params=ENGINES)
def make(request, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Makes engines on one index, as other processes would."""
    made: list[Engine] = []

    def one() -> Engine:
        made.append(ENGINES[request.param](tmp_path))
        return made[-1]

    yield one
    for engine in made[:1]:
        engine.drop()
    for engine in made:
        engine.close()


@pytest.fixture
def engine(make) -> Engine:
    """An engine that holds the collection."""
    engine = make()
    engine.rebuild(COLLECTION)
    return engine


def ask(engine: Engine, words: str, language: str = "fr", *, literal: bool = False, **values) -> Results:
    return engine.search(read(engine, words, language, literal=literal, **values).query)


def read(engine: Engine, words: str, language: str = "fr", *, literal: bool = False, **values) -> Understanding:
    query = Query(words=words, language=language, **values)
    return understand(query, engine=engine, thesaurus=THESAURUS, literal=literal)


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


def counts(results: Results, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in results.facets[facet]}


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
    assert read(engine, "más", "es").query.alternatives == ()
    assert read(engine, "MAS", "fr").query.alternatives != ()


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


def test_values_of_a_filter_are_alternatives_and_filters_add_up(engine):
    results = ask(engine, "", filters={"country": frozenset({"BJ", "GH"}), "modality": frozenset({"linkage"})})
    assert set(ids(results)) == {"clinic", "farmacias"}


def test_a_facet_ignores_its_own_choice_and_heeds_the_others(engine):
    results = ask(engine, "", filters={"country": frozenset({"BJ"}), "modality": frozenset({"linkage"})})
    assert counts(results, "country") == {"BJ": 1, "CV": 1, "GH": 1}
    assert counts(results, "modality") == {"linkage": 1, "microinsurance": 1}
    assert counts(results, "kind") == {"experience": 1}


def test_every_count_is_what_choosing_the_value_shows(engine):
    words = "tiers payant mutuelle cotisation"
    chosen = {"modality": frozenset({"microinsurance", "linkage"})}
    found = ask(engine, words, filters=chosen)
    for facet in FACETS:
        for value in found.facets[facet]:
            again = ask(engine, words, filters=chosen | {facet: frozenset({value.value})})
            assert again.total == value.count, (facet, value)


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


# Permissions


def test_private_things_are_nowhere_for_a_visitor(engine):
    results = ask(engine, "tiers payant confidentiel")
    assert "secret" not in ids(results)
    assert "MN" not in counts(ask(engine, ""), "country")
    assert "regulation" not in counts(ask(engine, "", filters={"modality": frozenset({"linkage"})}), "modality")
    assert not any("confidentiel" in passage.html for hit in results.hits for passage in hit.passages)
    assert engine.suggest("confid", language="fr", audience=VISITOR) == ()
    assert engine.suggest("le tiers", language="fr", audience=VISITOR)[0].id == "borgou"
    assert engine.known(["xylophone", "zygomatique"], audience=VISITOR) == frozenset()
    assert engine.similar("xilophone", language="fr", audience=VISITOR) == ()
    assert read(engine, "xilophone").suggestion == ""


def test_private_things_are_there_for_whom_they_are(engine):
    assert ids(ask(engine, "tiers payant confidentiel", audience=MEMBER))[0] == "secret"
    assert counts(ask(engine, "", audience=MEMBER), "country")["MN"] == 1
    assert engine.suggest("confid", language="fr", audience=MEMBER)[0].title == "Le tiers payant confidentiel"
    assert read(engine, "xilophone", audience=MEMBER).suggestion == "xylophone"


def test_without_any_permission_there_is_nothing(engine):
    results = ask(engine, "", audience=frozenset())
    assert (results.total, results.hits) == (0, ())
    assert not any(results.facets.values())


# Passages


def test_passages_are_escaped_marked_and_know_their_language(engine):
    hit = next(hit for hit in ask(engine, "tiers payant").hits if hit.id == "clinic")
    passage = hit.passages[0]
    assert (passage.language, passage.field) == ("en", "body")
    assert "<mark>third-party payment</mark>" in passage.html
    assert "bill &amp; members pay &lt;nothing&gt;." in passage.html


def test_passages_of_files_say_so_and_come_in_the_visitors_language_first(engine):
    passage = ask(engine, "barème").hits[0].passages[0]
    assert (passage.language, passage.field) == ("fr", "files")
    assert ask(engine, "compulsory obligatoire", "en").hits[0].passages[0].language == "en"
    assert ask(engine, "compulsory obligatoire", "fr").hits[0].passages[0].language == "fr"


def test_passages_are_short_and_can_be_left_out(engine):
    engine.index([document("long", {"fr": Texts("Long", "", "mot " * 20_000 + "aiguille " + "mot " * 20_000)})])
    assert len(ask(engine, "aiguille").hits[0].passages[0].html) < 400
    assert ask(engine, "aiguille", highlight=False).hits[0].passages == ()


def test_hostile_text_stays_text(engine):
    evil = '<script>alert(1)</script> "><img src=x onerror=y> aiguille'
    engine.index([document("evil", {"fr": Texts(evil, evil, evil)})])
    for words in ("aiguille", "script alert", "img"):
        for passage in ask(engine, words).hits[0].passages:
            assert "<" not in passage.html.replace("<mark>", "").replace("</mark>", "")


# Suggestions


def test_suggestions_complete_the_last_word_without_accents(engine):
    assert [s.id for s in engine.suggest("farmacias comu", language="fr", audience=VISITOR)] == ["farmacias"]
    assert engine.suggest("", language="fr", audience=VISITOR) == ()
    assert engine.suggest("\0 \" ' (", language="fr", audience=VISITOR) == ()


# Any text is an answer


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        '"tiers payant',
        "tiers AND (payant OR",
        "title:secret",
        "*",
        "tiers*",
        "a?b",
        "-mutuelle",
        "+",
        "\\",
        "\0",
        "tiers\0payant",
        "مرحبا بالعالم",
        "🙂👩‍👩‍👧",
        "Ω≈ç√∫",
        "x" * 5_000,
        "mutuelle " * 5_000,
        " ".join(f"mot{n}" for n in range(5_000)),
        "\ud800",
        "%s %(x)s {0}",
    ],
)
def test_any_text_is_answered(engine, words):
    for literal in (True, False):
        assert ask(engine, words, literal=literal).total <= 5
    assert engine.search(Query(words=words)).total <= 5
    assert isinstance(engine.suggest(words, language="fr", audience=VISITOR), tuple)
    assert isinstance(engine.known([words], audience=VISITOR), frozenset)
    assert isinstance(engine.similar(words, language="fr", audience=VISITOR), tuple)


# Writing


def test_indexing_replaces_and_removing_forgets(engine):
    changed = replace(COLLECTION[0], version="borgou-2", texts={"fr": Texts("Nouveau titre", "", "")})
    engine.index([changed])
    assert ids(ask(engine, "nouveau titre"))[0] == "borgou"
    assert ask(engine, "accouchement", literal=True).total == 0
    assert dict(engine.versions())["borgou"] == "borgou-2"
    engine.remove(["borgou", "never-there"])
    assert "borgou" not in ids(ask(engine, ""))
    assert set(dict(engine.versions())) == {"clinic", "farmacias", "campesino", "cmu-ci", "secret"}


def test_other_processes_see_a_change_at_once(engine, make):
    reader = make()
    assert ask(reader, "nouveauté").total == 0
    engine.index([document("new", {"fr": Texts("Une nouveauté", "", "")})])
    assert ids(ask(reader, "nouveauté")) == ["new"]
    engine.remove(["new"])
    assert ask(reader, "nouveauté").total == 0


def test_a_rebuild_swaps_at_once_while_others_read(engine, make):
    reader = make()
    seen: set[int] = set()
    stop = threading.Event()

    def keep_reading() -> None:
        while not stop.is_set():
            seen.add(reader.search(Query()).total)

    thread = threading.Thread(target=keep_reading)
    thread.start()
    made = [document(f"new-{n}", {"fr": Texts(f"Titre {n}", "", "")}) for n in range(300)]
    progress: list[int] = []
    assert engine.rebuild(iter(made), progress.append) == 300
    assert reader.search(Query()).total == 300
    stop.set()
    thread.join()
    assert seen <= {5, 300}
    assert progress[-1] == 300
    engine.index([document("after", {"fr": Texts("Après", "", "")})])
    assert reader.search(Query()).total == 301


def test_a_rebuild_that_fails_changes_nothing(engine):
    def documents() -> Iterator[Document]:
        yield COLLECTION[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(documents())
    assert ask(engine, "").total == 5


def test_a_missing_index_says_so_and_can_be_built(make):
    engine = make()
    with pytest.raises(EngineUnavailable) as caught:
        engine.search(Query())
    assert caught.value.reason == "missing"
    assert engine.rebuild([]) == 0
    assert engine.search(Query()).total == 0


def test_info_counts_documents(engine):
    info = engine.info()
    assert info.documents == len(COLLECTION)
    assert info.bytes > 0


def test_equal_dates_keep_one_order_over_pages(engine):
    day = datetime(2030, 1, 1, tzinfo=UTC)
    engine.index([document(f"same-{n:02}", {"fr": Texts("Même jour", "", "")}, date=day) for n in range(20)])
    pages = [hit for at in range(0, 20, 5) for hit in ids(ask(engine, "", offset=at, limit=5))]
    assert sorted(pages) == [f"same-{n:02}" for n in range(20)]
