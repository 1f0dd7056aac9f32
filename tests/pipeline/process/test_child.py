"""What the reading process may do, and what it costs."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from imports.pipeline.process import parent as reading
from tests.pipeline.process.reading import LEADS, ROOT


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def confined(code: str) -> str:
    return python(f"from imports.pipeline.process.child import confine\nconfine(2 * 1024 ** 3, 60, 64)\n{code}")


class TestConfinement:
    def test_our_secrets_are_not_in_its_environment(self, monkeypatch):
        monkeypatch.setenv("CANARY", "secret")
        process = reading._started()
        try:
            # Until the program is replaced, a new process shows the environment of its parent.
            while b"python" not in (Path(f"/proc/{process.pid}/cmdline").read_bytes()).lower():
                pass
            assert b"CANARY" not in Path(f"/proc/{process.pid}/environ").read_bytes()
        finally:
            process.kill()
            process.communicate()

    def test_it_cannot_take_more_memory_than_it_may(self):
        assert confined("try:\n    bytearray(3 * 1024 ** 3)\nexcept MemoryError:\n    print('refused')") == "refused"

    def test_it_cannot_write_files(self, tmp_path):
        assert (
            confined(
                f"import signal\ntry:\n    open({str(tmp_path / 'x')!r}, 'w').write('x' * 100_000)\nexcept OSError as error:\n    print(error.errno)"
            )
            == "27"
        )

    def test_it_cannot_open_many_files(self):
        assert (
            confined("try:\n    kept = [open('/dev/null') for _ in range(100)]\nexcept OSError as error:\n    print(error.errno)")
            == "24"
        )

    def test_it_has_no_network_where_the_kernel_lets_us_take_it(self):
        may = python("import ctypes; print(ctypes.CDLL(None).unshare(0x10000000 | 0x40000000))") == "0"
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            reached = confined(
                f"import socket\ntry:\n    socket.create_connection(('127.0.0.1', {port}), 60)\n    print('reached')\nexcept OSError:\n    print('cut off')"
            )
        assert reached == ("cut off" if may else "reached")

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
    def test_a_preview_loads_only_what_the_format_needs(self, kind):
        heavy = "phonenumbers pandas numpy openpyxl django chardet xlsxwriter python_calamine lxml msoffcrypto cryptography"
        loaded = python(
            "import sys\nfrom imports.pipeline.process.child import answered\n"
            f"assert b'preview' in [*answered({{'mode': 'preview', 'path': {str(LEADS.with_suffix(f'.{kind}'))!r}, 'options': {{}}}})][-1]\n"
            f"print(*[name for name in {heavy.split()!r} + {['xlrd', 'olefile', 'imports.pipeline.readers.xls.reader'] if kind != 'xls' else []!r} if name in sys.modules])"
        )
        assert loaded == ""
