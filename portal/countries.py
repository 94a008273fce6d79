"""Countries by ISO 3166-1 alpha-2 code, with CLDR's names in the visitor's language."""

import unicodedata
from functools import cache, lru_cache

from portal import languages


@cache
def names(language: str) -> dict[str, str]:
    """Return {code: name} of all countries in a language, sorted by name as a reader of it would."""
    territories = languages.locale(language).territories
    codes = (code for code in territories if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES)
    return dict(sorted(((code, territories[code]) for code in codes), key=lambda item: collation(item[1])))


def name(code: str, language: str | None = None) -> str:
    """Return a country's name, in the visitor's language unless told; the code itself where CLDR knows none."""
    return names(language or languages.active()).get(code, code)


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
