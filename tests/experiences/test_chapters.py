"""What stands in the chapters of a study: notes, figures, charts, and what a light page leaves out."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from PIL import Image

from experiences.chapters import ChartBlock, point_to_notes
from experiences.models import Study
from portal.models import PortalImage, PortalRendition
from tests import factories


def study(*content: tuple[str, object], notes: tuple[str, ...] = ()) -> Study:
    """Publish a study of one chapter."""
    blocks = [{"type": kind, "value": value} for kind, value in content]
    body = [("chapter", {"title": "Un chapitre", "content": blocks, "notes": list(notes)})]
    return factories.study(experiences=[factories.experience()], body_fr=body)


def picture() -> ImageFile:
    """Return a picture that decodes."""
    content = BytesIO()
    Image.new("RGB", (900, 300), "#0a5d76").save(content, "PNG")
    return ImageFile(content, name="schema.png")


CHART = {
    "title": "Adhérents",
    "unit": "personnes",
    "values": [{"year": 2019, "value": "1200"}, {"year": 2021, "value": "2400"}],
    "source": "Registre de la mutuelle",
}


def test_the_text_leads_to_its_notes_and_they_lead_back(client, tree):
    page = study(("paragraph", "<p>Un fait [1], un autre [2] et [1].</p>"), notes=("Registre, 2019.", "<b>Enquête</b>"))
    html = client.get(page.url).content.decode()
    assert html.count('<a href="#note-1"') == 2 and html.count('id="mark-1"') == 1
    assert '<li id="note-2">&lt;b&gt;Enquête&lt;/b&gt; <a href="#mark-2"' in html


def test_a_number_in_brackets_without_a_note_stays_as_it_is():
    text = '<p title="[1]">[0] [1] [2] [99999] <a href="/x/[1]">[1]</a></p>'
    told = point_to_notes(text, 1)
    assert '<p title="[1]">[0] <sup><a href="#note-1" id="mark-1">1</a></sup> [2] [99999]' in told
    assert 'href="/x/[1]"' in told


@pytest.mark.parametrize("caption", ["", "Trois façons de payer"])
def test_a_table_is_one_region_with_a_name_and_one_stop_of_the_keyboard(client, tree, caption):
    value = {
        "data": [["Façon", "Travail"], ["Tiers payant", "Peu"]],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_header_choice": "row",
        "table_caption": caption,
    }
    html = client.get(study(("table", value)).url).content.decode()
    assert html.count('class="table-wrap" tabindex="0" role="region"') == 1
    assert f'aria-label="{caption or "Tableau"}"' in html
    assert '<table class="stacked">' in html and 'data-label="Travail"' in html and 'data-label="Façon"' not in html


def test_a_table_with_merged_cells_scrolls_and_is_not_stacked(client, tree):
    value = {
        "data": [["Façon", "Travail"], ["Tiers payant", ""]],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_header_choice": "row",
        "mergeCells": [{"row": 1, "col": 0, "rowspan": 1, "colspan": 2}],
    }
    html = client.get(study(("table", value)).url).content.decode()
    assert "<table>" in html and "data-label" not in html


def test_a_chart_is_drawn_with_its_table_and_source(client, tree):
    html = client.get(study(("chart", CHART)).url).content.decode()
    assert '<svg class="chart"' in html and "De 1\u202f200 en 2019 à 2\u202f400 en 2021" in html.replace(
        "\xa0", "\u202f"
    )
    assert "Registre de la mutuelle" in html and "<details>" in html


# Wagtail leaves the temporary files of its renditions to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_light_page_has_the_table_and_no_chart_no_picture(client, tree):
    image = PortalImage.objects.create(title="Schéma", file=picture(), description="Deux cercles qui se touchent")
    image.file.close()
    figure = {"image": image.pk, "caption": "Deux caisses", "source": ""}
    page = study(("chart", CHART), ("figure", figure))
    made = PortalRendition.objects.count()
    whole = client.get(page.url).content.decode()
    assert (
        made == PortalRendition.objects.count() == 6
    )  # at publication, so that the first visitor does not wait for them
    assert "<picture" in whole and 'alt="Deux cercles qui se touchent"' in whole and "Deux caisses" in whole
    elsewhere = client.get(page.url.replace("/fr/", "/en/")).content.decode()
    assert 'alt="Deux cercles qui se touchent"' in elsewhere, "in the language of the study, as all of it"
    client.cookies["light"] = "1"
    light = client.get(page.url).content.decode()
    assert '<svg class="chart"' not in light and "<picture" not in light and "<img" not in light
    assert "Deux cercles qui se touchent" in light
    assert "2019" in light and "<table" in light


def test_a_year_has_one_value():
    block = ChartBlock()
    twice = CHART | {"values": [{"year": 2019, "value": "1"}, {"year": 2019, "value": "2"}]}
    with pytest.raises(ValidationError):
        block.clean(block.to_python(twice))


def test_words_of_notes_and_charts_are_searched(tree):
    page = study(("chart", CHART), notes=("Le registre de Fandène",))
    words = " ".join(str(text) for text in page.body_fr.stream_block.get_searchable_content(page.body_fr))
    assert "Adhérents" in words and "Fandène" in words
