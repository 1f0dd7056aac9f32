"""WhatTalk's API. No Django here.

client.py         the calls of the API
transport.py      one request and its reply, the only file that speaks HTTP to WhatTalk
replies.py        what a reply to "add this lead" means: a pure function from reply to outcome
errors.py         what a reply to any other call means: a small exception tree
error_texts.py    what the texts of an error reply mean
response_body.py  reading a reply without trusting its size
received_json.py  the JSON of a reply, made fit for both databases
resources.py      leads, campaigns, assistants … as values
addresses.py      which addresses may be sent requests
clock.py          how far the service's clock is from ours
sandbox/          a bundled service with the same API, to try, test and measure against

The contract and its unknowns stand in docs/whattalk-api.md.
"""
