"""Checked rows on their way into the database, and the numbers that a campaign has."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import CampaignNumber, Lead
from imports.check.bulk_insert import numbers_in_campaign, store_rows
from imports.models import ImportRow, RowState
from imports.pipeline.process.protocol import PackedRow
from tests.builders import a_campaign, a_job, add_rows, phone

PENDING = RowState.PENDING.value
AWKWARD = ['O\'Hara\t\\N\n"x"', "%s; DROP", "İzmir 😀", "\\."]  # what SQL, COPY and JSON each give a meaning of their own


def row(number: int, **fields) -> PackedRow:
    return PackedRow(
        number, **{"state": PENDING, "reason": "", "phone": phone(number), "cells": "[]", "lead": None, "detail": None} | fields
    )


def test_a_row_is_stored_as_it_was_checked(campaign):
    job = a_job(campaign, rows=0)
    cells = '["O\'Hara\\t\\\\N\\n\\"x\\"","%s; DROP","İzmir 😀","\\\\."]'
    store_rows(
        job.pk,
        [
            row(2, cells=cells, lead='{"variables":{"name":"Ece"}}', detail='{"warnings":[["odd",{}]]}'),
            row(3, state="invalid", reason="too_short", phone=""),
        ],
    )
    first, second = ImportRow.objects.filter(job=job).order_by("row_number")
    assert (first.cells, first.lead, first.detail) == (AWKWARD, {"variables": {"name": "Ece"}}, {"warnings": [["odd", {}]]})
    assert (first.row_number, first.state, first.phone, first.warned, first.repaired) == (2, PENDING, phone(2), True, None)
    assert (second.state, second.reason, second.phone, second.lead, second.detail, second.warned) == (
        "invalid",
        "too_short",
        "",
        None,
        None,
        None,
    )
    left = (
        first.attempts,
        first.unknowns,
        first.misses,
        first.lookup_failures,
        first.lease_ms,
        first.next_ms,
        first.token,
        first.remote_id,
    )
    assert left == (0, 0, 0, 0, 0, 0, None, None)


def test_no_rows_are_nothing_to_store(campaign):
    job = a_job(campaign, rows=0)
    store_rows(job.pk, [])
    assert not ImportRow.objects.filter(job=job).exists()


def test_a_row_that_is_there_already_fails_all_of_its_chunk(campaign):
    job = a_job(campaign, rows=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        store_rows(job.pk, [row(3), row(2)])
    assert list(ImportRow.objects.filter(job=job).values_list("row_number", flat=True)) == [2]


def test_a_number_is_in_a_campaign_when_its_lead_was_created(campaign):
    other = a_campaign(campaign.account, "2000")
    job = a_job(campaign, rows=0)
    named, created, waiting, lost, gone, nowhere, elsewhere = (phone(n) for n in range(7))
    add_rows(job, [created], RowState.CREATED, first_row=2, remote_id="1")
    add_rows(job, [waiting], RowState.PENDING, first_row=3)
    add_rows(job, [lost], RowState.UNKNOWN, first_row=4)
    holders = dict(ImportRow.objects.filter(job=job).values_list("phone", "pk"))
    for number, holder in ((named, None), *holders.items(), (gone, 10**9), (nowhere, 10**9)):
        CampaignNumber.objects.create(campaign=campaign, phone_number=number, holder=holder)
    Lead.objects.create(campaign=campaign, remote_id="5", phone_number=gone)  # its row was removed since
    Lead.objects.create(campaign=other, remote_id="6", phone_number=nowhere)
    CampaignNumber.objects.create(campaign=other, phone_number=elsewhere)
    numbers = [named, created, waiting, lost, gone, nowhere, elsewhere, phone(9)]
    assert numbers_in_campaign(campaign.pk, numbers) == {named, created, gone}
    assert numbers_in_campaign(campaign.pk, []) == set() and numbers_in_campaign(campaign.pk, [phone(9)] * 3) == set()
