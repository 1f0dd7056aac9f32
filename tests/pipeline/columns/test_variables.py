"""Which column holds which variable."""

import pytest

from imports.pipeline.columns.choices import Draft
from imports.pipeline.columns.column import view_columns
from imports.pipeline.columns.fields import Field
from imports.pipeline.columns.variables import AGREED, add_variables, cells_agree
from imports.pipeline.headers.meaning import meaning


def chosen(table: dict[str, str], *variables: str) -> dict:
    draft = Draft(view_columns([*table], [[*table.values()]] * 3, "TR"), "TR", {}, [])
    add_variables(draft, [Field(name, "variable", name) for name in variables])
    return {key: choice.reason.params["header"] for key, choice in draft.choices.items()}


def test_the_best_pairs_are_chosen_and_each_column_once():
    assert chosen({"Şehir": "İzmir", "Firma Adı": "Güneş Ltd. Şti."}, "company", "city") == {
        "company": "Firma Adı",
        "city": "Şehir",
    }
    assert chosen({"Şehir": "İzmir"}, "city", "town") == {"city": "Şehir"}


def test_names_that_no_dictionary_knows_are_compared_by_their_letters():
    assert chosen({"REF-XK2": "a1"}, "ref_xk2") == {"ref_xk2": "REF-XK2"}


@pytest.mark.parametrize(("variable", "cell"), [("email", "0532 111 22 33"), ("order_date", "ali@example.com")])
def test_cells_of_another_kind_contradict(variable, cell):
    assert cells_agree(meaning(variable), view_columns([variable], [[cell]] * 3, "TR")[0]) < AGREED
