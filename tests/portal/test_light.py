"""The light mode: switched on without a cookie wall, remembered, and every page says what it weighs."""

from __future__ import annotations

import gzip
import re

import pytest
from django.core.cache import caches

from tests import factories

pytestmark = pytest.mark.django_db


def switch_on(client, page: str = "/fr/"):
    return client.post("/fr/light/", {"on": "1", "next": page})


def test_one_button_turns_it_on_and_leads_back_to_the_page(client, tree):
    page = "/fr/search/?q=mutuelle&page=1"
    html = client.get(page).content.decode()
    assert '<form class="light-switch no-print" method="post" action="/fr/light/">' in html
    assert 'name="next" value="/fr/search/?q=mutuelle&amp;page=1"' in html
    answer = switch_on(client, page)
    assert (answer.status_code, answer["Location"]) == (302, page)
    cookie = answer.cookies["light"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")
    assert cookie["max-age"] > 30 * 24 * 3600


def test_a_light_page_says_what_it_weighs(client, tree):
    switch_on(client)
    answer = client.get("/fr/")
    assert int(answer["Content-Length"]) == len(answer.content)
    said = re.search(r"Cette page pèse ([\d,]+)\sko", answer.content.decode())
    assert abs(float(said.group(1).replace(",", ".")) - len(gzip.compress(answer.content)) / 1000) < 1.1


def test_it_is_turned_off_again(client, tree):
    switch_on(client)
    answer = client.post("/fr/light/", {"next": "/fr/"})
    assert answer.cookies["light"]["max-age"] == 0
    client.cookies.pop("light")
    assert "Cette page pèse" not in client.get("/fr/").content.decode()


@pytest.mark.parametrize(
    "page", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "", "\x00"]
)
def test_it_never_leads_to_another_host(client, tree, page):
    assert switch_on(client, page)["Location"] == "/fr/"


def test_only_a_pressed_button_switches(client, tree):
    assert client.get("/fr/light/?on=1").status_code == 405


def test_light_and_whole_pages_are_kept_apart(client, tree):
    caches["pages"].clear()
    address = factories.experience().url
    whole = client.get(address)
    switch_on(client)
    light = client.get(address)
    assert light["ETag"] != whole["ETag"]
    assert "Cette page pèse" in client.get(address).content.decode()
    client.cookies.pop("light")
    assert client.get(address, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-None-Match": light["ETag"]}).status_code == 200
