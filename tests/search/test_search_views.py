"""What visitors get from lists by words and filters."""

from __future__ import annotations

import pytest
from django.utils import timezone

from experiences.models import Experience
from portal.languages import State
from search import indexing
from search.models import Outbox
from tests import factories
from tests.search.reading import get, options, titles


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


def test_values_of_equal_count_are_ordered_as_the_visitor_reads_them(client, index):
    factories.experience(countries=("DZ", "KH", "TD", "ET"))
    indexing.drain_all()
    assert list(options(get(client, "/fr/search/"), "country")) == ["DZ", "KH", "ET", "TD"]
    assert list(options(get(client, "/es/search/"), "country")) == ["DZ", "KH", "TD", "ET"]


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
    assert "Rien sur « xyzxyz » avec ces filtres" in html
    assert "Nada sobre «xyzxyz»</h2>" in get(client, "/es/search/?q=xyzxyz")
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


def test_a_stale_index_shows_no_passage_of_another_publication(client, index):
    """Not even where nothing waits: an index restored from a copy, or read a moment before it was written."""
    page = factories.experience(title_fr="Fiche", description_fr="<p>Le canari secret chante.</p>")
    factories.translate(page, "en", title="Item", description="<p>The secret canary sings.</p>")
    indexing.drain_all()
    assert "<mark>canari</mark> secret" in get(client, "/fr/search/?q=canari")
    assert "secret <mark>canary</mark>" in get(client, "/en/search/?q=canary")
    draft = Experience.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.title_fr, draft.description_fr = "Autre fiche", "<p>Rien.</p>"
    draft.language_state_en = State.DRAFT
    draft.save_revision().publish()
    Outbox.objects.update(drained_at=timezone.now())
    for address in ("/fr/search/?q=canari+secret&now", "/en/search/?q=canary+secret&now"):
        html = get(client, address)
        results = html[html.index('id="results"') :]
        assert titles(results) == ["Autre fiche"]
        for words in ("chante", "sings", "<mark>canar", "<mark>secret"):
            assert words not in results


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
