"""The fixtures of imports, for commands at a terminal."""

from tests.imports.conftest import campaign, checked, received  # noqa: F401
