"""Who had a turn when, kept in the database for all processes; and the lock under which they choose."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from background.database_clock import now_ms
from background.models import Turn
from background.turns import Served

SIZES = {False: "", True: ":large"}


@contextmanager
def choosing(kind: str) -> Iterator[None]:
    """A transaction in which no other process chooses work of this kind: none sees the choice of another half made."""
    Turn.objects.get_or_create(kind=kind, person=Turn.EVERYBODY)
    with transaction.atomic():
        Turn.objects.select_for_update().get(kind=kind, person=Turn.EVERYBODY)
        yield


def served(kind: str) -> Served:
    """When each person's small and large work of this kind last had a turn, in steady seconds."""
    names = {kind + ending: is_large for is_large, ending in SIZES.items()}
    turns = Turn.objects.filter(kind__in=names).exclude(person=Turn.EVERYBODY).values_list("kind", "person", "served_ms")
    return {(person, names[name]): ms / 1000 for name, person, ms in turns}


def note_turn(kind: str, person: int, is_large: bool = False) -> None:
    """This person has a turn now."""
    Turn.objects.update_or_create(kind=kind + SIZES[is_large], person=person, defaults={"served_ms": now_ms()})
