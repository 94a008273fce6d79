"""Words that the components need: names of languages and countries, sizes, short lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from babel.numbers import format_compact_decimal
from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from portal import countries, languages
from portal.languages import State
from portal.models import PortalPage

register = template.Library()

KILO = 1000
NAMES_SHOWN = 4
SHORTENED_FROM = 100_000


@register.filter
def language_name(code: str) -> str:
    """Return a language's name as the visitor says it inside a sentence: "anglais"."""
    return languages.name_in(code)


@register.filter
def own_language_name(code: str) -> str:
    """Return a language's name as its own readers write it: "English"."""
    return languages.NAMES.get(code, code)


@register.filter
def with_region(code: str) -> str:
    """Return a language as Open Graph writes it: "fr_FR"."""
    return languages.REGIONS.get(code, code)


@register.filter
def country_name(code: str) -> str:
    """Return a country's name in the visitor's language."""
    return countries.name(code)


@register.filter
def file_size(size: int | None) -> str:
    """Return a size in bytes as a reader on a slow line counts it: "480 ko", "1,2 Mo"."""
    if not size:
        return gettext("taille n. d.")
    if size < KILO**2:
        return gettext("%(number)s ko") % {"number": number_format(max(1, round(size / KILO)))}
    return gettext("%(number)s Mo") % {"number": number_format(round(size / KILO**2, 1))}


@register.filter
def names_shortened(names: Sequence[str]) -> str:
    """Return names joined for one line; beyond four, the rest is counted."""
    names = list(names)
    rest = len(names) - NAMES_SHOWN
    shown = ", ".join(names[:NAMES_SHOWN])
    if rest <= 0:
        return shown
    return ngettext("%(names)s et %(number)d autre", "%(names)s et %(number)d autres", rest) % {
        "names": shown,
        "number": rest,
    }


@register.filter
def is_long(title: str) -> bool:
    """Return whether a title needs the smaller letter: a sentence of three lines or a word that fits no phone."""
    return len(title) > 140 or any(len(word) > 28 for word in title.split())


@register.filter
def at(words: Sequence[str | None], place: int) -> str:
    """Return the word at a place; empty where there is none."""
    return (words[place] or "").strip() if place < len(words) else ""


@register.filter
def figure(value: Decimal | int) -> str:
    """Return a number as the visitor writes it, without the zeros that only the database knows."""
    if isinstance(value, int) and 0 <= value < KILO:
        return str(value)  # most counts; a list has a hundred
    number = Decimal(value).normalize()
    if number == number.to_integral_value():
        number = number.quantize(Decimal(1))
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def figure_short(value: Decimal) -> str:
    """Return a number for the little room of a chart: "1,2 M" (CLDR's compact form), and in full below 100,000."""
    if abs(value) < SHORTENED_FROM:
        return figure(value)
    return format_compact_decimal(value, locale=languages.locale(languages.active()), fraction_digits=1)


@register.simple_tag(takes_context=True)
def other_languages(context: template.Context, page: PortalPage, shown: str) -> list[tuple[str, str, bool]]:
    """Return (language, address, outdated) of the other languages in which a page can be read as a whole."""
    whole = page.whole_languages
    return [
        (code, address, page.state_of(code) == State.OUTDATED)
        for code, address in context.get("alternates", ())
        if code in whole and code != shown
    ]


@register.filter
def is_outdated(page: PortalPage, language: str) -> bool:
    """Return whether a page's text in a language is behind the original."""
    return page.state_of(language) == State.OUTDATED


@register.simple_tag
def checkboxes(name: str, options: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the checkboxes of a group of filters (components/facet.html says of what).

    Not a template: a list has a hundred of them, and a template took a third of the time of the page.
    """
    return mark_safe("".join(_checkbox(escape(name), option) for option in options))  # noqa: S308  (escaped one by one)


def _checkbox(name: str, option: Mapping[str, Any]) -> str:
    value, count = escape(option["value"]), option.get("count")
    checked = " checked" if option["checked"] else ""
    language = f' lang="{escape(option["language"])}"' if option.get("language") else ""
    number = "" if count is None else f'<span class="count">{figure(count)}</span>'
    return (
        f'<label class="check"><input type="checkbox" id="{name}-{value}" name="{name}" value="{value}"{checked}>'
        f"<span{language}>{escape(option['label'])}</span>{number}</label>"
    )
