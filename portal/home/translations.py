"""What is left to translate: the list of all public pages with the state of each language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.coreutils import safe_snake_case

from portal import languages
from portal.home.page_lists import PageList
from portal.languages import LANGUAGES, NAMES, State
from portal.models import PortalPage

TO_DO = (State.NONE, State.DRAFT, State.OUTDATED)


def in_state(language: str, *states: str) -> Q:
    """Return the condition that a language other than the original is in one of `states`."""
    name = f"language_state_{language}"
    condition = Q(**{f"{name}__in": states})
    if State.NONE in states:
        condition |= Q(**{f"{name}__isnull": True}) | Q(**{name: ""})
    return condition & ~Q(original_language=language)


def in_any_language(*states: str) -> Q:
    """Return the condition that some language other than the original is in one of `states`."""
    return reduce(or_, (in_state(code, *states) for code in LANGUAGES))


def counts(pages: QuerySet) -> list[dict[str, Any]]:
    """Return, per language, how many of `pages` are to be translated, by state, with where to see them; in one query."""
    totals = pages.aggregate(
        **{f"{code}_{state}": Count("pk", filter=in_state(code, state)) for code in LANGUAGES for state in TO_DO}
    )
    found = []
    for code in LANGUAGES:
        numbers = [(state.label, totals[f"{code}_{state}"], list_url(code, state)) for state in reversed(TO_DO)]
        if any(number for _label, number, _url in numbers):
            found.append({"language": languages.name_in(code), "numbers": [row for row in numbers if row[1]]})
    return found


def to_do(pages: QuerySet, state: str, limit: int) -> Iterator[tuple[PortalPage, str, str]]:
    """Give up to `limit` (page, name of the language, address of its tab) in a state, the newest pages first; one query."""
    for page in pages.filter(in_any_language(state)).order_by("-last_published_at")[:limit]:
        for code in LANGUAGES:
            if code != page.original_language and page.state_of(code) == state and limit > 0:
                limit -= 1
                yield page, languages.name_in(code), tab_url(page, code)


def tab_url(page: PortalPage, language: str) -> str:
    """Return the address of a page's form, at the tab of a language."""
    anchor = safe_snake_case(NAMES[language])
    return f"{reverse('wagtailadmin_pages:edit', args=[page.pk])}#tab-{anchor}"


def changes_url(page: PortalPage, language: str) -> str:
    """Return where to see what changed in the original since a language was translated."""
    return reverse("translation_changes", args=[page.pk, language])


def outdated(pages: QuerySet) -> int:
    """Return how many of `pages` their original has overtaken in at least one language."""
    return pages.filter(in_any_language(State.OUTDATED)).count()


def list_url(language: str, state: str) -> str:
    """Return the address of the list, of one language in one state."""
    return f"{reverse('translations')}?language={language}&state={state}"


class TranslationFilterSet(WagtailFilterSet):
    """A language, a state, or both: then that language in that state."""

    language = django_filters.ChoiceFilter(label=_("Langue"), choices=settings.LANGUAGES, empty_label=_("Toutes"))
    state = django_filters.ChoiceFilter(label=_("État"), choices=State.choices, empty_label=_("Tous"))

    class Meta:
        model = PortalPage
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        language, state = (self.form.cleaned_data.get(name) for name in ("language", "state"))
        if not language and not state:
            return queryset
        states = [state] if state else list(State)
        return queryset.filter(in_state(language, *states) if language else in_any_language(*states))


class StateColumn(Column):
    """The state of one language, as a link to its tab in the form."""

    cell_template_name = "home/admin/state_cell.html"

    def __init__(self, language: str) -> None:
        super().__init__(f"language_state_{language}", label=NAMES[language])
        self.language = language

    def may_edit(self, page: PortalPage, parent_context: Any) -> bool:
        """Return whether the person reading may bring this language up to date, and has to."""
        is_behind = page.state_of(self.language) == State.OUTDATED
        return is_behind and page.permissions_for_user(parent_context["request"].user).can_edit()

    def get_cell_context_data(self, instance: PortalPage, parent_context: Any) -> dict[str, Any]:
        state = State(instance.state_of(self.language))
        return super().get_cell_context_data(instance, parent_context) | {
            "state": state,
            "is_original": instance.original_language == self.language,
            "is_to_do": state in TO_DO,
            "url": tab_url(instance, self.language),
            "changes_url": changes_url(instance, self.language) if self.may_edit(instance, parent_context) else "",
        }


class TranslationsView(PageList):
    """All public pages, and how far each language of theirs is."""

    title_label = _("Page")
    page_title = _("Traductions")
    header_icon = "site"
    model = PortalPage
    index_url_name = "translations"
    index_results_url_name = "translations_results"
    filterset_class = TranslationFilterSet
    default_ordering = "-last_published_at"
    verbose_name_plural = _("pages")
    list_export = ["draft_title", "original_language", *(f"language_state_{code}" for code in LANGUAGES)]

    def get_base_queryset(self) -> QuerySet:
        return PortalPage.objects.live().filter(depth__gt=1).select_related("content_type")

    def more_columns(self) -> list[Column]:
        return [StateColumn(code) for code in LANGUAGES]
