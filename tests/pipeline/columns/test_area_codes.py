"""Area codes in a column of their own."""

from imports.pipeline.columns.area_codes import area_code_apart
from imports.pipeline.columns.column import view_columns


def test_numbers_that_need_the_codes_beside_them():
    rows = [["212", "234 56 78"], ["216", "345 67 89"], ["312", "456 78 90"]]
    apart = area_code_apart(view_columns(["Alan Kodu", "Telefon"], rows, "TR"), "TR")
    assert apart == ("area_code_apart", {"header": "Telefon", "codes": "Alan Kodu"})


def test_whole_numbers_need_no_codes():
    rows = [["212", "0212 234 56 78"], ["216", "0216 345 67 89"]]
    assert area_code_apart(view_columns(["Alan Kodu", "Telefon"], rows, "TR"), "TR") is None
    assert area_code_apart(view_columns(["Ad", "Telefon"], [["Ali", "234 56 78"]], "TR"), "TR") is None
