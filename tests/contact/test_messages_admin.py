"""Messages of visitors as staff read them, answer them, and make leads of them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from wagtail.log_actions import registry
from wagtail.users.models import UserProfile

from experiences import leads
from experiences.models import Lead
from portal.contact import messages
from portal.contact.models import VisitorMessage
from portal.home import setup
from tests.contact.writing import FORM, written

LIST = "/admin/messages/"


def settle(client, message: VisitorMessage, **data):
    return client.post(
        f"{LIST}edit/{message.pk}/", {"is_done": "on", "note": "Corrigé", "seen": messages.state_of(message)} | data
    )


def titles(client, query: str = "") -> list[str]:
    return [str(message) for message in client.get(LIST + query).context["object_list"]]


@pytest.mark.parametrize(("group", "may"), [(setup.AUTHORS, False), (setup.REVIEWERS, True), (setup.PUBLISHERS, True)])
def test_who_decides_about_leads_reads_messages_and_nobody_else(log_in, make_user, group, may):
    message = written(text="Lettre confidentielle")
    client = log_in(make_user("ama", group))
    for address in (LIST, f"{LIST}edit/{message.pk}/", f"{LIST}history/{message.pk}/"):
        answer = client.get(address)
        assert (answer.status_code == 200 and "Lettre confidentielle" in answer.content.decode()) == may, address
    home = client.get("/admin/").content.decode()
    assert ("Lettre confidentielle" in home and "Messages à lire (1)" in home and f'"url": "{LIST}"' in home) == may
    settle(client, message)
    message.refresh_from_db()
    assert message.is_done == may
    assert client.get(f"{LIST}new/").status_code == 302
    assert client.post(f"{LIST}delete/{message.pk}/").status_code == 302
    assert VisitorMessage.objects.exists() == (group != setup.PUBLISHERS)


def test_the_list_has_the_newest_first_and_keeps_what_is_asked_for(log_in, reviewer):
    for days, text, about in ((3, "Ancien", "error"), (1, "Récent", "link"), (2, "Autre", "error")):
        written(days, text=text, about=about, email=f"{about}@example.org", phone=f"+229 90 0{days}")
    messages.settle(message=VisitorMessage.objects.get(text="Autre"), is_done=True, note="", user=reviewer)
    client = log_in(reviewer)
    assert titles(client) == ["Récent", "Autre", "Ancien"]
    assert titles(client, "?state=open") == ["Récent", "Ancien"]
    assert titles(client, "?state=done") == ["Autre"]
    assert titles(client, "?about=error&state=open") == ["Ancien"]
    assert titles(client, "?q=link@example.org") == ["Récent"]
    assert titles(client, "?q=%2B229 90 03") == ["Ancien"]


def test_the_list_costs_the_same_with_one_message_and_with_three(log_in, reviewer, count_queries):
    client = log_in(reviewer)
    messages.settle(message=written(), is_done=True, note="", user=reviewer)
    client.get(LIST)
    few = count_queries(lambda: client.get(LIST))
    for number in range(2):
        messages.settle(message=written(text=f"{number}"), is_done=True, note="", user=reviewer)
    assert count_queries(lambda: client.get(LIST)) == few < 20


def test_what_was_done_is_kept_with_who_and_when_and_can_be_undone(log_in, reviewer, publisher):
    message = written()
    answer = settle(log_in(reviewer), message)
    assert (answer.status_code, answer.url) == (302, LIST)
    message.refresh_from_db()
    done_at = message.done_at
    assert (message.done_by, message.note, message.is_done) == (reviewer, "Corrigé", True)
    client = log_in(publisher)
    settle(client, message, note="Corrigé, et répondu")
    message.refresh_from_db()
    assert (message.done_by, message.done_at, message.note) == (reviewer, done_at, "Corrigé, et répondu")
    settle(client, message, is_done="")
    message.refresh_from_db()
    assert (message.done_by, message.done_at) == (None, None)
    actions = registry.get_logs_for_instance(message).order_by("timestamp").values_list("action", flat=True)
    assert list(actions) == ["contact.done", "wagtail.edit", "contact.reopen"]


def test_no_word_of_a_message_stays_in_a_history(log_in, reviewer):
    message = written(text="Lettre confidentielle")
    client = log_in(reviewer)
    settle(client, message)
    entries = registry.get_logs_for_instance(message)
    Group.objects.get(name=setup.REVIEWERS).permissions.add(Permission.objects.get(codename="delete_visitormessage"))
    client.post(f"{LIST}delete/{message.pk}/")
    assert not VisitorMessage.objects.exists()
    assert set(entries.values_list("action", "label", "deleted")) == {
        ("contact.done", f"Message {message.pk}", False),
        ("wagtail.delete", f"Message {message.pk}", True),
    }


def test_who_changed_a_note_last_is_named_and_of_two_at_once_one_is_refused(log_in, reviewer, publisher):
    message = written()
    messages.settle(message=message, is_done=True, note="Lu", user=reviewer)
    before = messages.state_of(VisitorMessage.objects.get())
    messages.settle(message=message, is_done=True, note="Lu et répondu", user=publisher, seen=before)
    with pytest.raises(messages.MessageChanged):
        messages.settle(message=message, is_done=True, note="Corrigé", user=reviewer, seen=before)
    html = settle(log_in(reviewer), message, seen=before).content.decode()
    assert "pierre a enregistré" in html and VisitorMessage.objects.get().note == "Lu et répondu"


def test_a_note_that_was_not_seen_is_shown_before_it_is_replaced(log_in, reviewer, publisher):
    message = written()
    before = messages.state_of(message)
    messages.settle(message=message, is_done=True, note="Répondu au téléphone", user=publisher)
    client = log_in(reviewer)
    answer = settle(client, message, seen=before, note="Corrigé")
    html = answer.content.decode()
    assert answer.status_code == 200 and "pierre a enregistré" in html and "Répondu au téléphone" in html
    message.refresh_from_db()
    assert message.note == "Répondu au téléphone"
    settle(client, message, seen=answer.context["form"].data["seen"], note="Corrigé")
    message.refresh_from_db()
    assert message.note == "Corrigé"


def test_a_message_is_shown_as_it_was_written_and_does_nothing(log_in, reviewer, make_experience):
    item = make_experience("Mutuelle de Dangbo")
    message = written(
        text="<script>alert(1)</script>\n\nDeux lignes", reference=item.reference, address="/fr/pays%20%C3%A9/", about="error",
        name="<b>Awa</b>", email='"a&b?cc=x"@example.org', language="es", phone="+229 90 00",
    )  # fmt: skip
    html = log_in(reviewer).get(f"{LIST}edit/{message.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "<script>alert" not in html
    assert "&lt;b&gt;Awa" in html and "Mutuelle de Dangbo" in html and "+229 90 00" in html
    assert 'href="/fr/pays%20%C3%A9/"' in html and "/fr/pays%20é/</bdi>" in html
    assert "depuis la page en espagnol" in html and '<blockquote class="w-mb-8" dir="auto">' in html
    assert "mailto:%22a%26b%3Fcc%3Dx%22@example.org?subject=Su%20mensaje" in html


@pytest.mark.parametrize(
    ("about", "kind"), [("experience", "experience"), ("work", "document"), ("error", "experience")]
)
def test_a_lead_is_made_of_what_a_visitor_told(log_in, reviewer, about, kind):
    message = written(
        3, about=about, text="Une caisse de Dangbo\nElle paie.", language="en", name="Awa", email="awa@example.org"
    )
    client = log_in(reviewer)
    assert f"/admin/leads/new/?message={message.pk}" in client.get(f"{LIST}edit/{message.pk}/").content.decode()
    answer = client.get(f"/admin/leads/new/?message={message.pk}")
    form, action = answer.context["form"], answer.context["action_url"]
    assert form["subject"].value() == "Une caisse de Dangbo Elle paie."
    assert (form["kind"].value(), form["language"].value()) == (kind, "en")
    assert form["interest"].value() == message.text
    assert "visitor" in form["where_heard"].value()
    assert form["heard_on"].value() == message.created_at.date()
    data = {name: form[name].value() or "" for name in form.fields} | {"heard_on": "2026-03-04"}
    assert client.post(action, data).status_code == 302
    lead = Lead.objects.get()
    assert (lead.message, lead.noted_by, lead.where_heard) == (message, reviewer, form["where_heard"].value())
    assert not any("awa" in str(value).lower() for value in vars(lead).values())
    html = client.get(f"{LIST}edit/{message.pk}/").content.decode()
    assert f"/admin/leads/edit/{lead.pk}/" in html and "Ouvrir une piste" not in html
    for screen in (f"edit/{lead.pk}", f"{lead.pk}/decide"):
        assert f"{LIST}edit/{message.pk}/" in client.get(f"/admin/leads/{screen}/").content.decode()
    message.refresh_from_db()
    assert not message.is_done


def test_a_visitors_words_do_not_become_public_fields_of_the_experience(tree, reviewer):
    message = written(text="Appelez-moi à Dangbo")
    lead = Lead.objects.create(noted_by=reviewer, message=message, **leads.told_by(message))
    draft = leads.decide(lead=lead, decision="snapshot_only", reason="", user=reviewer).becomes
    assert (draft.source, draft.summary_fr or "", lead.interest) == ("", "", "Appelez-moi à Dangbo")


def test_a_message_is_called_by_its_first_words_whatever_its_lines():
    assert str(VisitorMessage(text="Bonjour,\n\nune caisse de Dangbo")) == "Bonjour, une caisse de Dangbo"
    assert len(str(VisitorMessage(text="mot " * 100))) <= 90


def test_who_may_not_read_messages_makes_no_lead_of_one(log_in, author):
    message = written(text="Lettre confidentielle", email="awa@example.org")
    client = log_in(author)
    for query in (f"?message={message.pk}", "?message=0", "?message=" + "9" * 40, "?message=x", "?message=²"):
        answer = client.get(f"/admin/leads/new/{query}")
        assert answer.status_code == 200
        assert "confidentielle" not in answer.content.decode()
        assert "message=" not in answer.context["action_url"]
    data = {
        "kind": "experience",
        "subject": "Guide",
        "where_heard": "Radio",
        "heard_on": "2026-03-04",
        "language": "fr",
    }
    client.post(f"/admin/leads/new/?message={message.pk}", data)
    assert Lead.objects.get().message is None


def test_publishers_hear_of_a_message_each_in_their_language_and_not_from_whom(client, make_user, reviewer, author):
    for name, language in (("pia", "es"), ("paul", "fr")):
        user = make_user(name, setup.PUBLISHERS)
        UserProfile.objects.create(user=user, preferred_language=language)
    make_user("nobody", setup.PUBLISHERS, is_active=False)
    silent = make_user("silent", setup.PUBLISHERS)
    silent.email = ""
    silent.save()
    letter = {"about": "error", "text": "Lettre", "name": "Awa Diop", "email": "awa@example.org", "key": "k" * 24}
    for _time in range(2):  # the second is the same message
        client.post("/pt/message/", letter | {"reference": "STEP-EXP-00012"})
    message = VisitorMessage.objects.get()
    sent = {post.to[0].partition("@")[0]: post for post in mail.outbox}
    assert set(sent) == {"pia", "paul"} and len(mail.outbox) == 2
    assert sent["paul"].subject == "Message d’un visiteur\u00a0: Une erreur dans une fiche"
    assert "portugais" in sent["paul"].body and "portugués" in sent["pia"].body
    for post in mail.outbox:
        assert f"/admin/messages/edit/{message.pk}/" in post.body and "STEP-EXP-00012" in post.body
        for private in ("Awa", "awa@", "Lettre"):
            assert private not in post.body + post.subject


def test_an_administrator_hears_of_messages_only_where_a_group_says_so(client, administrator):
    client.post(FORM, {"about": "other", "text": "Bonjour"})
    assert mail.outbox == []
    administrator.groups.add(Group.objects.get(name=setup.PUBLISHERS))
    client.post(FORM, {"about": "other", "text": "Bonsoir"})
    assert [post.to for post in mail.outbox] == [[administrator.email]]


def test_name_and_address_are_forgotten_after_twelve_months_and_the_message_stays(tree):
    person = {"name": "Awa", "email": "awa@example.org", "phone": "+229 90 00"}
    old, called, recent = written(366, **person), written(366, phone="+229 90 00"), written(364, **person)
    call_command("keep_time", "--once")
    old.refresh_from_db()
    recent.refresh_from_db()
    called.refresh_from_db()
    assert (old.name, old.email, old.phone, old.text) == ("", "", "", "Une caisse de maraîchères")
    assert called.phone == ""
    assert (recent.name, recent.email, recent.phone) == ("Awa", "awa@example.org", "+229 90 00")


def test_a_clock_whose_messages_cannot_be_forgotten_goes_on(tree, monkeypatch):
    monkeypatch.setattr("portal.contact.receivers.forget_persons", lambda: 1 / 0)
    call_command("keep_time", "--once")
