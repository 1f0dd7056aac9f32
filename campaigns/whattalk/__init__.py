"""Everything that knows how WhatTalk speaks. No Django here.

client.py     the calls of WhatTalk's API, the only file that speaks HTTP to it
answers.py    what an answer to "add this lead" means: a pure function from answer to outcome
errors.py     what an answer to any other call means: a small exception tree
bodies.py     reading an answer without trusting its size
shapes.py     leads, campaigns, assistants … as values
addresses.py  which addresses we are willing to talk to
sandbox/      a WhatTalk of our own to try, test and measure against

The contract and its unknowns stand in docs/whattalk-api.md.
"""
