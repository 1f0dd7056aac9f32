"""Columns are as tall as what they count, and what is there is seen."""

from ui.charts import Column, drawn


def test_parts_stand_on_each_other_up_to_the_tallest_column():
    (_first, rects), (second, others), (_none, none) = drawn([Column("a", [3, 1]), Column("b", [2, 0]), Column("c", [0, 0])])
    assert rects == [(0, "1.00", "25.00", "8.00", "75.00"), (1, "1.00", "0.00", "8.00", "25.00")]
    assert others == [(0, "11.00", "50.00", "8.00", "50.00")] and second.total == 2 and none == []


def test_one_beside_a_million_can_be_seen_and_nothing_is_no_chart():
    assert float(drawn([Column(0, [1_000_000]), Column(1, [1])])[1][1][0].height) >= 1 and drawn([]) == []
