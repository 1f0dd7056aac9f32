"""What the numbers of a column show."""

from imports.pipeline.columns.column import Column, view_columns
from imports.pipeline.columns.column_numbers import begin_alike, mobile_share, names_things, same_numbers

MOBILES = ["5321110033", "5339224407", "5427331855", "5558440066"]


def column(texts: list[str]) -> Column:
    return view_columns(["No"], [[text] for text in texts], "TR")[0]


def test_numbers_that_count_upwards_or_repeat_name_things():
    assert names_things(column(["5321110001", "5321110002", "5321110003", "5321110004"]))
    assert names_things(column([MOBILES[0]] * 4)) and not names_things(column(MOBILES))


def test_numbers_of_people_do_not_all_begin_alike():
    assert begin_alike(column([f"53{number:08}" for number in range(0, 80_000_000, 10_000_000)]))
    assert not begin_alike(column(MOBILES * 2))


def test_mobiles_are_counted_among_the_filled_cells():
    assert mobile_share(column([*MOBILES[:2], "02121112233", ""]), "TR") == 2 / 3


def test_a_copy_holds_the_same_numbers_however_they_are_written():
    assert same_numbers(column(MOBILES), column([f"+90 {text}" for text in MOBILES]))
    assert not same_numbers(column(MOBILES), column(MOBILES[::-1]))
