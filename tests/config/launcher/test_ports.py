"""TCP ports: whether one is free, and which one is."""

import socket

import pytest

from config.launcher.ports import free_port, problem_with


class TestPorts:
    def test_a_free_one_is_accepted(self):
        assert problem_with("127.0.0.1", free_port()) == ""

    def test_a_taken_one_is_named_and_another_is_suggested(self):
        with socket.create_server(("127.0.0.1", port := free_port())):
            sentence = problem_with("127.0.0.1", port)
            assert free_port(preferred=port) != port
        assert f"Port {port} is already taken" in sentence
        assert problem_with("127.0.0.1", int(sentence.rsplit(" ", 1)[1])) == ""

    @pytest.mark.parametrize("port", [0, -1, 65536])
    def test_what_is_no_port_is_said_so(self, port):
        assert f"{port} is not a port number" in problem_with("127.0.0.1", port)

    @pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
    def test_what_is_no_address_of_this_machine_is_said_so(self, host):
        assert f"{host} is not an address of this machine" in problem_with(host, free_port())

    def test_a_wish_that_is_free_is_granted(self):
        wish = free_port()
        assert free_port(preferred=wish) == wish
