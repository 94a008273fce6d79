"""A message of a visitor, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.encoding import uri_to_iri
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from portal import languages

MAX_TEXT = 5_000
MAX_REFERENCE = 40
MAX_ADDRESS = 500
MAX_NAME = 200
MAX_PHONE = 40
# Characters of a message by which staff know it in a list.
EXCERPT = 90
#: How long we keep who wrote; the page on personal data says so.
PERSON_KEPT = timedelta(days=365)


class VisitorMessageQuerySet(models.QuerySet):
    """What may be asked of messages: staff only, no page of the public site shows one."""

    def open(self) -> VisitorMessageQuerySet:
        """Keep what nobody has dealt with yet."""
        return self.filter(done_at=None)

    def done(self) -> VisitorMessageQuerySet:
        """Keep what was dealt with."""
        return self.exclude(done_at=None)

    def with_person_to_forget(self) -> VisitorMessageQuerySet:
        """Keep what says who wrote although it was written too long ago to say so."""
        return self.filter(created_at__lt=timezone.now() - PERSON_KEPT).exclude(name="", email="", phone="")


class VisitorMessage(models.Model):
    """What a visitor wrote, about what, from which page; and what staff did about it."""

    class About(models.TextChoices):
        """What a message speaks of."""

        EXPERIENCE = "experience", _("Une expérience à signaler")
        WORK = "work", _("Une recherche, un outil ou une publication à signaler")
        ADAPTATION = "adaptation", _("Une adaptation à raconter")
        ERROR = "error", _("Une erreur dans une fiche")
        LINK = "link", _("Un lien rompu")
        OTHER = "other", _("Autre chose")

    about = models.CharField(_("sujet"), max_length=20, choices=About, default=About.OTHER)
    text = models.TextField(_("message"), max_length=MAX_TEXT)
    reference = models.CharField(_("fiche"), max_length=MAX_REFERENCE, blank=True)
    address = models.CharField(_("page"), max_length=MAX_ADDRESS, blank=True)
    name = models.CharField(_("nom"), max_length=MAX_NAME, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=MAX_PHONE, blank=True)
    #: Of the page with the form; the text may be in another one.
    language = models.CharField(_("langue"), max_length=5, choices=settings.LANGUAGES, default=languages.active)
    created_at = models.DateTimeField(_("reçu le"), default=timezone.now, db_index=True, editable=False)
    #: The form and its content: what is sent twice is one message.
    sent_as = models.CharField(max_length=64, unique=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="messages_done"
    )
    note = models.TextField(_("note de l’équipe"), blank=True)

    objects = VisitorMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message de visiteur")
        verbose_name_plural = _("messages de visiteurs")
        permissions = [("hear_of_visitormessage", _("Reçoit un courriel à chaque message d’un visiteur"))]

    def __str__(self) -> str:
        return Truncator(" ".join(self.text.split())).chars(EXCERPT)

    @property
    def readable_address(self) -> str:
        """The page as people read it: accents and spaces are not percent signs."""
        return str(uri_to_iri(self.address))

    @property
    def is_done(self) -> bool:
        """Whether somebody has dealt with it."""
        return self.done_at is not None
