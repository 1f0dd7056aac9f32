"""The shared strings of a workbook."""

import io
import zipfile

import pytest

from imports.pipeline.readers.table import UnreadableFile
from imports.pipeline.readers.xlsx.shared_strings import SharedStrings, has_special, strings_in
from imports.pipeline.readers.xlsx.xml import OddXml
from tests.spreadsheets.workbooks import MAIN, zipped


def strings(content: str) -> SharedStrings:
    xml = f'<sst xmlns="{MAIN}">{content}</sst>'
    return SharedStrings(zipfile.ZipFile(io.BytesIO(zipped({"s.xml": xml}))), "s.xml")


def test_strings_are_read_no_further_than_they_are_asked_for():
    shared = strings("<si><t>Ad</t></si><si><t>A &amp; B</t></si><si/>")
    assert shared.known == [] and shared.text("1") == "A & B" and shared.texts(["0", "2"]) == ["Ad", ""]


@pytest.mark.parametrize("index", ["3", "x"])
def test_an_index_that_no_string_has_is_damage(index):
    with pytest.raises(UnreadableFile, match="file_damaged"):
        strings("<si><t>Ad</t></si>").text(index)


def test_runs_are_joined_and_the_reading_aid_is_left_out():
    assert strings_in('<si><r><t>Ay</t></r><r><t>şe</t></r><rPh sb="0"><t>x</t></rPh></si>') == ["Ayşe"]
    with pytest.raises(OddXml):
        strings_in("<si x='1'><t>Ad</t></si>")


def test_which_blocks_need_a_closer_look():
    assert has_special("<t>a &amp; b</t>") and has_special("a_x000D_") and not has_special("<t>Ayşe</t>")
