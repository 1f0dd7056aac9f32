"""A "fix in Excel" workbook, and ways to change it."""

from imports.pipeline.reports.fix_workbook import (
    FixRow,
    FixTitles,
)

KEY = "6f1a22d0-0000-4000-8000-000000000001"

HEADERS = ["Ad", "Telefon", "Not", "Telefon (2)"]

TITLES = FixTitles("Düzelt", "Satır", "Sorun", "Öneri")

ROWS = [
    FixRow(5, ["Ali", "0532 12", "=1+1", ""], [1], "The number is too short.", "Write all ten digits."),
    FixRow(9, ["Ayşe", "abc", " iki\r\nsatır ", "+905552345678"], [1], "There are letters in it.", ""),
    FixRow(12, ["", "05321234567", "-", "007"], [0], "“name” is empty.", "Fill in the cell."),
    FixRow(40, ["Cem", "0544", "", "", "sur", "plus"], [], "More cells than headers.", "Remove what is too much."),
]
