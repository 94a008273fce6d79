"""Accounts. Staff accounts are made by an administrator; members' come with the networks."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who can log in; the e-mail address is unique, so that a password can be reset."""

    email = models.EmailField(_("adresse électronique"), unique=True)
