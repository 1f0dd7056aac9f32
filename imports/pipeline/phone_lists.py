"""Lists of numbers that look made up, bought or of the wrong kind: warnings before calls begin.

`PhoneList` is fed with chunks of E.164 numbers in the order of the file, keeps counts and
never the numbers, and says at the end what a person should look at.
"""
from collections import Counter
from collections.abc import Iterable

from .phone_kinds import kinds_of
from .reasons import Reason

LONG_RUN = 250              # numbers in a row, each the next one up: generated, not collected
SUSPICIOUS_REPEATS = 25     # cells with one and the same number
SMALLEST_LIST = 20          # numbers, below which shares say nothing
MOSTLY = 0.5                # share from which a list is "mostly" something
HEAVY_HITTERS = 64          # numbers whose repetitions are followed at a time


class PhoneList:
    """What a stream of numbers is like. `home_region`: where most of them are expected, or None."""

    def __init__(self, home_region: str | None = None):
        self.home_region = home_region
        self.total = 0
        self.kinds: Counter[str] = Counter()
        self.regions: Counter[str] = Counter()
        self.longest_run, self._run, self._last = 0, 0, None
        self._followed: Counter[str] = Counter()

    def feed(self, numbers: Iterable[str]) -> None:
        """The next chunk of E.164 numbers, repeated ones included."""
        chunk = [number for number in numbers if number]
        self.total += len(chunk)
        for kind, region in kinds_of(chunk):
            self.kinds[kind] += 1
            self.regions[region] += 1
        for number in chunk:
            self._count_run(int(number))
        self._follow(chunk)

    def _count_run(self, number: int) -> None:
        self._run = self._run + 1 if self._last is not None and number == self._last + 1 else 1
        self._last = number
        self.longest_run = max(self.longest_run, self._run)

    def _follow(self, chunk: list[str]) -> None:
        """Counts of the most frequent numbers in constant memory (Misra and Gries): never too high."""
        self._followed.update(chunk)
        while len(self._followed) > HEAVY_HITTERS:
            cut = sorted(self._followed.values(), reverse=True)[HEAVY_HITTERS]
            self._followed = Counter({number: count - cut for number, count in self._followed.items() if count > cut})

    @property
    def most_repeated(self) -> int:
        """How often the most frequent number came, at least."""
        return max(self._followed.values(), default=0)

    def warnings(self) -> list[Reason]:
        """What a person should look at before sending; empty for an ordinary list."""
        found = []
        if self.longest_run >= LONG_RUN:
            found.append(Reason("phone_list_sequential", {"count": self.longest_run}))
        if self.most_repeated >= SUSPICIOUS_REPEATS:
            found.append(Reason("phone_list_repeated", {"count": self.most_repeated}))
        if self.total >= SMALLEST_LIST:
            found += self._mostly_fixed() + self._mostly_foreign()
        return found

    def _mostly_fixed(self) -> list[Reason]:
        share = self.kinds["fixed"] / self.total
        return [Reason("phone_list_fixed_lines", {"percent": int(share * 100)})] if share > MOSTLY else []

    def _mostly_foreign(self) -> list[Reason]:
        share = 1 - self.regions[self.home_region] / self.total if self.home_region else 0.0
        return [Reason("phone_list_foreign", {"percent": int(share * 100), "region": self.home_region})] if share > MOSTLY else []
