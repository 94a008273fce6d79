"""The page where a visitor writes to the staff, on an address of its own that no shared cache keeps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from portal import languages
from portal.contact.forms import MessageForm, address_of, reference_of
from portal.contact.messages import is_kept, item_named, receive
from portal.contact.models import VisitorMessage
from portal.throttling import HOUR, exceeded

#: What one address may write in an hour.
PER_HOUR = 20
About = VisitorMessage.About
# What the page is called for who comes by a link that says what for, and what makes such a message useful.
TITLES: dict[str, Promise] = {
    About.EXPERIENCE: gettext_lazy("Signaler une expérience"),
    About.WORK: gettext_lazy("Signaler une recherche, un outil ou une publication"),
    About.ADAPTATION: gettext_lazy("Raconter une adaptation"),
    About.ERROR: gettext_lazy("Signaler une erreur"),
    About.LINK: gettext_lazy("Signaler un lien rompu"),
}
ADVICE: dict[str, Promise] = {
    About.EXPERIENCE: gettext_lazy(
        "Son nom, son pays, ce qui la rend intéressante, et où ou auprès de qui en apprendre plus."
    ),
    About.WORK: gettext_lazy("Son titre, qui l’a fait, et où le trouver."),
    About.ADAPTATION: gettext_lazy("Ce que vous avez repris, où, ce que vous avez changé, et ce que cela a donné."),
    About.ERROR: gettext_lazy("La phrase ou le chiffre en cause et, si possible, la source qui dit autre chose."),
    About.LINK: gettext_lazy("Où se trouve ce lien, et ce que vous pensiez y lire."),
}


@cache_control(private=True, no_cache=True)  # not no_store: a browser that goes back shows what was typed
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """Ask what is to be told to the staff; keep it; thank. What is refused, or comes too often, is shown again as typed."""
    form, status = MessageForm(initial=_brought(request)), 200
    if request.method == "POST":
        form = MessageForm(request.POST)
        status = 400
        if form.is_valid():
            sent = {"message": form.instance, "form_key": form.cleaned_data["key"]}
            if is_kept(**sent) or not exceeded("message", request, PER_HOUR):
                form.instance.language = languages.active()
                receive(**sent)
                return redirect(f"{reverse('message')}?thanks=1")
            status = 429
    headers = {"Retry-After": str(HOUR)} if status == 429 else {}
    context = _context(request, form, status)
    return TemplateResponse(request, "contact/message.html", context, status=status, headers=headers)


def _brought(request: HttpRequest) -> dict[str, str]:
    """What the link by which the visitor came says; what makes no sense is left out."""
    about = request.GET.get("about", "")
    return {
        "about": about if about in About.values else About.OTHER,
        "reference": reference_of(request.GET.get("reference", "")),
        "address": address_of(request.GET.get("address", "")),
    }


def _context(request: HttpRequest, form: MessageForm, status: int) -> dict[str, Any]:
    about = form["about"].value()
    thanks = request.method != "POST" and request.GET.get("thanks") == "1"
    title = _("Merci") if thanks else TITLES.get(about) or _("Écrire à l’équipe")
    return {
        "form": form,
        "too_many": status == 429,
        "thanks": thanks,
        "advice": ADVICE.get(about, ""),
        "subject": item_named(reference_of(form["reference"].value() or ""), request.user),
        "address": uri_to_iri(address_of(form["address"].value() or "")),
        "page_title": title,
        "section": "about",
        "breadcrumbs": [(title, None)],
    }
