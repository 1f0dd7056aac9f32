"""Values that stand in several columns."""

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
