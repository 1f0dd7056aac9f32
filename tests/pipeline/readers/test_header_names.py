"""Header cells as names of columns."""

from hypothesis import given
from hypothesis import strategies as st

from imports.pipeline.readers.header_names import displayable


class TestHeaders:
    @given(st.lists(st.sampled_from(["Tel", "Tel (2)", "", " Tel ", "Column B", "Ad"]), max_size=8))
    def test_are_unique_and_never_empty(self, names):
        shown = displayable(names)
        assert len(shown) == len(names) == len(set(shown)) and all(shown)
