"""The form of experiences: that of every item, with what only time can tell."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from knowledge.forms import KnowledgeItemForm
from knowledge.items import today_anywhere


class ExperienceForm(KnowledgeItemForm):
    """An experience is not documented in the future; a date that was there before is not asked again."""

    def clean_documented_on(self) -> date | None:
        day: date | None = self.cleaned_data["documented_on"]
        if day and day > today_anywhere() and "documented_on" in self.changed_data:
            raise ValidationError(_("Cette date n’est pas encore venue."))
        return day
