"""What is asked of a process as a whole, and what its surroundings may lack."""

import errno

from django.db import InterfaceError, OperationalError

from background import shutdown
from background.unavailable import Lack, lack_of


def test_a_process_that_is_asked_to_stop_knows_it():
    shutdown.forget()
    assert not shutdown.is_asked()
    shutdown.ask()
    assert shutdown.is_asked()
    shutdown.forget()


def test_what_is_lacking_is_told_by_an_error_or_its_cause():
    assert lack_of(OSError(errno.ENOSPC, "full")) is Lack.ROOM
    assert lack_of(OperationalError("locked")) is Lack.DATABASE and lack_of(InterfaceError("gone")) is Lack.DATABASE
    outer = RuntimeError("could not store")
    outer.__cause__ = OSError(errno.EDQUOT, "quota")
    assert lack_of(outer) is Lack.ROOM
    assert lack_of(OSError(errno.EACCES, "denied")) is None and lack_of(None) is None
