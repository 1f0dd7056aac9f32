"""The recipes for nginx and Caddy: what Rowcall relies on of the proxy before it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent
NGINX = (ROOT / "deploy/nginx/rowcall.conf").read_text()
CADDY = (ROOT / "deploy/caddy/Caddyfile").read_text()
INGRESS = (ROOT / "deploy/kubernetes/ingress.yaml").read_text()
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    "found",
    [
        re.search(r"client_max_body_size (\d+)m;", NGINX),
        re.search(r"max_size (\d+)MB", CADDY),
        re.search(r"proxy-body-size: (\d+)m", INGRESS),
    ],
)
def test_the_largest_file_and_its_form_come_through(found):
    assert int(found[1]) * 1_000_000 > settings.MAX_UPLOAD_BYTES  # Caddy counts in millions


def test_nginx_sets_what_is_believed_and_adds_to_nothing_of_the_client():
    headers = dict(re.findall(r"^ *proxy_set_header (\S+) (\S+);", NGINX, re.MULTILINE))
    assert headers == {"Host": "$http_host", "X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme"}
    assert "trusted_proxies" not in CADDY  # then Caddy believes nobody, and sets them itself


def test_slow_clients_hold_nginx_and_not_rowcall():
    assert {"proxy_request_buffering on;", "proxy_buffering on;"} <= {line.strip() for line in NGINX.splitlines()}
    assert all(f"{name} " in CADDY for name in ("read_header", "read_body", "write", "idle"))


def test_the_address_of_the_webhook_is_in_no_log():
    (pattern,) = re.findall(r"~(\^/hooks\S+) ", NGINX)
    assert re.match(pattern.replace("(?<", "(?P<"), reverse("campaigns:webhook", args=[1, "secret"]))
    assert re.search(r"^log_format rowcall .*\$rowcall_logged", NGINX, re.MULTILINE) and "$request " not in NGINX
    assert NGINX.count("access_log") == NGINX.count("rowcall.log rowcall;") == NGINX.count("server_name")
    assert "crit;" in NGINX and "request>uri delete" in CADDY
