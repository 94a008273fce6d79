"""The form of items of knowledge: that of every page, and the multiple choices from vocabularies."""

from __future__ import annotations

from typing import Any

from django import forms

from knowledge import vocabularies
from portal.editor.forms import PortalPageForm


class VocabularyField(forms.TypedMultipleChoiceField):
    """Boxes to tick, one per code of a vocabulary, labelled in the staff member's language."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(choices=lambda: vocabularies.choices(vocabulary), required=False, **kwargs)


class KnowledgeItemForm(PortalPageForm):
    """An item whose multiple choices are kept as rows of `choices`, so that they are in every revision."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.vocabulary_fields().items():
            self.initial[name] = self.instance.codes(field.vocabulary)

    def vocabulary_fields(self) -> dict[str, VocabularyField]:
        """Return the fields of multiple choices by name."""
        return {name: field for name, field in self.fields.items() if isinstance(field, VocabularyField)}

    def save(self, commit: bool = True) -> Any:
        self._keep_choices()
        return super().save(commit=commit)

    def _keep_choices(self) -> None:
        chosen = {
            (field.vocabulary, code)
            for name, field in self.vocabulary_fields().items()
            for code in self.cleaned_data.get(name, [])
        }
        asked = {field.vocabulary for field in self.vocabulary_fields().values()}
        rows = {(row.vocabulary, row.code): row for row in self.instance.choices.all()}
        kept = [row for key, row in rows.items() if key in chosen or key[0] not in asked]
        new = [self.instance.choices.model(vocabulary=name, code=code) for name, code in sorted(chosen - rows.keys())]
        if new or len(kept) != len(rows):
            self.instance.choices = kept + new


def item_form(choices: dict[str, str], base: type[KnowledgeItemForm] = KnowledgeItemForm) -> type[KnowledgeItemForm]:
    """Return the form of an item type with the multiple choices {name of the field: vocabulary}."""
    fields = {name: VocabularyField(vocabulary=vocabulary) for name, vocabulary in choices.items()}
    return type(base)("ItemForm", (base,), fields)
