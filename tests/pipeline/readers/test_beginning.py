"""What the first bytes tell: a refusal only where the whole file would be refused as well."""

import io

import msoffcrypto
import openpyxl
import pytest

from imports.pipeline.readers.beginning import MOST_BYTES, refusal_of
from tests.spreadsheets import container_cases, content_cases, text_cases


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """Larger than what is looked at."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for n in range(6000):
        book.active.append([f"+90532{n:07}", f"{n * 7919 % 100003} {n * 104729 % 1000003}"])
    book.save(file)
    assert len(file.getvalue()) > 2 * MOST_BYTES
    return file.getvalue()


def locked(workbook: bytes, password: str) -> bytes:
    file = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(workbook)).encrypt(password, file)
    return file.getvalue()


def test_a_large_workbook_is_refused_only_where_its_password_is_a_secret(workbook):
    found = [
        refusal_of(one[:MOST_BYTES], False) for one in (workbook, locked(workbook, "VelvetSweatshop"), locked(workbook, "secret"))
    ]
    assert [one and one.code for one in found] == [None, None, "file_is_protected"]


def test_only_what_is_refused_as_a_whole_is_refused_by_its_beginning():
    """A file that can be read never is; of those that cannot, most of those that are something else are."""
    cases = [*container_cases.CASES, *content_cases.CASES, *text_cases.CASES]
    found = {}
    for case in cases:
        if isinstance(case.content, bytes):
            refusal = refusal_of(case.content[:MOST_BYTES], len(case.content) <= MOST_BYTES)
            if refusal is not None:
                expected = case.expected.refused
                assert refusal.code in ([expected] if isinstance(expected, str) else expected), case.id
                found[case.name] = refusal.code
    assert len(found) >= 15, found
