"""Synthetic documents of the shape of real ones, straight for an engine: what a million items cost without a database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from knowledge import vocabularies
from knowledge.models import Concept
from portal import countries
from portal.demo.corpus import COUNTRIES, FULL_SHARE, MARK, Writer
from portal.languages import LANGUAGES
from search.engines.base import PUBLIC, Document, Texts

#: Who may see what is not public.
CIRCLE = "circle"
HIDDEN_SHARE = 0.1


def documents(count: int, seed: int = 1) -> Iterator[Document]:
    """Yield ``count`` documents, the same for each seed: in one or two languages, a quarter of them long, a tenth not public."""
    writer = Writer(seed)
    themes = _themes()
    statuses, modalities = vocabularies.codes("scheme_status"), vocabularies.codes("extension_modality")
    chance = writer.random
    for number in range(count):
        original, second = chance.sample(LANGUAGES, 2)
        written = (original, second) if chance.random() < 0.4 else (original,)
        sentences = 26 if chance.random() < FULL_SHARE else 8
        places = tuple(writer.some(COUNTRIES, 2))
        begun = chance.randint(1985, 2020)
        texts = {}
        for code in written:
            texts[code] = Texts(
                title=f"{MARK[code]} {number} : {writer.title(code)}",
                summary=writer.text(code, 2),
                body=writer.text(code, sentences),
                keywords=" · ".join(countries.name(place, code) for place in places),
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
