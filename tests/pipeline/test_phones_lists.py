"""Lists that look made up, or are not what they should be."""
import random

from imports.pipeline.phones import PhoneList

RNG = random.Random(8)
ORDINARY = [f"+90532{RNG.randrange(10**7):07}" for _ in range(3_000)]


def warnings_of(numbers, home_region="TR", chunk=500):
    listed = PhoneList(home_region)
    for start in range(0, len(numbers), chunk):
        listed.feed(numbers[start:start + chunk])
    return {reason.code: reason.params for reason in listed.warnings()}


def test_an_ordinary_list_needs_no_words():
    assert warnings_of(ORDINARY) == {}
    assert warnings_of([]) == {}


def test_numbers_that_follow_one_another_look_generated():
    run = [f"+90532{1_000_000 + step}" for step in range(250)]
    assert warnings_of(ORDINARY + run + ORDINARY) == {"phone_list_sequential": {"count": 250}}
    assert warnings_of(ORDINARY + run[:249] + ORDINARY) == {}


def test_one_number_again_and_again_is_noticed():
    found = warnings_of([number for number in ORDINARY for number in (number, "+905320000001")][:2_000])
    assert found == {"phone_list_repeated": {"count": found["phone_list_repeated"]["count"]}}
    assert 900 <= found["phone_list_repeated"]["count"] <= 1_000
    assert warnings_of(ORDINARY + ["+905320000001"] * 24) == {}


def test_fixed_lines_and_foreign_numbers_are_counted():
    fixed = [f"+90212{RNG.randrange(10**7):07}" for _ in range(4_000)]
    assert warnings_of(ORDINARY + fixed) == {"phone_list_fixed_lines": {"percent": 57}}
    foreign = [f"+49170{RNG.randrange(10**7):07}" for _ in range(4_000)]
    assert warnings_of(ORDINARY + foreign) == {"phone_list_foreign": {"percent": 57, "region": "TR"}}
    assert warnings_of(ORDINARY + foreign, home_region=None) == {}


def test_a_few_numbers_prove_nothing():
    assert warnings_of(["+902125551234", "+491701234567"]) == {}


def test_memory_does_not_grow_with_the_list():
    listed = PhoneList("TR")
    for start in range(0, 200_000, 2_000):
        listed.feed(f"+90532{(start + step) * 37 % 10**7:07}" for step in range(2_000))
    assert listed.total == 200_000
    assert len(listed._followed) <= 64
