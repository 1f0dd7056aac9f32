"""A reply's body is read up to a limit, compressed or not."""

import asyncio
import gzip
import zlib

import pytest

from campaigns.whattalk.response_body import Unreadable, whole_body

GZIPPED = gzip.compress(b"x" * 90)


class Response:
    """A body that comes in `chunks`, as aiohttp hands it out."""

    def __init__(self, *chunks: bytes, encoding: str = "") -> None:
        self.content = self
        self.headers = {"Content-Encoding": encoding} if encoding else {}
        self._chunks = [*chunks, b""]

    async def readany(self) -> bytes:
        return self._chunks.pop(0)


def body_of(response: Response, most: int = 100) -> bytes:
    return asyncio.run(whole_body(response, most))


def test_chunks_are_put_together():
    assert body_of(Response(b"one ", b"two")) == b"one two" and body_of(Response()) == b""


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [(GZIPPED, "GZIP "), (GZIPPED, "x-gzip"), (zlib.compress(b"x" * 90), "deflate")],
    ids=["GZIP", "x-gzip", "deflate"],
)
def test_a_compressed_body_is_decompressed(packed, encoding):
    assert body_of(Response(packed, encoding=encoding)) == b"x" * 90


@pytest.mark.parametrize(
    "response",
    [
        Response(b"x" * 101),
        Response(b"x" * 60, b"x" * 60),
        Response(gzip.compress(b"x" * 101), encoding="gzip"),
        Response(gzip.compress(b"x" * 90)[:-9], encoding="gzip"),
        Response(b"no gzip", encoding="gzip"),
        Response(b"x", encoding="br"),
    ],
)
def test_what_is_too_large_or_cut_or_foreign_is_unreadable(response):
    with pytest.raises(Unreadable):
        body_of(response)
