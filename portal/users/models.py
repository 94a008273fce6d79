"""Accounts. Staff accounts are made by an administrator; members' come with the networks."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who can log in; the e-mail address is unique, so that a password can be reset."""

    email = models.EmailField(_("adresse électronique"), unique=True)

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("email"), name="unique_email_in_any_case")]

    def clean(self) -> None:
        """Refuse an address that another account has, in whatever case."""
        super().clean()
        if User.objects.filter(email__iexact=self.email).exclude(pk=self.pk).exists():
            raise ValidationError({"email": _("Un autre compte a déjà cette adresse électronique.")})
