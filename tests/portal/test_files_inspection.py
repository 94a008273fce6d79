"""What may be uploaded: told from the content, before anything is decoded or unpacked."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from portal.files import inspection
from tests.portal import file_samples as samples


def inspect(data: bytes, name: str) -> str:
    return inspection.inspect(io.BytesIO(data), name)


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (samples.pdf(), "Étude.PDF", inspection.PDF),
        (b"\n\n" + samples.pdf(), "with-junk-before.pdf", inspection.PDF),
        (samples.docx(), "note.docx", inspection.DOCX),
        (samples.odt(), "note.odt", inspection.ODT),
        (samples.archive({"xl/workbook.xml": b"<w/>"}), "table.xlsx", inspection.XLSX),
        (samples.png(1200, 800), "photo.png", inspection.PNG),
        ("été;hiver\n1;2\n".encode("cp1252"), "table.csv", inspection.CSV),
        ("naïve ŋ".encode(), "note.txt", inspection.TEXT),
        ("texte".encode("utf-16"), "note.txt", inspection.TEXT),
    ],
)
def test_a_file_is_known_by_its_content(data, name, media_type):
    assert inspect(data, name) == media_type


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (samples.png(10, 10), "study.pdf", "type"),
        (samples.pdf(), "photo.png", "type"),
        (b"MZ\x90\x00" + bytes(500), "setup.txt", "type"),
        (b"", "nothing.txt", "type"),
        (samples.archive({"payload.exe": b"MZ"}), "note.docx", "type"),
        (samples.archive({"xl/workbook.xml": b"<w/>"}), "note.docx", "type"),
        (samples.pdf(), "page.html", "type"),
        (samples.docx()[:-30], "cut.docx", "broken"),
        (b"PK\x03\x04 but nothing else", "note.docx", "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "photo.png", "broken"),
        (samples.bomb(), "note.docx", "bomb"),
        (samples.many_entries(), "note.docx", "bomb"),
        (samples.png(50_000, 50_000), "photo.png", "pixels"),
        (samples.png(2**31 - 1, 2**31 - 1), "photo.png", "pixels"),
    ],
)
def test_a_file_that_is_no_good_is_refused_with_a_reason(data, name, code):
    with pytest.raises(ValidationError) as refusal:
        inspect(data, name)
    assert refusal.value.code == code


def test_the_refusal_names_both_formats():
    with pytest.raises(ValidationError) as refusal, override("fr"):
        inspect(samples.png(10, 10), "study.pdf")
    assert refusal.value.messages == [
        "Le nom se termine par «\u202f.pdf\u202f», mais le contenu est d’un autre format (PNG)."
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [(samples.bomb(), "note.docx"), (samples.many_entries(), "a.docx"), (samples.png(50_000, 50_000), "a.png")],
)
def test_looking_at_a_bomb_costs_no_memory(data, name):
    tracemalloc.start()
    with pytest.raises(ValidationError):
        inspect(data, name)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 2**20
