"""A file in parts: in order, of one person, whole or not at all."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from imports.errors import WorkflowError
from imports.intake import beginning, partial_uploads, storage
from imports.intake.partial_uploads import KEPT_FOR, MOST_OPEN, WrongOffset
from imports.models import ImportJob, PartialUpload, UploadPart
from imports.retention import retention
from tests.web.conftest import account, as_, assistant, campaign  # noqa: F401

PARTS = "/imports/new/parts/"
TUS = {"Tus-Resumable": "1.0.0"}
CSV = b"phone,name\n" + b"".join(b"+90532123%04d,A\n" % n for n in range(500))
CUTS = (0, 3000, 7000, len(CSV))


@pytest.fixture
def folder(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    return settings.UPLOAD_DIR


def begin(client, size=len(CSV), name="Şubat.csv"):
    return client.post(
        PARTS,
        headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": f"x YQ==,filename {b64encode(name.encode()).decode()}"},
    )


def patch(client, url, offset, content, **headers):
    return client.patch(url, content, "application/offset+octet-stream", headers={**TUS, "Upload-Offset": str(offset), **headers})


def uploaded(client) -> str:
    url = begin(client).headers["Location"]
    for since, until in zip(CUTS, CUTS[1:]):
        answer = patch(client, url, since, CSV[since:until])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(until))
    return url


def test_parts_become_the_import_of_the_whole_file(alice, as_, campaign, folder):
    client = as_(alice)
    url = uploaded(client)
    form = {"campaign": campaign.pk, "upload": url.split("/")[-2], "form_token": "t"}
    first, again = client.post("/imports/new/", form), client.post("/imports/new/", form)
    job = ImportJob.objects.get()
    assert first.url == again.url == f"/imports/{job.pk}/columns/"
    assert storage.path_of(job).read_bytes() == CSV and job.sha256 == sha256(CSV).hexdigest()
    assert (job.file_name, job.file_size) == ("Şubat.csv", len(CSV))
    assert [path.name for path in folder.iterdir()] == [str(job.file_key)] and not PartialUpload.objects.exists()


def test_a_part_that_does_not_fit_is_refused_and_nothing_of_it_stays(alice, as_, folder):
    client = as_(alice)
    url = begin(client).headers["Location"]
    assert patch(client, url, 0, CSV[:3000]).status_code == 204
    for offset, content in ((0, CSV[:3000]), (2999, b"x"), (3001, b"x"), (3000, b"x" * len(CSV))):
        assert patch(client, url, offset, content).status_code == 409
    assert client.head(url, headers=TUS).headers["Upload-Offset"] == "3000" and len(list(folder.iterdir())) == 1
    refused = [
        client.patch(url, b"x", "text/plain", headers={**TUS, "Upload-Offset": "3000"}),
        client.head(url, headers={"Tus-Resumable": "0.2"}),
        patch(client, url, "x", b"x"),
    ]
    assert [one.status_code for one in refused] == [415, 412, 400]


def test_two_parts_at_the_same_place_at_once_are_one(alice, folder):
    first = partial_uploads.begin(alice, "a.csv", 10)
    second = PartialUpload.objects.get()
    partial_uploads.append(first, 0, [b"12345"])
    with pytest.raises(WrongOffset):
        partial_uploads.append(second, 0, [b"abcde"])
    partial_uploads.append(first, 5, [b"67890"])
    whole = partial_uploads.join(first)
    assert [path.read_bytes() for path in folder.iterdir()] == [b"1234567890"] and whole.size == 10


def test_what_a_killed_process_left_is_joined_by_the_next(alice, campaign, folder, monkeypatch):
    upload = partial_uploads.begin(alice, "a.csv", len(CSV))
    monkeypatch.setattr(partial_uploads, "join", lambda upload: None)
    partial_uploads.append(upload, 0, [CSV])
    monkeypatch.undo()
    assert upload.file_key is None and UploadPart.objects.exists()
    assert storage.path_of(partial_uploads.receive(upload.pk, campaign, alice)).read_bytes() == CSV


def test_nobody_else_finds_it(alice, charlie, as_, campaign, folder):
    url, stranger = uploaded(as_(alice)), as_(charlie)
    answers = [stranger.head(url, headers=TUS), patch(stranger, url, len(CSV), b"x"), stranger.delete(url, headers=TUS)]
    assert [one.status_code for one in answers] == [404] * 3
    answer = stranger.post("/imports/new/", {"campaign": campaign.pk, "upload": url.split("/")[-2], "form_token": "t"})
    assert answer.status_code == 422 and "not kept any more" in answer.content.decode() and not ImportJob.objects.exists()


def test_what_would_not_be_taken_is_refused_at_once(alice, as_, folder, settings):
    settings.MAX_UPLOAD_BYTES, client = 1024 * 1024, as_(alice)
    told = [begin(client, size) for size in (0, 1024 * 1024 + 1)]
    assert [one.status_code for one in told] == [400, 413] and "larger than 1 MB" in told[1].content.decode()
    assert client.options(PARTS).headers["Tus-Max-Size"] == str(1024 * 1024)
    assert begin(client, "x").status_code == 400 and client.get(PARTS).url == "/imports/new/"


def test_only_some_files_of_a_person_are_on_their_way(alice, as_, folder):
    client = as_(alice)
    urls = [begin(client).headers["Location"] for _n in range(MOST_OPEN + 1)]
    patch(client, urls[1], 0, b"x")
    assert [client.head(url, headers=TUS).status_code for url in urls] == [404, *[200] * MOST_OPEN]
    assert client.delete(urls[1], headers=TUS).status_code == 204 and not list(folder.iterdir())


def test_what_was_given_up_is_removed_and_what_is_on_its_way_stays(alice, folder):
    for age in (KEPT_FOR + timedelta(hours=1), timedelta()):
        upload = partial_uploads.begin(alice, "a.csv", 10)
        partial_uploads.append(upload, 0, [b"12345"])
        PartialUpload.objects.filter(pk=upload.pk).update(touched_at=timezone.now() - age)
    retention.sweep()
    assert PartialUpload.objects.get() == upload and len(list(folder.iterdir())) == 1


def test_a_file_whose_parts_are_lost_is_no_import(alice, campaign, folder):
    upload = partial_uploads.begin(alice, "a.csv", 10)
    partial_uploads.append(upload, 0, [b"12345"])
    next(folder.iterdir()).unlink()
    partial_uploads_of_all = list(upload.parts.all())
    assert len(partial_uploads_of_all) == 1
    with pytest.raises(WorkflowError):
        partial_uploads.append(upload, 5, [b"67890"])
    with pytest.raises(WorkflowError):
        partial_uploads.receive(upload.pk, campaign, alice)
    assert not ImportJob.objects.exists()


def test_what_a_file_is_is_told_by_its_beginning(alice, as_, settings):
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    told = [
        as_(alice).post(f"/imports/new/beginning/?size={size}", head, "application/octet-stream")
        for size, head in ((9, b"%PDF-1.7\n"), (0, b""), (2 * 1024 * 1024, b"phone"), (9, b"phone\n12\n"), ("x", b""))
    ]
    assert [one.status_code for one in told] == [422, 422, 422, 204, 400]
    assert "PDF" in told[0].content.decode() and "empty" in told[1].content.decode() and "1 MB" in told[2].content.decode()
    with pytest.raises(WorkflowError):
        beginning.check(b"%PDF-1.7\n", 5000)
