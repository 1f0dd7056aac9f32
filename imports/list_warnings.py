"""What looks wrong with a list as a whole, before anyone is dialled: said on the check page, never decided here."""
from collections.abc import Iterator

from imports.models import ImportJob, ImportRow, RowState

MANY_IN_A_ROW = 250  # numbers that count upwards by one: made up, or a block bought from somebody
MANY_TIMES = 5  # rows with one number
MOST = 0.5  # of the rows that can be called


def warnings_of(job: ImportJob) -> list[list]:
    """`[code, params]` of everything that a person should think about before sending."""
    return [warning for found in (_sequential(job), _repeated(job)) for warning in found]


def _sequential(job: ImportJob) -> Iterator[list]:
    """The longest run of numbers that each are one more than the number of the row before."""
    best = run = 0
    before = best_end = None
    numbers = ImportRow.objects.filter(job=job, state=RowState.PENDING).order_by("row_number").values_list("phone", "row_number")
    for phone, row in numbers.iterator(chunk_size=10_000):
        number = int(phone)
        run = run + 1 if before is not None and number == before + 1 else 1
        if run > best:
            best, best_end = run, row
        before = number
    if best >= MANY_IN_A_ROW:
        yield ["sequential_numbers", {"count": best, "row": best_end}]


def _repeated(job: ImportJob) -> Iterator[list]:
    return iter(())
