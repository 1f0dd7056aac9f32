"""Which error a reply stands for."""

import orjson
import pytest

from campaigns.whattalk import errors
from campaigns.whattalk.replies import Failure, Reply


def error(status: int | None, body: object = None, **fields) -> errors.WhatTalkError | None:
    return errors.error_of(Reply(status, {}, None if body is None else orjson.dumps(body), **fields), now=0)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"message": "no"}, errors.KeyRejected),
        (403, {"message": "no"}, errors.KeyRejected),
        (403, {"message": "Your plan allows three."}, errors.PlanLimit),
        (402, {}, errors.BalanceEmpty),
        (400, {"message": "Insufficient balance"}, errors.BalanceEmpty),
        (404, {"message": "Lead not found"}, errors.NotFound),
        (422, {"errors": {"name": ["wrong"]}}, errors.Invalid),
        (429, {}, errors.RateLimited),
        (500, {}, errors.Unreachable),
        (302, {}, errors.Nonsense),
        (700, {}, errors.Nonsense),
    ],
)
def test_each_status_has_its_error(status, body, kind):
    assert type(error(status, body)) is kind


def test_a_reply_that_was_read_is_no_error():
    assert error(200, {}) is None


@pytest.mark.parametrize(("failure", "was_sent"), [(Failure.NOT_SENT, False), (Failure.TIMEOUT, True)])
def test_whether_it_may_have_been_carried_out_is_known(failure, was_sent):
    lost = error(None, failure=failure, detail="no connection")
    assert isinstance(lost, errors.Unreachable) and lost.sent is was_sent and lost.retryable and str(lost) == "no connection"


def test_fields_and_waits_are_kept():
    invalid = error(422, {"errors": {"name": ["wrong"]}})
    assert isinstance(invalid, errors.Invalid) and invalid.fields == {"name": ["wrong"]}
    limited = error(429, {"retry_after": 7})
    assert isinstance(limited, errors.RateLimited) and limited.retry_after == 7


def test_a_call_that_does_not_exist_is_told_from_a_lead_that_does_not():
    missing = [errors.NotFound(text) for text in ("The route api/x could not be found.", "Lead not found")]
    assert [one.is_of_the_call for one in missing] == [True, False]
