"""Leads: experiences, documents and actors heard of, and what was decided about them (§35a)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log, registry
from wagtail.search import index

from experiences.experience import Experience
from experiences.lead_mails import tell_answer, tell_decision
from knowledge.items import today_anywhere
from knowledge.models import ItemIndexPage, Place
from knowledge.vocabularies import CodeField
from portal import countries, languages
from portal.contact.models import VisitorMessage

MAX_SUBJECT = 255
RETAINED = ("to_capitalise", "snapshot_only")
REFUSED = ("duplicate", "no")
DECIDED = (*RETAINED, *REFUSED)
# What `decide` and `reopen` write, and nobody else.
DECISION_FIELDS = ("decision", "reason", "decided_by", "decided_at", "becomes")
ASKED = "ask"  # who reported the lead is to say more; until then it stays in the queue


class LeadQuerySet(models.QuerySet):
    """What may be asked of leads: staff only, no page of the public site shows one."""

    def to_decide(self) -> LeadQuerySet:
        """Keep the leads without a final decision, those to be watched included."""
        return self.exclude(decision__in=DECIDED)


class LeadDecided(Exception):
    """Raised when a lead that became an experience is decided anew."""


class Lead(index.Indexed, models.Model):
    """Something worth knowing more about, with its source; a decision says what becomes of it, by whom, when and why."""

    kind = CodeField(_("nature"), vocabulary="lead_kind", default="experience")
    subject = models.CharField(_("sujet"), max_length=MAX_SUBJECT)
    language = models.CharField(
        _("langue de la note"), max_length=5, choices=settings.LANGUAGES, default=languages.active
    )
    country = models.CharField(_("pays"), max_length=2, choices=countries.choices, blank=True)
    where_heard = models.TextField(_("source"), help_text=_("Où et par qui vous en avez entendu parler."))
    heard_on = models.DateField(
        _("appris le"), default=timezone.localdate, validators=[MaxValueValidator(today_anywhere)]
    )
    contact = models.TextField(_("contact"), blank=True, help_text=_("Nom, téléphone, adresse : jamais publié."))
    interest = models.TextField(
        _("intérêt"), blank=True, help_text=_("Pourquoi cela compte ; à quel besoin cela répond.")
    )
    message = models.ForeignKey(
        VisitorMessage,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="leads",
        verbose_name=_("message de visiteur"),
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="leads_noted"
    )
    noted_at = models.DateTimeField(auto_now_add=True)
    decision = CodeField(_("décision"), vocabulary="lead_decision", blank=True, editable=False)
    reason = models.TextField(_("motif"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="leads_decided"
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    becomes = models.ForeignKey(
        Experience, null=True, editable=False, on_delete=models.SET_NULL, related_name="leads", verbose_name=_("devenu")
    )

    objects = LeadQuerySet.as_manager()
    search_fields = [index.SearchField("subject"), index.AutocompleteField("subject"), index.SearchField("where_heard")]

    class Meta:
        ordering = ["-noted_at"]
        verbose_name = _("piste")
        verbose_name_plural = _("pistes")
        permissions = [("decide_lead", _("Peut décider d’une piste"))]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_to_decide(self) -> bool:
        """Whether the queue still holds it."""
        return self.decision not in DECIDED

    @property
    def is_to_be_completed(self) -> bool:
        """Whether who reported it was asked for details."""
        return self.decision == ASKED


def told_by(message: VisitorMessage) -> dict[str, Any]:
    """Return what the form of a new lead holds when it is made of a visitor's message, in the language of that message.

    Who wrote is not taken over: more people read leads, and a lead is kept. The message that it names says who.
    """
    with override(message.language):
        source = gettext("Message d’un visiteur du portail, %(date)s") % {"date": date_format(message.created_at)}
    return {
        "kind": "document" if message.about == VisitorMessage.About.WORK else "experience",
        "subject": str(message),
        "language": message.language,
        "where_heard": source,
        "heard_on": timezone.localdate(message.created_at),
        "interest": message.text,
    }


@transaction.atomic
def decide(*, lead: Lead, decision: str, reason: str, user: Any, author: Any = None) -> Lead:
    """Record what becomes of a lead, by whom, when and why; a retained one opens an experience prefilled from it.

    `decision` is a code of the vocabulary "lead_decision"; `author` is who will write the experience (default: `user`).
    Who reported the lead and who will write are told by mail. Deciding twice the same opens one experience, and tells once.
    Raises `ValidationError` when a refusal gives no reason or a question is not put, `LeadDecided` when the lead has already
    become an experience and would now be refused.
    """
    if problem := reason_missing(decision, reason):
        raise ValidationError({"reason": problem})
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if lead.becomes_id and decision not in RETAINED:
        raise LeadDecided(gettext("Cette piste est déjà devenue une expérience."))
    is_news = (lead.decision, lead.reason) != (decision, reason)
    lead.decision, lead.reason = decision, reason
    lead.decided_by, lead.decided_at = user, timezone.now()
    writer = None
    if decision in RETAINED and not lead.becomes_id:
        writer = author or user
        lead.becomes = open_experience(lead=lead, user=user, author=writer)
    lead.save()
    log(instance=lead, action="experiences.decide", user=user, data={"decision": decision, "reason": reason})
    if is_news or writer:
        tell_decision(lead=lead, user=user, author=writer)
    return lead


@transaction.atomic
def answer(*, lead: Lead, user: Any) -> None:
    """Tell who asked for details about a lead that `user` has changed it: once, until details are asked for again.

    That it was told is kept in the lead's history. Who corrects a lead about which they asked themselves is told nothing.
    """
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    if not lead.is_to_be_completed or lead.decided_by in (None, user):
        return
    answers = registry.get_logs_for_instance(lead).filter(action="experiences.answer", timestamp__gte=lead.decided_at)
    if answers.exists():
        return
    log(instance=lead, action="experiences.answer", user=user)
    tell_answer(lead=lead, user=user)


def reason_missing(decision: str, reason: str) -> str:
    """Return what is to be said with a decision and is not; empty where nothing is missing."""
    if reason.strip():
        return ""
    if decision == ASKED:
        return gettext("Écrivez votre question : elle part par courriel à qui a signalé cette piste.")
    if decision in REFUSED:
        return gettext("Dites pourquoi : qui a signalé cette piste voudra le savoir.")
    return ""


@transaction.atomic
def reopen(*, experience: Experience) -> None:
    """Bring the leads that became an experience back to the queue, with a trace in their history: it is being deleted."""
    title = experience.title_in(experience.original_language)
    for lead in Lead.objects.select_for_update().filter(becomes=experience):
        lead.decision, lead.reason, lead.becomes = "", "", None
        lead.decided_by, lead.decided_at = None, None
        lead.save()
        log(instance=lead, action="experiences.reopen", data={"experience": title})


def open_experience(*, lead: Lead, user: Any, author: Any) -> Experience:
    """Create the draft of an experience from a lead, in its language: title, country and source are taken over.

    Where a visitor told of it, the source and the summary wait to be written: the visitor's words were not meant for the public.
    """
    language = lead.language
    depth = Experience.Depth.FULL if lead.decision == "to_capitalise" else Experience.Depth.SNAPSHOT
    experience = Experience(live=False, original_language=language, owner=author, record_depth=depth)
    setattr(experience, f"title_{language}", lead.subject)
    if not lead.message_id:
        experience.source = lead.where_heard
        setattr(experience, f"summary_{language}", lead.interest[:600])
    if lead.country:
        experience.places = [Place(country=lead.country)]
    ItemIndexPage.objects.get(slug="experiences").add_child(instance=experience)
    experience.save_revision(user=user, log_action=True, clean=False)
    return experience
