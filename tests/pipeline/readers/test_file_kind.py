"""The 66 kinds of bad files of docs/spreadsheets.md, each with the answer it is owed."""

import pytest

from imports.pipeline.readers.file_kind import kind_of
from imports.pipeline.readers.table import UnreadableFile
from tests.figures import record_outcome
from tests.spreadsheets import cases, container_cases, content_cases, hostile_cases, text_cases

CASES = [*text_cases.CASES, *container_cases.CASES, *hostile_cases.CASES, *content_cases.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_bad_file(case, tmp_path):
    with record_outcome("bad files", str(case.number)):
        cases.verify(case, tmp_path)


@pytest.mark.parametrize(
    "text", ["ID;Prénom;Téléphone\n301;Ali;05321112210\n", "ID;PHONE\n1;05321112210\n", "PAR1;Telefon\nAli;05321112210\n"]
)
def test_a_list_that_begins_like_another_format_is_a_list(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    assert kind_of(path) == "csv"


def test_sylk_is_refused_by_its_name(tmp_path):
    path = tmp_path / "list.slk"
    path.write_text('ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"Telefon"\r\nE\r\n', "ascii")
    with pytest.raises(UnreadableFile) as refusal:
        kind_of(path)
    assert refusal.value.reason.params == {"found": "SYLK"}
