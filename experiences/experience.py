"""Experiences: what was done somewhere to extend social protection, as a snapshot or in full (§35b)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from experiences.panels import EXPERIENCE_CHOICES, EXPERIENCE_HANDLER
from knowledge import vocabularies
from knowledge.items import Relative
from knowledge.models import KnowledgeItem
from knowledge.vocabularies import CodeField
from portal import languages, publication
from portal.fields import FigureField
from portal.models import PortalPageManager

PROSE = ["bold", "italic", "link", "ol", "ul"]
YEARS = [MinValueValidator(1800), MaxValueValidator(2100)]


class Experience(KnowledgeItem):
    """An experience. A snapshot takes ten minutes; the full record has what comparison and maps are drawn from."""

    class Depth(models.TextChoices):
        SNAPSHOT = "snapshot", _("Fiche courte")
        FULL = "full", _("Fiche complète")

    record_depth = models.CharField(_("profondeur"), max_length=10, choices=Depth, default=Depth.SNAPSHOT)
    local_name = models.CharField(_("nom local"), max_length=150, blank=True)
    acronym = models.CharField(_("sigle"), max_length=30, blank=True)
    scheme_status = CodeField(_("état actuel"), vocabulary="scheme_status", blank=True)
    start_year = models.PositiveSmallIntegerField(_("année de début"), null=True, blank=True, validators=YEARS)
    end_year = models.PositiveSmallIntegerField(
        _("année de fin"),
        null=True,
        blank=True,
        validators=YEARS,
        help_text=_("Vide : toujours en cours, ou inconnue."),
    )
    membership_mode = CodeField(_("adhésion"), vocabulary="membership_mode", blank=True)
    target_population = models.PositiveIntegerField(
        _("population visée"), null=True, blank=True, help_text=_("Nombre de personnes qui peuvent adhérer.")
    )
    problem = models.TextField(_("problème"), blank=True)
    objectives = models.TextField(_("objectifs"), blank=True)
    description = RichTextField(_("récit"), blank=True, features=PROSE)
    governance = models.TextField(_("gouvernance"), blank=True)
    link_to_national_system = models.TextField(_("lien avec le système national"), blank=True)
    gender_dimension = models.TextField(_("femmes et hommes"), blank=True)
    viable_without_aid = CodeField(_("viable sans aide extérieure"), vocabulary="tri_state", blank=True)
    viability_comment = models.TextField(_("viabilité : commentaire"), blank=True)
    transfer_verdict = CodeField(_("transférable"), vocabulary="transfer_verdict", blank=True)
    rare_context_factors = models.TextField(_("facteurs rares du contexte"), blank=True)
    documented_on = models.DateField(_("documentée le"), null=True, blank=True)

    objects = PortalPageManager()
    is_creatable = True
    parent_page_types = ["knowledge.ItemIndexPage"]
    subpage_types: list[str] = []
    template = "experiences/experience.html"
    REFERENCE_PREFIX = "STEP-EXP"
    LISTED = ("record_depth", "start_year", "end_year")  # what a list tells beside what it tells of every item
    MULTIPLE_CHOICES = EXPERIENCE_CHOICES
    edit_handler = EXPERIENCE_HANDLER

    class Meta:
        verbose_name = _("expérience")
        verbose_name_plural = _("expériences")

    @property
    def depth_label(self) -> str:
        return str(self.Depth(self.record_depth).label)

    @property
    def years(self) -> tuple[int | None, int | None]:
        return self.start_year, self.end_year

    @property
    def is_full(self) -> bool:
        """Whether this is a full record."""
        return self.record_depth == self.Depth.FULL

    def read_rows(self) -> None:
        super().read_rows()
        models.prefetch_related_objects([self], "indicators", "conditions")  # asked for twice

    def required_texts(self) -> list[str]:
        full = ["problem", "objectives", "description"] if self.is_full else []
        return [*super().required_texts(), *full]

    def required_parts(self) -> dict[str, tuple[bool, str]]:
        parts = super().required_parts() | {
            "modalities": (bool(self.codes("extension_modality")), gettext("Choisissez une modalité d’extension."))
        }
        if not self.is_full:
            return parts
        return parts | {
            "scheme_status": (bool(self.scheme_status), gettext("Indiquez l’état actuel.")),
            "start_year": (bool(self.start_year), gettext("Indiquez l’année de début.")),
            "documented_on": (bool(self.documented_on), gettext("Indiquez la date de documentation.")),
            "doc_methods": (
                bool(self.codes("doc_method")),
                gettext("Indiquez comment l’expérience a été documentée."),
            ),
            "involvements": (bool(self.involvements.all()), gettext("Indiquez qui prend part, et comment.")),
            "conditions": (bool(self.conditions.all()), gettext("Indiquez au moins une condition.")),
            "strengths": (bool(self.strengths.all()), gettext("Indiquez au moins une force.")),
            "weaknesses": (bool(self.weaknesses.all()), gettext("Indiquez au moins une faiblesse.")),
            "lessons": (bool(self.lessons.all()), gettext("Indiquez au moins une leçon.")),
            "contributors": (bool(self.contributors.all()), gettext("Indiquez au moins un contributeur.")),
        }

    def wanted_texts(self) -> list[str]:
        full = ["governance", "link_to_national_system", "gender_dimension", "viability_comment"]
        return full if self.is_full else []

    def wanted_parts(self) -> dict[str, bool]:
        parts = super().wanted_parts() | {
            "start_year": bool(self.start_year),
            "scheme_status": bool(self.scheme_status),
            "membership_mode": bool(self.membership_mode),
        }
        if not self.is_full:
            return parts
        return parts | {
            "exclusion_causes": bool(self.codes("exclusion_cause")),
            "risk_measures": bool(self.codes("risk_measure")),
            "viable_without_aid": bool(self.viable_without_aid),
            "transfer_verdict": bool(self.transfer_verdict),
            "indicators": bool(self.indicators.all()),
            "value_assessments": bool(self.value_assessments.all()),
        }

    def lost_with_it(self) -> list[str]:
        """Return, for each lead that became the experience, that it will be to decide again."""
        sentence = gettext("Cette expérience vient de la piste « %(lead)s » : celle-ci sera de nouveau à décider.")
        return [*super().lost_with_it(), *(sentence % {"lead": lead.subject} for lead in self.leads.all())]

    def impossible_values(self) -> list[publication.Missing]:
        wrong = super().impossible_values()
        if self.start_year and self.end_year and self.end_year < self.start_year:
            text = gettext("%(end)d précède %(start)d, l’année de début.") % {
                "end": self.end_year,
                "start": self.start_year,
            }
            wrong.append(publication.Missing("end_year", text))
        if self.documented_on and self.review_due_on and self.review_due_on < self.documented_on:
            text = gettext("La fiche a été documentée après cette date.")
            wrong.append(publication.Missing("review_due_on", text))
        return wrong

    def lineage(self, user: Any) -> tuple[list[Relative], list[Relative]]:
        """Return the same with the studies that name this experience, whether or not they link to it as well."""
        origins, offspring = super().lineage(user)
        if not self.pk:
            return origins, offspring
        linked = [one.page.pk for one in (*origins, *offspring)]
        naming = KnowledgeItem.objects.visible_to(user).filter(study__study_experiences__experience=self.pk)
        studies = naming.exclude(pk__in=linked).order_by("path")
        documents = vocabularies.label("link_type", "documents")
        return origins, [*offspring, *(Relative(documents, study) for study in studies)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the field sheet in the visitor's language to the files."""
        context = super().get_context(request, *args, **kwargs)
        sheets = self.sheets.filter(language=languages.active()) if self.pk else []  # a preview may have no row yet
        return context | {"files": [*context["files"], *sheets]}

    def indicator_series(self) -> list[tuple[Indicator, list[Indicator]]]:
        """Return the values of each indicator, oldest first, with one of them for its label, unit and source."""
        series: dict[tuple[str, str], list[Indicator]] = {}
        for row in (row for row in self.indicators.all() if row.year and row.value is not None):
            series.setdefault((row.indicator, row.unit), []).append(row)
        return [(rows[0], sorted(rows, key=lambda row: row.year)) for rows in series.values()]

    def condition_counts(self) -> dict[str, int]:
        """Return how many conditions helped, hindered, and are rare elsewhere."""
        rows = list(self.conditions.all())
        effects = Counter(row.effect for row in rows)
        return {
            "enabling": effects[Condition.Effect.ENABLING],
            "hindering": effects[Condition.Effect.HINDERING],
            "rare": sum(row.rare for row in rows),
        }


class Condition(Orderable):
    """Something in the context that helped or hindered; a rare one makes the experience less transferable (§41)."""

    class Effect(models.TextChoices):
        ENABLING = "enabling", _("favorable")
        HINDERING = "hindering", _("défavorable")

    page = ParentalKey(Experience, on_delete=models.CASCADE, related_name="conditions")
    factor = CodeField(_("facteur"), vocabulary="condition_factor")
    effect = models.CharField(_("effet"), max_length=10, choices=Effect, default=Effect.ENABLING)
    rare = models.BooleanField(_("rare ailleurs"), default=False)
    text = models.TextField(_("explication"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")


class SeenBy(models.TextChoices):
    """Whose eyes see a strength or a weakness."""

    MEMBERS = "members", _("les membres")
    COMPILER = "compiler", _("l’auteur de la fiche")


class Strength(Orderable):
    """A strength."""

    page = ParentalKey(Experience, on_delete=models.CASCADE, related_name="strengths")
    seen_by = models.CharField(_("selon"), max_length=10, choices=SeenBy, default=SeenBy.COMPILER)
    text = models.TextField(_("force"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("force")
        verbose_name_plural = _("forces")


class Weakness(Orderable):
    """A weakness, and the way to overcome it."""

    page = ParentalKey(Experience, on_delete=models.CASCADE, related_name="weaknesses")
    seen_by = models.CharField(_("selon"), max_length=10, choices=SeenBy, default=SeenBy.COMPILER)
    text = models.TextField(_("faiblesse"), blank=True)
    remedy = models.TextField(_("comment la surmonter"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("faiblesse")
        verbose_name_plural = _("faiblesses et remèdes")


class ExperienceLesson(Orderable):
    """A lesson that others can use."""

    page = ParentalKey(Experience, on_delete=models.CASCADE, related_name="lessons")
    text = models.TextField(_("leçon"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("leçon")
        verbose_name_plural = _("leçons")


class Indicator(Orderable):
    """The value of an indicator in a year; unknown is left out, never zero."""

    page = ParentalKey(Experience, on_delete=models.CASCADE, related_name="indicators")
    indicator = CodeField(_("indicateur"), vocabulary="indicator")
    # Empty in a draft only: publication asks for both.
    year = models.PositiveSmallIntegerField(_("année"), null=True, validators=YEARS)
    value = FigureField(_("valeur"), max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(_("unité"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=255)

    class Meta(Orderable.Meta):
        verbose_name = _("valeur d’indicateur")
        verbose_name_plural = _("indicateurs par année")


class Involvement(Orderable):
    """Who takes part in a phase, and how much."""

    page = ParentalKey(Experience, on_delete=models.CASCADE, related_name="involvements")
    phase = CodeField(_("étape"), vocabulary="involvement_phase")
    level = CodeField(_("participation"), vocabulary="involvement_level")
    who = models.TextField(_("qui, et comment"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("participation")
        verbose_name_plural = _("participation des membres")


class ValueAssessment(Orderable):
    """How far one of the programme's values is lived (§57-62)."""

    page = ParentalKey(Experience, on_delete=models.CASCADE, related_name="value_assessments")
    criterion = CodeField(_("valeur"), vocabulary="value_criterion")
    rating = CodeField(_("appréciation"), vocabulary="rating4")
    comment = models.TextField(_("commentaire"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("appréciation d’une valeur")
        verbose_name_plural = _("valeurs")
