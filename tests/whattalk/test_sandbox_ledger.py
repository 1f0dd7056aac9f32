"""The sandbox's record of what happened, as it is written, cut short and read."""

import json
import stat
import time

import pytest

from campaigns.whattalk.sandbox.ledger import Ledger, LedgerWriter

from .conftest import CAMPAIGN

PHONE, OTHER = "+905550000001", "+905550000002"


class Recorder:
    """Writes a ledger as a sandbox does, and reads it."""

    def __init__(self, path):
        self.ledger = Ledger(path)
        self.writer = LedgerWriter(path)

    def start(self, n: int, phone: str = PHONE, campaign: int = CAMPAIGN) -> None:
        self.writer.write("start", n=n, operation="create_lead", phone=phone, campaign=campaign, block=True, ordinal=n)

    def lead(self, n: int, id: int, phone: str = PHONE) -> None:
        self.writer.write("lead", n=n, lead={"id": id, "campaign_id": CAMPAIGN, "phone_number": phone})

    def end(self, n: int, status: int | None = 200, **more) -> None:
        self.writer.write("end", n=n, status=status, **more)


@pytest.fixture
def recorder(tmp_path):
    made = Recorder(tmp_path / "ledger.jsonl")
    yield made
    made.writer.close()


def test_a_ledger_that_is_not_there_yet_is_empty(tmp_path):
    ledger = Ledger(str(tmp_path / "none"))
    assert (list(ledger.events()), list(ledger.all_events()), ledger.posts(), ledger.overlaps()) == ([], [], [], [])


def test_a_post_has_its_answer_its_lead_and_its_fault(recorder):
    recorder.start(1)
    recorder.lead(1, 90_001)
    recorder.end(1, 500, fault="500_after")
    recorder.start(2, OTHER)
    recorder.writer.write("start", n=3, operation="me", method="GET")
    recorder.end(3)
    answered, is_open = recorder.ledger.posts()
    assert (answered.n, answered.phone, answered.campaign, answered.block) == (1, PHONE, str(CAMPAIGN), True)
    assert (answered.status, answered.lead, answered.fault) == (500, "90001", "500_after")
    assert answered.started <= answered.ended <= is_open.started
    assert abs(answered.wall - time.time()) < 3600  # of this day, not of 1970
    assert (is_open.n, is_open.ended, is_open.status, is_open.lead) == (2, None, None, None)


def test_a_lead_that_came_late_belongs_to_its_request(recorder):
    recorder.start(1)
    recorder.end(1, None, why="gone")
    recorder.lead(1, 90_001)
    [post] = recorder.ledger.posts()
    assert (post.status, post.lead, post.ended is not None) == (None, "90001", True)


def test_leads_of_nobodys_request_are_not_accepted_and_deleted_ones_were(recorder):
    recorder.lead(0, 90_001)
    recorder.start(1)
    recorder.lead(1, 90_002)
    recorder.lead(1, 90_003, OTHER)
    recorder.writer.write("delete", n=2, id=90_002)
    assert recorder.ledger.accepted() == {(str(CAMPAIGN), PHONE): ["90002"], (str(CAMPAIGN), OTHER): ["90003"]}
    assert recorder.ledger.doubles() == {}
    recorder.lead(3, 90_004)
    assert recorder.ledger.doubles() == {(str(CAMPAIGN), PHONE): ["90002", "90004"]}


def numbers_of_overlaps(recorder: Recorder) -> list[tuple[int, int]]:
    return [(first.n, second.n) for first, second in recorder.ledger.overlaps()]


def test_open_requests_for_one_number_are_seen(recorder):
    recorder.start(1)
    recorder.start(2, OTHER)
    recorder.start(3, campaign=7)
    recorder.start(4)
    recorder.end(4)
    recorder.start(5)  # the first is open still
    assert numbers_of_overlaps(recorder) == [(1, 4), (1, 5)]
    recorder.end(1)
    recorder.end(5)
    recorder.start(6)
    assert numbers_of_overlaps(recorder) == [(1, 4), (1, 5)]


def test_a_request_is_over_with_the_process_that_held_it(recorder):
    recorder.start(1)
    recorder.writer.write("boot", version=1)
    recorder.start(2)
    assert numbers_of_overlaps(recorder) == []
    assert [post.status for post in recorder.ledger.posts()] == [None, None]


def test_a_reset_forgets_all_before_it(recorder):
    recorder.start(1)
    recorder.writer.write("reset")
    recorder.start(2)
    recorder.writer.write("reset")
    recorder.start(3)
    assert [post.n for post in recorder.ledger.posts()] == [3]
    assert [event["n"] for event in recorder.ledger.all_events() if event["event"] == "start"] == [1, 2, 3]


@pytest.mark.parametrize("half", ['{"event":"start","n":99', '{"event":"reset","wall":1'])
def test_a_line_without_its_end_is_not_there_and_the_next_process_takes_it_away(recorder, half):
    recorder.start(1)
    whole = recorder.ledger.path.read_bytes()
    with recorder.ledger.path.open("a") as file:
        file.write(half)
    assert [event["n"] for event in recorder.ledger.events()] == [1]
    LedgerWriter(recorder.ledger.path).close()
    assert recorder.ledger.path.read_bytes() == whole


def test_half_a_line_alone_and_one_longer_than_is_looked_at(tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_text('{"event":"boot"')
    LedgerWriter(path).close()
    assert path.read_bytes() == b""
    path.write_bytes(b'{"event":"boot"}\n' + b"x" * 1_500_000)
    LedgerWriter(path).close()
    assert path.read_bytes() == b'{"event":"boot"}\n'


def test_what_is_written_is_one_line_that_only_its_owner_reads(recorder):
    recorder.writer.write("lead", n=0, lead={"variables": {"name": "two\nlines", "city": "İzmir"}})
    [line] = recorder.ledger.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["lead"]["variables"] == {"name": "two\nlines", "city": "İzmir"}
    assert stat.S_IMODE(recorder.ledger.path.stat().st_mode) == 0o600
