"""Countries by ISO 3166-1 alpha-2 code, with names in the visitor’s language: CLDR’s, or those that the field uses instead."""

import unicodedata
from functools import cache, lru_cache

from portal import languages


@cache
def names(language: str) -> dict[str, str]:
    """Return {code: name} of all countries in a language, sorted by name as a reader of it would."""
    territories = languages.locale(language).territories
    codes = (code for code in territories if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES)
    named = ((code, OF_THE_UNITED_NATIONS.get(code, {}).get(language) or territories[code]) for code in codes)
    return dict(sorted(named, key=lambda item: collation(item[1])))


def name(code: str, language: str | None = None) -> str:
    """Return a country's name, in the visitor's language unless told; the code itself where CLDR knows none."""
    return names(language or languages.active()).get(code, code)


def called(code: str, language: str) -> tuple[str, ...]:
    """Return all that a country is called in a language, its name first: what people look for it by."""
    usual = languages.locale(language).territories.get(code, code)
    return tuple(dict.fromkeys((name(code, language), usual, *SHORT.get(code, {}).get(language, ()))))


def exists(code: str) -> bool:
    """Return whether `code` is a country's code."""
    return code in names("en")


def choices() -> list[tuple[str, str]]:
    """Return (code, name) pairs for a form, in the visitor's language."""
    return list(names(languages.active()).items())


@lru_cache(maxsize=5_000)
def collation(text: str) -> str:
    """Return a key that sorts « Égypte » beside « Espagne »."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).casefold()


# The countries that the programme serves first.
WEST_AND_CENTRAL_AFRICA = (
    *("BF", "BJ", "CI", "CV", "GH", "GM", "GN", "GW", "LR", "ML", "MR", "NE", "NG", "SL", "SN", "TG"),
    *("AO", "BI", "CD", "CF", "CG", "CM", "GA", "GQ", "RW", "ST", "TD"),
)

# CLDR codes that are no country: groupings, outlying areas, pseudo-locales.
NOT_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

# The names of UNTERM that the field uses, where CLDR has others.
OF_THE_UNITED_NATIONS: dict[str, dict[str, str]] = {
    "CD": {
        "fr": "République démocratique du Congo",
        "en": "Democratic Republic of the Congo",
        "pt": "República Democrática do Congo",
    },
    "CG": {"fr": "Congo", "en": "Congo", "pt": "Congo"},
    "CI": {"pt": "Côte d’Ivoire"},
    "CV": {"fr": "Cabo Verde", "en": "Cabo Verde"},
    "KE": {"es": "Kenya"},
    "LS": {"es": "Lesotho"},
    "ML": {"es": "Malí"},
    "ST": {"en": "Sao Tome and Principe"},
}

# What people of the field write instead of a long name.
SHORT: dict[str, dict[str, tuple[str, ...]]] = {
    "CD": {"fr": ("RDC",), "en": ("DRC", "DR Congo"), "es": ("RDC",), "pt": ("RDC",)},
    "CF": {"fr": ("RCA",), "es": ("RCA",), "pt": ("RCA",)},
    "CI": {"fr": ("RCI",), "es": ("Costa de Marfil",), "pt": ("Costa do Marfim",), "en": ("Ivory Coast",)},
}
