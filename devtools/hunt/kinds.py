"""Every defect by name. `clean` is a list without any: it must be imported without a question."""

from collections.abc import Callable

from . import kinds_cells as cells
from . import kinds_columns as columns
from . import kinds_people as people
from . import kinds_sheets as sheets
from .draft import Draft
from .writings import ODD

CLEAN = "clean"
CLEAN_EVERY = 8  # every so many lists one is clean
AT_HOME = frozenset({CLEAN, "no_header", "html_as_xls", "excel_2003_xml", "ods", "encoding", "mixed_encoding"})
ABROAD = frozenset({"foreign_list"})
KINDS: dict[str, Callable[[Draft], None]] = {
    CLEAN: cells.clean,
    **{f"written_{name}": cells.odd_writing(name) for name in ODD},
    "any_writing": cells.any_writing,
    "number_cells": cells.number_cells,
    "several_countries": cells.several_countries,
    "several_countries_bare": cells.several_countries_bare,
    "home_and_abroad": cells.home_and_abroad,
    "fixed_and_mobile": cells.fixed_and_mobile,
    "costly": cells.costly,
    "digit_missing": cells.digit_missing,
    "digit_too_many": cells.digit_too_many,
    "shortened": cells.shortened,
    "placeholders": cells.placeholders,
    "list_number_in_cell": cells.list_number_in_cell,
    "extension": cells.extension,
    "two_in_a_cell": cells.two_in_a_cell,
    "two_ends_in_a_cell": cells.two_ends_in_a_cell,
    "fax_in_cell": cells.fax_in_cell,
    "mojibake": cells.mojibake,
    **{f"beside_{role}": columns.ids_beside(role) for role in columns.NUMBERS},
    "ids_like_phones": columns.ids_like_phones,
    "dates_beside": columns.dates_beside,
    "crowded": columns.crowded,
    **{f"country_{role}": columns.country_beside(role) for role in columns.COUNTRIES},
    "country_residence": columns.residence,
    "dialing_code_column": columns.dialing_code_column,
    "area_code_apart": columns.area_code_apart,
    **{f"second_{role}": people.second_phone(role) for role in ("home_phone", "work_phone", "phone_2")},
    "fax_column": people.fax_column,
    "phone_type_column": people.phone_type_column,
    "phone_types_of_two": people.phone_types_of_two,
    "agents_under_a_group": people.agents_under_a_group,
    "agents_phone": people.agents_phone,
    "everybodys_agent": people.everybodys_agent,
    "our_own_office": people.our_own_office,
    "consent": people.consent_column("consent"),
    "do_not_call": people.consent_column("do_not_call"),
    "no_header": sheets.no_header,
    "foreign_list": sheets.foreign_list,
    "other_language": sheets.other_language,
    "title_above": sheets.title_above,
    "totals_below": sheets.totals_below,
    "header_again": sheets.header_again,
    "head_office_below": sheets.head_office_below,
    "lists_side_by_side": sheets.lists_side_by_side,
    "lists_below_each_other": sheets.lists_below_each_other,
    "other_sheets": sheets.other_sheets,
    "hidden_sheet": sheets.hidden_sheet,
    "cover_sheet": sheets.cover_sheet,
    "csv_dialect": sheets.dialect,
    **{name: sheets.container(name) for name in ("encoding", "mixed_encoding", "html_as_xls", "excel_2003_xml", "ods")},
}


def kind_at(index: int) -> str:
    """Kinds take turns, so that every one of them is met as often; one list in eight is clean."""
    if index % CLEAN_EVERY == 0:
        return CLEAN
    defects = [name for name in KINDS if name != CLEAN]
    return defects[(index - 1 - index // CLEAN_EVERY) % len(defects)]
