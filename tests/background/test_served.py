"""Who had a turn when, for each size of work and each kind apart."""

from background.models import Turn
from background.served import choosing, note_turn, served


def test_turns_are_kept_by_kind_person_and_size(db):
    with choosing("parse"):
        note_turn("parse", 7)
        note_turn("parse", 8, is_large=True)
    note_turn("send", Turn.NOBODY)
    first = served("parse")
    assert set(first) == {(7, False), (8, True)} and set(served("send")) == {(Turn.NOBODY, False)}
    Turn.objects.filter(person=7).update(served_ms=0)
    note_turn("parse", 7)
    assert served("parse")[7, False] >= first[7, False]
