"""The results of the last calls of a slow, pure function."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from threading import Lock
from typing import ParamSpec, TypeVar

MOST_KEPT = 256  # a file has two or three

P = ParamSpec("P")
T = TypeVar("T")


def keep_recent(function: Callable[P, T]) -> Callable[P, T]:
    """`function`, called only where the result for these arguments is not among the last MOST_KEPT.

    Arguments are told apart by their `repr`, of which only a hash is kept: no cell of a file outlives its request. Several threads
    may call it. Callers must not change what they get.
    """
    kept: OrderedDict[bytes, T] = OrderedDict()
    lock = Lock()

    @wraps(function)
    def recent(*args: P.args, **kwargs: P.kwargs) -> T:
        key = sha256(repr((args, kwargs)).encode("utf-8", "surrogatepass")).digest()
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        result = function(*args, **kwargs)
        with lock:
            kept[key] = result
            if len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        return result

    return recent
