"""A practitioner searches, finds what is in another language, narrows, reads: phone and desk, with and without scripts."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE

pytestmark = pytest.mark.browser

STUDY = "regler-directement-centre-soins"  # whole only in English, where it says "third-party payment" and nothing else
UNKNOWN = "qxvzkw"


@dataclass(frozen=True)
class Words:
    """What a visitor of a language types and reads."""

    asked: str
    same: tuple[str, ...]  # misspelt, in capitals, inflected
    accented: str
    acronym: tuple[str, str]  # and the item that it must bring first
    section: str
    file: str
    note: str | None


WORDS = {
    "fr": Words(
        "tiers payant mutuelle",
        ("tiers paiyant mutuelle", "TIERS PAYANT MUTUELLE", "le tiers-payant d’une mutuelle"),
        "équité",
        ("UTM", "union-technique-mutualite-malienne"),
        "Expériences",
        "PDF · anglais · 2 pages · 5 ko",
        "Cette fiche est en anglais",
    ),
    "en": Words(
        "third-party payment mutual",
        ("third-party paymant mutual", "THIRD-PARTY PAYMENT MUTUAL", "third party payments of a mutual"),
        "Fandène",
        ("NHIS", "ghana-national-health-insurance-scheme"),
        "Experiences",
        "PDF · English · 2 pages · 5 kB",
        None,
    ),
    "es": Words(
        "pago por terceros mutual",
        ("pago por tercerros mutual", "PAGO POR TERCEROS MUTUAL", "el pago por terceros de una mutual"),
        "protección",
        ("HEF", "fonds-equite-cambodge"),
        "Experiencias",
        "PDF · inglés · 2 páginas · 5 kB",
        "Esta ficha está en inglés",
    ),
    "pt": Words(
        "pagamento por terceiros mutualidade",
        ("pagamento por terceirros mutualidade", "PAGAMENTO POR TERCEIROS MUTUALIDADE", "o pagamento por terceiros"),
        "pensão",
        ("CNPS", "pension-sociale-cabo-verde"),
        "Experiências",
        "PDF · inglês · 2 páginas · 5 kB",
        "Esta ficha está em inglês",
    ),
}
LANGUAGES = pytest.mark.parametrize("language", list(WORDS))
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
SCREENS = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["360", "1280"])
# Only the form of what was not found sets a cookie: the token that forms need.
TOKEN = {"csrftoken"}


def search(one, words):
    """Search from the home page as one does: the words, then Enter."""
    page = one.go(f"/{one.language}/")
    page.locator("#q").fill(words)
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search/?q=*")
    return page


def found(one, words):
    """Return the slugs that words bring, in order."""
    one.page.goto(f"{one.address}/{one.language}/search/")
    one.page.locator("#q").fill(words)
    one.page.locator(".search-form button").click()
    one.page.wait_for_url("**/search/?q=*")
    return [address.split("/")[3] for address in one.results()]


@LANGUAGES
@SCRIPTS
@SCREENS
def test_what_is_written_in_another_language_is_found_narrowed_read_and_downloaded(
    visitor, language, scripts, viewport
):
    words = WORDS[language]
    one = visitor(language, java_script_enabled=scripts, viewport=viewport)
    page = one.go("/")
    assert urlsplit(page.url).path == f"/{language}/"
    assert one.overflow() <= 0
    page = search(one, words.asked)
    assert one.overflow() <= 0
    narrow(one, scripts, folded=viewport == PHONE)
    place = [address.split("/")[3] for address in one.results()].index(STUDY)
    assert place < 5
    row = page.locator(".results .item").nth(place)
    expect(row.locator(".item-files")).to_contain_text(re.compile(r"^PDF, "))
    if language != "en":
        expect(row.locator(".tag-language[lang=en]")).to_have_text("English")
    row.locator(".item-title a").click()
    page.wait_for_url(f"**/{language}/studies/{STUDY}/")
    read_the_study(one, words)


def narrow(one, scripts, *, folded):
    """Narrow the results to a country, open their address again as one who was sent it, and come back to all of them."""
    page = one.page
    everything, before = one.results(), page.url
    choose_senegal(page, scripts, folded=folded)
    narrowed = one.results()
    assert 0 < len(narrowed) < len(everything) or narrowed != everything
    assert one.overflow() <= 0
    page.reload()
    expect(page.locator("#country-SN")).to_be_checked()
    assert one.results() == narrowed
    page.go_back()
    page.wait_for_url(before)
    expect(page.locator(".chips .chip")).to_have_count(0)
    assert one.results() == everything


def choose_senegal(page, scripts, *, folded=True):
    """Ask for what is from Senegal; on a phone the filters are folded, on a desk they stand open beside the results."""
    if folded:
        page.locator("#filters > summary").click()
    page.locator("#country-SN").check()
    if not scripts:
        page.locator("#filters button").first.click()
    page.wait_for_url("**country=SN*")
    expect(page.locator(".chips .chip")).to_have_count(1)
    expect(page.locator("#country-SN")).to_be_checked()


def read_the_study(one, words):
    page = one.page
    expect(page.locator("html")).to_have_attribute("lang", one.language)
    expect(page.locator("nav.sections a").first).to_have_text(words.section)
    expect(page.locator("h1")).to_have_attribute("lang", "en")
    expect(page.locator("#chapter .prose")).to_have_attribute("lang", "en")
    expect(page.locator("#chapter .prose")).to_contain_text("third-party payment")
    if words.note:
        expect(page.locator(".notice strong")).to_have_text(words.note)
        expect(page.locator(".notice strong")).to_be_visible()
    assert one.overflow() <= 0
    file = page.locator(".files li")
    expect(file).to_contain_text(words.file, use_inner_text=True)
    answer = page.request.get(one.address + file.locator("a").get_attribute("href"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF-")


@LANGUAGES
def test_other_ways_of_writing_find_the_same(visitor, language):
    words = WORDS[language]
    one = visitor(language)
    for same in words.same:
        assert STUDY in found(one, same)[:5], same
    accented = found(one, words.accented)
    assert accented and found(one, plain(words.accented)) == accented
    acronym, slug = words.acronym
    assert found(one, acronym)[0] == slug and found(one, acronym.lower())[0] == slug


def plain(word):
    return word.translate(str.maketrans("éèãâçõó", "eeaacoo"))


@LANGUAGES
def test_a_corrected_word_can_be_searched_as_typed(visitor, language):
    one = visitor(language)
    misspelt = WORDS[language].same[0]
    assert STUDY in found(one, misspelt)
    literal = one.page.locator(".page-head a[href*='exact=1']")
    expect(literal).to_contain_text(misspelt)
    literal.click()
    one.page.wait_for_url("**exact=1*")
    expect(one.page.locator("#q")).to_have_value(misspelt)
    expect(literal).to_have_count(0)


@SCRIPTS
def test_the_language_switch_keeps_page_and_query(visitor, scripts):
    one = visitor("fr", java_script_enabled=scripts)
    page = search(one, WORDS["fr"].asked)
    choose_senegal(page, scripts)
    asked = parse_qs(urlsplit(page.url).query)
    for language in ("pt", "es", "en"):
        page.locator(f"#languages a[hreflang={language}]").click()
        page.wait_for_url(f"**/{language}/search/?*")
        assert parse_qs(urlsplit(page.url).query) == asked
        expect(page.locator("html")).to_have_attribute("lang", language)
    one.go(f"/fr/studies/{STUDY}/2/").locator("#languages a[hreflang=es]").click()
    page.wait_for_url(f"**/es/studies/{STUDY}/2/")


@LANGUAGES
@SCRIPTS
def test_what_was_looked_for_in_vain_is_kept(visitor, site, language, scripts):
    one = visitor(language, java_script_enabled=scripts, cookies=TOKEN)
    asked = f"{UNKNOWN}{language}{'s' if scripts else 'n'}"
    page = search(one, asked)
    assert one.results() == []
    assert one.context.cookies() == []
    page.locator(".empty .button").click()
    page.wait_for_url("**/search/not-found/*")
    expect(page.locator("[name=query]")).to_have_value(asked)
    page.locator("[name=note]").fill("Pour une formation")
    page.locator("main form[method=post] button").click()
    page.wait_for_url("**thanks=1")
    expect(page.locator(".notice-good")).to_be_visible()
    with closing(sqlite3.connect(site.folder / "portal.sqlite3")) as database:
        kept = database.execute("SELECT note, language FROM search_searchmiss WHERE query = ?", [asked]).fetchall()
    assert kept == [("Pour une formation", language)]


@pytest.mark.parametrize(
    "path",
    [
        "/fr/",
        "/fr/search/?q=tiers+payant+mutuelle",
        "/fr/experiences/mutuelles-de-sante-rwanda/",
        f"/fr/studies/{STUDY}/",
    ],
    ids=["home", "search", "experience", "study"],
)
def test_a_first_view_is_light(visitor, path):
    one = visitor("fr")
    network = one.context.new_cdp_session(one.page)
    network.send("Network.enable")
    transferred: list[float] = []
    network.on("Network.loadingFinished", lambda event: transferred.append(event["encodedDataLength"]))
    one.page.goto(one.address + path, wait_until="networkidle")
    assert 2 <= len(transferred) <= 8
    assert 4_000 < sum(transferred) <= 60_000


@pytest.mark.parametrize("refused", [False, True], ids=["allowed", "refused"])
def test_what_is_copied_is_told_only_once_it_is(visitor, refused):
    one = visitor("fr", viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    if refused:
        one.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page = one.go("/fr/experiences/mutuelles-de-sante-rwanda/")
    for name, copied in (("#story .copy-link", "/mutuelles-de-sante-rwanda/#story"), ("[data-copy=citation]", "STEP")):
        button = page.locator(name)
        before, done = button.inner_text(), button.get_attribute("data-done")
        button.click()
        expect(button).to_have_text(before if refused else done)
        if not refused:
            assert copied in page.evaluate("navigator.clipboard.readText()")
