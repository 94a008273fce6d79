"""The base of every page: one page, one address, all languages (docs/architecture.md, "Languages")."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    AbstractPage,
    PageManager,
    PageViewRestriction,
    Revision,
    Task,
    Workflow,
    WorkflowState,
)
from wagtail.models.pages import (
    AbstractPageMeta,
    DefaultBasePageMixin,
    PagePermissionTester,
)
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from portal import languages, publication, references
from portal.languages import PUBLIC, WHOLE, InLanguage, State


class PortalPageQuerySet(PageQuerySet):
    """What may be asked of pages."""

    def visible_to(self, user: Any) -> PortalPageQuerySet:
        """Keep the pages that `user` may see on the public site; the only rule of visibility (docs/architecture.md)."""
        return self.live()


PortalPageManager = PageManager.from_queryset(PortalPageQuerySet)


class PortalPagePermissionTester(PagePermissionTester):
    """Wagtail's permissions, without its page privacy: there is one rule of visibility, not two."""

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Whoever does not publish deletes only own drafts, those not under review: the right to change covers texts."""
        if not super().can_delete(ignore_bulk):
            return False
        if self.user.is_superuser or "publish" in self.permissions:
            return True
        own_draft = self.page.owner_id == self.user.pk and not self.page.first_published_at
        under_review = self.page.workflow_in_progress or self.page_locked()
        return own_draft and self.page.is_leaf() and not under_review


class PortalPage(AbstractPage, DefaultBasePageMixin):
    """A page whose texts have languages; every page type derives from it.

    The live row holds public languages only: what is being translated is in the latest revision, and publishing copies to the
    row what is public. Base columns (`title`, `draft_title`) always hold the original language, whoever saves.
    """

    original_language = models.CharField(
        _("langue d’origine"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    language_state = models.CharField(_("état de la traduction"), max_length=10, choices=State, default=State.NONE)
    translated_from = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    change_significance = models.CharField(
        _("portée de cette modification"),
        max_length=10,
        default=publication.DEFAULT_SIGNIFICANCE,
        choices=publication.SIGNIFICANCES,
        help_text=_(
            "Si le texte d’origine a changé : « mineure » laisse les traductions en place, « à retraduire » les signale "
            "comme dépassées, « périme les traductions » les retire du site jusqu’à leur mise à jour."
        ),
    )

    objects = PortalPageManager()
    search_fields = [
        *AbstractPage.search_fields,
        *DefaultBasePageMixin.search_fields,
        *(index.SearchField(f"title_{code}", boost=2) for code in languages.LANGUAGES),
        *(index.AutocompleteField(f"title_{code}") for code in languages.LANGUAGES),
    ]
    private_page_options: list[str] = []
    is_creatable = False

    class Meta(AbstractPageMeta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.title_in(languages.active())

    # --- Languages ------------------------------------------------------------------------------------------------

    def state_of(self, language: str) -> str:
        """Return the `State` of a language; that of the original is "published" as soon as the page is."""
        if language == self.original_language:
            return State.PUBLISHED
        return getattr(self, f"language_state_{language}") or State.NONE

    @property
    def whole_languages(self) -> list[str]:
        """The languages in which the whole record is public, the original first."""
        others = [code for code in languages.LANGUAGES if code != self.original_language]
        return [self.original_language, *(code for code in others if self.state_of(code) in WHOLE)]

    @property
    def public_languages(self) -> list[str]:
        """The languages in which at least title and summary are public, in the portal's order."""
        return [code for code in languages.LANGUAGES if self.state_of(code) in PUBLIC]

    def language_for(self, language: str) -> str:
        """Return the language in which the whole record is shown to a reader of `language`."""
        return language if self.state_of(language) in WHOLE else self.original_language

    def summary_language_for(self, language: str) -> str:
        """Return the language in which title and summary are shown, in a list, to a reader of `language`."""
        return language if self.state_of(language) in PUBLIC else self.original_language

    def in_language(self, language: str) -> InLanguage:
        """Return a read-only view of the page's texts in `language`."""
        return InLanguage(self, language)

    @property
    def for_visitor(self) -> InLanguage:
        """The record as the present visitor reads it."""
        return self.in_language(self.language_for(languages.active()))

    @property
    def summary_for_visitor(self) -> InLanguage:
        """Title and summary as the present visitor reads them in a list."""
        return self.in_language(self.summary_language_for(languages.active()))

    def title_in(self, language: str) -> str:
        """Return the title in `language`; in the original where that is missing; never empty once saved."""
        codes = (language, self.original_language, *languages.LANGUAGES)
        return next((title for code in codes if (title := getattr(self, f"title_{code}"))), self.draft_title)

    def lost_with_it(self) -> list[str]:
        """Return what staff should know before the page is deleted, in sentences; types add to it."""
        return []

    # --- Publication ----------------------------------------------------------------------------------------------

    def publication_errors(self) -> list[publication.Missing]:
        """Return what is missing before the page, as it is in memory, may be public; types add to it."""
        return publication.missing_texts(self, ["title"])

    def impossible_values(self) -> list[publication.Missing]:
        """Return what cannot be, whatever else is missing: not even a draft is saved with it; types add to it."""
        return []

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """Publish a revision after the checks that hold on every route. Raises `PublicationRefused`."""
        try:
            with transaction.atomic():
                publication.prepare(self, revision)
                return super().publish(revision, user=user, **kwargs)
        except publication.PublicationRefused:
            raise
        except ValidationError as error:
            raise publication.refusal(self, error) from error

    @property
    def current_workflow_state(self) -> WorkflowState | None:
        """The review that the page is in, its names in the language of the person reading (portal.editor.review)."""
        if "_review" in self.__dict__:
            return self.__dict__["_review"]
        review = super().current_workflow_state
        if review:
            for named in (review.workflow, review.current_task_state and review.current_task_state.task):
                translate_name(named)
        return review

    @property
    def current_workflow_task(self) -> Task | None:
        """The step of the review that the page is at, under its name in the language of the person reading."""
        return translate_name(super().current_workflow_task)

    def keep_review(self) -> None:
        """Ask for the review once: a form that is only shown asks for it some twenty times."""
        self.__dict__["_review"] = self.current_workflow_state

    def get_latest_revision_as_object(self) -> PortalPage:
        """Return the page as staff edit it: never the live row, which lacks the languages that are not public."""
        revision = self.get_latest_revision()
        return revision.as_object() if revision else self.specific

    # --- Saving: everything that Wagtail derives from `title` is derived from the original language -----------------

    def _set_core_field_defaults(self) -> None:
        if not self.slug and (self.path or getattr(self, "_cached_parent_obj", None)):
            self.slug = self._get_autogenerated_slug(slugify(self.title_in(self.original_language)) or "page")
        super()._set_core_field_defaults()

    def clean_fields(self, exclude: Iterable[str] | None = None) -> None:
        # The base columns are copies: what must be there is said by publication_errors().
        super().clean_fields(exclude={*(exclude or ()), *languages.text_fields(type(self))})

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        with override(self.original_language):
            super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """Check what even a draft needs: a title in one language. (Wagtail's own would write it into the wrong language.)"""
        with override(self.original_language):
            if not self.title_in(self.original_language):
                raise ValidationError({f"title_{self.original_language}": _("Donnez un titre, même provisoire.")})
            self._set_core_field_defaults()
            self._check_slug_is_unique()

    @transaction.atomic
    def save(self, clean: bool = True, **kwargs: Any) -> Any:
        from wagtail import signal_handlers  # noqa: PLC0415  (it asks for the models of pages)

        with override(self.original_language):
            if kwargs.get("update_fields") is None:
                setattr(self, f"language_state_{self.original_language}", State.PUBLISHED)
                self.draft_title = self.title_in(self.original_language)
                if self.live:
                    # Not in full_clean(): the draft of a live page, cleaned by its form, may lack what it likes.
                    if clean and (missing := self.publication_errors()):
                        raise publication.PublicationRefused(self, missing)
                    languages.keep_public_texts(self)
            with signal_handlers.disable_reference_index_auto_update():
                result = super().save(clean=clean, **kwargs)
        # What the page and its rows point to is read once, not once more for each row that was saved with it.
        signal_handlers.update_reference_index_on_save(self)
        return result

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        setattr(self, f"language_state_{self.original_language}", State.PUBLISHED)
        with override(self.original_language):
            return super().save_revision(*args, **kwargs)

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False) -> Any:
        if check_fks:
            data = references.without_dangling(cls, data)
        return super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)

    def with_content_json(self, content: dict[str, Any]) -> PortalPage:
        page = super().with_content_json(content)
        # Facts about the row, not the revision: without them, scheduling a change would take a live page off the site.
        page.live_revision_id, page.last_published_at = self.live_revision_id, self.last_published_at
        return page

    # --- Serving ----------------------------------------------------------------------------------------------------

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Go to the page below at once: Wagtail would read two pages for each level between."""
        if not path_components:
            return super().route(request, path_components)
        addresses = accumulate(path_components, lambda above, slug: f"{above}{slug}/", initial=self.url_path)
        below = PortalPage.objects.filter(slug__in=path_components, url_path__in=[*addresses][1:])
        page = below.only("content_type", "depth").order_by("-depth").first()
        if page is None:
            raise Http404
        return page.specific.route(request, path_components[page.depth - self.depth :])

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """One way to look at a draft per language, the original first."""
        codes = dict.fromkeys([self.original_language, *languages.LANGUAGES])
        return [(code, languages.NAMES[code]) for code in codes]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the draft in the language `mode_name`, as if that language were public."""
        code = mode_name if mode_name in languages.LANGUAGES else self.original_language
        setattr(self, f"language_state_{code}", State.PUBLISHED)
        with override(code):
            return super().serve_preview(request, mode_name).render()

    def get_url_parts(self, request: HttpRequest | PortalPage | None = None) -> tuple[int, str, str] | None:
        with override(languages.active()):  # staff may work in a variant, "pt-pt", which no address has
            return super().get_url_parts(request)

    def url_beside(self, other: PortalPage) -> str:
        """Return the address; where the site begins is looked up once, with `other`, for all pages of a list."""
        parts = self.get_url_parts(other)
        return parts[2] if parts else ""

    def get_admin_display_title(self) -> str:
        return self.title_in(languages.active())

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return PortalPagePermissionTester(user, self)

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """None: Wagtail's page privacy is turned off, and costs no query."""
        return PageViewRestriction.objects.none()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `item` (the texts in the language shown) and what the frame needs."""
        item = self.for_visitor
        titles = [f"title_{code}" for code in languages.LANGUAGES]
        above = self.get_ancestors().live().only("url_path", "original_language", "draft_title", *titles)[2:]
        above = above if self.depth > 3 else []  # below the root and the home page
        return super().get_context(request, *args, **kwargs) | {
            "item": item,
            "public_languages": self.public_languages,
            "breadcrumbs": [*((page.title_in(languages.active()), page.url) for page in above), (item.title, None)],
        }

    def get_cache_key_components(self) -> list[Any]:
        return [*super().get_cache_key_components(), languages.active()]


def translate_name(named: Task | Workflow | None) -> Any:
    """Put the name of a step or a review in the reader's language, in memory: it is shown, and never saved from there."""
    if named:
        named.name = gettext(named.name)
    return named
