"""What every search engine of the portal must answer, and must not: permissions, passages, any text, writing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from search.engines.base import Document, DocumentRefused, EngineUnavailable, Query, Texts
from tests.search.asking import VISITOR, ask, counts, ids, read
from tests.search.collection import COLLECTION, MEMBER, document

# Permissions


def test_private_things_are_nowhere_for_a_visitor(engine):
    results = ask(engine, "tiers payant confidentiel")
    assert "secret" not in ids(results)
    assert "MN" not in counts(ask(engine, ""), "country")
    assert "regulation" not in counts(ask(engine, "", filters={"modality": frozenset({"linkage"})}), "modality")
    assert not any("confidentiel" in hit.passage.html for hit in results.hits)
    assert engine.known(["xylophone", "zygomatique"], audience=VISITOR) == frozenset()
    assert engine.similar("xilophone", language="fr", audience=VISITOR) == ()
    assert read(engine, "xilophone").suggestion == ""
    assert "secret" not in set(engine.scan(Query(words="tiers payant confidentiel")))


@pytest.mark.parametrize("words", ["", "tiers payant confidentiel"])
@pytest.mark.parametrize(
    "chosen",
    [
        {"country": {"MN"}},
        {"theme": {"mutual"}, "language": {"fr"}},
        {"kind": {"experience"}},
        {"kind": {"case_study"}, "country": {"MN", "GH"}},
        {"kind": {"experience"}, "modality": {"regulation", "linkage"}},
    ],
    ids=lambda chosen: "-".join(chosen),
)
def test_private_things_are_nowhere_when_what_they_are_is_chosen(engine, words, chosen):
    filters = {name: frozenset(values) for name, values in chosen.items()}
    results = ask(engine, words, filters=filters)
    assert "secret" not in ids(results)
    assert results.total == len(results.hits) == ask(engine, words, filters=filters, limit=0).total
    assert "MN" not in counts(results, "country")
    assert "regulation" not in counts(results, "modality")
    assert "secret" not in set(engine.scan(Query(words=words, filters=filters)))


def test_private_things_are_nowhere_when_their_years_are_chosen(engine):
    hidden = document(
        "hidden", {"fr": Texts("Caché")}, first_year=2005, last_year=2006, audience=frozenset({"network-7"})
    )
    engine.index([hidden])
    years = {"year_from": 2005, "year_to": 2006}
    assert "hidden" in ids(ask(engine, "", audience=MEMBER, **years))
    for words in ("", "caché"):
        results = ask(engine, words, **years)
        assert "hidden" not in ids(results)
        assert results.total == len(results.hits) == sum(counts(results, "kind").values())


def test_private_things_are_there_for_whom_they_are(engine):
    assert ids(ask(engine, "tiers payant confidentiel", audience=MEMBER))[0] == "secret"
    assert counts(ask(engine, "", audience=MEMBER), "country")["MN"] == 1
    assert read(engine, "xilophone", audience=MEMBER).suggestion == "xylophone"


def test_without_any_permission_there_is_nothing(engine):
    results = ask(engine, "", audience=frozenset())
    assert (results.total, results.hits) == (0, ())
    assert not any(results.facets.values())


def test_who_may_see_one_thing_alone_sees_that_one(engine):
    only = frozenset({"network-7"})
    results = ask(engine, "", audience=only)
    assert ids(results) == ["secret"]
    assert counts(results, "country") == {"MN": 1}
    assert engine.known(["xylophone", "tiers", "baremes"], audience=only) == {"xylophone", "tiers"}


# Passages


def test_passages_are_escaped_marked_and_know_their_language(engine):
    hit = next(hit for hit in ask(engine, "tiers payant").hits if hit.id == "clinic")
    passage = hit.passage
    assert (passage.language, passage.field) == ("en", "body")
    assert "<mark>third-party payment</mark>" in passage.html
    assert "bill &amp; members pay &lt;nothing&gt;." in passage.html


def test_a_single_word_of_a_term_is_no_passage(engine):
    direct, filler = "Direct words, direct ways. " * 12, "Members meet in the village. " * 12
    bodies = {"both": f"{direct}{filler}The fund uses direct billing everywhere. {filler}", "half": f"{direct}{filler}"}
    title = "Third-party payment"
    engine.index([document(name, {"en": Texts(title, "Of something", body)}) for name, body in bodies.items()])
    shown = {hit.id: hit.passage for hit in ask(engine, "tiers payant").hits}
    assert "<mark>direct billing</mark>" in shown["both"].html
    assert (shown["half"].field, shown["half"].html) == ("title", "<mark>Third-party payment</mark>")


def test_passages_of_files_say_so_and_come_in_the_visitors_language_first(engine):
    passage = ask(engine, "barème").hits[0].passage
    assert (passage.language, passage.field) == ("fr", "files")
    assert ask(engine, "compulsory obligatoire", "en").hits[0].passage.language == "en"
    assert ask(engine, "compulsory obligatoire", "fr").hits[0].passage.language == "fr"


def passage_of(engine, words: str, body: str, language: str = "fr") -> str:
    """The passage of a document with nothing but a body."""
    engine.index([document("alone", {language: Texts("Xyz", "", body)})])
    return next(hit.passage.html for hit in ask(engine, words, language).hits if hit.id == "alone")


def test_passages_are_short_and_can_be_left_out(engine):
    assert len(passage_of(engine, "aiguille", "mot " * 20_000 + "aiguille " + "mot " * 20_000)) < 400
    glued = passage_of(engine, "aiguille", f"{'brin/' * 2_000}aiguille{'/foin' * 2_000}")
    assert len(glued) < 400
    assert glued.startswith("… ")
    assert glued.endswith(" …")
    assert ask(engine, "aiguille", highlight=False).hits[0].passage is None


def test_a_passage_shows_most_of_what_was_asked_from_the_beginning_of_a_sentence(engine):
    filler = "Rien de plus que des mots, encore des mots et toujours des mots pour faire longueur. " * 4
    body = f"La girafe dort. {filler}\nTitre\nLa girafe du village a vu un hippopotame ! {filler}"
    assert passage_of(engine, "girafe hippopotame", body).startswith(
        "La <mark>girafe</mark> du village a vu un <mark>hippopotame</mark> ! Rien de plus"
    )
    twice = f"As associações. {filler}As associações e um hippopotame."
    assert "hippopotame</mark>" in passage_of(engine, "associações hippopotame", twice, "pt")
    named = f"A third-party payment sleeps. {'Nothing more than that. ' * 20}A third-party payment and a hippopotame."
    assert "<mark>hippopotame</mark>" in passage_of(engine, "tiers payant hippopotame", named, "en")
    assert passage_of(engine, "girafe", body).startswith("La <mark>girafe</mark> dort. Rien de plus")
    assert passage_of(engine, "girafe", body).endswith(" …")
    cut = f"La girafe {'mots de ' * 24}third-party payment {filler}"
    assert passage_of(engine, "girafe tiers payant", cut, "en").count("<mark>") == 1
    late = f"{'mot, ' * 100}girafe et {'mot, ' * 100}"
    assert passage_of(engine, "girafe", late).startswith("… mot, mot, ")


@pytest.mark.parametrize(
    ("language", "words", "body", "marked"),
    [
        ("fr", "cotisees", "Les sommes cotisées.", "<mark>cotisées</mark>"),
        ("pt", "associacoes", "As associações locais.", "<mark>associações</mark>"),
        ("en", "organise", "They organized it.", "<mark>organized</mark>"),
        ("fr", "accident", "L’accident d’hier.", "L’<mark>accident</mark> d’hier."),
        ("fr", "cmu", "(la CMU)", "(la <mark>CMU</mark>)"),
        (
            "en",
            "tiers payant",
            "A third-party payment, and a third party.",
            "<mark>third-party payment</mark>, and a third party.",
        ),
    ],
)
def test_words_are_marked_however_they_are_typed(engine, language, words, body, marked):
    assert marked in passage_of(engine, words, body, language)


def test_hostile_text_stays_text(engine):
    evil = '<script>alert(1)</script> "><img src=x onerror=y> aiguille'
    engine.index([document("evil", {"fr": Texts(evil, evil, evil)})])
    for words in ("aiguille", "script alert", "img"):
        html = ask(engine, words).hits[0].passage.html
        assert "<" not in html.replace("<mark>", "").replace("</mark>", "")


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


def unfit() -> Document:
    """A document that no index can hold: its year is no number."""
    return document("unfit", {"fr": Texts("Tiers payant", "", "")}, first_year="ten")


def test_a_document_that_cannot_be_held_is_told_and_stops_no_other(engine):
    refused: dict[str, str] = {}
    good = document("good", {"fr": Texts("Une nouveauté", "", "")})
    engine.index([unfit(), good], refused)
    assert list(refused) == ["unfit"]
    assert "ten" not in refused["unfit"]  # a reason, no content
    assert ids(ask(engine, "nouveauté")) == ["good"]
    refused.clear()
    assert engine.rebuild([unfit(), good], refused=refused) == 1
    assert list(refused) == ["unfit"]
    assert set(dict(engine.versions())) == {"good"}


def test_a_document_that_cannot_be_held_is_an_error_where_nobody_asks_to_be_told(engine):
    with pytest.raises(DocumentRefused):
        engine.index([unfit()])
    with pytest.raises(DocumentRefused):
        engine.rebuild([unfit()])
    assert ask(engine, "").total == 5


def test_all_that_is_found_can_be_read_in_its_order_while_others_write(engine, monkeypatch):
    monkeypatch.setattr("search.engines.tantivy.SCANNED", 7)
    monkeypatch.setattr("search.engines.elasticsearch.PAGE", 7)
    engine.index([document(f"n{n:03}", {"fr": Texts("Tiers payant", "", "mot " * n)}) for n in range(60)])
    query = read(engine, "tiers payant", limit=100).query
    listed = ids(engine.search(query))
    scanned = engine.scan(query)
    first = next(scanned)
    engine.remove([identifier for identifier in listed if identifier.startswith("n")][-3:])
    assert [first, *scanned] == listed
    assert list(engine.scan(Query(filters={"country": frozenset({"CV"})}))) == ["farmacias"]
    assert len(list(engine.scan(Query(audience=MEMBER)))) == 63


def test_what_is_being_read_is_read_to_its_end_although_a_rebuild_swaps(engine, monkeypatch):
    monkeypatch.setattr("search.engines.tantivy.SCANNED", 7)
    monkeypatch.setattr("search.engines.elasticsearch.PAGE", 7)
    made = [document(f"n{n:03}", {"fr": Texts("Tiers payant", "", "mot " * n)}) for n in range(30)]
    engine.rebuild(made)
    query = read(engine, "tiers payant", limit=100).query
    listed = ids(engine.search(query))
    scanned = engine.scan(query)
    begun = [next(scanned) for _ in range(10)]
    engine.rebuild(made)
    assert [*begun, *scanned] == listed


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
