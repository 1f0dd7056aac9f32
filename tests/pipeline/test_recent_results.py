"""What is slow and pure is done once for the pages of one file, and once only for so many files."""

from imports.pipeline import proposal, recent_results
from imports.pipeline.columns.fields import lead_fields
from imports.pipeline.readers.table import Preview, Row
from imports.pipeline.recent_results import keep_recent


def test_pages_of_one_file_weigh_its_columns_once(monkeypatch):
    headers, cells = ["Telefon", "Ad"], [["0532 111 22 33", "Ayşe"], ["0533 111 22 33", "Can"]]
    made = []
    monkeypatch.setattr(proposal, "_suggest_mapping", keep_recent(lambda *given: made.append(given) or len(made)))
    fields = lead_fields(["name"])

    def proposed(cells, **given):
        sample = [Row(n + 2, row) for n, row in enumerate(cells)]
        return proposal.propose_columns(Preview("csv", "utf-8", ",", [], "", 1, headers, sample, 2), fields, "TR", **given)

    assert proposed(cells) == proposed(cells) == 1
    assert proposed([*cells, ["0534 111 22 33", "Ela"]]) == 2
    assert proposed(cells, given=proposal.Given(columns={"name": None})) == 3
    assert proposed(cells) == 1


def test_the_result_that_nobody_has_asked_for_longest_is_given_up(monkeypatch):
    monkeypatch.setattr(recent_results, "MOST_KEPT", 2)
    asked = []
    recent = keep_recent(lambda number: asked.append(number) or number)
    for number in (1, 2, 1, 3, 1, 2):
        assert recent(number) == number
    assert asked == [1, 2, 3, 2]
