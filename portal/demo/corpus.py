"""Synthetic items of the shape of real ones, for measurements: marked as such, inserted as rows, never published one by one."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.html import strip_tags
from wagtail.models import Locale

from experiences import models as experiences
from experiences.models import Experience
from knowledge import models as knowledge
from knowledge import vocabularies
from knowledge.models import Concept, ItemIndexPage, KnowledgeItem
from portal import caching
from portal.demo import load
from portal.languages import LANGUAGES, State
from portal.models import PortalPage

BATCH = 1_000
FULL_SHARE = 0.25
MARK = {"fr": "Fiche synthétique", "en": "Synthetic record", "es": "Ficha sintética", "pt": "Ficha sintética"}
COUNTRIES = ["BF", "SN", "BJ", "ML", "CD", "RW", "TG", "CI", "CM", "GN", "NE", "GH", "CV", "BR", "PE", "TH", "KH", "IN"]
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
FEWEST_WORDS = 6


class Writer:
    """Writes texts from the demonstration's own sentences, so that words are as frequent as in what people write."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.sentences = sentences()
        self.concepts = list(Concept.objects.values_list("pk", flat=True))

    def sentence(self, language: str) -> str:
        """Return a sentence, of some 18 words."""
        return self.random.choice(self.sentences[language])

    def title(self, language: str) -> str:
        """Return the beginning of a sentence."""
        return " ".join(self.sentence(language).split()[:9]).rstrip(" ,;:")

    def lines(self, language: str, sentences: int) -> list[str]:
        """Return several sentences."""
        return self.random.choices(self.sentences[language], k=sentences)

    def text(self, language: str, sentences: int) -> str:
        """Return a text of several sentences."""
        return " ".join(self.lines(language, sentences))

    def some(self, values: Sequence[Any], most: int) -> list[Any]:
        """Return one to `most` different values."""
        return self.random.sample(values, self.random.randint(1, most))


def sentences() -> dict[str, list[str]]:
    """Return the sentences of the demonstration, each once, by language."""
    found: dict[str, dict[str, None]] = {code: {} for code in LANGUAGES}

    def collect(value: Any, language: str) -> None:
        if isinstance(value, str) and language:
            lines = (
                line for line in SENTENCE_END.split(unescape(strip_tags(value))) if len(line.split()) >= FEWEST_WORDS
            )
            found[language].update(dict.fromkeys(lines))
        elif isinstance(value, dict):
            for key, part in value.items():
                collect(part, key if key in LANGUAGES else language)
        elif isinstance(value, list):
            for part in value:
                collect(part, language)

    for item in load.items():
        collect(item, "")
    return {code: list(lines) for code, lines in found.items()}


def make(items: int, say: Callable[[int], None] = lambda number: None, seed: int = 1) -> None:
    """Add `items` synthetic experiences, published, with child rows and texts in one or two languages."""
    writer, index = Writer(seed), ItemIndexPage.objects.get(slug="experiences")
    first = (PortalPage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    start = index.numchild
    locale, content_type = Locale.get_default(), ContentType.objects.get_for_model(Experience)
    for begin in range(0, items, BATCH):
        numbers = range(begin, min(begin + BATCH, items))
        with transaction.atomic():
            rows = [
                experience(writer, index, start + number + 1, first + number, locale, content_type)
                for number in numbers
            ]
            insert(PortalPage, [parent(row, PortalPage) for row in rows])
            insert(KnowledgeItem, [parent(row, KnowledgeItem) for row in rows])
            insert(Experience, rows)
            children(writer, rows)
            PortalPage.objects.filter(pk=index.pk).update(numchild=start + numbers[-1] + 1)
        say(numbers[-1] + 1)
    # PostgreSQL goes on counting where it was, and would give the next page a number that is taken.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [PortalPage]):
            cursor.execute(statement)
    caching.forget()


def experience(
    writer: Writer, index: ItemIndexPage, child: int, pk: int, locale: Locale, content_type: ContentType
) -> Experience:
    """Return a synthetic experience as it would be below the catalogue, in memory."""
    chance = writer.random
    original, second = chance.sample(LANGUAGES, 2)
    published = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(7_500))
    full, begun = chance.random() < FULL_SHARE, chance.randint(1985, 2020)
    page = Experience(
        pk=pk,
        path=index._get_path(index.path, index.depth + 1, child),
        depth=index.depth + 1,
        slug=f"synthetic-{pk}",
        url_path=f"{index.url_path}synthetic-{pk}/",
        translation_key=uuid.uuid4(),
        locale=locale,
        content_type=content_type,
        live=True,
        first_published_at=published,
        last_published_at=published,
        original_language=original,
        reference=f"{Experience.REFERENCE_PREFIX}-{pk:05d}",
        record_depth=Experience.Depth.FULL if full else Experience.Depth.SNAPSHOT,
        scheme_status=chance.choice(vocabularies.codes("scheme_status")),
        start_year=begun,
        end_year=begun + chance.randint(1, 5) if chance.random() < 0.2 else None,
        source="Synthetic corpus",
        consent_obtained=True,
    )
    page.id = page.portalpage_ptr_id = page.knowledgeitem_ptr_id = pk
    for code in (original, second) if chance.random() < 0.4 else (original,):
        setattr(page, f"language_state_{code}", State.PUBLISHED)
        setattr(page, f"title_{code}", f"{MARK[code]} {pk} : {writer.title(code)}")
        setattr(page, f"summary_{code}", writer.text(code, 2))
        setattr(page, f"problem_{code}", writer.text(code, 1))
        setattr(page, f"objectives_{code}", writer.text(code, 1))
        setattr(page, f"description_{code}", f"<p>{escape(writer.text(code, 18 if full else 5))}</p>")
    page.title = page.draft_title = page.title_in(original)
    return page


def parent(page: Experience, model: type[PortalPage]) -> Any:
    """Return the row that a page has in the table of one of its parents."""
    return model(**{field.attname: getattr(page, field.attname) for field in model._meta.concrete_fields})


def insert(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Insert rows into a child table alone: Django's bulk_create refuses tables that have a parent."""
    fields = model._meta.local_concrete_fields
    model._base_manager.all()._batched_insert(list(rows), fields, batch_size=None)


def children(writer: Writer, pages: Sequence[Experience]) -> None:
    """Insert the child rows of synthetic experiences, table by table."""
    tables: dict[type, list[Any]] = {}
    for page in pages:
        for row in child_rows(writer, page):
            tables.setdefault(type(row), []).append(row)
    for model, rows in tables.items():
        model.objects.bulk_create(rows, batch_size=BATCH)


def child_rows(writer: Writer, page: Experience) -> Iterator[models.Model]:
    """Yield the child rows of one synthetic experience."""
    written = page.whole_languages

    def texts(*names: str) -> dict[str, str]:
        return {f"{name}_{code}": writer.text(code, 1) for name in names for code in written}

    for order, country in enumerate(writer.some(COUNTRIES, 2)):
        yield knowledge.Place(page_id=page.pk, country=country, sort_order=order)
    for order, concept in enumerate(writer.some(writer.concepts, 5)):
        yield knowledge.ItemConcept(page_id=page.pk, concept_id=concept, sort_order=order)
    for vocabulary in ("extension_modality", "exclusion_cause"):
        for code in writer.some(vocabularies.codes(vocabulary), 2):
            yield knowledge.ItemChoice(page_id=page.pk, vocabulary=vocabulary, code=code)
    for order in range(6 if page.is_full else 1):
        yield experiences.ExperienceLesson(page_id=page.pk, sort_order=order, **texts("text"))
    for order, factor in enumerate(vocabularies.codes("condition_factor")[: 8 if page.is_full else 0]):
        yield experiences.Condition(page_id=page.pk, sort_order=order, factor=factor, **texts("text"))
    for order in range(4 if page.is_full else 0):
        yield experiences.Strength(page_id=page.pk, sort_order=order, **texts("text"))
        yield experiences.Weakness(page_id=page.pk, sort_order=order, **texts("text", "remedy"))
