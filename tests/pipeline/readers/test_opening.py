"""A spreadsheet as headers and rows: what is shown of it, and what is read."""

import pytest

from imports.pipeline.readers.opening import SAMPLE_ROWS, SPREAD_ROWS, open_sheet, open_workbook, preview
from imports.pipeline.readers.table import ReadOptions, UnreadableFile


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "list.xlsx"  # the content decides, not the name
    path.write_text("Ad;Telefon\n" + "".join(f"Ali {n};0532 {n:07}\n" for n in range(3_000)), encoding="utf-8")
    return path


def test_the_content_decides_the_format(path):
    assert open_workbook(path, ReadOptions()).kind == "csv"


def test_a_preview_shows_the_first_rows_and_some_of_the_rest(path):
    shown = preview(path)
    assert (shown.headers, shown.header_row, shown.row_estimate) == (["Ad", "Telefon"], 1, 3_000)
    numbers = [row.number for row in shown.sample]
    assert numbers[:SAMPLE_ROWS] == list(range(2, SAMPLE_ROWS + 2))
    assert 0 < len(numbers) - SAMPLE_ROWS <= SPREAD_ROWS + 1 and numbers[-1] > 2_900


def test_all_rows_are_read_and_a_chosen_header_row_is_used(path):
    assert sum(1 for _ in open_sheet(path).rows()) == 3_000
    assert open_sheet(path, ReadOptions(header_row=0)).headers == ["A", "B"]


def test_a_file_without_rows_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Ad;Telefon\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="no_data_rows"):
        preview(path)
