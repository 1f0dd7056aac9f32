"""Texts of csv files come out as they went in, wherever blocks end."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline.readers.any_texts import FEW, HEADER, rows_of

TURKISH = st.text("abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ ,;|'\".-0123456789\n", max_size=25)


class TestTextsOfCsv:
    @FEW
    @given(
        rows=st.lists(st.lists(TURKISH, min_size=3, max_size=3), min_size=1, max_size=12),
        encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1254", "utf-16", "utf-16-le"]),
        delimiter=st.sampled_from(",;\t|"),
        end=st.sampled_from(["\r\n", "\n", "\r"]),
        quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )
    def test_come_out_as_they_went_in(self, rows, encoding, delimiter, end, quoting, tmp_path_factory):
        # Python's own writer leaves a line feed bare where lines end with a carriage return.
        rows = [["x", *(cell.replace("\n", " ") if end == "\r" else cell for cell in cells[1:])] for cells in rows]
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADER, *rows])
        path = tmp_path_factory.mktemp("csv", numbered=True) / "list.csv"
        read = rows_of(
            text.getvalue().encode(encoding), path, encoding=None if encoding != "utf-16-le" else encoding, delimiter=delimiter
        )
        assert list(read.values()) == rows

    def test_blocks_end_anywhere(self, path, monkeypatch):
        """A cell, a character or a line end cut in two by the end of a block comes out whole."""
        from imports.pipeline.readers.csv import text as csv_text

        rows = [["Ad Soyad", "Telefon"], *([f"Çağrı\nIşık {n}", f'"ş" {n}'] for n in range(60))]
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        for size in (1, 2, 3, 5, 7, 64):
            monkeypatch.setattr(csv_text, "BLOCK", size)
            assert list(rows_of(text.getvalue().encode(), path, delimiter=",").values()) == rows[1:]
