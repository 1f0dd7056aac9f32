"""The lists themselves: what they call right can be called, stands in the row, and names columns that are there."""

import re
from datetime import date
from pathlib import Path
from unicodedata import digit

import phonenumbers
import pytest
from python_calamine import CalamineWorkbook

from .export import ANYTHING, NOTES, NOTHING, Export, exports
from .writing import write_export

EACH = pytest.mark.parametrize("export", exports(), ids=lambda export: export.name)
ENOUGH = 60


def test_there_are_enough_of_both_sorts():
    trapped = sum(bool(export.traps) for export in exports())
    assert len(exports()) >= ENOUGH
    assert 0.4 <= trapped / len(exports()) <= 0.6


@EACH
def test_each_right_number_is_a_number_and_its_digits_stand_in_the_row(export: Export):
    for number, answers in export.answers.items():
        digits = _digits(export.sheets[export.sheet][number - 1])
        for phone in [phone for answer in answers for phone in answer.phones]:
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone)), phone
            assert phone[-7:] in digits, (number, phone)


def _digits(row: list) -> str:
    return "".join(str(digit(letter)) for letter in "".join(map(str, row)) if letter.isdigit())


@EACH
def test_nobody_is_called_twice(export: Export):
    called = [phone for answers in export.answers.values() for phone in answers[0].phones]
    assert called and len(called) == len(set(called))


@EACH
def test_each_named_column_is_there(export: Export):
    cells = {str(cell) for row in export.sheets[export.sheet] for cell in row}
    letters = {"A", "B", "C"} if export.header_row == 0 else set()
    for readings in export.mapping.values():
        assert any({_plain(header) for header in reading} <= cells | letters for reading in readings), readings
    assert {_plain(header) for header in export.second} <= cells
    assert set(export.variables) <= set(export.mapping)
    assert set(export.notes) <= set(NOTES)


def _plain(header: str) -> str:
    return re.sub(r" \(\d\)$", "", header)


@EACH
def test_what_may_be_asked_is_known(export: Export):
    for what, values in export.asks.items():
        assert what in ("phone_number", "phone_format", "country", "consent", "sheet", "header_row", "lists"), what
        assert values and all(value in (ANYTHING, NOTHING) or value for value in values)


@EACH
def test_the_file_holds_each_number(export: Export, tmp_path):
    """As another reader reads it: the digits of each cell, in their order."""
    digits, start = _digits(_read(write_export(export, tmp_path), export.container)), 0
    for row in export.sheets[export.sheet]:
        for found in [_digits([cell]) for cell in row if not isinstance(cell, date)]:
            start = digits.index(found, start) + len(found)


def _read(path: Path, container: str) -> list[str]:
    kind, *options = container.split()
    if kind in ("xlsx", "ods"):
        return [str(cell) for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python() for cell in row]
    encoding = options[0] if kind == "csv" and options[0] != "mixed" else "utf-8"
    text = path.read_bytes().decode(encoding, "ignore")
    return [text] if kind == "csv" else re.findall(r">([^<]+)<", text)
