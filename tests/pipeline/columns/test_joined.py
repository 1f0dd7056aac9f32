"""Values that stand in several columns."""

from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.joined import part_of_name, suggest_full_name, wants_full_name
from imports.pipeline.columns.source import Joined
from imports.pipeline.evidence import Grade
from tests.pipeline.columns.suggestions import NAMES, PHONES, grade, suggested


def test_a_second_number_shares_the_area_code():
    table = {
        "Ad Soyad": NAMES,
        "Alan Kodu": ["212", "0216", "312", "232", "242"],
        "Tel 1": ["2345678", "4445566", "4170011", "4445566", "2481122"],
    }
    suggestion, chosen = suggested(table)
    assert chosen["phone_number"] == "Alan Kodu + Tel 1" and suggestion.mapping["phone_number"] == Joined((1, 2), "")
    assert grade(suggestion, "phone_number") is Grade.PROVEN and suggestion.sure


def test_a_name_in_parts_is_not_joined_with_what_is_no_name():
    _, chosen = suggested(
        {"Ad": ["Ali", "Can", "Ece", "Su", "Ela"], "Soyad": ["12", "34", "56", "78", "90"], "Telefon": PHONES}, ("customer_name",)
    )
    assert "+" not in chosen.get("customer_name", "")


def test_the_family_name_comes_first_where_it_is_written_first():
    names = [["Kaya", "Ali"], ["Demir", "Ayşe"]]
    assert suggest_full_name(view_columns(["Soyad", "Ad"], names, "TR")).source.columns == (1, 0)
    assert suggest_full_name(view_columns(["Vezetéknév", "Keresztnév"], names, "TR")).source.columns == (0, 1)


def test_which_variables_and_columns_are_about_names():
    assert wants_full_name("customer_name") and not wants_full_name("first_name")
    assert [part_of_name(column) for column in view_columns(["Vorname", "Şehir"], [["Anna", "İzmir"]], "TR")] == [
        "first_name",
        "",
    ]
