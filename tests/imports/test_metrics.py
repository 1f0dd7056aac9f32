"""The metric families of /metrics."""

import pytest

from imports.pages.metrics import Metrics


@pytest.mark.django_db
def test_every_metric_has_a_name_of_ours_and_a_meaning():
    families = list(Metrics().collect())
    assert len({family.name for family in families}) == len(families) > 5
    assert all(family.name.startswith("rowcall_") and family.documentation for family in families)
