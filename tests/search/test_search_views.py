"""What visitors get from lists, concept and country pages, and the feed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from experiences.models import Experience
from portal.languages import State
from search import indexing
from search.models import SearchMiss
from tests import factories


def get(client, address: str, status: int = 200, **headers) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, answer
    return answer.content.decode()


def titles(html: str) -> list[str]:
    """Titles of the results, without marks."""
    found = re.findall(r'<h[23] class="item-title"[^>]*><a[^>]*>(.*?)</a>', html)
    return [re.sub("</?mark>", "", title) for title in found]


def options(html: str, name: str) -> dict[str, int]:
    """Values of a facet with their counts."""
    pattern = rf'name="{name}" value="([^"]+)"[^>]*>.*?<span class="count">(\d+)</span>'
    return {value: int(count) for value, count in re.findall(pattern, html)}


@pytest.fixture
def english_only(index):
    """A study-like record whose whole text is English and only says "third-party payment"."""
    page = Experience(
        live=False, original_language="en", source="A report.", consent_obtained=True,
        title_en="Paying the clinic, not the patient", summary_en="How a scheme settles the bill.",
        description_en="<p>Under <b>third-party payment</b> members pay nothing &amp; wait less.</p>",
    )  # fmt: skip
    page = factories._add(page, "experiences", False)
    page.places = [factories.Place(country="GH")]
    page.choices = [factories.ItemChoice(vocabulary="extension_modality", code="microinsurance")]
    page.save_revision().publish()
    return Experience.objects.get(pk=page.pk)


# Words


def test_french_words_find_a_record_that_is_whole_only_in_english(client, english_only):
    other = factories.experience(title_fr="Une mutuelle au Bénin", countries=("BJ",))
    indexing.drain_all()
    html = get(client, "/fr/search/?q=tiers+payant+mutuelle")
    assert set(titles(html)) == {"Une mutuelle au Bénin", "Paying the clinic, not the patient"}
    assert 'lang="en">Paying the clinic' not in html  # the language stands on the heading
    assert '<h2 class="item-title" lang="en">' in html
    assert "<mark>third-party payment</mark>" in html
    assert "members pay nothing &amp; wait less" in html
    assert '<span class="tag tag-language" lang="en">English</span>' in html
    assert "third-party payment</span>" in html  # « aussi cherché »
    literal = get(client, "/fr/search/?q=tiers+payant+mutuelle&exact=1")
    assert titles(literal) == [other.title_fr]


def test_a_misspelt_word_is_corrected_with_a_link_to_the_literal_search(client, index):
    factories.experience(title_fr="La cotisation au village")
    indexing.drain_all()
    html = get(client, "/fr/search/?q=cotisasion")
    assert titles(html) == ["La cotisation au village"]
    assert "<b>cotisation</b>" in html
    assert 'href="?q=cotisasion&amp;exact=1"' in html
    assert titles(get(client, "/fr/search/?q=cotisasion&exact=1")) == []


def test_a_result_tells_its_type_country_years_languages_and_that_of_its_summary(client, index):
    page = factories.experience(countries=("RW", "BJ"), start_year=1999, end_year=2004, title_fr="Kigali")
    factories.translate(page, "es", State.SUMMARY, title="Kigali es", summary="Resumen")
    indexing.drain_all()
    html = get(client, "/en/search/?q=kigali")
    for text in ("Rwanda, Benin", "1999–2004", "Français", '<h2 class="item-title" lang="fr">'):
        assert text in html
    spanish = get(client, "/es/search/?q=kigali")
    assert titles(spanish) == ["Kigali es"]


def test_hostile_words_and_titles_are_inert(client, index):
    factories.experience(title_fr="<script>alert(1)</script> canari", summary_fr="<img src=x onerror=y> canari")
    indexing.drain_all()
    html = get(client, "/fr/search/?q=canari+%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;" in html


# Filters


def test_counts_and_multiple_choices(client, index):
    factories.experience(countries=("BJ",), scheme_status="operating")
    factories.experience(countries=("BJ", "RW"), scheme_status="ended")
    factories.study(experiences=[factories.experience(countries=("SN",))])
    indexing.drain_all()
    html = get(client, "/fr/search/")
    assert options(html, "country") == {"BJ": 2, "BF": 1, "RW": 1, "SN": 1}
    assert options(html, "kind") == {"experience": 3, "case_study": 1}
    html = get(client, "/fr/search/?country=RW&country=SN&kind=experience")
    assert options(html, "country") == {"BJ": 2, "RW": 1, "SN": 1}
    assert options(html, "kind") == {"experience": 2}
    assert len(titles(html)) == 2
    assert 'id="country-RW" name="country" value="RW" checked' in html


def test_chips_take_one_choice_off_and_keep_the_rest(client, index):
    html = get(client, "/fr/search/?q=a&country=RW&country=SN&from=1990&sort=date")
    assert 'href="?q=a&amp;country=SN&amp;from=1990&amp;sort=date"' in html
    assert 'href="?q=a&amp;country=RW&amp;country=SN&amp;sort=date"' in html
    assert 'href="?q=a&amp;sort=date"' in html


def test_years_and_status_and_language_narrow(client, index):
    old = factories.experience(title_fr="Vieille", start_year=1950, end_year=1960, scheme_status="ended")
    new = factories.experience(title_fr="Neuve", start_year=2010, scheme_status="operating")
    factories.translate(new, "en")
    indexing.drain_all()
    assert titles(get(client, "/fr/search/?from=1955&to=1956")) == [old.title_fr]
    assert titles(get(client, "/fr/search/?from=2020")) == [new.title_fr]
    assert titles(get(client, "/fr/search/?status=ended")) == [old.title_fr]
    assert titles(get(client, "/fr/search/?language=en")) == [new.title_fr]


def test_catalogues_are_the_search_with_their_types(client, index):
    page = factories.experience(title_fr="Une expérience")
    study = factories.study(experiences=[page], title_fr="Une étude")
    indexing.drain_all()
    assert titles(get(client, "/fr/experiences/")) == [page.title_fr]
    assert titles(get(client, "/fr/studies/")) == [study.title_fr]
    assert titles(get(client, "/fr/studies/?kind=experience")) == [study.title_fr]
    assert titles(get(client, "/fr/studies/?kind=synthesis")) == []
    assert get(client, "/fr/experiences/").count('name="kind"') == 0


def test_pages_follow_and_a_page_behind_the_last_is_the_last(client, index):
    for number in range(12):
        factories.experience(title_fr=f"Fiche {number}")
    indexing.drain_all()
    first, second = get(client, "/fr/search/"), get(client, "/fr/search/?page=2")
    assert len(set(titles(first)) | set(titles(second))) == 12
    assert (len(titles(first)), len(titles(second))) == (10, 2)
    assert 'href="?page=2" rel="next"' in first
    assert 'rel="prev"' in second
    assert titles(get(client, "/fr/search/?page=1000000000")) == titles(second)


def test_nothing_found_says_what_to_try_and_where_to_tell_us(client, index):
    html = get(client, "/fr/search/?q=xyzxyz&country=RW")
    assert "Rien sur" in html
    assert "/fr/search/not-found/?q=xyzxyz&amp;country=RW" in html


# Visibility


def test_drafts_and_what_is_not_public_are_nowhere(client, index):
    factories.experience(publish=False, title_fr="Canari brouillon", countries=("MN",))
    page = factories.experience(title_fr="Publique")
    factories.translate(page, "en", State.DRAFT, title="Canary draft", summary="Canary")
    indexing.drain_all()
    for address in ("/fr/search/?q=canari", "/en/search/?q=canary", "/fr/search/", "/en/feed/", "/fr/feed/"):
        html = get(client, address)
        assert "anari b" not in html
        assert "Canary d" not in html
        assert 'value="MN"' not in html
    assert "Publique" in get(client, "/en/feed/")


def test_a_removed_item_is_gone_before_the_index_knows(client, index):
    page = factories.experience(title_fr="Canari retiré")
    indexing.drain_all()
    assert titles(get(client, "/fr/search/?q=canari"))
    Experience.objects.get(pk=page.pk).unpublish()
    assert "Canari retiré" not in get(client, "/fr/search/?q=canari")


def test_passages_of_a_language_that_was_withdrawn_are_gone_before_the_index_knows(client, index):
    page = factories.translate(factories.experience(), "en", title="Public", description="<p>canary passage</p>")
    Experience.objects.filter(pk=page.pk).update(description_fr="<p>x</p>")
    indexing.drain_all()
    assert "<mark>canary</mark>" in get(client, "/en/search/?q=canary")
    draft = page.get_latest_revision_as_object()
    draft.language_state_en = State.DRAFT
    draft.save_revision().publish()
    assert "<mark>canary</mark>" not in get(client, "/en/search/?q=canary")


def test_an_outdated_language_is_still_found(client, index):
    page = factories.translate(factories.experience(), "en", State.PUBLISHED, title="Canary", summary="A bird")
    draft = page.get_latest_revision_as_object()
    draft.title_fr = "Autre titre"
    draft.save_revision().publish()
    assert Experience.objects.get(pk=page.pk).language_state_en == State.OUTDATED
    indexing.drain_all()
    assert titles(get(client, "/en/search/?q=canary")) == ["Canary"]


def test_what_is_published_is_seen_in_a_list_that_was_cached(client, index):
    assert titles(get(client, "/fr/search/")) == []
    factories.experience(title_fr="Toute neuve")
    assert titles(get(client, "/fr/search/")) == []
    indexing.drain_all()
    assert titles(get(client, "/fr/search/")) == ["Toute neuve"]


# Bad input


ODD_QUERIES = [
    "page=abc", "page=-1", "page=0", "page=1000000000", "page=%00", "kind=nonsense", "country=%00", "from=abc&to=%F0%9F%99%82",
    "from=99999999999999999999999", "sort=nonsense", "exact=nonsense", "nonsense=1", "q=%00", "q=%22", "q=%27", "q=*",
    "q=a+AND+(b+OR", "q=title:x", "q=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7", "q=%F0%9F%99%82", "q=%ED%A0%80", "q=%FF%FE",
    "q=" + "a+" * 250, "&".join(f"country=v{n}" for n in range(500)), "theme=" + "x" * 5_000, "q=%3Cscript%3E",
]  # fmt: skip


def test_any_address_is_answered(client, index):
    factories.experience()
    indexing.drain_all()
    for query in ODD_QUERIES:
        for path in ("/fr/search/", "/en/studies/"):
            assert client.get(f"{path}?{query}").status_code == 200, query


def test_a_query_longer_than_any_question_is_refused(client, index):
    for words in ("x" * 501, "mot " * 5_000):
        answer = client.get("/fr/search/", {"q": words})
        assert answer.status_code == 400
        assert "500" in answer.content.decode()


def test_lists_are_only_read(client, index):
    assert client.post("/fr/search/", {"q": "a"}).status_code == 405


# Without an engine


@pytest.mark.parametrize(
    "address", ["/fr/search/?q=canari", "/fr/experiences/?country=BF&q=Canari", "/fr/search/?kind=experience"]
)
def test_the_database_answers_with_a_notice_while_there_is_no_index(client, tree, settings, tmp_path, address):
    settings.SEARCH_PATH = tmp_path / "nowhere"
    page = factories.experience(title_fr="Canari", start_year=2000)
    factories.experience(publish=False, title_fr="Canari brouillon")
    answer = client.get(address)
    html = answer.content.decode()
    assert (answer.status_code, titles(html)) == (200, [page.title_fr])
    assert "au plus simple" in html
    assert "no-store" in answer["Cache-Control"]
    indexing.rebuild()
    assert "au plus simple" not in get(client, address)


FILTERS_OF_THE_DATABASE = [
    ("country=BF", ["A"]), ("country=RW", ["B"]), ("theme=mecanismes", ["A", "B"]), ("theme=spsc&country=BF", ["A"]),
    ("modality=microinsurance", ["A", "B"]), ("modality=x", []), ("status=ended", ["B"]), ("language=fr", ["A", "B"]),
    ("language=en", []), ("kind=nonsense", []), ("from=1990&to=1999", ["B"]), ("from=2001", ["A"]), ("q=a+zzz", []),
    ("page=99", ["A", "B"]),
]  # fmt: skip


def test_the_database_heeds_filters_too(client, tree, settings, tmp_path):
    settings.SEARCH_PATH = tmp_path / "nowhere"
    factories.experience(title_fr="A", start_year=2000)
    factories.experience(title_fr="B", countries=("RW",), start_year=1990, end_year=1995, scheme_status="ended")
    for query, expected in FILTERS_OF_THE_DATABASE:
        assert sorted(titles(get(client, f"/fr/search/?{query}"))) == expected, query


# Concept, country, feed


def test_a_concept_page_tells_its_labels_neighbours_and_items(client, index):
    page = factories.experience()
    indexing.drain_all()
    html = get(client, "/fr/concepts/mutuelle-de-sante/")
    assert titles(html) == [page.title_fr]
    assert '<dd lang="en"><b>mutual health organization</b>' in html
    assert "/fr/concepts/spsc/" in html
    assert titles(get(client, "/fr/concepts/spsc/")) == [page.title_fr]
    get(client, "/fr/concepts/nonsense/", 404)


def test_a_country_page_tells_its_items_and_a_country_without_any_says_so(client, index):
    page = factories.experience(countries=("RW",))
    indexing.drain_all()
    assert titles(get(client, "/fr/countries/RW/")) == [page.title_fr]
    assert "Aucune fiche" in get(client, "/fr/countries/PE/")
    assert client.get("/fr/countries/rw/")["Location"] == "/fr/countries/RW/"
    for code in ("XX", "R", "RWA", "%00"):
        get(client, f"/fr/countries/{code}/", 404)


def test_the_feed_holds_the_newest_items_in_the_language_of_its_address(client, index):
    page = factories.translate(factories.experience(title_fr="Un & deux"), "en", State.SUMMARY, title="One & two")
    for language, title in (("fr", "Un & deux"), ("en", "One & two"), ("es", "Un & deux")):
        answer = client.get(f"/{language}/feed/")
        assert answer["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)  # noqa: S314  (our own)
        entry = feed.find("{http://www.w3.org/2005/Atom}entry")
        assert entry.find("{http://www.w3.org/2005/Atom}title").text == title
        address = entry.find("{http://www.w3.org/2005/Atom}link").get("href")
        assert address.endswith(f"/{language}/experiences/{page.slug}/")


# htmx, caching, queries


def test_htmx_gets_the_results_alone(client, index):
    page = factories.experience()
    indexing.drain_all()
    html = get(client, "/fr/search/?q=mutuelle", **{"HX-Request": "true"})
    assert titles(html) == [page.title_fr]
    assert "<html" not in html
    assert 'id="languages" hx-swap-oob="true"' in html
    assert "HX-Request" in client.get("/fr/search/?q=mutuelle")["Vary"]
    restored = get(client, "/fr/search/?q=mutuelle&x", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored


def test_lists_set_no_cookie_and_carry_no_token(client, index):
    for address in ("/fr/search/?q=a", "/fr/experiences/", "/fr/concepts/spsc/", "/fr/countries/RW/", "/fr/feed/"):
        answer = client.get(address)
        assert not answer.cookies, address
        assert b"csrfmiddlewaretoken" not in answer.content, address


@pytest.mark.parametrize("address", ["/fr/search/?q=mutuelle", "/fr/search/", "/fr/experiences/?country=BF"])
def test_a_list_costs_six_queries_at_most_with_one_item_and_with_three(client, index, count_queries, address):
    def cost(number: int) -> int:
        indexing.drain_all()
        get(client, f"{address}&warm={number}" if "?" in address else f"{address}?warm={number}")
        return count_queries(lambda: get(client, f"{address}{'&' if '?' in address else '?'}n={number}"))

    first = factories.experience()
    one = cost(1)
    factories.experience(countries=("BF", "RW"))
    factories.experience()
    assert cost(3) == one <= 6
    factories.study(experiences=[first])
    assert cost(4) <= 6


def test_related_items_cost_the_same_for_one_and_for_three(client, index, count_queries):
    page = factories.experience()

    def cost(name: str) -> int:
        get(client, f"{page.url}?warm={name}")
        return count_queries(lambda: get(client, f"{page.url}?{name}"))

    factories.experience(title_fr="Voisine 1")
    one = cost("one")
    for number in (2, 3):
        factories.experience(title_fr=f"Voisine {number}")
    assert cost("three") == one
    hidden = factories.experience(publish=False, title_fr="Canari")
    html = get(client, page.url)
    assert {"Voisine 1", "Voisine 2", "Voisine 3"} <= set(titles(html))
    assert hidden.title_fr not in html


# What was not found


def test_what_was_looked_for_is_kept_without_a_word_about_who(client, index):
    address = "/es/search/not-found/"
    html = get(client, f"{address}?q=drones&country=RW")
    assert 'value="drones"' in html
    assert 'value="Ruanda"' in html
    answer = client.post(
        address, {"query": "drones", "note": "Para llevar medicinas", "filters": "Ruanda", "language": "xx"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?thanks=1")
    miss = SearchMiss.objects.get()
    assert (miss.query, miss.note, miss.filters, miss.language) == ("drones", "Para llevar medicinas", "Ruanda", "es")
    assert {field.name for field in SearchMiss._meta.fields} == {
        "id",
        "query",
        "language",
        "filters",
        "note",
        "created_at",
    }
    assert "<form method" not in get(client, f"{address}?thanks=1")


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(client, index):
    answer = client.post("/fr/search/not-found/", {"query": " ", "note": "Ma note"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Ma note" in html
    assert 'href="#id_query"' in html
    assert not SearchMiss.objects.exists()
    assert client.post("/fr/search/not-found/", {"query": "x" * 501}).status_code == 400
    assert client.post("/fr/search/not-found/", {"query": "\0\0"}).status_code == 400


def test_the_form_is_never_cached_and_limited(client, index):
    assert "no-store" in client.get("/fr/search/not-found/")["Cache-Control"]
    codes = [client.post("/fr/search/not-found/", {"query": f"mot {n}"}).status_code for n in range(22)]
    assert codes[:20] == [302] * 20
    assert codes[20:] == [429, 429]
    assert SearchMiss.objects.count() == 20
