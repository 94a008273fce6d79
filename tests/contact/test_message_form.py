"""A visitor writes to the staff: what is kept, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from portal.contact.models import MAX_TEXT, VisitorMessage
from tests import factories
from tests.contact.writing import FORM

LETTER = {"about": "experience", "text": "Une caisse de maraîchères\r\nElle paie les accouchements."}


def page(client, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "lxml")


def chosen(soup: BeautifulSoup) -> str:
    return soup.select_one("select[name=about] option[selected]")["value"]


def hidden(soup: BeautifulSoup, name: str) -> str:
    return soup.select_one(f"input[type=hidden][name={name}]").get("value", "")


def test_a_message_is_kept_with_what_it_is_about_and_the_visitor_is_thanked(client, tree):
    soup = page(client, "/pt/message/?about=error&reference=STEP-EXP-00012&address=/pt/experiences/abota/")
    assert (chosen(soup), hidden(soup, "reference")) == ("error", "STEP-EXP-00012")
    sent = {element["name"]: element.get("value", "") for element in soup.select("form[method=post] input[name]")}
    answer = client.post(
        "/pt/message/",
        sent
        | {
            "about": "error",
            "text": "O ano está errado.",
            "name": " Ana  Sá ",
            "email": "ana@example.org",
            "phone": " +351 1",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, "/pt/message/?thanks=1")
    message = VisitorMessage.objects.get()
    assert (message.about, message.text, message.language) == ("error", "O ano está errado.", "pt")
    assert (message.reference, message.address) == ("STEP-EXP-00012", "/pt/experiences/abota/")
    assert (message.name, message.email, message.phone, message.is_done) == (
        "Ana Sá",
        "ana@example.org",
        "+351 1",
        False,
    )
    thanks = page(client, answer["Location"])
    assert thanks.select_one(".notice-good[role=status]") and not thanks.select_one("main form")
    assert thanks.h1.text == "Obrigado"


def test_name_and_address_are_not_asked_for(client, tree):
    assert client.post(FORM, LETTER).status_code == 302
    message = VisitorMessage.objects.get()
    assert (message.text, message.name, message.email) == (LETTER["text"].replace("\r\n", "\n"), "", "")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", "", "Écrivez votre message"),
        ("text", " \r\n\t ", "Écrivez votre message"),
        ("text", "\0\0", "Écrivez votre message"),
        ("text", "\u200b\ufeff\u202e\u2069", "Écrivez votre message"),
        ("text", "x" * (MAX_TEXT + 1), f"{MAX_TEXT + 1} caractères"),
        ("email", "ana@", "Cette adresse n’est pas complète"),
        ("email", "ana@example.org\r\nBcc: all@example.org", "Cette adresse n’est pas complète"),
        ("about", "everything", "Choisissez une ligne"),
        ("about", "", "Choisissez une ligne"),
        ("name", "x" * 201, "200"),
        ("phone", "0" * 41, "40"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_the_rest_stays_typed(client, tree, field, value, said):
    typed = LETTER | {"name": "Awa <Diop>", "email": "awa@example.org", "address": "/fr/countries/"} | {field: value}
    answer = client.post(FORM, typed)
    assert answer.status_code == 400
    assert not VisitorMessage.objects.exists()
    soup = BeautifulSoup(answer.content, "lxml")
    wrong = soup.select_one(f"#id_{field}")
    assert wrong["aria-invalid"] == "true"
    assert said in soup.select_one(f"#{wrong['aria-describedby'].split()[-1]}").text
    assert soup.select_one(f"#errors a[href='#id_{field}']")
    kept = {"name": "Awa <Diop>", "email": "awa@example.org", "address": "/fr/countries/"}
    for name, text in kept.items():
        assert name == field or soup.select_one(f"[name={name}]")["value"] == text
    if field != "text":
        assert "Elle paie les accouchements." in soup.select_one("textarea").text


def test_no_browser_cuts_what_is_pasted(client, tree):
    assert not page(client, FORM).select_one("textarea").has_attr("maxlength")


def test_a_text_of_the_greatest_length_is_kept_however_a_browser_ends_its_lines(client, tree):
    text = "\r\n".join(["x" * 99] * (MAX_TEXT // 100)) + "x"
    assert client.post(FORM, LETTER | {"text": text}).status_code == 302
    assert len(VisitorMessage.objects.get().text) == MAX_TEXT


def test_characters_that_nobody_sees_are_left_out_and_accents_are_one_character(client, tree):
    client.post(
        FORM,
        LETTER
        | {
            "text": "Une\0 me\u0301daille\x07\u2028sur \u202edeux\u202c lignes \u0645\u06cc\u200c\u062e",
            "name": "A\x1bwa\nDiop",
        },
    )
    message = VisitorMessage.objects.get()
    assert (message.text, message.name) == ("Une m\u00e9daille\nsur deux lignes \u0645\u06cc\u200c\u062e", "Awa Diop")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/" + "x" * 500,
        "fr/",
    ],
)
def test_an_address_that_is_none_of_ours_is_left_out(client, tree, address):
    soup = page(client, f"{FORM}?about=link")
    assert hidden(soup, "address") == ""
    answer = client.get(FORM, {"about": "link", "address": address})
    assert answer.status_code == 200
    assert "evil.example" not in BeautifulSoup(answer.content, "lxml").select_one("main").text
    assert hidden(BeautifulSoup(answer.content, "lxml"), "address") == ""
    assert client.post(FORM, LETTER | {"address": address}).status_code == 302
    assert VisitorMessage.objects.get().address == ""


@pytest.mark.parametrize(
    "reference",
    ["<script>alert(1)</script>", "evil.example", "STEP-EXP-1.evil.example", "STEP EXP", "\0", "STEP-EXP-" + "1" * 40],
)
def test_what_makes_no_sense_in_the_address_is_left_out(client, tree, reference):
    answer = client.get(FORM, {"about": "nothing", "reference": reference, "address": "\0", "page": "9" * 30})
    soup = BeautifulSoup(answer.content, "lxml")
    assert (answer.status_code, chosen(soup), hidden(soup, "reference")) == (200, "other", "")
    assert "<script>alert" not in answer.content.decode()
    client.post(FORM, LETTER | {"reference": reference})
    assert VisitorMessage.objects.get().reference == ""


def test_the_item_is_named_to_who_may_see_it_and_to_nobody_else(client, tree, make_experience):
    public = factories.translate(make_experience("Mutuelle de Dangbo"), "en", title="Dangbo mutual")
    private = make_experience("Brouillon secret", live=False)
    link = f"/en/message/?about=error&reference={public.reference}"
    title = page(client, link).select_one("main strong[lang]")
    assert (title.text, title["lang"]) == ("Dangbo mutual", "en")
    for method in (client.get, client.post):
        html = method(FORM, {"about": "error", "reference": private.reference}).content.decode()
        assert private.reference in html and "secret" not in html


def test_a_form_sent_twice_makes_one_message_and_a_corrected_one_another(client, tree):
    key = hidden(page(client, FORM), "key")
    for _time in range(2):
        assert client.post(FORM, LETTER | {"key": key}).status_code == 302
    assert VisitorMessage.objects.count() == 1
    client.post(FORM, LETTER | {"key": key, "text": "Autre chose"})
    assert VisitorMessage.objects.count() == 2
    assert hidden(page(client, FORM), "key") != key
    for key in (hidden(page(client, FORM), "key"), "", "x" * 5000):  # other people may write the same words
        client.post(FORM, LETTER | {"key": key})
    assert VisitorMessage.objects.count() == 5


def test_each_visitor_has_a_form_of_their_own_to_which_a_browser_can_go_back(client, tree):
    said = client.get(FORM)["Cache-Control"]
    assert "private" in said and "no-cache" in said and "no-store" not in said
    assert hidden(page(client, FORM), "key") != hidden(page(client, FORM), "key")


def test_a_demonstration_warns_who_writes_that_its_accounts_are_public(client, tree, settings):
    settings.DEMO = False
    assert not page(client, FORM).select_one(".notice-warn")
    settings.DEMO = True
    assert "comptes de l’équipe" in page(client, FORM).select_one(".notice-warn").text


def test_a_message_that_is_kept_already_is_not_counted_again(client, tree):
    for number in range(20):
        client.post(FORM, LETTER | {"text": f"Message {number}", "key": "k" * 24})
    again = [client.post(FORM, LETTER | {"text": "Message 19", "key": "k" * 24}) for _time in range(2)]
    assert [answer.status_code for answer in again] == [302, 302]
    assert VisitorMessage.objects.count() == 20


def test_what_is_sent_too_often_stays_typed(client, tree):
    answers = [client.post(FORM, LETTER | {"text": f"Message {number}"}) for number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert answers[-1]["Retry-After"] == "3600"
    soup = BeautifulSoup(answers[-1].content, "lxml")
    assert soup.select_one(".notice-bad[role=alert]") and soup.select_one("textarea").text.strip() == "Message 20"
    assert VisitorMessage.objects.count() == 20


@pytest.mark.parametrize("code", ["fr", "en", "es", "pt"])
def test_the_form_says_what_becomes_of_a_message_and_needs_no_script(client, tree, code):
    soup = page(client, f"/{code}/message/?about=adaptation")
    assert soup.select_one(f"main a[href='/{code}/privacy/']")
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"
    form = soup.select_one("main form[method=post]")
    assert form["action"] == f"/{code}/message/" and form.select_one("button[type=submit]")
    for control in form.select("select, textarea, input:not([type=hidden])"):
        assert form.select_one(f"label[for={control['id']}]").text.strip()
    assert not re.search(r"\son[a-z]+=|<script(?![^>]*src=)", str(soup))


def test_each_way_to_the_form_says_what_it_is_for(client, tree, make_experience):
    item = make_experience()
    links = {
        "/fr/": ["?about=experience", "?about=work", "?about=adaptation"],
        "/fr/countries/": ["?about=experience"],
        item.url: [f"?about=error&reference={item.reference}&address={item.url}"],
        "/fr/contact/": [""],
        "/fr/about/": [""],
    }
    for address, queries in links.items():
        found = {link["href"] for link in page(client, address).select("a[href^='/fr/message/']")}
        assert found == {FORM + query for query in queries}, address
    soup = BeautifulSoup(client.get("/fr/nulle part/?x=1").content, "lxml")
    broken = soup.select_one("a[href^='/fr/message/']")["href"]
    assert (chosen(page(client, broken)), hidden(page(client, broken), "address")) == ("link", "/fr/nulle%20part/")


def test_robots_do_not_read_the_form_once_per_page(client, tree):
    assert "Disallow: /es/message/\n" in client.get("/robots.txt").content.decode()
