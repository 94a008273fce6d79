"""The rules of publication, the same on every route: button, workflow, bulk action, schedule, API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations

from portal import languages
from portal.languages import WHOLE, State
from portal.merging import plain

if TYPE_CHECKING:
    from wagtail.models import Revision

    from portal.pages import PortalPage

# The codes are those of the vocabulary "change_significance".
SIGNIFICANCES = [
    ("minor", gettext_lazy("Mineure, sans retraduction")),
    ("medium", gettext_lazy("À retraduire")),
    ("major", gettext_lazy("Périme les traductions")),
]
DEFAULT_SIGNIFICANCE = "medium"


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: the form field (or child table) and a sentence in the staff member's language."""

    field: str
    message: str


class PublicationRefused(ValidationError):
    """Raised when a page that lacks something required is to be published; `missing` says what."""

    def __init__(self, page: PortalPage, missing: list[Missing]) -> None:
        self.page, self.missing = page, missing
        super().__init__([item.message for item in missing])


def refusal(page: PortalPage, error: ValidationError) -> PublicationRefused:
    """Return what the fields of a page themselves do not accept, such as an address that another page has taken meanwhile."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return PublicationRefused(
        page, [Missing(name, message) for name, messages in found.items() for message in messages]
    )


def label(model: type, name: str) -> str:
    """Return the label of a field or child table as staff see it."""
    field = model._meta.get_field(name)
    return capfirst(getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name_plural)


def missing_texts(page: PortalPage, required: Iterable[str]) -> list[Missing]:
    """Return what texts lack: `required` ones in the original; in the other public languages, all that the original has."""
    model = type(page)
    missing = [
        Missing(
            f"{name}_{page.original_language}",
            _("« %(field)s » est vide en %(language)s.")
            % {"field": label(model, name), "language": languages.name_in(page.original_language)},
        )
        for name in required
        if not getattr(page, f"{name}_{page.original_language}")
    ]
    for language in page.public_languages:
        if language != page.original_language:
            names = languages.text_fields(model)
            if page.state_of(language) == State.SUMMARY:
                names = tuple(name for name in names if name in ("title", "summary"))
            missing += _untranslated(page, names, language)
            if page.state_of(language) in WHOLE:
                missing += _untranslated_rows(page, language)
    return missing


def missing_in_rows(page: PortalPage) -> list[Missing]:
    """Return what the rows of a page's tables lack: a draft may keep a row that waits for its figure, a reader gets none."""
    return [
        Missing(
            relation,
            _("%(table)s, ligne %(number)d : « %(field)s » est vide.")
            % {"table": label(type(page), relation), "number": number, "field": capfirst(field.verbose_name)},
        )
        for relation in languages.child_relations(type(page))
        for number, row in enumerate(getattr(page, relation).all(), start=1)
        for field in row._meta.concrete_fields
        if field.editable
        and not field.blank
        and not field.auto_created
        and not isinstance(field, ParentalKey)
        and field.value_from_object(row) in (None, "")
    ]


def _untranslated(page: PortalPage, names: Iterable[str], language: str) -> list[Missing]:
    return [
        Missing(
            f"{name}_{language}",
            _("« %(field)s » n’est pas traduit en %(language)s.")
            % {"field": label(type(page), name), "language": languages.name_in(language)},
        )
        for name in names
        if name not in ("seo_title", "search_description")
        and getattr(page, f"{name}_{page.original_language}")
        and not getattr(page, f"{name}_{language}")
    ]


def _untranslated_rows(page: PortalPage, language: str) -> list[Missing]:
    missing = []
    for relation in languages.child_relations(type(page)):
        for number, row in enumerate(getattr(page, relation).all(), start=1):
            for name in languages.text_fields(type(row)):
                if getattr(row, f"{name}_{page.original_language}") and not getattr(row, f"{name}_{language}"):
                    message = _("%(table)s, ligne %(number)d : « %(field)s » n’est pas traduit en %(language)s.") % {
                        "table": label(type(page), relation),
                        "number": number,
                        "field": label(type(row), name),
                        "language": languages.name_in(language),
                    }
                    missing.append(Missing(relation, message))
    return missing


def prepare(page: PortalPage, revision: Revision) -> None:
    """Check a revision that is about to be published, and settle the states of its translations in it.

    Raises `PublicationRefused`. Where the original changed in substance since it was last published, translations that did not
    change with it become outdated ("medium") or are withdrawn ("major"); the revision is saved with the new states.
    """
    candidate = revision.as_object()
    if missing := candidate.publication_errors():
        raise PublicationRefused(candidate, missing)
    if candidate.go_live_at and candidate.go_live_at > timezone.now():
        return  # scheduled: the states are settled when it goes live
    model, content = type(candidate), revision.content
    # From the database: `page` may be the very object from which the revision was made.
    row = model.objects.filter(pk=page.pk, live=True).first()
    live = row.serializable_data() if row else None
    for language in languages.LANGUAGES:
        state = content.get(f"language_state_{language}")
        if language == candidate.original_language or state not in (*WHOLE, State.SUMMARY):
            continue
        texts = summary_of if state == State.SUMMARY else said
        if live is None or texts(model, content, language) - texts(model, live, language):
            content[f"translated_from_{language}"] = revision.pk
        elif texts(model, content, candidate.original_language) - texts(model, live, candidate.original_language):
            content[f"language_state_{language}"] = overtaken(state, candidate.change_significance)
    content["change_significance"] = DEFAULT_SIGNIFICANCE
    revision.content = content
    revision.save(update_fields=["content"])


def overtaken(state: str, significance: str) -> str:
    """Return the state of a translation that stayed as it was while its original changed."""
    if significance == "major":
        return State.DRAFT
    return State.OUTDATED if significance == "medium" and state in WHOLE else state


def summary_of(model: type, content: dict[str, Any], language: str) -> set[tuple[str, ...]]:
    """Return what the state "summary" shows of a serialised page in one language."""
    return {(name, content.get(f"{name}_{language}") or "") for name in ("title", "summary")}


def said(model: type, content: dict[str, Any], language: str) -> set[tuple[str, ...]]:
    """Return what a serialised page says in one language: each text with its place, those of child rows without their number.

    Rows that move, go, or come without a word say nothing new: in no language is there anything to translate.
    """
    found: set[tuple[str, ...]] = {
        (name, str(plain(content.get(f"{name}_{language}")))) for name in languages.text_fields(model)
    }
    for relation in get_all_child_relations(model):
        table = relation.get_accessor_name()
        for name in languages.text_fields(relation.related_model):
            rows = (plain(row.get(f"{name}_{language}")) for row in content.get(table, []))
            found |= {(table, name, str(text)) for text in rows if text}
    return found
