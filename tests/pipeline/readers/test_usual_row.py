"""What most rows of a table are like."""

from imports.pipeline.readers.table import Row
from imports.pipeline.readers.usual_row import Usual, usual

NUMBERS = [f"0532 111 22 {number}" for number in range(10, 20)]


def test_the_column_of_numbers_and_how_they_are_written():
    body = [Row(number, [f"Ali {number}", text, ""]) for number, text in enumerate(NUMBERS, start=2)]
    assert usual(body, 3) == Usual(probe=1, filled=2, first=2, shape="9999 999 99 99")


def test_numbers_behind_words_and_rows_of_branches():
    body = [Row(number, ["Şube Kadıköy", f"Tel: {text}"]) for number, text in enumerate(NUMBERS, start=2)]
    found = usual(body, 2)
    assert found.labels and found.places and found.probe == 1


def test_a_table_without_numbers():
    assert usual([Row(2, ["Ali", "Kaya"])], 2) == Usual(filled=2) and usual([], 2) == Usual(filled=0)
