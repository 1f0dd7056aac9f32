"""Arabic with Western digits, as CLDR writes numbers then: 1,234.5 (docs/decisions/0019-languages.md)."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
