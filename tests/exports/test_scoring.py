"""The judge itself: what is wrong is called wrong."""

import pytest

from .export import Answer, Export, read_export
from .journey import Lead, Outcome
from .scoring import RowVerdict, Verdict, judge, judge_row

ONE, OTHER = "+905321112210", "+905331112211"
REFUSED, NO_CONSENT, NO_LEAD = Answer(outcome="refused", kind="fax"), Answer(outcome="no_consent"), Answer(outcome="no_lead")


def _lead(phone: str = "", reason: str = "", second=()) -> Lead:
    return Lead(phone, reason or ("" if phone else "phone_too_short"), list(second), {})


@pytest.mark.parametrize(
    ("answers", "leads", "verdict"),
    [
        ([Answer((ONE,))], [_lead(ONE)], RowVerdict.RIGHT),
        ([Answer((ONE,))], [_lead(OTHER)], RowVerdict.WRONG),
        ([Answer((ONE,))], [_lead()], RowVerdict.REFUSED),
        ([Answer((ONE,))], [], RowVerdict.LOST),
        ([Answer((ONE,)), REFUSED], [_lead()], RowVerdict.RIGHT),
        ([Answer((ONE, OTHER))], [_lead(ONE), _lead(OTHER)], RowVerdict.RIGHT),
        ([Answer((ONE, OTHER))], [_lead(ONE)], RowVerdict.LOST),
        ([Answer((ONE,))], [_lead(ONE, second=[("Faks", OTHER)])], RowVerdict.WRONG),
        ([Answer((ONE,))], [_lead(ONE, second=[("Ev", OTHER)])], RowVerdict.RIGHT),
        ([REFUSED], [_lead(ONE)], RowVerdict.WRONG),
        ([REFUSED], [_lead()], RowVerdict.RIGHT),
        ([REFUSED], [], RowVerdict.LOST),
        ([NO_CONSENT], [_lead(ONE)], RowVerdict.WRONG),
        ([NO_CONSENT], [_lead(reason="no_consent")], RowVerdict.RIGHT),
        ([NO_LEAD], [], RowVerdict.RIGHT),
        ([NO_LEAD], [_lead(reason="totals_row")], RowVerdict.RIGHT),
        ([NO_LEAD], [_lead(ONE)], RowVerdict.WRONG),
    ],
)
def test_a_row(answers, leads, verdict):
    assert judge_row(answers, leads, second=["Ev"]) is verdict


def _export(**fields) -> Export:
    return Export("one", mapping={"phone_number": [["Tel"]]}, answers={2: [Answer((ONE,))], 3: [Answer((OTHER,))]}, **fields)


def _outcome(*phones: str, **fields) -> Outcome:
    return Outcome(mapping={"phone_number": ["Tel"]}, leads={n: [_lead(phone)] for n, phone in enumerate(phones, 2)}, **fields)


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (_outcome(ONE, OTHER), Verdict.RIGHT),
        (_outcome(ONE, OTHER, asked={"phone_number": "Tel"}), Verdict.PRESELECTED),
        (_outcome(ONE, ONE, asked={"phone_number": "Tel"}), Verdict.MISLED),
        (_outcome("", "", asked={"phone_format": "DE"}), Verdict.MISLED),
        (_outcome(ONE, ONE, asked={"sheet": "Mai"}), Verdict.WRONG),
        (_outcome("", "", asked={"sheet": "Mai"}), Verdict.REFUSED),
        (_outcome(ONE, ""), Verdict.REFUSED),
        (_outcome(ONE), Verdict.WRONG),
        (_outcome(ONE, OTHER, ONE), Verdict.WRONG),
        (Outcome(refusal="file_is_html"), Verdict.REFUSED),
    ],
)
def test_a_list(outcome, verdict):
    assert judge(_export(asks={"phone_number": ["*"], "phone_format": ["*"]}), outcome).verdict is verdict


def test_leads_on_other_sheets_are_lost_where_nobody_hears_of_them():
    export = _export(notes=["other_sheets"])
    assert judge(export, _outcome(ONE, OTHER)).verdict is Verdict.WRONG
    assert judge(export, _outcome(ONE, OTHER, notes={"other_sheets_have_leads"})).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("asked", "problems"),
    [
        ({}, []),
        ({"phone_format": "TR"}, []),
        ({"phone_format": "DE"}, ["phone_format: DE is preselected"]),
        ({"sheet": "Mai"}, ["asked for no reason: sheet (Mai)"]),
    ],
)
def test_questions(asked, problems):
    assert judge(_export(asks={"phone_format": ["TR"]}), _outcome(ONE, OTHER, asked=asked)).problems == problems


@pytest.mark.parametrize(
    ("second", "asked", "problems"),
    [
        (["Ev"], "Ev", []),
        (["Ev"], "Faks", ["secondary_phone_1: Faks is preselected"]),
        ([], "Faks", ["asked for no reason: secondary_phone_1 (Faks)"]),
    ],
)
def test_a_further_phone_may_be_asked_in_every_list_that_has_one(second, asked, problems):
    assert judge(_export(second=second), _outcome(ONE, OTHER, asked={"secondary_phone_1": asked})).problems == problems


def test_a_wrong_reason_is_a_problem_though_the_row_is_not_called():
    export = Export("one", mapping={"phone_number": [["Tel"]]}, answers={2: [REFUSED]})
    score = judge(export, _outcome(""))
    assert (score.verdict, score.problems) == (Verdict.RIGHT, ["row 2: the reason is phone_too_short"])


def test_a_list_is_read_as_it_is_written(tmp_path):
    (tmp_path / "one.txt").write_text(
        "program: A\nhome: DE\nvariables: name\nphone: Tel\nmap: name = Vor + Nach or Nach\nask: country = -\n---\n"
        "Vor | Nach | Tel\nA | B | #5321112210 => +905321112210 or refused any\n\n | | summe\n",
        "utf-8",
    )
    export = read_export(tmp_path / "one.txt")
    assert export.sheets == {"": [["Vor", "Nach", "Tel"], ["A", "B", 5321112210], [], ["", "", "summe"]]}
    assert export.mapping == {"phone_number": [["Tel"]], "name": [["Vor", "Nach"], ["Nach"]]}
    assert export.answers[2] == [Answer((ONE,)), Answer(outcome="refused", kind="any")]
    assert (export.home, export.asks, export.answers[1]) == ("DE", {"country": ["-"]}, [NO_LEAD])
