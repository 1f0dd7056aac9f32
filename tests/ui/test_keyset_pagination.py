"""Pages by keys, newest first."""

import pytest

from campaigns.models import DoNotCall
from ui.keyset_pagination import below


@pytest.fixture
def keys(db) -> list[int]:
    return [DoNotCall.objects.create(phone_number=f"+9055500000{n}").pk for n in range(5)]


def test_each_page_begins_below_the_last_key_of_the_one_before(keys):
    entries = DoNotCall.objects.all()
    first = below(entries, "", 2)
    second = below(entries, str(first.next), 2)
    third = below(entries, str(second.next), 2)
    assert [row.pk for page in (first, second, third) for row in page.rows] == keys[::-1]
    assert (first.is_first, second.is_first, third.next) == (True, False, None)


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, " "])
def test_anything_else_than_a_key_means_the_first_page(keys, key):
    assert below(DoNotCall.objects.all(), key, 2).is_first
