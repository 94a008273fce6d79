"""The form of every page: drafts may lack anything, but hold nothing impossible; publishing names what is missing, by field."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.db.models import Model
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.widgets import BaseChooser
from wagtail.fields import RichTextField
from wagtail.utils.text import text_from_html

from portal import languages
from portal.editor import completeness
from portal.languages import LANGUAGES, State


class Problem(NamedTuple):
    """What is wrong in a form: the field, or the table, and a sentence."""

    field: str
    text: str


class KeyField(forms.UUIDField):
    """A key made when a form is opened; it says nothing about the page, so that it changes nothing."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class PortalPageForm(WagtailAdminPageForm):
    """A page in all its languages. Only a title in the original language is required, even of a draft."""

    # "Outdated" is found by comparison, when the original is published (publication.prepare).
    SETTABLE = (State.NONE, State.DRAFT, State.SUMMARY, State.PUBLISHED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        if page.pk is None:
            posted = self.data.get("original_language") if self.is_bound else languages.active()
            if posted in LANGUAGES:
                page.original_language = self.initial["original_language"] = posted
            # Posted twice (an automatic save under way, then a button), a new page is still one page.
            self.fields["creation_key"] = KeyField(required=False, initial=uuid4)
        # Tells an automatic save of this form from one of another window (portal.editor.stale_saves).
        self.fields["form_key"] = KeyField(required=False, initial=uuid4)
        self.opened_in = page.original_language
        self.fields.pop(f"language_state_{page.original_language}", None)
        for code in LANGUAGES:
            if field := self.fields.get(f"language_state_{code}"):
                current = page.state_of(code)
                field.choices = [choice for choice in State.choices if choice[0] in (current, *self.SETTABLE)]
                self.initial[f"language_state_{code}"] = current
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if not self.is_bound:
            self._read_chosen()

    def _read_chosen(self) -> None:
        """Read what the rows have chosen once per model: each chooser would ask for its own."""
        chosen: dict[type[Model], dict[Any, list[BaseChooser]]] = {}
        for row in (row for formset in self.formsets.values() for row in formset.forms):
            for name, field in row.fields.items():
                if isinstance(field.widget, BaseChooser) and (key := row.initial.get(name)):
                    chosen.setdefault(field.widget.model_class, {}).setdefault(key, []).append(field.widget)
        for model, widgets in chosen.items():
            for key, instance in model._default_manager.in_bulk(widgets).items():
                for widget in widgets[key]:
                    widget.get_instance = lambda value, instance=instance: instance if value is not None else None

    def clean(self) -> dict[str, Any]:
        self._empty_rich_texts()
        self._settle_original_language()
        self._settle_slug()
        return super().clean()

    def _empty_rich_texts(self) -> None:
        """Take a rich text without a word for what it is: the editor sends an empty paragraph."""
        for field in self.instance._meta.concrete_fields:
            html = self.cleaned_data.get(field.name) if isinstance(field, RichTextField) else None
            if html and not text_from_html(html).strip():
                self.cleaned_data[field.name] = None if field.null else ""

    def _settle_original_language(self) -> None:
        """Take the only language that has a title for the original of a page never published; otherwise ask for a title."""
        data = self.cleaned_data
        original = data.get("original_language") or self.opened_in
        titled = [code for code in LANGUAGES if data.get(f"title_{code}")]
        if original not in titled and len(titled) == 1 and not self.instance.first_published_at:
            original = data["original_language"] = titled[0]
        if original not in titled and f"title_{original}" in self.fields and f"title_{original}" not in self.errors:
            name = languages.name_in(original)
            self.add_error(
                f"title_{original}", _("Donnez un titre en %(language)s, la langue d’origine.") % {"language": name}
            )
        if original != self.opened_in:
            # The former original is a translation now, or nothing at all.
            state = State.PUBLISHED if self.opened_in in titled else State.NONE
            setattr(self.instance, f"language_state_{self.opened_in}", state)
        for code in titled:
            if code != original and data.get(f"language_state_{code}") in (State.NONE, ""):
                data[f"language_state_{code}"] = State.DRAFT

    def _settle_slug(self) -> None:
        """Let an address that came from the title follow it, until the page has been public once."""
        page, data = self.instance, self.cleaned_data
        if not page.pk or page.first_published_at or "slug" not in data or "slug" in self.changed_data:
            return
        former = slugify(self.initial.get(f"title_{self.opened_in}") or "")
        if f"title_{self.opened_in}" in self.changed_data and data["slug"].rstrip("-0123456789") == former:
            data["slug"] = ""

    # --- What publication needs -------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        """Return whether the page can be saved; for anything but a draft, also whether it may be public."""
        if not super().is_valid():
            return False
        page = self.save(commit=False)
        wrong = page.impossible_values() if self.is_deferred_validation else page.publication_errors()
        for item in wrong:
            self._add_missing(item.field, item.message)
        return not wrong

    def save(self, commit: bool = True) -> Any:
        if key := self.cleaned_data.get("creation_key"):
            self.instance.translation_key = key
        return super().save(commit=commit)

    def _add_missing(self, name: str, message: str) -> None:
        if name in self.fields:
            self.add_error(name, message)
        elif name in self.formsets:
            self.formsets[name].non_form_errors().append(message)
        else:
            self.add_error(None, message)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong in fields and tables, each thing with its name, for the message at the top."""
        problems = []
        for name, errors in self.errors.items():
            if name in self.fields:
                problems += [Problem(name, self._named(name, str(error))) for error in errors]
            else:
                problems += [Problem("", str(error)) for error in errors]
        for table, formset in self.formsets.items():
            problems += [Problem(f"{table}-ADD", str(error)) for error in formset.non_form_errors()]
            problems += self._row_problems(formset)
        return problems

    def _named(self, name: str, error: str) -> str:
        base, _separator, code = name.rpartition("_")
        label = self.fields[name].label or completeness.label(type(self.instance), name)
        if code in LANGUAGES:
            verbose_name = str(self.instance._meta.get_field(base).verbose_name)
            # The rules of publication name field and language themselves.
            if verbose_name.casefold() in error.casefold():
                return error
            label = f"{capfirst(verbose_name)} ({languages.name_in(code)})"
        return _("%(field)s : %(error)s") % {"field": label, "error": error}

    @staticmethod
    def _row_problems(formset: Any) -> list[Problem]:
        table = capfirst(str(formset.model._meta.verbose_name_plural))
        return [
            Problem(
                f"{row.prefix}-{name}",
                _("%(table)s, ligne %(number)d, %(field)s : %(error)s")
                % {
                    "table": table,
                    "number": number,
                    "field": row.fields[name].label if name in row.fields else "",
                    "error": error,
                },
            )
            for number, row in enumerate(formset.forms, start=1)
            for name, errors in row.errors.items()
            for error in errors
        ]

    def get_field_updates_for_resave(self) -> list[tuple[str, Any]]:
        """Add, for the open form after an automatic save, the original language that was found from the titles."""
        updates = super().get_field_updates_for_resave()
        if "original_language" in self.fields and self.data.get("original_language") != self.instance.original_language:
            updates.append(("original_language", self.instance.original_language))
        return updates


class PortalCopyForm(CopyForm):
    """A copy is a draft: no alias (it would be a live row without revisions), no publication unseen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.page.get_latest_revision_as_object()
        self.fields["new_title"].initial = _("%(title)s (copie)") % {"title": page.title_in(page.original_language)}
        self.fields["new_slug"].initial = page._get_autogenerated_slug(page.slug)
        self.fields["new_slug"].widget = forms.TextInput()
        for name in ("alias", "publish_copies"):
            self.fields.pop(name, None)
