"""Which row of a file named a number first."""


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
