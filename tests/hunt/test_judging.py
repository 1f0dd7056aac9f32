"""The checker names every bug that is planted in an import which is otherwise right, and lets what is right pass."""

import json

import pytest
from django.core.management import CommandError, call_command

from devtools.hunt import journey as real_journey
from devtools.hunt.cases import Case, made
from devtools.hunt.checker import Verdict
from devtools.hunt.journey import Lead, Outcome, Refused
from devtools.hunt.kinds import CLEAN, kind_at
from devtools.hunt.run import hunt, judge_case

SEED = 11


def case_about(kind: str) -> Case:
    return made(SEED, next(index for index in range(1000) if kind_at(index) == kind))


class TruthfulJourney:
    """Calls everybody who may be called and names all others; then `spoil` does to the outcome what a bug would."""

    def __init__(self, case: Case, spoil=lambda outcome, case: None, asked=(), answered_right=True):
        self.case, self.spoil, self.asked, self.answered_right = case, spoil, list(asked), answered_right

    def run(self, path, home, variables) -> Outcome:
        outcome = self._true()
        outcome.asked = list(self.asked)
        self.spoil(outcome, self.case)
        return outcome

    def run_with_answers(self, path, home, variables, asked, answers) -> Outcome:
        outcome = self._true()
        if not self.answered_right:
            self.spoil(outcome, self.case)
        return outcome

    def _true(self) -> Outcome:
        people = self.case.truth.people
        return Outcome(
            leads=[
                Lead(each.sheet, each.row, each.number, {"name": each.name}, list(each.others)) for each in people if each.number
            ],
            bad_rows=[Refused(each.sheet, each.row, "named") for each in people if not each.number],
        )


def judged(journey: TruthfulJourney, tmp_path):
    return judge_case(journey.case, tmp_path / journey.case.file_name, journey)


def change(outcome: Outcome, place: int, **changes) -> None:
    lead = outcome.leads[place]
    outcome.leads[place] = Lead(**{**vars(lead), **changes})


def another_country(outcome, case):
    change(outcome, 0, phone="+4953211122210")


def one_row_down(outcome, case):
    phones = [lead.phone for lead in outcome.leads]
    for place, phone in enumerate(phones[-1:] + phones[:-1]):
        change(outcome, place, phone=phone)


def torn_apart(outcome, case):
    change(outcome, 0, values=outcome.leads[1].values)


def lost(outcome, case):
    outcome.leads.pop(3)


def lost_and_no_number(outcome, case):
    outcome.bad_rows.pop(0)


def stranger_called(outcome, case):
    row = outcome.bad_rows.pop(0)
    outcome.leads.append(Lead(row.sheet, row.row, next(iter(case.truth.strangers)), {}, []))


def damaged_called(outcome, case):
    row = outcome.bad_rows.pop(0)
    outcome.leads.append(Lead(row.sheet, row.row, "+905321112233", {}, []))


def strangers_contact(outcome, case):
    change(outcome, 0, secondary=[next(iter(case.truth.strangers))])


def others_contact(outcome, case):
    change(outcome, 0, secondary=[outcome.leads[1].phone])


def second_list_lost(outcome, case):
    kept = {person.number for person in case.truth.people if not person.place}
    outcome.leads = [lead for lead in outcome.leads if lead.phone in kept]


def other_sheet_lost(outcome, case):
    outcome.leads = [lead for lead in outcome.leads if lead.sheet == case.truth.answers.sheet]


def below_the_list(outcome, case):
    last = max(lead.row for lead in outcome.leads)
    outcome.leads.append(Lead(outcome.leads[0].sheet, last + 2, next(iter(case.truth.strangers)), {}, []))


def crash(outcome, case):
    raise LookupError("no such column")


BUGS = [
    (CLEAN, another_country, "nobody in the file has it"),
    (CLEAN, one_row_down, "it is the number of"),
    (CLEAN, torn_apart, "is sent with the name"),
    (CLEAN, lost, "neither called nor named"),
    (CLEAN, crash, "LookupError: no such column"),
    (CLEAN, others_contact, "is a further contact; it is the number of"),
    ("fax_in_cell", stranger_called, "the number of a fax"),
    ("phone_type_column", stranger_called, "the number of a fax"),
    ("consent", stranger_called, "somebody who said no"),
    ("do_not_call", stranger_called, "somebody who said no"),
    ("placeholders", damaged_called, "no number to call, placeholder"),
    ("shortened", damaged_called, "no number to call, digits lost"),
    ("shortened", lost_and_no_number, "neither called nor named"),
    ("agents_phone", strangers_contact, "the number of an agent"),
    ("our_own_office", strangers_contact, "our own office"),
    ("lists_side_by_side", second_list_lost, "neither called nor named"),
    ("lists_below_each_other", second_list_lost, "neither called nor named"),
    ("other_sheets", other_sheet_lost, "neither called nor named"),
    ("head_office_below", below_the_list, "the number of the head office"),
    ("hidden_sheet", strangers_contact, "somebody on a hidden sheet"),
]


@pytest.mark.parametrize("kind, bug, expected", BUGS, ids=[f"{kind}-{bug.__name__}" for kind, bug, _ in BUGS])
def test_a_planted_bug_is_wrong_silently_and_named(kind, bug, expected, tmp_path):
    found = judged(TruthfulJourney(case_about(kind), bug), tmp_path)
    assert found.verdict is Verdict.WRONG
    assert expected in " ".join(found.reasons)


@pytest.mark.parametrize("kind", ["clean", "fax_in_cell", "second_home_phone", "lists_side_by_side", "other_sheets", "consent"])
def test_the_truth_is_right(kind, tmp_path):
    assert judged(TruthfulJourney(case_about(kind)), tmp_path).verdict is Verdict.RIGHT


def test_a_question_with_the_truth_preselected(tmp_path):
    journey = TruthfulJourney(case_about(CLEAN), asked=["phone_number"])
    assert judged(journey, tmp_path).verdict is Verdict.PRESELECTED


def test_a_question_whose_answer_mends_it(tmp_path):
    journey = TruthfulJourney(case_about(CLEAN), another_country, asked=["phone_format"])
    assert judged(journey, tmp_path).verdict is Verdict.ASKED


def test_a_question_whose_answer_mends_nothing_is_wrong_silently(tmp_path):
    journey = TruthfulJourney(case_about(CLEAN), another_country, asked=["phone_format"], answered_right=False)
    assert judged(journey, tmp_path).verdict is Verdict.WRONG


def test_a_good_number_refused_by_name_is_not_right(tmp_path):
    def refuse(outcome, case):
        lead = outcome.leads.pop(0)
        outcome.bad_rows.append(Refused(lead.sheet, lead.row, "phone_letters"))

    found = judged(TruthfulJourney(case_about(CLEAN), refuse), tmp_path)
    assert (found.verdict, found.refused_people) == (Verdict.REFUSED, 1)
    assert "phone_letters" in found.reasons[0]


@pytest.mark.parametrize(
    "kind, choice, bug",
    [
        ("other_sheets", "sheet", other_sheet_lost),
        ("lists_side_by_side", "lists", second_list_lost),
    ],
)
def test_whoever_is_told_of_has_not_been_lost(kind, choice, bug, tmp_path):
    def bug_with_a_word(outcome, case):
        bug(outcome, case)
        outcome.announced = {choice}

    assert judged(TruthfulJourney(case_about(kind), bug_with_a_word), tmp_path).verdict is Verdict.RIGHT


# -- the real journey -----------------------------------------------------------------------------------------------------


def test_a_small_hunt():
    found = hunt([f"1-{index:04}" for index in range(60)], processes=1)
    assert sum(found.to_json()["totals"].values()) == 60
    assert found.wrong == []
    assert found.share([Verdict.RIGHT, Verdict.PRESELECTED], CLEAN) == 1.0


def test_what_is_wrong_is_kept_and_can_be_replayed(tmp_path, monkeypatch, capsys):
    def nobody(path, home, variables):
        return Outcome()

    monkeypatch.setattr(real_journey, "run", nobody)
    with pytest.raises(SystemExit) as stop:
        call_command("hunt", "--only", "1-0000", "--keep", str(tmp_path), "--json", "--processes", "1")
    assert stop.value.code == 1
    said, kept = json.loads(capsys.readouterr().out), json.loads((tmp_path / "1-0000.json").read_text())
    assert said["wrong"][0]["reasons"] and kept["judged"]["verdict"] == Verdict.WRONG and kept["truth"]["people"]
    assert next(tmp_path.glob("1-0000.[!j]*")).read_bytes() == made(1, 0).data


@pytest.mark.parametrize(
    "words, said",
    [
        (["--kind", "nonsense"], "There is no kind nonsense"),
        (["--only", "x"], "named like 7-0123"),
        (["--lists", "0"], "1 or more"),
    ],
)
def test_a_wrong_option_is_said_so(words, said):
    with pytest.raises(CommandError, match=said):
        call_command("hunt", *words)
