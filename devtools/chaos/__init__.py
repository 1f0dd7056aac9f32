"""Rowcall under attack: real processes, really killed, while imports run; then judged by the service's own record.

settings.py   the environment of a chaos run: short waits, a folder of its own
parts.py      the programs: database, broker, sandbox, web, workers, scheduler; how they are hurt and brought back
mischief.py   what can happen to them, and which buttons people press meanwhile
service_nemesis.py  what the service does wrong, and what other people do to the same campaigns and numbers
imports.py    the imports that run meanwhile
leads.py      the leads of the sandbox's ledger, and who made them
judge.py      the invariants I1–I8 of docs/reliability.md, from the sandbox's ledger against the database
misnamed.py   I9: what is said of each row
run.py        one run from beginning to verdict
"""
