"""What stands against sending to a number is judged in one order, whoever asks."""

import pytest

from imports.check.judge import Obstacles, Verdict
from imports.models import RowState

PHONE = "+905550000001"
FORBIDDEN, REFUSED, IN_CAMPAIGN = {PHONE: "forgotten"}, {PHONE: 7}, {PHONE}


def held_by(row: int):
    return lambda phone, row_number: row


@pytest.mark.parametrize(
    ("obstacles", "verdict"),
    [
        (Obstacles(FORBIDDEN, REFUSED, IN_CAMPAIGN, held_by(3)), Verdict(RowState.DO_NOT_CALL, "forgotten")),
        (Obstacles({}, REFUSED, IN_CAMPAIGN, held_by(3)), Verdict(RowState.NO_CONSENT, "no_consent_elsewhere", 7)),
        (Obstacles({}, {}, IN_CAMPAIGN, held_by(3)), Verdict(RowState.DUPLICATE_IN_FILE, "duplicate_in_file", 3)),
        (Obstacles({}, {}, IN_CAMPAIGN), Verdict(RowState.DUPLICATE_IN_CAMPAIGN, "duplicate_in_campaign")),
        (Obstacles(), None),
    ],
)
def test_the_gravest_obstacle_is_named(obstacles, verdict):
    assert obstacles.judge(PHONE, 9) == verdict


def test_a_number_that_must_not_be_called_is_held_by_no_row():
    asked = []
    obstacles = Obstacles(FORBIDDEN, holder_of=lambda phone, row_number: asked.append(phone))
    obstacles.judge(PHONE, 9)
    assert asked == []


def test_the_row_that_stands_in_the_way_is_named_with_its_list():
    verdict = Verdict(RowState.DUPLICATE_IN_FILE, "duplicate_in_file", 3)
    assert verdict.params([0]) == {"row": 3} and verdict.params([0, 4]) == {"row": 3, "list_column": "A"}
    assert Verdict(RowState.DO_NOT_CALL, "forgotten").params([0, 4]) == {}
