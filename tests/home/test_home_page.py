"""The home page: the cycle in real figures, the map, what is missing, ways in."""

from __future__ import annotations

import gzip
import re
from xml.etree import ElementTree

import pytest

from experiences.models import Study
from knowledge.models import KnowledgeItem
from portal import cycle
from tests import factories
from tests.search.reading import get


def ticks(html: str) -> int:
    return sum(map(int, re.findall(r'pathLength="(\d+)"', html)))


def test_one_tick_is_one_item_and_the_lists_say_the_same(client, tree):
    first = factories.experience()
    factories.experience()
    factories.study(experiences=[first])
    factories.experience(publish=False)
    html = get(client, "/fr/")
    assert ticks(html) == 3
    assert 'Expériences</a><span class="count">2</span>' in html
    assert 'Études de cas</a><span class="count">1</span>' in html
    assert "État des connaissances : 3 fiches" in html.replace("\xa0", " ")


def test_a_quarter_without_items_says_so_and_leads_to_an_action(client, tree):
    html = get(client, "/fr/")
    assert html.count('<path class="gap"') == 4
    for number in range(1, 5):
        assert f'href="#phase-{number}"' in html and f'id="phase-{number}"' in html
    assert html.count("Aucune fiche.") == 4
    assert '<a href="/fr/message/?about=adaptation">Raconter une adaptation</a>' in html


def test_every_link_of_the_home_page_answers(client, tree):
    factories.study(experiences=[factories.experience(countries=("SN", "PE"))])
    html = get(client, "/fr/")
    for address in set(re.findall(r'href="(/[^"#]*)"', html)) - {"/admin/"}:
        if not address.startswith("/static/"):
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address
    inside = set(re.findall(r'href="#([^"]+)"', html)) - {"cycle"}
    assert all(f'id="{name}"' in html for name in inside)


def test_the_map_and_the_list_lead_to_countries_and_the_gaps_are_named(client, tree):
    factories.experience(countries=("SN", "PE"))
    html = get(client, "/fr/")
    assert html.count('href="/fr/countries/SN/"') == 2
    assert html.count('href="/fr/countries/PE/"') == 1
    assert "26 pays d’Afrique de l’Ouest et du Centre n’ont aucune fiche" in html
    assert '<a href="/fr/countries/ST/">' in html


def test_the_light_mode_leaves_the_drawings_out_and_keeps_their_numbers(client, tree):
    factories.experience(countries=("SN",))
    client.cookies["light"] = "1"
    html = get(client, "/fr/")
    assert "pathLength" not in html and 'class="map"' not in html
    assert 'Expériences</a><span class="count">1</span>' in html


def test_a_full_portal_stays_light(client, tree):
    for number in range(12):
        factories.experience(
            countries=("SN", "PE", "BF", "CD"), title_fr=f"Une expérience au titre assez long, {number}"
        )
    assert len(gzip.compress(get(client, "/fr/").encode())) <= 12_000


@pytest.mark.parametrize("number", [0, 1, 7, 21, 55, 235, 236, 1_000, 100_000])
def test_ticks_stay_within_the_drawing_however_many_items_there_are(number):
    quarters = cycle.quarters({"experience": number})
    drawing = cycle.drawing(quarters)
    drawn = sum(line["ticks"] for part in drawing["quarters"] for line in part["lines"])
    assert drawn == -(-number // drawing["unit"])
    assert drawing["unit"] == 1 or number > 200
    assert drawing["total"] == number


def test_the_first_quarter_stands_at_the_top_left():
    line = cycle.drawing(cycle.quarters({"experience": 3}))["quarters"][0]["lines"][0]
    x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", line["path"]).groups())
    assert x < cycle.CENTRE and y < cycle.CENTRE


def test_every_type_of_item_has_its_place_in_the_cycle():
    kinds = {"experience", *Study.Kind.values}
    assert {kind for _quarter, kind, _label in cycle.ACTIVITIES} == kinds
    assert {model.__name__ for model in KnowledgeItem.__subclasses__()} == {"Experience", "Study"}


def test_the_drawing_is_well_formed(client, tree):
    html = get(client, "/fr/")
    svg = re.search(r'<div class="cycle.*?(<svg.*?</svg>)', html, re.S).group(1)
    ElementTree.fromstring(svg)  # noqa: S314  (our own)


def test_the_page_of_components_is_for_staff_only_in_production(client, settings, log_in, author):
    assert client.get("/fr/components/").status_code == 200
    settings.DEMO = False
    assert client.get("/en/components/").status_code == 404
    assert log_in(author).get("/fr/components/").status_code == 200
