"""Who may read a file, and how it arrives."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from experiences.models import Experience
from knowledge.models import ItemFile, ItemIndexPage
from portal.models import File
from tests.portal import file_samples as samples

pytestmark = pytest.mark.django_db


def make_file(name: str = "étude.pdf", data: bytes | None = None) -> File:
    file = File(title="Étude", file=ContentFile(data or samples.pdf(), name))
    file._set_document_file_metadata()
    file.save()
    return File.objects.get(pk=file.pk)


def attach(file: File, *, live: bool) -> Experience:
    """Attach a file to an experience; how it came to be live is another test's matter."""
    page = Experience(title_fr="Titre", slug=f"item-{file.pk}", live=False)
    ItemIndexPage.objects.get(slug="experiences").add_child(instance=page)
    ItemFile.objects.create(page=page, file=file)
    Experience.objects.filter(pk=page.pk).update(live=live)
    return page


@pytest.fixture
def client(client):
    """The test client, which reads each file that it asked for to its end, as a browser does."""
    get = client.get

    def get_and_read(*args, **kwargs):
        answer = get(*args, **kwargs)
        if answer.streaming:
            answer.body = b"".join(answer.streaming_content)
        return answer

    client.get = get_and_read
    return client


@pytest.fixture
def public_file(tree) -> File:
    file = make_file()
    attach(file, live=True)
    return file


@pytest.fixture
def draft_file(tree) -> File:
    file = make_file()
    attach(file, live=False)
    return file


def test_a_visitor_reads_the_file_of_a_public_item(client, public_file):
    answer = client.get(public_file.url)
    assert answer.status_code == 200
    assert answer.body == content_of(public_file)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies


def content_of(file: File) -> bytes:
    with file.open_file() as content:
        return content.read()


def test_a_repeat_answers_304(client, public_file):
    etag = client.get(public_file.url)["ETag"]
    answer = client.get(public_file.url, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_the_file_of_a_draft_item_does_not_exist_for_a_visitor(client, draft_file):
    assert client.get(draft_file.url).status_code == 404
    assert client.get(draft_file.url, headers={"If-None-Match": f'"{draft_file.file_hash}"'}).status_code == 404


def test_a_file_of_no_item_does_not_exist_for_a_visitor(client, tree):
    assert client.get(make_file().url).status_code == 404


def test_a_file_of_two_items_is_public_with_one_of_them(client, public_file):
    attach_again = Experience(title_fr="Autre", slug="other", live=False)
    ItemIndexPage.objects.get(slug="experiences").add_child(instance=attach_again)
    ItemFile.objects.create(page=attach_again, file=public_file)
    assert list(File.objects.visible_to(client.get("/").wsgi_request.user)) == [public_file]
    assert client.get(public_file.url).status_code == 200


def test_unpublishing_the_item_withdraws_the_file_at_once(client, public_file):
    assert client.get(public_file.url).status_code == 200
    Experience.objects.get(slug=f"item-{public_file.pk}").unpublish()
    assert client.get(public_file.url).status_code == 404


def test_staff_read_the_files_of_drafts_and_nobody_keeps_them(client, draft_file, author):
    client.force_login(author)
    answer = client.get(draft_file.url)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_an_account_without_access_to_the_admin_reads_what_visitors_read(client, draft_file, make_user):
    client.force_login(make_user("nobody"))
    assert client.get(draft_file.url).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("note.txt", b"<script>alert(1)</script>", "text/plain; charset=utf-8"),
        ("note.odt", samples.odt(), "application/vnd.oasis.opendocument.text"),
    ],
)
def test_what_a_browser_might_run_is_a_download(client, tree, name, data, content_type):
    file = make_file(name, data)
    attach(file, live=True)
    answer = client.get(file.url)
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_type_that_the_name_lies_about_is_sent_as_what_it_is(client, tree):
    file = make_file("page.pdf", b"<html><script>alert(1)</script>")
    attach(file, live=True)
    answer = client.get(file.url)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path", ["/media/{}", "/media/../files/{}", "/media/%2e%2e/files/{}", "/static/{}", "/files/{}"]
)
def test_no_raw_path_leads_to_a_file(client, public_file, path):
    assert client.get(path.format(public_file.file.name)).status_code in (400, 404)


def test_an_upload_that_waits_for_its_form_is_at_no_address(client, tree, settings):
    waiting = settings.MEDIA_ROOT / "uploaded_files" / "waiting.pdf"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    waiting.write_bytes(samples.pdf())
    assert client.get("/media/uploaded_files/waiting.pdf").status_code == 404


def test_a_wrong_name_or_number_is_404(client, public_file):
    assert client.get(f"/files/{public_file.pk}/other.pdf").status_code == 404
    assert client.get("/files/999999/étude.pdf").status_code == 404


def test_a_file_lost_on_disk_is_404(client, public_file):
    public_file.file.storage.delete(public_file.file.name)
    assert client.get(public_file.url).status_code == 404


def test_nothing_is_sent_to_a_file(client, public_file):
    assert client.post(public_file.url).status_code == 405
