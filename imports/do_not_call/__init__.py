"""Who must not be called: numbers as people write them, lists of them, and taking their leads out of WhatTalk.

numbers    texts → numbers, by the code that reads spreadsheets
lists      whole lists, pasted or by spreadsheet, read in the background
search     new entries → what has to be settled: known leads, rows on their way, what is to be asked of WhatTalk
settling   each settlement until WhatTalk has confirmed it
removal_requests   what is asked of WhatTalk for that
effects    what that means for leads and rows that we know
"""
