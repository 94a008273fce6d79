"""What an uploaded file is, by its content, and whether it is safe to open: said before anything is decoded or unpacked."""

from __future__ import annotations

import struct
import warnings
import zipfile
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
TEXT = "text/plain"
CSV = "text/csv"
ARCHIVE = "application/zip"
UNKNOWN = "application/octet-stream"

TYPE_OF_EXTENSION = {
    "pdf": PDF, "docx": DOCX, "xlsx": XLSX, "odt": ODT, "png": PNG, "jpg": JPEG, "jpeg": JPEG, "txt": TEXT, "csv": CSV,
}  # fmt: skip
IMAGES = (PNG, JPEG)
# The part that tells what an archive is; an ODT says it in its first entry.
PART_OF_ARCHIVE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}

# An office file of 50 MB has some hundred entries and unpacks to a few times its size; a bomb, to thousands of times.
ARCHIVE_MAX_ENTRIES = 3_000
ARCHIVE_MAX_DIRECTORY_BYTES = 2**20
ARCHIVE_MAX_UNPACKED_BYTES = 300 * 2**20
ARCHIVE_MAX_RATIO = 100
ARCHIVE_RATIO_MATTERS_FROM = 20 * 2**20

END_OF_DIRECTORY, END_OF_DIRECTORY_64 = b"PK\x05\x06", b"PK\x06\x07"
END_OF_DIRECTORY_BYTES = 22
LONGEST_ARCHIVE_COMMENT = 2**16
SAMPLE_BYTES = 64 * 1024


def inspect(file: IO[bytes], name: str) -> str:
    """Return the media type of a file, by its content.

    Raises `ValidationError`, with a sentence for who sent it, where its type is not one of those accepted, where its name says
    another type than its content, or where opening it would cost too much memory. Decodes and unpacks nothing.
    """
    extension = PurePath(name).suffix.lower().removeprefix(".")
    media_type = media_type_of(file, extension)
    if media_type == UNKNOWN or media_type not in TYPE_OF_EXTENSION.values():
        raise ValidationError(
            _("Le contenu de ce fichier n’est d’aucun des formats acceptés, ou il est abîmé."), code="type"
        )
    if TYPE_OF_EXTENSION.get(extension) != media_type:
        raise ValidationError(
            _("Le nom se termine par « .%(extension)s », mais le contenu est d’un autre format (%(found)s)."),
            code="type",
            params={"extension": extension, "found": _format_name(media_type)},
        )
    if media_type in IMAGES:
        _check_pixels(file)
    return media_type


def media_type_of(file: IO[bytes], extension: str = "") -> str:
    """Return the media type that a file's bytes say. Raises `ValidationError` for an archive that is not safe to open."""
    file.seek(0)
    head = file.read(SAMPLE_BYTES)
    file.seek(0)
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"PK"):
        return _archive_type(file)
    if _is_text(head):
        return CSV if extension == "csv" else TEXT
    return UNKNOWN


def _format_name(media_type: str) -> str:
    return next(name.upper() for name, found in TYPE_OF_EXTENSION.items() if found == media_type)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 says so itself
        return True
    return bool(head.strip()) and not any(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in head)


def _archive_type(file: IO[bytes]) -> str:
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            names = {entry.filename for entry in entries}
            if "mimetype" in names and "content.xml" in names:
                with archive.open("mimetype") as part:
                    return ODT if part.read(100).strip() == ODT.encode() else ARCHIVE
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ValidationError(_("Ce fichier est abîmé : il ne s’ouvre pas."), code="broken") from error
    finally:
        file.seek(0)
    return next((found for part, found in PART_OF_ARCHIVE.items() if part in names), ARCHIVE)


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a directory of entries that would fill the memory as soon as it is read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - LONGEST_ARCHIVE_COMMENT - END_OF_DIRECTORY_BYTES))
    tail = file.read()
    start = tail.rfind(END_OF_DIRECTORY)
    record = tail[start : start + END_OF_DIRECTORY_BYTES]
    if start < 0 or len(record) < END_OF_DIRECTORY_BYTES:
        raise ValidationError(_("Ce fichier est abîmé : il ne s’ouvre pas."), code="broken")
    entries, directory_bytes = struct.unpack("<HL", record[10:16])
    # A ZIP64 record holds the true numbers elsewhere; no file of the size that we accept needs one.
    if (
        entries > ARCHIVE_MAX_ENTRIES
        or directory_bytes > ARCHIVE_MAX_DIRECTORY_BYTES
        or END_OF_DIRECTORY_64 in tail[-200:]
    ):
        raise _too_much()


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if (
        len(entries) > ARCHIVE_MAX_ENTRIES
        or unpacked > ARCHIVE_MAX_UNPACKED_BYTES
        or (unpacked > ARCHIVE_RATIO_MATTERS_FROM and unpacked / packed > ARCHIVE_MAX_RATIO)
    ):
        raise _too_much()


def _too_much() -> ValidationError:
    return ValidationError(
        _(
            "Ce fichier, une fois décompressé, serait démesuré : il n’est pas ouvert. Enregistrez-le de nouveau, ou en PDF."
        ),
        code="bomb",
    )


def _check_pixels(file: IO[bytes]) -> None:
    limit = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit follows
            with Image.open(file, formats=("PNG", "JPEG")) as image:
                width, height = image.size
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(limit) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("Cette image est abîmée : elle ne s’ouvre pas."), code="broken") from error
    finally:
        file.seek(0)
    if width * height > limit:
        raise _too_many_pixels(limit)


def _too_many_pixels(limit: int) -> ValidationError:
    return ValidationError(
        _("Cette image a trop de pixels : %(limit)d millions au plus. Réduisez-la avant de l’envoyer."),
        code="pixels",
        params={"limit": limit // 1_000_000},
    )
