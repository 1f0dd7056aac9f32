"""What `manage.py bench_alerts` reads from pages, and concludes from when it was there."""

from django.template.loader import render_to_string

from devtools.alert_stages.pages import Look, Looks, alerts_in_metrics, alerts_on
from devtools.alert_stages.run import Outcome, line_of
from devtools.alert_stages.settings import DISK_MARGIN, disk_floor
from devtools.alert_stages.stages import STAGES
from imports.alerts.rules import CODES, Alert
from imports.messages.alerts import ALERT_MESSAGES


def test_an_alert_is_on_a_page_where_its_sentence_stands_with_what_to_do():
    params = {"name": "reader@<one>", "seconds": 31, "queues": "parse, send", "account": "A & B", "error": "it's closed"}
    params |= {"rate": 60, "mb": 12, "file": "leads.csv", "id": "1"}
    for code in CODES:
        page = render_to_string("imports/_alert_list.html", {"alerts": [Alert(code, params)]})
        assert alerts_on(page) == {code}
        assert alerts_on(page.split("</strong>")[0]) == frozenset(), code
    both = render_to_string("imports/_alert_list.html", {"alerts": [Alert("mail_down", params), Alert("no_worker")]})
    assert alerts_on(both) == {"mail_down", "no_worker"} and alerts_on("<p>All is well</p>") == frozenset()


def test_metrics_name_the_codes_that_are_not_zero():
    text = 'rowcall_alert{code="no_worker"} 0.0\nrowcall_alert{code="mail_down"} 2.0\nrowcall_alive{kind="worker"} 5.0\n'
    assert alerts_in_metrics(text) == {"mail_down"}


def test_what_is_gone_stays_away_for_a_while_and_a_page_that_fails_tells_nothing():
    named, well = frozenset({"mail_down"}), frozenset()
    seen = [(0, named), (1, well), (2, well), (3, named), (4, None), (5, well), (6, well), (7, well), (8, well)]
    looks = Looks([Look(at, at + 0.5, codes) for at, codes in seen])
    assert looks.first_with("mail_down", since=1) == 3.5
    assert looks.first_with("mail_down", since=4) is None
    assert looks.first_without("mail_down", since=0, steady=3) == 5.5
    assert looks.first_without("mail_down", since=0, steady=4) is None
    assert Looks().first_without("mail_down", since=0, steady=0) is None


def test_a_stage_is_met_when_every_page_named_it_in_time_and_no_longer_afterwards():
    soon, late = {"monitor": 29.0, "home": 3.0, "metrics": 1.0}, {"monitor": 30.1, "home": 3.0, "metrics": 1.0}
    assert Outcome("mail_down", soon, soon).is_met and Outcome("mail_down", skipped="root").is_met
    for named, gone in ((late, soon), (soon, late), ({**soon, "home": None}, soon), (soon, {**soon, "metrics": None})):
        assert not Outcome("mail_down", named, gone).is_met
    assert "NOT MET" in line_of("mail down", Outcome("mail_down", soon, {**soon, "home": None}))


def test_everything_an_admin_is_told_of_is_staged():
    """A queue that nobody reads comes with the worker that is frozen; an empty balance is told by the same answers as a key."""
    assert {stage.code for stage in STAGES.values()} == set(CODES) - {"queue_unread", "balance_empty"}
    assert all(f"alert_{stage.code}" in ALERT_MESSAGES for stage in STAGES.values())


def test_a_disk_of_any_size_is_short_once_a_little_is_taken():
    for free in (DISK_MARGIN + 2**30, 2**40):
        assert free >= 2 * disk_floor(free) > free - DISK_MARGIN - DISK_MARGIN // 3
