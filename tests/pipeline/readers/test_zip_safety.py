"""Zips as programs write them in their own manner, and zips that look like bombs and are none."""

import io
import zipfile

import pytest

from imports.pipeline.readers.opening import open_workbook
from imports.pipeline.readers.table import ReadOptions, UnreadableFile
from imports.pipeline.readers.zip_safety import open_zip, parse_xml, read_part
from tests.pipeline.readers.odd_workbooks import TWO_PEOPLE, cells
from tests.spreadsheets.workbooks import sheet_xml, xlsx, zipped


class TestZips:
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(xlsx(sheet_xml(TWO_PEOPLE)))) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_backslashes(self, tmp_path):
        content = zipped({name.replace("/", "\\"): data for name, data in self.parts().items()})
        assert cells(content, tmp_path) == {2: TWO_PEOPLE[1], 3: TWO_PEOPLE[2]}

    def test_backslashes_without_content_types(self, tmp_path):
        content = zipped({name.replace("/", "\\"): data for name, data in self.parts().items() if "Content" not in name})
        assert cells(content, tmp_path) == {2: TWO_PEOPLE[1], 3: TWO_PEOPLE[2]}

    def test_other_cases(self, tmp_path):
        assert cells(zipped({name.upper(): data for name, data in self.parts().items()}), tmp_path) == {
            2: TWO_PEOPLE[1],
            3: TWO_PEOPLE[2],
        }

    def test_folders_listed_and_a_dot_in_front(self, tmp_path):
        content = zipped({"xl/": b"", **{f"./{name}": data for name, data in self.parts().items()}})
        assert cells(content, tmp_path) == {2: TWO_PEOPLE[1], 3: TWO_PEOPLE[2]}

    def test_one_text_a_million_times_is_no_bomb(self, tmp_path):
        """Repeated cells pack a hundred and more times smaller."""
        rows = (["Ali Veli, İstanbul, Kadıköy. " * 60] * 6 for _ in range(5_600))
        path = tmp_path / "list.xlsx"
        path.write_bytes(xlsx(sheet_xml([["A", "B", "C", "D", "E", "F"], *rows])))
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("xl/worksheets/sheet1.xml")
            assert info.file_size > 57_000_000 and info.file_size > 100 * info.compress_size
        assert sum(1 for _ in open_workbook(path, ReadOptions()).rows("Sheet1")) == 5_601


def test_xml_is_read_by_local_names_and_without_declarations():
    seen = []
    parse_xml(b'<a xmlns="urn:x"><b c="1"/></a>', lambda name, attrs: seen.append((name, attrs)))
    assert seen == [("a", {}), ("b", {"c": "1"})]
    with pytest.raises(UnreadableFile, match="file_hostile"):
        parse_xml(b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', print)


def test_a_part_that_is_missing_is_damage():
    archive = open_zip(io.BytesIO(zipped({"a.xml": "<a/>"})))
    assert read_part(archive, "a.xml") == b"<a/>"
    with pytest.raises(UnreadableFile, match="file_damaged"):
        read_part(archive, "b.xml")
