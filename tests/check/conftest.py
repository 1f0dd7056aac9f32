"""The campaign of imports, for what decides whether a row may be sent."""

from tests.imports.conftest import campaign  # noqa: F401
