"""Files are counted while they come."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from imports.intake.upload_handler import TOO_LARGE, LimitedUpload

LIMIT = 3 * 64 * 1024  # some chunks


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAX_UPLOAD_BYTES, settings.FILE_UPLOAD_TEMP_DIR = LIMIT, tmp_path
    return tmp_path


def upload(**contents: bytes):
    """A request with these files, as a view finds it."""
    request = RequestFactory().post("/", {name: SimpleUploadedFile(f"{name}.csv", content) for name, content in contents.items()})
    request.upload_handlers = [LimitedUpload(request)]
    return request, request.FILES


@pytest.mark.parametrize("size", [1, LIMIT - 1, LIMIT])
def test_a_file_as_large_as_allowed_is_there_whole(folder, size):
    request, files = upload(leads=b"x" * size)
    assert files["leads"].size == size and files["leads"].read() == b"x" * size
    assert not hasattr(request, TOO_LARGE) and len(list(folder.iterdir())) == 1
    files["leads"].close()
    assert not list(folder.iterdir())


@pytest.mark.parametrize("size", [LIMIT + 1, 10 * LIMIT])
def test_a_larger_one_is_dropped_and_leaves_nothing(folder, size):
    request, files = upload(leads=b"x" * size)
    assert getattr(request, TOO_LARGE) and "leads" not in files and not list(folder.iterdir())


def test_each_file_has_the_limit_for_itself(folder):
    request, files = upload(first=b"x" * LIMIT, second=b"x" * LIMIT)
    assert len(files) == 2 and not hasattr(request, TOO_LARGE)
    request, files = upload(first=b"x" * 10, second=b"x" * (LIMIT + 1))
    assert getattr(request, TOO_LARGE) and "second" not in files
