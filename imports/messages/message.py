"""What a named reason means in plain words."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Message(NamedTuple):
    """`sentence`: what happened. `remedy`: what to do about it, '' when nothing is to be done."""

    sentence: "StrOrPromise"
    remedy: "StrOrPromise" = ""
