"""Reading a reply's body without trusting its size."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Protocol


class Unreadable(Exception):
    """A body larger than the cap, or in an encoding that was not asked for."""


class Content(Protocol):
    """A stream of bytes; b"" at its end."""

    async def readany(self) -> bytes: ...


class Response(Protocol):
    """What is needed of an aiohttp.ClientResponse."""

    @property
    def content(self) -> Content: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


async def whole_body(response: Response, most: int) -> bytes:
    """The whole body, decompressed; `Unreadable` as soon as it is longer than `most` bytes, before or after that."""
    chunks: list[bytes] = []
    size = 0
    while chunk := await response.content.readany():
        size += len(chunk)
        if size > most:
            raise Unreadable
        chunks.append(chunk)
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    return body if encoding in ("identity", "") else _decompress(body, encoding, most)


def _decompress(body: bytes, encoding: str, most: int) -> bytes:
    """For a service that compresses although it was asked not to."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable
    decompressor = zlib.decompressobj(wbits=47)  # finds out by itself whether it is gzip or zlib
    try:
        plain = decompressor.decompress(body, most + 1)
    except zlib.error:
        raise Unreadable from None
    if len(plain) > most or not decompressor.eof:
        raise Unreadable
    return plain
