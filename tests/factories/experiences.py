"""Experiences as an editor leaves them: a draft snapshot that may be published."""

from __future__ import annotations

from typing import Any

from experiences.models import Condition, Experience
from tests.factories import experience


def make_snapshot(language: str = "fr", **fields: Any) -> Experience:
    """Return the saved draft of a snapshot that has all that publication needs, written in `language`."""
    known = {
        f"title_{language}": "Mutuelle de Thiès",
        f"summary_{language}": "Une mutuelle.",
        "source": "Visite de mars 2024",
    }
    return experience(publish=False, language=language, countries=("SN",), **(known | fields))


def publish(page: Experience) -> Experience:
    """Publish the latest revision and return the live page."""
    Experience.objects.get(pk=page.pk).get_latest_revision().publish()
    return Experience.objects.get(pk=page.pk)


def add_conditions(page: Experience, count: int, **texts: str) -> Experience:
    """Save a revision with `count` conditions, each with the texts given (`text_fr` …)."""
    page = Experience.objects.get(pk=page.pk).get_latest_revision_as_object()
    page.conditions = [
        Condition(factor="trust", effect="enabling", **{name: f"{text} {n}" for name, text in texts.items()})
        for n in range(count)
    ]
    if not page.live:
        page.save()
    page.save_revision(clean=False)
    return Experience.objects.get(pk=page.pk)
