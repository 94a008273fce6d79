"""The staff's views of messages: the list, and one message with what was done about it."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote, urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import HeaderButton

from portal import languages
from portal.contact.messages import MessageChanged, changed_last_by, delete, item_named, settle, state_of
from portal.contact.models import VisitorMessage, VisitorMessageQuerySet
from portal.editor.deletion import DeleteView
from portal.users.names import name_of


class MessageFilterSet(WagtailFilterSet):
    """Whether somebody has dealt with it, what it speaks of, in which language."""

    state = django_filters.ChoiceFilter(
        label=_("État"),
        method="in_state",
        choices=[("open", _("À lire")), ("done", _("Traités"))],
        widget=forms.RadioSelect,
        empty_label=_("Tous"),
    )
    about = django_filters.ChoiceFilter(
        label=_("Sujet"), choices=VisitorMessage.About.choices, widget=forms.RadioSelect, empty_label=_("Tous")
    )

    class Meta:
        model = VisitorMessage
        fields: list[str] = []

    def in_state(self, queryset: VisitorMessageQuerySet, name: str, value: str) -> VisitorMessageQuerySet:
        """Keep what is open, or the rest."""
        return queryset.open() if value == "open" else queryset.done()


class MessageIndexView(generic.IndexView):
    """All messages, the newest first."""

    filterset_class = MessageFilterSet
    default_ordering = ("-created_at", "-pk")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "text", label=_("Message"), accessor=str, get_url=self.get_edit_url
            ),
            Column("about", label=_("Sujet"), accessor="get_about_display"),
            Column("reference", label=_("Fiche"), width="14%", accessor=lambda message: message.reference or "—"),
            Column("language", label=_("Langue"), accessor=lambda message: languages.name_in(message.language)),
            Column(
                "created_at",
                label=_("Reçu le"),
                sort_key="created_at",
                accessor=lambda message: date_format(message.created_at, "SHORT_DATE_FORMAT"),
            ),
            StatusTagColumn(
                "state",
                label=_("État"),
                width="10%",
                accessor=lambda message: gettext("Traité") if message.is_done else gettext("À lire"),
                primary=lambda message: not message.is_done,
            ),
        ]


class SettlingForm(forms.ModelForm):
    """What was done about a message. Two people who do it at once are told of each other."""

    is_done = forms.BooleanField(label=_("Traité"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = VisitorMessage
        fields = ["note"]
        labels = {"note": _("Ce qui a été fait")}
        help_texts = {"note": _("Pour l’équipe : ce qui a été corrigé, répondu ou décidé, et pourquoi.")}
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, "is_done": self.instance.is_done, "seen": state_of(self.instance)}

    def show_change(self, message: VisitorMessage) -> None:
        """Say what somebody else has recorded since the form was opened; what is sent after that replaces it."""
        again = cast(QueryDict, self.data).copy()
        again[self.add_prefix("seen")] = state_of(message)
        self.data = again
        text = _(
            "Entre-temps, %(person)s a enregistré : « %(note)s ». Relisez, puis enregistrez encore pour remplacer."
        )
        params = {"person": name_of(changed_last_by(message), "—"), "note": message.note or "—"}
        self.add_error(None, ValidationError(text, params=params))


class MessageView(generic.EditView):
    """Shows a message, who wrote it and from where; takes down what was done about it."""

    template_name = "contact/admin/message.html"
    success_message = _("Ce qui a été fait est noté.")
    error_message = _("Rien n’est encore enregistré.")

    @cached_property
    def header_buttons(self) -> list[Any]:
        """Answer the visitor; make a lead of what was told."""
        message, buttons = self.object, []
        if message.email:
            buttons.append(HeaderButton(_("Répondre par courriel"), url=answer_address(message), icon_name="mail"))
        if self.request.user.has_perm("experiences.add_lead") and not self.leads:
            url = f"{reverse('lead:add')}?{urlencode({'message': message.pk})}"
            buttons.append(HeaderButton(_("Ouvrir une piste"), url=url, icon_name="pick"))
        return buttons

    def get_page_subtitle(self) -> str:
        return str(self.object.get_about_display())

    def save_instance(self) -> VisitorMessage:
        data = self.form.cleaned_data
        settle(
            message=self.object,
            is_done=data["is_done"],
            note=data["note"],
            user=self.request.user,
            seen=data["seen"],
        )
        return self.get_object()

    def form_valid(self, form: SettlingForm) -> HttpResponse:
        """Record it, unless somebody else has recorded something meanwhile."""
        try:
            return super().form_valid(form)
        except MessageChanged as error:
            form.show_change(error.message)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message = self.object
        return super().get_context_data(**kwargs) | {
            "message": message,
            "item": item_named(message.reference, self.request.user),
            "language": languages.name_in(message.language),
            "leads": self.leads,
        }

    @cached_property
    def leads(self) -> list[Any]:
        """The leads that were opened from the message."""
        return list(self.object.leads.order_by("pk"))


class MessageDeleteView(DeleteView):
    """Deletes a message, and leaves no word of it in the history."""

    def delete_action(self) -> None:
        delete(message=self.object, user=self.request.user)


def answer_address(message: VisitorMessage) -> str:
    """Return a `mailto:` with a subject that the visitor understands."""
    with override(message.language):
        subject = gettext("Votre message au portail STEP")
    return f"mailto:{quote(message.email, safe='@')}?{urlencode({'subject': subject}, quote_via=quote)}"
