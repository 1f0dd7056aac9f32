"""What fixes and searches make of single cells, what edits are called, and which rows they may touch."""

import pytest

from campaigns.search_text import words_of
from imports.check.cell_fixes import Places, copy, drop_word, keep_number, replace, two_numbers
from imports.check.changes import Correction, cells_of, judged
from imports.check.correctable import CORRECTABLE, HOLDING, LEAVABLE
from imports.check.edits import begin_edit, drop_if_empty, leave_out
from imports.intake.field_settings import check_settings
from imports.models import OPEN_STATES, Edit, RowState
from imports.pages.edits import sentence_of_fix, undo_bar
from imports.pages.fix_offers import likely_copy, offers_for_reasons
from imports.pages.fixes import countries, offers_of
from imports.pages.row_search import holds
from tests.imports.conftest import csv_of


def test_numbers_are_told_apart_only_where_there_are_two():
    assert two_numbers("0212/555 12 34 / 0533 111 22 33") == ("0212/555 12 34", "0533 111 22 33")
    assert two_numbers("+90 532 111 22 33 +90 532 111 22 34") == ("+90 532 111 22 33", "+90 532 111 22 34")
    assert two_numbers("05321112233 veya 05321112234") == ("05321112233", "05321112234")
    for text in ("0212/555 12 34", "0532 111 22 33", "1 / 2", "", "0532 111 22 33 / 0532 111 22 34 / 0532 111 22 35"):
        assert two_numbers(text) is None


def test_a_fix_that_has_nothing_to_propose_proposes_nothing():
    places = Places(0, (1,), {})
    assert keep_number(places, 1)(["0532 111 22 33 / 0532 111 22 34"]) == ["0532 111 22 34", "0532 111 22 33"]
    assert keep_number(places, 0)(["0532 111 22 33"]) is None and keep_number(Places(None, (), {}), 0)(["x"]) is None
    assert drop_word(places)(["0532 111 22 33 Ali (ev)"]) == ["0532 111 22 33"]
    assert drop_word(places)(["0212 555 12 34 dahili 5"]) is None and drop_word(places)(["Ali"]) is None
    assert copy(1, 0)(["", "Can"]) == ["Can", "Can"] and copy(1, 0)(["Ece", "Can"]) is None and copy(1, 0)([""]) is None
    assert replace(0, "a", "b")(["aa"]) == ["bb"] and replace(0, "a", "a")(["a"]) is None and replace(3, "a", "b")(["a"]) is None


def test_words_are_found_within_cells_and_not_across_them():
    assert words_of("  HAZİRAN ısı ") == ["haziran", "isi"]
    assert holds(["Haziran", "ISI"], ["haziran", "isi"]) and not holds(["ha", "ziran"], ["haziran"])


def test_a_row_that_may_have_been_sent_is_never_left_out():
    assert not {*OPEN_STATES, RowState.CREATED, RowState.UNCONFIRMED, RowState.FAILED, RowState.REFUSED} & {*LEAVABLE}
    assert {*LEAVABLE} < {*CORRECTABLE} and RowState.LEFT_OUT not in (*CORRECTABLE, *HOLDING, *OPEN_STATES)


@pytest.mark.django_db
def test_looking_writes_nothing_and_buttons_say_what_they_undo(checked, alice):
    job = checked(csv_of("05550000001", "12"), owner=alice)
    row = job.rows.get(row_number=3)
    [one] = judged(job, [Correction(row, ["05550000002", *cells_of(row)[1:]])], check_settings(job), is_unsent=True)
    assert (one.state, one.phone, job.rows.get(row_number=3).state) == ("pending", "+905550000002", "invalid")
    assert undo_bar(job, alice) == ("", "") and offers_of(job) == []
    assert offers_for_reasons(job) == [] and likely_copy(job) is None, "no column has area codes, or values that are missing"
    drop_if_empty(begin_edit(job, alice, Edit.Kind.FIX))
    leave_out(job, [row], alice)
    assert undo_bar(job, alice) == ("Undo: row 3 left out", "") and Edit.objects.count() == 1
    assert sentence_of_fix("leave_out:x", 2) == "2 rows were left out." and ("TR", "Türkiye") in countries()
