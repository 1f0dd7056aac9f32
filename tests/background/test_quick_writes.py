"""What a page notes by the way does not wait for a busy database."""

import threading

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client

from background.quick_writes import quick_write
from people.models import SignIn


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_page_does_not_wait_for_a_busy_database_to_note_it(alice):
    cache.clear()
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    if connection.vendor != "sqlite":
        with quick_write():
            assert is_in(client)
        return
    is_locked, may_go = threading.Event(), threading.Event()

    def writer():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            is_locked.set()
            may_go.wait(30)
            cursor.execute("ROLLBACK")
        connection.close()

    other = threading.Thread(target=writer)
    other.start()
    is_locked.wait(30)
    try:
        with pytest.raises(DatabaseError), quick_write():
            SignIn.objects.filter(pk=0).update(ip=None)
        assert is_in(client) and not SignIn.objects.exists()
    finally:
        may_go.set()
        other.join()
    assert is_in(client) and SignIn.objects.count() == 1
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] >= 5_000
