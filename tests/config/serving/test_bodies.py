"""What a body may take of the disk, and that the oldest of very many is cut."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.serving import bodies
from config.serving.bodies import COPIES, Reception
from config.serving.refusals import NO_ROOM, TOO_SLOW, Refusal
from people.bodies import SMALL_BODY
from tests.processes import PATIENCE

SIZE = 1_000_000


@pytest.fixture
def disk():
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def permitted() -> int:
    return SIZE


async def whole() -> dict:
    return {"type": "http.request", "body": b"x" * SIZE, "more_body": False}


async def never() -> dict:
    await asyncio.Event().wait()
    return {}


def test_room_is_promised_until_a_request_is_over(settings, tmp_path, disk):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.DISK_FLOOR_BYTES = 0

    async def three_in_turn() -> None:
        reception = Reception(disk)
        first = await reception.receive(whole, SIZE, permitted)
        settings.DISK_FLOOR_BYTES = shutil.disk_usage(tmp_path).free - int(1.5 * COPIES * SIZE)
        with pytest.raises(Refusal) as refused:
            await reception.receive(whole, SIZE, permitted)
        assert refused.value.status == NO_ROOM
        first.close()
        (await reception.receive(whole, SIZE, permitted)).close()

    asyncio.run(three_in_turn())


def test_a_body_of_unknown_length_whose_last_piece_makes_it_large_has_ended(settings, tmp_path, disk):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.DISK_FLOOR_BYTES = 0
    pieces = [(SMALL_BODY - 1, True), (2, False)]

    async def in_two_pieces() -> dict:
        if not pieces:
            return await never()
        size, is_more = pieces.pop(0)
        return {"type": "http.request", "body": b"x" * size, "more_body": is_more}

    async def received() -> int:
        async with asyncio.timeout(PATIENCE):
            body = await Reception(disk).receive(in_two_pieces, None, permitted)
        with body.file as file:
            return len(file.read())

    assert asyncio.run(received()) == SMALL_BODY + 1


def test_of_very_many_small_bodies_the_oldest_is_cut_and_a_new_one_is_taken(monkeypatch, disk):
    monkeypatch.setattr(bodies, "MOST_SMALL", 2)

    async def three_at_once() -> None:
        reception = Reception(disk)
        waiting = []
        for _ in range(3):
            waiting.append(asyncio.create_task(reception.receive(never, 100, permitted)))
            await asyncio.sleep(0)
        done, late = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert done == {waiting[0]} and isinstance(waiting[0].exception(), Refusal)
        assert waiting[0].exception().status == TOO_SLOW
        for task in late:
            task.cancel()

    asyncio.run(three_at_once())
