"""Chaos tests in the manner of Jepsen: faults are injected into real processes while imports run; the service's ledger decides.

settings.py   the environment of a chaos run: short waits, a folder of its own
processes.py  database, broker, sandbox, web, workers, scheduler: started, killed, frozen, restarted
nemesis.py    the faults, and which buttons people press meanwhile
service_nemesis.py  what the service does wrong, and what other people do to the same campaigns and numbers
workload.py   the imports that run meanwhile
leads.py      the leads of the sandbox's ledger, and who made them
checker.py    the invariants I1–I8 of docs/reliability.md, from the sandbox's ledger against the database
misnamed.py   I9: the state of each row is true
run.py        one run from beginning to verdict
"""
