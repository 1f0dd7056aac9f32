from django import template

from people import words

register = template.Library()
register.simple_tag(words.role_name)
register.filter("deed", words.deed)
register.filter("thing", words.thing)
register.filter("in_words", words.in_words)
