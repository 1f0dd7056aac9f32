"""Which row of a file named a number first."""

from collections.abc import Iterable


class DuplicateIndex:
    """The first row of every number seen so far; the first row wins, later ones learn its number.

    Numbers are kept as integers in one dict: about 105 bytes each, so a million fit in 105 MB.
    """

    def __init__(self) -> None:
        self._first_rows: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._first_rows)

    def seen(self, phone: str, row_number: int) -> int | None:
        """The row that named `phone` (E.164, `+905551234567`) before, or None and remember `row_number`.

        A row asked about twice (a corrected row checked again) is not its own duplicate.
        """
        first = self._first_rows.setdefault(int(phone), row_number)
        return None if first == row_number else first

    def first_rows(self, phones: Iterable[str], row_numbers: Iterable[int]) -> list[int]:
        """As `seen` of each number in turn, without a call of Python code for each: the row that named it first, perhaps its own."""
        return list(map(self._first_rows.setdefault, map(int, phones), row_numbers))
