"""The controlled vocabularies: codes and their labels in four languages, read from `data/vocabularies.csv`.

A single choice is a code on the row (`CodeField`); multiple choices are rows of `ItemChoice`.
"""

from __future__ import annotations

import csv
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.db import models

from portal import languages

DATA = Path(__file__).parent / "data"


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    vocabularies: dict[str, dict[str, dict[str, str]]] = {}
    with (DATA / "vocabularies.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            vocabularies.setdefault(row["vocabulary"], {})[row["code"]] = {
                code: row[code] for code in languages.LANGUAGES
            }
    return vocabularies


def codes(vocabulary: str) -> list[str]:
    """Return the codes of a vocabulary in its order. Raises KeyError for an unknown vocabulary."""
    return list(_labels()[vocabulary])


def label(vocabulary: str, code: str, language: str | None = None) -> str:
    """Return a code's label in the visitor's language, or in `language`; the code itself where it is unknown."""
    labels = _labels()[vocabulary].get(code)
    return labels[language or languages.active()] if labels else code


def choices(vocabulary: str) -> list[tuple[str, str]]:
    """Return (code, label) pairs in the visitor's language, for a form."""
    return [(code, label(vocabulary, code)) for code in codes(vocabulary)]


class CodeField(models.CharField):
    """A single choice from a vocabulary, kept as its code; empty where unknown."""

    def __init__(self, *args: Any, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("max_length", 40)
        kwargs["choices"] = partial(choices, vocabulary)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:
        # Django's own would label the whole vocabulary to find one.
        if f"get_{name}_display" not in cls.__dict__:
            setattr(cls, f"get_{name}_display", lambda row: label(self.vocabulary, getattr(row, name) or ""))
        super().contribute_to_class(cls, name, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["choices"]  # the labels are data, not schema
        return name, path, list(args), kwargs | {"vocabulary": self.vocabulary}
