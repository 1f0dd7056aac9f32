"""The client against the sandbox, over real sockets and on the sender's event loop: each way an answer can go, and none."""

import asyncio
import time
import tracemalloc

import pytest
from aiohttp import ClientRequest

from campaigns.whattalk.client import WhatTalkClient
from campaigns.whattalk.replies import Created, Duplicate, NotAccepted, Refused, RetryReason, Unknown, UnknownReason
from campaigns.whattalk.sandbox.faults import GARBAGE
from campaigns.whattalk.sandbox.running import new_event_loop
from campaigns.whattalk.sandbox.settings import DUPLICATE_STYLES
from campaigns.whattalk.transport import Limits
from tests.processes import wait_until

from .conftest import CAMPAIGN, lead


def send(client: WhatTalkClient, *leads: dict, **options) -> list:
    """The outcomes of these leads, one after the other on one client."""

    async def sending():
        async with client:
            return [await client.create_lead(one, **options) for one in leads]

    return run(sending())


def run(conversation):
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(conversation)


@pytest.fixture
def client(sandbox) -> WhatTalkClient:
    return WhatTalkClient(sandbox.base_url, sandbox.api_key, allow_local=True)


def added(sandbox) -> int:
    return sum(map(len, sandbox.ledger.accepted().values()))


# What the service says


@pytest.mark.parametrize("id_style", ["integer", "string"])
def test_a_lead_is_created(sandbox, client, id_style):
    sandbox.control.settings(id_style=id_style)
    secondary = [{"phone_number": "+905559999999", "variables": {"name": "Ali"}}]
    [outcome] = send(client, lead(secondary_contacts=secondary))
    [[remote_id]] = sandbox.ledger.accepted().values()
    assert outcome == Created(remote_id if id_style == "integer" else f"ld_{remote_id}")
    assert client.is_sandbox


@pytest.mark.parametrize("style", DUPLICATE_STYLES)
def test_a_duplicate_is_known_in_every_style(sandbox, client, style):
    sandbox.control.settings(duplicate_style=style)
    first, second, allowed = send(client, lead(), lead(), lead(allow_dupplicate=True))
    assert [type(first), type(second), type(allowed)] == [Created, Refused if style == "409" else Duplicate, Created]
    assert list(map(len, sandbox.ledger.doubles().values())) == [2]


def test_the_block_is_the_campaigns_own(client):
    outcomes = send(client, lead(), lead(campaign_id=CAMPAIGN + 1))
    assert all(isinstance(outcome, Created) for outcome in outcomes)


def test_a_lead_is_refused_with_the_services_words(client):
    bad_number, no_number, bad_part = send(
        client, lead(phone_number="+90"), {"campaign_id": CAMPAIGN}, lead(secondary_contacts=[{"phone_number": "1"}])
    )
    assert bad_number == Refused("invalid_phone_number", "Invalid phone number")
    assert no_number == Refused("invalid_phone_number", "The phone number field is required.")
    assert bad_part.code == "invalid_phone_number"


@pytest.mark.parametrize("style", ["404", "422"])
def test_a_campaign_that_is_gone(sandbox, client, style):
    sandbox.control.settings(missing_campaign_style=style)
    [outcome] = send(client, lead(campaign_id=4))
    assert isinstance(outcome, NotAccepted) and outcome.reason is RetryReason.CAMPAIGN


@pytest.mark.parametrize(
    ("fault", "why"),
    [("dead_key", RetryReason.KEY), ("empty_balance", RetryReason.BALANCE), ("campaign_deleted", RetryReason.CAMPAIGN)],
)
def test_what_a_person_must_mend_comes_at_the_lead_it_comes(sandbox, client, fault, why):
    sandbox.control.fault(fault, at=3, campaign=CAMPAIGN)
    outcomes = send(client, *map(lead, range(5)))
    assert [type(outcome) for outcome in outcomes[:2]] == [Created, Created]
    assert [outcome.reason for outcome in outcomes[2:]] == [why] * 3
    assert added(sandbox) == 2


@pytest.mark.parametrize(("asked", "seconds"), [(7, 7), ("absent", None), ("315360000", 3600), ("soon", None)])
def test_too_many_requests(sandbox, client, asked, seconds):
    sandbox.control.fault("429", retry_after=asked)
    assert send(client, lead()) == [NotAccepted(RetryReason.RATE_LIMITED, "Too Many Attempts.", seconds)]


def test_a_dated_retry_after(sandbox, client):
    sandbox.control.fault("429", retry_after="date", seconds=2000)
    [outcome] = send(client, lead())
    assert 1500 < outcome.retry_after <= 2000


def test_a_retry_after_in_the_body(sandbox, client):
    sandbox.control.fault("429", retry_after="absent", body_retry_after=9)
    assert send(client, lead())[0].retry_after == 9


def test_the_services_count_of_requests_is_seen(sandbox, client):
    sandbox.control.settings(rate_limit=3, rate_window=600)
    outcomes = send(client, *map(lead, range(4)))
    assert [type(outcome) for outcome in outcomes] == [Created] * 3 + [NotAccepted]
    assert 1 <= outcomes[-1].retry_after <= 600
    assert (client.rate_limit.limit, client.rate_limit.remaining) == (3, 0)
    assert client.rate_limit.reset.isdecimal()


# What may or may not have happened


@pytest.mark.parametrize(("fault", "doubt", "was_added"), [
    ("500_before", UnknownReason.SERVER_ERROR, 0),
    ("500_after", UnknownReason.SERVER_ERROR, 1),
    ("maintenance", UnknownReason.SERVER_ERROR, 0),
    ("reset_before", UnknownReason.RESET, 0),
    ("reset_after", UnknownReason.RESET, 1),
    ("close_before", UnknownReason.RESET, 0),
    ("close_after", UnknownReason.RESET, 1),
    ("half", UnknownReason.RESET, 1),
    ("hang", UnknownReason.TIMEOUT, 0),
    ("hang_after", UnknownReason.TIMEOUT, 1),
    ("slow", UnknownReason.TIMEOUT, 1),
    ("drip", UnknownReason.TIMEOUT, 1),
    ("redirect", UnknownReason.REDIRECT, 0),
])  # fmt: skip
def test_a_lost_answer_is_unknown(sandbox, client, hurried, fault, doubt, was_added):
    sandbox.control.fault(fault)
    [outcome] = send(hurried if doubt is UnknownReason.TIMEOUT else client, lead())
    assert isinstance(outcome, Unknown) and outcome.reason is doubt
    wait_until(sandbox.ledger.posts)  # a service that is busy may take it up only after who sent it has left
    assert added(sandbox) == was_added
    assert len(sandbox.ledger.posts()) == 1


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_never_a_created_lead(sandbox, client, kind, accepted):
    sandbox.control.fault("garbage", kind=kind, accepted=accepted)
    [outcome] = send(client, lead())
    assert isinstance(outcome, Unknown) and outcome.reason is UnknownReason.MALFORMED
    assert added(sandbox) == accepted


def test_a_late_acceptance_happens_after_we_have_left(sandbox, hurried):
    sandbox.control.fault("late_accept", seconds=4)
    [outcome] = send(hurried, lead())
    assert outcome.reason is UnknownReason.TIMEOUT
    assert added(sandbox) == 0
    sandbox.control.wait_for(lambda state: state["leads"].get(str(CAMPAIGN)) == 1)
    assert added(sandbox) == 1


def test_a_slow_drip_ends_at_the_total_deadline(sandbox):
    sandbox.control.fault("drip", seconds=0.05)
    patient_reader = WhatTalkClient(sandbox.base_url, sandbox.api_key, allow_local=True, limits=Limits(read=30, total=0.7))
    began = time.monotonic()
    [outcome] = send(patient_reader, lead())
    assert outcome.reason is UnknownReason.TIMEOUT  # the answer goes on for longer, and would be read to its end
    assert time.monotonic() - began > 0.6


def test_a_post_on_a_connection_found_dead_is_not_repeated(sandbox, client):
    """The second POST goes out on the connection of the first, which the service closes without a word."""
    sandbox.control.fault("close_before", at=2, times=1)
    first, second = send(client, lead(1), lead(2))
    assert isinstance(first, Created)
    assert isinstance(second, Unknown) and second.reason is UnknownReason.RESET
    posts = sandbox.ledger.posts()
    starts = [event for event in sandbox.ledger.events() if event["event"] == "start"]
    assert len(posts) == 2 and starts[0]["conn"] == starts[1]["conn"]


def test_a_redirect_is_not_followed(sandbox, client):
    sandbox.control.fault("redirect", status=307, location=f"{sandbox.base_url}/user/lead", times=1)
    [outcome] = send(client, lead())
    assert outcome.reason is UnknownReason.REDIRECT
    assert len(sandbox.ledger.posts()) == 1


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "deflate"])
def test_an_encoding_that_is_not_what_it_says_is_unknown(sandbox, client, encoding):
    body = {"data": {"id": 1}}
    sandbox.control.fault("answer", body=body, headers={"Content-Encoding": encoding}, accepted=True)
    [outcome] = send(client, lead())
    assert outcome.reason is UnknownReason.MALFORMED


def test_an_answer_packed_without_being_asked_is_read(sandbox, client):
    sandbox.control.fault("answer", body={"data": {"id": 77}}, packed=True)
    assert send(client, lead()) == [Created("77")]


def test_headers_without_end_are_unknown(sandbox, client):
    sandbox.control.fault("answer", body={"data": {"id": 1}}, headers={"X-Long": "x" * 20_000})
    [outcome] = send(client, lead())
    assert isinstance(outcome, Unknown)


# What never left


def test_nobody_listens(sandbox):
    [outcome] = send(WhatTalkClient("http://127.0.0.1:9/api", "key", allow_local=True), lead())
    assert outcome == NotAccepted(RetryReason.NOT_SENT, "no connection")


def test_no_such_host():
    [outcome] = send(WhatTalkClient("https://no-such-host.invalid/api", "key"), lead())
    assert outcome == NotAccepted(RetryReason.NOT_SENT, "the host name cannot be found")


def test_a_lead_past_its_moment_is_not_sent(sandbox, client):
    [outcome] = send(client, lead(), not_after=time.monotonic() - 0.001)
    assert outcome == NotAccepted(RetryReason.NOT_SENT, "too late to send")
    assert sandbox.ledger.posts() == []


def test_a_process_frozen_between_connecting_and_writing_sends_nothing(sandbox, client, monkeypatch):
    """It is connected in time and wakes up too late."""
    connected = ClientRequest.send

    async def freeze(request, conn):
        answer = await connected(request, conn)
        time.sleep(0.3)
        return answer

    monkeypatch.setattr(ClientRequest, "send", freeze)
    [outcome] = send(client, lead(), not_after=time.monotonic() + 0.2)
    assert outcome == NotAccepted(RetryReason.NOT_SENT, "too late to send")
    assert sandbox.ledger.posts() == []


def test_a_lead_before_its_moment_is_sent(client):
    [outcome] = send(client, lead(), not_after=time.monotonic() + 60)
    assert isinstance(outcome, Created)


def test_each_of_many_at_once_keeps_its_own_moment(sandbox, client):
    async def sending():
        async with client:
            moments = [time.monotonic() + (60 if number % 2 else -1) for number in range(40)]
            return await asyncio.gather(
                *(client.create_lead(lead(number), not_after=moment) for number, moment in enumerate(moments))
            )

    outcomes = run(sending())
    assert [type(outcome) for outcome in outcomes] == [NotAccepted, Created] * 20
    assert added(sandbox) == 20


# The key


def test_the_key_is_shown_nowhere(sandbox):
    key = "canary|0123456789"
    client = WhatTalkClient(sandbox.base_url, key, allow_local=True)
    sandbox.control.fault("answer", status=422, body={"message": f"Bad request with Bearer {key}"})
    [outcome] = send(client, lead())
    assert outcome.message == "Bad request with Bearer ***"
    assert key not in repr(client) + repr(outcome)


def test_the_key_travels_verbatim(sandbox):
    sandbox.control.settings(api_key="12|a+b/c=%7C~")
    [outcome] = send(WhatTalkClient(sandbox.base_url, "12|a+b/c=%7C~", allow_local=True), lead())
    assert isinstance(outcome, Created)


@pytest.mark.parametrize("key", ["a\r\nX: y", "anahtarım", "\x00"])
def test_a_key_that_is_none_is_not_sent(sandbox, key):
    with pytest.raises(ValueError, match="ASCII"):
        send(WhatTalkClient(sandbox.base_url, key, allow_local=True), lead())


def test_environment_proxies_are_not_asked(client, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert isinstance(send(client, lead())[0], Created)


@pytest.mark.parametrize("kind", ["gzip_bomb", "huge"])
def test_memory_stays_flat_under_bombs(sandbox, client, kind):
    sandbox.control.fault("garbage", kind=kind)
    tracemalloc.start()
    try:
        send(client, *map(lead, range(5)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000
