"""Reads the text of one file from standard input and writes it as JSON: run as a process of its own, within limits.

`python -m portal.files.reader MEDIA_TYPE PARENT < file`. A malformed file may make a parser eat all memory or never end; here
that ends this process and nothing else. It imports neither Django nor the portal's settings, and knows no secret.
"""

from __future__ import annotations

import json
import logging
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from portal.processes import die_with_parent

CPU_SECONDS = 30
MEMORY_BYTES = 512 * 2**20
TEXT_MAX_BYTES = 2 * 2**20
OUTPUT_MAX_BYTES = 2 * TEXT_MAX_BYTES

OPEN_DOCUMENT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OPEN_DOCUMENT_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"


def limit() -> None:
    """Bound what this process may use, before it looks at the file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_MAX_BYTES, OUTPUT_MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pdf(file: BinaryIO) -> tuple[int | None, Iterator[str]]:
    """Return the pages of a PDF. One that is locked only against printing opens with the empty password."""
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("encrypted")
    return len(reader.pages), (page.extract_text() for page in reader.pages)


def docx(file: BinaryIO) -> tuple[int | None, Iterator[str]]:
    """Return the paragraphs of a DOCX, tables included, and the number of pages that Word noted."""
    from docx import Document  # noqa: PLC0415
    from docx.table import Table  # noqa: PLC0415

    def texts(container: Any) -> Iterator[str]:
        for block in container.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    for cell in row.cells:
                        yield from texts(cell)
            else:
                yield block.text

    pages = _first(file, "docProps/app.xml", f"{PROPERTIES}Pages")
    return int(pages.text) if pages is not None and pages.text else None, texts(Document(file))


def odt(file: BinaryIO) -> tuple[int | None, Iterator[str]]:
    """Return the paragraphs and headings of an ODT, and the number of pages that its writer noted."""
    statistic = _first(file, "meta.xml", f"{OPEN_DOCUMENT_META}document-statistic")
    pages = None if statistic is None else statistic.get(f"{OPEN_DOCUMENT_META}page-count")
    return int(pages) if pages else None, _parts(file, "content.xml", f"{OPEN_DOCUMENT}p", f"{OPEN_DOCUMENT}h")


def xlsx(file: BinaryIO) -> tuple[int | None, Iterator[str]]:
    """Return the texts of an XLSX, each once; numbers are nothing that one searches for."""
    return None, _parts(file, "xl/sharedStrings.xml", f"{SPREADSHEET}si")


def text(file: BinaryIO) -> tuple[int | None, Iterator[str]]:
    """Return a text in UTF-8, UTF-16 or, failing both, the Windows encoding of Western Europe."""
    data = file.read(TEXT_MAX_BYTES)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, iter([data.decode("utf-16", "replace")])
    try:
        return None, iter([data.decode("utf-8-sig")])
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:  # cut inside the last letter
            return None, iter([data[: error.start].decode("utf-8-sig")])
        return None, iter([data.decode("cp1252", "replace")])


def _parts(file: BinaryIO, name: str, *tags: str) -> Iterator[str]:
    for element in _elements(file, name, *tags):
        yield "".join(element.itertext())
        element.clear()


def _first(file: BinaryIO, name: str, tag: str) -> Any:
    return next(_elements(file, name, tag), None)


def _elements(file: BinaryIO, name: str, *tags: str) -> Iterator[Any]:
    from lxml import etree  # noqa: PLC0415

    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        if name in archive.namelist():
            with archive.open(name) as part:
                for _event, element in etree.iterparse(part, tag=tags, resolve_entities=False, no_network=True):
                    yield element
    file.seek(0)


READERS = {
    "application/pdf": pdf,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": docx,
    "application/vnd.oasis.opendocument.text": odt,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": xlsx,
    "text/plain": text,
    "text/csv": text,
}


def joined(parts: Iterator[str]) -> str:
    """Join parts up to the limit, without what a database refuses (NUL, halves of letters)."""
    result, size = [], 0
    for part in parts:
        clean = part.replace("\0", "").strip().encode("utf-8", "ignore")
        result.append(clean[: TEXT_MAX_BYTES - size].decode("utf-8", "ignore"))
        size += len(clean) + 1
        if size >= TEXT_MAX_BYTES:
            break
    return "\n".join(result).strip()


def main(media_type: str) -> None:
    """Write {"pages": number or null, "text": …} for the file on standard input."""
    logging.disable(logging.CRITICAL)  # parsers tell much about files that are merely odd
    pages, parts = READERS[media_type](sys.stdin.buffer)
    json.dump({"pages": pages, "text": joined(parts)}, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]), signal.SIGKILL)
    limit()
    main(sys.argv[1])
