"""How far the service's clock is from ours, by the times in its replies."""

from datetime import datetime

from campaigns.whattalk.clock import Offset, narrowed, of_date, of_moment, span_ms


def test_a_date_header_is_right_to_the_second():
    offset = of_date("Thu, 01 Jan 1970 00:01:40 GMT", 40.0, 40.5)  # the service says second 100
    assert offset == Offset(100_000 - 40_500, 101_000 - 40_000)


def test_what_is_no_date_says_nothing():
    assert of_date("", 0, 0) is None and of_date("soon", 0, 0) is None


def test_each_reply_narrows_the_span():
    assert narrowed(None, Offset(0, 10)) == Offset(0, 10)
    assert narrowed(Offset(0, 10), Offset(4, 20)) == Offset(4, 10)


def test_clocks_that_do_not_fit_one_another_widen_it_for_good():
    spread = narrowed(Offset(0, 10), Offset(50, 60))
    assert spread == Offset(0, 60, is_spread=True)
    assert narrowed(spread, Offset(5, 6)) == Offset(0, 60, is_spread=True)


def test_a_moment_with_a_fraction_is_right_to_the_millisecond():
    assert of_moment(datetime(1970, 1, 1, 0, 0, 1, 500_000), 500, 600) == Offset(900, 1001)
    assert span_ms(datetime(1970, 1, 1)) == (0, 1000)


def test_an_offset_can_be_shifted_and_widened():
    assert Offset(0, 10).shifted(5) == Offset(5, 15) and Offset(0, 10).widened(5) == Offset(-5, 15)
