"""Formats of languages where Rowcall writes otherwise than Django does."""
