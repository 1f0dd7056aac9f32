"""How tests are spread over processes: one by one, but those that share something expensive stay together.

By their place, not by the mark `xdist_group`: pytest 9.2 builds node ids anew, and the suffix with which pytest-xdist 3.8
carries that mark to the scheduler is lost without a word (pytest-dev/pytest-xdist#1386).
"""

from xdist.scheduler import LoadScopeScheduling

# Each keeps for all its tests what is dear to make: a browser, a Rowcall, lists with their answers. A place inside another
# stands before it.
TOGETHER = (
    "tests/browser/journey/",
    "tests/browser/",
    "tests/config/management/test_up.py",
    "tests/exports/test_exports.py",
    "tests/hunt/test_lists.py",
    "tests/pipeline/columns/test_labelled_headers.py",
    "tests/upgrade/",
)

# One test each that keeps a process busy for long: begun first, so that the others are not waited out by a single one.
LONG = (
    "tests/chaos/test_chaos.py",
    "tests/chaos/test_two_hosts.py",
    "tests/imports/test_checking.py::test_a_check_killed",
    "tests/imports/test_number_lists.py::test_three_hundred_thousand",
    "tests/test_bench.py",
    "tests/test_code.py",
    "tests/test_project_files.py",
    "tests/test_run_script.py",
)


class ByPlace(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    def _reschedule(self, node) -> None:
        """Forgets what is finished first: the scheduler counts all that a process was ever given, after every test."""
        given = self.assigned_work[node]
        for place in [place for place, tests in given.items() if all(tests.values())]:
            del given[place]
        super()._reschedule(node)
