"""Whose work is next: whatever people ask for, small work waits for small work only, and nobody waits for ever."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from background.turns import PATIENCE, Work, must_yield, next_turn

SMALL, LARGE = 2.0, 300.0  # the longest, in seconds
ASKED = st.lists(
    st.tuples(
        st.integers(0, 3),  # person
        st.floats(0, 600),  # when
        st.booleans(),  # whether large
        st.floats(0.01, 1),  # how long it takes, of the longest
    ),
    min_size=1,
    max_size=40,
)


class Run:
    """Processes that follow the rule, until all is done: what began and ended when. Large work that gives way goes on later."""

    def __init__(self, asked: list[tuple[int, float, bool, float]], processes: int) -> None:
        self.processes, self.now = processes, 0.0
        self.left = {}
        self.coming = []
        for pk, (person, when, is_large, part) in enumerate(asked):
            self.coming.append(Work("any", pk, person, when, is_large))
            self.left[pk] = part * (LARGE if is_large else SMALL)
        self.coming.sort(key=lambda work: -work.since)
        self.waiting, self.running, self.served = [], {}, {}
        self.began, self.ended = {}, {}

    def all(self) -> "Run":
        while self.coming or self.waiting or self.running:
            self._begin()
            self._next_moment()
        return self

    def _begin(self) -> None:
        while len(self.running) < self.processes:
            work = next_turn(self.waiting, [*self.running], self.served, self.processes, self.now)
            if work is None:
                large = [one for one in self.running if one.is_large]
                assert not any(not one.is_large for one in self.waiting) and (not self.waiting or large), "a process is idle"
                return
            self.waiting.remove(work)
            self.running[work] = self.now
            self.began.setdefault(work.pk, self.now)
            self.served[work.person, work.is_large] = self.now
            assert sum(one.is_large for one in self.running) <= max(1, self.processes - 1)

    def _next_moment(self) -> None:
        """Until something ends, comes, or may give way."""
        moments = [began + self.left[work.pk] for work, began in self.running.items()]
        moments += [self.coming[-1].since] if self.coming else []
        if self.processes == 1 and any(not work.is_large for work in self.waiting):
            moments.append(self.now + 1)
        self.now = max(self.now, min(moments))
        while self.coming and self.coming[-1].since <= self.now:
            self.waiting.append(self.coming.pop())
        for work, began in [*self.running.items()]:
            if began + self.left[work.pk] <= self.now:
                self.ended[work.pk] = self.now
                del self.running[work]
            elif work.is_large and must_yield(self.waiting, [*self.running], self.processes, self.now, self.now - began):
                self.left[work.pk] -= self.now - began
                del self.running[work]
                self.waiting.append(work)


@settings(max_examples=150, deadline=None)
@given(ASKED, st.integers(1, 4))
def test_everything_is_done_and_small_work_waits_for_small_work(asked, processes):
    run = Run(asked, processes).all()
    assert len(run.ended) == len(asked), "nobody waits for ever"
    people = {person for person, *_rest in asked}
    small = sorted((when, person, pk) for pk, (person, when, is_large, _part) in enumerate(asked) if not is_large)
    for when, person, pk in small:
        ahead = [one for before, other, one in small if other == person and before < when and run.began[one] > when]
        if not ahead:
            # At most one small piece of each other person, what is under way, and with one process large work that gives way.
            bound = (len(people) + 1) * SMALL + (0 if processes > 1 else 8 * len(people))
            assert run.began[pk] - when <= bound, (when, run.began[pk])


def works(*asked: tuple[int, float, bool]) -> list[Work]:
    return [Work("any", pk, *one) for pk, one in enumerate(asked)]


GIANTS = works((1, 0, True), (1, 1, True), (1, 2, True))


@pytest.mark.parametrize("processes", [1, 2, 3, 8])
def test_large_work_of_anybody_leaves_a_process_free(processes):
    others = [Work("any", 9, 2, 3, True)]
    running: list[Work] = []
    while work := next_turn([one for one in [*GIANTS, *others] if one not in running], running, {}, processes, 10):
        running.append(work)
    assert len(running) == min(max(1, processes - 1), 4)


def test_of_the_large_each_person_in_turn_and_of_one_person_the_oldest():
    waiting, other = [*GIANTS], Work("any", 9, 2, 60, True)
    first = next_turn([*waiting, other], [], {}, 2, 61)
    assert first == GIANTS[0]
    assert next_turn([*GIANTS[1:], other], [], {(1, True): 61}, 2, 400) == other, "who had a turn comes after who had none"
    assert next_turn([*GIANTS[1:], other], [GIANTS[0]], {}, 3, 400) == other, "and who is busy after who is not"


def test_small_work_goes_first_but_not_for_ever():
    waiting = works((1, 0, True), (2, 5, False))
    assert next_turn(waiting, [], {}, 1, 6) == waiting[1]
    assert next_turn(waiting, [], {}, 1, PATIENCE) == waiting[0]
    assert next_turn(waiting, [], {(1, True): PATIENCE - 1}, 1, PATIENCE) == waiting[1], "it has just had a turn"
    running = [Work("any", 9, 3, 0, False)]
    assert next_turn(waiting, running, {}, 2, PATIENCE) == waiting[0], "one process is kept for it"
    assert next_turn(waiting, running, {}, 3, PATIENCE) == waiting[1], "and the others go on"


def test_large_work_gives_way_only_where_no_process_is_kept_free():
    small = works((2, 0, False))
    assert must_yield(small, GIANTS[:1], 1, 10, went_on=6)
    assert not must_yield(small, GIANTS[:1], 1, 10, went_on=4), "reading a file again has its price"
    assert not must_yield(small, GIANTS[:1], 2, 10, went_on=60)
    assert not must_yield([], GIANTS[:1], 1, 10, went_on=60) and not must_yield(GIANTS[1:], GIANTS[:1], 1, 10, went_on=60)
