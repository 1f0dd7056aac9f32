"""Spreadsheets as people and enemies make them, each with the answer Rowcall owes it.

cases.py        what a case is, and how an answer is held against it
text_cases      container_cases  hostile_cases  content_cases     the kinds of bad files, one entry an oddity
workbooks.py    writes workbooks byte by byte, as no honest program would
files/          real files: each beside a .json with its answer; to drop in two files is to add a test
leads.*         the good list that people are shown; leads.json says what must come of it; make_leads.py made it
"""
