"""The results of the last calls of a slow, pure function."""

from imports.pipeline import recent_results
from imports.pipeline.recent_results import keep_recent


def test_a_call_is_made_once_for_its_arguments_and_again_when_many_others_came_after_it():
    calls = []

    @keep_recent
    def slow(*args, **kwargs):
        calls.append((args, kwargs))
        return len(calls)

    assert [slow("a"), slow("a"), slow("a", n=1), slow("\ud800")] == [1, 1, 2, 3], "also of what no file in UTF-8 could hold"
    for n in range(recent_results.MOST_KEPT - 3):
        slow(n)
    assert slow("a") == 1, "asked for just now"
    for n in range(recent_results.MOST_KEPT):
        slow("other", n)
    assert slow("a") == len(calls) > 1


def test_a_call_that_failed_is_made_again():
    answers = iter([ValueError, 7])

    @keep_recent
    def failing_once():
        answer = next(answers)
        if answer is ValueError:
            raise ValueError
        return answer

    try:
        failing_once()
    except ValueError:
        assert failing_once() == failing_once() == 7
