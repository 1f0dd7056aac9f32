"""What the cells of a column look like, in shares of its filled cells."""

import pytest

from imports.pipeline.columns.cell_profile import phone_share, profile, share_at_home, share_written_to_call

MOBILES = ["0532 111 22 33", "0533 222 33 44", "0542 333 44 55", "0555 444 55 66"]


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        (["ali@example.com", ""], "email"),
        (["2026-05-01", "01.06.2026"], "date"),
        (["1.250,00 ₺", "980,50"], "money"),
        (["#1001", "#1002"], "order"),
        (["9,05E+11"], "shortened"),
        (["Ali Kaya", "Ayşe Demir"], "person"),
        (["Güneş Ltd. Şti.", "Müller GmbH"], "company"),
        (["Türkiye", "Almanya"], "country"),
        (MOBILES, "dialable"),
    ],
)
def test_cells_of_one_kind(texts, share):
    assert getattr(profile(texts), share) == 1.0


def test_a_column_without_cells_has_no_profile():
    assert profile(["", ""]).filled == 0 and profile(["a", ""]).fill == 0.5
    assert profile(["a"] * 5).same and not profile(["a"] * 4).same


def test_the_share_that_can_be_called():
    assert phone_share(MOBILES, None, "TR", vouched=True) == share_at_home(MOBILES, "TR") == 1.0
    assert phone_share(["10000000146", "10000000146"], None, "TR", vouched=True) == 0.0  # national identity numbers


def test_numbers_that_people_write_and_machines_do_not():
    assert share_written_to_call([*MOBILES, ""]) == 1.0 and share_written_to_call(["5321112233"]) == 0.0
