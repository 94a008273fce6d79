"""Accounts: log-in is throttled, no answer tells who has an account, the demonstration's accounts open nothing elsewhere."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django_tasks_db.models import DBTaskResult
from wagtail.users.models import UserProfile

from portal.demo import accounts
from portal.users import passwords
from portal.users.backends import client_address
from portal.users.wrong_passwords import PER_ADDRESS
from tests.conftest import PASSWORD

User = get_user_model()
LOG_IN, RESET = "/admin/login/", "/admin/password_reset/"


def try_password(client, username: str, password: str = "wrong", address: str = "192.0.2.1"):  # noqa: S107
    return client.post(LOG_IN, {"username": username, "password": password}, REMOTE_ADDR=address)


def test_an_account_is_closed_for_a_while_after_wrong_passwords_from_anywhere(client, author):
    for number in range(8):
        answer = try_password(client, "awa", address=f"192.0.2.{number}")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert try_password(client, "awa", PASSWORD, "198.51.100.1").status_code == 429
    assert "Trop d’essais" in try_password(client, "awa", PASSWORD).content.decode()


def test_an_address_is_closed_for_a_while_after_wrong_passwords_for_anybody(client, author, reviewer):
    for number in range(PER_ADDRESS):
        answer = try_password(client, f"somebody{number}")
    assert answer.status_code == 429
    assert try_password(client, "awa", PASSWORD).status_code == 429
    assert try_password(client, "rokia", PASSWORD, "198.51.100.1").status_code == 302


def test_an_office_behind_one_address_is_not_closed_by_one_of_its_people(client, author, reviewer):
    for number in range(PER_ADDRESS + 10):
        client.defaults["HTTP_USER_AGENT"] = f"browser {number % 7}"
        answer = try_password(client, "awa")
    assert answer.status_code == 429
    assert try_password(client, "rokia", PASSWORD).status_code == 302


def test_a_closed_account_costs_no_hash(client, author, monkeypatch):
    for _number in range(8):
        try_password(client, "awa")

    def hashed(*args, **kwargs):
        raise AssertionError("a password was hashed")

    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.encode", hashed)
    assert try_password(client, "awa", PASSWORD).status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_address_is_what_a_trusted_proxy_wrote(rf, settings, proxies, forwarded, address):

    settings.PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


def test_a_link_sets_a_password_once(client, author):
    assert client.post(RESET, {"email": "AWA@example.org"}).status_code == 302
    (message,) = mail.outbox
    assert message.to == ["awa@example.org"]
    link = re.search(r"https?://[^/]+(/admin/password_reset/confirm/\S+)", message.body).group(1)
    form = client.get(link, follow=True)
    data = {"new_password1": "une-phrase-assez-longue", "new_password2": "une-phrase-assez-longue"}
    assert client.post(form.request["PATH_INFO"], data).status_code == 302
    assert try_password(client, "awa", "une-phrase-assez-longue").status_code == 302
    assert "new_password1" not in Client().get(link, follow=True).content.decode()


def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(client, author, count_queries, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    answers, work = [], []
    for email in ("awa@example.org", "nobody@example.org"):
        work.append(count_queries(lambda email=email: answers.append(client.post(RESET, {"email": email}))))
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url
    assert work[0] == work[1]
    assert mail.outbox == []


def test_an_account_gets_one_link_in_five_minutes(client, author):
    for _number in range(3):
        client.post(RESET, {"email": "awa@example.org"})
    assert len(mail.outbox) == 1


def test_a_visitor_who_asks_for_many_links_gets_the_same_answer_and_no_more_work_done(client, author, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    answers = {client.post(RESET, {"email": f"somebody{number}@example.org"}).status_code for number in range(25)}
    assert answers == {302}
    assert DBTaskResult.objects.filter(task_path="portal.users.passwords.send_link").count() == passwords.PER_HOUR


def test_the_link_is_in_the_language_of_the_account(client, author):
    profile = UserProfile.get_for_user(author)
    profile.preferred_language = "fr"
    profile.save()
    client.post(RESET, {"email": "awa@example.org"}, headers={"Accept-Language": "en"})
    assert mail.outbox[0].subject == "Votre mot de passe"


def test_the_link_does_not_follow_the_host_of_the_request(client, author, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": "awa@example.org"}, headers={"Host": "evil.example"})
    assert "evil.example" not in mail.outbox[0].body


def test_an_administrator_makes_an_account_that_chooses_its_password_by_mail(log_in, administrator):
    data = {
        "username": "fatou",
        "email": "fatou@example.org",
        "first_name": "Fatou",
        "last_name": "Ba",
        "preferred_language": "en",
    }
    groups = [Group.objects.get(name="Rédaction").pk]
    answer = log_in(administrator).post("/admin/users/new/", data | {"groups": groups})
    assert answer.status_code == 302, answer.context["form"].errors
    user = User.objects.get(username="fatou")
    assert user.has_perm("wagtailadmin.access_admin") and not user.has_usable_password()
    assert UserProfile.get_for_user(user).preferred_language == "en"
    assert mail.outbox[0].to == ["fatou@example.org"]


@pytest.mark.parametrize("email", ["awa@example.org", "AWA@Example.org"])
def test_two_accounts_never_share_an_address(log_in, administrator, author, email):
    data = {"username": "other", "email": email, "first_name": "A", "last_name": "B", "preferred_language": "fr"}
    answer = log_in(administrator).post("/admin/users/new/", data)
    assert answer.status_code == 200
    assert "email" in answer.context["form"].errors
    assert not User.objects.filter(username="other").exists()


def test_an_author_makes_no_account(log_in, author):
    log_in(author).post("/admin/users/new/", {"username": "x", "email": "x@example.org"})
    assert not User.objects.filter(username="x").exists()


def test_a_session_ends_on_log_out(log_in, author):
    client = log_in(author)
    cookie = client.cookies["sessionid"].value
    client.post("/admin/logout/")
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get("/admin/").status_code == 302


def test_other_sessions_end_when_the_password_changes(log_in, author):
    log_in(author)
    other = Client()
    try_password(other, "awa", PASSWORD)
    assert other.get("/admin/").status_code == 200
    author.refresh_from_db()
    author.set_password("une-phrase-assez-longue")
    author.save()
    assert other.get("/admin/").status_code == 302


def test_the_accounts_of_the_demonstration_have_a_role_each(client, tree):
    accounts.make()
    accounts.make()
    assert User.objects.count() == len(accounts.ACCOUNTS)
    for account in accounts.ACCOUNTS:
        assert try_password(client, account.username, accounts.PASSWORD).status_code == 302
        assert client.get("/admin/").status_code == 200
        client.post("/admin/logout/")


def test_the_accounts_of_the_demonstration_open_nothing_in_production(client, tree, settings):
    accounts.make()
    settings.DEMO = False
    for account in accounts.ACCOUNTS:
        try_password(client, account.username, accounts.PASSWORD, f"192.0.2.{len(account.username)}")
        assert "_auth_user_id" not in client.session
    with pytest.raises(ImproperlyConfigured):
        accounts.make()


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Accueil"), ("en", "Home"), ("es", "Inicio"), ("pt-pt", "Início")]
)
def test_staff_work_in_their_language(log_in, author, language, word):
    profile = UserProfile.get_for_user(author)
    profile.preferred_language = language
    profile.save()
    answer = log_in(author).get("/admin/leads/")
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()
    assert word in answer.content.decode()


def test_log_in_and_the_staffs_home_send_nobody_to_other_sites(client, log_in, author):
    pages = [client.get(LOG_IN).content.decode(), log_in(author).get("/admin/").content.decode()]
    for page in pages:
        assert not re.findall(r'href="https?://(?!testserver|www.enable-javascript)[^"]+', page)
        assert "<title>" in page and "Wagtail" not in re.search(r"<title>(.*?)</title>", page, re.DOTALL).group(1)


@pytest.mark.parametrize("path", ["/fr/_util/login/", "/fr/_util/authenticate_with_password/1/1/"])
def test_there_is_one_way_to_log_in(client, tree, path):
    assert client.get(path).status_code == 404
