"""Reading an answer's body without trusting its size."""

from __future__ import annotations

import zlib


class Unreadable(Exception):
    """A body larger than the cap, or packed in a way we did not ask for."""


async def whole_body(response, most: int) -> bytes:
    """The whole body, decoded; `Unreadable` as soon as it is longer than `most`, packed or unpacked."""
    chunks, size = [], 0
    while chunk := await response.content.readany():
        size += len(chunk)
        if size > most:
            raise Unreadable
        chunks.append(chunk)
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    return body if encoding in ("identity", "") else _unpack(body, encoding, most)


def _unpack(body: bytes, encoding: str, most: int) -> bytes:
    """For a service that packs although it was asked not to."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable
    unpacker = zlib.decompressobj(wbits=47)  # finds out by itself whether it is gzip or zlib
    try:
        unpacked = unpacker.decompress(body, most + 1)
    except zlib.error:
        raise Unreadable from None
    if len(unpacked) > most or not unpacker.eof:
        raise Unreadable
    return unpacked
