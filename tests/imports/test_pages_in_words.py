"""Sentences that pages make of what they are given."""

import datetime as dt

from django.utils import timezone

from campaigns.models import Campaign, Settlement
from imports.check.fix_workbook import Taken
from imports.do_not_call.wording import settlement_sentence
from imports.models import Operation
from imports.pages.field_help import explanation
from imports.pages.operations import OperationView, sentences_of
from imports.pipeline.columns.fields import Field
from imports.pipeline.readers.table import Preview, Row
from imports.templatetags.imports import calls_now


def test_every_kind_of_end_of_corrected_rows_is_said_that_there_was():
    assert sentences_of(Taken()) == []
    said = sentences_of(Taken(right=2, wrong=1).plus(Taken(late=1)))
    assert [look for look, _sentence in said] == ["good", "warn", "warn"] and said[0][1] == "2 rows were corrected."


def test_an_operation_says_how_far_it_is():
    operation = Operation(kind=Operation.Kind.FIX_ALL, state=Operation.State.WAITING, progress={"n": 20})
    assert (OperationView(operation).is_waiting, OperationView(operation).rows_so_far) == (True, 20)
    failed = Operation(kind=Operation.Kind.REPORT, state=Operation.State.FAILED, result={"reason": ["operation_given_up", {}]})
    assert OperationView(failed).title == "This could not be done"
    assert OperationView(failed).sentence not in ("", "operation_given_up")


def test_what_became_of_a_settlement():
    assert settlement_sentence(Settlement(outcome="deleted")) == "The lead was deleted at WhatTalk."
    other = Settlement(outcome="http_500", detail={"leads": {"1": {"said": "Try later."}}})
    assert "Try later." in settlement_sentence(other)


def test_a_campaign_that_was_started_calls_within_its_hours_only():
    always = Campaign(settings={})
    tomorrow = (timezone.now() + dt.timedelta(days=1)).strftime("%A").lower()
    closed = {"allowed_days": [tomorrow], "allowed_hours_start_time": "12:00:00", "allowed_hours_end_time": "13:00:00"}
    assert [calls_now(one) for one in (always, Campaign(settings=closed, timezone="UTC"))] == [True, False]


def test_a_consent_column_says_which_cell_means_no():
    preview = Preview("csv", "utf-8", ",", [], "", 1, ["Consent"], [Row(2, ["no"]), Row(3, ["yes"])], 2)
    assert explanation(Field("consent", "consent"), 0, preview).endswith("“Consent” = “no” means: not called.")
    assert explanation(Field("name", "variable", "name"), 0, preview) == ""
