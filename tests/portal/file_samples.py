"""Files as people send them, good and bad, made when a test needs them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from docx import Document
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

SENTENCE = "La caisse du village garantit la facture du centre de santé."


def pdf(*pages: str) -> bytes:
    """A PDF with one line per page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for page in pages or (SENTENCE,):
        canvas.drawString(72, 720, page)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def encrypted_pdf() -> bytes:
    """A PDF that opens with a password only."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("secret", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def docx(*paragraphs: str) -> bytes:
    """A DOCX with paragraphs and a table of one cell."""
    document = Document()
    for paragraph in paragraphs or (SENTENCE,):
        document.add_paragraph(paragraph)
    document.add_table(1, 1).cell(0, 0).text = "Cotisation annuelle"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    """A ZIP archive of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def odt(text: str = SENTENCE) -> bytes:
    """An ODT with one paragraph, on 3 pages if one believes it."""
    text_ns, meta_ns = (
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    )
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": f'<c xmlns:text="{text_ns}"><text:p>{text}</text:p></c>'.encode(),
            "meta.xml": f'<m xmlns:meta="{meta_ns}"><meta:document-statistic meta:page-count="3"/></m>'.encode(),
        }
    )


def bomb() -> bytes:
    """A DOCX of less than 1 MB that unpacks to 600 MB."""
    size, chunk = 600 * 2**20, bytes(2**20)
    zeros = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = (zeros.compress(chunk) + zeros.flush(zlib.Z_FULL_FLUSH)) * 600 + zeros.flush()
    name = b"word/document.xml"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0) + name
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0, 0, 0, 0, 0, 0
    )
    start = len(local) + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(name), start, 0)
    return local + packed + central + name + end


def lying_bomb() -> bytes:
    """The same, whose directory says that it unpacks to 1 kB."""
    return bomb().replace(struct.pack("<L", 600 * 2**20), struct.pack("<L", 1024))


def many_entries() -> bytes:
    """A DOCX of thousands of empty parts."""
    return archive({"word/document.xml": b"<d/>"} | {f"word/media/{number}": b"" for number in range(4_000)})


def png(width: int, height: int) -> bytes:
    """A PNG that declares a size; its pixels are not there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )
