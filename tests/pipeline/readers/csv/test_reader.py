"""Text files as workbooks of one sheet."""

import pytest

from imports.pipeline.readers.csv import reader
from imports.pipeline.readers.csv.reader import SPREAD, CsvFile
from imports.pipeline.readers.table import UnreadableFile


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("sep=;\nAd;Telefon\n" + "".join(f"Ali {n};0532 {n:07}\n" for n in range(2_000)), encoding="cp1254")
    return path


def test_the_line_that_names_the_separator_is_no_row(path):
    file = CsvFile(path, None, None)
    assert (file.delimiter, file.escape, file.sheet_names()) == (";", "", [("", True)])
    assert next(file.rows()) == (1, ["Ad", "Telefon"])


def test_rows_from_all_over_the_file_and_its_size(path):
    file = CsvFile(path, None, None)
    spread = file.spread()
    assert SPREAD / 2 <= len(spread) < SPREAD and spread[-1].number > 1_900
    assert file.size() == (2_002, None)


def test_a_chosen_encoding_may_be_the_cause_of_damaged_letters(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Ad;Şehir\nAyşe;Muğla\n", encoding="cp1254")
    assert CsvFile(path, None, None).is_as_written and CsvFile(path, "cp1254", None).is_as_written
    assert not CsvFile(path, "cp1252", None).is_as_written


def test_a_file_with_too_many_rows_is_refused_before_it_is_read(path, monkeypatch):
    monkeypatch.setattr(reader, "MOST_ROWS", 1_000)
    with pytest.raises(UnreadableFile, match="sheet_too_long"):
        CsvFile(path, None, None)
