"""Where an experience comes from, on its form."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

if TYPE_CHECKING:
    from experiences.leads import Lead


class LeadPanel(Panel):
    """The leads that became an experience, each with its source and decision; absent where there is none."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"heading": _("Piste dont vient cette expérience"), "icon": "pick"} | kwargs))

    class BoundPanel(Panel.BoundPanel):
        template_name = "experiences/admin/lead_panel.html"

        @cached_property
        def leads(self) -> list[Lead]:
            """The leads, with who noted and decided them."""
            if not self.instance.pk:
                return []
            return list(self.instance.leads.select_related("noted_by", "decided_by"))

        def is_shown(self) -> bool:
            return bool(self.leads)
