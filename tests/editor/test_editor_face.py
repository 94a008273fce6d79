"""The editor's screens wear the portal's colours, whatever Wagtail's own are."""

from __future__ import annotations

import colorsys
import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"


def tokens(name: str) -> dict[str, str]:
    """Return the variables of a style sheet as they are first set: those of a page in the light."""
    found: dict[str, str] = {}
    for variable, value in re.findall(r"--([\w-]+):\s*([^;]+);", (CSS / name).read_text(encoding="utf-8")):
        found.setdefault(variable, value)
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("wagtail", "token"), [("primary", "deep"), ("secondary", "accent")])
def test_wagtails_colours_are_those_of_the_portal(wagtail, token):
    given = tokens("admin.css")
    hue, saturation, lightness = (
        float(given[f"w-color-{wagtail}-{part}"].rstrip("%")) for part in ("hue", "saturation", "lightness")
    )
    drawn = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    meant = tokens("portal.css")[token]
    assert all(abs(part * 255 - int(meant[at : at + 2], 16)) <= 1 for part, at in zip(drawn, (1, 3, 5), strict=True))


def test_the_focus_is_seen_on_the_page_and_on_the_menu():
    focus, deep = tokens("admin.css")["w-color-focus"], tokens("portal.css")["deep"]
    assert contrast(focus, "#ffffff") >= 3
    assert contrast(focus, deep) >= 3
