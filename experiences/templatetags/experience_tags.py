"""What templates ask about studies."""

from __future__ import annotations

from typing import Any

from django import template

from experiences.models import Study
from knowledge import presentation

register = template.Library()


@register.simple_tag(takes_context=True)
def studied_experiences(context: template.Context, study: Study) -> list[dict[str, Any]]:
    """Return the rows of the experiences that a study is about, as the visitor may see them."""
    return presentation.rows(study.public_experiences(context["request"].user))
