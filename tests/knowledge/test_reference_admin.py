"""The thesaurus, organisations and persons in the admin."""

from __future__ import annotations

import pytest

from knowledge.models import Concept, Contributor, ItemOrganisation, Organisation, Person


def concept_data(**fields) -> dict[str, str]:
    texts = {f"{name}_{code}": "" for name in ("label", "alt_labels") for code in ("fr", "en", "es", "pt")}
    return texts | {"slug": "", "broader": ""} | fields


def test_a_publisher_adds_a_concept_and_its_identifier_is_made_from_the_label(log_in, publisher):
    broader = Concept.objects.first()
    data = concept_data(label_fr="Caisse de quartier", alt_labels_en="neighbourhood fund", broader=str(broader.pk))
    assert log_in(publisher).post("/admin/concepts/new/", data).status_code == 302
    concept = Concept.objects.get(slug="caisse-de-quartier")
    assert (concept.label_fr, concept.labels("en"), concept.broader) == (
        "Caisse de quartier",
        ["neighbourhood fund"],
        broader,
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"label_fr": "Protection sociale"}, "désigne déjà le concept"),
        ({"label_en": "Something", "alt_labels_pt": "proteção social"}, "désigne déjà le concept"),
        ({}, "Donnez un libellé dans une langue au moins"),
    ],
)
def test_a_label_points_to_one_concept(log_in, publisher, fields, message):
    before = Concept.objects.count()
    answer = log_in(publisher).post("/admin/concepts/new/", concept_data(**fields))
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert Concept.objects.count() == before


def test_a_concept_is_not_put_below_itself(log_in, publisher):
    parent = Concept.objects.get(slug="protection-sociale")
    child = parent.narrower.first()
    data = {name: getattr(parent, name) or "" for name in concept_data()} | {"broader": str(child.pk)}
    answer = log_in(publisher).post(f"/admin/concepts/edit/{parent.pk}/", data)
    assert "ne peut pas être placé sous lui-même" in answer.content.decode()


def test_the_thesaurus_is_shown_as_a_tree_and_found_by_any_label(log_in, publisher, count_queries):
    client = log_in(publisher)
    rows = list(client.get("/admin/concepts/").context["object_list"])
    assert len(rows) == Concept.objects.count()
    places = {row.pk: number for number, row in enumerate(rows)}
    assert all(places[row.broader_id] < places[row.pk] for row in rows if row.broader_id)
    found = client.get("/admin/concepts/", {"q": "PROTECCION social"}).context["object_list"]
    assert "protection-sociale" in [row.slug for row in found]
    assert count_queries(lambda: client.get("/admin/concepts/")) < 30


def test_an_author_does_not_change_the_thesaurus(log_in, author):
    before = Concept.objects.count()
    assert log_in(author).post("/admin/concepts/new/", concept_data(label_fr="Rien")).status_code == 302
    assert Concept.objects.count() == before


def test_a_concept_is_chosen_in_the_tree(log_in, author):
    answer = log_in(author).get("/admin/concept-chooser/results/", {"q": "third-party payment"})
    assert answer.status_code == 200
    assert "tiers payant" in answer.content.decode()


@pytest.mark.parametrize(
    ("chooser", "data", "model"),
    [
        ("organisation-chooser", {"name": "AIMS", "kind": "union", "acronym": "", "country": "BJ"}, Organisation),
        ("person-chooser", {"name": "Awa Diop", "email": ""}, Person),
    ],
)  # fmt: skip
def test_an_author_notes_an_actor_while_writing(log_in, author, chooser, data, model):
    if model is Organisation:
        data["kind"] = Organisation._meta.get_field("kind").flatchoices[0][0]
    answer = log_in(author).post(f"/admin/{chooser}/create/", data)
    assert answer.json()["step"] == "chosen", answer.content
    assert model.objects.get().name == data["name"]


def test_what_items_name_is_not_deleted_and_the_refusal_says_why(log_in, administrator, make_experience):
    organisation = Organisation.objects.create(name="Union", kind="union")
    person = Person.objects.create(name="Awa Diop")
    page = make_experience("Mutuelle de Thiès")
    ItemOrganisation.objects.create(page=page, organisation=organisation)
    Contributor.objects.create(page=page, person=person)
    client = log_in(administrator)
    for path, instance in [
        ("organisations", organisation),
        ("people", person),
        ("concepts", page.item_concepts.get().concept),
    ]:
        assert "Rien n’est supprimé" in client.get(f"/admin/{path}/delete/{instance.pk}/").content.decode()
        answer = client.post(f"/admin/{path}/delete/{instance.pk}/", follow=True)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Rien n’est supprimé" in text and "Mutuelle de Thiès" in text
        assert type(instance).objects.filter(pk=instance.pk).exists()


def test_what_nothing_names_is_deleted(log_in, administrator):
    person = Person.objects.create(name="Awa Diop")
    assert log_in(administrator).post(f"/admin/people/delete/{person.pk}/").status_code == 302
    assert not Person.objects.exists()


def test_the_lists_of_actors_cost_the_same_with_one_row_and_with_ten(log_in, author, count_queries):
    client = log_in(author)
    organisation = Organisation.objects.create(name="Union", kind="union")
    Person.objects.create(name="Awa", organisation=organisation)
    for path in ("/admin/organisations/", "/admin/people/"):
        client.get(path)
    few = [count_queries(lambda path=path: client.get(path)) for path in ("/admin/organisations/", "/admin/people/")]
    for number in range(9):
        Person.objects.create(
            name=f"P{number}", organisation=Organisation.objects.create(name=f"O{number}", kind="union")
        )
    many = [count_queries(lambda path=path: client.get(path)) for path in ("/admin/organisations/", "/admin/people/")]
    assert few == many
