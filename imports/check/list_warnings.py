"""What looks wrong with a list as a whole, before anyone is dialled: said on the check page, never decided here."""

from collections.abc import Iterator, Mapping, Sequence
from operator import sub
from typing import Any

from django.conf import settings
from django.db.models import Count, Min

from imports import counters
from imports.intake.field_settings import fields_of, mapping_of, phone_format
from imports.models import ImportJob, ImportRow, RowState
from imports.pipeline.columns.source import value_of
from imports.pipeline.phones.normalise import kinds_of, looks_like_phone_share
from imports.pipeline.row_place import place_of
from imports.row_place_labels import list_starts, place_params

ListWarning = list[Any]  # [code, params]
MANY_IN_A_ROW = 250  # numbers that count upwards by one: made up, or a block bought from somebody
MANY_TIMES = 20  # rows with one number
MOST = 0.5  # of the rows looked at
SAMPLE = 400
LEAST = 20  # rows below which shares mean nothing


class ListWatch:
    """Sees every number that is valid and whose row has not refused calls, in the order of the file. `starts`: the first column of each list side by side."""

    def __init__(self, starts: Sequence[int] = (0,)):
        self._starts = starts
        self._runs = [(0, 0)] * len(starts)  # of each list: the number before, and how many count up to it
        self._longest = self._longest_end = 0

    def see(self, phones: Sequence[str], row_numbers: Sequence[int]) -> None:
        if len(self._starts) == 1:
            self._see(0, phones, row_numbers)
            return
        for index in range(len(self._starts)):
            own = [(phone, number) for phone, number in zip(phones, row_numbers) if place_of(number).list_index == index]
            self._see(index, [phone for phone, _number in own], [number for _phone, number in own])

    def _see(self, index: int, phones: Sequence[str], row_numbers: Sequence[int]) -> None:
        before, run = self._runs[index]
        numbers = list(map(int, phones))
        if numbers and 1 not in map(sub, numbers, [before, *numbers]):  # nothing counts up: told of all at once
            self._runs[index] = numbers[-1], 1
            return
        for number, row_number in zip(numbers, row_numbers):
            run = run + 1 if number == before + 1 else 1
            if run > self._longest:
                self._longest, self._longest_end = run, row_number
            before = number
        self._runs[index] = before, run

    def warnings(self) -> Iterator[ListWarning]:
        if self._longest >= MANY_IN_A_ROW:
            yield ["sequential_numbers", {"count": self._longest, **place_params(self._longest_end, self._starts)}]


def warnings_of(job: ImportJob) -> list[ListWarning]:
    """`[code, params]` of what the stored rows tell, beside what a `ListWatch` has seen."""
    sample = list(ImportRow.objects.filter(job=job).order_by("row_number").values_list("phone", "cells")[:SAMPLE])
    phones = [phone for phone, _cells in sample if phone]
    warnings = [*_repeated(job), *_swapped(job, [cells for _phone, cells in sample])]
    return [*warnings, *_kinds(job, phones)] if len(phones) >= LEAST else warnings


def _most_repeated(job: ImportJob) -> Mapping[str, Any] | None:
    """`phone`, `n` (rows beside the first) and `row` (the first of these) of the number that is there most often."""
    return (
        ImportRow.objects.filter(job=job, state=RowState.DUPLICATE_IN_FILE)
        .values("phone")
        .annotate(n=Count("pk"), row=Min("row_number"))
        .order_by("-n", "row")
        .first()
    )


def _repeated(job: ImportJob) -> Iterator[ListWarning]:
    sums = counters.states(job.pk)
    doubles = sums[RowState.DUPLICATE_IN_FILE]
    if not doubles:
        return
    worst = _most_repeated(job)
    if worst and worst["n"] >= MANY_TIMES:
        yield ["repeated_number", {"count": worst["n"] + 1, **place_params(worst["row"], list_starts(job))}]
    elif doubles > MOST * sum(sums.values()):
        yield ["many_repeated_numbers", {"count": doubles}]


def _swapped(job: ImportJob, table: list[list[str]]) -> Iterator[ListWarning]:
    """A variable whose cells are phone numbers, while the phone column's are none."""
    sums = counters.states(job.pk)
    if sums[RowState.INVALID] < MOST * sum(sums.values()):
        return
    mapping = mapping_of(job)
    for field in fields_of(job):
        source = mapping.get(field.key)
        if field.kind == "variable" and source is not None:
            texts = [value_of(cells, source) for cells in table]
            if looks_like_phone_share(texts) > MOST:
                yield ["phone_in_variable", {"field": field.key}]


def _kinds(job: ImportJob, phones: list[str]) -> Iterator[ListWarning]:
    kinds = kinds_of(phones)
    fixed = sum(kind == "fixed" for kind, _region in kinds)
    if fixed > MOST * len(phones):
        yield ["mostly_fixed_lines", {"percent": 100 * fixed // len(phones)}]
    home = phone_format(job).home_region or settings.DEFAULT_REGION
    foreign = sum(region != home for _kind, region in kinds)
    if foreign > MOST * len(phones):
        yield ["mostly_foreign", {"percent": 100 * foreign // len(phones), "region": home}]
