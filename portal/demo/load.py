"""Loads the demonstration content through the code that staff's work goes through. Safe to run again: what exists stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth import get_user_model
from django.core.files import File as DjangoFile
from django.db import transaction
from django.utils import timezone

from experiences import leads
from experiences import models as experiences
from experiences.models import Experience, Lead, Study
from knowledge import models as knowledge
from knowledge.models import Concept, ItemIndexPage, KnowledgeItem, Organisation, Person
from portal.contact import messages
from portal.contact.models import VisitorMessage
from portal.languages import LANGUAGES, State
from portal.models import File

HERE = Path(__file__).parent
# {key in the data, which is the relation: child model}: their rows have the fields of the data.
ROWS: dict[str, type] = {
    "conditions": experiences.Condition,
    "strengths": experiences.Strength,
    "weaknesses": experiences.Weakness,
    "indicators": experiences.Indicator,
    "involvements": experiences.Involvement,
    "value_assessments": experiences.ValueAssessment,
}
# Who writes the items in turn: in a demonstration too, staff translate what others wrote.
WRITERS = ("author", "author", "reviewer", "publisher")
SIMPLE = (
    "local_name", "acronym", "start_year", "end_year", "year", "scheme_status", "membership_mode", "viable_without_aid",
    "transfer_verdict", "evidence_strength", "documented_on", "target_population", "source", "source_url", "licence",
    "consent_obtained", "study_kind",
)  # fmt: skip
TEXTS = (
    "title", "summary", "problem", "objectives", "governance", "link_to_national_system", "gender_dimension",
    "viability_comment", "rare_context_factors", "questions", "method",
)  # fmt: skip


def read(name: str) -> Any:
    """Return the data of a file beside this module."""
    return yaml.load((HERE / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


def items() -> list[dict[str, Any]]:
    """Return the data of all experiences and studies."""
    return [read(f"items/{path.name}") for path in sorted((HERE / "items").glob("*.yaml"))]


def load(say: Callable[[str], None] = lambda text: None) -> None:
    """Load leads, items in the order in which they point to each other, and messages; `say` hears of each item."""
    found, opened = items(), {}
    for data in read("leads.yaml"):
        lead = load_lead(data)
        if lead.becomes and data.get("becomes"):
            opened[data["becomes"]] = lead.becomes
    for number, data in enumerate(in_order(found)):
        if not KnowledgeItem.objects.filter(slug=data["slug"]).exists():
            load_item(data, opened.get(data["slug"]), WRITERS[number % len(WRITERS)])
            say(data["slug"])
    for data in found:
        if data.get("links"):
            load_links(data)
    for number, message in enumerate(read("messages.yaml")):
        load_message(message, number)


def in_order(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each study as soon as the experiences that it speaks of have been."""
    tried = [data for data in items if data["type"] == "experience"]
    studies = [data for data in items if data["type"] == "study"]
    done = set()
    for experience in tried:
        yield experience
        done.add(experience["slug"])
        ready = [study for study in studies if done.issuperset(study["experiences"])]
        yield from ready
        studies = [study for study in studies if study not in ready]


@transaction.atomic
def load_lead(data: dict[str, Any]) -> Lead:
    """Return the lead of the data, noted by the demonstration's author, decided by its reviewer on the day told there."""
    known = {name: data[name] for name in ("kind", "country", "where_heard", "heard_on", "interest") if data.get(name)}
    lead, created = Lead.objects.get_or_create(subject=data["subject"], defaults=known | {"noted_by": staff("author")})
    if created and data.get("decision"):
        lead = leads.decide(lead=lead, decision=data["decision"], reason=data.get("reason", ""), user=staff("reviewer"))
        lead.decided_at = timezone.make_aware(datetime.combine(data["decided_on"], time(9)))
        lead.save(update_fields=["decided_at"])
    return lead


@transaction.atomic
def load_item(data: dict[str, Any], page: KnowledgeItem | None = None, writer: str = "author") -> None:
    """Write an experience or a study, into the draft that its lead opened where there is one, and publish it."""
    if page is None:
        page = (Experience if data["type"] == "experience" else Study)(live=False, owner=staff(writer))
    page.slug, page.original_language = data["slug"], data["original_language"]
    for code in LANGUAGES:
        setattr(page, f"language_state_{code}", data["languages"].get(code, State.NONE))
    if "depth" in data:
        page.record_depth = data["depth"]
    for name in SIMPLE:
        if name in data:
            setattr(page, name, data[name])
    write_texts(page, data, TEXTS)
    for code, text in data.get("description", {}).items():
        setattr(page, f"description_{code}", paragraphs(text))
    for code, chapters in data.get("chapters", {}).items():
        setattr(page, f"body_{code}", [("chapter", chapter(entry)) for entry in chapters])
    write_rows(page, data)
    if page.pk is None:
        ItemIndexPage.objects.get(slug="experiences" if data["type"] == "experience" else "studies").add_child(
            instance=page
        )
    page.save_revision(user=page.owner, log_action=True).publish(user=staff("publisher"))


def write_texts(instance: Any, data: dict[str, Any], names: Iterable[str]) -> None:
    """Copy the texts `{name: {language: text}}` of the data to an instance, in memory."""
    for name in names:
        for code, text in data.get(name, {}).items():
            setattr(instance, f"{name}_{code}", text.strip())


def write_rows(page: KnowledgeItem, data: dict[str, Any]) -> None:
    """Fill the child tables of a page from the data, in memory."""
    page.places = [row(knowledge.Place, place) for place in data.get("places", [])]
    page.choices = [
        knowledge.ItemChoice(vocabulary=vocabulary, code=code)
        for vocabulary, codes in data.get("choices", {}).items()
        for code in codes
    ]
    page.item_concepts = [knowledge.ItemConcept(concept=Concept.objects.get(slug=slug)) for slug in data["concepts"]]
    page.contributors = [
        knowledge.Contributor(person=Person.objects.get_or_create(name=entry["person"]["name"])[0], role=entry["role"])
        for entry in data.get("contributors", [])
    ]
    page.organisations = [
        knowledge.ItemOrganisation(organisation=organisation(entry), role=entry["role"])
        for entry in data.get("organisations", [])
    ]
    page.files = [knowledge.ItemFile(file=file(entry)) for entry in data.get("files", [])]
    lesson = experiences.ExperienceLesson if isinstance(page, Experience) else experiences.StudyLesson
    page.lessons = [row(lesson, entry) for entry in data.get("lessons", [])]
    if isinstance(page, Experience):
        for name, model in ROWS.items():
            setattr(page, name, [row(model, entry) for entry in data.get(name, [])])
    else:
        page.study_experiences = [
            experiences.StudyExperience(experience=Experience.objects.get(slug=slug)) for slug in data["experiences"]
        ]


def row(model: type, data: dict[str, Any]) -> Any:
    """Return a child row; a value that is a dict is a text in several languages."""
    values: dict[str, Any] = {}
    for name, value in data.items():
        values |= (
            {f"{name}_{code}": text.strip() for code, text in value.items()}
            if isinstance(value, dict)
            # A float would be kept in the revision with more decimals than its field and form accept.
            else {name: Decimal(str(value)) if isinstance(value, float) else value}
        )
    return model(**values)


def organisation(data: dict[str, Any]) -> Organisation:
    """Return the organisation of that name, created where it is new."""
    known = {name: data[name] for name in ("acronym", "kind", "country", "website") if data.get(name)}
    return Organisation.objects.get_or_create(name=data["name"], defaults=known)[0]


def file(data: dict[str, Any]) -> File:
    """Return the file of that title, uploaded where it is new."""
    known = File.objects.filter(title=data["title"]).first()
    if known:
        return known
    with (HERE / "files" / data["file"]).open("rb") as content:
        uploaded = File(title=data["title"], language=data["language"], file=DjangoFile(content, name=data["file"]))
        uploaded._set_document_file_metadata()
        uploaded.save()
    return uploaded


def paragraphs(text: str) -> str:
    """Turn paragraphs separated by blank lines into the rich text of the editor."""
    return "".join(f"<p>{escape(part.strip(), quote=False)}</p>" for part in text.split("\n\n") if part.strip())


def chapter(data: dict[str, Any]) -> dict[str, Any]:
    """Return the value of a chapter block."""
    content: list[dict[str, Any]] = []
    for entry in data["content"]:
        if "paragraph" in entry:
            content.append({"type": "paragraph", "value": f"<p>{entry['paragraph'].strip()}</p>"})
        elif "chart" in entry:
            values = [{"year": year, "value": Decimal(str(value))} for year, value in entry["chart"]["values"].items()]
            content.append({"type": "chart", "value": entry["chart"] | {"values": values}})
        else:
            table = entry["table"]
            value = {
                "data": [[str(cell) for cell in cells] for cells in table["rows"]],
                "first_row_is_table_header": True,
                "first_col_is_header": False,
                "table_header_choice": "row",
                "table_caption": table.get("caption", ""),
            }
            content.append({"type": "table", "value": value})
    return {"title": data["title"], "content": content, "notes": data.get("notes", [])}


@transaction.atomic
def load_links(data: dict[str, Any]) -> None:
    """Link an item to others, once: both ends must exist before."""
    page = KnowledgeItem.objects.get(slug=data["slug"]).specific.get_latest_revision_as_object()
    if not page.links.exists():
        page.links = [
            knowledge.ItemLink(link_type=entry["type"], target_id=KnowledgeItem.objects.get(slug=entry["target"]).pk)
            for entry in data["links"]
        ]
        page.save_revision(user=page.owner).publish(user=staff("publisher"))


@transaction.atomic
def load_message(data: dict[str, Any], number: int) -> None:
    """Receive what a visitor wrote some days ago, and have it done where the data say so; staff decide about the rest."""
    written = {name: data[name] for name in ("about", "language", "text", "name", "email", "address") if name in data}
    message = VisitorMessage(**written, created_at=timezone.now() - timedelta(days=data["days_ago"]))
    if item := data.get("item"):
        message.reference = KnowledgeItem.objects.get(slug=item).reference
    message = messages.receive(message=message, form_key=f"demonstration-{number}")
    if "done" in data and not message.is_done and not message.note:
        messages.settle(message=message, is_done=True, note=data["done"]["note"], user=staff(data["done"]["by"]))


def staff(role: str) -> Any:
    """Return the demonstration account of a role, None where there is none."""
    return get_user_model().objects.filter(username=role).first()
