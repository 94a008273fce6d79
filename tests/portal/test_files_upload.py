"""Uploading in the admin: what is kept, what is refused, when the text is read."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Collection

from portal.files.signals import text_extracted
from portal.models import File, PortalImage
from tests.portal import file_samples as samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(client, author):
    """Return a function that uploads a file as an author, in the form of several files at once."""
    client.force_login(author)

    def upload(name: str, data: bytes, kind: str = "documents") -> dict:
        answer = client.post(
            f"/admin/{kind}/multiple/add/",
            {
                "title": "Étude",
                "collection": Collection.get_first_root_node().pk,
                "files[]": SimpleUploadedFile(name, data),
            },
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
        assert answer.status_code == 200
        return answer.json()

    return upload


def replace(client, file: File, name: str, data: bytes):
    return client.post(
        f"/admin/documents/edit/{file.pk}/",
        {
            "title": file.title,
            "language": "fr",
            "collection": file.collection_id,
            "file": SimpleUploadedFile(name, data),
        },
    )


def test_an_uploaded_file_has_its_type_pages_and_text(upload):
    assert upload("étude.pdf", samples.pdf("Un", "Deux"))["success"]
    file = File.objects.get()
    assert (file.media_type, file.pages, file.text, file.text_state) == ("application/pdf", 2, "Un\nDeux", "read")


def test_a_replaced_file_is_read_again(upload, client):
    upload("étude.pdf", samples.pdf("Un", "Deux"))
    assert replace(client, File.objects.get(), "étude.docx", samples.docx("Trois")).status_code == 302
    file = File.objects.get()
    assert (file.pages, file.text, file.format) == (1, "Trois\nCotisation annuelle", "DOCX")


def test_changing_the_title_reads_nothing_again(upload):
    upload("étude.pdf", samples.pdf())
    File.objects.update(text="Texte d’avant")
    file = File.objects.get()
    file.title = "Autre titre"
    file.save()
    assert File.objects.get().text == "Texte d’avant"


@pytest.mark.parametrize("data", [samples.encrypted_pdf(), samples.pdf()[:500], samples.pdf("")])
def test_a_file_that_cannot_be_read_is_kept_and_said_to_have_no_text(upload, data):
    assert upload("étude.pdf", data)["success"]
    assert File.objects.get().text_state == File.TextState.NONE


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("étude.docx", samples.bomb(), "démesuré"),
        ("photo.png", samples.png(50_000, 50_000), "trop de pixels"),
        ("étude.pdf", b"<html>", "autre format"),
        ("étude.exe", b"MZ\x90\x00", "aucun des formats"),
    ],
)
def test_a_refused_file_says_why_and_leaves_nothing(upload, settings, name, data, reason):
    answer = upload(name, data)
    assert not answer["success"]
    assert reason in answer["error_message"] and "extension" not in answer["error_message"]
    assert not File.objects.exists()
    assert not list(settings.FILES_ROOT.rglob("photo*"))


def test_a_file_above_the_limit_is_refused(upload, monkeypatch):
    monkeypatch.setattr("wagtail.documents.fields.settings.WAGTAILDOCS_MAX_UPLOAD_SIZE", 1000)
    assert not upload("étude.pdf", samples.pdf())["success"]
    assert not File.objects.exists()


@pytest.mark.parametrize("size", [(50_000, 50_000), (2**31 - 1, 2**31 - 1)])
def test_an_image_of_too_many_pixels_is_refused_as_image_too(upload, size):
    assert not upload("photo.png", samples.png(*size), kind="images")["success"]
    assert not PortalImage.objects.exists()


def test_the_language_of_a_file_is_asked(upload, client):
    upload("étude.pdf", samples.pdf())
    assert b'name="language"' in client.get(f"/admin/documents/edit/{File.objects.get().pk}/").content


def test_others_are_told_when_the_text_is_there(db):
    told = []

    def listen(sender, file, **kwargs):
        told.append((file.pk, file.text))

    text_extracted.connect(listen)
    file = File.objects.create(title="Note", file=ContentFile(b"Texte", "note.txt"))
    text_extracted.disconnect(listen)
    assert told == [(file.pk, "Texte")]


def test_deleting_a_file_deletes_its_content(
    upload, client, administrator, settings, django_capture_on_commit_callbacks
):
    upload("étude.pdf", samples.pdf())
    file = File.objects.get()
    client.force_login(administrator)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/admin/documents/delete/{file.pk}/").status_code == 302
    assert not File.objects.exists()
