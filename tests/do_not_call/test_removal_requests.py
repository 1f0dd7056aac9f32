"""What is asked of WhatTalk to take a number out of a campaign, request by request."""

import asyncio
from typing import Any

import pytest

from campaigns.whattalk import resources
from campaigns.whattalk.errors import Invalid, KeyRejected, NotFound, RateLimited, Unreachable
from campaigns.whattalk.replies import Created, Duplicate, Refused, Unknown, UnknownReason
from imports.do_not_call import removal_requests
from imports.do_not_call.removal_requests import Known, Task, Undecided, act, begun, look, unasked
from tests.builders import phone

LISTED, OTHER, PRIMARY = phone(1), phone(2), phone(3)


class Service:
    """Answers as the test says, and notes what it was asked. It lists `leads`, on each of `pages` pages."""

    def __init__(self, leads: list[dict] | None = None, pages: int = 1, **answers: Any) -> None:
        self.leads, self.pages, self.answers, self.asked = leads or [], pages, answers, []

    def _answer(self, name: str, *about: Any) -> Any:
        self.asked.append((name, *about))
        answer = self.answers.get(name)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def lead_pages(self, campaign_id: str | None, phone_number: str):
        self._answer("find", phone_number)
        for page in range(1, self.pages + 1):
            yield resources.LeadPage([resources.Lead.of(one) for one in self.leads], page, self.pages, None)

    async def delete_lead(self, id: str) -> bool:
        return self._answer("delete", id)

    async def update_lead(self, id: str, **changes: Any) -> None:
        self._answer("update", id, changes)

    async def create_lead(self, json: dict) -> Any:
        return self._answer("create", json)


def contacts(*numbers: str) -> list[dict]:
    return [{"phone_number": number, "variables": {"name": "Can"}} for number in numbers]


def listed(id: str = "7", number: str = PRIMARY, status: str = "created", **more: Any) -> dict:
    return {"id": id, "phone_number": number, "status": status, "campaign_id": 1050, "variables": {"name": "Ece"}, **more}


def task(
    leads: dict | None = None, known: dict | None = None, campaign: str | None = "1050", refused: tuple[str, ...] = ()
) -> Task:
    return Task(LISTED, campaign, leads or {}, known or {}, frozenset({LISTED, *refused}))


def looked(service: Service, what: Task) -> dict:
    found = asyncio.run(look(service, what))
    assert found.error is None and found.elsewhere == {}
    return found.leads


def acted(service: Service, leads: dict) -> removal_requests.Acted:
    return asyncio.run(act(service, task(leads)))


@pytest.mark.parametrize(
    ("lead", "stands"),
    [
        (listed(number=LISTED), {"at": "deleting"}),
        (listed(number="+90 (555) 000 00 01", status="rescheduled"), {"at": "deleting"}),
        (listed(number=LISTED, status="completed"), {"at": "ended", "status": "completed"}),
        (listed(number=LISTED, status="blacklisted"), {"at": "ended", "status": "blacklisted"}),
        (listed(secondary_contacts=contacts(LISTED), status="processing"), {"at": "deleting", "whole": True}),
        (listed(secondary_contacts=contacts(LISTED), call_tries=1), {"at": "deleting", "whole": True}),
        (listed(secondary_contacts=contacts(LISTED), status="a new word"), {"at": "deleting", "whole": True}),
    ],
)
def test_what_is_done_with_a_lead_that_would_call_the_number(lead, stands):
    assert looked(Service([lead]), task()) == {"7": stands}


def test_a_lead_that_nobody_was_called_for_is_made_anew_without_any_contact_that_is_refused():
    lead = listed(secondary_contacts=[*contacts(OTHER, LISTED, phone(9)), "odd", {"phone_number": phone(8), "variables": []}])
    assert looked(Service([lead]), task(refused=(OTHER,))) == {
        "7": {
            "at": "parting",
            "lead": {
                "phone_number": PRIMARY, "campaign_id": 1050, "variables": {"name": "Ece"},
                "secondary_contacts": [*contacts(phone(9)), {"phone_number": phone(8), "variables": {}}],
            },
        }
    }  # fmt: skip


def test_a_lead_whose_primary_number_is_refused_as_well_is_not_made_anew():
    lead = listed(number=OTHER, secondary_contacts=contacts(LISTED))
    assert looked(Service([lead]), task(refused=(OTHER,))) == {"7": {"at": "deleting"}}


def test_what_the_service_does_not_tell_is_as_we_know_it():
    known = {"7": Known(PRIMARY, "created", False, {"name": "Ada"}, contacts(LISTED, OTHER))}
    bare = {"id": "7", "phone_number": PRIMARY, "status": "scheduled"}
    service = Service([bare])
    stands = looked(service, task({"7": {}}, known))["7"]
    assert stands["lead"]["variables"] == {"name": "Ada"} and stands["lead"]["secondary_contacts"] == contacts(OTHER)
    assert service.asked == [("find", LISTED), ("find", LISTED.removeprefix("+90")), ("find", PRIMARY)]
    called = {"7": known["7"]._replace(called=True)}  # as its webhook has told
    assert looked(Service([bare]), task({"7": {}}, called)) == {"7": {"at": "deleting", "whole": True}}
    called = {"7": known["7"]._replace(called=True, status="")}
    assert looked(Service(), task({"7": {}}, called)) == {"7": {"at": "deleting", "whole": True}}


@pytest.mark.parametrize(
    ("stands", "lead", "expected"),
    [
        ({}, None, {"at": "deleting"}),  # lists may lag: a deletion tells
        ({"missing": True, "at": "deleting"}, None, {"at": "gone"}),
        ({"missing": True, "at": "deleting"}, listed(), {"at": "deleting", "missing": True}),
        ({"at": "making", "lead": {}}, None, {"at": "making", "lead": {}}),
        ({"missing": True, "at": "making"}, None, {"at": "making"}),  # we have deleted it ourselves
        # Nothing has been asked for yet, and meanwhile WhatTalk has begun to call, or has ended, or somebody has changed the lead.
        (
            {"at": "parting", "begun": False},
            listed(status="processing", secondary_contacts=contacts(LISTED)),
            {"at": "deleting", "whole": True},
        ),
        ({"at": "parting", "begun": False}, listed(status="completed"), {"at": "ended", "status": "completed"}),
        ({"at": "deleting", "begun": False}, listed(secondary_contacts=[]), {"at": "gone"}),
        (
            {"at": "parting", "begun": True, "tried": False},
            listed(status="processing", secondary_contacts=contacts(LISTED)),
            {"at": "deleting", "whole": True, "begun": True},
        ),
        ({"at": "parting", "begun": True}, listed(status="completed"), {"at": "ended"}),
        ({"holds": True}, listed(), {"at": "parting", "holds": True}),
        ({"at": "parting", "begun": False, "holds": True}, listed(), {"at": "parting", "holds": True}),
        ({"at": "parting", "begun": True, "holds": True}, listed(status="processing"), {"at": "deleting", "whole": True}),
        ({"at": "parting", "begun": True}, listed(secondary_contacts=contacts(LISTED)), {"at": "parting", "begun": True}),
        ({"at": "deleting", "begun": True}, listed(secondary_contacts=[]), {"at": "deleting", "begun": True}),
        ({"at": "parting", "begun": False, "lead": {"x": 1}}, None, {"at": "parting", "lead": {"x": 1}}),
        ({}, listed(secondary_contacts=contacts(OTHER)), {"at": "gone"}),  # somebody has taken the contact out
        ({}, listed(), {"at": "gone"}),
        ({"holds": True}, listed(), {"at": "parting"}),  # the service does not tell of contacts
        ({"holds": True}, listed(secondary_contacts=[]), {"at": "gone"}),
    ],
)
def test_a_lead_that_stands_somewhere_already(stands, lead, expected):
    known = {"7": Known(PRIMARY, "created", False, {}, [])} if lead else {}
    found = looked(Service([lead] if lead else []), task({"7": stands}, known))["7"]
    assert {key: found.get(key) for key in expected} == expected


def test_other_numbers_other_campaigns_and_leads_without_an_id_are_left_alone():
    leads = [listed(number=OTHER), listed(number=LISTED) | {"campaign_id": 1051}, listed(number=LISTED) | {"id": None}]
    assert looked(Service(leads), task()) == {}


def test_a_service_that_ignores_the_number_is_not_read_to_its_end():
    async def pages_read(service: Service) -> int:
        read = []
        pages = service.lead_pages

        async def counted(**asked):
            async for page in pages(**asked):
                read.append(page.page)
                yield page

        service.lead_pages = counted
        await look(service, task())
        return len(read)

    assert asyncio.run(pages_read(Service([listed(number=OTHER)], pages=50))) == 2 * removal_requests.MOST_PAGES
    assert asyncio.run(pages_read(Service([listed(number=LISTED)], pages=9))) == 18


def test_a_search_through_the_account_sorts_leads_by_campaign():
    nameless = [listed("8", LISTED) | {"campaign_id": None}, listed("9", LISTED, "completed") | {"campaign_id": None}]
    found = asyncio.run(look(Service([listed(number=LISTED), *nameless]), task(campaign=None)))
    assert {campaign: [lead.remote_id for lead in leads] for campaign, leads in found.elsewhere.items()} == {"1050": ["7"]}
    assert found.leads == {"8": {"at": "deleting"}, "9": {"at": "ended", "status": "completed"}}


def test_a_look_that_fails_leaves_all_as_it_stood():
    error = RateLimited("slow down", 5)
    leads = {"7": {"at": "parting", "begun": True}}
    assert asyncio.run(look(Service(find=error), task(leads))) == removal_requests.Looked(leads, {}, error)


def test_what_a_task_costs():
    known = {id: Known(number, "created", False, {}, []) for id, number in (("7", PRIMARY), ("8", PRIMARY), ("9", OTHER))}
    assert removal_requests.requests_of_look(task({"7": {}, "8": {}, "10": {}}, known)) == 3
    leads = {"1": {}, "2": {"at": "deleting"}, "3": {"at": "gone"}, "4": {"at": "making"}, "5": {"at": "deleted"}}
    assert removal_requests.requests_of_act(leads) == 2


@pytest.mark.parametrize(
    ("stands", "is_there", "tried", "expected"),
    [
        ({"at": "deleting"}, True, False, {"at": "deleted"}),
        ({"at": "deleting", "whole": True}, True, False, {"at": "deleted_whole"}),
        ({"at": "deleting"}, False, False, {"at": "gone"}),
        ({"at": "deleting"}, False, True, {"at": "deleted"}),  # an earlier try did it
        ({"at": "parting", "lead": {"x": 1}}, True, False, {"at": "making", "lead": {"x": 1}}),
        ({"at": "parting", "lead": {"x": 1}}, False, True, {"at": "making", "lead": {"x": 1}}),
        ({"at": "parting", "lead": {"x": 1}}, False, False, {"at": "gone"}),  # somebody else did: it is not made again
    ],
)
def test_a_deletion_tells_what_became_of_the_lead(stands, is_there, tried, expected):
    leads = begun({"7": stands | ({"begun": True} if tried else {})})
    assert acted(Service(delete=is_there), leads) == removal_requests.Acted({"7": expected})


def test_what_cannot_be_deleted_is_ended():
    service = Service(delete=Invalid("It is being called."))
    assert acted(service, begun({"7": {"at": "deleting"}})).leads == {"7": {"at": "stopped"}}
    assert service.asked[-1] == ("update", "7", {"status": removal_requests.STOPPING})


LEAD = {"phone_number": PRIMARY, "campaign_id": 1050, "variables": {}, "secondary_contacts": []}


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Created("8"), {"at": "made", "id": "8", "lead": LEAD}),
        (Duplicate("It is there."), {"at": "not_made", "said": "It is there."}),
        (Refused("validation", "No."), {"at": "not_made", "said": "No."}),
    ],
)
def test_a_lead_is_made_anew_or_the_service_says_why_not(outcome, expected):
    service = Service(create=outcome)
    assert acted(service, begun({"7": {"at": "making", "lead": LEAD}})).leads == {"7": expected}
    assert service.asked == [("create", LEAD)]


def test_after_a_lost_answer_a_lead_is_looked_for_before_it_is_made():
    tried = begun(begun({"7": {"at": "making", "lead": LEAD}}))
    service = Service([listed("8")])
    assert acted(service, tried).leads == {"7": {"at": "made", "id": "8", "lead": LEAD}} and service.asked == [("find", PRIMARY)]
    service = Service(create=Created("9"))
    assert acted(service, tried).leads["7"]["id"] == "9" and len(service.asked) == 2


@pytest.mark.parametrize(
    ("error", "doubtful"),
    [
        (Unreachable("gone", sent=True), True),
        (Unreachable("never", sent=False), False),
        (RateLimited("wait", 1), False),
        (KeyRejected(), False),
    ],
)
def test_an_error_ends_it_and_only_what_may_have_been_done_stays_in_doubt(error, doubtful):
    leads = begun(
        {
            "6": {"at": "gone"},
            "7": {"at": "parting", "lead": LEAD},
            "8": {"at": "deleting"},
            "9": {"at": "deleting", "begun": True},
        }
    )
    result = acted(Service(delete=error), leads)
    assert result.error is error
    assert {id: stands.get("begun") for id, stands in result.leads.items()} == {"6": None, "7": doubtful, "8": False, "9": True}
    assert {id: stands["at"] for id, stands in result.leads.items()} == {id: stands["at"] for id, stands in leads.items()}


def test_what_was_done_before_an_error_holds():
    class Half(Service):
        async def delete_lead(self, id: str) -> bool:
            if id == "8":
                raise NotFound("never heard of it")
            return True

    result = acted(
        Half(update=NotFound("never heard of it")),
        begun({"7": {"at": "deleting"}, "8": {"at": "deleting"}, "9": {"at": "deleting"}}),
    )
    assert result.leads["7"] == {"at": "deleted"} and result.leads["9"]["begun"] is False
    assert (result.leads["8"]["missing"], result.leads["8"]["begun"]) == (True, False)


@pytest.mark.parametrize(
    ("outcome", "doubtful"), [(Unknown(UnknownReason.MALFORMED, "?"), True), (Refused("validation", "No."), None)]
)
def test_an_answer_that_decides_nothing_is_an_error_that_passes(outcome, doubtful):
    result = acted(Service(create=outcome), begun({"7": {"at": "making", "lead": LEAD}}))
    assert isinstance(result.error, Undecided) == bool(doubtful) and result.leads["7"].get("begun") == doubtful
    assert result.error is None or result.error.retryable


def test_what_was_recorded_is_taken_back_where_nothing_left():
    leads = {"1": {}, "2": {"at": "deleting"}, "3": {"at": "parting", "begun": True}, "4": {"at": "made", "id": "9"}}
    taken_back = unasked(begun(leads))
    assert {id: stands.get("begun") for id, stands in taken_back.items()} == {"1": None, "2": False, "3": True, "4": None}
    assert unasked(leads) == leads  # of what never was recorded nothing is taken back


@pytest.mark.parametrize(
    ("stands", "half_done"),
    [
        ({}, False),
        ({"at": "deleting", "begun": False, "tried": False}, False),
        ({"at": "deleting", "begun": True}, True),
        ({"at": "making", "begun": False}, True),  # it is deleted: nobody would be called for it any more
        ({"at": "made", "id": "8"}, False),
    ],
)
def test_what_is_half_done_is_done_though_nobody_asks_for_it_any_more(stands, half_done):
    assert removal_requests.is_half_done({"6": {"at": "gone"}, "7": stands}) == half_done
