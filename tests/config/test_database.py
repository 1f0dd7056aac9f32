"""DATABASE_URL, and what follows from it."""

from django.conf import settings

from config.database import LINE, LOCK_SECONDS, database_of

POSTGRES = "postgres://rowcall:secret@db.example.com:5433/leads?sslmode=require&connect_timeout=3"


def test_without_an_address_it_is_a_file_that_outlives_a_power_cut(tmp_path):
    folder = tmp_path / "50% off?"
    assert database_of("", folder)["NAME"] == str(folder / "rowcall.sqlite3")
    options = database_of("", folder)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE" and "synchronous=FULL" in options["init_command"]


def test_threads_of_a_web_server_keep_their_connections_to_sqlite_with_less_memory_each(tmp_path):
    web, worker = database_of("", tmp_path, 8), database_of("", tmp_path)
    assert (web["CONN_MAX_AGE"], worker["CONN_MAX_AGE"]) == (None, 0)
    assert "cache_size=-8000;" in web["OPTIONS"]["init_command"] and "cache_size=-32000;" in worker["OPTIONS"]["init_command"]


def test_what_the_address_says_of_the_connection_counts_for_web_and_workers(tmp_path):
    for threads in (0, 8):
        options = database_of(POSTGRES, tmp_path, threads)["OPTIONS"]
        assert (options["sslmode"], str(options["connect_timeout"])) == ("require", "3")
        assert options["tcp_user_timeout"] == LINE["tcp_user_timeout"], "a line that was cut is noticed"


def test_threads_of_a_web_server_share_connections_and_a_worker_keeps_its_own(tmp_path):
    web, worker = database_of(POSTGRES, tmp_path, 8), database_of(POSTGRES, tmp_path)
    assert web["OPTIONS"]["pool"]["max_size"] > 8 and "pool" not in worker["OPTIONS"]
    assert (web.get("CONN_MAX_AGE", 0), worker["CONN_MAX_AGE"]) == (0, None)


def test_a_page_gives_up_a_lock_before_its_time_ends_and_a_worker_waits(tmp_path):
    web, worker = database_of(POSTGRES, tmp_path, 8)["OPTIONS"]["options"], database_of(POSTGRES, tmp_path)["OPTIONS"]["options"]
    assert f"lock_timeout={1000 * LOCK_SECONDS}" in web and web.startswith(worker) and "lock_timeout" not in worker
    assert LOCK_SECONDS < settings.PAGE_SECONDS
