"""Other countries in which the numbers of a column could be dialled, at the shares from which something counts."""

import pytest

from imports.pipeline.phones.guess_rivals import (
    ENOUGH_CELLS,
    FINALISTS,
    GROUPED_CELLS,
    finalists_of,
    of_one_town,
    rank,
    rivals_of,
    speaking_for_others,
)
from imports.pipeline.phones.guess_sample import Sample
from imports.pipeline.phones.guess_thresholds import MOST_NAMED, NEARLY_ALL, POSSIBLE

N = 20
TURKISH = [f"0532 111 22 {n:02}" for n in range(N)]
TURKISH_BARE = [f"532111{n:04}" for n in range(N)]
FRENCH = [f"06123456{n:02}" for n in range(N)]  # not in groups
FRENCH_GROUPED = [f"06 12 34 56 {n:02}" for n in range(N)]
GERMAN_PLUS = [f"+49 151 2345 67{n:02}" for n in range(N)]
NEW_YORK = [f"(212) 736-50{n:02}" for n in range(N)]
NEW_YORK_BARE = [f"212736{n:04}" for n in range(5000, 5000 + N)]


def sample(*texts: str) -> Sample:
    return Sample(texts, None)


def at_share(share: float, *, of: list[str], others: list[str]) -> tuple[Sample, Sample]:
    """A column with exactly this share of some numbers, and one with one of them less."""
    n = round(share * N)
    return sample(*of[:n], *others[n:]), sample(*of[: n - 1], *others[n - 1 :])


@pytest.mark.parametrize(("spoken_in", "hints"), [(["FR"], []), ([], ["FR"])])
def test_what_is_named_counts_while_enough_of_the_cells_can_be_called_there(spoken_in, hints):
    enough, too_few = at_share(POSSIBLE, of=FRENCH, others=TURKISH)
    assert speaking_for_others(enough, "TR", spoken_in, hints) == ["FR"]
    assert speaking_for_others(too_few, "TR", spoken_in, hints) == []


def test_home_itself_is_no_other_country():
    assert speaking_for_others(sample(*FRENCH), "FR", ["FR", "CH"], ["FR"]) == []
    assert "CA" not in speaking_for_others(sample(*NEW_YORK), "US", ["CA"], ["CA", "US"])


def test_a_country_in_which_nearly_all_are_somebodys_phone_speaks_for_itself():
    nearly_all, fewer = at_share(NEARLY_ALL, of=FRENCH, others=TURKISH)
    assert "FR" in speaking_for_others(nearly_all, "TR", [], [])
    assert speaking_for_others(fewer, "TR", [], []) == []


def test_no_more_countries_are_named_than_can_be_asked_about():
    assert speaking_for_others(sample(*FRENCH), "TR", [], ["FR", "IT", "NL", "DE", "BE", "ES"]) == ["FR", "IT", "NL"]
    assert len(speaking_for_others(sample(*FRENCH), "TR", [], [])) == MOST_NAMED


def test_the_way_of_grouping_speaks_where_enough_cells_show_it():
    column = FRENCH[: N // 2]
    assert speaking_for_others(sample(*FRENCH_GROUPED[:GROUPED_CELLS], *column), "DE", [], []) == ["FR"]
    assert speaking_for_others(sample(*FRENCH_GROUPED[: GROUPED_CELLS - 1], *column), "DE", [], []) == []


def test_numbers_with_another_countrys_code_say_nothing_where_ours_would_be_fixed_lines_there():
    assert speaking_for_others(sample(*GERMAN_PLUS[:12], *TURKISH[:8]), "TR", [], []) == []


def test_a_column_in_which_all_say_their_code_has_no_others():
    assert speaking_for_others(sample(*GERMAN_PLUS), "TR", [], []) == []


def test_mobiles_of_home_in_its_own_groups_refute_all_others():
    column = sample(*TURKISH)
    assert rivals_of(column, column.fit("TR"), is_home=True) == []


def test_numbers_that_could_be_dialled_elsewhere_have_rivals_the_likeliest_first():
    column = sample(*NEW_YORK)
    best = column.fit("US")
    at_home, abroad = (rivals_of(column, best, is_home=is_home) for is_home in (True, False))
    assert set(at_home) < set(abroad), "beside home, those go that group otherwise"
    assert abroad[:2] == ["TR", "DE"] and abroad == sorted(abroad, key=rank)
    assert "US" not in abroad and "CA" not in abroad  # the same numbers


@pytest.mark.parametrize(
    ("texts", "town"),
    [
        (NEW_YORK_BARE, ["US"]),
        (NEW_YORK_BARE[:ENOUGH_CELLS], ["US"]),
        (NEW_YORK_BARE[: ENOUGH_CELLS - 1], []),
        (["0" + number for number in NEW_YORK_BARE], []),  # with the zero of home
        (TURKISH_BARE, []),  # an area code that America does not have
        (TURKISH, []),
        ([], []),
    ],
)
def test_bare_numbers_that_all_begin_alike_may_be_of_one_town(texts, town):
    column = sample(*texts)
    assert of_one_town(column, column.fit("TR")) == town
    assert of_one_town(column, column.fit("US")) == []  # which is home there


def test_only_more_than_half_of_them_are_of_one_town():
    elsewhere = [f"{area}7365{n:03}" for n, area in enumerate((310, 415, 617, 713, 202, 305, 312, 404, 503, 602))]
    for n, town in ((len(elsewhere), []), (len(elsewhere) + 1, ["US"])):
        column = sample(*NEW_YORK_BARE[:n], *elsewhere)
        assert column.fit("US").callable == 1.0 and of_one_town(column, column.fit("TR")) == town


def test_finalists_are_the_countries_whose_code_most_numbers_begin_with_then_the_fitting():
    assert finalists_of(sample(*(f"49151234567{n:02}" for n in range(N))))[0] == "DE"
    found = finalists_of(sample(*FRENCH))
    assert found[0] == "FR" and len(found) == len(set(found)) == FINALISTS


def test_the_likelier_country_stands_first():
    assert sorted(["MX", "ZW", "TR", "AD", "US"], key=rank) == ["TR", "US", "MX", "ZW", "AD"]
