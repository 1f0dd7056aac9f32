"""One instance a folder."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.launcher.instance_lock import AlreadyRunning, only_instance

ROOT = Path(__file__).resolve().parents[3]


HOLD = (
    "import sys; from pathlib import Path; from config.launcher.instance_lock import only_instance\n"
    "with only_instance(Path(sys.argv[1]), 'http://localhost:1'): print('held', flush=True); sys.stdin.read()"
)


class TestInstance:
    def test_one_at_a_time(self, tmp_path):
        lock = tmp_path / "up.lock"
        holder = subprocess.Popen([sys.executable, "-c", HOLD, lock], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match=rf"http://localhost:1.*kill {holder.pid}"), only_instance(lock, ""):
            pass
        holder.communicate()
        with only_instance(lock, ""):
            assert True

    def test_after_a_kill_the_next_waits_for_whoever_still_holds_the_lock(self, tmp_path):
        """As the watchdog of a killed instance does, until the last child is gone."""
        lock, told = tmp_path / "up.lock", []
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.write(descriptor, b'{"pid": %d}' % _pid_of_nobody())

        def tell(sentence):
            told.append(sentence)
            os.close(descriptor)

        with only_instance(lock, "", tell):
            assert len(told) == 1 and "still stopping" in told[0]


def _pid_of_nobody() -> int:
    gone = subprocess.Popen(["true"])
    gone.wait()
    return gone.pid
