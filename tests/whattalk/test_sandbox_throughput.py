"""The command that measures how many leads a second this machine sends."""

import re
from contextlib import nullcontext

import pytest

from campaigns.whattalk.sandbox import throughput

LINE = re.compile(r"(.{17}) +([\d,]+) POSTs/s(, \d+\.\d\d of the ideal)?; CPU a POST: here \d+\.\d{3} ms, sandbox \d+\.\d{3} ms")


@pytest.mark.parametrize("latency", ["0", "2"])
def test_both_ways_send_each_lead_once_and_the_rate_is_told(sandbox, monkeypatch, capsys, latency):
    given, posts = {}, []

    def started(**options):
        given.update(options)
        return nullcontext(sandbox)

    reset = sandbox.control.reset
    monkeypatch.setattr(sandbox.control, "reset", lambda: posts.append(sandbox.ledger.posts()) or reset())
    monkeypatch.setattr(throughput, "SandboxProcess", started)
    monkeypatch.setattr("sys.argv", ["throughput", "--leads", "24", "--in-flight", "5", "--latency", latency])
    throughput.main()
    posts.append(sandbox.ledger.posts())
    lines = [LINE.fullmatch(line).groups() for line in capsys.readouterr().out.splitlines()]
    assert [name.strip() for name, _, _ in lines] == ["sandbox alone", "client + sandbox"]
    assert all(int(rate.replace(",", "")) > 0 and bool(ideal) == (latency != "0") for _, rate, ideal in lines)
    assert given == {"latency": float(latency)}
    for sent in posts[1:]:
        assert len(sent) == len({post.phone for post in sent}) == 24 and all(post.lead for post in sent)


def test_a_sandbox_that_refuses_ends_the_measurement(sandbox, monkeypatch):
    sandbox.control.settings(balance=0)
    monkeypatch.setattr(throughput, "SandboxProcess", lambda **options: nullcontext(sandbox))
    monkeypatch.setattr("sys.argv", ["throughput", "--leads", "3", "--in-flight", "1"])
    with pytest.raises(AssertionError, match="HTTP/1.1 402"):
        throughput.main()
