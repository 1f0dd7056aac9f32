"""Named reasons: why a row, a cell or a file is not what it should be.

Pure code returns a `Reason`; `imports/messages` turns it into a translated sentence and a remedy.
"""

from typing import Any, NamedTuple

# Texts and numbers by name; `why_params` holds the params of another reason.
Params = dict[str, Any]
# `[code, params]`, as a reason is stored and sent between processes.
JsonReason = list[Any]


class Reason(NamedTuple):
    """A code of `REASONS` and the values its sentence needs (`{name: text or number}`)."""

    code: str
    params: Params


# code -> names of the params its sentence uses. One place, so that a test can hold
# the messages against it.
REASONS: dict[str, tuple[str, ...]] = {}

# columns and rows
REASONS |= {
    # a suggested column: why this one
    "column_remembered": ("header",),
    "column_exact": ("header",),
    "column_header": ("header",),
    "column_cells": ("header",),
    "column_first_name_only": ("header",),
    "column_full_name_only": ("header",),
    "column_phone_header": ("header", "percent"),
    "column_phone_cells": ("header", "percent"),
    "column_next_phone": ("header", "percent"),
    "column_country": ("header", "percent"),
    "country_column_unused": ("header",),
    "consent_column_unnamed": ("header",),
    "column_given": ("header",),
    # other choices, and where they come from
    "choice_given": (),
    "format_remembered": (),
    "sheet_chosen": ("sheet",),
    "sheet_of_noes": ("sheet",),
    "header_row_found": ("row",),
    "lists_found": ("count",),
    "encoding_found": ("encoding",),
    # a mapping: what a person should look at
    "phone_column_missing": (),
    "phone_column_guessed": ("header", "percent"),
    "phone_columns_alike": ("first", "second"),
    "phone_column_shortened": ("header", "percent"),
    "area_code_apart": ("header", "codes"),
    "phone_cells_not_valid": ("header", "percent"),
    "required_unmapped": ("field",),
    "variable_unmapped": ("field",),
    # suggested consent, labels and joined columns: the evidence
    "consent_column": ("header", "noes"),
    "consent_column_inverted": ("header", "noes"),
    "consent_column_by_header": ("header",),
    "consent_column_unclear": ("header", "value"),
    "phone_label_column": ("header", "phone"),
    "columns_joined": ("headers",),
    "columns_joined_number": ("headers", "percent"),
    # columns whose names promise a field, and that are not used for it
    "column_left_out": ("header", "field", "why", "why_params"),
    "column_left_out_cells": (),
    "column_left_out_channel": (),
    # a row that cannot be sent
    "missing_required": ("field",),
    "value_too_long": ("field", "length", "limit"),
    "no_consent": ("text",),
    "no_consent_elsewhere": ("row",),
    "consent_unclear": ("text",),
    "phone_label_fax": ("label",),
    "country_unknown": ("country",),
    # a row that can be sent, without something
    "consent_missing": (),
    "consent_unmarked": (),
    "phone_fax_replaced": ("label", "phone"),
    "phone_order_by_label": ("labels",),
    "secondary_fax": ("position", "label"),
    "cell_error": ("field", "value"),
    "damaged_characters": ("field", "value"),
    "letters_repaired": ("field", "before", "after"),
    "secondary_invalid": ("position", "why", "why_params"),
    "secondary_same_as_primary": ("position", "phone"),
    "secondary_repeated": ("position", "phone"),
    "secondary_do_not_call": ("position", "phone"),
    "secondary_forgotten": ("position",),
    "secondary_taken_out": ("phone",),
    # the "fix in Excel" workbook given back
    "workbook_not_ours": (),
    "workbook_of_another_import": (),
    "workbook_column_missing": ("header",),
}

# phones
REASONS |= {
    # no phone number in the cell, but something else
    "phone_missing": (),
    "phone_not_a_number": ("text",),
    "phone_spreadsheet_error": ("text",),
    "phone_boolean": ("text",),
    "phone_percentage": ("text",),
    "phone_money": ("text",),
    "phone_date": ("text",),
    "phone_decimal": ("text",),
    "phone_shortened": ("text",),
    "phone_masked": ("text",),
    "phone_extension": ("text",),
    "phone_fax": ("text",),
    "phone_ip_address": ("text",),
    "phone_two_numbers": ("text",),
    "phone_letters": ("text",),
    "phone_unexpected_characters": ("characters",),
    # digits, but no number that can be called; `region` may be '' where no country is known
    "phone_no_dialing_code": (),
    "phone_unknown_dialing_code": (),
    "phone_too_short": ("region", "digits"),
    "phone_too_long": ("region", "digits"),
    "phone_no_such_number": ("region",),
    "phone_area_code_missing": ("region",),
    "phone_ambiguous": ("first", "second"),
    "phone_repeated_digit": (),
    "phone_emergency": ("text",),
    "phone_short_number": ("text",),
    "phone_premium": (),
    "phone_personal": (),
    "phone_satellite": ("dialing_code",),
    "phone_shared_cost": (),
    "phone_service": (),
    "phone_pager": (),
    # a suggested phone format: the evidence
    "format_international": ("percent",),
    "format_country": ("percent", "region"),
    "format_unclear": ("percent", "region", "other_region"),
    "format_no_numbers": (),
}

# reading
REASONS |= {
    # a file that is something else; `found` is the name people know it by
    "file_empty": (),
    "file_is_pdf": ("found",),
    "file_is_document": ("found",),
    "file_is_picture": ("found",),
    "file_is_archive": ("found",),
    "file_is_database": ("found",),
    "file_is_program": ("found",),
    "file_is_contacts": ("found",),
    "file_is_old_spreadsheet": ("found",),
    "file_is_html": (),
    "file_is_xml": (),
    "file_is_json": (),
    "file_is_numbers": (),
    "file_is_binary": (),
    "file_is_protected": (),
    # a spreadsheet that cannot be read
    "file_damaged": (),
    "file_hostile": ("found",),
    "file_too_complex": (),
    "file_too_big": ("limit",),
    "too_many_columns": ("columns", "limit"),
    "sheet_too_long": ("rows", "limit"),
    "quote_not_closed": ("row",),
    "no_data_rows": (),
    "no_data_in_workbook": (),
    # what a person chose does not fit
    "sheet_unknown": ("sheet", "sheets"),
    "text_has_no_sheets": (),
    "header_row_empty": ("row",),
    "encoding_unknown": ("encoding",),
    "delimiter_unknown": ("delimiter",),
    "lists_not_found": ("lists",),
    "escape_unknown": ("escape",),
    # a row the reader rejects
    "totals_row": ("text",),
    "repeated_header": (),
    "contact_line": ("text",),
    "another_table": ("row",),
    "below_list_of_noes": ("text",),
    "surplus_cells": ("expected", "found"),
    "cell_too_long": ("column", "length", "limit"),
    "text_after_quote": (),
    "quote_left_open": ("row",),
    "rows_in_a_cell": ("column",),
    "columns_overlap": (),
    # what a person should know about the reading
    "encoding_guessed": ("encoding",),
    "lines_in_another_encoding": ("count", "encoding"),
    "escape_found": ("escape",),
    "quotes_left_open": ("count", "row"),
    "letters_repaired_in_file": ("count", "before", "after"),
    "letters_doubtful": ("text",),
    "rows_above_header": ("count",),
    "numbers_above_header": ("count", "row"),
    "rows_left_out_below": ("count", "row"),
    "another_table_below": ("row",),
    "rows_after_blank_rows": ("count", "row"),
    "lists_side_by_side": ("count",),
    "other_sheets_with_numbers": ("sheets", "count"),
    "hidden_sheets_with_numbers": ("sheets", "count"),
    "sheets_of_noes": ("sheets", "count"),
    # why it is not certain which row is the header row
    "header_row_missing": (),
    "header_holds_number": ("row",),
    "header_without_name": ("row",),
    # why it is not certain whether lists stand side by side
    "lists_share_columns": ("header",),
    "lists_share_numbering": (),
    "lists_of_roles": ("header",),
    "lists_under_titles": ("first", "second"),
    "lists_numbered": ("header",),
    "lists_with_gaps": (),
    "lists_agree": (),
    "lists_too_short": (),
    "lists_without_headers": (),
    "sheet_without_numbers": ("sheet", "skipped"),
    "columns_unpacked": ("delimiter",),
    "hidden_rows": ("sheet", "count"),
    "formulas_without_values": ("sheet", "count"),
    "read_a_second_way": (),
    "control_characters_removed": ("count",),
    "control_characters_as_windows": ("count",),
    "characters_unreadable": ("count",),
}
