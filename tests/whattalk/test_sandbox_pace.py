"""Leads are called step by step, and every run of a lead is the same."""

from campaigns.whattalk.sandbox.pace import Pace, fate
from campaigns.whattalk.sandbox.settings import Settings
from campaigns.whattalk.sandbox.world import World


def a_world(leads: int) -> World:
    world = World(lambda *event, **what: None, now=lambda: 0.0)
    world.seed()
    world.add_campaign(id=7, name="Test", assistant_id=501, status="in-progress", max_calls_in_parallel=3, max_retries=1)
    for n in range(leads):
        world.add_lead(0, 7, f"+90555{n:07}", {}, [])
    return world


def test_a_campaign_calls_no_more_leads_at_once_than_it_allows():
    world = a_world(20)
    pace = Pace(world, Settings())
    for _ in range(10):
        pace.step()
        assert len(world.queue(7, "processing")) <= 3


def test_every_lead_ends_as_its_id_says_and_the_campaign_is_completed():
    world, settings = a_world(20), Settings(balance=10, call_cost=0.01)
    pace = Pace(world, settings)
    for _ in range(200):
        pace.step()
    leads = list(world.by_campaign[7].values())
    assert {fate(lead) for lead in leads} == {"reached", "second", "never"}
    assert all((lead.status == "completed") == (fate(lead) != "never") for lead in leads)
    assert world.campaigns[7].status == "completed" and settings.balance < 10
