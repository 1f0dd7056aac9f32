"""The watcher itself: whatever must not be on a page is noticed."""

import time

import pytest

from tests.processes import PATIENCE

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("script", "noticed"),
    [
        (
            "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">'); document.body.style.color",
            "policy violated: style-src-attr by inline",
        ),
        (
            "document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))",
            "policy violated: script-src-elem by inline",
        ),
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "policy violated: connect-src by http://127.0.0.1:9/"),
        ("console.error('out of tune')", "console: out of tune"),
        ("setTimeout(() => { throw new Error('unforeseen') })", "script: unforeseen"),
        ("window.open('http://127.0.0.1:9/elsewhere')", "request to http://127.0.0.1:9/elsewhere"),
    ],
)
def test_what_must_not_be_is_noticed(watched, script, noticed):
    window = watched()
    window.page.goto("/sign-in/")
    window.page.evaluate(f"() => {{ {script} }}")
    deadline = time.monotonic() + PATIENCE
    while not any(noticed in problem for problem in window.wrong) and time.monotonic() < deadline:
        window.page.wait_for_timeout(50)
    window.context.close()  # what else it would say of this comes too late to be taken for an error of the test
    wrong, window.wrong = window.wrong, []
    assert any(noticed in problem for problem in wrong), wrong


def test_a_page_in_order_gives_no_cause(watched):
    window = watched()
    window.page.goto("/sign-in/")
    assert window.wrong == []
