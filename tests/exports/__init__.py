"""Lists as real programs export them and as staff type them, each row with the number that must be called.

All people and numbers are invented. `lists/*.txt` are the lists (their form: `export.py`), `writing.py` makes the files,
`journey.py` takes a file through the product, `scoring.py` judges what came out; `python -m tests.exports` prints the score.
"""
