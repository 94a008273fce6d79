"""The form with which somebody tells us what they looked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from search.models import SearchMiss
from search.parameters import MAX_QUERY
from search.understanding import clean


class SearchMissForm(forms.ModelForm):
    """Words and, if one likes, more; nothing about the person."""

    class Meta:
        model = SearchMiss
        fields = ("query", "note", "filters")
        labels = {"query": _("Que cherchiez-vous ?"), "note": _("Pour quoi faire, ou ce que vous auriez aimé lire")}
        help_texts = {
            "query": _("Un thème, un pays, une question."),
            "note": _("N’écrivez ni votre nom ni votre adresse : nous ne répondons pas, nous complétons."),
        }
        error_messages = {"query": {"required": _("Dites ce que vous cherchiez, même en un mot.")}}
        widgets = {
            "query": forms.TextInput(attrs={"maxlength": MAX_QUERY}),
            "note": forms.Textarea(attrs={"rows": 5}),
            "filters": forms.HiddenInput,
        }

    def clean(self) -> dict[str, Any]:
        """One form for what looks the same, without control characters."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("query", "filters"):
            if name in cleaned:
                cleaned[name] = clean(cleaned[name])
        return cleaned
