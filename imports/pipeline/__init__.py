"""The journey of a spreadsheet, pure: no Django, no network, no clock; values in, values out.

    file_kind   what a file really is, by its content
    guard       what a workbook may not do to the machine that opens it
    sheets      the file → headers and numbered rows of text (csv_file, xlsx_file, xls_file behind it)
    layout      where the table begins and ends in a sheet: header row, titles, totals
    damaged_letters  letters damaged before the file came, repaired where that is certain
    columns     headers and a sample → which column is which field of a lead
    phones      the text of a phone cell → E.164, or a named reason
    rows        a row → a lead that can be sent, or the reason why not
    duplicates  the same number twice in one file: the first row wins
    reports     what came of every row → csv and xlsx that people open

`child` runs the first steps in a process of its own; `imports.pipeline.process.parent` is its parent.
"""
