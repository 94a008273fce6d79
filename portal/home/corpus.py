"""Synthetic items of the shape of real ones, for measurements: marked as such, inserted as rows, never published one by one."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction
from wagtail.models import Locale

from experiences import models as experiences
from experiences.models import Experience
from knowledge import models as knowledge
from knowledge import vocabularies
from knowledge.models import Concept, ItemIndexPage, KnowledgeItem
from portal import caching
from portal.languages import LANGUAGES, State
from portal.models import PortalPage

BATCH = 1_000
FULL_SHARE = 0.25
MARK = {"fr": "Fiche synthétique", "en": "Synthetic record", "es": "Ficha sintética", "pt": "Ficha sintética"}
COUNTRIES = ["BF", "SN", "BJ", "ML", "CD", "RW", "TG", "CI", "CM", "GN", "NE", "GH", "CV", "BR", "PE", "TH", "KH", "IN"]
WORDS = {
    "fr": "les membres de la caisse paient chaque mois une part fixe et le centre de santé reçoit la facture au village avec "
    "un comité élu qui contrôle les comptes pendant la saison des récoltes pour les familles sans revenu régulier",
    "en": "members of the fund pay a fixed share every month and the health centre receives the bill in the village with an "
    "elected committee that checks the accounts during the harvest season for families without regular income",
    "es": "los miembros de la caja pagan cada mes una parte fija y el centro de salud recibe la factura en la aldea con un "
    "comité elegido que controla las cuentas durante la cosecha para las familias sin ingreso regular",
    "pt": "os membros da caixa pagam todos os meses uma parte fixa e o centro de saúde recebe a fatura na aldeia com uma "
    "comissão eleita que verifica as contas durante a colheita para as famílias sem rendimento regular",
}


class Writer:
    """Writes sentences of a language from common words and the thesaurus's labels, frequent ones more often."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        concepts = list(Concept.objects.all())
        self.labels = {code: [getattr(concept, f"label_{code}") for concept in concepts] for code in LANGUAGES}
        self.weights = [1 / (rank + 1) for rank in range(len(concepts))]
        self.common = {code: words.split() for code, words in WORDS.items()}
        self.concepts = [concept.pk for concept in concepts]

    def sentence(self, language: str, words: int = 14) -> str:
        """Return a sentence of about that many words."""
        parts = self.random.choices(self.common[language], k=words)
        parts[words // 2] = self.random.choices(self.labels[language], self.weights)[0]
        return f"{' '.join(parts).capitalize()}."

    def text(self, language: str, sentences: int) -> str:
        """Return several sentences."""
        return " ".join(self.sentence(language) for _number in range(sentences))

    def some(self, values: Sequence[Any], most: int) -> list[Any]:
        """Return one to `most` different values."""
        return self.random.sample(values, self.random.randint(1, most))


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
        setattr(page, f"title_{code}", f"{MARK[code]} {pk} : {writer.sentence(code, 5)}")
        setattr(page, f"summary_{code}", writer.text(code, 3))
        setattr(page, f"problem_{code}", writer.text(code, 2))
        setattr(page, f"objectives_{code}", writer.text(code, 2))
        setattr(page, f"description_{code}", f"<p>{writer.text(code, 30 if full else 8)}</p>")
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
