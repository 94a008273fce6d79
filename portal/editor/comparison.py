"""What the comparison of two versions says of values that are no text: as they are written elsewhere, and nothing for none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison, TextDiff, register_comparison_class


class ValueComparison(FieldComparison):
    """Dates, numbers, yes or no; Wagtail's own writes them as Python does, "None" before the first value."""

    def htmldiff(self) -> SafeString:
        before, after = shown(self.val_a), shown(self.val_b)
        if not self.has_changed():
            return escape(before)
        parts = [("deletion", before), ("addition", after)]
        return TextDiff([part for part in parts if part[1]]).to_html()


def shown(value: Any) -> str:
    """Return a value as staff read it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(localize(value))


def register() -> None:
    """Have Wagtail use it wherever it compares fields."""
    for kind in (models.BooleanField, models.DateField, models.DecimalField, models.FloatField, models.IntegerField):
        register_comparison_class(kind, comparison_class=ValueComparison)
