"""A request as ASGI describes it, in the form that Django's WSGI handler takes."""

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from django.urls import Resolver404, resolve

Scope = Mapping[str, Any]
Environ = dict[str, Any]
NAMED_BY_CGI = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def environ_of(scope: Scope) -> Environ:
    """PEP 3333's environ, without a body."""
    client, server = scope.get("client") or ("", ""), scope.get("server") or ("", "")
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
        **_headers(scope["headers"]),
    }


def view_of(environ: Environ) -> tuple[Callable[..., Any] | None, Mapping[str, Any]]:
    """The view that the address leads to, with its arguments; None where it leads nowhere."""
    try:
        match = resolve(environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"))
    except Resolver404:
        return None, {}
    return match.func, match.kwargs


def has_body(environ: Environ) -> bool:
    return "HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0"


def declared_length(environ: Environ) -> int | None:
    """Bytes of the body as its sender declares them; None for one that comes in pieces of unknown number."""
    text = environ.get("CONTENT_LENGTH", "")
    return int(text) if text.isdecimal() and "HTTP_TRANSFER_ENCODING" not in environ else None


def _path(scope: Scope) -> bytes:
    raw = scope.get("raw_path")
    return unquote_to_bytes(raw.split(b"?")[0]) if raw else scope["path"].encode("utf-8", "surrogateescape")


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> Environ:
    found: Environ = {}
    for raw_name, raw_value in headers:
        if b"_" in raw_name:  # would pass for the header of the same name with a hyphen, which proxies vouch for
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key, value = name if name in NAMED_BY_CGI else f"HTTP_{name}", raw_value.decode("latin-1")
        joined_by = "; " if name == "COOKIE" else ","
        found[key] = f"{found[key]}{joined_by}{value}" if key in found else value
    return found
