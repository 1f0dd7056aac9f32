"""Which row is the header row."""

import pytest

from imports.pipeline.readers.header_row import index_of_header
from imports.pipeline.readers.table import Row

HEADER = ["Ad Soyad", "Telefon", "Şehir"]
LEADS = [["Ali Kaya", "0532 111 22 33", "İzmir"], ["Can Koç", "0533 222 33 44", "Bursa"]]


def rows(*cells: list[str]) -> list[Row]:
    return [Row(number, row) for number, row in enumerate(cells, start=1)]


@pytest.mark.parametrize(
    ("above", "index"),
    [
        ([HEADER], 0),
        ([["Müşteri Listesi"], HEADER], 1),
        ([["Tarih", "01.05.2026"], HEADER], 1),
        ([["İletişim", "", ""], ["Ad", "Telefon", "Şehir"]], 1),
        ([], None),
        ([["Ali", "NULL", "Van"]], None),
    ],
)
def test_the_header_row_is_found_under_titles_and_notes(above, index):
    assert index_of_header(rows(*above, *LEADS)) == index
