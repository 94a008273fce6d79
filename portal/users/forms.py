"""Forms of accounts: log-in, and what an administrator says of a member of staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import auth
from wagtail.admin.localization import get_available_admin_languages
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.models import UserProfile

from portal.users.models import User


class LoginForm(auth.LoginForm):
    """Wagtail's, with all its labels translated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Mot de passe")


class LanguageMixin(forms.Form):
    """Asks in which language a person works and gets mail."""

    preferred_language = forms.ChoiceField(
        label=_("Langue"),
        choices=get_available_admin_languages,
        help_text=_("Celle de l’espace de travail et des messages."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["preferred_language"].initial = UserProfile.get_for_user(self.instance).get_preferred_language()

    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        profile = UserProfile.get_for_user(user)
        profile.preferred_language = self.cleaned_data["preferred_language"]
        profile.save()
        return user


class StaffCreationForm(LanguageMixin, UserCreationForm):
    """A new account; without a password its holder gets a link to choose one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("Laissez vide : la personne reçoit un lien pour choisir le sien.")


class StaffEditForm(LanguageMixin, UserEditForm):
    """An account."""
