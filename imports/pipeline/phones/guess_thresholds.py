"""The shares (0–1) of a column's cells from which something counts in guessing how its numbers are written."""

GOOD_SHARE = 0.8  # of the cells callable: as good as real files get
POSSIBLE = 0.5  # of the cells callable: below it a country is refuted
FEW = 0.2
NEARLY_ALL = 0.95
HALF = 0.5
FIXED_WORTH, GROUPED_WORTH = 0.5, 0.3  # of a fixed line and of the usual grouping, beside 1 for a mobile
MOST_NAMED = 3  # other countries named beside a choice
