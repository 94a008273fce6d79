"""Leads in the admin: who notes, who decides, and that a decision makes one experience."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from experiences import leads
from experiences.lead_views import LeadEditView
from experiences.models import Experience, Lead


@pytest.fixture
def lead(author) -> Lead:
    return Lead.objects.create(
        subject="Mutuelle de Dangbo", where_heard="Lettre de l’AIMS, n° 4", country="BJ", interest="Paie les accouchements.",
        noted_by=author,
    )  # fmt: skip


def decide(client, lead, **data):
    return client.post(
        f"/admin/leads/{lead.pk}/decide/", {"decision": "to_capitalise", "reason": "", "seen": "", **data}
    )


def test_an_author_notes_a_lead_and_is_named_as_who_did(log_in, author):
    answer = log_in(author).post(
        "/admin/leads/new/",
        {
            "kind": "document",
            "subject": "Guide",
            "where_heard": "Radio",
            "heard_on": "2026-03-04",
            "country": "SN",
            "language": "fr",
        },
    )
    assert answer.status_code == 302
    lead = Lead.objects.get()
    assert (lead.subject, lead.noted_by, lead.decision) == ("Guide", author, "")


def test_an_author_does_not_decide(log_in, author, lead):
    decide(log_in(author), lead)
    lead.refresh_from_db()
    assert lead.decision == "" and not Experience.objects.exists()


def test_a_retained_lead_opens_a_prefilled_experience_for_who_noted_it(log_in, reviewer, author, lead):
    answer = decide(log_in(reviewer), lead, author=author.pk, reason="Récit solide")
    experience = Experience.objects.get()
    assert answer.url == f"/admin/pages/{experience.pk}/edit/"
    draft = experience.get_latest_revision_as_object()
    assert (draft.title_fr, draft.summary_fr, draft.source) == (lead.subject, lead.interest, lead.where_heard)
    assert draft.country_codes == ["BJ"]
    assert (experience.live, experience.owner) == (False, author)
    lead.refresh_from_db()
    assert (lead.becomes, lead.decided_by, lead.reason) == (experience, reviewer, "Récit solide")
    assert list(experience.leads.all()) == [lead]


def test_a_decision_sent_twice_opens_one_experience(log_in, reviewer, lead):
    client = log_in(reviewer)
    first, second = decide(client, lead), decide(client, lead)
    assert first.url == second.url
    assert Experience.objects.count() == 1


@pytest.mark.parametrize(
    ("decision", "said"), [("duplicate", "Dites pourquoi"), ("no", "Dites pourquoi"), ("ask", "Écrivez votre question")]
)
def test_a_refusal_needs_a_reason_and_a_question_its_words(log_in, reviewer, lead, decision, said):
    client = log_in(reviewer)
    answer = decide(client, lead, decision=decision, reason="  ")
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert decide(client, lead, decision=decision, reason="Déjà décrite").status_code == 302
    lead.refresh_from_db()
    assert (lead.decision, lead.reason) == (decision, "Déjà décrite")


def test_a_decision_that_was_not_seen_is_shown_before_it_is_overruled(log_in, reviewer, publisher, lead):
    leads.decide(lead=lead, decision="no", reason="Trop ancien", user=publisher)
    client = log_in(reviewer)
    answer = decide(client, lead, decision="watch")
    assert "Entre-temps, pierre a décidé" in answer.content.decode()
    lead.refresh_from_db()
    assert lead.decision == "no"
    decide(client, lead, decision="watch", seen=answer.context["form"].data["seen"])
    lead.refresh_from_db()
    assert lead.decision == "watch"


def test_a_correction_that_is_being_saved_leaves_what_was_decided_meanwhile(
    log_in, author, reviewer, lead, monkeypatch
):
    form_valid = LeadEditView.form_valid

    def decided_meanwhile(view, form):
        leads.decide(lead=lead, decision="no", reason="Hors sujet", user=reviewer)
        return form_valid(view, form)

    monkeypatch.setattr(LeadEditView, "form_valid", decided_meanwhile)
    data = {"kind": "experience", "subject": "Dangbo", "where_heard": "Lettre", "country": "BJ", "language": "fr"}
    answer = log_in(author).post(f"/admin/leads/edit/{lead.pk}/", data | {"heard_on": lead.heard_on.isoformat()})
    assert answer.status_code == 302
    lead.refresh_from_db()
    assert (lead.subject, lead.decision, lead.reason, lead.decided_by) == ("Dangbo", "no", "Hors sujet", reviewer)


def test_a_lead_that_became_an_experience_is_neither_refused_nor_deleted(log_in, administrator, lead):
    client = log_in(administrator)
    decide(client, lead)
    lead.refresh_from_db()
    answer = decide(client, lead, decision="no", reason="Non", seen=lead.decided_at.isoformat())
    assert "déjà devenue une expérience" in answer.content.decode()
    answer = client.post(f"/admin/leads/delete/{lead.pk}/", follow=True)
    assert "Rien n’est supprimé" in answer.content.decode()
    assert Lead.objects.filter(pk=lead.pk).exists()


def test_the_draft_is_in_the_language_of_the_lead_whoever_decides(lead, reviewer):
    with override("en"):
        page = leads.decide(lead=lead, decision="to_capitalise", reason="", user=reviewer).becomes
    page = page.get_latest_revision_as_object()
    assert (page.original_language, page.title_fr, page.title_en) == ("fr", lead.subject, None)


def test_the_queue_filters_by_state_and_country(log_in, reviewer, lead):
    Lead.objects.create(subject="Décidée", where_heard="x", decision="no", reason="y", country="SN")
    client = log_in(reviewer)

    def subjects(query):
        return [row.subject for row in client.get(f"/admin/leads/{query}").context["object_list"]]

    assert subjects("") == ["Mutuelle de Dangbo", "Décidée"]
    assert subjects("?state=to_decide") == ["Mutuelle de Dangbo"]
    assert subjects("?state=decided") == ["Décidée"]
    assert subjects("?country=SN") == ["Décidée"]
    assert subjects("?kind=document") == []


def test_the_queue_costs_the_same_with_one_lead_and_with_ten(log_in, reviewer, lead, count_queries):
    client = log_in(reviewer)
    client.get("/admin/leads/")
    few = count_queries(lambda: client.get("/admin/leads/"))
    for number in range(9):
        Lead.objects.create(subject=f"Piste {number}", where_heard="x", country="SN", noted_by=reviewer)
    assert count_queries(lambda: client.get("/admin/leads/")) == few


def test_the_form_of_an_experience_says_from_which_lead_it_comes(log_in, reviewer, lead, make_experience):
    client = log_in(reviewer)
    address = decide(client, lead, reason="Récit solide").url
    text = client.get(address).content.decode()
    assert f"/admin/leads/edit/{lead.pk}/" in text
    assert "Lettre de l’AIMS, n° 4" in text and "Récit solide" in text
    other = make_experience()
    assert "Piste dont vient" not in client.get(f"/admin/pages/{other.pk}/edit/").content.decode()
