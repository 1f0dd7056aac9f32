"""The demo data fill an empty database with something to see on every page."""

import pytest

from devtools.demo_data import keep_alive, seed
from devtools.demo_sheet import spreadsheet
from imports.models import Heartbeat, ImportJob


def test_a_spreadsheet_is_the_same_for_a_seed():
    first = spreadsheet(20, 1)
    assert first == spreadsheet(20, 1) != spreadsheet(20, 2)
    assert first.decode("cp1254").count("\n") == 1 + 20 + 7


@pytest.mark.slow
@pytest.mark.any_database
def test_every_page_has_an_address_and_every_import_a_page(db):
    pages = seed()
    assert all(path.startswith("/") for path in pages.values()) and len(set(pages)) > 20
    assert {str(job.pk) for job in ImportJob.objects.all()} <= {part for path in pages.values() for part in path.split("/")}
    beats = list(Heartbeat.objects.values_list("beat_ms", flat=True))
    keep_alive()
    assert beats and max(Heartbeat.objects.values_list("beat_ms", flat=True)) >= max(beats)
