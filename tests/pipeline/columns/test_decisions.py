"""The grades of chosen columns."""

from imports.pipeline.columns.decisions import decide_given, decide_phone, decide_remembered, decide_secondary
from imports.pipeline.columns.source import Joined
from imports.pipeline.evidence import Grade
from imports.pipeline.reasons import Reason

WHY = Reason("column_header", {"header": "Ad"})


def test_what_a_person_chose_is_proven():
    assert decide_given("name", Joined((0, 1)), ["Ad", "Soyad"]).chosen == "Ad + Soyad"
    assert decide_given("name", None, ["Ad"]).grade is decide_remembered("name", 0, ["Ad"], WHY).grade is Grade.PROVEN


def test_a_file_without_phones_is_asked_about():
    decision = decide_phone([], [], "TR", None)
    assert decision.grade is Grade.UNKNOWN and decision.must_be_asked


def test_a_further_phone_is_proven_by_its_own_name_alone():
    assert decide_secondary("secondary_phone_1", "secondary_phone_1", WHY).grade is Grade.PROVEN
    assert decide_secondary("secondary_phone_1", "Ev Telefonu", WHY).grade is Grade.LIKELY
