"""Which alerts which facts amount to: each of them, and what is near it and is none."""

import dataclasses

import pytest

from imports.alerts.facts import Broker, Database, Facts, Machine, Mail, Service, StillImport, Worker
from imports.alerts.rules import CODES, Alert, alerts_of
from imports.messages.alerts import ALERT_MESSAGES
from imports.messages.lookup import remedy, sentence

MB = 2**20
ALIVE = Worker("w1@one", silent_ms=4_000, age_ms=600_000, queues=("send", "parse"))
WELL = Facts(
    workers=(ALIVE,),
    queues=("parse", "send"),
    services=(Service("Main", quiet_ms=500, answers=200, mean_ms=180, usual_ms=170, rate=0),),
    machines=(Machine("one", 9_000 * MB, 4_000 * MB, 8_000 * MB),),
    dispatcher_ms=9_000,
    disk_floor=500 * MB,
)


def service(**found) -> dict:
    return {"services": (Service("Main", **{"usual_ms": 200.0, "quiet_ms": 100, **found}),)}


def workers(*found: Worker) -> dict:
    return {"workers": found}


def machine(**found) -> dict:
    return {"machines": (dataclasses.replace(WELL.machines[0], **found),)}


def still(ms: int, **found) -> dict:
    return {"imports": (StillImport(7, "leads.xlsx", ms, account="Main"),), "since_moved_ms": ms, **found}


SILENT = Worker("w2@two", silent_ms=26_000, age_ms=600_000, queues=("send", "parse"))
NEW = Worker("w3@two", silent_ms=1_000, age_ms=20_000, queues=("send", "parse"))
CASES = [
    ("all is well", {}, set()),
    ("nobody was ever there", workers(), {"no_worker"}),
    ("silent for a moment", workers(dataclasses.replace(ALIVE, silent_ms=19_000)), set()),
    ("the only one is silent", workers(SILENT), {"no_worker", "worker_frozen"}),
    ("one of two is silent", workers(ALIVE, SILENT), {"worker_frozen"}),
    ("one was asked to end", workers(ALIVE, dataclasses.replace(SILENT, is_stopping=True)), set()),
    ("one that ends is nobody", workers(dataclasses.replace(ALIVE, is_stopping=True)), {"no_worker"}),
    ("a newer one has its place", workers(NEW, SILENT), set()),
    ("a newer one of other queues", workers(dataclasses.replace(NEW, queues=("parse",)), ALIVE, SILENT), {"worker_frozen"}),
    ("one newer for two silent", workers(NEW, SILENT, dataclasses.replace(SILENT, name="w4")), {"worker_frozen"}),
    ("gone since yesterday", workers(ALIVE, dataclasses.replace(SILENT, silent_ms=90_000_000)), set()),
    ("its children are halted", workers(dataclasses.replace(ALIVE, stopped=2)), {"worker_frozen"}),
    ("long intervals, long patience", {"dispatch_ms": 30_000, "dispatcher_ms": 60_000}, set()),
    ("a queue that nobody reads", {"queues": ("parse", "send", "mail")}, {"queue_unread"}),
    ("a worker of before", workers(dataclasses.replace(ALIVE, queues=())), set()),
    ("the broker hangs or is gone", {"broker": Broker(answers=False)}, {"broker_silent"}),
    ("the broker is full", {"broker": Broker(is_full=True)}, {"broker_full"}),
    ("locked: who is silent cannot speak", {"database": Database(is_locked=True), **workers(SILENT)}, {"database_locked"}),
    ("slow to read", {"database": Database(read_ms=600)}, {"database_slow"}),
    ("slow to write", {"database": Database(write_ms=4_000)}, {"database_slow"}),
    ("one statement waits for a row", {"database": Database(lock_ms=12_000), **workers()}, {"database_slow", "no_worker"}),
    ("a little slow", {"database": Database(read_ms=400, write_ms=2_500, lock_ms=9_000)}, set()),
    ("nothing answered for long", service(waiting_ms=12_000, quiet_ms=12_000), {"service_frozen"}),
    ("never answered", service(waiting_ms=12_000, quiet_ms=None), {"service_frozen"}),
    ("no request, no answer", service(waiting_ms=0, quiet_ms=900_000), set()),
    ("one is late, others come", service(waiting_ms=12_000, quiet_ms=300), {"service_slow"}),
    ("it takes that long as a rule", service(waiting_ms=12_000, quiet_ms=12_000, usual_ms=5_000), {"service_slow"}),
    ("left alone after silence", service(is_left_alone=True, timed_out_ms=50_000), {"service_frozen"}),
    ("no answer in time", service(timed_out_ms=1_000), {"service_frozen"}),
    ("no answer in time, a while ago", service(timed_out_ms=50_000), set()),
    ("left alone after errors", service(is_left_alone=True, next_try_ms=20_000), {"service_failing"}),
    ("errors, and nothing else", service(failures=5), {"service_failing"}),
    ("a few errors", service(failures=4), set()),
    ("slower than usual", service(answers=5, mean_ms=1_200), {"service_slow"}),
    ("quick, though not as usual", service(answers=5, mean_ms=900), set()),
    ("refused for too many", service(limited=1, rate=59), {"service_limits"}),
    ("asked to wait", service(paused_ms=30_000), {"service_limits"}),
    ("closed for requests", service(is_limiting=True), {"service_limits"}),
    ("the key is refused", service(problem="key"), {"key_refused"}),
    ("no balance", service(problem="balance"), {"balance_empty"}),
    ("the mail server is away", {"mail": Mail("ConnectionRefusedError: [Errno 111]")}, {"mail_down"}),
    ("mails wait for it", {"mail": Mail("", 2, "SMTPAuthenticationError: (535)")}, {"mail_down"}),
    ("little disk", machine(disk_free=400 * MB), {"disk_short"}),
    ("less and less disk", machine(disk_free=900 * MB), {"disk_short"}),
    ("no floor, hardly any disk", {**machine(disk_free=50 * MB), "disk_floor": 0}, {"disk_short"}),
    ("little memory", machine(memory_free=100 * MB), {"memory_short"}),
    ("little of much memory", machine(memory_free=300 * MB), {"memory_short"}),
    ("nothing known of the machine", machine(disk_free=None, memory_free=None), set()),
    ("nobody looks for work", {"dispatcher_ms": 26_000}, {"dispatcher_asleep"}),
    ("nobody ever did", {"dispatcher_ms": None}, {"dispatcher_asleep"}),
    ("not yet", {"dispatcher_ms": None, **workers(dataclasses.replace(ALIVE, age_ms=5_000))}, set()),
    ("nothing moves", still(26_000), {"import_still"}),
    ("it waits for its turn", still(60_000, since_moved_ms=2_000), set()),
    ("it waits for too long", still(130_000, since_moved_ms=2_000), {"import_still"}),
    ("WhatTalk asked to wait", {**still(60_000), **service(paused_ms=9_000)}, {"service_limits"}),
    ("WhatTalk is frozen", {**still(60_000), **service(waiting_ms=60_000, quiet_ms=60_000)}, {"service_frozen"}),
]


@pytest.mark.parametrize(("what", "found", "codes"), CASES, ids=[case[0] for case in CASES])
def test_facts_amount_to_these_alerts(what, found, codes):
    assert {alert.code for alert in alerts_of(dataclasses.replace(WELL, **found))} == codes


def test_every_alert_has_a_case_a_sentence_and_something_to_do():
    assert {code for _what, _found, codes in CASES for code in codes} == set(CODES)
    assert {Alert(code).message for code in CODES} == set(ALERT_MESSAGES)
    for _what, found, _codes in CASES:
        for alert in alerts_of(dataclasses.replace(WELL, **found)):
            texts = sentence(alert.message, alert.params), remedy(alert.message, alert.params)
            assert all(texts) and "…" not in "".join(texts)


def test_the_grave_come_first():
    found = {"dispatcher_ms": 30_000, **service(limited=1)}
    assert [alert.is_grave for alert in alerts_of(dataclasses.replace(WELL, **found))] == [True, False]
