"""Error pages say what to do, in the right status, and nothing of the inside."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from background.unavailable import Lack
from config import errors


@pytest.mark.parametrize(
    ("page", "status"), [(errors.unusable, 400), (errors.forbidden, 403), (errors.not_found, 404), (errors.stale_form, 403)]
)
def test_each_error_has_its_page(db, page, status):
    assert page(RequestFactory().get("/")).status_code == status


def test_a_part_of_a_page_gets_a_sentence_and_a_whole_page_a_page():
    request = RequestFactory().post("/", headers={"hx-request": "true"})
    part = errors.unavailable(request, Lack.DATABASE)
    assert (part.status_code, part["HX-Retarget"], part["Retry-After"]) == (503, "#problem", "60")
    assert "HX-Retarget" not in errors.unavailable(RequestFactory().get("/"), Lack.ROOM)


def test_a_database_that_is_away_is_no_defect():
    try:
        raise OperationalError("database is locked")
    except OperationalError:
        assert errors.broken(RequestFactory().get("/")).status_code == 503
    assert errors.broken(RequestFactory().get("/")).status_code == 500
