"""The 66 kinds of bad files of docs/spreadsheets.md, each with the answer it is owed."""
import pytest

from tests.figures import record_outcome
from tests.spreadsheets import cases, container_cases, content_cases, hostile_cases, text_cases

CASES = [*text_cases.CASES, *container_cases.CASES, *hostile_cases.CASES, *content_cases.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_bad_file(case, tmp_path):
    with record_outcome("bad files", str(case.number)):
        cases.verify(case, tmp_path)
