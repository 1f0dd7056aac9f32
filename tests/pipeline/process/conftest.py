"""Here readers are started as in the product."""

import pytest

from imports.pipeline.process import parent
from tests import forked_readers


@pytest.fixture(autouse=True)
def readers_are_started_as_in_the_product(monkeypatch) -> None:
    monkeypatch.setattr(parent, "_started", forked_readers.as_in_the_product)
