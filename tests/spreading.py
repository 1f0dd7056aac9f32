"""How tests are spread over processes: one by one, but those that share something expensive stay together.

By their place, not by the mark `xdist_group`: pytest 9.2 builds node ids anew, and the suffix with which pytest-xdist 3.8
carries that mark to the scheduler is lost without a word (pytest-dev/pytest-xdist#1386).
"""

from xdist.scheduler import LoadScopeScheduling

# each keeps a browser or a Rowcall running for all its tests
TOGETHER = ("tests/browser/", "tests/config/management/test_up.py", "tests/upgrade/")


class ByPlace(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)
