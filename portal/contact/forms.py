"""The form with which a visitor writes to the staff."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.contact.models import MAX_ADDRESS, MAX_NAME, MAX_PHONE, MAX_TEXT, VisitorMessage

KEY = re.compile(r"[A-Za-z0-9]{16,32}")
# As `KnowledgeItem` gives them. Anything else, such as the name of a host, would stand in a mail to staff.
REFERENCE = re.compile(r"STEP(-[A-Z]{3})?-[0-9]{5,12}")
LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
NOT_TEXT = {"Cc", "Cs"}
# Spaces of no width, and what turns the direction of all that follows. The joiners of Persian and of Indian scripts are text.
NOT_SEEN = re.compile(r"[\u200b\ufeff\u202a-\u202e\u2066-\u2069]")


class TypedText(forms.CharField):
    """What somebody typed or pasted, without characters that nobody sees; a line break counts as one character."""

    def to_python(self, value: Any) -> str:
        text = NOT_SEEN.sub("", LINE_BREAKS.sub("\n", super().to_python(value) or ""))
        kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in NOT_TEXT)
        return unicodedata.normalize("NFC", kept).strip()


class TypedLine(TypedText):
    """The same on one line."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class MessageForm(forms.ModelForm):
    """What it is about, the message and, for who wants an answer, a name, an address and a number.

    What the visitor does not type (the item, the page, the key of the form) is taken where it makes sense and left out where it
    does not: nobody could correct it.
    """

    text = TypedText(
        label=_("Votre message"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={
            "required": _("Écrivez votre message, même en une phrase."),
            "max_length": _(
                "%(show_value)d caractères : c’est plus que %(limit_value)d. Raccourcissez, ou écrivez deux fois."
            ),
        },
    )
    name = TypedLine(
        label=_("Votre nom"),
        max_length=MAX_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        required=False,
        help_text=_("Seulement si vous attendez une réponse."),
        error_messages={"invalid": _("Cette adresse n’est pas complète : il faut un nom, un @ et un domaine.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = TypedLine(
        label=_("Votre téléphone"),
        max_length=MAX_PHONE,
        required=False,
        help_text=_("Seulement si vous attendez une réponse."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    key = TypedLine(required=False, widget=forms.HiddenInput)

    class Meta:
        model = VisitorMessage
        fields = ("about", "text", "name", "email", "phone", "reference", "address")
        labels = {"about": _("De quoi s’agit-il ?")}
        error_messages = {
            "about": dict.fromkeys(("required", "invalid_choice"), _("Choisissez une ligne de la liste.")),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("reference", "address"):
            self.fields[name] = TypedLine(required=False, widget=forms.HiddenInput)
        # A browser that stops at the limit cuts what is pasted without a word; here it is refused, with its length.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        self.initial.setdefault("key", new_key())

    def clean_reference(self) -> str:
        return reference_of(self.cleaned_data["reference"])

    def clean_address(self) -> str:
        return address_of(self.cleaned_data["address"])

    def clean_key(self) -> str:
        """Return the key of the form that was shown; a new one where somebody sends none."""
        key: str = self.cleaned_data["key"]
        return key if KEY.fullmatch(key) else new_key()


def new_key() -> str:
    """Return what tells one form that was shown from the next."""
    return get_random_string(24)


def reference_of(text: str) -> str:
    """Return a reference as items have them; empty for what looks like none."""
    return text if REFERENCE.fullmatch(text) else ""


def address_of(text: str) -> str:
    """Return a path of the portal as it stands in a link; empty for what leads elsewhere, is none, or is too long to be ours."""
    is_path = text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    path = iri_to_uri(text) if is_path else ""
    return path if len(path) <= MAX_ADDRESS else ""
