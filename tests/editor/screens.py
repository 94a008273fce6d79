"""The editor's screen as a browser would fill it: what a form holds, with some fields changed, posted back."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from lxml import html

from portal.models import PortalPage


class Screen:
    """The form of a page, opened once; it is posted with the changes made to it."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        response = client.get(url)
        assert response.status_code == 200, response
        self.load(response)

    def load(self, response) -> None:
        """Fill the form from an answer."""
        form = html.document_fromstring(response.content.decode()).get_element_by_id("page-edit-form")
        for field in form.iter("input", "textarea"):  # what a browser does and the library leaves to us
            if field.tag == "textarea":
                field.value = field.value.removeprefix("\n")
            elif "value" not in field.attrib:
                field.set("value", "on" if field.type == "checkbox" else "")
        self.data = QueryDict(mutable=True)
        for name, value in form.form_values():
            self.data.appendlist(name, value)

    def set(self, **fields: Any) -> Screen:
        """Change fields; a list sets several values, an empty list none."""
        for name, value in fields.items():
            self.data.setlist(name, value if isinstance(value, list) else [value])
        return self

    def add_row(self, table: str, **fields: Any) -> Screen:
        """Add a row to a table."""
        number = int(self.data[f"{table}-TOTAL_FORMS"])
        row = {"id": "", "ORDER": number + 1, "DELETE": ""} | fields
        self.data[f"{table}-TOTAL_FORMS"] = number + 1
        return self.set(**{f"{table}-{number}-{name}": value for name, value in row.items()})

    def post(self, action: str = "", **headers: Any):
        """Post the form with a button: "action-publish", "action-submit", or none for a draft."""
        data = self.data.copy()
        if action:
            data[action] = "1"
        return self.client.post(self.url, data.urlencode(), content_type="application/x-www-form-urlencoded", **headers)


def edit(client: Client, page: PortalPage) -> Screen:
    """Open the form of a page."""
    return Screen(client, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def create(client: Client, model: type[PortalPage], parent: PortalPage) -> Screen:
    """Open the form of a new page."""
    args = [model._meta.app_label, model._meta.model_name, parent.pk]
    return Screen(client, reverse("wagtailadmin_pages:add", args=args))


def messages(response) -> str:
    """Return the messages shown, as one text."""
    return " ".join(str(message) for message in response.context["messages"])
