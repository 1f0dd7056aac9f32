"""The fixtures of imports, for what comes before their check."""

from tests.imports.conftest import campaign, checked, received  # noqa: F401
