"""Rowcall under attack: real processes, really killed, while imports run; then judged by the service's own record.

    settings.py   the environment of a chaos run: short waits, a folder of its own
    parts.py      the programs: database, broker, sandbox, web, workers, scheduler; how they are hurt and brought back
    mischief.py   what can happen to them, and to the service, and which buttons people press meanwhile
    imports.py    the imports that run meanwhile
    judge.py      the invariants I1–I9 of docs/reliability.md, from the sandbox's ledger against the database
    run.py        one run from beginning to verdict
"""
