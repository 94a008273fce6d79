"""Fields of models that read what people type."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import get_format


class NumberInput(forms.DecimalField):
    """A number as the language of the staff member writes it: « 1240,5 » in French, 1240.5 in English; blanks are left out."""

    def __init__(self, **kwargs: Any) -> None:
        # Not `type=number`: where browser and portal speak two languages, it drops the comma, and 1240,5 becomes 12405.
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(**(kwargs | {"localize": True, "widget": widget}))

    def prepare_value(self, value: Any) -> Any:
        return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class FigureInput(NumberInput):
    """A count or an amount: « 1.240 » is no figure where the comma parts decimals, as it would be read as 1,24."""

    def to_python(self, value: Any) -> Decimal | None:
        if get_format("DECIMAL_SEPARATOR") == "," and re.fullmatch(r"\s*-?[1-9]\d{0,2}\.\d{3}\s*", str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class NumberField(models.DecimalField):
    """A decimal number that people type."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": NumberInput} | kwargs))


class FigureField(NumberField):
    """A count or an amount that people type."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": FigureInput} | kwargs))
