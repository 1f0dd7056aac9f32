"""The do-not-call list at a terminal: how long it settles, and what it tells of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from background import shutdown
from background.database_clock import now_ms
from campaigns.models import Campaign, Settlement
from imports.do_not_call import settling, terminal
from tests.builders import a_campaign, an_account, phone

NUMBER, OTHER = phone(1), phone(2)


@pytest.fixture
def campaign(db):
    return a_campaign(an_account())  # nobody answers there


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr(terminal, "GLANCE", 0)


def settlement(campaign: Campaign | None, number: str = NUMBER, state: str = "waiting", account=None, **fields) -> Settlement:
    opened = fields.pop("opened_at", timezone.now())
    return Settlement.objects.create(
        account=account or campaign.account,
        campaign=campaign,
        phone_number=number,
        state=state,
        **{"opened_at": opened, **fields},
    )


class Worker:
    """In place of `settling.settle_due`: each time it is called, the next of these steps is done."""

    def __init__(self, monkeypatch, *steps):
        self.called = []
        self._steps = iter(steps)
        monkeypatch.setattr(settling, "settle_due", self)

    def __call__(self, account_id: int, only: list[int]) -> bool:
        self.called.append((account_id, only))
        next(self._steps)()
        return True


def test_it_settles_until_all_is_done_and_tells_how_many_wait(campaign, monkeypatch):
    first, second = settlement(campaign), settlement(campaign, OTHER)
    read = settlement(campaign, "")
    someone_elses = settlement(campaign, phone(9))

    def done(*ones: Settlement):
        return lambda: Settlement.objects.filter(pk__in=[one.pk for one in ones]).update(state="settled")

    worker, waiting = Worker(monkeypatch, done(first), lambda: None, done(second, read)), []
    terminal.settle_now([NUMBER, OTHER], waiting.append)
    assert waiting == [3, 2, 2] and not terminal.waits([NUMBER, OTHER])
    assert worker.called[0] == (campaign.account_id, [first.pk, second.pk, read.pk])
    assert all(someone_elses.pk not in only for _account, only in worker.called)


def test_what_is_not_due_yet_is_waited_for(campaign, monkeypatch):
    one = settlement(campaign, next_ms=now_ms() + 3_600_000)
    worker = Worker(monkeypatch)
    looks = []

    def look(waiting: int) -> None:
        looks.append(waiting)
        if len(looks) == 3:
            Settlement.objects.filter(pk=one.pk).update(state="settled")

    terminal.settle_now([NUMBER], look)
    assert worker.called == [] and len(looks) == 3


@pytest.mark.parametrize("outcome", ["key", "no_key", "address", "balance", "plan", "nonsense"])
def test_what_needs_a_person_is_not_waited_for(campaign, monkeypatch, outcome):
    settlement(campaign, outcome=outcome)
    assert not Worker(monkeypatch).called and terminal.settle_now([NUMBER]) is None
    settlement(campaign, OTHER, outcome="unreachable")  # while one may pass, all are tried
    worker = Worker(monkeypatch, lambda: Settlement.objects.all().update(state="settled"))
    terminal.settle_now([NUMBER, OTHER])
    assert len(worker.called) == 1


def test_it_gives_up_what_makes_no_progress_and_when_it_is_stopped(campaign, monkeypatch):
    one = settlement(campaign)

    def progress() -> None:
        Settlement.objects.filter(pk=one.pk).update(detail={"leads": {"7": {"at": "making"}}})

    monkeypatch.setattr(terminal, "GIVE_UP_SECONDS", 5.0)
    moments = iter([0.0, 1.0, 2.0, 5.5, 5.5, 10.6])
    monkeypatch.setattr(terminal.time, "monotonic", lambda: next(moments))
    worker = Worker(monkeypatch, lambda: None, progress, lambda: None)
    terminal.settle_now([NUMBER])
    assert len(worker.called) == 2 and terminal.waits([NUMBER])
    monkeypatch.undo()
    shutdown.ask()
    try:
        terminal.settle_now([NUMBER])  # comes back
    finally:
        shutdown.forget()


def test_whole_campaigns_that_are_to_be_read_do_not_hold_up_a_number(campaign):
    settlement(campaign, "")
    settlement(campaign, OTHER)
    assert not terminal.waits([NUMBER]) and terminal.waits([OTHER])


def test_accounts_that_do_not_answer_are_passed_over(campaign, sandbox):
    answers = an_account(sandbox.base_url, sandbox.api_key, name="Answers")
    terminal.refresh_campaigns([campaign.account, answers])
    assert answers.campaigns.count() == 3


def test_what_was_found_and_done_is_told_by_campaign(campaign):
    began = timezone.now() - timedelta(seconds=1)
    long_ago = {"opened_at": began - timedelta(days=1), "settled_at": began - timedelta(days=1)}
    settled = {"state": "settled", "settled_at": timezone.now()}
    leads = {"1": {"at": "deleted"}, "2": {"at": "deleted_whole"}, "3": {"at": "made"}, "4": {"at": "not_made", "said": "It is there."},
             "5": {"at": "stopped"}, "6": {"at": "ended"}, "7": {"at": "gone"}}  # fmt: skip
    settlement(campaign, outcome="not_made", detail={"leads": leads}, **settled)
    settlement(campaign, OTHER, outcome="key", detail={"leads": {"8": {"at": "parting"}, "9": {}}, "said": "No."})
    settlement(campaign, "", outcome="read", **settled)
    settlement(campaign, phone(9), outcome="deleted", **settled)  # not asked about
    settlement(None, account=campaign.account, outcome="searched", **settled)
    settlement(a_campaign(campaign.account, "2000"), outcome="deleted", state="settled", **long_ago)
    settlement(a_campaign(campaign.account, "3000"), outcome="nothing", **settled)
    first, second = terminal.found_and_done([NUMBER, OTHER], began)
    numbers = first.pop("numbers")
    assert first == {
        "account": "Test", "campaign": "1050", "name": "Spring", "settled": False,
        "deleted": 3, "contacts_removed": 1, "ended": 2, "failed": 2,
    }  # fmt: skip
    assert [(one["number"], one["state"], one["said"]) for one in numbers] == [
        (NUMBER, "settled", None),
        (OTHER, "waiting", "No."),
    ]
    assert numbers[1]["leads"] == {"8": "parting", "9": "waiting"} and "It is there." in numbers[0]["sentence"]
    assert (second["campaign"], second["settled"], second["failed"]) == ("3000", True, 0)


def test_a_number_that_is_still_looked_for_in_the_account_belongs_to_no_campaign(campaign):
    settlement(None, account=campaign.account, outcome="unreachable", opened_at=timezone.now() - timedelta(days=1))
    [entry] = terminal.found_and_done([NUMBER], timezone.now())
    assert (entry["campaign"], entry["name"], entry["settled"]) == (None, None, False)
