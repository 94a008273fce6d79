"""Synthetic documents of the shape of real ones, straight for an engine: what a million items cost without a database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from knowledge import vocabularies
from knowledge.models import Concept
from portal import countries
from portal.demo.corpus import COUNTRIES, FULL_SHARE, MARK, Writer
from portal.languages import LANGUAGES
from search.concepts import thesaurus
from search.engines.base import PUBLIC, Document, Texts

#: Who may see what is not public.
CIRCLE = "circle"
HIDDEN_SHARE = 0.1


def documents(count: int, seed: int = 1) -> Iterator[Document]:
    """Yield ``count`` documents, the same for each seed: in one or two languages, a quarter of them long, a tenth not public."""
    writer = Writer(seed)
    themes, terms = _themes(), thesaurus()
    statuses, modalities = vocabularies.codes("scheme_status"), vocabularies.codes("extension_modality")
    chance = writer.random

    @cache  # the same sentences come again and again
    def named(code: str, line: str) -> tuple[str, ...]:
        return terms.named(Texts(body=line), code)

    for number in range(count):
        original, second = chance.sample(LANGUAGES, 2)
        written = (original, second) if chance.random() < 0.4 else (original,)
        sentences = 26 if chance.random() < FULL_SHARE else 8
        places = tuple(writer.some(COUNTRIES, 2))
        begun = chance.randint(1985, 2020)
        texts = {}
        for code in written:
            title, summary, body = writer.title(code), writer.lines(code, 2), writer.lines(code, sentences)
            texts[code] = Texts(
                title=f"{MARK[code]} {number} : {title}",
                summary=" ".join(summary),
                body=" ".join(body),
                keywords=" · ".join(countries.name(place, code) for place in places),
                named=tuple(slug for line in (title, title, *summary, *body) for slug in named(code, line)),
            )
        yield Document(
            id=str(number + 1),
            kind="experience" if chance.random() < 0.9 else "case_study",
            version=str(number),
            date=datetime(2005, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(7_500)),
            languages=written,
            texts=texts,
            facets={
                "country": places,
                "modality": tuple(writer.some(modalities, 2)),
                "theme": tuple(dict.fromkeys(slug for slugs in writer.some(themes, 4) for slug in slugs)),
                "status": (chance.choice(statuses),),
            },
            first_year=begun,
            last_year=begun + 4 if chance.random() < 0.2 else None,
            audience=frozenset({CIRCLE if chance.random() < HIDDEN_SHARE else PUBLIC}),
        )


def _themes() -> list[tuple[str, ...]]:
    """Each concept of the thesaurus with those above it."""
    broader = dict(Concept.objects.values_list("slug", "broader__slug"))
    chains = []
    for slug in sorted(broader):
        chain = [slug]
        while (above := broader[chain[-1]]) and above not in chain:
            chain.append(above)
        chains.append(tuple(chain))
    return chains
