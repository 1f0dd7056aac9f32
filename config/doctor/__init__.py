"""`manage.py doctor`: every misconfiguration that we know, each with its remedy."""
