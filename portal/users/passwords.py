"""Links to choose a password. Neither answer, nor time, nor a mail to somebody else tells whether an address is known."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language, override
from django_tasks import task
from wagtail.admin.forms import auth
from wagtail.users.models import UserProfile

from portal import throttling
from portal.users.models import User

PAUSE = 5 * 60  # seconds between two links to one account
PER_HOUR = 20  # links that one visitor may ask for; more get the same answer and no mail


class PasswordResetForm(auth.PasswordResetForm):
    """Leaves to the worker whether there is an account: the page does the same work for every address."""

    def save(self, request: HttpRequest, **options: Any) -> None:
        if not throttling.exceeded("password-link", request, PER_HOUR):
            ask_link(email=self.cleaned_data["email"])


def ask_link(*, email: str) -> None:
    """Have a link sent to the account of an address, where there is one; part of the transaction that is open."""
    send_link.enqueue(email, get_language() or "")


@task()
def send_link(email: str, language: str) -> None:
    """Send a link that sets a password to the account of an address, at most one every `PAUSE` seconds."""
    for user in User.objects.filter(email__iexact=email, is_active=True):
        if cache.add(f"password-link-{user.pk}", True, PAUSE):
            with override(UserProfile.get_for_user(user).preferred_language or language):
                context = {
                    "user": user,
                    "uid": urlsafe_base64_encode(force_bytes(user.pk)),
                    "token": default_token_generator.make_token(user),
                }
                subject = render_to_string("portal/mail/password_subject.txt", context).strip()
                send_mail(subject, render_to_string("portal/mail/password.txt", context), None, [user.email])
