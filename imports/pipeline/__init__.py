"""From a spreadsheet to leads. Pure: no Django, no network, no clock; values in, values out.

    readers      a file → its format, headers and numbered rows of text; what is refused, and why
    headers      what the words of a header mean
    columns      headers and a sample of rows → which column holds which field of a lead
    phones       the text of a phone cell → E.164, or the reason why it cannot be called
    consent      the text of a consent cell → yes, no, or neither
    evidence     how certain a choice is that was made for a person
    proposal     all choices for one file, with their grades
    rows         a row → a lead that can be sent, or the reason why not (contacts, row_values)
    duplicates   the same number twice in one file: the first row wins
    reports      the outcome of every row → csv and xlsx that people open
    process      the process in which files are read, its parent, and the protocol between them

`imports.pipeline.process.parent` is the way in for the application: files are opened in the reading process only.
"""
