"""What the texts of refusals are found to mean, and that one row in many is looked up all the same."""

import pytest

from campaigns.models import AnswerMeaning
from imports.push.conclusions import Meaning, Refusal
from imports.push.refusal_meanings import LOOKED_AT_AGAIN, Meanings
from tests.builders import an_account

EXISTS = Refusal("lead exists", "Lead exists", has_words=True)


@pytest.fixture
def meanings(db) -> Meanings:
    return Meanings(an_account().pk)


def test_two_look_ups_that_agree_settle_what_a_text_means(meanings):
    assert meanings.of(EXISTS) is Meaning.NEW
    meanings.learn(EXISTS, Meaning.DUPLICATE)
    assert meanings.of(EXISTS) is Meaning.NEW  # one may be an accident
    meanings.learn(EXISTS, Meaning.DUPLICATE)
    assert meanings.of(EXISTS) is Meaning.DUPLICATE
    meanings.learn(EXISTS, Meaning.NO_DUPLICATE)
    assert meanings.of(EXISTS) is Meaning.VARIES


def test_a_text_that_is_believed_is_doubted_now_and_then(meanings):
    for _ in range(2):
        meanings.learn(EXISTS, Meaning.DUPLICATE)
    believed = [meanings.believe(EXISTS) for _ in range(min(LOOKED_AT_AGAIN))]
    assert believed == [Meaning.DUPLICATE] * (len(believed) - 1) + [Meaning.VARIES]
    assert AnswerMeaning.objects.get().believed == len(believed)


def test_a_conflict_is_looked_up_often_and_other_refusals_now_and_then(meanings):
    """409 for one reason says nothing of the next; words that were no news of a duplicate may come to be some."""
    conflict, refused = Refusal("http 409", "HTTP 409", code="http_409"), Refusal("too short", "Too short", code="http_422")
    for refusal in (conflict, refused):
        meanings.learn(refusal, Meaning.NO_DUPLICATE)
    assert [n for n in range(40) if meanings.believe(conflict) is Meaning.VARIES] == [0, 16, 32]
    believed = [meanings.believe(refused) for _ in range(min(LOOKED_AT_AGAIN))]
    assert believed == [Meaning.NO_DUPLICATE] * (len(believed) - 1) + [Meaning.VARIES]
