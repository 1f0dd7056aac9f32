"""The outcome bar shows every outcome that there is."""

from ui.outcome_bar import Segment, rectangles


def test_segments_fill_the_bar_in_their_order():
    drawn = rectangles([Segment("sent", "sent", 3), Segment("silent", "none", 0), Segment("waiting", "waiting", 1)])
    assert drawn == [("sent", "0.00", "75.00"), ("waiting", "75.00", "25.00")]


def test_one_among_a_million_can_be_seen():
    first, last = rectangles([Segment("sent", "sent", 1_000_000), Segment("invalid", "invalid", 1)])
    assert float(last.width) > 0.5 and abs(float(first.width) + float(last.width) - 100) < 0.02


def test_nothing_is_no_bar():
    assert rectangles([]) == rectangles([Segment("sent", "sent", 0)]) == []
