"""Every address × method × role, with values that nobody would send by mistake. `python -m tests.fuzz` runs many of them."""
