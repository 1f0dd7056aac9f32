"""The command lines of Rowcall's own processes."""

from pathlib import Path

from config.launcher import commands


def test_a_worker_consumes_what_it_is_told():
    command = commands.worker_command(Path("/srv"), "worker@here", "mail,ask", 3, "--loglevel", "INFO")
    assert command[command.index("--queues") + 1] == "mail,ask" and command[command.index("--concurrency") + 1] == "3"
    assert command[command.index("--hostname") + 1] == "worker@here" and command[-2:] == ["--loglevel", "INFO"]


def test_the_scheduler_keeps_its_schedule_where_it_is_told():
    command = commands.scheduler_command(Path("/var/rowcall"), Path("/srv"))
    assert command[command.index("--schedule") + 1] == "/var/rowcall/schedule" and command[-2:] == ["--pidfile", ""]


def test_the_web_server_listens_where_it_is_told():
    command = commands.web_command(8123, "--host", "0.0.0.0")
    assert command[command.index("--port") + 1] == "8123" and command[-2:] == ["--host", "0.0.0.0"]
