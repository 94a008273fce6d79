"""What accounts add to Wagtail's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from portal.users import passwords
from portal.users.models import User


@hooks.register("after_create_user")
def invite(request: HttpRequest, user: User) -> None:
    """Send a link to choose a password to whom the administrator gave none."""
    if not user.password:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        passwords.ask_link(email=user.email)
        messages.info(request, _("%(email)s reçoit un lien pour choisir un mot de passe.") % {"email": user.email})
