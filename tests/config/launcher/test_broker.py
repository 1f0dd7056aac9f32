"""Where the private broker's socket is, and that it answers there."""

import tempfile
from pathlib import Path

from config.launcher.broker import broker_command, broker_socket, is_broker_ready, private_broker_url
from tests.processes import running


class TestSocket:
    def test_it_lies_beside_the_data(self, tmp_path):
        assert broker_socket(Path("/srv/rowcall/var")) == Path("/srv/rowcall/var/valkey.sock")

    def test_a_path_that_is_too_long_gets_a_short_one_of_its_own(self):
        one, other = Path("/srv/" + "x" * 100), Path("/srv/" + "y" * 100)
        assert len(str(broker_socket(one))) < 100
        assert broker_socket(one) == broker_socket(one) != broker_socket(other)

    def test_a_broker_in_an_oddly_named_folder_is_reached_by_its_address(self):
        from kombu import Connection

        with tempfile.TemporaryDirectory(suffix=" #1 %41?") as folder:
            place = broker_socket(Path(folder))
            with running(broker_command(place, Path(folder) / "valkey"), lambda: is_broker_ready(place)):
                with Connection(private_broker_url(Path(folder))) as link:
                    assert link.default_channel.client.ping()
