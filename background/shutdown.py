"""Whether this process should finish what it is doing and begin nothing new.

The flag lives in memory that is shared with the processes forked from this one: a worker's parent is told to stop,
its children do the work.
"""

import mmap

_flag = mmap.mmap(-1, 1)


def ask() -> None:
    _flag[0] = 1


def is_asked() -> bool:
    return bool(_flag[0])


def forget() -> None:
    """For tests, which go on."""
    _flag[0] = 0
