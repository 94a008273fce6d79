"""The editor's screens of the home page and the information pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.editor.panels import interface, language_tabs, publication_tab, texts

HOME_HANDLER = interface(
    [
        *language_tabs(
            lambda code: texts(
                code,
                ["title", "introduction"],
                {"introduction": _("Deux ou trois phrases : ce qu’on trouve ici, et pour qui.")},
            )
        ),
        publication_tab(),
    ]
)
INFO_HANDLER = interface([*language_tabs(lambda code: texts(code, ["title", "body"])), publication_tab()])
