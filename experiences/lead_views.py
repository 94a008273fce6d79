"""The staff's views of leads: the queue, a note of one minute, the decision (§35a)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, Case, DateField, F, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import HeaderButton

from experiences import leads
from experiences.lead_mails import reaches
from experiences.leads import DECIDED, Lead, LeadDecided, LeadQuerySet
from knowledge import vocabularies
from portal import countries
from portal.contact.models import VisitorMessage
from portal.editor.deletion import DeleteView
from portal.users.names import name_of

User = get_user_model()


class LeadFilterSet(WagtailFilterSet):
    """Where a lead stands, what it speaks of, where."""

    state = django_filters.ChoiceFilter(
        label=_("État"),
        method="in_state",
        choices=[("to_decide", _("À décider")), ("decided", _("Décidées"))],
        widget=forms.RadioSelect,
        empty_label=_("Toutes"),
    )
    kind = django_filters.ChoiceFilter(
        label=_("Nature"), choices=lambda: vocabularies.choices("lead_kind"), empty_label=_("Toutes")
    )
    country = django_filters.ChoiceFilter(label=_("Pays"), choices=lambda: countries_of_leads(), empty_label=_("Tous"))

    class Meta:
        model = Lead
        fields: list[str] = []

    def in_state(self, queryset: LeadQuerySet, name: str, value: str) -> LeadQuerySet:
        """Keep the leads to decide, or the others."""
        return queryset.to_decide() if value == "to_decide" else queryset.filter(decision__in=DECIDED)


def countries_of_leads() -> list[tuple[str, str]]:
    """Return (code, name) of the countries that some lead names: a filter offers nothing that finds nothing."""
    used = set(Lead.objects.exclude(country="").values_list("country", flat=True).distinct())
    return [(code, name) for code, name in countries.choices() if code in used]


class LeadIndexView(generic.IndexView):
    """The queue: what is to decide first, the oldest of it on top; then what was decided, the newest first."""

    filterset_class = LeadFilterSet
    default_ordering = None
    add_item_label = _("Noter une piste")

    def get_base_queryset(self) -> QuerySet:
        decided = Q(decision__in=DECIDED)
        waiting_since = Case(When(~decided, then=F("heard_on")), output_field=DateField())  # all the same once decided
        turn = Case(When(decided, then=-F("pk")), default=F("pk"), output_field=BigIntegerField())
        rank = Case(When(decided, then=Value(1)), default=Value(0))
        leads = Lead.objects.select_related("noted_by", "becomes")
        return leads.alias(rank=rank, since=waiting_since, turn=turn).order_by("rank", "since", "-heard_on", "turn")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "subject", label=_("Sujet"), sort_key="subject", get_url=self.where_next
            ),
            Column("kind", label=_("Nature"), accessor="get_kind_display"),
            Column("country", label=_("Pays"), accessor=lambda lead: lead.country and countries.name(lead.country)),
            Column(
                "heard_on",
                label=_("Appris le"),
                sort_key="heard_on",
                accessor=lambda lead: date_format(lead.heard_on, "SHORT_DATE_FORMAT"),
            ),
            Column("noted_by", label=_("Signalée par"), accessor=lambda lead: name_of(lead.noted_by, "—")),
            StatusTagColumn(
                "decision",
                label=_("Décision"),
                accessor=lambda lead: lead.get_decision_display() or gettext("À décider"),
                primary=lambda lead: lead.is_to_decide,
            ),
        ]

    def where_next(self, lead: Lead) -> str:
        """Return where a click on a lead goes: who decides comes to decide, others to read."""
        may_decide = lead.is_to_decide and self.user_has_permission("decide")
        return decision_url(lead) if may_decide else self.get_edit_url(lead) or ""

    def get_list_more_buttons(self, instance: Lead) -> list[MenuItem]:
        buttons = super().get_list_more_buttons(instance)
        if self.user_has_permission("decide"):
            buttons.append(MenuItem(_("Décider"), url=decision_url(instance), icon_name="check", priority=5))
        if instance.becomes_id:
            url = reverse("wagtailadmin_pages:edit", args=[instance.becomes_id])
            buttons.append(MenuItem(_("Ouvrir l’expérience"), url=url, icon_name="doc-full", priority=6))
        return buttons


class LeadCreateView(generic.CreateView):
    """Notes a lead, and by whom; out of a visitor's message where one is named, with what the visitor told."""

    page_title = _("Nouvelle piste")
    success_message = _("La piste « %(object)s » est notée.")

    @cached_property
    def message(self) -> VisitorMessage | None:
        """The visitor's message that the lead is made of; None without one, and for who may not read messages."""
        number = self.request.GET.get("message", "")
        if not number.isdecimal() or not self.request.user.has_perm("contact.view_visitormessage"):
            return None
        return VisitorMessage.objects.filter(pk=int(number[:18])).first()

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | (leads.told_by(self.message) if self.message else {})

    def get_add_url(self) -> str:
        url = super().get_add_url()
        return f"{url}?{urlencode({'message': self.message.pk})}" if self.message else url

    def save_instance(self) -> Lead:
        self.form.instance.noted_by = self.request.user
        self.form.instance.message = self.message
        return super().save_instance()


class LeadEditView(generic.EditView):
    """Corrects a lead; what was decided stands above it. Who asked for details is told that there are some."""

    template_name = "experiences/admin/lead_edit.html"
    success_message = _("La piste « %(object)s » est enregistrée.")

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.user_has_permission("decide"):
            return []
        return [HeaderButton(_("Décider"), url=decision_url(self.object), icon_name="check")]

    def save_instance(self) -> Lead:
        # The row is written whole: what was decided since it was read has to stay.
        locked = Lead.objects.select_for_update()
        self.form.instance.refresh_from_db(fields=leads.DECISION_FIELDS, from_queryset=locked)
        lead = super().save_instance()
        if self.form.has_changed():
            leads.answer(lead=lead, user=self.request.user)
        return lead


class LeadDeleteView(DeleteView):
    """Deletes a lead, but for one that became an experience: where that comes from must stay known."""

    @cached_property
    def protectors(self) -> list[Model]:
        return [self.object.becomes] if self.object.becomes_id else super().protectors


class DecisionForm(forms.Form):
    """A decision about a lead: what, why, and who writes the experience that it opens."""

    decision = forms.ChoiceField(label=_("Décision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Motif"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Obligatoire pour un doublon ou une piste non retenue ; pour des précisions, votre question."),
    )
    author = forms.ModelChoiceField(
        label=_("Rédaction confiée à"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Qui écrira l’expérience, si la piste est retenue. Vide : vous."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead = lead
        self.fields["decision"].choices = vocabularies.choices("lead_decision")
        self.fields["author"].queryset = staff()
        self.fields["author"].label_from_instance = name_of

    def clean(self) -> dict[str, Any]:
        """Refuse a refusal without a reason, a question not put, and to overrule a decision that its author has not seen."""
        data = super().clean()
        if problem := leads.reason_missing(data.get("decision", ""), data.get("reason", "")):
            self.add_error("reason", problem)
        if data.get("seen", "") != stamp(self.lead) and data.get("decision") != self.lead.decision:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = stamp(self.lead)
            raise ValidationError(
                _(
                    "Entre-temps, %(person)s a décidé : « %(decision)s ». Relisez, puis envoyez encore pour décider autrement."
                ),
                params={"person": name_of(self.lead.decided_by, "—"), "decision": self.lead.get_decision_display()},
            )
        return data


class DecisionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Asks for a decision; a retained lead opens an experience and goes to its editor. Sent twice, it opens one."""

    model = Lead
    permission_required = "decide"
    form_class = DecisionForm
    template_name = "experiences/admin/lead_decision.html"
    page_title = _("Décider")
    header_icon = "check"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.lead = get_object_or_404(Lead.objects.select_related("noted_by", "decided_by", "becomes"), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.lead.subject

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("lead:index"), "label": _("Pistes")},
            {"url": reverse("lead:edit", args=[quote(self.lead.pk)]), "label": self.lead.subject},
            {"url": "", "label": self.page_title},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"lead": self.lead}

    def get_initial(self) -> dict[str, Any]:
        lead = self.lead
        return {"decision": lead.decision, "reason": lead.reason, "author": lead.noted_by_id, "seen": stamp(lead)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": self.lead}

    def form_valid(self, form: DecisionForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            lead = leads.decide(
                lead=self.lead,
                decision=data["decision"],
                reason=data["reason"],
                user=self.request.user,
                author=data["author"],
            )
        except LeadDecided as error:
            form.add_error("decision", str(error))
            return self.form_invalid(form)
        if lead.decision in leads.RETAINED:
            messages.success(self.request, _("La piste est retenue : voici l’expérience qu’elle ouvre."))
            return redirect("wagtailadmin_pages:edit", lead.becomes_id)
        messages.success(self.request, _("La décision est enregistrée."))
        if lead.is_to_be_completed and not reaches(lead.noted_by, user=self.request.user):
            text = _(
                "Aucun courriel n’est parti : il n’y a personne d’autre à qui poser la question. Elle reste écrite avec la piste."
            )
            messages.warning(self.request, text)
        return redirect("lead:index")


def staff() -> QuerySet:
    """Return the active accounts that may write in the admin, by name."""
    return (
        User.objects.filter(is_active=True, groups__permissions__codename="access_admin")
        .distinct()
        .order_by("first_name", "last_name", "username")
    )


def stamp(lead: Lead) -> str:
    """Return what tells one decision about a lead from the next."""
    return lead.decided_at.isoformat() if lead.decided_at else ""


def decision_url(lead: Lead) -> str:
    """Return the address of the decision about a lead."""
    return reverse("lead:decide", args=[quote(lead.pk)])
