"""Studies: case studies and syntheses, each naming the experiences that it studies (§35b)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.url_routing import RouteResult

from experiences.chapters import ChapterBlock, make_renditions
from experiences.experience import YEARS, Experience
from experiences.panels import STUDY_CHOICES, STUDY_HANDLER
from knowledge import presentation
from knowledge.models import KnowledgeItem
from portal.models import PortalPageManager


class Study(KnowledgeItem):
    """A case study or a synthesis; a long one is read in chapters, each with its address."""

    class Kind(models.TextChoices):
        CASE_STUDY = "case_study", _("Étude de cas")
        SYNTHESIS = "synthesis", _("Synthèse")

    study_kind = models.CharField(_("type d’étude"), max_length=12, choices=Kind, default=Kind.CASE_STUDY)
    year = models.PositiveSmallIntegerField(_("année"), null=True, blank=True, validators=YEARS)
    questions = models.TextField(_("questions"), blank=True)
    method = models.TextField(_("méthode"), blank=True)
    body = StreamField([("chapter", ChapterBlock())], verbose_name=_("chapitres"), blank=True)

    objects = PortalPageManager()
    is_creatable = True
    parent_page_types = ["knowledge.ItemIndexPage"]
    subpage_types: list[str] = []
    template = "experiences/study.html"
    REFERENCE_PREFIX = "STEP-STU"
    LISTED = ("study_kind", "year")
    MULTIPLE_CHOICES = STUDY_CHOICES
    edit_handler = STUDY_HANDLER

    class Meta:
        verbose_name = _("étude")
        verbose_name_plural = _("études")

    @property
    def kind(self) -> str:
        return self.study_kind

    @property
    def kind_label(self) -> str:
        return str(self.Kind(self.study_kind).label)

    @property
    def years(self) -> tuple[int | None, int | None]:
        return self.year, self.year

    @property
    def published_year(self) -> int | None:
        return self.year or super().published_year

    def required_texts(self) -> list[str]:
        return [*super().required_texts(), "questions", "method", "body"]

    def required_parts(self) -> dict[str, tuple[bool, str]]:
        return super().required_parts() | {
            "study_experiences": (
                bool(self.study_experiences.all()),
                gettext("Nommez au moins une expérience étudiée."),
            ),
            "contributors": (bool(self.contributors.all()), gettext("Indiquez au moins un auteur.")),
            "lessons": (bool(self.lessons.all()), gettext("Indiquez au moins une leçon.")),
        }

    def wanted_parts(self) -> dict[str, bool]:
        return super().wanted_parts() | {"year": bool(self.year), "files": bool(self.files.all())}

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Add to the study's own address those of its chapters from the second on: `…/2/`."""
        if self.live and len(path_components) == 1 and path_components[0].isdecimal() and len(path_components[0]) < 4:
            return RouteResult(self, kwargs={"chapter": int(path_components[0])})
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, chapter: int = 1, **kwargs: Any) -> dict[str, Any]:
        """Add the chapter shown and its neighbours. Raises Http404 for a chapter that the study lacks."""
        context = super().get_context(request, **kwargs)
        chapters = list(enumerate((block.value for block in context["item"].body), start=1))
        if chapter != 1 and not 1 < chapter <= len(chapters):
            raise Http404
        return context | {
            "experiences": self.public_experiences(request.user),
            "chapters": chapters,
            "number": chapter,
            "chapter": chapters[chapter - 1][1] if chapters else None,
            "previous": chapters[chapter - 2] if chapter > 1 else None,
            "next": chapters[chapter] if chapter < len(chapters) else None,
        }

    def public_experiences(self, user: Any) -> list[Experience]:
        """Return the experiences studied that `user` may see, in the author's order."""
        ids = [row.experience_id for row in self.study_experiences.all()]
        pages = Experience.objects.visible_to(user).only(*presentation.READ, *Experience.LISTED).in_bulk(ids)
        return [pages[pk] for pk in ids if pk in pages]


class StudyExperience(Orderable):
    """An experience that a study is about."""

    page = ParentalKey(Study, on_delete=models.CASCADE, related_name="study_experiences")
    experience = models.ForeignKey(
        Experience, on_delete=models.PROTECT, related_name="studied_in", verbose_name=_("expérience")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("expérience étudiée")
        verbose_name_plural = _("expériences étudiées")


class StudyLesson(Orderable):
    """A lesson of a study."""

    page = ParentalKey(Study, on_delete=models.CASCADE, related_name="lessons")
    text = models.TextField(_("leçon"), blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("leçon")
        verbose_name_plural = _("leçons")


@task()
def make_pictures(page_id: int) -> None:
    """Make the pictures of a study that is still public, in the sizes in which they are shown. May be run again at any time."""
    page = Study.objects.visible_to(None).filter(pk=page_id).first()
    if page is not None:
        for language in page.whole_languages:
            make_renditions(getattr(page, f"body_{language}"))
