"""Tags that every page uses."""

import datetime as dt

import pytest
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from people.forms import SignInForm
from ui.outcome_bar import Segment


def rendered(text: str, path: str = "/", **context) -> str:
    request = RequestFactory().get(path)
    return Template("{% load page %}" + text).render(RequestContext(request, context)).strip()


def test_a_field_has_its_label_and_its_errors():
    form = SignInForm({"username": "", "password": "x"})
    text = rendered("{% field form.username %}{% errors form %}", form=form)
    assert "User name</label>" in text and 'id="id_username_error"' in text


@pytest.mark.parametrize(("path", "is_current"), [("/imports/7/", True), ("/", False)])
def test_the_menu_marks_where_one_is(path, is_current):
    assert ("aria-current" in rendered('{% here "/imports/" %}', path)) is is_current


def test_a_bar_has_a_label_for_readers_and_a_legend_where_wanted():
    segments = [Segment("sent", "reached", 3), Segment("waiting", "waiting", 1)]
    text = rendered('{% bar segments "" True %}', segments=segments)
    assert 'aria-label="3 reached, 1 waiting"' in text and text.count("<rect") == 2 and text.count("<li>") == 2


def test_pages_are_linked_with_the_filters_of_the_address():
    page = Paginator(range(100), 10).get_page(2)
    assert "q=a" in rendered("{% pager page %}", "/campaigns/?q=a", page=page)


@pytest.mark.parametrize(("label", "asks"), [("Who may call? ", True), ("Name", False)])
def test_a_question_is_recognised(label, asks):
    assert rendered("{{ label|is_question }}", label=label) == str(asks)


def test_percentages_and_icons():
    assert rendered("{% percent 62 %}") == "62%"
    assert 'class="icon icon-s"' in rendered('{% icon "circle-alert" "s" %}')


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "28 Nov 2026, 12:03"), ("tr", "28 Kas 2026, 12:03"), ("de", "28. Nov 2026, 12:03"), ("ar", "28 نوفمبر 2026، 12:03")],
)
def test_a_moment_is_written_as_in_the_language_of_the_page(language, written):
    moment = dt.datetime(2026, 11, 28, 12, 3, tzinfo=timezone.get_default_timezone())
    with translation.override(language):
        assert rendered("{{ moment|exact }}", moment=moment) == written
