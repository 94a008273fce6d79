"""What follows a decision about a lead: who is told, and what becomes of it when its experience is deleted."""

from __future__ import annotations

import pytest
from django.core import mail
from wagtail.log_actions import registry
from wagtail.users.models import UserProfile

from experiences import leads
from experiences.models import Experience, Lead


@pytest.fixture
def lead(author) -> Lead:
    return Lead.objects.create(subject="Mutuelle de Dangbo", where_heard="Lettre", country="BJ", noted_by=author)


def decide(lead, user, decision="to_capitalise", reason="Récit solide", author=None) -> Lead:
    mail.outbox.clear()
    return leads.decide(lead=lead, decision=decision, reason=reason, user=user, author=author)


def mails() -> dict[str, str]:
    return {message.to[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}


def test_who_is_to_write_and_who_reported_are_told_with_the_reason(lead, author, reviewer, publisher, make_user):
    reviewer.first_name, reviewer.last_name = "Koffi", "Mensah"
    writer = make_user("fatou", "Rédaction")
    lead = decide(lead, reviewer, author=writer)
    told = mails()
    assert set(told) == {author.email, writer.email}
    assert "À rédiger" in told[writer.email] and f"/admin/pages/{lead.becomes_id}/edit/" in told[writer.email]
    assert "Votre piste" in told[author.email] and f"/admin/leads/edit/{lead.pk}/" in told[author.email]
    for text in told.values():
        assert "Koffi Mensah" in text and "Récit solide" in text and "Mutuelle de Dangbo" in text


def test_who_reported_and_is_to_write_gets_one_mail(lead, author, reviewer):
    decide(lead, reviewer, author=author)
    assert len(mail.outbox) == 1 and "vous confie" in mail.outbox[0].body


def test_nobody_gets_mail_of_what_they_decided_themselves(lead, author):
    decide(lead, author, "no", "Déjà décrite")
    assert mail.outbox == []
    Lead.objects.update(noted_by=None)
    decide(Lead.objects.get(), author, "watch")
    assert mail.outbox == []


def test_a_decision_sent_twice_is_told_once(lead, reviewer):
    decide(lead, reviewer, "no", "Trop ancien")
    assert len(mail.outbox) == 1 and "Trop ancien" in mail.outbox[0].body
    decide(lead, reviewer, "no", "Trop ancien")
    assert mail.outbox == []


def test_who_reported_is_asked_and_the_answer_is_told_to_who_asked(lead, log_in, author, reviewer):
    lead = decide(lead, reviewer, "ask", "Combien de membres ?")
    assert lead.is_to_decide and lead in Lead.objects.to_decide()
    assert mail.outbox[0].to == [author.email] and mail.outbox[0].subject.startswith("Une question sur votre piste")
    assert "Combien de membres ?" in mail.outbox[0].body and f"/admin/leads/edit/{lead.pk}/" in mail.outbox[0].body
    mail.outbox.clear()
    client, address = log_in(author), f"/admin/leads/edit/{lead.pk}/"
    data = {"kind": "experience", "subject": lead.subject, "where_heard": "Lettre", "country": "BJ", "language": "fr"}
    day = lead.heard_on.isoformat()
    data |= {"heard_on": day, "initial-heard_on": day, "initial-language": "fr", "contact": "", "interest": ""}
    assert client.post(address, data).status_code == 302 and mail.outbox == []
    assert client.post(address, data | {"interest": "Elle compte 80 membres."}).status_code == 302
    assert [message.to for message in mail.outbox] == [[reviewer.email]]
    assert "Combien de membres ?" in mail.outbox[0].body and f"/admin/leads/{lead.pk}/decide/" in mail.outbox[0].body
    assert "Précisions données" in log_in(reviewer).get(f"/admin/leads/history/{lead.pk}/").content.decode()


@pytest.mark.parametrize("reachable", [True, False])
def test_whoever_asks_is_told_where_the_question_reaches_nobody(lead, log_in, author, reviewer, reachable):
    author.is_active = reachable
    author.save()
    data = {"decision": "ask", "reason": "Combien de membres ?", "seen": ""}
    answer = log_in(reviewer).post(f"/admin/leads/{lead.pk}/decide/", data, follow=True)
    assert ("Aucun courriel n’est parti" in answer.content.decode()) is not reachable
    assert bool(mail.outbox) is reachable


def test_whoever_asked_is_told_once_until_they_ask_again(lead, author, reviewer):
    lead = decide(lead, reviewer, "ask", "Combien de membres ?")
    mail.outbox.clear()
    leads.answer(lead=lead, user=reviewer)  # corrects it themselves: no answer
    for _edit in range(3):
        leads.answer(lead=lead, user=author)
    assert [message.to for message in mail.outbox] == [[reviewer.email]]
    lead = decide(lead, reviewer, "ask", "Et depuis quand ?")
    mail.outbox.clear()
    for _edit in range(2):
        leads.answer(lead=lead, user=author)
    assert [message.to for message in mail.outbox] == [[reviewer.email]]
    lead = decide(lead, reviewer, "watch")
    mail.outbox.clear()
    leads.answer(lead=lead, user=author)
    assert mail.outbox == []


def test_a_decision_is_told_in_the_language_of_who_reads_it(lead, author, reviewer):
    UserProfile.objects.create(user=author, preferred_language="en")
    decide(lead, reviewer, "watch", "Solid")
    assert mail.outbox[0].subject.startswith("Your lead") and "Reason: Solid" in mail.outbox[0].body


def test_an_account_without_address_or_that_is_closed_gets_none(lead, author, reviewer):
    author.is_active = False
    author.save()
    decide(lead, reviewer, "watch")
    assert mail.outbox == []


@pytest.mark.parametrize("route", ["/admin/pages/{0}/delete/", "/admin/bulk/portal/portalpage/delete/?id={0}"])
def test_the_lead_of_a_deleted_experience_is_named_first_and_is_to_decide_again(
    log_in, administrator, reviewer, lead, route
):
    address = route.format(decide(lead, reviewer).becomes_id)
    client = log_in(administrator)
    assert "Mutuelle de Dangbo\u202f» : celle-ci sera" in client.get(address).content.decode().replace("\u00a0", " ")
    client.post(address)
    assert not Experience.objects.exists()
    lead.refresh_from_db()
    assert lead.is_to_decide and (lead.decision, lead.reason, lead.decided_by, lead.becomes) == ("", "", None, None)
    entry = registry.get_logs_for_instance(lead).filter(action="experiences.reopen").get()
    assert entry.user == administrator and "Mutuelle de Dangbo" in entry.message
    assert "Remise à décider" in client.get(f"/admin/leads/history/{lead.pk}/").content.decode()
    assert decide(lead, reviewer).becomes.pk


def test_of_many_leads_the_first_are_named_and_the_others_counted(log_in, administrator, reviewer, lead):
    page = decide(lead, reviewer).becomes
    for number in range(12):
        Lead.objects.create(subject=f"Piste {number}", where_heard="x", decision="retain", becomes=page)
    said = log_in(administrator).get(f"/admin/pages/{page.pk}/delete/").content.decode()
    assert said.count("celle-ci sera de nouveau à décider") == 10 and "… et 3 autres." in said


def test_the_queue_begins_with_what_has_waited_longest_and_ends_with_what_was_decided_first(log_in, reviewer, tree):
    for day, decision in (
        ("03", ""),
        ("01", ""),
        ("01", ""),
        ("02", "watch"),
        ("01", "no"),
        ("05", "no"),
        ("03", "no"),
    ):
        Lead.objects.create(subject=f"{decision} {day}", where_heard="x", heard_on=f"2026-01-{day}", decision=decision)
    found = list(log_in(reviewer).get("/admin/leads/").context["object_list"])
    assert [lead.subject for lead in found] == [" 01", " 01", "watch 02", " 03", "no 05", "no 03", "no 01"]
    assert found[0].pk < found[1].pk
