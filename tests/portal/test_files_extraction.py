"""The text of files, read within limits; a file that cannot be read is kept."""

from __future__ import annotations

import io
import os
import tempfile

import pytest

from portal.files import extraction, inspection, reader
from portal.files.extraction import Extract, extract
from tests.portal import file_samples as samples


def extracted(data: bytes, media_type: str) -> Extract:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return extract(file, media_type)


def test_a_pdf_gives_its_text_and_pages():
    assert extracted(samples.pdf("Première", "Seconde"), inspection.PDF) == Extract("Première\nSeconde", 2)


def test_a_docx_gives_paragraphs_and_tables():
    found = extracted(samples.docx("Un", "Deux"), inspection.DOCX)
    assert found.text == "Un\nDeux\nCotisation annuelle"


def test_an_odt_gives_text_and_pages():
    assert extracted(samples.odt(), inspection.ODT) == Extract(samples.SENTENCE, 3)


def test_an_xlsx_gives_its_texts():
    strings = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>Adhérents</t></si></sst>"
    data = samples.archive({"xl/workbook.xml": b"<w/>", "xl/sharedStrings.xml": strings.encode()})
    assert extracted(data, inspection.XLSX).text == "Adhérents"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encodings_that_people_use(encoding):
    assert extracted("Santé à Thiès".encode(encoding), inspection.TEXT).text == "Santé à Thiès"


def test_what_a_database_refuses_is_left_out():
    assert reader.joined(iter(["a\0b", "c\ud800d"])) == "ab\ncd"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (samples.encrypted_pdf(), inspection.PDF),
        (samples.pdf()[:400], inspection.PDF),
        (b"%PDF-1.7 nothing more", inspection.PDF),
        (samples.docx()[:-100], inspection.DOCX),
        (samples.archive({"word/document.xml": b"<not-closed"}), inspection.DOCX),
        (samples.archive({"mimetype": b"x"}), inspection.ODT),
        (samples.png(10, 10), inspection.PNG),
    ],
)
def test_a_file_that_cannot_be_read_has_no_text(data, media_type):
    assert extracted(data, media_type) == Extract()


def test_a_scanned_pdf_has_pages_but_no_text():
    assert extracted(samples.pdf("", ""), inspection.PDF) == Extract("", 2)


@pytest.mark.parametrize("bomb", [samples.bomb(), samples.lying_bomb()])
def test_a_bomb_that_came_in_another_way_ends_the_reader_only(bomb):
    assert extracted(bomb, inspection.DOCX) == Extract()


def test_an_entity_bomb_stays_small():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    content = f'<!DOCTYPE c [<!ENTITY a0 "ha">{entities}]><c xmlns:text="{reader.OPEN_DOCUMENT[1:-1]}"><text:p>&a11;</text:p></c>'
    data = samples.archive({"mimetype": inspection.ODT.encode(), "content.xml": content.encode()})
    assert len(extracted(data, inspection.ODT).text) < 10_000


def test_a_long_text_is_cut():
    assert len(extracted(b"mot " * 2**20, inspection.TEXT).text) <= reader.TEXT_MAX_BYTES


def test_a_reader_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(extraction, "WALL_SECONDS", 0.05)
    assert extracted(samples.pdf(), inspection.PDF) == Extract()


def test_the_reader_sees_no_secret(monkeypatch):
    seen = {}

    def run(command, **options):
        seen.update(options["env"])
        options["stdout"].write(b'{"text": "x", "pages": null}')

    monkeypatch.setenv("SECRET_KEY", "not for parsers")
    monkeypatch.setattr(extraction.subprocess, "run", run)
    extract(io.BytesIO(b"x"), inspection.TEXT)
    assert "not for parsers" not in seen.values()
    assert os.environ["SECRET_KEY"] == "not for parsers"
