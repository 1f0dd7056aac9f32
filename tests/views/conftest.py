"""The fixtures of pages, for those of imports."""

from tests.web.conftest import account, as_, assistant, campaign, checked, uploaded  # noqa: F401
