"""A service with WhatTalk's API, on a real socket: to try Rowcall without an account and without a call,
and to test and measure against. It follows docs/whattalk-api.md, which also says what it does not imitate.

world.py     what exists: campaigns, leads, assistants, phone numbers
api.py       WhatTalk's calls: request in, answer out, nothing of sockets
checks.py    validation as Laravel words it
settings.py  how this WhatTalk behaves where the real one is unknown or adjustable
faults.py    scripted faults: which request is hit by what
http.py      HTTP/1.1 over asyncio, and the faults that only a socket can have
control.py   /_sandbox/…: look inside, cause faults, start over
pace.py      leads being called while their campaign is in progress
ledger.py    the append-only record of everything that happened
process.py   a sandbox in a process of its own, for tests and benchmarks
__main__.py  `python -m campaigns.whattalk.sandbox`
"""
