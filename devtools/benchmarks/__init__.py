"""Measurements of each stage, ours against the plain way, in one run: `suite` puts them together."""
