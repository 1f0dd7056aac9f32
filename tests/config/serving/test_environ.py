"""What Django is told of a request: nothing that a caller could pass off as a proxy's word."""

from config.serving.environ import declared_length, environ_of, has_body, view_of


def environ(*headers: tuple[bytes, bytes], path: bytes = b"/imports/7/columns/", method: str = "POST") -> dict:
    return environ_of(
        {
            "method": method,
            "path": path.decode("latin-1"),
            "raw_path": path,
            "query_string": b"q=%C3%A7",
            "http_version": "1.1",
            "scheme": "http",
            "client": ("192.0.2.7", "5000"),
            "server": ("127.0.0.1", "8000"),
            "headers": headers,
        }
    )


def test_a_header_with_an_underscore_stands_for_no_other():
    found = environ((b"x-forwarded-for", b"192.0.2.1"), (b"x_forwarded_for", b"127.0.0.1"), (b"x-forwarded-for", b"192.0.2.2"))
    assert found["HTTP_X_FORWARDED_FOR"] == "192.0.2.1,192.0.2.2"
    assert found["REMOTE_ADDR"] == "192.0.2.7"


def test_cookies_are_one_header_and_paths_keep_their_letters():
    found = environ((b"cookie", b"a=1"), (b"cookie", b"b=2"), path="/ş/".encode())
    assert (found["HTTP_COOKIE"], found["QUERY_STRING"]) == ("a=1; b=2", "q=%C3%A7")
    assert found["PATH_INFO"].encode("latin-1").decode() == "/ş/"
    assert environ(path=b"/%C5%9F%2F/")["PATH_INFO"].encode("latin-1").decode() == "/ş//"


def test_which_view_is_asked_for_is_known_before_the_body():
    view, arguments = view_of(environ())
    assert (view.__name__, arguments) == ("columns", {"pk": 7})
    assert view_of(environ(path=b"/\xff\xff/")) == (None, {})


def test_a_body_has_a_declared_length_or_comes_in_chunks():
    assert not has_body(environ()) and not has_body(environ((b"content-length", b"0")))
    assert declared_length(environ((b"content-length", b"12"))) == 12
    chunked = environ((b"content-length", b"0"), (b"transfer-encoding", b"chunked"))
    assert has_body(chunked) and declared_length(chunked) is None
