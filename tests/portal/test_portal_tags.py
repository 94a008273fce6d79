"""Words that the components need."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import override
from wagtail.contrib.table_block.blocks import TableBlock

from portal.templatetags import portal_tags as tags


@pytest.fixture(autouse=True)
def french():
    with override("fr"):
        yield


@pytest.mark.parametrize(
    ("size", "words"),
    [(None, "taille n. d."), (0, "taille n. d."), (80, "1 ko"), (480_000, "480 ko"), (1_240_000, "1,2 Mo")],
)
def test_a_size_is_told_as_a_reader_on_a_slow_line_counts(size, words):
    assert tags.file_size(size).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("7.0000", "7"), ("82.5500", "82,55"), ("1000000", "1\u202f000\u202f000"), ("0.0000", "0"), ("-3.10", "-3,1")],
)
def test_a_figure_has_the_visitors_marks_and_no_empty_decimals(value, words):
    assert tags.figure(Decimal(value)).replace("\xa0", "\u202f") == words


def test_beyond_four_names_the_rest_is_counted():
    assert tags.names_shortened(["Bénin", "Togo"]) == "Bénin, Togo"
    assert tags.names_shortened(list("abcde")) == "a, b, c, d et 1 autre"
    assert tags.names_shortened(list("abcdefgh")) == "a, b, c, d et 4 autres"


def test_a_title_that_fits_no_phone_gets_the_smaller_letter():
    assert not tags.is_long("Une mutuelle de quartier")
    assert tags.is_long("mot " * 60)
    assert tags.is_long("x" * 80)


def test_a_language_is_named_for_the_visitor_and_for_its_readers():
    assert tags.language_name("en") == "anglais"
    assert tags.own_language_name("en") == "English"
    assert tags.country_name("BF") == "Burkina Faso"


def test_a_corner_without_a_word_is_no_heading_of_a_table():
    rows = [["", "2010"], ["Membres", "12"]]
    value = {"data": rows, "first_row_is_table_header": True, "first_col_is_header": True}
    html = BeautifulSoup(str(TableBlock().render(value)), "html.parser")
    assert [cell.text for cell in html.select("th")] == ["2010", "Membres"]
    assert [cell.text for cell in html.select("td")] == ["", "12"]


def test_portuguese_is_that_of_portugal_in_dates_and_numbers():
    with override("pt"):
        assert date_format(date(2026, 10, 5), "DATE_FORMAT") == "5 de outubro de 2026"
        assert tags.figure(Decimal("12345.5")) == "12\xa0345,5"


def test_counts_of_a_thousand_and_more_are_grouped():
    results = {"parameters": {"words": "x", "view": "list"}, "total": 12345, "first": 1, "last": 10, "rows": [{}]}
    html = render_to_string("search/found.html", results)
    assert "<h1>12\xa0345 résultats</h1>" in html
    assert "Résultats 1 à 10 sur 12\xa0345." in html
    option = {"value": "BJ", "label": "Bénin", "count": 1234, "checked": False}
    assert '<span class="count">1\xa0234</span>' in tags.checkboxes("country", [option])
    assert '<span class="count">1\xa0234</span>' in render_to_string(
        "components/key_values.html", {"links": [{"url": "/", "label": "Bénin", "count": 1234}]}
    )
