"""What visitors looked for in vain, as staff read it."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from search.models import SearchMiss


@pytest.fixture
def miss(tree) -> SearchMiss:
    return SearchMiss.objects.create(
        query="drones <b>médicaux</b>", language="fr", filters="Rwanda", note="Pour l’oxygène"
    )


def test_administrators_read_export_and_clear_them_away(miss, administrator, log_in):
    client = log_in(administrator)
    assert reverse("search_miss:index") in client.get(reverse("wagtailadmin_home")).content.decode()
    html = client.get(reverse("search_miss:index")).content.decode()
    assert "drones &lt;b&gt;" in html
    assert "Pour l’oxygène" in client.get(reverse("search_miss:inspect", args=[miss.pk])).content.decode()
    export = b"".join(client.get(reverse("search_miss:index"), {"export": "csv"}).streaming_content).decode()
    assert "Rwanda" in export
    assert client.post(reverse("search_miss:delete", args=[miss.pk])).status_code == 302
    assert not SearchMiss.objects.exists()


def test_no_cell_of_an_export_is_a_formula(tree, administrator, log_in):
    SearchMiss.objects.create(query='=HYPERLINK("https://example.org")', language="fr", note="@SUM(A1)")
    client = log_in(administrator)
    csv_file = b"".join(client.get(reverse("search_miss:index"), {"export": "csv"}).streaming_content).decode()
    row = next(row for row in csv.reader(io.StringIO(csv_file)) if "HYPERLINK" in row[0])
    assert (row[0], row[3]) == ('\'=HYPERLINK("https://example.org")', "'@SUM(A1)")
    xlsx = b"".join(client.get(reverse("search_miss:index"), {"export": "xlsx"}).streaming_content)
    cells = list(openpyxl.load_workbook(io.BytesIO(xlsx)).active.iter_rows(min_row=2, values_only=True))
    assert cells[0][0].startswith("'=")


def test_nobody_writes_or_changes_them(miss, administrator, author, log_in):
    client = log_in(administrator)
    for address in (reverse("search_miss:add"), reverse("search_miss:edit", args=[miss.pk])):
        assert client.get(address).status_code == 302
    client = log_in(author)
    assert client.get(reverse("search_miss:index")).status_code == 302
