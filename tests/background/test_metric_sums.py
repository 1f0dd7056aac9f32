"""Counters and histograms that are kept in the database."""

import pytest

from background import metric_sums


@pytest.mark.django_db
def test_values_that_several_processes_add_are_one_histogram():
    for value in (0.04, 0.3, 99.0):
        metric_sums.add("rowcall_test", metric_sums.observed(value, metric_sums.SECONDS, "1|ok|"))
    [(prefix, (buckets, total))] = metric_sums.histograms("rowcall_test").items()
    assert prefix == "1|ok" and total == pytest.approx(99.34)
    counted = dict(buckets)
    assert counted["0.05"] == 1 and counted["0.5"] == 2 and counted[metric_sums.INFINITE] == 3
